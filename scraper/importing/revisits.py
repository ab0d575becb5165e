"""Revisits: records that say that a page was the same as another one, and which one that is."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from scraper.importing.found import Entry, Page, Reason, Revisit, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator


def resolve(revisits: list[Revisit], entries: list[Entry]) -> Iterator[Entry | Skipped]:
    """Find what each revisit refers to, among all pages of an import.

    A record says so by the id of the other one, by its digest, or by its address and time. One that
    says nothing of these means the newest page before it, of the address that it names or has. The
    other may be a revisit itself, of an earlier page.
    """
    known = _Known(entries)
    for revisit in sorted(revisits, key=lambda revisit: revisit.at):
        original = known.original(revisit)
        if original is None:
            yield Skipped(Reason.NO_ORIGINAL)
            continue
        entry = Entry(
            revisit.url,
            revisit.at,
            revisit.where,
            _Again(original, revisit.url, revisit.at),
            is_dated=original.is_dated,
            record_id=revisit.record_id,
            is_invented=original.is_invented,
            place=revisit.place,
            original=original.place,
        )
        known.add(entry)
        yield entry


class _Known:
    """Pages, by all that records may call them; of several, the first that was added."""

    def __init__(self, entries: list[Entry]) -> None:
        self._by_id: dict[str, Entry] = {}
        self._by_digest: dict[str, Entry] = {}
        self._by_url: dict[str, list[Entry]] = {}
        self._by_place: dict[tuple[str, datetime], Entry] = {}
        for entry in entries:
            self.add(entry)
            self._by_url.setdefault(entry.url, []).append(entry)
        for same in self._by_url.values():
            same.sort(key=lambda entry: entry.at)

    def add(self, entry: Entry) -> None:
        # A revisit of a revisit leads straight to the page.
        original = entry.load.original if isinstance(entry.load, _Again) else entry
        if entry.record_id:
            self._by_id.setdefault(entry.record_id, original)
        if entry.digest:
            self._by_digest.setdefault(entry.digest, original)
        # Some tools write the time of the original to the second only.
        self._by_place.setdefault((entry.url, entry.at.replace(microsecond=0)), original)

    def original(self, revisit: Revisit) -> Entry | None:
        found = self._by_id.get(revisit.refers_to_id) if revisit.refers_to_id else None
        if found is None and revisit.digest:
            found = self._by_digest.get(revisit.digest)
        if found is None and revisit.refers_at is not None:
            moment = revisit.refers_at.replace(microsecond=0)
            found = self._by_place.get((revisit.refers_to or revisit.url, moment))
        elif found is None and revisit.refers_to_id is None:
            found = self._before(revisit)
        return found

    def _before(self, revisit: Revisit) -> Entry | None:
        """The newest page before a revisit, unless its digest is another one."""
        same = self._by_url.get(revisit.refers_to or revisit.url, [])
        at = bisect_left(same, revisit.at, key=lambda entry: entry.at)
        if at == 0 or (revisit.digest and same[at - 1].digest):  # it would have been found by it
            return None
        return same[at - 1]


@dataclass(frozen=True, slots=True)
class _Again:
    """Reads the page that a revisit refers to, as of the revisit."""

    original: Entry
    url: str
    at: datetime

    def __call__(self) -> Page:
        page = self.original.load()
        capture = dataclasses.replace(page.capture, url=self.url, fetched_at=self.at)
        exchange = page.exchange
        if exchange is not None:
            exchange = dataclasses.replace(exchange, url=self.url, at=self.at)
        return Page(capture, exchange)
