"""Where a text names a person: what gives a phrase away.

An office, a title or a known first name does, and the place in the sentence: behind a quotation and
a verb, before a colon, before an office in commas or brackets.
"""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.evidence import (
    PLACING,
    follows_tag_verb,
    is_presented,
    leads_in,
    opens_with_verb,
    owns_surname,
    precedes_holder,
    precedes_office,
    speaking_surnames,
)
from scraper.quotes.features import (
    CAPITAL_WORD,
    CAPITALISED,
    HINT,
    LEADER,
    MAYBE,
    NAMELIKE,
    OFFICE,
    ONE,
    PARTICLE,
    TIES,
    TOLD,
    finder,
)
from scraper.quotes.lexicon import is_name_word
from scraper.quotes.offices import origin_end
from scraper.quotes.phrases import Phrase, read_bare_name, read_person
from scraper.quotes.tokens import CAPITAL, LOWER, NUMBER, QUOTE, Tokens

_TOLD, _MAYBES, _LEADERS = finder(TOLD), finder(MAYBE), finder(LEADER)
_NOUN_ENDINGS = (
    "er",
    "in",
    "ist",
    "ent",
    "ant",
    "eur",
    "oge",
    "or",
    "mann",
    "frau",
    "iker",
    "ling",
    "vogt",
    "wart",
    "profi",
    "boss",
    "star",
    "talent",
    "pate",
    "vize",
    "held",
    "knecht",
    "legende",
)
_KINDS = (*_NOUN_ENDINGS, "ende", "te", "gast")
_ARTICLES = {
    "ein": _KINDS,
    "eine": _KINDS,
    "der": ("er", "ist", "ent", "ant", "eur", "oge", "or", "mann", "iker", "ling", "at"),
    "die": ("erin", "istin", "entin", "antin", "eurin", "login", "orin", "frau", "ikerin", "atin"),
}
"""Ends of nouns for kinds of person that no list knows, by the article before them."""
_OCCASIONS = ("redner", "rednerin", "laudator", "laudatorin", "ehrengast", "stargast")
_MANY = frozenset(
    {"alle", "allen", "viele", "vielen", "mehrere", "beide", "beiden", "einige", "manche"}
)
_FEMININE_OR_PLURAL = frozenset({"die", "diese", "ihre", "seine", "unsere", "meine", "keine"})


def find_phrases(tokens: Tokens) -> list[Phrase]:
    """The phrases of a text that name a person, in order, without overlaps."""
    found: list[Phrase] = []
    resume = 0
    surnames = speaking_surnames(tokens)
    for index in _hints(tokens):
        if index < resume:
            continue
        phrase = _phrase(tokens, index, surnames)
        if phrase:
            _take_noun_before(tokens, phrase)
            if not _is_body(tokens, phrase):
                found.append(phrase)
                resume = phrase.last
    return found


def _hints(tokens: Tokens) -> list[int]:
    """The capitalised words that hint at somebody, or may stand for somebody all the same."""
    bits, flags, count = tokens.features, tokens.flags, len(tokens.starts)
    found = {i for i in tokens.having(_TOLD, count) if bits[i] & HINT or _is_initial(tokens, i)}
    found.update([i for i in tokens.having(_MAYBES, count) if flags[i + 1] & TIES])
    for leader in tokens.having(_LEADERS, count):
        near = [i for i in (leader + 1, leader + 2) if flags[i] & CAPITALISED]
        if near and (bits[leader] & ONE or _is_tag_verb(tokens, leader)):
            found.update(near)
    return sorted(found)


def _is_initial(tokens: Tokens, index: int) -> bool:
    behind = index + 2 + (tokens.words[index + 2] == "-")  # `K.-H. Moll`
    return tokens.words[index + 1] == "." and tokens.kinds[behind] == CAPITAL


def _phrase(tokens: Tokens, index: int, surnames: frozenset[str]) -> Phrase | None:
    """The phrase that the capitalised word at `index` gives away."""
    bits = tokens.features
    soon = bits[index + 1] | bits[index + 2] | bits[index + 3] | bits[index + 4] | bits[index + 5]
    if soon & OFFICE and (precedes_holder(tokens, index) or _announces(tokens, index)):
        return None
    if bits[index] & HINT and (phrase := read_person(tokens, index)):
        unnamed = phrase.name is None and not _is_singular(tokens, phrase)
        return None if unnamed or _is_first_office(tokens, phrase) else phrase
    near = QUOTE in tokens.kinds[max(index - 7, 0) : index]
    due = bits[index] & NAMELIKE and _has_bare_name(tokens, index, surnames, near=near)
    if due and (phrase := read_bare_name(tokens, index)):
        return phrase
    return _single_word(tokens, index, near=near)


