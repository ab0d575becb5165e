"""Opening what others have named: regular files only, and parts of them.

A pipe or a device has no end, and may not even have a beginning.
"""

from __future__ import annotations

import io
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scraper.importing.found import Unreadable

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading; nothing else is opened, and nothing is waited for.

    Raises:
        Unreadable: it is no regular file, or cannot be read; the message is the reason.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable("it is no regular file")
        file = os.fdopen(os.open(path, _FLAGS), "rb")
    except OSError as error:
        raise Unreadable(f"it cannot be read ({error.strerror or error})") from error
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()  # it was exchanged in between
    raise Unreadable("it is no regular file")


@dataclass(frozen=True, slots=True)
class Part:
    """A file, or a range of its bytes that is a file by itself."""

    path: Path
    name: str | None = None
    """What people know it as; None if that is the path."""
    start: int = 0
    size: int | None = None
    """In bytes; None goes to the end of the file."""

    def __str__(self) -> str:
        return self.name or str(self.path)

    def open(self) -> BinaryIO:
        """Its bytes, to be closed by the caller.

        Raises:
            Unreadable: see `open_regular`.
        """
        file = open_regular(self.path)
        if self.name is None:
            return file
        there = max(os.fstat(file.fileno()).st_size - self.start, 0)
        size = there if self.size is None else min(self.size, there)
        return io.BufferedReader(_Range(file, self.start, size))


def size_of(file: BinaryIO) -> int:
    """How many bytes an open file has; it is at its beginning afterwards."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


class _Range(io.RawIOBase):
    """A range of a file as a file; closes the other when it is closed."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file = file
        self._start = start
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("a file has nothing before its beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._start + self._at)
        data = self._file.read(max(min(len(buffer), self._size - self._at), 0))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
