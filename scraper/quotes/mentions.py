"""Every place of a text that stands for somebody who can speak.

Two passes: `enter_people` reads the phrases and enters every full name into the register, then
`list_mentions` finds what is left: surnames, pronouns, organisations.
"""

from __future__ import annotations

from itertools import pairwise
from operator import attrgetter

from scraper.quotes import lexicon
from scraper.quotes.features import (
    BODY,
    CAPITALISED,
    NATIVE,
    POINTING,
    PRONOUNS,
    SHORT,
    finder,
)
from scraper.quotes.hints import find_phrases, is_epithet
from scraper.quotes.introductions import COPULAS, read_role_behind, read_role_nearby
from scraper.quotes.offices import complement_end, origin_end
from scraper.quotes.people import Mention, Register, last_word
from scraper.quotes.phrases import Phrase
from scraper.quotes.tokens import CAPITAL, LOWER, QUOTE, Tokens

_SHORT_OR_CAPITAL = finder(SHORT | CAPITALISED)
_CAPITAL_PRONOUNS = frozenset("Er Sie Ihm Ihn Dieser Diese Letzterer Letztere".split())


# Ends of bodies that are feminine: `der Stadt` is never the subject.
_FEMININE = (
    "Stadt",
    "stadt",
    "ung",
    "schaft",
    "ion",
    "olizei",
    "wehr",
    "emeinde",
    "Jury",
    "ehörde",
)
_SOURCES = frozenset(
    "Angaben Auskunft Ansicht Sicht Auffassung Aussage Aussagen Bekunden Darstellung Reihen "
    "Schätzung Schätzungen Vertreter Information Informationen".split()
)
_AIMS = frozenset("ziel anliegen rezept geheimnis ergebnis rat dank wunsch".split())
# what somebody does, and no thing: `Dieser winkte ab.`
_DOES = frozenset(
    "gab nahm ließ wies lehnte reagierte nickte winkte lachte schüttelte zuckte hatte hat wollte "
    "will musste revanchierte überreichte übergab freute lud zog griff ging trat sah".split()
)
_UNIONS = frozenset(
    {"bund", "verband", "zentralverband", "gewerkschaft", "verein", "landesverband"}
)


def enter_people(tokens: Tokens, register: Register) -> list[Phrase]:
    """Enter every full name of a text; the phrases are for `list_mentions`."""
    phrases = find_phrases(tokens)
    for phrase in phrases:
        if phrase.name and phrase.full and (" " in phrase.name or phrase.aged):
            number = register.enter(phrase.name, phrase.role, phrase.office, phrase.gender)
            if phrase.first_office:
                register.give_office(number, None, phrase.first_office)
            if "Prof" in tokens.words[phrase.first : phrase.last]:
                # no role, but `der Professor` is this man
                word = "professorin" if phrase.gender == "f" else "professor"
                register.give_office(number, None, word)
            _enter_partner(tokens, register, phrase)
    return phrases


def _enter_partner(tokens: Tokens, register: Register, phrase: Phrase) -> None:
    """`Anna und Peter Moll`: two persons, so that `Moll` alone means neither."""
    first = tokens.words[phrase.first - 2]
    gender = lexicon.first_name_gender(first)
    joined = phrase.first > 1 and tokens.words[phrase.first - 1] in {"und", "&"}
    alone = lexicon.first_name_gender(tokens.words[phrase.first - 3]) is None
    if joined and gender and alone and phrase.name:
        name = f"{first} {last_word(phrase.name)}"
        register.enter(name, None, None, gender if gender in {"m", "f"} else None)


def list_mentions(tokens: Tokens, register: Register, phrases: list[Phrase]) -> None:
    """List the mentions of a text, when every full name of the article is entered."""
    for phrase in phrases:
        if phrase.name and not phrase.full and (phrase.office or phrase.lone):
            _enter_surname(register, phrase, phrase.name)
    register.mentions = _mentions(tokens, register, phrases)
    register.firsts = [mention.first for mention in register.mentions]


def _enter_surname(register: Register, phrase: Phrase, name: str) -> None:
    """`Landwirt Kruse`: a person of whom no more than the surname is printed."""
    key = last_word(name)
    numbers = register.surnames.get(key, [])
    if not numbers and register.by_first_name(name) is None:
        register.enter_surname(name, phrase.role, phrase.office, phrase.gender)
    elif len(numbers) == 1:
        (number,) = numbers
        entry = register.entries[number]
        fits = not (entry.gender and phrase.gender and entry.gender != phrase.gender)
        if fits and phrase.office not in lexicon.KIN:
            register.give_office(number, phrase.role, phrase.office)


