"""One delay a host, and a server, for all crawls of a user: they take turns.

Who is about to ask holds lock files, named after the host and its server's address, until the
answer has come, and leaves the time of its end beside them. The operating system frees the locks of
a process that dies.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout

_POLL_SECONDS = 0.1
_MAX_TRIES = 6_000  # ten minutes, longer than an exchange takes: who holds on has been suspended
_LEAST_SECONDS = 0.001  # less may be less than a clock can tell
_NOBODY = float("inf")


class HostTurns:
    """The turns of one crawl at one host; several threads and processes may each have theirs.

    Where the directory cannot be written, everybody keeps to their own delay alone.

    Args:
        directory: the same for all crawls of a user; made if need be.
        host: name, with its port if that is not the scheme's.
        server_of: address of the server that the host is at, which other hosts may share; None if
            it is not known.
        now: seconds by a clock that all processes share.
        sleep: waits.
    """

    def __init__(
        self,
        directory: Path,
        host: str,
        server_of: Callable[[str], str | None] = lambda _host: None,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._directory = directory
        self._host = host
        self._server_of = server_of
        self._now = now
        self._sleep = sleep
        self._is_usable = True

    @cached_property
    def _turns(self) -> list[_Turn]:
        """Those to take, always in this order; looking up the server may take seconds."""
        names = dict.fromkeys((self._host, self._server_of(self._host) or self._host))
        return [_Turn(self._directory, name, self._now) for name in names]

    def take(self, delay_seconds: float) -> None:
        """Wait until nobody asks the host, and the last answer was long enough ago.

        Args:
            delay_seconds: least time between the end of anybody's last request and now.
        """
        for _ in range(_MAX_TRIES):
            if not self._is_usable:
                return
            left = self._try_to_take(delay_seconds)
            if left <= 0:
                return
            self._sleep(
                max(left, _LEAST_SECONDS)
            )  # without the lock, so that nobody keeps the others from their turn

    def _try_to_take(self, delay_seconds: float) -> float:
        """Seconds to wait before the next try; 0 if the turn is ours."""
        left = 0.0
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            for turn in self._turns:
                left = turn.try_to_take(delay_seconds)
                if left > 0:
                    break
        except (OSError, NotImplementedError):  # no such directory for us, or no locks there
            self._is_usable = False
        if left > 0 or not self._is_usable:
            self._release()
        return left

    def give_back(self) -> None:
        """End the turn: the next one may come after its delay."""
        try:
            if self._is_usable:
                for turn in self._turns:
                    turn.note_end()
        except OSError:
            self._is_usable = False
        finally:
            self._release()

    def _release(self) -> None:
        for turn in self._turns:
            turn.lock.release(force=True)


class _Turn:
    """The files of one host, or of one server."""

    def __init__(self, directory: Path, name: str, now: Callable[[], float]) -> None:
        quoted = quote(name, safe="")
        self.lock = FileLock(directory / f"{quoted}.lock")
        self._ended = directory / f"{quoted}.ended"
        self._now = now

    def try_to_take(self, delay_seconds: float) -> float:
        """Seconds until the next try; 0 if the lock is held, and the delay is over.

        Raises:
            OSError, NotImplementedError: there can be no lock.
        """
        try:
            self.lock.acquire(timeout=0)
        except Timeout:
            return _POLL_SECONDS
        return delay_seconds - self._seconds_since()

    def _seconds_since(self) -> float:
        """How long ago the last request of anybody ended; infinite if nobody knows of one."""
        try:
            ended = float(self._ended.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):  # written by half, or by somebody else
            return _NOBODY
        if not ended <= self._now():  # by a clock that was put back since
            self.note_end()
            return 0.0
        return self._now() - ended

    def note_end(self) -> None:
        """Leave the time for the next one."""
        self._ended.write_text(repr(self._now()), encoding="ascii")
