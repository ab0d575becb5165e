"""A consistent copy of an archive while crawls run: database, WARC files, what lies beside them.

The database is copied first, in one transaction. A WARC file that was finished by then is copied
whole; of one that a crawl was writing, the records that the copied database names. The copy is
checked before it takes the place of an older backup in the same directory.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from scraper import __version__, warc
from scraper.archive.backup_list import (
    LIST_NAME,
    NEXT,
    BackedUp,
    BackupList,
    copy_file,
    is_private,
    present,
    put_in_place,
    sha256_of,
)
from scraper.archive.chain import head, is_link
from scraper.archive.connection import DATABASE_NAME, Archive, guarded
from scraper.archive.runs import LOCKS
from scraper.archive.verify import WITHOUT_PAGES, verify
from scraper.dates import utc_iso
from scraper.errors import ArchiveError, CrawlRunning, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_LOCK = ".lock"
_OURS = frozenset({LIST_NAME, NEXT, _LOCK})
_SHOWN = 3
_PRIVATE_LOST = (
    "{name} can only be read by you, and {target} cannot keep that (its file system knows no "
    "permissions), so it was left out: it may hold addresses with passwords. Keep it elsewhere."
)


@dataclass(slots=True)
class BackupReport:
    """What a backup did.

    Attributes:
        target: where it is.
        made_at: the moment the copy shows, ISO 8601 in UTC.
        files: how many it holds.
        copied: how many of them were new, or had changed.
        bytes: size of those.
        left_out: sentences about what is not in it.
    """

    target: str
    made_at: str
    files: int = 0
    copied: int = 0
    bytes: int = 0
    left_out: list[str] = field(default_factory=list)


def back_up(directory: Path, target: Path, now: datetime) -> BackupReport:
    """Copy an archive; a second time, only what is new is copied.

    Args:
        directory: of the archive.
        target: of the backup: new, empty, or with an older backup of the same archive, which stays
            as it was until the new one is complete and checked.
        now: the present, with time zone.

    Raises:
        UsageError: the target holds something else.
        CrawlRunning: another backup is being made there.
        ArchiveError: archive or target cannot be read or written, or the copy is not sound.
    """
    _refuse_nested(directory, target)
    with Archive.open_existing(directory) as archive:
        try:
            _refuse_other_things(target)
            target.mkdir(parents=True, exist_ok=True)
            with _alone(target):
                put_in_place(target)
                _refuse_other_archives(archive, target)
                report = _Backup(archive, target, now).make()
                put_in_place(target)
                return report
        except (OSError, shutil.Error) as error:
            raise ArchiveError(
                f"The backup could not be written to {target} ({error}). There is no new backup; "
                "an older one there is as it was. Make room or check the permissions, and run the "
                "same command again: it goes on where it stopped."
            ) from error


class _Backup:
    """One backup, up to the list that makes it count."""

    def __init__(self, archive: Archive, target: Path, now: datetime) -> None:
        self._archive = archive
        self._source = archive.path.parent
        self._target = target
        self._next = target / NEXT
        self._old = (present(target) or BackupList("", "", None, None)).files
        self._report = BackupReport(str(target), utc_iso(now))
        self._files: dict[str, BackedUp] = {}

    def make(self) -> BackupReport:
        self._next.mkdir(exist_ok=True)
        finished = {path.name for path in warc.files(self._archive.warc_directory)}
        self._copy_database()
        with Archive.open_as_it_is(self._next / DATABASE_NAME)[0] as copy:
            self._copy_pages(copy, finished)
            self._copy_rest()
            self._check(copy)
            made = BackupList(
                self._report.made_at,
                f"newsroom-archive/{__version__}",
                _begun(copy),
                head(copy),
                self._files,
            )
        self._report.files = len(self._files)
        made.write(self._next / LIST_NAME)
        return self._report

    def _copy_database(self) -> None:
        path = self._next / DATABASE_NAME
        path.unlink(missing_ok=True)
        with guarded(path), closing(sqlite3.connect(path)) as copy:
            self._archive.connection.backup(copy)
            # One file by itself, which a medium that cannot be written may hold.
            copy.execute("PRAGMA journal_mode = DELETE")
        mode = stat.S_IMODE(self._archive.path.stat().st_mode)
        path.chmod(mode)
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        self._note(DATABASE_NAME, BackedUp(path.stat().st_size, sha256_of(path), mode))

    def _copy_pages(self, copy: Archive, finished: set[str]) -> None:
        """Copy WARC files: whole, or as far as the copied database knows them."""
        noted = {row["name"]: row["sha256"] for row in copy.each("SELECT * FROM warc_files")}
        for path in warc.files(self._archive.warc_directory):
            name = path.name.removesuffix(warc.OPEN_SUFFIX)
            if name in noted or (name in finished and path.name == name):
                self._take(f"{warc.DIRECTORY_NAME}/{name}", path, noted.get(name))
                continue
            end = copy.rows(
                "SELECT max(warc_offset + warc_length) AS n FROM captures WHERE warc_file = ?",
                (name,),
            )[0]["n"]
            if end:
                self._copy_beginning(name, end)

    def _copy_beginning(self, name: str, end: int) -> None:
        """Copy the first bytes of a file that a crawl is writing, with the request at their end."""
        path = warc.find(self._archive.warc_directory, name)
        if path is None:
            return  # `_check` says so
        with path.open("rb") as file:  # it stays this one, should the crawl end now
            end = warc.end_of_request(file, end)
            file.seek(0)
            to = f"{warc.DIRECTORY_NAME}/{name}{warc.OPEN_SUFFIX}"
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            self._note(to, copy_file(file, self._next / to, mode, end))

    def _copy_rest(self) -> None:
        """Copy what else lies in the directory: files of facts, logs, exports, settings."""
        for folder, folders, names in os.walk(self._source):
            where = Path(folder).relative_to(self._source)
            if where.parts and DATABASE_NAME in names:
                folders.clear()
                self._report.left_out.append(
                    f"{folder} is an archive of its own: back it up by itself (--data)."
                )
                continue
            if not where.parts:
                for inner in {LOCKS, warc.DIRECTORY_NAME} & set(folders):
                    folders.remove(inner)
            for name in sorted(names):
                if where.parts or not _is_apart(name):
                    self._take_beside((where / name).as_posix(), Path(folder) / name)

    def _take_beside(self, name: str, path: Path) -> None:
        if name.rpartition("/")[2].startswith(".newsroom-") and name.endswith(".part"):
            return  # somebody is writing it
        if path.is_symlink() or not path.is_file():
            self._report.left_out.append(f"{path} is no ordinary file, so it was left out.")
            return
        try:
            self._take(name, path, None)
        except FileNotFoundError:
            if path.exists():
                raise

    def _take(self, name: str, path: Path, sha256: str | None) -> None:
        """Copy a file, unless the target has it.

        Args:
            name: in the backup.
            path: of the file.
            sha256: of the file, where that is known without reading it.
        """
        found = path.stat()
        mode = stat.S_IMODE(found.st_mode)
        staged, old = self._next / name, self._old.get(name)
        if _has_size(staged, found.st_size) or (old and old.size == found.st_size):
            sha256 = sha256 or sha256_of(path)
        if old and old.sha256 == sha256 and _has_size(self._target / name, found.st_size):
            staged.unlink(missing_ok=True)
            (self._target / name).chmod(mode)
            self._files[name] = BackedUp(found.st_size, old.sha256, mode)
        elif sha256 and _has_size(staged, found.st_size) and sha256_of(staged) == sha256:
            self._note(name, BackedUp(found.st_size, sha256, mode))  # by a backup cut off
        else:
            self._note(name, copy_file(path, staged, mode, None))
        self._keep_private(name, mode)

    def _keep_private(self, name: str, mode: int) -> None:
        for there in (self._next / name, self._target / name):
            if is_private(mode) and there.exists() and not is_private(there.stat().st_mode):
                there.unlink()
                self._files.pop(name, None)
                sentence = _PRIVATE_LOST.format(name=self._source / name, target=self._target)
                self._report.left_out.append(sentence)

    def _note(self, name: str, file: BackedUp) -> None:
        self._files[name] = file
        self._report.copied += 1
        self._report.bytes += file.size

    def _check(self, copy: Archive) -> None:
        """Check the copied database by itself, and that it finds all its pages.

        Raises:
            ArchiveError: the copy is not sound.
        """
        problems = verify(copy, only=WITHOUT_PAGES)["problems"]
        for row in copy.rows(
            "SELECT warc_file AS name, max(warc_offset + warc_length) AS size, NULL AS sha256 "
            "FROM captures WHERE warc_file IS NOT NULL GROUP BY warc_file "
            "UNION ALL SELECT name, size, sha256 FROM warc_files"
        ):
            problems += self._page_troubles(**row)
        for name in self._files:
            path = self._next / name
            if name.startswith(f"{warc.DIRECTORY_NAME}/") and path.exists():
                problems += warc.check(path)[1]
        if problems:
            more = f" (and {len(problems) - _SHOWN} more)" if len(problems) > _SHOWN else ""
            raise ArchiveError(
                f"The copy of {self._source} is not sound, so it did not become a backup; an older "
                f"one in {self._target} is as it was. {' '.join(problems[:_SHOWN])}{more} "
                "`newsroom verify` names all that is damaged."
            )

    def _page_troubles(self, name: Any, size: Any, sha256: Any) -> Iterator[str]:
        path = f"{warc.DIRECTORY_NAME}/{name}"
        file = self._files.get(path) or self._files.get(path + warc.OPEN_SUFFIX)
        if file is None:
            yield f"The file {path}, which the database names, is missing."
        elif file.size < size or (sha256 and sha256 != file.sha256):
            yield f"The file {path} is not as the database knows it: it was cut or changed."


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _is_apart(name: str) -> bool:
    """Whether a file beside the database is copied in another way, or is of no use elsewhere."""
    return name in {DATABASE_NAME, "crawl.lock", LIST_NAME} or name.startswith(
        tuple(f"{DATABASE_NAME}{end}" for end in ("-wal", "-shm", "-journal", ".upgrade"))
    )


def _begun(archive: Archive) -> str | None:
    rows = archive.rows("SELECT started_at FROM runs ORDER BY id LIMIT 1")
    return str(rows[0]["started_at"]) if rows else None


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Hold the directory of a backup against a second one."""
    lock = FileLock(target / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise CrawlRunning(
            f"Another backup to {target} is being made. Wait until it is done, or choose another "
            "directory."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _refuse_nested(directory: Path, target: Path) -> None:
    inner, outer = target.resolve(), directory.resolve()
    if inner == outer or outer in inner.parents or inner in outer.parents:
        raise UsageError(
            f"The backup {target} and the archive {directory} would lie inside each other. Choose "
            "a directory elsewhere, best on another disk."
        )


def _refuse_other_things(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file. Say a directory for the backup.")
    names = {path.name for path in target.iterdir()} if target.exists() else set()
    if names and not names & {LIST_NAME, NEXT, _LOCK}:
        raise UsageError(
            f"{target} holds something that is no backup, so nothing was written. Choose a "
            "directory that is empty or does not exist yet."
        )


def _refuse_other_archives(archive: Archive, target: Path) -> None:
    old = present(target)
    if old is None:
        return
    if old.begun != _begun(archive) or (old.chain and not is_link(archive, old.chain)):
        raise UsageError(
            f"{target} holds a backup of another archive, or of a later state of this one (made "
            f"at {old.made_at}), so nothing was written. Choose another directory."
        )
