"""The feed of a watch: an Atom file in the directory `exports` with the latest it has found."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from scraper import urls
from scraper.disk.atomic import replacing
from scraper.errors import ArchiveError
from scraper.export.atom import Author, Feed, write_atom
from scraper.export.city import city
from scraper.export.feed import entries_of

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive import Archive
    from scraper.watch.saved import Watch

MOST = 100
"""Entries of a feed."""

_FOLDER = "exports"
_NAME = "newsroom-archive"


def path_of(directory: Path, watch: Watch) -> Path:
    """Where the feed of a watch is."""
    return directory / _FOLDER / watch.feed_name


def write(archive: Archive, watch: Watch) -> Path:
    """Write the feed of a watch; returns where it is.

    Raises:
        ArchiveError: the archive cannot be read, or the file not written.
    """
    path = path_of(archive.path.parent, watch)
    rows = archive.rows(
        "SELECT event_id FROM watch_found WHERE watch_id = ? ORDER BY event_id DESC LIMIT ?",
        (watch.id, MOST),
    )
    updated, entries = entries_of(archive, [row["event_id"] for row in rows])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            write_atom(file, _feed(archive, watch, updated), entries)
    except OSError as error:
        raise ArchiveError(
            f"The feed {path} cannot be written ({error.strerror}). Make room, or change the "
            "permissions of the directory."
        ) from error
    return path


def _feed(archive: Archive, watch: Watch, updated: str | None) -> Feed:
    keys = watch.filters.sites or tuple(
        row["site"] for row in archive.rows("SELECT DISTINCT site FROM articles LIMIT 2")
    )
    found = city(archive, keys[0]) if len(keys) == 1 else None
    author = Author(found.name, found.origin) if found else Author(_NAME)
    host = urls.host(found.origin) if found and found.origin else f"{_NAME}.invalid"
    about = (watch.query, watch.filters.speaker, watch.filters.tag, *watch.filters.sites)
    subject = ", ".join(filter(None, about)) or "alles"
    return Feed(
        id=f"tag:{host},2023:newsroom-archive/watch/{quote(watch.name)}?{quote(watch.created_at)}",
        title=f"{author.name}: {watch.subject}",
        subtitle=f"Beobachtet im Archiv der Pressemitteilungen: {subject}",
        updated=updated or watch.created_at,
        author=author,
        url=found.newsroom if found else None,
    )


def remove(directory: Path, watch: Watch) -> None:
    """Take the feed of a watch away.

    Raises:
        ArchiveError: it cannot be removed.
    """
    path = path_of(directory, watch)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ArchiveError(f"The feed {path} cannot be removed ({error.strerror}).") from error