def _mentions(tokens: Tokens, register: Register, phrases: list[Phrase]) -> list[Mention]:
    mentions = [_of_phrase(register, phrase) for phrase in phrases]
    for office, name in pairwise(mentions):
        if office.kind == "office" and name.kind == "name":
            _join_office(tokens, register, office, name)
    _join_companions(tokens, mentions)
    for mention in mentions:
        read_role_nearby(tokens, register, mention)
    mentions += _small_mentions(tokens, register, phrases)
    mentions.sort(key=attrgetter("first"))
    return mentions


def _join_office(tokens: Tokens, register: Register, office: Mention, name: Mention) -> None:
    """`Sein Lehrer, Domorganist Kurt Lau,` and `eine neue Chefin: Ada Moll` are one person."""
    comma = origin_end(tokens, office.last)  # `Ihr Kollege aus Werden, Rektor Jan Moll,`
    if tokens.words[comma] in {"im", "am", "beim", "vom"} and tokens.kinds[comma + 1] == CAPITAL:
        comma += 2  # `Ihr Nachfolger im Amt, Jan Moll,`
    apposition = tokens.words[comma] in {",", ":"} and name.first == comma + 1
    link = tokens.words[office.last]
    copula = link in COPULAS and name.first <= office.last + 3 and not name.oblique
    if tokens.words[name.first - 1] in lexicon.IS_CALLED and tokens.kinds[office.last] != CAPITAL:
        # `Der Dirigent kommt aus Mulhouse und heißt Jean Moll.`
        copula = tokens.sentences[office.first] == tokens.sentences[name.first]
    if not apposition and (not copula or {office.gender, name.gender} == {"m", "f"}):
        return
    if copula and name.entry is not None and office.office not in lexicon.RELATIONS:
        register.give_office(name.entry, office.label, office.office)
    office.entry = name.entry


def _small_mentions(tokens: Tokens, register: Register, phrases: list[Phrase]) -> list[Mention]:
    """What stands between the phrases: surnames, pronouns, organisations."""
    found: list[Mention] = []
    position = resume = 0
    for index in _candidates(tokens, register):
        while position < len(phrases) and phrases[position].last <= index:
            position += 1
        limit = phrases[position].first if position < len(phrases) else len(tokens.words)
        if resume <= index < limit and (small := _small_mention(tokens, register, index, limit)):
            found.append(small)
            resume = small.last
    return found


def _join_companions(tokens: Tokens, mentions: list[Mention]) -> None:
    """`gemeinsam mit A, B und C übergab D`: what holds for the first of a row holds for all."""
    words = tokens.words
    for number in range(1, len(mentions)):
        before, mention = mentions[number - 1], mentions[number]
        if not before.oblique or mention.oblique or mention.first != before.last + 1:
            continue
        link = words[before.last]
        more = words[mention.last] in {"und", "sowie", ","} and number + 1 < len(mentions)
        row = more and mentions[number + 1].first == mention.last + 1
        if link in {"und", "sowie"} or (link == "," and row):
            mention.oblique = True


def _candidates(tokens: Tokens, register: Register) -> list[int]:
    """Tokens that can be a surname, a pronoun, an organisation or a nominalised adjective."""
    words, surnames, flags = tokens.words, register.surnames, tokens.flags
    named = surnames.keys() | register.first_names.keys()
    named |= {f"{name}s" for name in surnames}
    lower = [name for name in surnames if name[0].islower()]  # `so al-Masri`
    odd = [i for i, word in enumerate(words) if word in lower] if lower else []
    found = [
        # `der gebürtige Amerikaner`
        index + (words[index] in NATIVE)
        for index in tokens.having(_SHORT_OR_CAPITAL, len(tokens.starts))
        if flags[index] & SHORT or words[index] in named
    ]
    return sorted({*found, *odd}) if odd else found


def _of_phrase(register: Register, phrase: Phrase) -> Mention:
    mention = Mention(
        phrase.first, phrase.last, "name", gender=phrase.gender, oblique=phrase.oblique,
        definite=phrase.definite, office=phrase.office, label=phrase.role,
        told_age=phrase.told_age,
    )  # fmt: skip
    if phrase.name and phrase.full and " " not in phrase.name:
        # A first name alone: who was printed in full before, else somebody new.
        mention.entry = register.by_first_name(phrase.name)
        if phrase.name not in register.first_names:
            mention.entry = register.enter(phrase.name, None, None, phrase.gender)
    elif phrase.name and phrase.full:
        mention.entry = register.enter(phrase.name, phrase.role, phrase.office, phrase.gender)
    elif phrase.name:
        mention.kind = "surname"
        mention.entry = register.by_surname(phrase.name, phrase.gender, phrase.office)
        if mention.entry is None:
            mention.entry = register.by_first_name(phrase.name)
        mention.label = None
    else:
        mention.kind = "office"
    return mention


