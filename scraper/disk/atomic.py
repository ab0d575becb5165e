"""Writing a file whole: aside, onto the disk, and only then under its name."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_PARTS = ".newsroom-*.part"
_ZEROS = 1 << 20


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path` when it is complete and on the disk.

    If anything fails, an older file of that name stays as it was. A new file keeps the permissions
    of the one it replaces. What a process left behind in the directory that was killed is removed.

    Raises:
        OSError: it cannot be written there.
    """
    partial = path.with_name(f".newsroom-{os.getpid()}.part")
    _remove_abandoned(path.parent)
    try:
        with _held(partial) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            partial.chmod(path.stat().st_mode & 0o777)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    sync_directory(path.parent)


def _held(partial: Path) -> BinaryIO:
    """A new file that is locked while it is open, so that others see that somebody writes it."""
    while True:
        file = partial.open("wb")
        _lock(file, wait=True)
        with suppress(FileNotFoundError):
            if os.path.samestat(partial.stat(), os.fstat(file.fileno())):
                return file
        file.close()  # another process took it for abandoned before it was locked


def _lock(file: BinaryIO, *, wait: bool) -> bool:
    """Hold a file against others; False if another process does, or if locks do not work here."""
    try:
        import fcntl
    except ImportError:  # Windows, where nobody can remove a file that another program has open
        return True
    with suppress(OSError):
        fcntl.flock(file.fileno(), fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _remove_abandoned(directory: Path) -> None:
    for partial in directory.glob(_PARTS):
        with suppress(OSError), partial.open("rb") as file:
            if _lock(file, wait=False):
                partial.unlink()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one go; see `replacing`.

    Raises:
        OSError: it cannot be written there.
    """
    with replacing(path) as file:
        file.write(content)


def write_private(path: Path, content: bytes) -> None:
    """Write a file in one go that only its owner can read, from the first moment on.

    Raises:
        OSError: it cannot be written there.
    """
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    path.chmod(0o600)
    before = os.umask(0o077)
    try:
        write_whole(path, content)
    finally:
        os.umask(before)


def sync_directory(directory: Path) -> None:
    """Make new, renamed and removed names last through a power cut, where the system can.

    Raises:
        OSError: the disk reports an error.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:  # some network file systems cannot
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)


def overwrite(path: Path, *, keep: bool = False) -> None:
    """Write zeros over a file, bring them to the disk, and remove it.

    File systems that copy on writing, and disks that spread their wear, may keep the old bytes.

    Args:
        path: the file.
        keep: leave the file there, for another one to take its place.

    Raises:
        OSError: it cannot be written.
    """
    with path.open("r+b") as file:
        left = path.stat().st_size
        while left:
            left -= file.write(bytes(min(left, _ZEROS)))
        file.flush()
        os.fsync(file.fileno())
    if not keep:
        path.unlink()
