"""The saved searches of an archive: what each looks for, what it found, whom it could tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.watches import watches
from scraper.browse.selection import turned

if TYPE_CHECKING:
    from scraper.archive import Archive

_NEWEST = 5


@dataclass(frozen=True)
class WatchRow:
    """One watch."""

    watch: dict[str, Any]
    """As `scraper.archive.watches.watches` gives it; no secret is in it."""
    search: str
    """Path of the search for the same."""
    newest: list[dict[str, Any]]
    """What it found last: `id title published at kind`."""


def watch_rows(archive: Archive) -> list[WatchRow]:
    """All watches, the first one first."""
    return [WatchRow(watch, _search(watch), _newest(archive, watch)) for watch in watches(archive)]


def _search(watch: dict[str, Any]) -> str:
    """The search of the web view for what a watch looks for; of several cities, for all."""
    site = watch["sites"][0] if len(watch["sites"]) == 1 else None
    given = {"q": watch["query"], "speaker": watch["speaker"], "tag": watch["tag"], "site": site}
    return turned("/search", {name: value or "" for name, value in given.items()}, 1)


def _newest(archive: Archive, watch: dict[str, Any]) -> list[dict[str, Any]]:
    return archive.rows(
        "SELECT a.id, a.title, a.published, e.at, e.kind FROM watch_found f "
        "JOIN events e ON e.id = f.event_id JOIN articles a ON a.id = e.article_id "
        "WHERE f.watch_id = ? ORDER BY f.event_id DESC LIMIT ?",
        (watch["id"], _NEWEST),
    )
