"""Noun phrases that can speak: a person with office and name, an office alone, an organisation.

`read_person` reads one phrase around a token that gives a hint (an office, a title, a first name):
`der Technische Beigeordnete Dr. Jan Moll`, `Jan Moll, Leiter des Bauhofs,`, `Jan Moll (Rektor)`.
Every look ahead is bounded, so reading all phrases of a text takes linear time.
"""

from __future__ import annotations

from dataclasses import dataclass

from scraper.quotes import lexicon
from scraper.quotes.determiners import AGES, read_left
from scraper.quotes.holders import PRE_LINKS, name_behind
from scraper.quotes.lexicon import is_name_word
from scraper.quotes.names import (
    gender_of,
    read_name,
    skip_degrees,
    skip_titles,
)
from scraper.quotes.offices import complement_end, genitive_end, origin_end, read_role, role_start
from scraper.quotes.tokens import CAPITAL, NUMBER, QUOTE, Tokens

_REACH = 14  # tokens a bracket may be long


@dataclass(slots=True)
class Phrase:
    """A phrase that names somebody. Token numbers; `last` is the token behind it."""

    first: int
    last: int
    name: str | None = None
    """Name as printed, without titles; a surname alone if no more is printed."""
    role: str | None = None
    """Office as printed, with what it is the office of."""
    office: str | None = None
    """Dictionary form of the office."""
    gender: str | None = None
    """`m` or `f` where the words show it."""
    oblique: bool = False
    """True when the phrase cannot be the subject: behind a preposition, or in the dative."""
    definite: bool = False
    """True behind `der` or `die`: somebody the reader has met, or the only holder."""
    full: bool = False
    """True when the name has a first name."""
    aged: bool = False
    """True for a first name alone with an age beside it: `die zehnjährige Mia`."""
    lone: bool = False
    """True for one word that nothing but a verb of speech before it makes a name."""
    told_place: bool = False
    """True for `der Linzer Stadtchef`, `Lindaus Bürgermeisterin`."""
    first_office: str | None = None
    """Dictionary form of another office right before it: `Kulturreferent Stadtrat Moll`."""
    told_age: bool = False
    """True for `die 23-jährige Bäckerin`: what somebody is besides, no office."""


# `Jan Moll, im Hauptberuf Küster,`
_CALLINGS = frozenset(
    {("im", "Hauptberuf"), ("im", "Hauptamt"), ("im", "Zivilberuf"), ("von", "Beruf")}
)
_COPULAS = frozenset("ist war wird wurde bleibt heißt heisst".split())
_BESIDES = frozenset({"selbst", "zugleich", "heute", "inzwischen", "hauptberuflich"})
# `O-Ton Jan Moll: Q`
_LABELS = lexicon.SPEECH_NOUNS | {"ton", "interview", "gespräch", "autor", "foto", "porträt"}
_ACADEMIC = frozenset({"professor", "professorin"})
# Endings of trades that no first name has.
_TRADES = tuple(
    "ist istin erin eur eurin ator atorin loge login ärin arin vize boss profi chef wart".split()
)


def read_person(tokens: Tokens, head: int) -> Phrase | None:
    """The phrase whose office, title or first name stands at `head`."""
    word = tokens.words[head]
    key = None if word in lexicon.TITLES else lexicon.office_key(word)
    if word in {"Frau", "Herr"} and tokens.kinds[head + 1] != CAPITAL:
        key = word.lower()  # `sagte eine junge Frau`, no title
    if key and lexicon.first_name_gender(word) is None:
        return _read_office(tokens, head, key)
    if word in {"Frau", "Herr"} and _is_office_of(tokens, head + 1):
        return None  # `Frau Landammann Anna Moll`
    if word not in lexicon.TITLES and _is_office_of(tokens, head + 1):
        return None  # `Anders Rektorin Anna Moll.`
    before = tokens.words[head - 1].lower()
    # `…, den Moll leitet`: behind a comma it is a pronoun, no article.
    article = before in lexicon.ARTICLES and tokens.words[head - 2] != ","
    if word not in lexicon.TITLES and (lexicon.is_function_word(word.lower()) or article):
        # `Nur Mitglieder …`, `die Marina Kiel`: no first names here.
        return None
    found = read_name(tokens, head, evidence=False)
    return _named(tokens, head, found) if found else None


def _is_office_of(tokens: Tokens, at: int) -> bool:
    """Whether an office and its holder's name stand at `at`, and no surname: `Frau Richter`."""
    word = tokens.words[at]
    office = lexicon.office_key(word) is not None and not lexicon.is_surname_too(word)
    return office and tokens.kinds[at + 1] == CAPITAL and is_name_word(tokens.words[at + 1])


