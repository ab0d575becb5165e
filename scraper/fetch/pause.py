"""Retry-After: how long a host has asked to be left alone, by whatever request it said so."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

LONGEST = timedelta(days=7)
"""A longer pause is cut to this; one that is read back and lies further ahead comes of a clock
that was wrong, and is not believed."""


def _nothing_known(_host: str) -> datetime | None:
    return None


def _not_kept(_host: str, _until: datetime) -> None:
    return


class HostPauses:
    """When hosts may be asked again. What one request is told holds for all to that host.

    Args:
        load: when a host may be asked again, as an earlier run kept it; None if it did not say.
        save: keeps that for the next run.
        now: the present, with time zone.
        clock: monotonic, in seconds.
    """

    def __init__(
        self,
        load: Callable[[str], datetime | None] = _nothing_known,
        save: Callable[[str, datetime], None] = _not_kept,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._save = save
        self._now = now
        self._clock = clock
        self._ends: dict[str, float] = {}

    def seconds_left(self, host: str) -> float:
        """How long a host is still to be left alone; 0 if it may be asked.

        Args:
            host: name, with its port if that is not the scheme's.
        """
        if host not in self._ends:
            until = self._load(host)
            ahead = until - self._now() if until else timedelta(0)
            believed = ahead.total_seconds() if ahead <= LONGEST else 0.0
            self._ends[host] = self._clock() + believed
        return max(0.0, self._ends[host] - self._clock())

    def until(self, host: str) -> datetime:
        """When a host may be asked again."""
        return self._now() + timedelta(seconds=self.seconds_left(host))

    def note(self, host: str, seconds: float) -> None:
        """Note what a host asks for; a shorter wish does not shorten an earlier one."""
        seconds = min(seconds, LONGEST.total_seconds())
        if seconds > self.seconds_left(host):
            self._ends[host] = self._clock() + seconds
            self._save(host, self.until(host))