def _announces(tokens: Tokens, index: int) -> bool:
    """`Festredner Staatsrat Moll`: what somebody is on one occasion, before the office."""
    words = tokens.words
    if not words[index].lower().endswith(_OCCASIONS) or not tokens.features[index + 1] & OFFICE:
        return False
    return tokens.kinds[index + 2] == CAPITAL and not lexicon.is_surname_too(words[index + 1])


def _is_first_office(tokens: Tokens, phrase: Phrase) -> bool:
    """`Vizebürgermeister und Finanzreferent Moll`: the second office has the name, and both."""
    second = phrase.last + 1
    if phrase.name is not None or tokens.words[phrase.last] != "und":
        return False
    if not tokens.features[second] & OFFICE or not tokens.features[second + 1] & CAPITAL_WORD:
        return False
    first = tokens.words[phrase.last - 1]
    same = lexicon.office_gender(first) == lexicon.office_gender(tokens.words[second])
    return same and lexicon.office_key(first) is not None


def _single_word(tokens: Tokens, index: int, *, near: bool) -> Phrase | None:
    """Somebody of whom one word is printed: `ein Pendler`, `Büşra`, `die kleine Mia`."""
    word = tokens.words[index]
    if near and _is_unknown_kind(tokens, index):
        last = origin_end(tokens, index + 1)
        found = Phrase(index - 1, last, role=tokens.slice(index, last), office=word.lower())
        found.definite = tokens.words[index - 1] in {"der", "die"}
        found.gender = {"der": "m", "die": "f"}.get(tokens.words[index - 1])
        return found
    if near and _is_lone_name(tokens, index):
        return Phrase(index, index + 1, word, lone=True)
    if tokens.features[index] & HINT and _is_lone_first_name(tokens, index):
        gender = lexicon.first_name_gender(word)
        known = gender if gender != "?" else None
        return Phrase(index, index + 1, word, full=True, gender=known)
    return None


def _is_singular(tokens: Tokens, phrase: Phrase) -> bool:
    """`die Leiterin`, `ein Anwohner`; neither `die Anwohner` nor the surname `Schneider`."""
    article = tokens.words[phrase.first].lower()
    if phrase.office is None:
        return False
    if phrase.told_place and article not in lexicon.DETERMINERS:
        verbs = {tokens.words[phrase.first - 2], tokens.words[phrase.last]} & lexicon.SPEECH_VERBS
        return not any(verb.endswith("n") for verb in verbs)
    if article not in lexicon.DETERMINERS or article in _MANY:
        return False
    if tokens.kinds[phrase.last] == CAPITAL and phrase.office.endswith("e"):
        return False  # `die Freiwillige Feuerwehr`
    inside = tokens.words[phrase.first + 1 : phrase.last]
    head = next((word for word in inside if lexicon.office_key(word)), "")
    if article == "den":
        return not head.endswith("n")
    plural = lexicon.office_gender(head) == "m" or head.lower() == phrase.office + "n"
    return not (article in _FEMININE_OR_PLURAL and plural)


def _is_body(tokens: Tokens, phrase: Phrase) -> bool:
    """`der Stadtrat` without a name behind it is the council."""
    return (
        phrase.name is None
        and lexicon.is_body(tokens.words[phrase.last - 1])
        and (phrase.office is None or lexicon.is_body(phrase.office))
    )


def _has_bare_name(tokens: Tokens, index: int, surnames: frozenset[str], *, near: bool) -> bool:
    """Whether a name is due at `index`: behind a quotation and a verb, or before an office.

    `near`: a quotation stands in the seven tokens before.
    """
    bits = tokens.features[index + 1]
    if len(tokens.words[index]) == 1 and tokens.words[index + 1] == ".":
        double = tokens.words[index + 2] == "-"  # `K. Moll`, `K.-H. Moll`
        bits = tokens.features[index + 2 + double]
    if not bits & (CAPITAL_WORD | PARTICLE):
        return False
    return (
        (near and follows_tag_verb(tokens, index))
        or tokens.words[index - 1].endswith(("jährige", "jähriger"))
        or leads_in(tokens, index)
        or opens_with_verb(tokens, index)
        or precedes_office(tokens, index)
        or is_presented(tokens, index)
        or owns_surname(tokens, index, surnames)
    )


def _is_unknown_kind(tokens: Tokens, index: int) -> bool:
    """`Q, meint ein Pendler`: a person by the place in the sentence and the ending."""
    article = index - 1
    if tokens.kinds[article] == LOWER and tokens.words[article].endswith(("e", "er")):
        article -= tokens.words[article] not in {"eine", "einer", "der", "die"}
    ends = _ARTICLES.get(tokens.words[article])
    return (
        ends is not None
        and tokens.words[index].endswith(ends)
        and tokens.kinds[index + 1] != CAPITAL
        and tokens.kinds[article - 1] == LOWER
        and tokens.words[article - 2] == ","
        and tokens.kinds[article - 3] == QUOTE
        and lexicon.organisation_kind(tokens.words[index]) is None
        and not lexicon.is_thing(tokens.words[index])
        and (ends is _KINDS or not lexicon.is_demonym(tokens.words[index]))
    )


