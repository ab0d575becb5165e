"""How a text introduces somebody whose office does not stand beside the name.

`Neue Rektorin ist Anna Moll`, `Anna Moll ist seit 2019 Rektorin`, `…, die als Rektorin …`, and the
post that is told in the sentence before: `Die Schule hat eine neue Rektorin. …`.
"""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.offices import complement_end, genitive_end, read_role, role_start
from scraper.quotes.people import Mention, Register
from scraper.quotes.tokens import BREAK, CAPITAL, LOWER, Tokens

_SPANS = frozenset({"Jahr", "Jahren", "Jahrzehnten", "Monaten", "Wochen", "Tagen"})
_CAPACITIES = (["Funktion", "als"], ["Eigenschaft", "als"], ["Rolle", "als"])
_REACH = 25  # tokens on either side of a name
COPULAS = frozenset({"ist", "war", "wird", "wurde", "heißt", "heisst"})
"""Verbs between an office and its holder."""


def read_role_nearby(tokens: Tokens, register: Register, mention: Mention) -> None:
    """Complete a person whose office stands around the name."""
    number = mention.entry
    if number is not None and register.entries[number].role is None:
        read_role_behind(tokens, register, number, mention.last)
        before, behind = tokens.words[mention.first - 1], tokens.words[mention.last]
        is_now = before in {"ist", "war"} and behind.lower() not in lexicon.DETERMINERS
        if is_now or before in {"wird", "wurde", "bleibt"}:
            # `Im Mai wird Jan Moll neuer Leiter des Bauhofs.`, `Seit 2012 ist Jan Moll Leiter.`
            role = read_role(tokens, mention.last)
            if role and tokens.words[role[2]] in {".", ",", ""}:
                register.give_office(number, role[0], role[1])
        if register.entries[number].role is None:
            _read_role_ahead(tokens, register, number, mention.first)
        if register.entries[number].role is None and mention.kind == "name":
            _read_new_post(tokens, register, number, mention.first)
        if register.entries[number].role is None:
            _read_election(tokens, register, number, mention)


def _read_role_ahead(tokens: Tokens, register: Register, number: int, name: int) -> None:
    """`Neue Rektorin ist Anna Moll`, `Als Rektorin begrüßt Anna Moll`: the office comes first."""
    first, _ = tokens.sentence(name)
    for comma in range(max(first, name - 8), name):
        if tokens.words[comma] == "," and tokens.kinds[comma + 1] == CAPITAL:
            first = comma + 1  # `…, Kassenwartin bleibt Anna Moll`
    for verb in range(max(first + 1, name - 4), name):
        before = verb - 1
        if tokens.kinds[verb] != LOWER or tokens.kinds[before] != CAPITAL:
            continue
        as_office = tokens.words[first] == "Als" and (
            before == first + 1 or complement_end(tokens, first + 2, lexicon.LINKS) == verb
        )
        if not (as_office or tokens.words[verb] in COPULAS or tokens.words[verb] == "bleibt"):
            continue
        head = next((i for i in range(first, min(verb, first + 4)) if _is_post(tokens, i)), None)
        if head is not None:
            key = lexicon.office_key(tokens.words[head])
            begin = max(first, role_start(tokens, head))
            register.give_office(number, tokens.slice(begin, verb), key)
            return


def _is_post(tokens: Tokens, index: int) -> bool:
    """An office that somebody holds, not what somebody is to others or on one occasion."""
    key = lexicon.office_key(tokens.words[index]) if tokens.kinds[index] == CAPITAL else None
    if key is None or key in lexicon.GENERIC or lexicon.is_relation(key):
        return False
    return not lexicon.is_occasional(key)


def read_role_behind(tokens: Tokens, register: Register, number: int, at: int) -> None:
    """`Moll, Leiterin des Bauhofs,`, `Moll ist Leiterin des Bauhofs`, `Moll als Leiterin`."""
    if tokens.words[at] in {"arbeitet", "arbeitete"} and tokens.words[at + 1] == "als":
        at += 1
    if _read_relative(tokens, register, number, at):
        return
    if _read_dative(tokens, register, number, at):
        return
    if tokens.words[at] in COPULAS and tokens.words[at + 1] in {"seit", "ab", "nun", "jetzt"}:
        at = next((i for i in range(at + 2, at + 6) if tokens.kinds[i] == CAPITAL
                   and tokens.words[i].lower() not in lexicon.TIMES
                   and tokens.words[i] not in _SPANS), at) - 1  # fmt: skip
    elif tokens.words[at] == "in" and tokens.words[at + 2 : at + 4] in _CAPACITIES:
        at += 3  # `Moll in ihrer Funktion als Leiterin`
    elif tokens.words[at] not in {",", "(", "als"} | COPULAS:
        return
    role = read_role(tokens, at + 1)
    if role and tokens.words[role[2]] in {",", ".", ")", ";", "", "und", "\n\n"}:
        register.give_office(number, role[0], role[1])


