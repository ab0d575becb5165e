"""The newsrooms that an archive follows, and the files of facts that it was made with."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from scraper.archive.connection import DATABASE_NAME, Archive
from scraper.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from scraper.sites import Registry, Site

FOLDER = "sites"
"""In the directory of an archive: the user's own files of facts, `KEY.toml`."""


def follow(archive: Archive, site: Site, now: datetime) -> None:
    """Follow a newsroom from now on, and keep its file of facts as it is now.

    Args:
        archive: where.
        site: which newsroom.
        now: the present.
    """
    from scraper.dates import utc_iso

    with archive.transaction() as db:
        db.execute(_FOLLOW, [site.key, site.name, site.file, site.is_complete, utc_iso(now)])


def drop(archive: Archive, key: str, now: datetime) -> None:
    """Follow a newsroom no longer; all that is archived stays.

    Raises:
        UsageError: the archive does not follow it.
    """
    from scraper.dates import utc_iso

    if key not in followed(archive):
        known = ", ".join(followed(archive)) or "none"
        raise UsageError(
            f"The archive does not follow {key!r}, so there is nothing to drop. It follows: "
            f"{known}."
        )
    with archive.transaction() as db:
        db.execute("UPDATE sites SET dropped_at = ? WHERE key = ?", [utc_iso(now), key])


def followed(archive: Archive) -> tuple[str, ...]:
    """Keys of the newsrooms that an archive follows, the first one first."""
    rows = archive.rows(
        "SELECT key FROM sites WHERE dropped_at IS NULL ORDER BY followed_since, key"
    )
    return tuple(row["key"] for row in rows)


def followed_in(directory: Path) -> tuple[str, ...]:
    """As `followed`, of the archive in a directory; nothing if there is none that can be read."""
    with _as_it_is(directory) as archive:
        return followed(archive) if archive else ()


def registry_of(archive: Archive) -> Registry:
    """The sites that an archive knows: the user's files, the program's, and those it has kept."""
    from scraper.sites import Registry  # a search needs neither these nor dates

    kept = {row["key"]: row["file"] for row in archive.rows("SELECT key, file FROM sites")}
    return Registry(archive.path.parent / FOLDER, kept)


def registry_in(directory: Path) -> Registry:
    """As `registry_of`, of the archive in a directory; there may be none yet, or a damaged one."""
    from scraper.sites import Registry

    with _as_it_is(directory) as archive:
        return registry_of(archive) if archive else Registry(directory / FOLDER)


@contextmanager
def _as_it_is(directory: Path) -> Iterator[Archive | None]:
    """The archive without an upgrade or a repair; None if it has no such table."""
    path = directory / DATABASE_NAME
    archive = None
    with suppress(ArchiveError):
        if path.exists():
            archive = Archive.open_as_it_is(path)[0]
    if archive is None:
        yield None
        return
    with archive:
        try:
            archive.rows("SELECT 1 FROM sites LIMIT 1")
        except ArchiveError:
            yield None
            return
        yield archive


_FOLLOW = """
INSERT INTO sites (key, name, file, complete, followed_since) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
  name = excluded.name, file = excluded.file, complete = excluded.complete, dropped_at = NULL
WHERE name <> excluded.name OR file <> excluded.file OR complete IS NOT excluded.complete
  OR dropped_at IS NOT NULL
"""
