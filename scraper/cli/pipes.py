"""Standard output and error that may be closed, early or from the beginning.

`newsroom … | head` is no error, nor is `newsroom … >&-`.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO

from scraper.errors import ArchiveError


class _Pipe:
    """A stream whose reader may have had enough; a command that still writes then ends with 0.

    That holds for standard output of commands that only show something. What is lost on standard
    error, or of what another command says, changes nothing.
    """

    def __init__(
        self, stream: TextIO | BinaryIO, *, is_output: bool, ends_unread: bool = True
    ) -> None:
        self._stream: Any = stream
        self._is_output = is_output
        self.ends_unread = ends_unread

    @property
    def buffer(self) -> _Pipe:
        """The same for bytes."""
        buffer = self._stream.buffer
        return _Pipe(buffer, is_output=self._is_output, ends_unread=self.ends_unread)

    def write(self, data: str | bytes) -> int:
        try:
            return int(self._stream.write(data))
        except BrokenPipeError:
            self._discard()
            if self._is_output and self.ends_unread:
                raise SystemExit(0) from None
            return len(data)
        except OSError as error:
            if error.errno == errno.ENOSPC and self._is_output:
                raise
            self._discard()
            if self._is_output:
                raise ArchiveError(
                    f"Standard output could not be written: {error.strerror}. Send it into a file "
                    "or a pipe."
                ) from None
            return len(data)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            if self._is_output and error.errno != errno.EPIPE:
                raise
            self._discard()  # and go on: the exit code is that of the work, not of its reader

    def _discard(self) -> None:
        # What is still in the buffer goes nowhere, or the interpreter would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def open_closed_streams() -> None:
    """Give streams that are closed a place where what is written to them is lost.

    The next file to be opened, an archive even, would get their number otherwise, and what
    another library prints would be written into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


@contextmanager
def piped() -> Iterator[None]:
    """Within it, standard output and error may be closed by their readers."""
    before = sys.stdout, sys.stderr
    pipes = _Pipe(sys.stdout, is_output=True), _Pipe(sys.stderr, is_output=False)
    sys.stdout, sys.stderr = pipes
    try:
        try:
            yield
        finally:
            for pipe in pipes:
                pipe.flush()
    finally:
        sys.stdout, sys.stderr = before


def go_on_unread() -> None:
    """Have the command go on when the reader of standard output has had enough."""
    if isinstance(sys.stdout, _Pipe):
        sys.stdout.ends_unread = False


@contextmanager
def ending_with(exit_code: int) -> Iterator[None]:
    """Within it, output whose reader has had enough ends the command with a code of its own."""
    try:
        yield
    except SystemExit:
        raise SystemExit(exit_code) from None
