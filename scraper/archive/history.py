"""The life of an article: its versions, what happened to it, whether it is still online."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scraper.archive.read import read_record
from scraper.compare import compare

if TYPE_CHECKING:
    from scraper.archive.connection import Archive


def history(archive: Archive, article_id: int) -> dict[str, Any]:
    """What happened to an article, oldest first.

    Returns:
        `id url title online first_seen last_seen gone_at`, then `events` (`at kind detail`) and
        `versions` (`number first_seen last_seen parser changes`); the changes of a version are
        those against the one before, each with `field before after words`.
    """
    article = archive.rows(
        "SELECT id, url, title, gone_at IS NULL AS online, first_seen, last_seen, gone_at "
        "FROM articles WHERE id = ?",
        (article_id,),
    )[0]
    article["online"] = bool(article["online"])
    events = archive.rows(
        "SELECT at, kind, detail FROM events WHERE article_id = ? ORDER BY id", (article_id,)
    )
    return {**article, "events": events, "versions": _versions(archive, article_id)}


def _versions(archive: Archive, article_id: int) -> list[dict[str, Any]]:
    rows = archive.rows(
        "SELECT number, first_seen, last_seen, parser, record FROM revisions "
        "WHERE article_id = ? ORDER BY number",
        (article_id,),
    )
    before: dict[str, Any] | None = None
    versions = []
    for row in rows:
        record = read_record(row.pop("record"), f"article {article_id}")
        changes = compare(before, record) if before is not None else []
        versions.append({**row, "changes": [asdict(change) for change in changes]})
        before = record
    return versions
