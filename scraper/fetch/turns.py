"""One delay a host for all crawls of a user: those of several archives take turns.

Who is about to ask holds a lock file, named after the host, until the answer has come, and leaves
the time of its end beside it. The operating system frees the lock of a process that dies.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout

_POLL_SECONDS = 0.1
_MAX_TRIES = 6_000  # ten minutes, longer than an exchange takes: who holds on has been suspended
_LEAST_SECONDS = 0.001  # less may be less than a clock can tell
_NOBODY = float("inf")


class HostTurns:
    """The turns of this process at one host.

    Where the directory cannot be written, everybody keeps to their own delay alone.

    Args:
        directory: the same for all crawls of a user; made if need be.
        host: name, with its port if that is not the scheme's.
        now: seconds by a clock that all processes share.
        sleep: waits.
    """

    def __init__(
        self,
        directory: Path,
        host: str,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        name = quote(host, safe="")
        self._lock = FileLock(directory / f"{name}.lock")
        self._ended = directory / f"{name}.ended"
        self._now = now
        self._sleep = sleep
        self._is_usable = True

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
        try:
            self._ended.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
            left = delay_seconds - self._seconds_since()
        except Timeout:
            return _POLL_SECONDS
        except (OSError, NotImplementedError):  # no such directory for us, or no locks there
            self._is_usable = False
            left = 0.0
        if left > 0 or not self._is_usable:
            self._lock.release(force=True)
        return left

    def _seconds_since(self) -> float:
        """How long ago the last request of anybody ended; infinite if nobody knows of one."""
        try:
            ended = float(self._ended.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):  # written by half, or by somebody else
            return _NOBODY
        if not ended <= self._now():  # by a clock that was put back since
            self._note_end()
            return 0.0
        return self._now() - ended

    def give_back(self) -> None:
        """End the turn: the next one may come after its delay."""
        try:
            if self._is_usable:
                self._note_end()
        except OSError:
            self._is_usable = False
        finally:
            self._lock.release(force=True)

    def _note_end(self) -> None:
        self._ended.write_text(repr(self._now()), encoding="ascii")