def _is_they(tokens: Tokens, index: int) -> bool:
    """`schrieben sie`, `sie fordern`: many, not the woman last spoken of."""
    around = tokens.words[index - 1], tokens.words[index + 1]
    return any(word in lexicon.SPEECH_VERBS and word.endswith("en") for word in around)


def _points_at_somebody(tokens: Tokens, index: int) -> bool:
    """`sagte dieser`, `Dieser zeigte sich gerührt: Q`, but not `dieser Preis`."""
    words, behind = tokens.words, tokens.kinds[index + 1]
    first, last = tokens.sentence(index)
    leads = tokens.kinds[last - 1] == QUOTE and words[last - 2] == ":"
    if tokens.kinds[index] == LOWER:
        verb = words[index - 1]
        moves = leads and tokens.kinds[index - 1] == LOWER and tokens.kinds[index + 2] != CAPITAL
        moves = moves and not lexicon.is_function_word(verb)  # `blieb dieser lange stehen: Q`
        return (moves or verb in lexicon.SPEECH_VERBS) and behind != CAPITAL
    acts = words[index + 1] in lexicon.SPEECH_VERBS or words[index + 1] in _DOES
    return first == index and behind == LOWER and (leads or acts)


def _small_mention(tokens: Tokens, register: Register, index: int, limit: int) -> Mention | None:
    word, kind = tokens.words[index], tokens.kinds[index]
    if kind == LOWER or word in _CAPITAL_PRONOUNS:
        gender = PRONOUNS.get(word.lower())
        if word.lower() in POINTING and not _points_at_somebody(tokens, index):
            return None
        if word.lower() == "sie" and _is_they(tokens, index):
            return None
        if kind == LOWER and word in register.surnames:
            return _surname(tokens, register, index)
        if gender:
            oblique = word.lower() in {"ihm", "ihn", "ihr"} or (
                tokens.words[index - 1].lower() in lexicon.PREPOSITIONS - {"wie", "als"}
            )
            return Mention(index, index + 1, "pronoun", gender=gender, oblique=oblique)
        return None
    if kind == CAPITAL:
        return _capital(tokens, register, index, limit)
    if word.endswith(("-Jährige", "-Jähriger")):
        gender = {"der": "m", "die": "f"}.get(tokens.words[index - 1].lower())
        return Mention(index, index + 1, "pronoun", gender=gender) if gender else None
    return None


def _capital(tokens: Tokens, register: Register, index: int, limit: int) -> Mention | None:
    """A surname, an organisation, or somebody just named: `der Geehrte`, `die Siebenjährige`."""
    word = tokens.words[index]
    if tokens.features[index] & BODY and not _may_be_somebody(tokens, register, index):
        return _organisation(tokens, index, limit)
    if is_epithet(tokens, index):
        gender = "m" if tokens.words[index - 1] == "der" else "f"
        return Mention(index, index + 1, "pronoun", gender=gender, label=word)
    at = index - (tokens.words[index - 1] in NATIVE)
    if at < index or word.endswith(("jährige", "jähriger")):
        article = {"der": "m", "die": "f"}.get(tokens.words[at - 1].lower())
        return Mention(index, index + 1, "pronoun", gender=article) if article else None
    if word == "Pro" and tokens.words[index + 1] in lexicon.PRO:
        return _organisation(tokens, index, limit)
    if word == "Rat" and tokens.words[index - 1].lower() != "der":
        return None  # advice, not the council
    if word == "Rat" and tokens.words[index + 1] == "von" and limit == index + 2:
        return None  # `Der Rat von Fahrlehrerin Moll`
    known = _known(tokens, register, index)
    if known is None and lexicon.organisation_kind(word):
        return _organisation(tokens, index, limit)
    return known


def _known(tokens: Tokens, register: Register, index: int) -> Mention | None:
    """Somebody of whom a surname, its genitive or a first name is repeated."""
    word = tokens.words[index]
    if word in register.surnames:
        return _surname(tokens, register, index)
    if tokens.kinds[index + 1] != CAPITAL:
        known = register.by_first_name(word)  # `Jule` is Jule Moll
        return None if known is None else Mention(index, index + 1, "surname", known)
    if word[:-1] in register.surnames:
        # `Molls Fazit`, not `Molls Sohn`
        number = register.by_surname(word[:-1], None, None)
        owns = tokens.words[index + 1].lower() in lexicon.SPEECH_NOUNS
        return Mention(index, index + 1, "surname", number, oblique=not owns)
    return None


