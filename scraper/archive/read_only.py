"""Connections that only read, from a write-protected copy of an archive, too."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def _read_only_uri(path: Path) -> str:
    return path.absolute().as_uri() + "?mode=ro"


def connect_read_only(path: Path, *, any_thread: bool = False) -> sqlite3.Connection:
    """A connection that only reads; from a write-protected copy too, if no crawl is at work.

    Args:
        path: the file.
        any_thread: whether another thread may use it, one at a time.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    only_here = not any_thread
    db = sqlite3.connect(_read_only_uri(path), uri=True, check_same_thread=only_here)
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        db.close()
        log = path.with_name(path.name + "-wal")
        reason = error.sqlite_errorcode & 0xFF
        if reason not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY} or (
            log.exists() and log.stat().st_size
        ):
            raise
        uri = _read_only_uri(path) + "&immutable=1"
        return sqlite3.connect(uri, uri=True, check_same_thread=only_here)
    return db
