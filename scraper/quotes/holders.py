"""Who holds an office: the name that follows it, at once or behind what it is the office of.

`Amtsleiterin Stadtgrün Anna Moll`, `die Leiterin des Jugendamts, Anna Moll, gibt …`.
"""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.lexicon import is_name_word
from scraper.quotes.names import read_name, skip_titles
from scraper.quotes.offices import complement_end, origin_end
from scraper.quotes.tokens import CAPITAL, LOWER, QUOTE, Tokens

PRE_LINKS = frozenset({"der", "des", "von", "vom", "für", "im"})
"""Words that tie an office to its complement when the name still follows."""
_CANDIDATES = ("kandidat", "kandidatin", "beauftragte", "beauftragter")
# who is what they are to somebody who may be named behind
_FOLLOWERS = tuple(
    word + ending
    for word in "nachfolger vorgänger stellvertreter assistent referent mitarbeiter".split()
    for ending in ("", "in")
)
# `Präsidentin i. R. Anna Moll`
_RETIRED = (["i", ".", "R", "."], ["a", ".", "D", "."])
# Particles that tie nothing to an office, as `von` does: `Förster van der Meer`
_FOREIGN = frozenset("van de di da del della el al ter ten".split())


def name_behind(tokens: Tokens, head: int, after: int) -> tuple[int, int, bool, int] | None:
    """The name that follows an office: first token, token behind, has a first name, end of role."""
    behind = tokens.words[head + 1]
    short = behind in lexicon.SHORT_OFFICES
    at = head + 2 + (short and tokens.words[head + 2] == ".")
    if behind in {"Professor", "Professorin"} or (short and tokens.kinds[at] == CAPITAL):
        # `Narrenmeister Professor Jan Moll`, `Bildungsreferent LR Jan Moll`: taken for a title
        found = read_name(tokens, at, evidence=True)
        return (at, found[1], found[2], head + 1) if found else None
    if tokens.words[head + 1 : head + 5] in _RETIRED:
        found = read_name(tokens, head + 5, evidence=True)
        return (head + 5, found[1], found[2], head + 5) if found else None
    if _is_another(tokens, head) or _is_others(tokens, head):
        return None
    direct = read_name(tokens, head + 1, evidence=True)
    if not _is_tied(tokens, head, direct):
        if direct:
            return _direct(tokens, head + 1, direct)
        if further := _behind_subject(tokens, head):
            return further
    return (
        _linked(tokens, head, after)
        or _trailing_name(tokens, head, after)
        or _candidate(tokens, head)
        or _name_behind_comma(tokens, after)
        or _name_behind_comma(tokens, complement_end(tokens, head + 1, lexicon.LINKS))
    )


def _is_tied(tokens: Tokens, head: int, direct: tuple[int, int, bool] | None) -> bool:
    """Whether a word in lower case follows an office that begins no name: `Leiterin der …`."""
    particle = direct is not None and tokens.words[head + 1] in _FOREIGN
    titled = skip_titles(tokens, head + 1) > head + 1
    return tokens.kinds[head + 1] == LOWER and not (particle or titled)


def _behind_subject(tokens: Tokens, head: int) -> tuple[int, int, bool, int] | None:
    """`Amtsleiterin Stadtgrün Anna Moll`."""
    if tokens.kinds[head + 1] != CAPITAL or is_name_word(tokens.words[head + 1]):
        return None
    further = read_name(tokens, head + 2, evidence=tokens.kinds[head + 3] == CAPITAL)
    return (head + 2, further[1], True, head + 2) if further and further[2] else None


def _is_another(tokens: Tokens, head: int) -> bool:
    """`ehrte der OB Amtsleiterin Moll`: the office behind is that of somebody of the other sex."""
    behind = tokens.words[head + 1]
    if tokens.kinds[head + 1] != CAPITAL or lexicon.office_key(behind) is None:
        return False
    if _is_surname(tokens, head + 1):
        return False
    article = {"der": "m", "die": "f"}.get(tokens.words[head - 1].lower())
    own = lexicon.office_gender(tokens.words[head]) or article
    return {own, lexicon.office_gender(behind)} == {"m", "f"}


def _is_others(tokens: Tokens, head: int) -> bool:
    """`Nachfolgerin von Kämmerer Moll`: the name behind is of whom she follows."""
    if not tokens.words[head].lower().endswith(_FOLLOWERS):
        return False
    at = head + 1 + (tokens.words[head + 1] in {"von", "des", "der"})
    titled = skip_titles(tokens, at) > at or lexicon.office_key(tokens.words[at]) is not None
    named = titled or lexicon.first_name_gender(tokens.words[at]) is not None
    return at > head + 1 and tokens.kinds[at] == CAPITAL and named


