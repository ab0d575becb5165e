"""An invented newsroom: any number of releases, each made on its own from the seed.

Article 0 is the newest. Nothing is stored but the newest teasers: article n is computed when it is
asked for, so a newsroom of 100,000 starts as fast as one of 60.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from scraper import dates, urls
from scraper.demo import sentences as patterns
from scraper.demo.calendar import printed
from scraper.demo.chance import SeededRandom
from scraper.demo.gallery import Gallery
from scraper.demo.page import BASE
from scraper.demo.prose import Slots, Writer
from scraper.demo.subjects import DISTRICTS, PLACES, SUBJECTS, Subject, Thing
from scraper.records import Article, Link, Related, article_text
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = "Europe/Berlin"
NEWS, OLD_NEWS, PRESS = (
    "/newsroom/nachrichten-dortmund.de/",
    "/newsroom/nachrichten/",
    "/newsroom/presse-mitteilungen/",
)
"""The three sections that hold articles."""
TEASERS = 15
"""Number of teasers on the newsroom page and in a slider."""

_NUMBER = re.compile(r"-(\d{1,9})\.html$")
_PATTERN = (3, 4, 2, 5, 1, 3)  # releases on six days of publication
_RHYTHM = tuple(day for day, number in enumerate(_PATTERN) for _ in range(number))
_SLUG_TRANSLATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SLUG_DROPPED = re.compile(r"[^\w„. -]+")


@dataclass(frozen=True, slots=True)
class Head:
    """What listings show of an article; cheaper to make than the article."""

    number: int
    """Position in the newsroom, 0 is the newest."""
    url: str
    """Canonical URL."""
    path: str
    """The site's own spelling of the address, at times with raw non-ASCII characters."""
    title: str
    """Headline."""
    published: date
    """Day of publication."""
    clock: time | None
    """Time of day of publication."""
    district: str | None
    """City district."""
    content_id: str
    """UUID."""
    subject: Subject
    """What it is about."""
    tags: tuple[str, ...]
    """Subject headings, the district among them."""

    @property
    def press(self) -> bool:
        """Whether it is a formal press release."""
        return self.path.startswith(PRESS)


