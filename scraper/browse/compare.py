"""A subject compared across cities: shares, and per city a chart of months or years."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper.archive.comparison import BY, COLUMNS, compare
from scraper.archive.search.filters import Filters
from scraper.errors import UsageError
from scraper.export.delimited import write_csv

if TYPE_CHECKING:
    from scraper.archive import Archive
    from scraper.archive.comparison import By
    from scraper.browse.cache import Cache

_PERIODS = 36
"""So many months or years are drawn, the newest."""


@dataclass(frozen=True)
class Comparison:
    """One page."""

    rows: list[dict[str, Any]]
    """A row for each city: `site site_name releases total share`, the largest share first."""
    largest: float
    """Share of the first."""
    charts: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    """Releases that match per month or year, by the city's key; empty where only cities count."""


def counted(text: str) -> By:
    """What is to be counted, as an address says it.

    Raises:
        UsageError: it is nothing that can be counted.
    """
    for by in BY:
        if text == by:
            return by
    raise UsageError(f"There is no counting by {text[:80]!r}. There are: {', '.join(BY)}.")


def rows_of(cache: Cache, archive: Archive, query: str, by: By) -> list[dict[str, Any]]:
    """The rows of a comparison.

    Raises:
        UsageError: the query cannot be searched for.
    """
    version = cache.columns(archive).version
    return cache.kept(
        version, ("compare", query, by), lambda: compare(archive, query, Filters(), by)
    )


def comparison(cache: Cache, archive: Archive, query: str, by: By) -> Comparison:
    """All of a page.

    Raises:
        UsageError: the query cannot be searched for.
    """
    rows = rows_of(cache, archive, query, "site")
    largest = max((row["share"] for row in rows), default=0.0)
    if by == "site":
        return Comparison(rows, largest)
    found = rows_of(cache, archive, query, by)
    periods = sorted({row[by] for row in found})[-_PERIODS:]
    matches = {(row["site"], row[by]): row["releases"] for row in found}
    charts = {
        row["site"]: [(period, matches.get((row["site"], period), 0)) for period in periods]
        for row in rows
        if row["releases"]
    }
    return Comparison(rows, largest, charts)


def comparison_csv(cache: Cache, archive: Archive, query: str, by: By) -> bytes:
    """The same rows as `newsroom compare --csv`.

    Raises:
        UsageError: the query cannot be searched for.
    """
    file = io.BytesIO()
    names = COLUMNS[by]
    rows = rows_of(cache, archive, query, by)
    write_csv(file, names, (tuple(row[name] for name in names) for row in rows))
    return file.getvalue()
