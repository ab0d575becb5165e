"""What shows that two capitalised words are a name though nobody knows the first one.

The place in the sentence does: behind a quotation and a verb, before an office, an age or a colon,
behind `heißt`; and the surname does when it is somebody's who speaks: `so Moll`.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from scraper.quotes import lexicon
from scraper.quotes.lexicon import is_name_word
from scraper.quotes.names import name_end, owned_office, skip_titles
from scraper.quotes.tokens import CAPITAL, LOWER, NUMBER, QUOTE, Tokens

# `Den Taktstock übernimmt Xiomara Brandes.`
_PRESENTING = frozenset(
    "übernimmt übernahm folgt folgte siegte gewann moderiert moderierte engagiert begrüßte "
    "eröffnete überreichte leitet leitete entwarf gründete auch".split()
)
# `Am Steuer sitzt Mia.`
PLACING = frozenset("sitzt saß steht stand ist war heißt kommt kam spielt wartet wohnt".split())
"""Verbs behind which a first name alone is a person's."""
_GOES_TO = (["geht", "an"], ["ging", "an"], ["fiel", "auf"])
_NO_VERBS = lexicon.DETERMINERS | lexicon.PREPOSITIONS
_NUMERALS = frozenset("zwei drei vier fünf sechs acht elf zwölf zwanzig hundert tausend".split())
_SENTENCES = 400  # that are looked at for somebody who speaks
_TELLING = lexicon.SPEECH_VERBS | {"sprach"}
_LEADING = frozenset({"So", "Dazu", "Darauf"})
_VIEWS = frozenset({"Sicht", "Ansicht", "Angaben", "Auskunft", "Meinung", "Worten"})
_HOUSES = frozenset("Familie Firma Hotel Café Cafe Praxis Weingut Zirkus Agentur Quartett".split())


def speaking_surnames(tokens: Tokens) -> frozenset[str]:
    """Words that speak without an article or a first name: `so Moll`, `Moll: Q`."""
    found = set()
    words, kinds = tokens.words, tokens.kinds
    for quote in tokens.quote_tokens:
        at = quote + 2
        if words[quote + 1] in {",", "–"} and (
            words[at] == "so" or words[at] in lexicon.SPEECH_VERBS
        ):
            at += 1
            at += words[at] in {"sich", "auch", "dazu", "zudem"}
            if kinds[at] == CAPITAL and kinds[at + 1] != CAPITAL:
                found.add(words[at])
        if words[quote - 1] == ":":
            first = tokens.sentence(quote)[0]
            speaks = words[first + 1] == ":" or words[first + 1] in lexicon.SPEECH_VERBS
            if kinds[first] == CAPITAL and speaks:
                found.add(words[first])
    found |= _telling_words(tokens)
    return frozenset(word for word in found if is_name_word(word) and not lexicon.may_speak(word))


def _telling_words(tokens: Tokens) -> set[str]:
    """Words alone that open a sentence before a verb of saying, or stand behind `so`, `Dazu`."""
    words, kinds = tokens.words, tokens.kinds
    found = set()
    place = tokens.text.find(", so ")
    while place >= 0:
        so = bisect_left(tokens.starts, place + 2)
        if words[so] == "so" and kinds[so + 1] == CAPITAL and kinds[so + 2] != CAPITAL:
            found.add(words[so + 1])  # `…, so Moll, …`
        place = tokens.text.find(", so ", place + 1)
    for first in tokens.sentence_starts[:_SENTENCES]:
        behind = words[first + 1]
        if behind in _TELLING and kinds[first] == CAPITAL:
            found.add(words[first])  # `Moll ergänzte`
        elif words[first] in _LEADING and kinds[first + 1] == CAPITAL:
            found.add(behind)  # `Dazu Moll:`
    return found


