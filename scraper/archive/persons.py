"""Who spoke: for which city, in which office, how often, since when; and what somebody said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.archive.cities_schema import SITE_NAME
from scraper.archive.identity import Speaker, persons
from scraper.archive.search.filters import site_condition, speaker_words
from scraper.archive.search.german import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.connection import Archive

COLUMNS = (
    "name", "site", "site_name", "roles", "quotations", "indirect", "releases", "first_date",
    "last_date",
)  # fmt: skip
"""Of a table of people."""
STATEMENT_COLUMNS = (
    "published", "site", "site_name", "name", "role", "kind", "text", "article_id", "title", "url"
)  # fmt: skip
"""Of a table of statements."""

_LONGEST_NAME = 300
# Offices the last one held first.
# Site and day stand behind the texts in a row, so an index gives them. Who spoke where is read as
# the rows stand: looking each up by the speaker's index takes twice as long.
_DAYS = """
WITH a AS {kept} (SELECT id, site, substr(published, 1, 10) AS day FROM articles)
"""
_SAID = f"""
{_DAYS}
SELECT q.speaker AS name, a.site, q.role,
       sum(q.kind <> 'indirect') AS quotations, sum(q.kind = 'indirect') AS indirect,
       min(a.day) AS first_date, max(a.day) AS last_date
FROM quotes q {{how}} CROSS JOIN a ON a.id = q.article_id
WHERE q.speaker IS NOT NULL AND length(q.speaker) <= {_LONGEST_NAME}{{among}}
GROUP BY q.speaker, a.site, q.role ORDER BY q.speaker, a.site, last_date DESC, q.role
"""
_AMONG = " AND q.speaker IN (SELECT value FROM json_each(:names))"
_RELEASES = f"""
{_DAYS}
SELECT speaker AS name, a.site, count(*) AS releases
FROM (SELECT DISTINCT speaker, article_id FROM quotes q WHERE speaker IS NOT NULL{{among}}) q
CROSS JOIN a ON a.id = q.article_id GROUP BY q.speaker, a.site
"""


def people(
    archive: Archive, sites: tuple[str, ...] = (), names: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """Everybody who speaks, those quoted most first.

    The same name in two cities is two people, unless an office says otherwise; see
    `scraper.archive.identity`.

    Args:
        archive: where.
        sites: keys of the cities whose releases are counted; empty for all.
        names: only who is called so, each with all spellings of the name; None for everybody.

    Returns:
        Rows with `COLUMNS` and `cities`: `site site_name quotations indirect releases first_date
        last_date` of each city in whose releases they speak, the city in which they do most first;
        `site` and `site_name` are those of that one. `roles` are offices, the last one held first;
        `names` are spellings of the name.
    """
    by_key: dict[str, list[dict[str, Any]]] = {}
    for part in _parts(archive, names):
        by_key.setdefault(name_key(part["names"][0]), []).append(part)
    rows = [
        row
        for same_name in by_key.values()
        for group in _grouped(same_name)
        if (row := _person([part for part in group if not sites or part["site"] in sites]))
    ]
    return in_order(rows)


def in_order(people: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Some people, those quoted most first."""
    return sorted(people, key=lambda row: (-row["quotations"], -row["indirect"], row["name"]))


def named(rows: Iterable[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Those of some people whose name has all words of a name, or parts that begin so.

    Raises:
        UsageError: there is no letter or digit in the name.
    """
    words = speaker_words(name)
    return [row for row in rows if all(word in name_key(row["name"]) for word in words)]


def statements(
    archive: Archive, someone: dict[str, Any], *, newest_first: bool = False
) -> list[dict[str, Any]]:
    """What somebody said, in order of time, then of cities.

    Args:
        archive: where.
        someone: a row of `people`.
        newest_first: the other way round.

    Returns:
        Rows with `STATEMENT_COLUMNS`, `id` and `position`.
    """
    names = {f"name{number}": name for number, name in enumerate(someone["names"])}
    values: dict[str, Any] = dict(names)
    where = site_condition(tuple(city["site"] for city in someone["cities"]), values)
    order = "DESC" if newest_first else "ASC"
    return archive.rows(
        f"SELECT a.published, a.site, {SITE_NAME.format(site='a.site')} AS site_name, "
        "q.speaker AS name, q.role, q.kind, q.text, q.article_id, a.title, a.url, q.id, q.position "
        "FROM quotes q JOIN articles a ON a.id = q.article_id "
        f"WHERE q.speaker IN ({', '.join(f':{name}' for name in names)}) AND {where} "
        f"ORDER BY a.published {order}, a.site, a.id, q.position",
        values,
    )


def _parts(archive: Archive, names: Iterable[str] | None) -> list[dict[str, Any]]:
    """What is said under each name in each city; spellings of a name are one name."""
    terms, values = {"among": "", "how": "NOT INDEXED", "kept": "MATERIALIZED"}, {}
    if names is not None:
        terms = {"among": _AMONG, "how": "", "kept": "NOT MATERIALIZED"}
        values = {"names": json.dumps(list(names))}
    counted = archive.rows(_RELEASES.format(**terms), values)
    releases = {(row["name"], row["site"]): row["releases"] for row in counted}
    cities = {row["key"]: row["name"] for row in archive.rows("SELECT key, name FROM sites")}
    parts: dict[tuple[str, str], dict[str, Any]] = {}
    name = key = ""
    for row in archive.each(_SAID.format(**terms), values):
        site = row["site"]
        if row["name"] != name:
            name, key = row["name"], name_key(row["name"])
        part = parts.get((key, site))
        if part is None:
            part = parts[key, site] = _nothing_yet(site, cities.get(site, site))
        for figure in ("quotations", "indirect"):
            part[figure] += row[figure]
        if name not in part["names"]:
            part["names"].append(name)
            part["releases"] += releases[name, site]
        if row["role"]:
            part["roles"].append(row["role"])
        part["dates"] += filter(None, (row["first_date"], row["last_date"]))
    return list(parts.values())


def _nothing_yet(site: str, site_name: str) -> dict[str, Any]:
    lists: dict[str, Any] = {name: [] for name in ("names", "roles", "dates")}
    figures = dict.fromkeys(("quotations", "indirect", "releases"), 0)
    return {"site": site, "site_name": site_name, **lists, **figures}


def _grouped(parts: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """What is said under one name, parted by person."""
    if len(parts) == 1:
        return [parts]
    by_site = {part["site"]: part for part in parts}
    speakers = [Speaker(part["site"], part["site_name"], tuple(part["roles"])) for part in parts]
    return [[by_site[speaker.site] for speaker in group] for group in persons(speakers)]


def _person(parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not parts:
        return None
    most = sorted(parts, key=lambda part: (-part["quotations"], -part["indirect"], part["site"]))
    latest = sorted(parts, key=lambda part: max(part["dates"], default=""), reverse=True)
    figures = ("quotations", "indirect", "releases")
    names = list(dict.fromkeys(name for part in most for name in part["names"]))
    return {
        "name": names[0],
        "site": most[0]["site"],
        "site_name": most[0]["site_name"],
        "roles": list(dict.fromkeys(role for part in latest for role in part["roles"])),
        **{figure: sum(part[figure] for part in parts) for figure in figures},
        **_span(parts),
        "cities": [
            {name: part[name] for name in ("site", "site_name", *figures)} | _span([part])
            for part in most
        ],
        "names": names,
    }


def _span(parts: list[dict[str, Any]]) -> dict[str, str | None]:
    dates = [day for part in parts for day in part["dates"]]
    return {"first_date": min(dates, default=None), "last_date": max(dates, default=None)}
