"""Until when hosts have asked to be left alone, kept from run to run.

Each call opens the database for itself: who fetches may be another thread than the one that stores.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from scraper.archive.connection import BUSY_MILLISECONDS, DATABASE_NAME, guarded
from scraper.archive.digests import follow, is_digested
from scraper.archive.read_only import connect_read_only
from scraper.archive.schema import SCHEMA_VERSION
from scraper.dates import parse_instant, utc_iso

_SINCE_VERSION = 5


def paused_until(directory: Path, host: str) -> datetime | None:
    """When a host may be asked again; None if it has not said so, or there is no archive yet.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    path = directory / DATABASE_NAME
    if not path.exists():
        return None
    with guarded(path), closing(connect_read_only(path)) as db:
        if db.execute("PRAGMA user_version").fetchone()[0] < _SINCE_VERSION:
            return None
        row = db.execute("SELECT until FROM host_pauses WHERE host = ?", (host,)).fetchone()
    return parse_instant(row[0]) if row else None


def keep_pause(directory: Path, host: str, until: datetime) -> None:
    """Keep when a host may be asked again.

    Raises:
        ArchiveError: the archive cannot be written.
    """
    path = directory / DATABASE_NAME
    seconds = BUSY_MILLISECONDS / 1000
    uri = path.absolute().as_uri() + "?mode=rw"  # an archive that is gone stays gone
    with guarded(path), closing(sqlite3.connect(uri, uri=True, timeout=seconds)) as db, db:
        if is_digested(db, SCHEMA_VERSION):
            follow(db)
        db.execute("INSERT OR REPLACE INTO host_pauses VALUES (?, ?)", (host, utc_iso(until)))
