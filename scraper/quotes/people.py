"""The register of an article: its persons with their offices, and the mentions of them.

A surname or an office that could mean two persons means nobody.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
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
    spoke: bool = False
    """Set when a quotation was given to it."""


@dataclass(slots=True)
class Register:
    """The persons of an article, and the mentions in one text of it."""

    entries: list[Entry] = field(default_factory=list)
    surnames: dict[str, set[int]] = field(default_factory=dict)
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
        for number in self.surnames.get(last_word(name), ()):
            entry = self.entries[number]
            if entry.name == name or entry.name.endswith(f" {name}"):
                # `Di Lorenzo` is the `Paolo Di Lorenzo` who was named before.
                self._complete(entry, role, office, gender)
                return number
            if not entry.full and name.endswith(entry.name):
                entry.name, entry.full = name, True
                self._complete(entry, role, office, gender)
                return number
        self.entries.append(Entry(name, None, set(), None, full=True))
        number = len(self.entries) - 1
        self._complete(self.entries[number], role, office, gender)
        self.surnames.setdefault(last_word(name), set()).add(number)
        return number

    def by_surname(self, name: str, gender: str | None, office: str | None) -> int | None:
        """The one person of that surname; an office or `Frau` may tell two apart."""
        numbers = self.surnames.get(last_word(name), set())
        if len(numbers) > 1 and office:
            numbers = {n for n in numbers if office in self.entries[n].offices} or numbers
        if len(numbers) > 1 and gender:
            numbers = {n for n in numbers if self.entries[n].gender in {gender, None}}
        return next(iter(numbers)) if len(numbers) == 1 else None

    def first_names(self) -> frozenset[str]:
        """First names of those who are known with a surname."""
        return frozenset(entry.name.split()[0] for entry in self.entries if " " in entry.name)

    def by_first_name(self, name: str) -> int | None:
        """The one person whose full name starts with that first name."""
        found = [n for n, entry in enumerate(self.entries) if entry.name.startswith(f"{name} ")]
        return found[0] if len(found) == 1 else None

    def has_first_name(self, name: str) -> bool:
        """Whether anybody's full name starts with that first name."""
        return any(entry.name.startswith(f"{name} ") for entry in self.entries)

    def by_office(self, office: str, gender: str | None) -> int | None:
        """The one person who holds that office, or one it is another word for."""
        for matches in (_same, _part, _synonym, _kindred):
            found = {
                number
                for number, entry in enumerate(self.entries)
                if matches(office, entry)
                and not (gender and entry.gender and gender != entry.gender)
            }
            if found:
                return next(iter(found)) if len(found) == 1 else None
        return None

    def _complete(
        self, entry: Entry, role: str | None, office: str | None, gender: str | None
    ) -> None:
        if entry.role is None:
            entry.role = role
        if office:
            entry.offices.add(office)
        if entry.gender is None:
            entry.gender = gender

    def give_office(self, number: int, role: str | None, office: str | None) -> None:
        """Enter the office of a person that only a later sentence tells."""
        self._complete(self.entries[number], role, office, None)


def last_word(name: str) -> str:
    """The part of a name that a later mention repeats."""
    return name.rpartition(" ")[2]


def _same(office: str, entry: Entry) -> bool:
    return office in entry.offices


def _part(office: str, entry: Entry) -> bool:
    # "die Dezernentin" means the Schuldezernentin, never the other way round.
    return len(office) > 3 and any(held.endswith(office) for held in entry.offices)


def _synonym(office: str, entry: Entry) -> bool:
    return not entry.offices.isdisjoint(lexicon.SYNONYMS.get(office, frozenset()))


def _kindred(office: str, entry: Entry) -> bool:
    """`Amtsleiterin` for a `Kulturamtschefin`, `Umweltreferent` for a `Referent für Umwelt`."""
    stem, held = office.lower().removesuffix("in"), (entry.role or "").lower()
    for heads in _HEADS:
        for head in heads:
            subject = stem.removesuffix(head).removesuffix("s")
            if stem.endswith(head) and len(subject) > 2:
                return subject in held and any(other in held for other in heads)
    return False


_HEADS = (
    ("leiter", "chef", "direktor", "vorsteher"),
    ("referent",),
    ("dezernent",),
    ("beauftragte", "beauftragter"),
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