def _read_relative(tokens: Tokens, register: Register, number: int, at: int) -> bool:
    """`räumt Moll ein, die als Leiterin des Bauhofs …`, `Moll, die seit 2019 Leiterin ist`."""
    for comma in range(at, at + 3):
        if tokens.words[comma] == "," and tokens.words[comma + 1] in {"die", "der"}:
            end = next(
                (i for i in range(comma + 3, comma + 8) if tokens.words[i] in {"ist", "war"}), 0
            )
            key = lexicon.office_key(tokens.words[end - 1]) if end else None
            if key and tokens.kinds[end - 1] == CAPITAL:
                register.give_office(number, tokens.words[end - 1], key)
                return True
        if tokens.words[comma : comma + 3] in ([",", "die", "als"], [",", "der", "als"]):
            head = comma + 3
            key = lexicon.office_key(tokens.words[head]) if tokens.kinds[head] == CAPITAL else None
            if key:
                register.give_office(number, _office(tokens, head), key)
            return key is not None
    return False


def _read_dative(tokens: Tokens, register: Register, number: int, at: int) -> bool:
    """`stellte das mit Anna Moll vor, der Leiterin des Bauhofs`: a particle stands between."""
    words = tokens.words
    gender = {"der": "f", "dem": "m"}.get(words[at + 2])
    if tokens.kinds[at] != LOWER or words[at + 1] != "," or gender is None:
        return False
    key = lexicon.office_key(words[at + 3]) if tokens.kinds[at + 3] == CAPITAL else None
    if key is None or lexicon.office_gender(words[at + 3]) != gender:
        return False
    register.give_office(number, _office(tokens, at + 3), key)
    return True


def _office(tokens: Tokens, head: int) -> str:
    """The office at `head` with its genitive."""
    after = complement_end(tokens, head + 1, frozenset({"der", "des", "von", "vom", "für"}))
    return tokens.slice(head, genitive_end(tokens, head + 1, after))


def _read_new_post(tokens: Tokens, register: Register, number: int, name: int) -> None:
    """`Das Amt hat eine neue Leiterin. Der Rat wählte Anna Moll.`: the post is told before."""
    end, _ = tokens.sentence(name)
    if end == 0 or tokens.kinds[end - 1] == BREAK:
        return
    for head in range(max(tokens.sentence(end - 1)[0] + 2, end - 40), end):
        if tokens.words[head - 1] not in {"neue", "neuen"} or tokens.kinds[head] != CAPITAL:
            continue
        key = lexicon.office_key(tokens.words[head])
        if key in {"chef", "chefin"} and tokens.words[head + 1] in {".", ",", ":"}:
            return  # says nothing of the office
        if key and tokens.words[head - 2] in {"eine", "einen"}:
            gender = lexicon.office_gender(tokens.words[head])
            if register.entries[number].gender in {gender, None}:
                register.give_office(number, _office(tokens, head), key)
            return


def _read_election(tokens: Tokens, register: Register, number: int, mention: Mention) -> None:
    """`Moll wurde 2009 zur Rektorin gewählt`, `Moll tritt das Amt des Rektors an`."""
    first, last = tokens.sentence(mention.first)
    first, last = max(first, mention.first - _REACH), min(last, mention.last + _REACH)
    words = tokens.words
    if not lexicon.ELECTIONS & set(words[first:last]):
        return
    for tie in range(first, last):
        to_office = words[tie] in {"zum", "zur", "Zum", "Zur", "als", "Als"}
        if not (to_office or words[tie - 1 : tie + 1] in (["Amt", "des"], ["Amt", "der"])):
            continue
        head = tie + 1
        while tokens.kinds[head] == LOWER and words[head].endswith(("en", "e", "er")):
            head += 1
        begin = head - (head - 1 > tie and lexicon.is_role_adjective(words[head - 1]))
        head += tokens.kinds[head] == CAPITAL and lexicon.is_role_adjective(words[head])
        key = lexicon.office_key(words[head]) if tokens.kinds[head] == CAPITAL else None
        if key and _is_elected(tokens, register, mention, head):
            office = " ".join([*words[begin:head], _office(tokens, head)])  # `Ersten …`
            if not to_office:
                # `das Amt des Rektors`: without the ending of the genitive
                office = words[head][: len(key)] + office[len(words[head]) :]
            register.give_office(number, office, key)
            return


def _is_elected(tokens: Tokens, register: Register, mention: Mention, head: int) -> bool:
    """Whether an office in the sentence is the one that a person gets, and not the voter's."""
    if mention.first <= head < mention.last or (mention.oblique and mention.label):
        return False
    gender = lexicon.office_gender(tokens.words[head])
    entry = register.entries[mention.entry] if mention.entry is not None else None
    return entry is not None and (gender is None or entry.gender in {gender, None})
