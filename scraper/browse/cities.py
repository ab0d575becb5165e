"""The cities of an archive at a glance: how much, how new, in what state, how far verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.cities import names
from scraper.archive.followed import followed, registry_of

if TYPE_CHECKING:
    from collections import Counter

    from scraper.archive import Archive
    from scraper.browse.cache import Cache

_YEARS = 12
_STATES = {0: "fine", 3: "failed_pages", 4: "unreachable", 5: "drifted", 6: "fine"}
"""What the exit code of a run says; see docs/exit-codes.md."""


@dataclass(frozen=True)
class CityRow:
    """One city."""

    key: str
    name: str
    releases: int
    newest: str | None
    """As in `articles.published`."""
    state: str
    """Of its last crawl that has ended: `fine`, `failed_pages`, `unreachable`, `drifted`, `broken`;
    `never` before it."""
    last_run: str | None
    platform: str | None
    verified: str | None
    """How far its facts are verified: `page`, `scraper`, `address`."""
    followed: bool
    years: list[tuple[str, int]]
    """Releases per year, oldest first, without gaps."""


def city_rows(cache: Cache, archive: Archive) -> list[CityRow]:
    """The cities that an archive has releases of, or follows; by name."""
    columns = cache.columns(archive)
    registry, follows = registry_of(archive), followed(archive)
    runs = last_runs(archive)
    rows = []
    for key, name in names(archive).items():
        site, run, newest = registry.known(key), runs.get(key), columns.of_city(key)[:1]
        rows.append(
            CityRow(
                key,
                name,
                columns.sites[key],
                (columns.published[newest[0]] or None) if newest else None,
                state_of(run),
                run["finished_at"] if run else None,
                site.platform if site else None,
                site.verified.how if site else None,
                key in follows,
                _years(columns.months_by_site.get(key)),
            )
        )
    return sorted(rows, key=lambda row: row.name)


def last_runs(archive: Archive) -> dict[str, dict[str, Any]]:
    """The last run of each city that has ended, by the city's key."""
    rows = archive.rows(
        "SELECT site, exit_code, finished_at FROM runs WHERE id IN "
        "(SELECT max(id) FROM runs WHERE finished_at IS NOT NULL GROUP BY site)"
    )
    return {row["site"]: row for row in rows}


def state_of(run: dict[str, Any] | None) -> str:
    """What a run says of its city; see `CityRow.state`."""
    return _STATES.get(run["exit_code"], "broken") if run else "never"


def _years(months: Counter[str] | None) -> list[tuple[str, int]]:
    if not months:
        return []
    last = int(max(months)[:4])
    first = max(int(min(months)[:4]), last - _YEARS + 1)
    counts = dict.fromkeys(range(first, last + 1), 0)
    for month, number in months.items():
        if int(month[:4]) in counts:
            counts[int(month[:4])] += number
    return [(str(year), number) for year, number in counts.items()]
