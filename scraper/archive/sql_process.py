"""The process in which a user's SQL runs: it can be ended whatever SQLite is doing.

A single function such as `instr` over megabytes cannot be interrupted from within, so the statement
runs here, and the one who asked ends this process when time is up. Started by `scraper.archive.sql`
with a pickled `Statement` on standard input; answers with pickled messages on standard output.
"""

from __future__ import annotations

import contextlib
import pickle
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from scraper.archive.read_only import connect_read_only

MAX_VALUE_BYTES = 32_000_000
"""Of one value, and of one row; the largest pages that the archive keeps are smaller."""
MAX_RESULT_BYTES = 512_000_000
"""Of all rows of a result together."""
_MAX_MEMORY_BYTES = 1 << 30
_ROWS = 500
_BATCH_BYTES = 4_000_000
# `data_version` is what full-text tables ask for themselves.
_PRAGMAS = frozenset(
    "table_info table_xinfo table_list index_list index_info foreign_key_list database_list"
    " user_version application_id compile_options function_list data_version".split()
)
_DENIED = frozenset(
    {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_CREATE_TEMP_TABLE}
)


PRIVATE_COLUMNS = frozenset({("runs", "process"), ("runs", "host")})
"""Tables and columns that are about the machine, not about releases."""

PRIVATE_TABLES = frozenset({"watches", "watch_targets", "watch_found", "watch_queue"})
"""Tables that say what somebody looks for, and whom they tell."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What to run, and where."""

    path: Path
    sql: str
    parameters: dict[str, Any] | tuple[Any, ...] = ()
    max_value_bytes: int = MAX_VALUE_BYTES
    max_result_bytes: int = MAX_RESULT_BYTES
    is_public: bool = False
    """Whether strangers read the result: nothing about the machine is in it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The first message: the names of the columns; None if the statement gives no rows."""

    names: list[str] | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Some more rows."""

    rows: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class End:
    """The last message.

    `error` is what went wrong; "" if nothing did. With `is_too_much`, the result was too large.
    """

    error: str = ""
    is_too_much: bool = False


def main() -> None:
    """Run the statement that stands on standard input."""
    _limit_memory()
    output = sys.stdout.buffer
    statement: Statement = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own
    with contextlib.suppress(BrokenPipeError):  # nobody listens any more
        try:
            _run(statement, output)
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError) as error:
            _send(output, End(str(error) or "it takes too much memory"))


def _run(statement: Statement, output: IO[bytes]) -> None:
    db = connect_read_only(statement.path)
    db.execute("PRAGMA query_only = ON")
    if hasattr(db, "setlimit"):  # not in every build of SQLite's module
        db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, statement.max_value_bytes)
    db.set_authorizer(_authorize_strangers if statement.is_public else _authorize)
    cursor = db.execute(statement.sql, statement.parameters)
    if cursor.description is None:
        _send(output, Columns(None))
        return
    _send(output, Columns([column[0] for column in cursor.description]))
    total = 0
    batch: list[tuple[Any, ...]] = []
    size = 0
    for row in cursor:
        batch.append(row)
        size += sum(len(value) for value in row if isinstance(value, (str, bytes)))
        if total + size > statement.max_result_bytes:
            _send(output, End(is_too_much=True))
            return
        if len(batch) >= _ROWS or size >= _BATCH_BYTES:
            _send(output, Rows(batch))
            total, batch, size = total + size, [], 0
    _send(output, Rows(batch))
    _send(output, End())


def _send(output: IO[bytes], message: Columns | Rows | End) -> None:
    pickle.dump(message, output, pickle.HIGHEST_PROTOCOL)
    output.flush()


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))


def _authorize(
    action: int, first: str | None, _second: str | None, _db: str | None, _view: str | None
) -> int:
    if action in _DENIED or (action == sqlite3.SQLITE_PRAGMA and first not in _PRAGMAS):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def hide_private(
    action: int, first: str | None, second: str | None, _db: str | None, _view: str | None
) -> int:
    """An authorizer for SQLite: what is about the machine or its owner reads as null."""
    if action == sqlite3.SQLITE_READ and first in PRIVATE_TABLES:
        return sqlite3.SQLITE_IGNORE
    return hide_machine(action, first, second, _db, _view)


def hide_machine(
    action: int, first: str | None, second: str | None, _db: str | None, _view: str | None
) -> int:
    """An authorizer for SQLite: what is about the machine reads as null."""
    if action == sqlite3.SQLITE_READ and (first, second) in PRIVATE_COLUMNS:
        return sqlite3.SQLITE_IGNORE
    return sqlite3.SQLITE_OK


def _authorize_strangers(
    action: int, first: str | None, second: str | None, db: str | None, view: str | None
) -> int:
    if action == sqlite3.SQLITE_PRAGMA and first == "database_list":  # it has the path
        return sqlite3.SQLITE_DENY
    answer = _authorize(action, first, second, db, view)
    return answer or hide_private(action, first, second, db, view)
