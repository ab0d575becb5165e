"""Writes the texts of one invented release: fills sentence patterns, builds sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.demo import sentences as patterns
from scraper.demo import speech
from scraper.demo.calendar import MONTHS, WEEKDAYS
from scraper.demo.people import Speaker, invent_speaker
from scraper.demo.subjects import MOTTOS, Subject, Thing
from scraper.records import Block, Link, Section

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.demo.chance import SeededRandom

_TIMES = ("8.30 Uhr", "10 Uhr", "11 Uhr", "14 Uhr", "15.30 Uhr", "18 Uhr", "19.30 Uhr")


def capital(text: str) -> str:
    """The text with a capital first letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]


class Slots(dict[str, str]):
    """Values for the slots of `scraper.demo.sentences`.

    What an article is about and what it costs is fixed; numbers, days and groups are thrown anew
    at every use.

    Args:
        dice: where chance comes from.
        thing: what the article is about.
        district: city district it is about.
        year: the year of publication.
    """

    def __init__(self, dice: SeededRandom, thing: Thing, district: str, year: int) -> None:
        names = ("nom", "acc", "dat", "gen")
        values = {name: thing.case(number) for number, name in enumerate(names)}
        values |= {f"s_{name}": thing.short(number) for number, name in enumerate(names)}
        values |= {"er": thing.pronoun(), "place": thing.place, "district": district}
        values |= {capital(name): capital(value) for name, value in values.items()}
        super().__init__(values, headline=thing.headline(), motto=dice.pick(MOTTOS))
        self["million"] = f"{dice.between(1, 48)},{dice.between(1, 9)}"
        self.dice = dice
        self.year = year

    def __missing__(self, name: str) -> str:
        if name[0].isupper():
            return capital(self[name.lower()])
        return _CHANCE[name](self)

    def fill(self, pattern: str) -> str:
        """The pattern with every slot filled."""
        return pattern.format_map(self) if "{" in pattern else pattern

    def speak_as(self, person: Speaker) -> None:
        """Let the slots about a speaker mean this person."""
        pronoun = "sie" if person.woman else "er"
        self.update(
            name=person.name,
            Name=person.name,
            surname=person.surname,
            office=person.office,
            short=person.short_office,
            Short=person.short_office,
            er_sie=pronoun,
            Er_sie=capital(pronoun),
        )


_CHANCE: dict[str, Callable[[Slots], str]] = {
    "number": lambda slots: str(slots.dice.between(12, 98)),
    "big": lambda slots: f"{slots.dice.between(1, 42)}.{slots.dice.between(1, 9)}00",
    "percent": lambda slots: str(slots.dice.between(3, 80)),
    "day": lambda slots: slots.dice.pick(WEEKDAYS),
    "month": lambda slots: slots.dice.pick(MONTHS[:7]),
    "month2": lambda slots: slots.dice.pick(MONTHS[7:]),
    "date": lambda slots: f"{slots.dice.between(1, 28)}. {slots.dice.pick(MONTHS)}",
    "year": lambda slots: str(slots.year),
    "time": lambda slots: slots.dice.pick(_TIMES),
    "amt": lambda slots: slots.dice.pick(patterns.OFFICES),
    "leute": lambda slots: slots.dice.pick(patterns.GROUPS),
    "f": lambda slots: slots.dice.pick(speech.FRAGMENTS),
    "q": lambda slots: slots.dice.pick(speech.QUESTIONS),
}