def _is_lone_first_name(tokens: Tokens, index: int) -> bool:
    """`Q, findet Mia`, `die kleine Mia`: children are printed by their first name."""
    if tokens.kinds[index + 1] == CAPITAL or not lexicon.first_name_gender(tokens.words[index]):
        return False
    if tokens.words[index - 1] in {"kleine", "kleiner"} or _is_tag_verb(tokens, index - 1):
        return True
    if tokens.words[index - 1] in PLACING and tokens.words[index + 1] in {".", ",", "und"}:
        return not _is_called(tokens, index)
    # `Mia aus der 3a findet: Q`
    first, last = tokens.sentence(index)
    leads = tokens.kinds[last - 1] == QUOTE and tokens.words[last - 2] == ":"
    behind = tokens.words[index + 1]
    return first == index and leads and (behind == "aus" or behind in lexicon.SPEECH_VERBS)


def _is_called(tokens: Tokens, index: int) -> bool:
    """`Die Puppe heißt Mia.`: the name of a thing or an animal."""
    first = max(tokens.sentence(index)[0], index - 6)
    subject = tokens.words[first : index - 1]
    return (
        tokens.words[index - 1] in lexicon.IS_CALLED
        and tokens.kinds[index - 2] == CAPITAL
        and not {"Er", "Sie"} & set(subject)
        and not any(map(lexicon.office_key, subject))
    )


def _is_tag_verb(tokens: Tokens, index: int) -> bool:
    """Whether a verb of speech stands right behind a quotation: `Q, findet`."""
    return (
        tokens.words[index - 1] == ","
        and tokens.kinds[index - 2] == QUOTE
        and tokens.words[index] in lexicon.SPEECH_VERBS
    )


def _is_lone_name(tokens: Tokens, index: int) -> bool:
    """`Q, findet Büşra.`: one word without article behind a verb of speech in the singular."""
    word, verb = tokens.words[index], tokens.words[index - 1]
    mark = tokens.words[index + 1]
    return (
        tokens.words[index - 2] == ","
        and _is_tag_verb(tokens, index - 1)
        and not verb.endswith("n")
        and (mark in {".", ",", "(", "aus", "und", "weiter", ""})
        and lexicon.first_name_gender(word) is None
        and not lexicon.is_function_word(word.lower())
        and not lexicon.may_speak(word)
        and is_name_word(word)
        and word not in lexicon.ABBREVIATIONS
        and len(word) > 1
    )


def is_epithet(tokens: Tokens, index: int) -> bool:
    """`Q, sagt der Geehrte`, `Q, sagt die Ukrainerin`: it stands for somebody just named."""
    word = tokens.words[index]
    fits = word.endswith("in") == (tokens.words[index - 1] == "die")
    return (
        (word.endswith(lexicon.EPITHETS) or (fits and lexicon.is_demonym(word)))
        and tokens.words[index - 1] in {"der", "die"}
        and tokens.kinds[index - 2] == LOWER
        and tokens.words[index - 3] == ","
        and tokens.kinds[index - 4] == QUOTE
        and tokens.kinds[index + 1] != CAPITAL
    )


def _take_noun_before(tokens: Tokens, phrase: Phrase) -> None:
    """An unknown occupation before a name: `Ironman-Sieger`, `Sonderpädagogin`."""
    before = phrase.first - 1
    if phrase.role or phrase.name is None or not phrase.full or tokens.kinds[before] != CAPITAL:
        return
    if tokens.kinds[before - 1] == NUMBER and tokens.words[before - 1].isdigit():
        return  # `60 Schüler Thomas Moll`
    word = tokens.words[before]
    if not _is_occupation(word):
        return
    phrase.role, phrase.office, phrase.first = word, word.lower(), before
    article = tokens.words[before - 1].lower()
    if article in lexicon.DETERMINERS | (lexicon.PREPOSITIONS - {"wie", "als"}):
        phrase.oblique = article in lexicon.OBLIQUE_DETERMINERS | lexicon.PREPOSITIONS


def _is_occupation(word: str) -> bool:
    """Whether a noun that no list knows ends like an occupation."""
    key = word.lower()
    return (
        key.endswith(_NOUN_ENDINGS)
        and len(word) > 4
        and key not in lexicon.TIMES
        and word not in lexicon.TITLES
        and not lexicon.is_demonym(word)
        and not lexicon.is_thing(word)
        and not lexicon.organisation_kind(word)
        and not lexicon.is_function_word(key)
    )