def owns_surname(tokens: Tokens, index: int, surnames: frozenset[str]) -> bool:
    """`Xiomara Brandes` where `so Brandes` stands elsewhere; not `die Bäckerei Brandes`."""
    word = tokens.words[index]
    if not surnames or surnames.isdisjoint(tokens.words[index + 1 : index + 6]):
        return False
    return (
        tokens.words[name_end(tokens, index) - 1] in surnames
        and word not in surnames
        and word not in _VIEWS
        and word not in _HOUSES
        and not word.endswith("ei")
        and tokens.words[index - 1].lower() not in lexicon.DETERMINERS
        and _is_unknown_first_name(word)
    )


@lru_cache(maxsize=1 << 12)
def _is_unknown_first_name(word: str) -> bool:
    return (
        word.isalpha()
        and is_name_word(word)
        and not lexicon.is_function_word(word.lower())
        and not lexicon.organisation_kind(word)
        and not lexicon.office_key(word)
        and not lexicon.is_demonym(word)
    )


def is_presented(tokens: Tokens, index: int) -> bool:
    """`Xiomara Brandes, 17,`, `die Konditorin heißt Xiomara Brandes`, `… vom Heimatverein`."""
    words, kinds = tokens.words, tokens.kinds
    if kinds[index + 1] != CAPITAL or kinds[index + 2] == CAPITAL:
        return False
    if not (_is_unknown_first_name(words[index]) and is_name_word(words[index + 1])):
        return False
    if _is_aged(tokens, index + 2) or words[index - 2 : index] in _GOES_TO:
        return True
    if kinds[index - 1] == CAPITAL:
        return lexicon.is_demonym(words[index - 1])
    if kinds[index - 1] != LOWER or words[index - 1] in _NO_VERBS:
        return False
    return _is_led_to(tokens, index)


def _is_aged(tokens: Tokens, at: int) -> bool:
    """An age behind a name: `(17)`, `, 17,`."""
    words = tokens.words
    if tokens.kinds[at + 1] != NUMBER or not words[at + 1].isdigit():
        return False
    behind = words[at + 2]
    return (words[at] == "(" and behind == ")") or (
        words[at] == "," and behind in {",", "Jahre", "und"}
    )


def _is_led_to(tokens: Tokens, index: int) -> bool:
    """Whether the verb before two capitals, or a club behind them, presents somebody."""
    words, kinds = tokens.words, tokens.kinds
    before, behind = words[index - 1], words[index + 2]
    if before in {"heißt", "heisst", "ist", "war"} and kinds[index - 2] == CAPITAL:
        first = max(tokens.sentence(index)[0], index - 8)
        return any(map(lexicon.office_key, words[first:index]))
    if before in {"wurde", "wird"} and lexicon.office_key(words[index + 1]) is None:
        opening = tokens.sentence(index)[0]
        if kinds[opening] == CAPITAL and lexicon.office_key(words[opening]):
            return True  # `Siegerin über zehn Kilometer wurde Xiomara Brandes.`
    if before in {"wird", "wurde", "bleibt"}:
        return any(
            kinds[i] == CAPITAL and lexicon.office_key(words[i]) for i in (index + 2, index + 3)
        )
    if before in _PRESENTING or words[index - 2] in _PRESENTING:
        return True
    member = index + 3 + (behind == "von" and words[index + 3] == "der")
    return behind in {"vom", "von"} and lexicon.organisation_kind(words[member]) is not None


def follows_tag_verb(tokens: Tokens, index: int) -> bool:
    """`Q, sagt dazu Xiomara Brandes`."""
    before = index - 1
    while tokens.kinds[before] == LOWER and before > index - 4:
        word = tokens.words[before]
        if word in lexicon.DETERMINERS or (word in lexicon.PREPOSITIONS and word != "wie"):
            return False
        before -= 1
    if before == index - 1:
        return False
    if tokens.words[before] in {",", "–"}:
        before -= 1
    return tokens.kinds[before] == QUOTE