class Writer:
    """Writes one article's running text.

    Args:
        slots: what the article is about.
        subject: its field, which chooses the sentence patterns.
        base: origin of the site, for links within it.
    """

    def __init__(self, slots: Slots, subject: Subject, base: str) -> None:
        self.slots, self.subject, self.base = slots, subject, base
        self.dice = slots.dice
        self.links: list[Link] = []
        """Links in the order in which the text names them."""
        self._stock: list[str] = []
        self._spoken: list[str] = []

    def sections(self, words: int) -> tuple[Section, ...]:
        """A body of about that many words; the first section has no heading."""
        if words < 60:
            return (Section(None, (self._paragraph(2),)),)
        headings = list(patterns.HEADINGS)
        sections: list[Section] = []
        people = [invent_speaker(self.dice) for _ in range(1 + words // 350)]
        written = 0
        while written < words:
            heading = None
            if sections:
                heading = self.slots.fill(headings.pop(int(self.dice.fraction() * len(headings))))
            share = min(words - written, self.dice.between(90, 240))
            if len(sections) >= 6:  # headings run out before words do
                share = words - written
            blocks = self._blocks(share, people, opening=not sections)
            written += sum(block.text.count(" ") + 1 for block in blocks)
            sections.append(Section(heading, tuple(blocks)))
        return tuple(sections)

    def _blocks(self, words: int, people: list[Speaker], *, opening: bool) -> list[Block]:
        blocks = [self._paragraph(self.dice.between(2, 4))]
        extra: list[Callable[[], list[Block]]] = []
        if not opening:
            extra = [make for make in (self._list, self._table) if self.dice.chance(0.25)]
        written = 0
        quoted = False
        while written < words:
            if not quoted or self.dice.chance(0.25):
                blocks.append(self._statement(self.dice.pick(people)))
                quoted = True
            elif extra:
                blocks.extend(extra.pop()())
            elif self.dice.chance(0.12) and not opening:
                blocks.append(
                    Block("subheading", self.slots.fill(self.dice.pick(patterns.SUBHEADINGS)))
                )
                blocks.append(self._paragraph(2))
            else:
                blocks.append(self._paragraph(self.dice.between(2, 5)))
            written = sum(block.text.count(" ") + 1 for block in blocks)
        return blocks

    def _paragraph(self, number: int) -> Block:
        dice = self.dice
        chosen = [self._sentence() for _ in range(number)]
        if dice.chance(0.12) and len(self.links) < len(patterns.LINK_SENTENCES):
            pattern, label = patterns.LINK_SENTENCES[len(self.links)]
            chosen.append(pattern.format(link=label, leute=self.slots["leute"]))
            slug = f"{self.subject.folder}{label.split()[-1].lower()}/"
            self.links.append(Link(self.base + slug.replace("ü", "ue"), label, "internal"))
        return Block("paragraph", " ".join(chosen))

    def _sentence(self) -> str:
        """The next sentence; none comes again before all have been used."""
        if not self._stock:
            pool = patterns.BODIES[self.subject.kind] + patterns.GENERAL
            self._stock = self.dice.pick_some(pool, len(pool))
        return self.slots.fill(self._stock.pop())

    def _words(self) -> str:
        if not self._spoken:
            self._spoken = self.dice.pick_some(speech.SPOKEN, len(speech.SPOKEN))
        return self.slots.fill(self._spoken.pop())

    def _statement(self, person: Speaker) -> Block:
        """A paragraph in which somebody speaks."""
        slots, dice = self.slots, self.dice
        slots.speak_as(person)
        text = self._quotation(dice.pick(speech.STATEMENTS))
        if dice.chance(0.25) and "heißt es" not in text:
            text += (
                " " + self._sentence() + " " + self._quotation(dice.pick(speech.PRONOUN_STATEMENTS))
            )
        elif dice.chance(0.4):
            text = self._sentence() + " " + text
        return Block("paragraph", text)

    def _quotation(self, pattern: str) -> str:
        second = self._words() if "{v" in pattern else ""
        self.slots.update(w=self._words(), v=second, v_small=second[:1].lower() + second[1:])
        return self.slots.fill(pattern)

    def _list(self) -> list[Block]:
        items = self.dice.pick_some(patterns.ITEMS, self.dice.between(3, 5))
        return [Block("list_item", self.slots.fill(item)) for item in items]

    def _table(self) -> list[Block]:
        pattern = "{district} {place} | {number} | {date}"
        rows = [self.slots.fill(pattern) for _ in range(self.dice.between(2, 4))]
        rows.insert(0, "Standort | Plätze | Eröffnung")
        return [Block("table_row", row) for row in rows]