def read_bare_name(tokens: Tokens, at: int) -> Phrase | None:
    """A name that only its place in the sentence shows, such as behind a verb of speech."""
    if tokens.words[at + 1] in lexicon.TITLES and is_name_word(tokens.words[at]):
        return _read_before_title(tokens, at)
    found = read_name(tokens, at, evidence=True)
    if not found or not found[2]:
        return None
    if found[1] - found[0] > 2 and (trade := _read_trade(tokens, at)):
        return trade
    run = [w for w in tokens.words[found[0] : found[1]] if w[0].isupper()]
    if run and run[0].rpartition("-")[2].lower() in _LABELS:
        return None
    no_name = lexicon.organisation_kind(run[0]) or lexicon.office_key(run[0]) if run else None
    return None if len(run) > 4 or no_name else _named(tokens, at, found)


def _read_before_title(tokens: Tokens, at: int) -> Phrase | None:
    """`bestätigt Deichwart Dr. Jan Moll`: a title parts an unknown office from the name."""
    titled = read_name(tokens, at + 1, evidence=True)
    phrase = _named(tokens, at + 1, titled) if titled and titled[2] else None
    if phrase:
        word = tokens.words[at]
        phrase.role, phrase.office, phrase.first = word, word.lower(), at
    return phrase


def _read_trade(tokens: Tokens, at: int) -> Phrase | None:
    """`sagt Hornist Kai Brand`: an office no list knows stands before a known first name."""
    word = tokens.words[at]
    trade = word.endswith(_TRADES) or (len(word) > 7 and word.endswith(("er", "erin")))
    if not lexicon.first_name_gender(tokens.words[at + 1]) or not trade:
        return None
    name = read_name(tokens, at + 1, evidence=True)
    phrase = _named(tokens, at + 1, name) if name and name[2] and is_name_word(word) else None
    if phrase and phrase.role is None:
        phrase.role, phrase.first = word, at
    return phrase


def _named(tokens: Tokens, at: int, name: tuple[int, int, bool]) -> Phrase | None:
    """A phrase that starts with the name: what stands behind it may tell the office."""
    first, last, full = name
    aged = not full and first == at and _is_aged(tokens, first)
    if not full and first == at and not aged:
        return None  # a first name alone
    phrase = Phrase(at, last, tokens.slice(first, last), full=full or aged, aged=aged)
    phrase.lone = first > at and not full  # `Frau Moll`, of whom no more may be printed
    title = tokens.words[at]
    if title in {"Frau", "Herr", "Herrn"}:
        phrase.gender = "f" if title == "Frau" else "m"
    elif full or aged:
        phrase.gender = gender_of(tokens.words[first])
    _read_behind(tokens, phrase)
    read_left(tokens, phrase)
    _read_genitive(tokens, phrase, last)
    return phrase


def _read_genitive(tokens: Tokens, phrase: Phrase, last: int) -> None:
    """`Kai Brands Fazit` is by Kai Brand, `Kai Brands Sohn` is somebody else."""
    name, owned = phrase.name or "", tokens.words[last]
    if tokens.kinds[last] != CAPITAL or not name.endswith("s"):
        return
    relative = lexicon.office_key(owned) is not None and not owned.endswith("s")
    if name.endswith(("ss", "as", "os", "us", "is")):
        return
    if relative or owned.lower() in lexicon.SPEECH_NOUNS:
        phrase.name = name[:-1]
        phrase.oblique = phrase.oblique or relative


def _is_aged(tokens: Tokens, at: int) -> bool:
    """Whether an age stands beside the first name at `at`: `der fünfjährige Mats`, `Mia (9)`."""
    if lexicon.first_name_gender(tokens.words[at]) is None:
        return False
    if tokens.words[at - 1].endswith(AGES):
        return True
    if tokens.words[at + 1] not in {"(", ","}:
        return False
    spelt = tokens.words[at + 3] in {"Jahre", "Jahren"}  # `Mia, zehn Jahre,`
    return tokens.kinds[at + 2] == NUMBER or spelt


def _read_office(tokens: Tokens, head: int, key: str) -> Phrase | None:
    role_first = role_start(tokens, head)
    phrase = Phrase(role_first, head + 1, office=key)
    phrase.gender = lexicon.office_gender(tokens.words[head])
    short = tokens.words[head] in lexicon.SHORT_OFFICES
    head += short and tokens.words[head + 1] == "."
    after = complement_end(tokens, head + 1, PRE_LINKS)
    # `60 Schüler Thomas Moll` are many and somebody else.
    many = tokens.kinds[role_first - 1] == NUMBER and not tokens.words[role_first - 1].endswith(
        AGES
    )
    many = many or _are_many(tokens, role_first, head)
    name = None if many else name_behind(tokens, head, after)
    if name:
        first, last, full, role_last = name
        phrase.last, phrase.full = last, full
        phrase.name = tokens.slice(skip_titles(tokens, first), last)
        phrase.role = tokens.slice(role_first, role_last)
        _read_second_office(tokens, phrase, head, role_last)
        own = gender_of(tokens.words[skip_titles(tokens, first)]) if full else None
        if phrase.gender == "m" and own == "f":
            phrase.gender = None  # `Stadtrat Anna Moll`
        else:
            phrase.gender = phrase.gender or own
        phrase.last = skip_degrees(tokens, phrase.last)
        if full:
            _read_genitive(tokens, phrase, phrase.last)
        _skip_brackets(tokens, phrase)
        if key in _ACADEMIC:
            _read_office_behind(tokens, phrase)
    elif short:
        return None
    else:
        phrase.last = genitive_end(tokens, head + 1, after)
        if tokens.words[role_first - 1].lower() in {"ein", "eine"}:
            phrase.last = origin_end(tokens, phrase.last)
        phrase.role = tokens.slice(role_first, phrase.last)
    _read_owner(phrase, tokens.words[role_first - 1].lower())
    read_left(tokens, phrase)
    return phrase


