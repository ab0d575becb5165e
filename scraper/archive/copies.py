"""Near-copies of a release that other cities have published, and what differs in them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scraper.archive.cities_schema import SITE_NAME
from scraper.decide.compare import compare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.connection import Archive

_COPIES = f"""
SELECT c.article_id, o.id, o.site, {SITE_NAME.format(site="o.site")} AS site_name, o.url, o.title,
       o.published, c.similarity, o.gone_at IS NULL AS online
FROM copies c JOIN articles o ON o.id = c.other_id
WHERE c.article_id IN ({{marks}}) ORDER BY c.article_id, o.published, o.id
"""
_BATCH = 500


def copies_of(archive: Archive, ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The near-copies of some releases in other cities, those published first before the others.

    Returns:
        By the release's id, rows with `id site site_name url title published similarity online`;
        `similarity` is the share of the shorter text that the other one has. Releases without
        copies are left out.
    """
    wanted = list(ids)
    found: dict[int, list[dict[str, Any]]] = {}
    for at in range(0, len(wanted), _BATCH):
        batch = wanted[at : at + _BATCH]
        sql = _COPIES.format(marks=", ".join("?" * len(batch)))
        for row in archive.rows(sql, tuple(batch)):
            row["online"] = bool(row["online"])
            found.setdefault(row.pop("article_id"), []).append(row)
    return found


def with_differences(
    archive: Archive, article_id: int, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Copies of a release with `changes`: what differs in title and text, word by word.

    Args:
        archive: where.
        article_id: the release.
        rows: its copies, as `copies_of` gives them.

    Returns:
        The rows, with `changes`: each with `field before after words`, as of two versions.
    """
    own = _words(archive, article_id)
    return [
        row | {"changes": [asdict(change) for change in compare(own, _words(archive, row["id"]))]}
        for row in rows
    ]


def _words(archive: Archive, article_id: int) -> dict[str, Any]:
    return archive.rows("SELECT title, text FROM articles WHERE id = ?", (article_id,))[0]
