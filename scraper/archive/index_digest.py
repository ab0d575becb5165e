"""A digest of the inside of the full-text indexes, which SQLite's own check passes over in part.

Our connections forget it with the first change of the stems, and note it anew when they are closed;
a process that was killed between leaves none, and the next one notes it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from scraper.archive.search_schema import INDEXES

if TYPE_CHECKING:
    import sqlite3

_NAME = "index_digest"
_SHADOWS = {"data": "id", "idx": "segid, term", "docsize": "id", "config": "k"}


def follow_index(connection: sqlite3.Connection) -> None:
    """Have this connection forget the digest when it changes what the indexes are made of."""
    for source in INDEXES:
        for event in ("INSERT", "UPDATE", "DELETE"):
            connection.execute(
                f"CREATE TEMP TRIGGER IF NOT EXISTS forget_{source}_{event} AFTER {event} "
                f"ON main.{source} BEGIN DELETE FROM settings WHERE name = '{_NAME}'; END"
            )


def noted_index(connection: sqlite3.Connection) -> str | None:
    """The digest as it was noted; None if none is."""
    row = connection.execute("SELECT value FROM settings WHERE name = ?", (_NAME,)).fetchone()
    return str(row[0]) if row else None


def note_index(connection: sqlite3.Connection) -> None:
    """Note the digest as it is now; call it inside a transaction."""
    values = (_NAME, index_digest(connection))
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", values)


def index_differs(connection: sqlite3.Connection) -> bool:
    """Whether the indexes are not as their digest says; False if none is noted."""
    connection.execute("BEGIN")  # both are read at one moment, though a crawl may be at work
    try:
        noted = noted_index(connection)
        return noted is not None and noted != index_digest(connection)
    finally:
        connection.rollback()


def index_digest(connection: sqlite3.Connection) -> str:
    """SHA-256 of all rows inside of the full-text indexes."""
    found = hashlib.sha256()
    for index in sorted(INDEXES.values()):
        for end, order in _SHADOWS.items():
            if not _has(connection, f"{index}_{end}"):
                continue
            for row in connection.execute(f"SELECT * FROM {index}_{end} ORDER BY {order}"):
                found.update(repr(row).encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def _has(connection: sqlite3.Connection, table: str) -> bool:
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(sql, (table,)).fetchone() is not None