def _are_many(tokens: Tokens, first: int, head: int) -> bool:
    """`wählten die Delegierten Jan Moll`: he is none of them."""
    if tokens.words[first - 1] not in {"die", "Die"}:
        return False
    word = tokens.words[head]
    return word.endswith("en") and lexicon.office_gender(word) is None


def _read_second_office(tokens: Tokens, phrase: Phrase, head: int, last: int) -> None:
    """`Einsatzleiter Brandamtmann Jan Moll`: two offices side by side, of which the second counts.

    `Schwester` and `Gräfin` are none: `Leiterin Schwester Agathe Moll`.
    """
    if last != head + 2:
        return
    second = tokens.words[head + 1]
    adjective = lexicon.is_role_adjective(tokens.words[head])  # `Ehrenamtliche`
    key = lexicon.office_key(second) if not adjective else None
    if key in lexicon.KIN or second in lexicon.TIED:
        phrase.role = tokens.slice(phrase.first, head + 1)
    elif key and not (lexicon.is_surname_too(second) or lexicon.is_official(phrase.office or "")):
        phrase.first_office, phrase.office = phrase.office, key
        phrase.role = second


def _read_owner(phrase: Phrase, before: str) -> None:
    """What `Frau`, or whose somebody is, says before an office: `sein Amtskollege Jan Moll`."""
    if before == "frau":
        phrase.gender = "f"  # `Frau Landammann Moll`
    key = phrase.office or ""
    boss = key in {"chef", "chefin"} and before.startswith(("ihr", "sein", "unser"))
    boss = boss or (key in lexicon.GENERIC and before in {"ihr", "ihre", "sein", "seine"})
    if phrase.name and (boss or lexicon.is_relation(key)):
        phrase.role, phrase.office, phrase.lone = None, None, not phrase.full


def _read_office_behind(tokens: Tokens, phrase: Phrase) -> None:
    """`Professor Jan Moll, Direktor der Klinik`: a title as soon as an office follows."""
    title, office = phrase.role, phrase.office
    phrase.role = None
    _read_behind(tokens, phrase)
    if phrase.role is None:
        phrase.role, phrase.office = title, office


def _read_behind(tokens: Tokens, phrase: Phrase) -> None:
    """Office in brackets or as an apposition behind a name."""
    phrase.last = skip_degrees(tokens, phrase.last)
    _skip_brackets(tokens, phrase)
    if phrase.role or tokens.words[phrase.last] != ",":
        return
    at = phrase.last + 1
    if tokens.kinds[at] == NUMBER:
        at += 2 * (tokens.words[at + 1 : at + 3] == ["Jahre", "alt"])
        at += 2 * (tokens.words[at + 1] in {",", "und"})
    at += tokens.words[at] in _BESIDES
    if tuple(tokens.words[at : at + 2]) in _CALLINGS:
        at += 2
    elif tokens.words[at] == "seit" and tokens.kinds[at + 1] == NUMBER:
        at += 2 + (tokens.words[at + 2] == "Jahren")  # `Jan Moll, seit 30 Jahren Küster,`
    role = read_role(tokens, at)
    own = tokens.words[at].lower() in {"seine", "ihre", "sein", "ihr"}
    if role and not (own and tokens.words[role[2]] in _COPULAS):  # `Moll, ihr Vize wird Lau`
        phrase.role, phrase.office, phrase.last = role
        phrase.gender = lexicon.office_gender(phrase.office) or phrase.gender


def _skip_brackets(tokens: Tokens, phrase: Phrase) -> None:
    """`(Einsatzleiter)` tells the office, `(SPD)` and `(43)` tell nothing."""
    if tokens.words[phrase.last] != "(":
        return
    for close in range(phrase.last + 1, phrase.last + _REACH):
        if tokens.kinds[close] == QUOTE:
            return  # `Moll („Wir warten noch“)`
        if tokens.words[close] == ")":
            role = read_role(tokens, phrase.last + 1)
            if role and phrase.role is None:
                phrase.role, phrase.office, _ = role
                phrase.gender = lexicon.office_gender(phrase.office) or phrase.gender
            phrase.last = close + 1
            return
