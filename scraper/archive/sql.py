"""Read-only SQL for users: nothing can be written, attached, or run for ever."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scraper.archive.connection import connect_read_only, guarded
from scraper.errors import UsageError

if TYPE_CHECKING:
    from scraper.archive.connection import Archive

# `data_version` is what full-text tables ask for themselves.
_PRAGMAS = frozenset(
    "table_info table_xinfo table_list index_list index_info foreign_key_list database_list"
    " user_version application_id compile_options function_list data_version".split()
)
_DENIED = frozenset(
    {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_CREATE_TEMP_TABLE}
)
_STEPS_BETWEEN_LOOKS = 10_000
_MAX_VALUE_BYTES = 100_000_000


@contextmanager
def read_only_query(
    archive: Archive, sql: str, timeout_seconds: float = 30.0
) -> Iterator[tuple[list[str], Iterator[tuple[Any, ...]]]]:
    """Run one statement; yields the names of the columns and the rows.

    Args:
        archive: where.
        sql: one statement that reads.
        timeout_seconds: a statement that takes longer is ended.

    Raises:
        UsageError: the statement is wrong, wants to write, or takes too long.
    """
    deadline = time.monotonic() + timeout_seconds
    with guarded(archive.path):
        db = connect_read_only(archive.path)
    try:
        db.execute("PRAGMA query_only = ON")
        db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
        db.set_authorizer(_authorize)
        db.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
        cursor = db.execute(sql)
        if cursor.description is None:
            raise UsageError("The statement gives no rows. `query` only reads: begin with SELECT.")
        yield [column[0] for column in cursor.description], iter(cursor)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        raise UsageError(_explain(error, timeout_seconds)) from error
    finally:
        db.close()


def _authorize(
    action: int, first: str | None, _second: str | None, _db: str | None, _view: str | None
) -> int:
    if action in _DENIED or (action == sqlite3.SQLITE_PRAGMA and first not in _PRAGMAS):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _explain(error: Exception, timeout_seconds: float) -> str:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
        return (
            f"The statement was ended after {timeout_seconds:g} s. Narrow it down with WHERE or "
            "LIMIT."
        )
    reason = str(error).rstrip(".")
    return (
        f"The statement could not be run: {reason}. `query` takes one statement that reads; "
        "`SELECT name FROM sqlite_master` lists tables and views."
    )
