"""Facts about every release that facets count and lists are ordered by, held in memory.

At 100,000 releases they take some 60 MB, and counting takes milliseconds where SQL would read
the whole archive. A crawl notes an event for whatever it changes about a release, in the same
transaction; so new events say which releases are to be read again.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from scraper.archive.search.filters import label_key, speaker_words
from scraper.archive.search.german import name_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scraper.archive import Archive
    from scraper.browse.selection import Selection

LONGEST_NAME = 300
"""Longer tags, names and kickers are mistakes of a page; the web view cannot narrow by them."""

_REREAD_AT_MOST = 5_000
"""With more new events than that, reading everything is the faster way."""


@dataclass(frozen=True)
class Columns:
    """Facts by the id of the release; a snapshot that never changes."""

    version: tuple[int, int]
    """Last event and number of releases."""
    order: list[int]
    """All releases, the newest first; of those published at once, the first stored first."""
    published: dict[int, str]
    """As in the archive; "" if there is none."""
    month: dict[int, str]
    """The same, cut to `2026-05`; "" if it does not begin with a day."""
    kicker: dict[int, str | None]
    district: dict[int, str | None]
    site: dict[int, str]
    """Key of the city."""
    tags: dict[int, tuple[str, ...]]
    """Each once; only of releases that have some."""
    speakers: dict[int, tuple[str, ...]]
    """Names of those quoted, each once; only of releases that quote somebody."""
    tag_counts: Counter[str]
    """Number of releases per tag."""
    speaker_counts: Counter[str]
    """Number of releases that quote somebody."""
    months: Counter[str]
    """Number of releases per month; undated ones are left out."""
    sites: Counter[str]
    """Number of releases per city, by its key."""

    @cached_property
    def rank(self) -> dict[int, int]:
        """Position of each release in `order`."""
        return {number: position for position, number in enumerate(self.order)}

    @cached_property
    def months_by_site(self) -> dict[str, Counter[str]]:
        """Number of releases per month of each city; undated ones are left out."""
        counts: dict[str, Counter[str]] = {key: Counter() for key in self.sites}
        for number, key in self.site.items():
            if self.month[number]:
                counts[key][self.month[number]] += 1
        return counts

    def of_city(self, key: str) -> list[int]:
        """The releases of a city, the newest first; not to be changed."""
        return self._by_site.get(key, [])

    @cached_property
    def _by_site(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {key: [] for key in self.sites}
        for number, key in zip(self.order, map(self.site.__getitem__, self.order), strict=True):
            found[key].append(number)
        return found

    @cached_property
    def speaker_keys(self) -> dict[str, str]:
        """Names of speakers for comparing, by name."""
        return {name: name_key(name) for name in self.speaker_counts}

    @cached_property
    def last_spoke(self) -> dict[str, str]:
        """When each speaker spoke last, as in `published`."""
        last: dict[str, str] = {}
        for number in reversed(self.order):
            for name in self.speakers.get(number, ()):
                last[name] = self.published[number]
        return last

    def narrowed(self, ids: Iterable[int], selection: Selection) -> list[int]:
        """Those of some releases that a selection's filters let through, in the same order.

        The filters mean what they mean in `scraper.archive.search.filters`; a test compares both.

        Raises:
            UsageError: the speaker's name has no letter or digit.
        """
        known = self.month
        kept = [number for number in ids if number in known]
        filters = selection.filters
        if filters.since is not None:
            first, at = filters.since.isoformat(), self.published
            kept = [number for number in kept if at[number] >= first]
        if filters.until is not None:
            last, at = filters.until.isoformat(), self.published
            kept = [number for number in kept if at[number][:10] <= last]
        if filters.sites:
            kept = [number for number in kept if self.site[number] in filters.sites]
        if selection.district is not None:
            key = label_key(selection.district)
            names = {n for n in set(self.district.values()) if n and label_key(n) == key}
            kept = [number for number in kept if self.district[number] in names]
        if selection.kicker is not None:
            kept = [number for number in kept if self.kicker[number] == selection.kicker]
        if selection.tag is not None:
            key = label_key(selection.tag)
            names = {name for name in self.tag_counts if label_key(name) == key}
            kept = _having(names, self.tags, kept)
        if selection.speaker is not None:
            words = speaker_words(selection.speaker)
            names = {n for n, k in self.speaker_keys.items() if all(word in k for word in words)}
            kept = _having(names, self.speakers, kept)
        return kept

    def counts(self, ids: list[int]) -> dict[str, Counter[str]]:
        """How many of some releases have each month, city, tag, district, speaker, kicker."""
        counts: dict[str, Counter[Any]] = {
            "date": Counter(map(self.month.__getitem__, ids)),
            "site": Counter(map(self.site.__getitem__, ids)),
            "tag": Counter(chain.from_iterable(self.tags.get(number, ()) for number in ids)),
            "district": Counter(map(self.district.__getitem__, ids)),
            "speaker": Counter(
                chain.from_iterable(self.speakers.get(number, ()) for number in ids)
            ),
            "kicker": Counter(map(self.kicker.__getitem__, ids)),
        }
        for counter in counts.values():
            for nothing in (None, ""):
                counter.pop(nothing, None)
        return counts


def _having(names: set[str], column: dict[int, tuple[str, ...]], ids: list[int]) -> list[int]:
    return [number for number in ids if not names.isdisjoint(column.get(number, ()))]


def read_columns(archive: Archive, before: Columns | None = None) -> Columns:
    """The facts as they are now.

    Args:
        archive: where.
        before: an earlier reading; only what has changed since is read.
    """
    with archive.snapshot():  # all of one moment
        event, count = (
            archive.rows(f"SELECT {what} AS n FROM {table}")[0]["n"]
            for what, table in (("coalesce(max(id), 0)", "events"), ("count(*)", "articles"))
        )
        if before is not None and before.version == (event, count):
            return before
        if before is not None:
            changed = archive.rows(
                "SELECT DISTINCT article_id AS id FROM events WHERE id > ?", (before.version[0],)
            )
            if len(changed) <= _REREAD_AT_MOST:
                after = _merged(before, _Facts(archive, [row["id"] for row in changed]), event)
                if after.version == (event, count):
                    return after
        facts = _Facts(archive)  # at first, or when another program has taken some away
    order = sorted(facts.published, key=_oldest(facts.published), reverse=True)
    return Columns(
        (event, count),
        order,
        facts.published,
        facts.month,
        facts.kicker,
        facts.district,
        facts.site,
        facts.tags,
        facts.speakers,
        Counter(chain.from_iterable(facts.tags.values())),
        Counter(chain.from_iterable(facts.speakers.values())),
        _dated(Counter(facts.month.values())),
        Counter(facts.site.values()),
    )


class _Facts:
    """What is read of some releases, or of all."""

    def __init__(self, archive: Archive, ids: list[int] | None = None) -> None:
        self.published: dict[int, str] = {}
        self.month: dict[int, str] = {}
        self.kicker: dict[int, str | None] = {}
        self.district: dict[int, str | None] = {}
        self.site: dict[int, str] = {}
        self.only = ids
        # The same word again and again: one of each is enough.
        self._known: dict[str, str] = {}
        names = "id, published, kicker, district, site"
        sql = f"SELECT {names} FROM articles WHERE {self._where('id')}"
        for number, published, kicker, district, site in archive.connection.execute(sql):
            self.published[number] = published or ""
            self.month[number] = self._same(_month(published or ""))
            self.kicker[number] = self._name(kicker)
            self.district[number] = self._name(district)
            self.site[number] = self._same(site)
        self.tags = self._lists(archive, "tags", "tag")
        self.speakers = self._lists(archive, "quotes", "speaker")

    def _where(self, column: str) -> str:
        return "true" if self.only is None else f"{column} IN ({', '.join(map(str, self.only))})"

    def _same(self, text: str) -> str:
        return self._known.setdefault(text, text)

    def _name(self, text: str | None) -> str | None:
        return self._same(text) if text and len(text) <= LONGEST_NAME else None

    def _lists(self, archive: Archive, table: str, column: str) -> dict[int, tuple[str, ...]]:
        sql = (
            f"SELECT article_id, {column} FROM {table} WHERE {column} IS NOT NULL "
            f"AND length({column}) <= {LONGEST_NAME} AND {self._where('article_id')}"
        )
        lists: dict[int, dict[str, None]] = {}
        for number, value in archive.connection.execute(sql):
            lists.setdefault(number, {})[self._same(value)] = None
        return {number: tuple(values) for number, values in lists.items()}


def _month(published: str) -> str:
    try:
        day = date.fromisoformat(published[:10])
    except ValueError:
        return ""
    # Python also reads `20260501` and `2026-W18-5`.
    return published[:7] if published.startswith(day.isoformat()) else ""


def _merged(before: Columns, facts: _Facts, event: int) -> Columns:
    """A snapshot with some releases read again; those that are gone from the archive leave it."""
    ids = facts.only or []

    def both(old: dict[int, Any], new: dict[int, Any]) -> dict[int, Any]:
        merged = old.copy()
        for number in ids:
            merged.pop(number, None)
        merged.update(new)
        return merged

    def counted(
        counts: Counter[str], old: dict[int, tuple[str, ...]], new: dict[int, tuple[str, ...]]
    ) -> Counter[str]:
        counts = counts.copy()
        counts.subtract(chain.from_iterable(old.get(number, ()) for number in ids))
        counts.update(chain.from_iterable(new.values()))
        return +counts

    def counted_once(
        counts: Counter[str], old: dict[int, str], new: dict[int, str]
    ) -> Counter[str]:
        counts = counts.copy()
        counts.subtract(old[number] for number in ids if number in old)
        counts.update(new.values())
        return +counts

    # Found by halving: going through all of them would take longer than all else.
    published, oldest = both(before.published, facts.published), _oldest(before.published)
    order = before.order[::-1]
    for number in ids:
        if number in before.published:
            del order[bisect_left(order, oldest(number), key=oldest)]
    for number in facts.published:
        insort(order, number, key=_oldest(published))
    return Columns(
        (event, len(published)),
        order[::-1],
        published,
        both(before.month, facts.month),
        both(before.kicker, facts.kicker),
        both(before.district, facts.district),
        both(before.site, facts.site),
        both(before.tags, facts.tags),
        both(before.speakers, facts.speakers),
        counted(before.tag_counts, before.tags, facts.tags),
        counted(before.speaker_counts, before.speakers, facts.speakers),
        _dated(counted_once(before.months, before.month, facts.month)),
        counted_once(before.sites, before.site, facts.site),
    )


def _dated(months: Counter[str]) -> Counter[str]:
    months.pop("", None)
    return months


def _oldest(published: dict[int, str]) -> Callable[[int], tuple[str, int]]:
    """What releases are sorted by, the oldest first."""
    return lambda number: (published[number], -number)