def _may_be_somebody(tokens: Tokens, register: Register, index: int) -> bool:
    """Whether a word that names a body is a person of this text too: `Frau Kirche`."""
    word, surnames = tokens.words[index], register.surnames
    return (
        word in surnames
        or word[:-1] in surnames
        or word in register.first_names
        or tokens.words[index - 1] in NATIVE
    )


def _surname(tokens: Tokens, register: Register, index: int) -> Mention:
    first = index
    while first > 0 and tokens.words[first - 1].lower() in lexicon.PARTICLES and first > index - 3:
        first -= 1
    number = register.by_surname(tokens.words[index], None, None)
    before = tokens.words[first - 1].lower()
    if number is not None and register.entries[number].role is None:
        read_role_behind(tokens, register, number, index + 1)
    if first < index and number is not None:
        # `mit der Heydt` keeps its preposition, `von der Heydt` is the name itself.
        name = register.entries[number].name
        if not name.lower().endswith(tokens.slice(first, index + 1).lower()):
            first, before = index, tokens.words[index - 1].lower()
    oblique = before in lexicon.PREPOSITIONS and before not in {"wie", "als"}
    return Mention(index if first > index else first, index + 1, "surname", number, oblique=oblique)


def _name_start(tokens: Tokens, index: int) -> int:
    """First word of a body's name: `Kinder- und Jugendrat`, `Deutsche Bahn`."""
    words = tokens.words
    if words[index - 1] == "und" and words[index - 2].endswith("-"):
        return index - 2
    named = {"Deutsche", "Deutscher", "Deutsches", "Freie", "Evangelische", "Katholische"}
    return index - 1 if words[index - 1] in named else index


def _organisation(tokens: Tokens, index: int, limit: int) -> Mention | None:
    paper = lexicon.organisation_kind(tokens.words[index]) == "paper"
    if (
        index + 1 == limit < len(tokens.starts)
        and tokens.kinds[index - 1] == LOWER
        and (tokens.words[index - 1] in lexicon.SPEECH_VERBS)
    ):
        return None  # `verlangt Wählergruppe Stadtrat Jan Moll`
    end = _organisation_end(tokens, index, limit)
    index = _name_start(tokens, index)
    before = index - 1
    for _ in range(2):
        word = tokens.words[before]
        adjective = tokens.kinds[before] == LOWER and word.endswith(("e", "en", "er"))
        if not adjective or lexicon.is_function_word(word):
            break
        before -= 1
    article = tokens.words[before].lower()
    label = tokens.words[index] if end == index + 1 else tokens.slice(index, end)
    word = tokens.words[index]
    possessor = lexicon.nominative(word) != word
    if possessor:  # `des Landkreises`
        if not _owns_words(tokens.words[before - 1], article):
            return None
        label = lexicon.nominative(word) + label[len(word) :]
    return Mention(
        index, end, "organisation", label=label, oblique=_is_oblique(tokens, before, article),
        definite=article in lexicon.DETERMINERS, paper=paper, possessor=possessor,
    )  # fmt: skip


def _owns_words(noun: str, article: str) -> bool:
    """`Angaben des Landkreises`, `Brief des Beirats`, `seitens des Kreises`; no other genitive."""
    if article not in {"des", "eines", "dieses"}:
        return False
    key = noun.lower()
    says = key in lexicon.SPEECH_NOUNS - _AIMS or noun in _SOURCES or key.endswith("seitens")
    return says or lexicon.organisation_kind(noun) == "paper"


def _organisation_end(tokens: Tokens, index: int, limit: int) -> int:
    """Token behind a body's name: `Fraktion Bürger für Jena`, `Bund der Steuerzahler`."""
    end = index + 1
    while (
        tokens.kinds[end] == CAPITAL
        and end < min(index + 4, limit)
        and tokens.words[end].lower() not in lexicon.TIMES
    ):
        end += 1
    if tokens.kinds[end + 1] != CAPITAL:
        return end
    if end > index + 1:
        return end + 2 * (tokens.words[end] == "für")
    ties = {"für", "der"} if tokens.words[index].lower() in _UNIONS else {"für"}
    return complement_end(tokens, end, frozenset(ties)) if tokens.words[end] in ties else end


def _is_oblique(tokens: Tokens, before: int, article: str) -> bool:
    """Whether article, preposition or the noun before keep a body from being the subject."""
    if article in lexicon.OBLIQUE_DETERMINERS or article in lexicon.PREPOSITIONS:
        return True
    if article == "der" and tokens.words[before + 1].endswith(_FEMININE):
        return True
    if article in lexicon.DETERMINERS and tokens.words[before - 1].lower() in lexicon.PREPOSITIONS:
        return True
    return tokens.kinds[before - 1] == CAPITAL and article in {"der", "des"}
