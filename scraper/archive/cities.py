"""The cities of an archive: which there are, and those that a user names to narrow down by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.archive.cities_schema import SITE_NAME
from scraper.archive.distinct import distinct
from scraper.archive.followed import registry_of
from scraper.archive.near import did_you_mean, near
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.connection import Archive


@dataclass(frozen=True, slots=True)
class ArchivedCity:
    """A city that an archive follows or has releases of."""

    key: str
    name: str
    releases: int


def cities(archive: Archive) -> list[ArchivedCity]:
    """The cities of an archive by key: those with releases, and those it follows or has followed.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    rows = archive.rows(
        f"SELECT k.site AS key, {SITE_NAME.format(site='k.site')} AS name, "
        "(SELECT count(*) FROM articles a WHERE a.site = k.site) AS releases FROM "
        "(SELECT key AS site FROM sites UNION SELECT site FROM articles) k ORDER BY k.site"
    )
    return [ArchivedCity(**row) for row in rows]


def names(archive: Archive) -> dict[str, str]:
    """The name of each city that an archive has releases of, or follows, by its key."""
    registry = registry_of(archive)
    rows = archive.rows("SELECT key, name, dropped_at IS NULL AS followed FROM sites")
    there = set(distinct(archive, "articles", "site"))
    found = {row["key"]: row["name"] for row in rows if row["followed"] or row["key"] in there}
    for key in there | {key for key, name in found.items() if key == name}:
        if found.get(key, key) == key:  # an older version has not kept it
            site = registry.known(key)
            found[key] = site.name if site else key
    return dict(sorted(found.items()))


def has_several(archive: Archive) -> bool:
    """Whether there are releases of more than one city."""
    return len(distinct(archive, "articles", "site")) > 1


def chosen_cities(archive: Archive, named: Iterable[str]) -> tuple[str, ...]:
    """The keys of the cities that a user names, each once.

    A city that this version knows and the archive has nothing of is no mistake: nothing is found.

    Args:
        archive: where.
        named: keys of newsrooms, or paths of `.toml` files.

    Raises:
        UsageError: there is no such newsroom; the message names those there are.
        ArchiveError: the archive cannot be read.
    """
    there = cities(archive)
    keys = {city.key for city in there}
    registry = registry_of(archive)
    found: dict[str, None] = {}
    for name in named:
        if name in keys:
            found[name] = None
            continue
        site = registry.get(name) if name.endswith(".toml") else registry.known(name)
        if site is None:
            raise UsageError(_unknown(name, there, registry.keys()))
        found[site.key] = None
    return tuple(found)


def _unknown(name: str, there: list[ArchivedCity], known: tuple[str, ...]) -> str:
    by_name = {key: key for key in known} | {city.name: city.key for city in there}
    by_name |= {city.key: city.key for city in there}
    suggestions = list(dict.fromkeys(by_name[text] for text in near(name, by_name)))
    listed = ", ".join(city.key for city in there) or "none yet"
    return (
        f"There is no newsroom {name[:80]!r}.{did_you_mean(suggestions)} This archive has: "
        f"{listed}. `newsroom sites` lists all that this version knows."
    )


def without_releases(archive: Archive, keys: Iterable[str]) -> list[str]:
    """Those of some cities that the archive has no release of."""
    counts = {city.key: city.releases for city in cities(archive)}
    return [key for key in keys if not counts.get(key)]