def precedes_office(tokens: Tokens, index: int) -> bool:
    """`Xiomara Brandes, Leiterin …`, `Xiomara Brandes (Leiterin)`, `Xiomara Brandes: Q`."""
    end = index + 1
    while tokens.kinds[end] == CAPITAL and end < index + 4:
        end += 1
    mark = tokens.words[end]
    if mark == ":":
        if tokens.words[end - 1].lower() in lexicon.SPEECH_NOUNS:
            return False  # `Brandes’ Fazit: Q`
        return tokens.kinds[end + 1] == QUOTE and tokens.sentence(index)[0] == index
    if mark not in {",", "("}:
        return False
    at = _skip_adjective(tokens, end + 1)
    # `Bürgermeisterin A, Stadtrat B` is a list: the office is that of the next name.
    return (
        tokens.kinds[at] == CAPITAL
        and lexicon.office_key(tokens.words[at]) is not None
        and not lexicon.first_name_gender(tokens.words[at + 1])
    )


def _skip_adjective(tokens: Tokens, at: int) -> int:
    """Token behind article, adjective and number: `die langjährige`, `1.`."""
    at += tokens.words[at] in {"der", "die"}
    adjective, kind = tokens.words[at], tokens.kinds[at]
    known = kind in {LOWER, CAPITAL} and lexicon.is_role_adjective(adjective)
    at += known or (kind == LOWER and adjective.endswith(("er", "e")))
    return at + 2 * (tokens.words[at + 1] == "." and tokens.words[at].isdigit())


def precedes_holder(tokens: Tokens, index: int) -> bool:
    """`Lindaus Bürgermeisterin Anna Moll`, `Bürgerforum Stadträtin Moll`: the first is not hers.

    A place in the genitive or a group stands before an office, and the holder's name behind it.
    """
    word, head = tokens.words[index], index + 1
    if (owned := owned_office(tokens, index)) is not None and owned > head:
        return lexicon.office_key(word) is None
    if tokens.kinds[head] != CAPITAL or lexicon.office_key(tokens.words[head]) is None:
        return False
    if lexicon.first_name_gender(word) or lexicon.office_key(word) or word in lexicon.TITLES:
        return False
    name = skip_titles(tokens, head + 1)
    name += tokens.words[name] == "." and tokens.words[head] in lexicon.SHORT_OFFICES
    named = tokens.kinds[name] == CAPITAL and is_name_word(tokens.words[name])
    return named or (word.endswith("s") and not lexicon.is_surname_too(tokens.words[head]))


def opens_with_verb(tokens: Tokens, index: int) -> bool:
    """`Xiomara Brandes kündigte an`: two capitals before a verb that people are the subject of."""
    words, kinds = tokens.words, tokens.kinds
    verb = words[index + 2]
    return (
        kinds[index + 1] == CAPITAL
        and kinds[index + 2] == LOWER
        and (verb in lexicon.SPEECH_VERBS or verb in _PRESENTING)
        and verb not in lexicon.NAMING_VERBS
        and tokens.sentence(index)[0] == index
        and not words[index].endswith(("e", "er", "en", "es", "em"))
        and _is_unknown_first_name(words[index])
        and is_name_word(words[index + 1])
        and not lexicon.is_naming_noun(words[index])
        and lexicon.office_key(words[index + 1]) is None
        and lexicon.organisation_kind(words[index + 1]) is None
    )


def leads_in(tokens: Tokens, index: int) -> bool:
    """`Xiomara Brandes bringt es auf den Punkt: Q`: two capitals that open such a sentence."""
    first, last = tokens.sentence(index)
    return (
        first == index
        and tokens.kinds[last - 1] == QUOTE
        and tokens.words[last - 2] == ":"
        and tokens.kinds[index + 1] == CAPITAL
        and tokens.kinds[index + 2] == LOWER
        and not tokens.words[index].endswith(("e", "er", "en", "es", "em"))
        and tokens.words[index].lower() not in _NUMERALS
        and not lexicon.is_function_word(tokens.words[index].lower())
    )
