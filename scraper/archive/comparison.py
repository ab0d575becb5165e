"""How many releases of each city say something, in all or by month or year, and their share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.cities_schema import SITE_NAME
from scraper.archive.search.articles import matching
from scraper.archive.search.filters import conditions

if TYPE_CHECKING:
    from scraper.archive.connection import Archive
    from scraper.archive.search.filters import Filters

By = Literal["site", "month", "year"]
"""What is counted: each city as a whole, or by month or year of publication."""

BY: tuple[By, ...] = ("site", "month", "year")
COLUMNS: dict[By, tuple[str, ...]] = {
    "site": ("site", "site_name", "releases", "total", "share"),
    "month": ("month", "site", "site_name", "releases", "total", "share"),
    "year": ("year", "site", "site_name", "releases", "total", "share"),
}
"""Of a row, in order."""

_LENGTH = {"month": 7, "year": 4}
# Nothing but an index is read where only cities and days narrow it down.
_COUNTED = """
SELECT {period}a.site, {name} AS site_name,
       sum(a.id IN (SELECT value FROM json_each(:ids))) AS releases, count(*) AS total
FROM articles a WHERE {where} GROUP BY {groups}
"""


def compare(
    archive: Archive, query: str, filters: Filters, by: By = "site"
) -> list[dict[str, Any]]:
    """How many releases a search finds, of how many.

    Args:
        archive: where.
        query: what the user typed, see `scraper.archive.search.query`.
        filters: which releases are looked at.
        by: `site` has a row for each city, those that say it most first; `month` and `year` one for
            each city and month or year in which it published anything, the oldest first. Undated
            releases are in no month and no year.

    Returns:
        Rows with `COLUMNS[by]`: `releases` that match, of `total`; `share` is between 0 and 1.

    Raises:
        UsageError: the query has no word to look for, or too many, or a filter is empty.
        ArchiveError: the archive cannot be read.
    """
    terms, values = conditions(archive, filters)
    values["ids"] = json.dumps(matching(archive, query))
    groups, period = "a.site", ""
    if by != "site":
        part = f"substr(a.published, 1, {_LENGTH[by]})"
        terms.append(f"a.published GLOB '{_SHAPE[by]}*'")
        groups, period = f"{part}, a.site", f"{part} AS {by}, "
    sql = _COUNTED.format(
        period=period,
        name=SITE_NAME.format(site="a.site"),
        where=" AND ".join(terms or ["true"]),
        groups=groups,
    )
    rows = archive.rows(sql, values)
    for row in rows:
        row["share"] = round(row["releases"] / row["total"], 4)
    if by == "site":
        return sorted(rows, key=lambda row: (-row["share"], -row["releases"], row["site"]))
    return sorted(rows, key=lambda row: (row[by], row["site"]))


_DIGITS = "[0-9]" * 4
_SHAPE = {"year": _DIGITS, "month": f"{_DIGITS}-[0-9][0-9]"}
