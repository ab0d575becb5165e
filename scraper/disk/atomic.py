"""Writing a file whole: aside, onto the disk, and only then under its name."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path` when it is complete and on the disk.

    If anything fails, an older file of that name stays as it was. A new file keeps the permissions
    of the one it replaces.

    Raises:
        OSError: it cannot be written there.
    """
    partial = path.with_name(f".newsroom-{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            partial.chmod(path.stat().st_mode & 0o777)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    sync_directory(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one go; see `replacing`.

    Raises:
        OSError: it cannot be written there.
    """
    with replacing(path) as file:
        file.write(content)


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
