"""Tags and districts: what there is, how often, and whether a name to filter by is known at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.archive.cities_schema import SITE_NAME
from scraper.archive.distinct import distinct
from scraper.archive.near import did_you_mean, near
from scraper.archive.search.filters import site_condition, speaker_condition, spellings

if TYPE_CHECKING:
    from scraper.archive.connection import Archive
    from scraper.archive.search.filters import Filters

_TAGS = """
SELECT t.tag, count(DISTINCT a.id) AS releases, min(substr(a.published, 1, 10)) AS first_date,
       max(substr(a.published, 1, 10)) AS last_date, group_concat(DISTINCT a.site) AS sites
FROM tags t JOIN articles a ON a.id = t.article_id WHERE {where}
GROUP BY t.tag ORDER BY releases DESC, t.tag
"""
_DISTRICTS = f"""
SELECT a.district, count(*) AS releases, min(substr(a.published, 1, 10)) AS first_date,
       max(substr(a.published, 1, 10)) AS last_date,
       a.site, {SITE_NAME.format(site="a.site")} AS site_name
FROM articles a WHERE a.district IS NOT NULL AND {{where}}
GROUP BY a.district, a.site ORDER BY releases DESC, a.district, a.site
"""


def tags(archive: Archive, sites: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The tags as the cities write them, the most frequent first.

    Args:
        archive: where.
        sites: keys of the cities whose releases are counted; empty for all.

    Returns:
        Rows with `tag releases first_date last_date sites`; `sites` are keys of cities.
    """
    rows = _counted(archive, _TAGS, sites)
    for row in rows:
        row["sites"] = sorted(row["sites"].split(","))
    return rows


def districts(archive: Archive, sites: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The districts, the most frequent first; the same name in two cities is two districts.

    Args:
        archive: where.
        sites: keys of the cities whose releases are counted; empty for all.

    Returns:
        Rows with `district releases first_date last_date site site_name`.
    """
    return _counted(archive, _DISTRICTS, sites)


def _counted(archive: Archive, sql: str, sites: tuple[str, ...]) -> list[dict[str, Any]]:
    values: dict[str, Any] = {}
    where = site_condition(sites, values) if sites else "true"
    return archive.rows(sql.format(where=where), values)


def unknown_names(archive: Archive, filters: Filters) -> list[str]:
    """What to say of a tag, district or speaker that no release of the archive has.

    A name that some release has is known, even if nothing is found with the other filters.

    Args:
        archive: where.
        filters: what somebody has narrowed a search down by.

    Returns:
        A sentence for each, with names that are near.
    """
    said = []
    for table, column, name, verb in (
        ("tags", "tag", filters.tag, "tags"),
        ("articles", "district", filters.district, "districts"),
    ):
        if name is not None and not spellings(archive, table, column, name):
            question = did_you_mean(near(name, distinct(archive, table, column)))
            said.append(
                f"No release has the {column} {name[:80]!r}.{question} "
                f"`newsroom {verb}` lists those there are."
            )
    if filters.speaker is not None and not _speaks(archive, filters.speaker):
        question = did_you_mean(near(filters.speaker, distinct(archive, "quotes", "speaker")))
        said.append(
            f"Nobody called {filters.speaker[:80]!r} speaks in any release.{question} "
            "`newsroom people` lists those who do."
        )
    return said


def _speaks(archive: Archive, name: str) -> bool:
    values: dict[str, Any] = {}
    term = speaker_condition(name, values)
    return bool(archive.rows(f"SELECT 1 FROM quote_stems s WHERE {term} LIMIT 1", values))
