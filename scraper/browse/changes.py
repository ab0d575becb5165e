"""What the city edited or removed after publication, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.corrections import correction_changes
from scraper.archive.read import read_record
from scraper.browse.edits import edits

if TYPE_CHECKING:
    from scraper.archive import Archive
    from scraper.browse.cache import Cache

ON_PAGE = 15

KINDS = {
    "edited": ("changed",),
    "removed": ("gone", "withdrawn"),
    "corrected": ("corrected",),
    "": ("changed", "gone", "withdrawn", "corrected"),
}
"""What the page can be narrowed to, and the events that stand for it."""


@dataclass(frozen=True)
class Changes:
    """One page of changes."""

    total: int
    rows: list[dict[str, Any]]
    """`at kind article_id title published gone_at site`, and of an edit `number`, `changes` (see
    `edits`) and `announced`: whether the city states a new time of change; of a correction
    `correction`, the number of the release that corrects, and `changes`."""
    last_page: int


def changes(
    cache: Cache, archive: Archive, kind: str = "", page: int = 1, city: str = ""
) -> Changes:
    """One page of changes.

    Args:
        cache: what is remembered.
        archive: where.
        kind: a key of `KINDS`.
        page: from 1.
        city: the key of the only city they are about; "" for all.
    """
    kinds = KINDS[kind]
    where = f"e.kind IN ({', '.join('?' * len(kinds))})"
    values = [*kinds]
    if city:
        where += " AND e.article_id IN (SELECT id FROM articles WHERE site = ?)"
        values.append(city)
    total = archive.rows(f"SELECT count(*) AS n FROM events e WHERE {where}", tuple(values))
    rows = archive.rows(
        "SELECT e.id, e.at, e.kind, e.detail, e.article_id, a.title, a.published, a.gone_at, "
        f"a.site FROM events e JOIN articles a ON a.id = e.article_id WHERE {where} "
        "ORDER BY e.at DESC, e.id DESC LIMIT ? OFFSET ?",
        (*values, ON_PAGE, (page - 1) * ON_PAGE),
    )
    for row in rows:
        if row["kind"] == "changed":
            row |= _edit(cache, archive, row["article_id"], row["at"])
        elif row["kind"] == "corrected":
            row |= _correction(archive, row["article_id"], row["detail"] or "")
    return Changes(total[0]["n"], rows, max(1, -(-total[0]["n"] // ON_PAGE)))


def _correction(archive: Archive, article_id: int, url: str) -> dict[str, Any]:
    """The release that corrects another one, and what it says differently."""
    found = archive.rows("SELECT id FROM articles WHERE url = ?", (url,))
    return {
        "number": None,
        "correction": found[0]["id"] if found else None,
        "changes": correction_changes(archive, article_id, url),
    }


def _edit(cache: Cache, archive: Archive, article_id: int, at: str) -> dict[str, Any]:
    """The version that an edit made, against the one before."""
    after = archive.rows(
        "SELECT id, number, (SELECT max(id) FROM events e WHERE e.article_id = r.article_id) "
        "AS event FROM revisions r WHERE article_id = ? AND first_seen = ? "
        "ORDER BY number DESC LIMIT 1",
        (article_id, at),
    )
    if not after:
        return {"number": None, "changes": [], "announced": False}
    version = after[0]
    return cache.kept(
        version["event"],
        ("edit", version["id"]),
        lambda: _compared(archive, article_id, version["number"]),
    )


def _compared(archive: Archive, article_id: int, number: int) -> dict[str, Any]:
    records = [
        read_record(row["record"], f"article {article_id}")
        for row in archive.rows(
            "SELECT record FROM revisions WHERE article_id = ? AND number IN (?, ?) "
            "ORDER BY number",
            (article_id, number - 1, number),
        )
    ]
    if len(records) < 2:
        return {"number": number, "changes": [], "announced": False}
    found = edits(*records)
    return {
        "number": number,
        "changes": [change for change in found if change["field"] != "modified"],
        "announced": any(change["field"] == "modified" and change["after"] for change in found),
    }
