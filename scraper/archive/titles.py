"""Releases by their title, or by a part of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.near import did_you_mean, near
from scraper.archive.read import find_article_id
from scraper.archive.search.filters import site_condition
from scraper.archive.search.german import name_key
from scraper.errors import UsageError

if TYPE_CHECKING:
    from typing import Any

    from scraper.archive.connection import Archive

_SHOWN = 10
_SHORTEST = 3
_CONTENT_ID = 36
"""Characters; nobody types such a title without a space."""


def find_named(archive: Archive, reference: str, sites: tuple[str, ...] = ()) -> int:
    """The id of a release, named by id, address, content id, title or a part of its title.

    Args:
        archive: where.
        reference: what the user typed; case, accents and umlauts of a title do not matter.
        sites: keys of the cities it may be from; empty for all.

    Raises:
        UsageError: there is no such release, or several, which are listed.
    """
    key = _key(reference)
    if not _may_be_title(reference, key):
        return find_article_id(archive, reference, sites)
    try:
        return find_article_id(archive, reference, sites)
    except UsageError:
        found = _titled(archive, key, sites)
        if not found:
            raise UsageError(
                f"The archive has no article {reference[:80]!r}, and no title that holds it."
                f"{did_you_mean(near(reference, _titles(archive, sites)))} `newsroom search` looks "
                "into texts, too."
            ) from None
    if len(found) > 1:
        raise UsageError(_which(reference, found))
    return int(found[0]["id"])


def _may_be_title(reference: str, key: str) -> bool:
    is_address = "://" in reference
    is_id = " " not in reference and len(reference) == _CONTENT_ID and reference.count("-") == 4
    return not (is_address or is_id or reference.isdigit()) and len(key) >= _SHORTEST


def _titled(archive: Archive, key: str, sites: tuple[str, ...]) -> list[dict[str, Any]]:
    """Releases of that title; if there is none, those that have it as a part, the newest first."""
    found = [row for row in _rows(archive, sites) if key in _key(row["title"])]
    whole = [row for row in found if _key(row["title"]) == key]
    return whole or found


def _rows(archive: Archive, sites: tuple[str, ...]) -> list[dict[str, Any]]:
    values: dict[str, Any] = {}
    where = site_condition(sites, values) if sites else "true"
    return archive.rows(
        f"SELECT a.id, a.title, a.published FROM articles a WHERE {where} "
        "ORDER BY a.published DESC, a.id",
        values,
    )


def _titles(archive: Archive, sites: tuple[str, ...]) -> list[str]:
    return [row["title"] for row in _rows(archive, sites)]


def _which(reference: str, found: list[dict[str, Any]]) -> str:
    lines = [
        f"{row['id']:>5}  {(row['published'] or 'undated')[:10]:<10}  {row['title'][:100]}"
        for row in found[:_SHOWN]
    ]
    more = f" The newest {_SHOWN} of them:" if len(found) > _SHOWN else ""
    return "\n    ".join(
        [f"{len(found):,} titles hold {reference[:80]!r}. Give a number.{more}", *lines]
    )


def _key(text: str) -> str:
    return " ".join(name_key(text).split())
