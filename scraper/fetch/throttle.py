"""How long to wait before the next request, so that the site is not overloaded."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.fetch.turns import HostTurns


@dataclass
class Throttle:
    """Keeps a distance between requests, and a greater one when the server is slow.

    One throttle serves one site; the client asks it before each request and tells it afterwards
    how long the answer took.
    """

    delay_seconds: float
    """Least time between the end of one request and the start of the next."""
    slowness_factor: float = 2.0
    """The wait is at least this many times as long as the last answer took …"""
    max_delay_seconds: float = 30.0
    """… but slowness alone never makes it longer than this."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    turns: HostTurns | None = None
    """Shares the delay with other processes; None keeps it for oneself."""
    waited_seconds: float = field(default=0.0, init=False)
    """Sum of all waits, for the report of a run."""
    _ended_at: float = field(default=float("-inf"), init=False)
    _slowness_seconds: float = field(default=0.0, init=False)

    def wait(self, least_seconds: float = 0.0) -> None:
        """Sleep until the next request may start.

        Args:
            least_seconds: what the host has asked for beyond that.
        """
        pause = self._ended_at + max(self.delay_seconds, self._slowness_seconds) - self.clock()
        pause = max(pause, least_seconds)
        if pause > 0:
            self.waited_seconds += pause
            self.sleep(pause)
        if self.turns:
            began = self.clock()
            self.turns.take(self.delay_seconds)
            self.waited_seconds += self.clock() - began

    def answered(self, took_seconds: float) -> None:
        """Note that a request has just ended, and how long its answer took."""
        self._ended_at = self.clock()
        if self.turns:
            self.turns.give_back()
        if self.delay_seconds > 0:  # without a delay the server is our own; nobody to be kind to
            slow = self.slowness_factor * took_seconds
            self._slowness_seconds = min(slow, self.max_delay_seconds)

    def at_least(self, delay_seconds: float) -> None:
        """Raise the delay, as a Crawl-delay in robots.txt asks; it holds from the next wait on."""
        self.delay_seconds = max(self.delay_seconds, delay_seconds)
