"""Opening an archive, and turning SQLite's errors into ours."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from scraper.archive.arriving import is_waiting, take_places
from scraper.archive.digests import (
    digest_all,
    digest_schema,
    follow,
    had_setting,
    is_digested,
)
from scraper.archive.index_digest import follow_index, note_index, noted_index
from scraper.archive.others import missing_parts, put_back, refuse_foreign_triggers
from scraper.archive.read_only import connect_read_only
from scraper.archive.schema import APPLICATION_ID, SCHEMA_VERSION, has_tables
from scraper.archive.search.index import ensure_current, forget_stems, is_indexed
from scraper.archive.writing import writing
from scraper.errors import ArchiveError, raise_if_no_handles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlite_utils import Database

DATABASE_NAME = "newsroom.db"
BUSY_MILLISECONDS = 10_000
"""How long to wait for another program that writes."""
_CACHE = "PRAGMA cache_size = -16000"  # kibibytes; SQLite's own 2 MB hold little of a large index


class Archive:
    """An open archive. Use as a context manager.

    Attributes:
        connection: the database.
        path: its file.
        before_storing: is called before each transaction is stored, and may refuse that.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self.before_storing: Callable[[], None] = lambda: None
        self._file = _identity(path)
        self._writes = False

    @cached_property
    def db(self) -> Database:
        """The database through sqlite-utils, which reading alone does not need."""
        from scraper.archive.database import Database

        return Database(self.connection, execute_plugins=False)

    @property
    def warc_directory(self) -> Path:
        """Where the raw pages are."""
        from scraper.warc import DIRECTORY_NAME

        return self.path.parent / DIRECTORY_NAME

    @classmethod
    def open(cls, directory: Path) -> Archive:
        """Open the archive in a directory for writing; make or upgrade it if need be.

        Raises:
            ArchiveError: not a database, not an archive, of a newer version, read-only, locked.
        """
        path = directory / DATABASE_NAME
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(
                f"The directory {directory} cannot be made ({error.strerror}). Choose another one "
                "with --data, or change the permissions."
            ) from error
        with guarded(path):
            archive = cls(sqlite3.connect(path, cached_statements=1000), path)
            try:
                archive._make_ready()
                take_places(directory, archive.transaction())
            except BaseException:
                archive.close()
                raise
        return archive

    def _make_ready(self) -> None:
        """Make, upgrade or mend the tables if need be, and set what writing wants."""
        from scraper.archive.upgrade import upgrade

        db, path = self.db, self.path
        check_is_archive(db.conn, path)
        db.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        db.execute(_CACHE)
        db.enable_wal()
        # A power cut may take the last pages off the index, never damage it. The pages
        # themselves are on disk by then, and the next run fetches what it does not know.
        db.execute("PRAGMA synchronous = NORMAL")
        upgrade(db, path)
        refuse_foreign_triggers(db.conn, path)
        db.execute("PRAGMA foreign_keys = ON")
        follow(db.conn)
        follow_index(db.conn)
        self._writes = True
        if not is_digested(db.conn, SCHEMA_VERSION):
            with db.atomic():
                digest_all(db.conn, SCHEMA_VERSION)
        lost = missing_parts(db.conn)
        if lost:
            with writing(db.conn):
                if put_back(db.conn, lost):
                    forget_stems(db)
                digest_schema(db.conn)  # another program has made a table anew
        ensure_current(db)

    @classmethod
    def open_existing(cls, directory: Path) -> Archive:
        """Open the archive in a directory for reading; nothing is written.

        Raises:
            ArchiveError: the directory holds no archive, or it cannot be read.
        """
        path = directory / DATABASE_NAME
        if not path.exists():
            raise ArchiveError(
                f"There is no archive at {path}. Fill one with `newsroom crawl`, try `newsroom "
                "demo`, or point --data to the directory that holds yours."
            )
        archive, is_ready = cls.open_as_it_is(path)
        if not is_ready or is_waiting(directory):
            archive.close()
            return cls.open(directory)  # an older archive is upgraded first
        return archive

    @classmethod
    def open_to_check(cls, directory: Path) -> Archive:
        """Open the archive in a directory for reading, with what other programs have done to it.

        Only one of an older version is upgraded first.

        Raises:
            ArchiveError: see `open_existing`.
        """
        path = directory / DATABASE_NAME
        if path.exists() and not is_waiting(directory):
            archive, is_ready = cls.open_as_it_is(path)
            if is_ready or archive.is_present_version():
                return archive
            archive.close()
        return cls.open_existing(directory)

    def is_present_version(self) -> bool:
        """Whether the tables are those of this version, and were indexed once."""
        with guarded(self.path):
            version = self.connection.execute("PRAGMA user_version").fetchone()[0]
            return version == SCHEMA_VERSION and _is_made(self.connection)

    @classmethod
    def open_as_it_is(cls, path: Path) -> tuple[Archive, bool]:
        """Open a database file for reading, and say whether it has the present tables and index.

        Raises:
            ArchiveError: it is no archive, of a newer version, or cannot be read.
        """
        with guarded(path):
            db = connect_read_only(path)
            try:
                db.execute(_CACHE)
                check_is_archive(db, path)
                version = db.execute("PRAGMA user_version").fetchone()[0]
                is_ready = version == SCHEMA_VERSION and _is_made(db) and not missing_parts(db)
            except BaseException:
                db.close()
                raise
        return cls(db, path), is_ready

    def limit_cache(self, kibibytes: int) -> None:
        """Keep no more of the database in memory than this."""
        self.connection.execute(f"PRAGMA cache_size = -{kibibytes:d}")

    def is_empty(self) -> bool:
        """Whether there is no release in it."""
        return not self.rows("SELECT 1 FROM articles LIMIT 1")

    def close(self) -> None:
        """Close the database."""
        if self._writes:
            # Where it cannot be written any more, the next command notes it.
            with suppress(ArchiveError, sqlite3.Error):
                self._note_index()
        self.connection.close()

    def _note_index(self) -> None:
        if self.connection.in_transaction:
            return
        with self.transaction() as db:
            if noted_index(db.conn) is None:
                note_index(db.conn)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def refuse_if_moved(self) -> None:
        """Refuse to write on after somebody has moved, deleted or replaced the file.

        Raises:
            ArchiveError: its path leads to no file, or to another one.
        """
        if _identity(self.path) == self._file:
            return
        raise ArchiveError(
            f"The archive {self.path} was moved, deleted or replaced by another program while this "
            "one was at work, so it has ended, and nothing was written elsewhere. What was stored "
            "before is where the file is now. Run the same command again with --data for that "
            "directory, and leave the archive in its place meanwhile."
        )

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """All or nothing; SQLite's errors come out as `ArchiveError`.

        Inside another one it is a part of that: both are stored, or neither.

        Raises:
            ArchiveError: it cannot be written, or its file is not where it was.
        """
        if self.connection.in_transaction:
            yield self.db
            return
        self.refuse_if_moved()
        with _turn(self.path), guarded(self.path), writing(self.connection):
            yield self.db
            self.before_storing()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read within it is of one moment, whatever others store meanwhile."""
        if self.connection.in_transaction:
            yield
            return
        with guarded(self.path):
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.rollback()

    def rows(
        self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()
    ) -> list[dict[str, Any]]:
        """The rows of a query, as dictionaries."""
        return list(self.each(sql, parameters))

    def each(
        self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()
    ) -> Iterator[dict[str, Any]]:
        """The rows of a query one by one, for results that may not fit into memory."""
        with guarded(self.path):
            cursor = self.connection.execute(sql, parameters)
            columns = [column[0] for column in cursor.description]
            for row in cursor:
                yield dict(zip(columns, row, strict=True))


def _is_made(db: sqlite3.Connection) -> bool:
    """Whether all was indexed and digested once; not so if an upgrade was cut off."""
    indexed = is_indexed(db) or had_setting(db, "stems")
    return indexed and is_digested(db, SCHEMA_VERSION)


_turns: dict[Path, Lock] = {}


def _turn(path: Path) -> Lock:
    """Held by the thread that writes to a file: those of this process take turns.

    SQLite would let each of them try again after a while, and some of them never get there.
    """
    return _turns.setdefault(path.absolute(), Lock())


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from any other: device and inode; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def check_is_archive(db: sqlite3.Connection, path: Path) -> None:
    """Refuse what is not an archive, or of a newer version, before anything is written.

    Raises:
        ArchiveError: it is one of these.
    """
    version = db.execute("PRAGMA user_version").fetchone()[0]
    is_empty = not has_tables(db)  # asked first: who makes an archive puts its tables in last
    application = db.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID and not is_empty:
        raise ArchiveError(
            f"{path} is a SQLite database, but not a newsroom archive, so nothing was written. "
            "Choose another directory with --data."
        )
    if version > SCHEMA_VERSION:
        raise ArchiveError(
            f"The archive {path} was written by a newer newsroom-archive (schema {version}, this "
            f"version knows up to {SCHEMA_VERSION}). Nothing was written. Upgrade newsroom-archive."
        )


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Raise SQLite's errors about a file as `ArchiveError`, with what to do about each."""
    try:
        yield
    except sqlite3.Error as error:
        if _code(error) == sqlite3.SQLITE_CANTOPEN:
            refuse_without_handles()
        message = _explain(path, error)
        if message is None:
            raise  # an error in our SQL is a bug, and must look like one
        raise ArchiveError(message) from error
    except UnicodeDecodeError as error:  # SQLite's complaint holds bytes of a damaged schema
        raise ArchiveError(
            _damaged(path, "its tables are described in bytes that are no text")
        ) from error


def refuse_without_handles() -> None:
    """SQLite does not say why it cannot open a file; so try whether any can be opened.

    Raises:
        NoFileHandles: none can.
    """
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        raise_if_no_handles(error)


def _code(error: sqlite3.Error) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _damaged(path: Path, how: str) -> str:
    return (
        f"The archive {path} is damaged ({how}). Keep a copy, then try `sqlite3 {path.name} "
        ".recover` and restore from a backup if you have one."
    )


def _explain(path: Path, error: sqlite3.Error) -> str | None:
    match _code(error):
        case sqlite3.SQLITE_NOTADB:
            return (
                f"{path} is not a SQLite database, or it is damaged at its beginning. Nothing was "
                "written. Move it away or choose another directory with --data."
            )
        case sqlite3.SQLITE_CORRUPT:
            return _damaged(path, str(error))
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return (
                f"The archive {path} cannot be opened for writing ({error}). Check the permissions "
                "of the file and of its directory, or choose another directory with --data."
            )
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return (
                f"The archive {path} could not be written ({error}). The disk is probably full. "
                "What was stored before is safe. Make room and run the same command again."
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return (
                f"The archive {path} is locked by another program ({error}). Close it, or wait "
                "until it is done, and run the same command again."
            )
        case _:
            return None
