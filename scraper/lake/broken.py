"""Pages that end in the middle, kept back until it is known whether the site's pages all do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.importing.found import Unreadable
from scraper.markup.ending import BREAKS_OFF, last_characters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.lake.tables import Place, Row
    from scraper.records import Article, Capture

_ALIKE = 3
_MOST_HELD = 100
"""More are not waited with: they count as broken."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read, and its rows."""

    place: Place
    capture: Capture
    article: Article
    rows: dict[str, list[Row]]
    breaks_off: bool
    """Whether it ends in the middle, by itself."""


class BrokenPages:
    """Tells pages that break off from those of a site whose pages end without end tags.

    Three pages of a site with different content that end with the very same characters are as the
    site makes them. All of this is within one task.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, bytes], list[Page]] = {}
        self._count = 0
        self._usual: set[tuple[str, bytes]] = set()

    def whole(self, site: str, page: Page) -> list[Page]:
        """The pages that are whole, now that this one is known: it, none, or held ones as well.

        Args:
            site: whose page.
            page: the page.

        Raises:
            Unreadable: it breaks off, and too many others that may do so wait already.
        """
        if not page.breaks_off:
            return [page]
        ending = (site, last_characters(page.capture.body))
        if ending in self._usual:
            return [page]
        if self._count >= _MOST_HELD:
            raise Unreadable(BREAKS_OFF)
        held = self._held.setdefault(ending, [])
        held.append(page)
        self._count += 1
        if len({each.capture.body for each in held}) < _ALIKE:
            return []
        self._usual.add(ending)
        self._count -= len(held)
        return self._held.pop(ending)

    def broken(self) -> Iterator[tuple[str, Page]]:
        """Site and page of all that are still held, in the order in which they came."""
        pages = [(key[0], page) for key, held in self._held.items() for page in held]
        yield from sorted(pages, key=lambda each: each[1].place.offset)
