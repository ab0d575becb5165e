"""Where an export goes: a file that appears when it is complete, or standard output."""

from __future__ import annotations

import errno
import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from scraper.disk.atomic import replacing
from scraper.errors import ArchiveError, UsageError
from scraper.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD_OUTPUT = "-"
_OPEN_FILES = re.compile(r"/dev/(?:fd/(\d{1,6})|(stdout)|(stderr))|/proc/self/fd/(\d{1,6})")


class Sink(Protocol):
    """Takes bytes, one piece after another."""

    def write(self, data: bytes, /) -> int:
        """Take the next piece."""
        ...


class _Terminal:
    """Text on a terminal: archived text is not ours, so its control characters are escaped."""

    def write(self, data: bytes) -> int:
        text = data.decode("utf-8", errors="replace").replace("\r\n", "\n")
        sys.stdout.write(printable(text))
        return len(data)


@contextmanager
def text_output(output: str) -> Iterator[Sink]:
    """A place for UTF-8 text, written in whole characters; see `binary_output`.

    On a terminal, control and direction characters become visible.
    """
    if descriptor(output) == 1 and sys.stdout.isatty():
        yield _Terminal()
        return
    with binary_output(output) as file:
        yield file


@contextmanager
def binary_output(output: str) -> Iterator[BinaryIO]:
    """A place for bytes.

    A file appears under its name when it is complete and safe on the disk; if anything fails, an
    older file of that name stays as it was. What is not a file (a pipe, a device) is written as
    it comes.

    Args:
        output: path, or `-` for standard output.

    Raises:
        UsageError: it cannot be written there.
        ArchiveError: the disk is full.
    """
    number = descriptor(output)
    if number == 1:
        if sys.stdout.isatty():
            raise UsageError(
                "This format is not for a terminal. Name a file with -o, or send standard output "
                "into one."
            )
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    try:
        if number is not None:  # of a process that the shell has put there: `-o >(gzip >x.gz)`
            with os.fdopen(os.dup(number), "wb") as file:
                yield file
            return
        path = resolved(output)
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        with replacing(path) as file:
            yield file
    except OSError as error:
        raise _explained(output, error) from error


def descriptor(output: str) -> int | None:
    """The number of the open file that a name stands for, as `/dev/fd/63` does; 1 for `-`."""
    if output == STANDARD_OUTPUT:
        return 1
    match = _OPEN_FILES.fullmatch(output)
    if not match:
        return None
    return 1 if match[2] else 2 if match[3] else int(match[1] or match[4])


def is_stream(output: str) -> bool:
    """Whether what is written goes somewhere as it comes, so that its name says no format."""
    if descriptor(output) is not None:
        return True
    path = resolved(output)
    return path.exists() and not path.is_file() and not path.is_dir()


def resolved(output: str) -> Path:
    """The file behind a name: of a link, what it points to is replaced.

    Raises:
        UsageError: no file can have that name.
    """
    try:
        return Path(os.path.realpath(output))
    except ValueError as error:
        raise UsageError(f"{output!r} is not a name that a file can have: {error}.") from error


def _explained(output: str, error: OSError) -> ArchiveError | UsageError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return ArchiveError(
            f"{output} could not be written: {error.strerror}. Nothing of it was kept, an older "
            "file is as it was. Make room and run the same command again."
        )
    return UsageError(
        f"{output} could not be written: {error.strerror or error}. Nothing of it was "
        "kept. Choose another place with -o, or change the permissions."
    )