class Newsroom:
    """A deterministic newsroom.

    Args:
        count: number of articles, from 0 up.
        seed: another seed makes another newsroom.
        newest: day of article 0.
        span_days: days between the newest and the oldest article; None chooses 3 to 20 years.

    Raises:
        ValueError: `count` or `span_days` is negative.
    """

    def __init__(
        self,
        count: int = 60,
        *,
        seed: int = 1,
        newest: date = date(2026, 10, 2),
        span_days: int | None = None,
    ) -> None:
        if count < 0 or (span_days is not None and span_days < 0):
            raise ValueError("count and span_days must not be negative")
        self.count, self.seed, self.newest = count, seed, newest
        self._newest_day = newest.toordinal()
        self.span_days = min(7300, max(1095, count // 4)) if span_days is None else span_days
        self._days = max(1, self._publication_day(max(0, count - 1)))
        self.head = lru_cache(maxsize=64)(self._head)  # the newest stand on every page
        self._teaser = lru_cache(maxsize=64)(self._make_teaser)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Article]:
        return map(self.article, range(self.count))

    def article(self, n: int) -> Article:
        """The record of article n as the parser should read it; prose quotations are left out.

        Raises:
            IndexError: there is no article n.
        """
        head = self.head(n)
        dice = SeededRandom(self._key(n) * 2 + 1)
        slots, writer = self._writer(head, dice)
        words = 15 if dice.chance(0.12) else int(90 + 1100 * dice.fraction() ** 3)
        sections = writer.sections(words)
        lead = None
        if dice.chance(0.85):
            lead = slots.fill(dice.pick(patterns.LEADS[head.subject.kind]))
        picture_less = head.press and dice.chance(0.6)
        gallery = Gallery(slots, head.published, n, BASE)
        images, quotes = gallery.pictures(0 if picture_less else words)
        links = tuple(writer.links) + self._closing_links(head, dice)
        return Article(
            url=head.url,
            site="dortmund",
            content_id=head.content_id,
            page_id=str(1000 + (self.count - n) * 7),
            title=head.title,
            kicker=_kicker(head, slots, dice),
            lead=lead,
            description=lead or (sections[0].blocks[0].text if dice.chance(0.8) else None),
            published=dates.local_iso(head.published, head.clock, ZONE),
            published_raw=printed(head.published, head.clock),
            sections=sections,
            text=article_text(lead, sections),
            images=images,
            quotes=quotes,
            videos=gallery.videos(words),
            links=links,
            tags=head.tags,
            district=head.district,
            related=() if picture_less else self.slider(n),
        )

    def index_of(self, path: str) -> int | None:
        """The number of the article at a path or URL, in any spelling; None if it is not one."""
        url = urls.canonical(path, BASE)
        wanted = urls.path(url or "")
        match = _NUMBER.search(wanted)
        if match is None or int(match[1]) >= self.count:
            return None
        n = int(match[1])
        return n if urls.path(self.head(n).url) == wanted else None

    def slider(self, n: int) -> tuple[Related, ...]:
        """The teasers below article n: the newest without itself."""
        newest = range(min(self.count, TEASERS + 1))
        return tuple(self.teaser(other) for other in newest if other != n)[:TEASERS]

    def teaser(self, n: int) -> Related:
        """The teaser of article n."""
        return self._teaser(n)

    def _make_teaser(self, n: int) -> Related:
        head = self.head(n)
        return Related(head.url, head.title, head.published.isoformat(), head.district)

    def _key(self, n: int) -> int:
        return (self.seed % 2**32 << 34) + n

    def _publication_day(self, n: int) -> int:
        weeks, rest = divmod(n, len(_RHYTHM))
        return weeks * len(_PATTERN) + _RHYTHM[rest]

    def _day(self, n: int) -> int:
        """The day of article n as an ordinal: nobody publishes on a Sunday."""
        day = self._newest_day - self._publication_day(n) * self.span_days // self._days
        return day if day % 7 else day - 1

    def _clock(self, n: int, day: int) -> time:
        """Time of day, later for newer articles of the same day."""
        low, high = self._first(day, n), self._first(day - 1, n)
        width = 660 / (high - low)
        minute = int(1110 - (n - low + 1) * width + width * ((n * 37) % 89) / 90)
        return time(minute // 60, minute % 60)

    def _first(self, day: int, near: int) -> int:
        """The first article on that day or before; `near` is not far from it."""
        step = 1
        while near - step > 0 and self._day(near - step) <= day:
            step *= 2
        low = max(0, near - step)
        step = 1
        while near + step < self.count and self._day(near + step) > day:
            step *= 2
        high = min(self.count, near + step)
        while low < high:
            middle = (low + high) // 2
            if self._day(middle) > day:
                low = middle + 1
            else:
                high = middle
        return low

    def _head(self, n: int) -> Head:
        if not 0 <= n < self.count:
            raise IndexError(f"the newsroom has no article {n}")
        dice = SeededRandom(self._key(n) * 2)
        subject = dice.pick(SUBJECTS)
        district = dice.pick(DISTRICTS)
        thing = Thing(*dice.pick(subject.nouns), dice.pick(subject.adjectives), dice.pick(PLACES))
        ordinal = self._day(n)
        day = date.fromordinal(ordinal)
        title = Slots(dice, thing, district, day.year).fill(
            dice.pick(patterns.TITLES[subject.kind])
        )
        throw = dice.fraction()
        section = PRESS if throw < 0.16 else OLD_NEWS if throw < 0.3 else NEWS
        slug = _slug(title, keep_umlauts=dice.chance(0.12))
        path = f"{section}{slug}-{n}.html"
        filed = dice.chance(0.4)  # most releases concern the whole city
        tags = subject.tags if dice.chance(0.4) else subject.tags[:1]
        return Head(
            n,
            BASE + quote(path),
            path,
            title,
            day,
            None if dice.chance(0.06) else self._clock(n, ordinal),
            district if filed else None,
            dice.identifier(),
            subject,
            (*tags, district) if filed else (() if dice.chance(0.05) else tags),
        )

    def _writer(self, head: Head, dice: SeededRandom) -> tuple[Slots, Writer]:
        """The same thing and district as in the headline, with new dice for the text."""
        again = SeededRandom(self._key(head.number) * 2)
        again.fraction()
        district = again.pick(DISTRICTS)
        thing = Thing(
            *again.pick(head.subject.nouns),
            again.pick(head.subject.adjectives),
            again.pick(PLACES),
        )
        slots = Slots(dice, thing, district, head.published.year)
        return slots, Writer(slots, head.subject, BASE)

    def _closing_links(self, head: Head, dice: SeededRandom) -> tuple[Link, ...]:
        """Buttons below the text; attached files come last."""
        links: list[Link] = []
        if dice.chance(0.35):
            label = f"Mehr zum Thema {head.subject.kickers[0]}"
            links.append(Link(BASE + head.subject.folder, label, "internal"))
        if dice.chance(0.2):
            url, label = dice.pick(patterns.EXTERNAL_SITES)
            links.append(Link(url, label, "external"))
        if dice.chance(0.8 if head.press else 0.2):
            for name in dice.pick_some(patterns.DOWNLOADS, dice.between(1, 3)):
                address = f"/dortmund/downloads/{head.published.year}/{head.number}_{name}.pdf"
                links.append(Link(BASE + quote(address.lower()), name + " (PDF)", "download"))
        return tuple(links)


def _kicker(head: Head, slots: Slots, dice: SeededRandom) -> str | None:
    """Press releases carry a whole sub-headline above the headline."""
    if head.press and dice.chance(0.8):
        return slots.fill(dice.pick(patterns.TOPLINES))
    return dice.pick(head.subject.kickers) if dice.chance(0.94) else None


def _slug(title: str, *, keep_umlauts: bool) -> str:
    """The site's rules: dots and the opening quotation mark stay, other marks go."""
    text = fold(title).lower()
    if not keep_umlauts:
        text = text.translate(_SLUG_TRANSLATION)
    return "-".join(_SLUG_DROPPED.sub("", text).replace("-", " ").split())[:110].strip("-.")
