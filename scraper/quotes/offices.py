"""Offices: where one starts, and how far what it is the office of reaches.

`Erste Vorsitzende des Vereins „Abendsonne“`, `Leiterin des Amts für Brand- und Zivilschutz`. Every
look ahead is bounded.
"""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.tokens import CAPITAL, LOWER, NUMBER, QUOTE, Tokens

_REACH = 14  # tokens an office may be long

_LEGAL_FORMS = frozenset({"eG", "eV", "gGmbH", "mbH"})
_ARTICLES = frozenset({"der", "die", "ein", "eine", "seine", "ihre", "sein", "ihr"})
_NUMERALS = frozenset({"zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn"})


def role_start(tokens: Tokens, head: int) -> int:
    """First token of the office itself: `Erster`, `stellvertretende`, `1 .` belong to it."""
    index = head
    while index > 0 and head - index < 3:
        word, kind = tokens.words[index - 1], tokens.kinds[index - 1]
        if (
            kind in {CAPITAL, LOWER}
            and lexicon.is_role_adjective(word)
            and not (kind == LOWER and word.endswith(("en", "em")))
        ):
            index -= 1
        elif (word == "und" and _is_second_office(tokens, index)) or (
            word == "." and tokens.kinds[index - 2] == NUMBER and len(tokens.words[index - 2]) == 1
        ):
            index -= 2
        else:
            break
    return _list_start(tokens, index)


def _list_start(tokens: Tokens, head: int) -> int:
    """First of the parts that share the end of an office: `Bau-, Verkehrs- und Sportdirektor`."""
    index = head
    while index > 1 and head - index < 8:
        if tokens.words[index - 1] not in {"und", ",", "/", "&"}:
            break
        if tokens.kinds[index - 2] != CAPITAL or not tokens.words[index - 2].endswith("-"):
            break
        index -= 2
    return index


def _is_second_office(tokens: Tokens, index: int) -> bool:
    """`Bürgermeisterin und Kämmerin Moll` is one woman with two offices."""
    first, second = tokens.words[index - 2], tokens.words[index]
    return bool(
        tokens.kinds[index - 2] == CAPITAL
        and lexicon.office_key(first)
        and lexicon.first_name_gender(tokens.words[index - 3]) is None  # `Udo Prinz und Rektor`
        and lexicon.office_key(second)
        and lexicon.office_gender(first) == lexicon.office_gender(second)
        and tokens.words[index - 3].lower() not in lexicon.DETERMINERS - {"der", "die"}
    )


def complement_end(tokens: Tokens, at: int, links: frozenset[str]) -> int:
    """Token behind what an office is the office of: `des Amts für Brand- und Zivilschutz`."""
    index = at
    while index < at + _REACH:
        step = _step(tokens, index, at, links)
        if not step:
            break
        index += step
    return index


def _step(tokens: Tokens, index: int, at: int, links: frozenset[str]) -> int:
    """How many tokens at `index` still belong to an office whose complement starts at `at`."""
    word, kind = tokens.words[index], tokens.kinds[index]
    if kind == CAPITAL:
        return int(word.lower() not in lexicon.TIMES and word not in lexicon.TITLES)
    if kind == LOWER and (end := _link(tokens, index, at, links)):
        return end - index
    if word == "und":
        return 2 if "mit" in links and _is_second_role(tokens, index) else 0
    if index == at:
        return 0
    if kind == QUOTE:
        return int(tokens.kinds[index - 1] == CAPITAL and _is_short_name(tokens, index))
    if kind == NUMBER:
        return int(tokens.words[index + 1] in {",", ".", ")"})  # `Trainerin der U 15`
    if word == "e":
        return 4 if tokens.words[index + 1 : index + 4] == [".", "V", "."] else 0
    return _mark_step(tokens, index)


def _mark_step(tokens: Tokens, index: int) -> int:
    word = tokens.words[index]
    if word in _LEGAL_FORMS:
        return 1
    if word == ".":
        return int(tokens.words[index - 1] in {"St", "Co"})
    if word == "(":
        return 3 if _is_place(tokens, index) else 0
    if word in {"&", "/"}:
        return int(tokens.kinds[index + 1] == CAPITAL)
    return int(word == "," and _is_list(tokens, index))


def _is_second_role(tokens: Tokens, index: int) -> bool:
    """`Gründerin und Leiterin des Chors` behind a name: the second office is hers too."""
    after = tokens.words[index + 2]
    return (
        tokens.kinds[index + 1] == CAPITAL
        and lexicon.office_key(tokens.words[index + 1]) is not None
        and (after in {"des", "der", "von", "vom", "für"} or after in {",", ".", ")", ""})
    )


def _is_place(tokens: Tokens, index: int) -> bool:
    """`der Stadt Halle (Saale)`, not `der Grünen (Grüne)` or a name with a party."""
    inner = tokens.words[index + 1]
    return (
        tokens.words[index + 2] == ")"
        and tokens.kinds[index + 1] == CAPITAL
        and not inner.isupper()
        and inner not in lexicon.NOT_NAMES
        and lexicon.office_key(inner) is None
        and tokens.words[index + 3] == ","
    )