def _is_surname(tokens: Tokens, at: int) -> bool:
    """`Bürgermeister Müller`: a trade behind an office, and no name behind it."""
    return (
        lexicon.is_surname_too(tokens.words[at])
        and tokens.kinds[at + 1] != CAPITAL
        and tokens.words[at + 1] not in {"der", "des"}
    )


def _candidate(tokens: Tokens, head: int) -> tuple[int, int, bool, int] | None:
    """`der Spitzenkandidat zur Wahl Jan Moll`: what he stands for is tied with `zur` too."""
    if not tokens.words[head].lower().endswith(_CANDIDATES):
        return None
    return _linked(
        tokens, head, complement_end(tokens, head + 1, PRE_LINKS | {"zur", "zum", "bei"})
    )


def _direct(
    tokens: Tokens, at: int, name: tuple[int, int, bool]
) -> tuple[int, int, bool, int] | None:
    """`Rektorin Anna Moll`, `Amtsleiter Grün Dr. Jan Moll`."""
    first, last, full = name
    if skip_titles(tokens, at) > at:
        return at, last, full, at
    if len(tokens.words[at]) == 1 and last > at + 2:
        return at, last, full, at  # `Landrat H.-Jürgen Moll`
    for index in range(at, last):
        if (
            lexicon.first_name_gender(tokens.words[index])
            and tokens.kinds[index + 1] in {CAPITAL, LOWER}
            and index + 1 < last
        ):
            return index, last, True, index if index > at else at
    if tokens.kinds[first] == LOWER:
        return first, last, False, first  # `Förster van der Meer`
    organisation = any(lexicon.organisation_kind(w) for w in tokens.words[at:last])
    office = lexicon.office_key(tokens.words[first]) and not _is_surname(tokens, first)
    return None if organisation or office else (first, last, full, first)


def _linked(tokens: Tokens, head: int, after: int) -> tuple[int, int, bool, int] | None:
    """`Leiter des Amts für Grün Dr. Jan Moll`: a title or a first name behind the complement."""
    for index in range(head + 2, min(after + 2, len(tokens.words))):
        word = tokens.words[index]
        if index > after and tokens.words[after] != ",":
            break  # `Unter den Geehrten ist Dr. Anna Moll`
        if word in lexicon.TITLES and tokens.kinds[index] == CAPITAL:
            found = read_name(tokens, index, evidence=True)
            role_last = index - 1 if tokens.words[index - 1] == "," else index
            return (index, found[1], found[2], role_last) if found else None
        if index >= after:
            break
        if (
            tokens.kinds[index] == CAPITAL
            and tokens.kinds[index - 1] == CAPITAL
            and lexicon.first_name_gender(word)
            and (found := read_name(tokens, index, evidence=False))
            and found[2]
        ):
            return index, found[1], True, index
    return None


def _trailing_name(tokens: Tokens, head: int, after: int) -> tuple[int, int, bool, int] | None:
    """`Geschäftsführerin der Bürgerstiftung Ngozi Adeyemi`: the last two of three capitals."""
    first = after
    while first > head + 1 and tokens.kinds[first - 1] == CAPITAL:
        first -= 1
    run = after - first
    if run < 3 or tokens.words[head + 1] not in PRE_LINKS:
        return None
    pair = tokens.words[after - 2 : after]
    if not all(is_name_word(w) and not lexicon.organisation_kind(w) for w in pair):
        return None
    return (after - 2, after, True, after - 2) if not pair[1].isupper() else None


def _name_behind_comma(tokens: Tokens, after: int) -> tuple[int, int, bool, int] | None:
    """`die Leiterin des Jugendamts, Heidrun Tegtmeier, gibt …`."""
    if tokens.words[after] != ",":
        return None
    titled = skip_titles(tokens, after + 1) > after + 1
    found = read_name(tokens, after + 1, evidence=True)
    if not found or not found[2]:
        return None
    first, last, _ = found
    known = titled or lexicon.first_name_gender(tokens.words[first]) is not None
    stop = origin_end(tokens, last)  # `…, Jan Moll aus Fulda, …`
    closed = tokens.words[stop] in {",", ".", "(", "", ":"} or tokens.kinds[last] == QUOTE
    if lexicon.office_key(tokens.words[first]) or lexicon.organisation_kind(tokens.words[first]):
        return None
    if not closed or not (known or last - first == 2):
        return None
    if tokens.words[last] == "," and lexicon.office_key(tokens.words[last + 1]):
        return None  # a list of people
    return after + 1, last, True, after
