"""The saved searches of an archive as rows, for lists; `scraper.watch` runs and keeps them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scraper.archive.connection import Archive


def feed_name(name: str) -> str:
    """Name of the feed of a watch in the directory `exports`."""
    return f"watch-{name}.xml"


def is_any_watched(archive: Archive) -> bool:
    """Whether there is a saved search."""
    return bool(archive.rows("SELECT 1 FROM watches LIMIT 1"))


def targets_of(archive: Archive, watch: int) -> list[dict[str, Any]]:
    """Whom a watch tells: rows of `watch_targets`, and how many news each has `waiting`.

    Args:
        archive: where.
        watch: the watch's id.
    """
    return archive.rows(
        "SELECT t.*, (SELECT count(*) FROM watch_queue q WHERE q.target_id = t.id) AS waiting "
        "FROM watch_targets t WHERE t.watch_id = ? ORDER BY t.id",
        (watch,),
    )


def watches(archive: Archive) -> list[dict[str, Any]]:
    """All watches for people and programs, without any secret, the first one first.

    Returns:
        Rows with `id name query speaker tag sites changes created_at last_run found waiting feed
        to`; `to` has `address last_sent waiting failures error` of each target.
    """
    rows = []
    for watch in archive.rows("SELECT * FROM watches ORDER BY id"):
        to = [
            {"address": one["shown"]}
            | {name: one[name] for name in ("last_sent", "waiting", "failures", "error")}
            for one in targets_of(archive, watch["id"])
        ]
        sql = "SELECT count(*) AS n FROM watch_found WHERE watch_id = ?"
        rows.append(
            {name: watch[name] for name in ("id", "name", "query", "speaker", "tag")}
            | {
                "sites": json.loads(watch["sites"]),
                "changes": bool(watch["changes"]),
                "created_at": watch["created_at"],
                "last_run": watch["last_run"],
                "found": archive.rows(sql, (watch["id"],))[0]["n"],
                "waiting": sum(one["waiting"] for one in to),
                "feed": f"exports/{feed_name(watch['name'])}",
                "to": to,
            }
        )
    return rows
