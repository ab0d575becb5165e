"""Pages that break off: a capture without an end tag, of a page that has one, or in the middle.

A transfer that broke, or a template that did, must not look like an edit by the city.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain, islice
from typing import TYPE_CHECKING

from scraper.archive.read import read_capture_by_id
from scraper.errors import ArchiveError
from scraper.importing.found import Entry, Unreadable
from scraper.markup.ending import BREAKS_OFF, has_end_tag, last_characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.archive import Archive
    from scraper.importing.reading import ReadPage

_NEIGHBOURS = 2
_MOST_LOOKED_AT = 6
_OTHER_CAPTURES = (
    "it breaks off: other captures of this page have an end tag, and this one has none"
)
_OTHER_PAGES = (
    "it breaks off: the pages that were captured around it have an end tag, and it has none"
)


class EndTags:
    """Which pages have end tags, in the files of an import and in the archive.

    Args:
        entries: all pages of the import, in the order of time.
        archive: where they go; None if there is none yet.
    """

    def __init__(self, entries: Iterable[Entry], archive: Archive | None) -> None:
        self._archive = archive
        self._by_url: dict[str, list[Entry]] = {}
        self._by_folder: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_url.setdefault(entry.url, []).append(entry)
            self._by_folder.setdefault(_folder(entry.url), []).append(entry)
        self._has_one: dict[str, bool] = {}  # by address: whether any capture has an end tag

    def check(self, entry: Entry, found: ReadPage) -> None:
        """Compare a page with others.

        Captures of the same page tell; if there are no others, the pages of the same folder that
        were captured just before and after it do. One that ends in the middle breaks off, unless
        two others end with the very same characters: then the site's pages are so.

        Raises:
            Unreadable: it breaks off.
        """
        if has_end_tag(found.page.capture.body):
            self._has_one[entry.url] = True
            return
        if entry.url not in self._has_one:
            self._has_one[entry.url] = any(map(has_end_tag, self._other_captures(entry)))
        if self._has_one[entry.url]:
            raise Unreadable(_OTHER_CAPTURES)
        around = self._around(entry)
        if len(around) >= _NEIGHBOURS and all(map(_entry_has_end_tag, around)):
            raise Unreadable(_OTHER_PAGES)
        if found.breaks_off and not self._others_end_so(entry, found.page.capture.body):
            raise Unreadable(BREAKS_OFF)

    def _others_end_so(self, entry: Entry, body: bytes) -> bool:
        """Whether two other pages end as this one does."""
        others = chain(self._other_captures(entry), map(_body, self._around(entry)))
        looked_at = islice((other for other in others if other != body), _MOST_LOOKED_AT)
        alike = (other for other in looked_at if last_characters(other) == last_characters(body))
        return len(list(islice(alike, _NEIGHBOURS))) == _NEIGHBOURS

    def _other_captures(self, entry: Entry) -> Iterator[bytes]:
        if self._archive is not None:
            for row in self._archive.rows(_STORED, (entry.url,)):
                try:
                    yield read_capture_by_id(self._archive, row["id"]).body
                except ArchiveError:  # `verify` tells
                    continue
        for other in self._by_url[entry.url]:
            if other is not entry:
                try:
                    yield other.load().capture.body
                except Unreadable:
                    continue

    def _around(self, entry: Entry) -> list[Entry]:
        if len(self._by_url[entry.url]) > 1:
            return []  # it is like this each time
        pages = self._by_folder[_folder(entry.url)]
        at = bisect_left(pages, entry.at, key=lambda page: page.at)
        return [
            page
            for page in pages[max(at - _NEIGHBOURS, 0) : at + _NEIGHBOURS + 1]
            if page is not entry
        ]


_STORED = (
    "SELECT id FROM captures WHERE url = ? AND status = 200 AND error IS NULL ORDER BY id DESC"
)


def _folder(url: str) -> str:
    return url.rpartition("/")[0]


def _entry_has_end_tag(entry: Entry) -> bool:
    return has_end_tag(_body(entry))


def _body(entry: Entry) -> bytes:
    """The page; nothing if it cannot be read."""
    try:
        return entry.load().capture.body
    except Unreadable:
        return b""
