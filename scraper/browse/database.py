"""The archive's file as Datasette sees it: read-only, within limits, foreign SQL kept apart."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.database import Database, QueryInterrupted, Results

from scraper.archive.read_only import connect_read_only
from scraper.archive.sql import TimeLimitError, run_apart
from scraper.archive.sql_process import Statement, hide_machine, hide_private
from scraper.browse.limits import LANES, LimitError, current
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.browse.limits import Work

_MAX_VALUE_BYTES = 100_000_000
_MAX_FOREIGN_VALUE_BYTES = 8_000_000
_MAX_FOREIGN_RESULT_BYTES = 16_000_000
_START_SECONDS = 3.0  # for the process in which foreign SQL runs


class ReadOnlyDatabase(Database):  # type: ignore[misc]  # Datasette ships no types
    """The archive's file, opened so that it cannot be written, by any path that a file can have."""

    def __init__(
        self, datasette: Any, path: str, *, is_public: bool, shows_watches: bool = True
    ) -> None:
        super().__init__(datasette, path)
        self._is_public = is_public
        self._shows_watches = shows_watches
        self._lanes = {kind: asyncio.Semaphore(threads) for kind, threads in LANES.items()}

    def connect(self, write: bool = False) -> sqlite3.Connection:  # noqa: FBT001, FBT002
        """A connection that only reads."""
        if write:
            raise sqlite3.OperationalError("the web view does not write")
        connection = connect_read_only(Path(self.path), any_thread=True)
        connection.execute("PRAGMA query_only = ON")
        if hasattr(connection, "setlimit"):  # not in every build of SQLite's module
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
        if self._is_public:
            connection.set_authorizer(hide_machine if self._shows_watches else hide_private)
        self._all_file_connections.append(connection)
        return connection

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """Run something in a thread, within the limits of the request that is being answered.

        Raises:
            LimitError: it takes too long.
        """
        work = current.get()
        if work is None:
            return await super().execute_fn(fn)

        def run(connection: sqlite3.Connection) -> Any:
            with work.on(connection):
                return fn(connection)

        return await self._in_lane(work, lambda: super(ReadOnlyDatabase, self).execute_fn(run))

    async def _in_lane(self, work: Work, call: Callable[[], Any]) -> Any:
        lane = self._lanes.get(work.kind)
        if lane is None:
            return await call()
        try:
            async with asyncio.timeout(work.left):
                await lane.acquire()
        except TimeoutError:
            raise LimitError(
                "Other visitors are searching here, and it took too long to wait for them. Try "
                "again in a minute."
            ) from None
        try:
            return await call()
        finally:
            lane.release()

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,  # noqa: FBT001, FBT002
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,  # noqa: FBT001, FBT002
    ) -> Any:
        """Run a statement; one with SQL of a visitor in a process of its own.

        Raises:
            QueryInterrupted: it takes too long.
            sqlite3.Error: it is wrong.
        """
        work = current.get()
        if work is None or not any(text in sql for text in work.foreign):
            return await super().execute(
                sql, params, truncate, custom_time_limit, page_size, log_sql_errors
            )
        most: int | None = self.ds.max_returned_rows if truncate else None
        if most is not None and most == page_size:
            most += 1
        usual = self.ds.sql_time_limit_ms
        milliseconds = min(custom_time_limit or usual, usual)
        statement = Statement(
            Path(self.path),
            sql,
            dict(params) if hasattr(params, "keys") else tuple(params or ()),
            _MAX_FOREIGN_VALUE_BYTES,
            _MAX_FOREIGN_RESULT_BYTES,
            self._is_public,
        )

        def run() -> Any:
            seconds = _START_SECONDS + milliseconds / 1000
            with run_apart(statement, seconds, work.is_over) as (columns, found):
                return _results(columns, list(islice(found, None if most is None else most + 1)))

        loop = asyncio.get_running_loop()
        try:
            rows, description = await self._in_lane(
                work, lambda: loop.run_in_executor(self.ds.executor, run)
            )
        except TimeLimitError as error:
            work.check()
            raise QueryInterrupted(error, sql, params) from error
        except UsageError as error:
            raise sqlite3.OperationalError(str(error)) from error
        is_cut = most is not None and len(rows) > most
        return Results(rows[:most], is_cut, description)


def _results(columns: list[str], found: list[tuple[Any, ...]]) -> tuple[list[sqlite3.Row], Any]:
    """Rows as SQLite gives them, with the description of their columns."""
    names = ", ".join(f'NULL AS "{column.replace(chr(34), chr(34) * 2)}"' for column in columns)
    with closing(sqlite3.connect(":memory:")) as nothing:
        cursor = nothing.execute(f"SELECT {names}")
        return [sqlite3.Row(cursor, row) for row in found], cursor.description