def _link(tokens: Tokens, index: int, at: int, links: frozenset[str]) -> int | None:
    """Token of the noun that a link word and its adjectives lead to."""
    word = tokens.words[index]
    joins = word == "und" and index > at and tokens.kinds[index - 1] == CAPITAL
    if not (joins or (word != "und" and word in links)):
        return None
    step = index + 1
    while step < index + 5 and tokens.kinds[step] == LOWER:
        if not _is_inner(tokens.words[step]):
            return None
        step += 1
    if tokens.kinds[step] == QUOTE and step == index + 1 and word in {"des", "der"}:
        return step + 1 if _is_short_name(tokens, step) else None  # `Wirtin des „Hirschen“`
    if tokens.kinds[step] not in {CAPITAL, NUMBER} or tokens.words[step].lower() in lexicon.TIMES:
        return None
    if joins and lexicon.office_key(tokens.words[step]) and step + 1 < len(tokens.words):
        # `Leiter der Bücherei und Bürgermeister Moll`: somebody else.
        return None
    return step + 1


def _is_inner(word: str) -> bool:
    """Whether a word in lower case can stand between a link word and its noun."""
    if word in lexicon.LINKS or word in _NUMERALS:
        return word not in lexicon.SPEECH_VERBS
    adjective = len(word) > 3 and word.endswith(("en", "er", "e", "es"))
    return adjective and word not in lexicon.SPEECH_VERBS


def _is_short_name(tokens: Tokens, index: int) -> bool:
    number = tokens.quote_tokens.index(index) if len(tokens.quote_tokens) < 64 else -1
    return number >= 0 and len(tokens.quoted(number).split()) <= 6


def _is_list(tokens: Tokens, index: int) -> bool:
    """`für Schule, Jugend und Sport`: the comma belongs to a list that ends with `und`."""
    step = index
    while tokens.words[step] == "," and tokens.kinds[step + 1] == CAPITAL and step < index + 8:
        if lexicon.first_name_gender(tokens.words[step + 1]):
            return False
        step += 2
    if tokens.words[step] != "und" or tokens.kinds[step + 1] != CAPITAL:
        return False
    return not any(
        lexicon.office_key(tokens.words[k])
        for k in range(index + 1, min(step + 2, len(tokens.words)))
        if tokens.kinds[k] == CAPITAL
    )


def genitive_end(tokens: Tokens, at: int, after: int) -> int:
    """End of an office without a name: only a genitive (or `von …`) surely belongs to it."""
    if at >= after or tokens.words[at] not in {"der", "des", "von", "vom", "für", "eines", "einer"}:
        return at
    return complement_end(tokens, at, frozenset({"der", "des", "von", "vom", "für"}))


def origin_end(tokens: Tokens, at: int) -> int:
    """Token behind `aus Werden`, `aus der Nachbarschaft`: where somebody unknown comes from."""
    if tokens.words[at] != "aus":
        return at
    noun = at + 1 + (tokens.words[at + 1] in {"der", "dem"})
    named = tokens.kinds[noun] == CAPITAL and tokens.words[noun].lower() not in lexicon.TIMES
    return noun + 1 if named else at


def read_role(tokens: Tokens, at: int) -> tuple[str, str, int] | None:
    """Text, dictionary form and end of the office that starts at `at`, an article skipped."""
    index = at + (tokens.words[at].lower() in _ARTICLES)
    first: int | None = None
    while index < at + 8:
        word, kind = tokens.words[index], tokens.kinds[index]
        key = lexicon.office_key(word) if kind == CAPITAL and not word.endswith("-") else None
        if key in lexicon.GENERIC:
            return None
        if key:
            end = complement_end(tokens, index + 1, lexicon.LINKS)
            return tokens.slice(index if first is None else first, end), key, end
        width, belongs = _before_office(tokens, index)
        if not width:
            return None
        if belongs and first is None:
            first = index
        index += width
    return None


def _before_office(tokens: Tokens, index: int) -> tuple[int, bool]:
    """How many tokens may stand before an office, and whether they are part of it.

    `Schul-` (`und`), `1.`, `stellvertretende` are, another adjective (`neue`) is not; 0 for what
    cannot stand there.
    """
    word, kind = tokens.words[index], tokens.kinds[index]
    if kind == CAPITAL and word.endswith("-"):
        return 1 + (tokens.words[index + 1] in {"und", ",", "/", "&"}), True
    if kind == NUMBER and tokens.words[index + 1] == ".":
        return 2, True
    if lexicon.is_role_adjective(word):
        return 1, True
    plain = kind == LOWER and word.endswith(("e", "er", "en"))
    return int(plain and not lexicon.is_function_word(word)), False
