"""What the start page shows: the newest, the months, the most frequent, the state."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.browse.columns import LONGEST_NAME
from scraper.browse.results import cards

if TYPE_CHECKING:
    from scraper.archive import Archive
    from scraper.browse.cache import Cache

_NEWEST = 9
_TAGS = 16
_SPEAKERS = 10
_YEARS = 80  # a misprinted year must not make thousands of rows


@dataclass(frozen=True)
class Year:
    """One row of the timeline."""

    name: str
    total: int
    months: tuple[tuple[str, int | None], ...]
    """Twelve times `2026-05` and number of releases; None before the first release and after the
    newest."""


@dataclass(frozen=True)
class Start:
    """The start page."""

    newest: list[dict[str, Any]]
    years: list[Year]
    """Newest first."""
    busiest: int
    """Releases in the month that has most."""
    tags: list[tuple[str, int]]
    speakers: list[tuple[str, int]]
    """Who is quoted word for word in most releases, and in how many."""
    total: int
    gone: int
    edited: int
    waiting: int
    """Listed pages that the archive does not have yet."""
    failing: int
    """Of these, pages whose last fetch failed."""
    empty_months: list[str]
    """Months without a release between the first and the newest."""
    run: dict[str, Any] | None
    """The last crawl that has ended, its `failures` and `warnings` as lists; None before it."""
    running_since: str | None
    """When a crawl began that has not ended: one is at work, or was killed."""


def start(cache: Cache, archive: Archive, city: str | None = None) -> Start:
    """All of it.

    Args:
        cache: what is remembered.
        archive: where.
        city: the key of the only city it is about; None for all.
    """
    columns = cache.columns(archive)
    ids = columns.order if city is None else columns.of_city(city)
    counted = columns.months if city is None else columns.months_by_site.get(city, Counter())
    tags = columns.tag_counts
    if city is not None:
        tags = cache.kept(columns.version, ("tags", city), lambda: columns.counts(ids)["tag"])
    years = _years(counted)
    months = [(month, count) for year in years for month, count in year.months]
    about = _About(archive, city)
    waiting = about.rows(
        "SELECT count(*) AS n, count(nullif(failures, 0)) AS failing FROM candidates "
        "WHERE article_id IS NULL AND alias_of IS NULL AND missing_since IS NULL AND {rarely}"
    )[0]
    runs = about.rows("SELECT * FROM runs WHERE {site} ORDER BY id DESC LIMIT 1")
    running = runs[0]["started_at"] if runs and runs[0]["finished_at"] is None else None
    if running:
        runs = about.rows(
            "SELECT * FROM runs WHERE finished_at IS NOT NULL AND {site} ORDER BY id DESC LIMIT 1"
        )
    return Start(
        newest=cards(archive, ids[:_NEWEST]),
        years=years,
        busiest=max(counted.values(), default=0),
        tags=tags.most_common(_TAGS),
        speakers=cache.kept(columns.version, ("quoted most", city), about.quoted_most),
        total=len(ids),
        gone=about.count(
            "SELECT count(*) AS n FROM articles WHERE gone_at IS NOT NULL AND {rarely}"
        ),
        edited=about.count(
            "SELECT count(DISTINCT article_id) AS n FROM events WHERE kind = 'changed' "
            "AND {article}"
        ),
        waiting=waiting["n"],
        failing=waiting["failing"],
        empty_months=sorted(month for month, count in months if count == 0),
        run=_run(runs[0]) if runs else None,
        running_since=running,
    )


class _About:
    """Queries about one city, or about all.

    In SQL, `{site}` and `{article}` are the conditions; `{rarely}` is that of what is found faster
    by something else than the city, of which there is little.
    """

    def __init__(self, archive: Archive, city: str | None) -> None:
        self._archive = archive
        self._values = {} if city is None else {"city": city}
        self._terms = {"site": "true", "rarely": "true", "article": "true"}
        if city is not None:
            theirs = "SELECT id FROM articles WHERE site = :city"
            self._terms = {
                "site": "site = :city",
                "rarely": "+site = :city",
                "article": f"article_id IN ({theirs})",
            }

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return self._archive.rows(sql.format(**self._terms), self._values)

    def count(self, sql: str) -> int:
        return int(self.rows(sql)[0]["n"])

    def quoted_most(self) -> list[tuple[str, int]]:
        rows = self.rows(
            "SELECT speaker, count(DISTINCT article_id) AS releases FROM quotes "
            f"WHERE speaker IS NOT NULL AND length(speaker) <= {LONGEST_NAME} "
            "AND kind <> 'indirect' AND {article} "
            f"GROUP BY speaker ORDER BY releases DESC, speaker LIMIT {_SPEAKERS}"
        )
        return [(row["speaker"], row["releases"]) for row in rows]


def _run(row: dict[str, Any]) -> dict[str, Any]:
    for name in ("failures", "warnings"):
        row[name] = json.loads(row[name]) if row[name] else []
    return row


def _years(counts: Counter[str]) -> list[Year]:
    if not counts:
        return []
    first, last = min(counts), max(counts)
    years = []
    newest = int(last[:4])
    for year in range(newest, max(int(first[:4]), newest - _YEARS + 1) - 1, -1):
        names = [f"{year}-{month:02}" for month in range(1, 13)]
        months = tuple(
            (name, counts.get(name, 0) if first <= name <= last else None) for name in names
        )
        years.append(Year(str(year), sum(count or 0 for _name, count in months), months))
    return years
