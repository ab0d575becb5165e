"""What the start page shows: the newest, the months, the most frequent, the state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.browse.columns import LONGEST_NAME
from scraper.browse.results import cards

if TYPE_CHECKING:
    from scraper.archive import Archive
    from scraper.browse.cache import Cache
    from scraper.browse.columns import Columns

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


def start(cache: Cache, archive: Archive) -> Start:
    """All of it."""
    columns = cache.columns(archive)
    years = _years(columns)
    months = [(month, count) for year in years for month, count in year.months]
    waiting = archive.rows(
        "SELECT count(*) AS n, count(nullif(failures, 0)) AS failing FROM candidates "
        "WHERE article_id IS NULL AND alias_of IS NULL AND missing_since IS NULL"
    )[0]
    runs = archive.rows("SELECT * FROM runs ORDER BY id DESC LIMIT 1")
    running = runs[0]["started_at"] if runs and runs[0]["finished_at"] is None else None
    if running:
        runs = archive.rows(
            "SELECT * FROM runs WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1"
        )
    return Start(
        newest=cards(archive, columns.order[:_NEWEST]),
        years=years,
        busiest=max(columns.months.values(), default=0),
        tags=columns.tag_counts.most_common(_TAGS),
        speakers=cache.kept(columns.version, "quoted most", lambda: _quoted_most(archive)),
        total=len(columns.order),
        gone=_count(archive, "SELECT count(*) AS n FROM articles WHERE gone_at IS NOT NULL"),
        edited=_count(
            archive, "SELECT count(DISTINCT article_id) AS n FROM events WHERE kind = 'changed'"
        ),
        waiting=waiting["n"],
        failing=waiting["failing"],
        empty_months=sorted(month for month, count in months if count == 0),
        run=_run(runs[0]) if runs else None,
        running_since=running,
    )


def _quoted_most(archive: Archive) -> list[tuple[str, int]]:
    rows = archive.rows(
        "SELECT speaker, count(DISTINCT article_id) AS releases FROM quotes "
        f"WHERE speaker IS NOT NULL AND length(speaker) <= {LONGEST_NAME} AND kind <> 'indirect' "
        f"GROUP BY speaker ORDER BY releases DESC, speaker LIMIT {_SPEAKERS}"
    )
    return [(row["speaker"], row["releases"]) for row in rows]


def _count(archive: Archive, sql: str) -> int:
    return int(archive.rows(sql)[0]["n"])


def _run(row: dict[str, Any]) -> dict[str, Any]:
    for name in ("failures", "warnings"):
        row[name] = json.loads(row[name]) if row[name] else []
    return row


def _years(columns: Columns) -> list[Year]:
    counts = columns.months
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
