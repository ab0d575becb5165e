"""Who speaks in the releases: everybody, and one person with offices and statements.

Quotations are word for word; indirect speech is counted apart from them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.search.filters import speaker_words
from scraper.archive.search.german import name_key
from scraper.browse.columns import LONGEST_NAME
from scraper.browse.selection import PAGE_SIZE

if TYPE_CHECKING:
    from scraper.archive import Archive
    from scraper.browse.cache import Cache
    from scraper.browse.columns import Columns

PEOPLE_ON_PAGE = 60
_OFFICES = 12
_YEARS = 80


@dataclass(frozen=True)
class People:
    """One page of the list of speakers."""

    total: int
    rows: list[dict[str, Any]]
    """`name quotations indirect releases role last`, those quoted most first; where there are
    several cities, `site` and `cities` as in `scraper.archive.persons`."""
    last_page: int


def people(cache: Cache, archive: Archive, name: str = "", page: int = 1) -> People:
    """Everybody who is quoted, or reported in indirect speech.

    Args:
        cache: what is remembered.
        archive: where.
        name: any part of the name; "" for all.
        page: from 1.

    Raises:
        UsageError: the name has no letter or digit.
    """
    columns = cache.columns(archive)
    if len(columns.sites) > 1:
        return _people_of_cities(cache, archive, name, page)
    everybody: list[dict[str, Any]] = cache.kept(
        columns.version,
        "people",
        lambda: archive.rows(
            "SELECT speaker AS name, sum(kind <> 'indirect') AS quotations, "
            "sum(kind = 'indirect') AS indirect FROM quotes "
            f"WHERE speaker IS NOT NULL AND length(speaker) <= {LONGEST_NAME} "
            "GROUP BY speaker ORDER BY quotations DESC, indirect DESC, speaker"
        ),
    )
    if name:
        words, keys = speaker_words(name), columns.speaker_keys
        everybody = [
            row for row in everybody if all(word in keys.get(row["name"], "") for word in words)
        ]
    first = (page - 1) * PEOPLE_ON_PAGE
    rows = [
        row
        | {
            "releases": columns.speaker_counts[row["name"]],
            "last": columns.last_spoke.get(row["name"]),
            "role": _latest_role(archive, row["name"]),
        }
        for row in everybody[first : first + PEOPLE_ON_PAGE]
    ]
    return People(len(everybody), rows, max(1, -(-len(everybody) // PEOPLE_ON_PAGE)))


def _people_of_cities(cache: Cache, archive: Archive, name: str, page: int) -> People:
    found = cache.everybody(archive)
    everybody = found.named(name) if name else found.rows
    first = (page - 1) * PEOPLE_ON_PAGE
    rows = [
        row | {"last": row["last_date"], "role": next(iter(row["roles"]), None)}
        for row in everybody[first : first + PEOPLE_ON_PAGE]
    ]
    return People(len(everybody), rows, max(1, -(-len(everybody) // PEOPLE_ON_PAGE)))


def _latest_role(archive: Archive, name: str) -> str | None:
    rows = archive.rows(
        "SELECT role FROM quotes WHERE speaker = ? AND role IS NOT NULL ORDER BY id DESC LIMIT 1",
        (name,),
    )
    return rows[0]["role"] if rows else None


@dataclass(frozen=True)
class Person:
    """One page about somebody."""

    name: str
    total: int
    """Number of quotations, word for word."""
    indirect: int
    """Number of sentences of indirect speech."""
    releases: int
    offices: list[dict[str, Any]]
    """`role quotations indirect first last`, those held last first."""
    years: list[tuple[str, int]]
    """Quotations per year of publication, oldest first, without gaps."""
    quotes: list[dict[str, Any]]
    """Of both kinds: `text role kind position article_id title published`, newest first."""
    last_page: int
    cities: tuple[str, ...] = ()
    """Keys of the cities in whose releases they speak, where an archive has several."""
    namesakes: tuple[tuple[str, str], ...] = ()
    """Name, and key of a city, of others who are called the same."""


def person(
    cache: Cache, archive: Archive, name: str, page: int = 1, city: str = ""
) -> Person | None:
    """Somebody, by the exact name; None if nobody of that name speaks.

    Args:
        cache: what is remembered.
        archive: where.
        name: as the releases have it.
        page: from 1.
        city: the key of a city in whose releases they speak; "" for the one of that name who is
            quoted most.
    """
    columns = cache.columns(archive)
    cities: tuple[str, ...] = ()
    names: tuple[str, ...] = (name,)
    namesakes: tuple[tuple[str, str], ...] = ()
    if len(columns.sites) > 1:
        who = _who(cache, archive, name, city)
        if who is None:
            return None
        cities, names, namesakes = who
    said = archive.rows(
        "SELECT id, article_id, position, role, kind = 'indirect' AS indirect FROM quotes "
        f"WHERE speaker IN ({', '.join('?' * len(names))})",
        names,
    )
    if cities:
        said = [row for row in said if columns.site.get(row["article_id"]) in cities]
    if not said:
        return None
    said.sort(key=lambda row: (columns.rank.get(row["article_id"], 0), row["position"]))
    first = (page - 1) * PAGE_SIZE
    shown = [row["id"] for row in said[first : first + PAGE_SIZE]]
    marks = ", ".join("?" * len(shown))
    rows = archive.rows(
        "SELECT q.id, q.text, q.role, q.kind, q.position, q.article_id, a.title, a.published, "
        f"a.site FROM quotes q JOIN articles a ON a.id = q.article_id WHERE q.id IN ({marks})",
        tuple(shown),
    )
    by_id = {row["id"]: row for row in rows}
    return Person(
        name,
        sum(not row["indirect"] for row in said),
        sum(row["indirect"] for row in said),
        len({row["article_id"] for row in said}),
        _offices(said, columns),
        _years(columns.month.get(row["article_id"], "")[:4] for row in said if not row["indirect"]),
        [by_id[number] for number in shown if number in by_id],
        max(1, -(-len(said) // PAGE_SIZE)),
        cities,
        namesakes,
    )


def _who(
    cache: Cache, archive: Archive, name: str, city: str
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]] | None:
    """Keys of cities and spellings of a person, and others who are called the same."""
    same = cache.everybody(archive).by_key.get(name_key(name), [])
    for row in same:
        cities = tuple(part["site"] for part in row["cities"])
        if name in row["names"] and (not city or city in cities):
            others = tuple((one["name"], one["site"]) for one in same if one is not row)
            return cities, tuple(row["names"]), others
    return None


def _offices(said: list[dict[str, Any]], columns: Columns) -> list[dict[str, Any]]:
    offices: dict[str, dict[str, Any]] = {}
    for row in said:  # newest first
        if not row["role"]:
            continue
        day = columns.published.get(row["article_id"], "")
        office = offices.setdefault(
            row["role"],
            {"role": row["role"], "quotations": 0, "indirect": 0, "first": day, "last": day},
        )
        office["indirect" if row["indirect"] else "quotations"] += 1
        office["first"] = day or office["first"]
    return list(offices.values())[:_OFFICES]


def _years(years: Any) -> list[tuple[str, int]]:
    counts = Counter(years)
    counts.pop("", None)
    if not counts:
        return []
    last = int(max(counts))
    first = max(int(min(counts)), last - _YEARS + 1)
    return [(str(year), counts[str(year)]) for year in range(first, last + 1)]
