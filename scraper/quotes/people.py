"""The register of an article: its persons with their offices, and the mentions of them.

A surname or an office that could mean two persons means nobody.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Literal

from scraper.quotes import lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

MentionKind = Literal["name", "surname", "office", "pronoun", "organisation"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known from the text or its surroundings."""

    name: str
    """Full name without titles, as printed."""
    role: str | None = None
    """Office as printed, without article, name and titles."""
    gender: str | None = None
    """Grammatical gender, `m` or `f`, where words show it."""


@dataclass(slots=True)
class Entry:
    """A person as far as the article has told of them."""

    name: str
    role: str | None
    offices: set[str]
    gender: str | None
    full: bool


@dataclass(slots=True)
class Mention:
    """One place of a text that stands for somebody who can speak. Token numbers."""

    first: int
    last: int
    kind: MentionKind
    entry: int | None = None
    """Number in the register; None for organisations, unknown and ambiguous ones."""
    label: str | None = None
    """Organisation, or office of a person without a name."""
    gender: str | None = None
    oblique: bool = False
    definite: bool = False
    office: str | None = None
    told_age: bool = False
    """True for `die 23-jährige Bäckerin`."""
    paper: bool = False
    """True for an organisation that is a document: it speaks only in `heißt es in`."""
    possessor: bool = False
    """True for a body in the genitive that shows it: `des Kantons`."""
    spoke: bool = False
    """Set when a quotation was given to it."""


_CROWD = 50
"""Persons of one name or office that are looked at: nobody is told apart in a longer list."""


