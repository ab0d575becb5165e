"""Read-only SQL for users: nothing can be written, attached, or run for ever."""

from __future__ import annotations

import pickle
import select
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from scraper.archive.sql_process import Columns, End, Rows, Statement
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from scraper.archive.connection import Archive

_CODE = "import sys; sys.path[:] = {path!r}; from scraper.archive.sql_process import main; main()"
_READ_BYTES = 1 << 16
_LOOK_SECONDS = 0.2

TABLES = """
SELECT m.name AS "table", m.type AS kind, c.name AS "column", lower(c.type) AS type
FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c
WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
AND m.name NOT GLOB '*_fts*' AND m.name NOT GLOB '_*' AND c.hidden <> 1
ORDER BY m.type, m.name, c.cid
"""
"""Lists tables and views with their columns; those that a search index is made of are left out."""


class TimeLimitError(UsageError):
    """A statement was ended because it took too long."""


@contextmanager
def read_only_query(
    archive: Archive, sql: str, timeout_seconds: float = 30.0
) -> Iterator[tuple[list[str], Iterator[tuple[Any, ...]]]]:
    """Run one statement in a process of its own; yields the names of the columns and the rows.

    Args:
        archive: where.
        sql: one statement that reads.
        timeout_seconds: a statement that takes longer is ended, whatever it is doing.

    Raises:
        UsageError: the statement is wrong, wants to write, takes too long, or gives too much.
    """
    with run_apart(Statement(archive.path.absolute(), sql), timeout_seconds) as result:
        yield result


@contextmanager
def run_apart(
    statement: Statement, timeout_seconds: float, is_over: Callable[[], bool] = lambda: False
) -> Iterator[tuple[list[str], Iterator[tuple[Any, ...]]]]:
    """The same, with limits of the caller's.

    Args:
        statement: what to run.
        timeout_seconds: when it is ended.
        is_over: asked a few times in a second; once it is true, the statement is ended, too.

    Raises:
        TimeLimitError: it was ended.
        UsageError: as `read_only_query`.
    """
    deadline = time.monotonic() + timeout_seconds
    command = [sys.executable, "-c", _CODE.format(path=sys.path)]
    process = subprocess.Popen(  # noqa: S603 - our own code
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert process.stdin is not None  # noqa: S101 - asked for above
        assert process.stdout is not None  # noqa: S101
        pickle.dump(statement, process.stdin)
        process.stdin.close()
        messages = _messages(_Patient(process.stdout, deadline, is_over), timeout_seconds)
        first = next(messages)
        if isinstance(first, Columns) and first.names is None:
            raise UsageError("The statement gives no rows. `query` only reads: begin with SELECT.")
        if not isinstance(first, Columns) or first.names is None:
            raise _refused(first, statement)
        yield first.names, _rows(messages, statement)
        messages.close()
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def _messages(reader: _Patient, timeout_seconds: float) -> Generator[Columns | Rows | End]:
    """What the process says, until it is done.

    Raises:
        UsageError: it takes too long, or has ended before it was done.
    """
    while True:
        try:
            message: Columns | Rows | End = pickle.load(reader)  # noqa: S301 - our own
        except TimeoutError as error:
            raise TimeLimitError(
                f"The statement was ended after {timeout_seconds:g} s. Narrow it down with WHERE "
                "or LIMIT."
            ) from error
        except (EOFError, pickle.UnpicklingError) as error:
            raise UsageError(
                "The statement could not be run: it took more memory than it may, or crashed "
                "SQLite. Ask for less at once."
            ) from error
        yield message
        if isinstance(message, End):
            return


class _Patient:
    """Reads from a pipe up to a deadline, or until it is over."""

    def __init__(self, pipe: IO[bytes], deadline: float, is_over: Callable[[], bool]) -> None:
        self._pipe = pipe
        self._deadline = deadline
        self._is_over = is_over
        self._buffer = bytearray()

    def read(self, size: int) -> bytes:
        while len(self._buffer) < size and self._more():
            pass
        return self._take(size)

    def readline(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0 and self._more():
            pass
        return self._take(end + 1 if end >= 0 else len(self._buffer))

    def _more(self) -> bool:
        while True:
            left = self._deadline - time.monotonic()
            if left <= 0 or self._is_over():
                raise TimeoutError
            if select.select([self._pipe], [], [], min(left, _LOOK_SECONDS))[0]:
                break
        piece = self._pipe.read1(_READ_BYTES)  # type: ignore[attr-defined]  # a buffered reader
        self._buffer += piece
        return bool(piece)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


def _rows(
    messages: Iterator[Columns | Rows | End], statement: Statement
) -> Iterator[tuple[Any, ...]]:
    for message in messages:
        if isinstance(message, Rows):
            yield from message.rows
        elif isinstance(message, End) and (message.error or message.is_too_much):
            raise _refused(message, statement)


def _refused(message: Columns | Rows | End, statement: Statement) -> UsageError:
    if isinstance(message, End) and message.is_too_much:
        megabytes = statement.max_result_bytes // 1_000_000
        return UsageError(
            f"The result has more than {megabytes:,} MB and was cut off. Ask for fewer rows or "
            "columns."
        )
    reason = message.error.rstrip(".") if isinstance(message, End) else "it gave no columns"
    return UsageError(
        f"The statement could not be run: {reason}. `query` takes one statement that reads; "
        "`SELECT name FROM sqlite_master` lists tables and views."
    )
