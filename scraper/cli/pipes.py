"""Standard output that may be closed early: `newsroom … | head` is no error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO


class _Pipe:
    """Standard output; a command that still writes when its reader has had enough ends with 0."""

    def __init__(self, stream: TextIO | BinaryIO) -> None:
        self._stream: Any = stream

    @property
    def buffer(self) -> _Pipe:
        """The same for bytes."""
        return _Pipe(self._stream.buffer)

    def write(self, data: str | bytes) -> int:
        try:
            return int(self._stream.write(data))
        except BrokenPipeError:
            self._discard()
            raise SystemExit(0) from None

    def flush(self) -> None:
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._discard()  # and go on: the exit code is that of the work, not of its reader

    def _discard(self) -> None:
        # What is still in the buffer goes nowhere, or the interpreter would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def piped() -> Iterator[None]:
    """Within it, standard output may be closed by its reader."""
    before = sys.stdout
    pipe = _Pipe(before)
    sys.stdout = pipe
    try:
        try:
            yield
        finally:
            pipe.flush()
    finally:
        sys.stdout = before


@contextmanager
def ending_with(exit_code: int) -> Iterator[None]:
    """Within it, output whose reader has had enough ends the command with a code of its own."""
    try:
        yield
    except SystemExit:
        raise SystemExit(exit_code) from None