@dataclass(slots=True)
class Register:
    """The persons of an article, and the mentions in one text of it."""

    entries: list[Entry] = field(default_factory=list)
    surnames: dict[str, list[int]] = field(default_factory=dict)
    """Last word of a name → numbers."""
    first_names: dict[str, list[int]] = field(default_factory=dict)
    """First word of a name of several words → numbers."""
    holders: dict[str, list[int]] = field(default_factory=dict)
    """Office → numbers."""
    mentions: list[Mention] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)

    def person(self, number: int) -> Person:
        """The person of that number."""
        entry = self.entries[number]
        return Person(entry.name, entry.role, entry.gender)

    def between(self, first: int, last: int) -> list[Mention]:
        """Mentions that start in the tokens from `first` up to, not including, `last`."""
        return self.mentions[bisect_left(self.firsts, first) : bisect_left(self.firsts, last)]

    def enter(self, name: str, role: str | None, office: str | None, gender: str | None) -> int:
        """Number of the person with that full name, who is entered when new."""
        for number in self.surnames.get(last_word(name), [])[:_CROWD]:
            entry = self.entries[number]
            if entry.name == name or entry.name.endswith(f" {name}"):
                # `Di Lorenzo` is the `Paolo Di Lorenzo` who was named before.
                self._complete(number, role, office, gender)
                return number
            if not entry.full and name.endswith(entry.name):
                entry.name, entry.full = name, True
                self._list_first_name(number)
                self._complete(number, role, office, gender)
                return number
        return self._add(Entry(name, None, set(), None, full=True), role, office, gender)

    def enter_surname(
        self, name: str, role: str | None, office: str | None, gender: str | None
    ) -> int:
        """Number of a new person of whom no more than the surname is printed."""
        return self._add(Entry(name, None, set(), None, full=False), role, office, gender)

    def by_surname(self, name: str, gender: str | None, office: str | None) -> int | None:
        """The one person of that surname; an office or `Frau` may tell two apart."""
        numbers = set(self.surnames.get(last_word(name), [])[:_CROWD])
        if len(numbers) > 1 and office:
            numbers = {n for n in numbers if office in self.entries[n].offices} or numbers
        if len(numbers) > 1 and gender:
            numbers = {n for n in numbers if self.entries[n].gender in {gender, None}}
        return next(iter(numbers)) if len(numbers) == 1 else None

    def by_first_name(self, name: str) -> int | None:
        """The one person whose full name starts with that first name."""
        found = self.first_names.get(name, [])
        return found[0] if len(found) == 1 else None

    def by_office(self, office: str, gender: str | None) -> int | None:
        """The one person who holds that office, or one it is another word for."""
        for numbers in (
            self.holders.get(office, []),
            # "die Dezernentin" means the Schuldezernentin, never the other way round.
            self._ending(office),
            [n for o in lexicon.synonyms(office) for n in self.holders.get(o, [])[:_CROWD]],
            self._standing_for(office),
            self._kindred(office),
        ):
            found = {
                number
                for number in numbers[:_CROWD]
                if not (gender and self.entries[number].gender not in {gender, None})
            }
            if found:
                return next(iter(found)) if len(found) == 1 else None
        return None

    def give_office(self, number: int, role: str | None, office: str | None) -> None:
        """Enter the office of a person that only a later sentence tells."""
        self._complete(number, role, office, None)

    def _add(self, entry: Entry, role: str | None, office: str | None, gender: str | None) -> int:
        self.entries.append(entry)
        number = len(self.entries) - 1
        surname = last_word(entry.name)
        self.surnames.setdefault(surname, []).append(number)
        if surname.isupper():
            self.surnames.setdefault(surname.title(), []).append(number)  # `PRÖLL`, later `Pröll`
        self._list_first_name(number)
        self._complete(number, role, office, gender)
        return number

    def _list_first_name(self, number: int) -> None:
        first, blank, _ = self.entries[number].name.partition(" ")
        if blank:
            self.first_names.setdefault(first, []).append(number)

    def _complete(
        self, number: int, role: str | None, office: str | None, gender: str | None
    ) -> None:
        entry = self.entries[number]
        if entry.role is None:
            entry.role = role
        if office and office not in entry.offices:
            entry.offices.add(office)
            self.holders.setdefault(office, []).append(number)
        if entry.gender is None:
            entry.gender = gender

    def _ending(self, office: str) -> list[int]:
        held = islice(self.holders.items(), 4 * _CROWD) if len(office) > 3 else ()
        return [
            number
            for other, found in held
            if other.endswith(office) or other.replace("-", "").endswith(office)
            for number in found[:_CROWD]
        ]

    def _standing_for(self, office: str) -> list[int]:
        """`Regierungsrätin` for a `Volkswirtschaftsdirektorin`, which is another word for it."""
        keys, ends = lexicon.stood_for_by(office)
        found = [n for key in keys for n in self.holders.get(key, [])[:_CROWD]]
        for other, numbers in islice(self.holders.items(), 4 * _CROWD) if ends else ():
            if other.endswith(ends) and office in lexicon.synonyms(other):
                found += numbers[:_CROWD]
        return found

    def _kindred(self, office: str) -> list[int]:
        """`Amtsleiterin` for a `Kulturamtschefin`, `Umweltreferent` for `Referent für Umwelt`."""
        stem = office.removesuffix("in")
        for heads in _HEADS:
            for head in heads:
                subject = stem.removesuffix(head).removesuffix("s")
                if stem.endswith(head) and len(subject) > 2:
                    return [
                        number
                        for number, entry in enumerate(self.entries[:_CROWD])
                        if subject in (held := (entry.role or "").lower())
                        and any(other in held for other in heads)
                    ]
        return []


def last_word(name: str) -> str:
    """The part of a name that a later mention repeats."""
    return name.rpartition(" ")[2]


_HEADS = (
    ("leiter", "chef", "direktor", "vorsteher"),
    ("referent",),
    ("dezernent",),
    ("beauftragte", "beauftragter"),
    ("vorsitzende", "vorsitzender"),
    ("manager", "koordinator"),
    ("senator",),
    ("minister",),
)
"""Heads of compound offices; those of one line are used for one another."""


def enter_known(register: Register, known: Sequence[Person]) -> None:
    """Enter persons that something outside of the text tells of."""
    for person in known:
        office = None
        for word in (person.role or "").split():
            office = lexicon.office_key(word) if word[0].isupper() else None
            if office:
                break
        register.enter(person.name, person.role, office, person.gender)
