"""The list of a backup's files, `backup.json`, and copying single files with their digests.

A new backup is made in the directory `.next` of its target. It counts from the moment its list
stands there, complete; what is then left, moving the files out of `.next`, whoever comes next does.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from scraper.disk.atomic import replacing, sync_directory, write_whole
from scraper.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST_NAME = "backup.json"
"""In the directory of a backup; whatever has none is no backup."""
NEXT = ".next"
"""In the same directory: the backup that is being made."""

_FORMAT = "newsroom-archive backup 1"
_READ_BYTES = 1 << 20
_OTHERS = 0o077  # permission bits of everybody but the owner


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A file of a backup.

    Attributes:
        size: in bytes.
        sha256: of its content, in hexadecimal digits.
        mode: permission bits.
    """

    size: int
    sha256: str
    mode: int


@dataclass(slots=True)
class BackupList:
    """What a backup holds.

    Attributes:
        made_at: when the database was copied, ISO 8601 in UTC.
        software: what made it.
        begun: when the first run of the archive began; tells one archive from another.
        chain: digest of the newest link of the chain of runs.
        files: by path below the directory, with slashes.
    """

    made_at: str
    software: str
    begun: str | None
    chain: str | None
    files: dict[str, BackedUp] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write it whole, or not at all.

        Raises:
            OSError: it cannot be written.
        """
        document = {"format": _FORMAT, **asdict(self)}
        write_whole(path, json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n")


def read_list(path: Path) -> BackupList | None:
    """The list in a file; None if there is no such file.

    Raises:
        ArchiveError: it is no list of a backup, or names files outside its directory.
    """
    try:
        document: Any = json.loads(path.read_bytes())
        _refuse_other_format(document.pop("format"))
        files = {
            _inside(name): BackedUp(int(row["size"]), str(row["sha256"]), int(row["mode"]) & 0o777)
            for name, row in document.pop("files").items()
        }
        return BackupList(**document, files=files)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise ArchiveError(
            f"{path} is no list of a backup that this version reads ({error}). Choose another "
            "directory, or upgrade newsroom-archive."
        ) from error


def _refuse_other_format(found: str) -> None:
    if found != _FORMAT:
        raise ValueError(f"it says {found!r:.60}")


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or {"..", ""} & set(path.parts) or "\\" in name:
        raise ValueError(f"the file {name!r} lies outside")
    return name


def present(directory: Path) -> BackupList | None:
    """The newest complete backup in a directory; None if there is none."""
    return read_list(directory / NEXT / LIST_NAME) or read_list(directory / LIST_NAME)


def stored(directory: Path, name: str) -> Path:
    """Where a file of the newest complete backup stands."""
    path = directory / NEXT / name
    return path if is_unfinished(directory) and path.exists() else directory / name


def is_unfinished(directory: Path) -> bool:
    """Whether a backup is complete, but not all of its files are in their places."""
    return (directory / NEXT / LIST_NAME).exists()


def put_in_place(directory: Path) -> None:
    """Move the files of a complete backup to their places, and drop those it does not name.

    Does nothing if there is none; cut off, it goes on when called again.

    Raises:
        ArchiveError: a list cannot be read.
        OSError: a file cannot be moved.
    """
    new = read_list(directory / NEXT / LIST_NAME)
    if new is None:
        return
    old = read_list(directory / LIST_NAME)
    for name in old.files if old else ():
        if name not in new.files:
            (directory / name).unlink(missing_ok=True)
    for log in directory.glob("*.db-*"):  # SQLite's, of whoever has opened the older copy
        log.unlink()
    for name in new.files:
        source, target = directory / NEXT / name, directory / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
    for parent in {(directory / name).parent for name in new.files}:
        sync_directory(parent)
    (directory / NEXT / LIST_NAME).replace(directory / LIST_NAME)
    sync_directory(directory)
    shutil.rmtree(directory / NEXT)


def copy_file(source: Path | IO[bytes], target: Path, mode: int, limit: int | None) -> BackedUp:
    """Copy a file whole, or its beginning; it has its name only when it is on the disk.

    Args:
        source: the file, or an open one, which is copied from where it stands.
        target: its directories are made. Nobody else can read it at any moment if `mode` says so.
        mode: permission bits.
        limit: at most so many bytes; None for all.

    Raises:
        OSError: one cannot be read, or the other be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with opened(source) as read, replacing(target) as write:
        if not mode & _OTHERS:
            Path(write.name).chmod(mode)
        while limit is None or size < limit:
            data = read.read(_READ_BYTES if limit is None else min(_READ_BYTES, limit - size))
            if not data:
                break
            write.write(data)
            digest.update(data)
            size += len(data)
    target.chmod(mode)
    return BackedUp(size, digest.hexdigest(), mode)


def is_private(mode: int) -> bool:
    """Whether only the owner may read a file."""
    return not mode & _OTHERS


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def opened(source: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    """A file to read; one that is open already stays open."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield file
    else:
        yield source
