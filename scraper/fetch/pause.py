"""Retry-After: how long a host has asked to be left alone, by whatever request it said so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from threading import Lock

LONGEST = timedelta(days=7)
"""A longer pause is cut to this; one that is read back and lies further ahead comes of a clock
that was wrong, and is not believed."""


_LOAD_SECONDS = 10.0  # after which it is looked again what another process was told


def _nothing_known(_host: str) -> None:
    return None


def _not_kept(_host: str, _until: datetime) -> None:
    return


def is_believed(until: datetime, now: datetime | None = None) -> bool:
    """Whether a pause that was kept can be one that a host has asked for.

    Args:
        until: its end.
        now: the present, with time zone; that of the clock if not given.
    """
    return until - (now or datetime.now(UTC)) <= LONGEST


class HostPauses:
    """When hosts may be asked again. What one request is told holds for all to that server.

    Threads may share it, and so may processes by what `load` and `save` keep.

    Args:
        load: when a host may be asked again, as an earlier run kept it; None if it did not say.
        save: keeps that for the next run.
        server_of: address of the server that a host is at; None if it is not known.
        now: the present, with time zone.
        clock: monotonic, in seconds.
    """

    def __init__(
        self,
        load: Callable[[str], datetime | None] = _nothing_known,
        save: Callable[[str, datetime], None] = _not_kept,
        *,
        server_of: Callable[[str], str | None] = _nothing_known,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._save = save
        self._server_of = server_of
        self._now = now
        self._clock = clock
        self._ends: dict[str, float] = {}
        self._loaded_at: dict[str, float] = {}
        self._lock = Lock()

    def seconds_left(self, host: str) -> float:
        """How long a host is still to be left alone; 0 if it may be asked.

        Args:
            host: name, with its port if that is not the scheme's.
        """
        return max(self._seconds_left(name) for name in self._names(host))

    def _names(self, host: str) -> Iterable[str]:
        """What a pause of a host is noted under: its own name, and that of its server."""
        return dict.fromkeys((host, self._server_of(host) or host))

    def _seconds_left(self, name: str) -> float:
        with self._lock:
            return self._left(name)

    def _left(self, name: str) -> float:
        now = self._clock()
        if now - self._loaded_at.get(name, float("-inf")) >= _LOAD_SECONDS:
            self._loaded_at[name] = now
            until = self._load(name)
            present = self._now()
            is_one = until is not None and is_believed(until, present)
            ahead = (until - present).total_seconds() if until and is_one else 0.0
            self._ends[name] = max(self._ends.get(name, now), now + ahead)
        return max(0.0, self._ends[name] - now)

    def until(self, host: str) -> datetime:
        """When a host may be asked again."""
        return self._now() + timedelta(seconds=self.seconds_left(host))

    def note(self, host: str, seconds: float) -> None:
        """Note what a host asks for; a shorter wish does not shorten an earlier one."""
        seconds = min(seconds, LONGEST.total_seconds())
        for name in self._names(host):
            with self._lock:
                if seconds <= self._left(name):
                    continue
                self._ends[name] = self._clock() + seconds
                self._save(name, self._now() + timedelta(seconds=self._left(name)))
