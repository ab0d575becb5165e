"""Which failures deserve another try, how many, and after how long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import tenacity

from scraper.dates import parse_header_date
from scraper.errors import FetchError, RetryLater

RETRY_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})


class TransientError(FetchError):
    """A failure that may pass: transport errors, 429 and the 5xx that mean "not now".

    Attributes:
        retry_after_seconds: what the server asked for, None if it did not.
        advice: what to do about it, without a full stop.
        may_pass: whether it makes sense to try again within seconds.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        status: int | None = None,
        retry_after_seconds: float | None = None,
        advice: str = "Check the network connection",
        may_pass: bool = True,
    ) -> None:
        super().__init__(url, reason, status=status)
        self.retry_after_seconds = retry_after_seconds
        self.advice = advice
        self.may_pass = may_pass


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait according to a Retry-After header in either form, or None.

    Args:
        value: `120`, or an HTTP date such as `Wed, 21 Oct 2026 07:28:00 GMT`.
        now: the present by the clock of the server, with time zone.
    """
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    moment = parse_header_date(text)
    return max(0.0, (moment - now).total_seconds()) if moment else None


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, TransientError) and error.may_pass


@dataclass
class Retry:
    """Tries a request again while it fails in a passing way.

    Two limits hold at once: `max_tries` for one URL, and a budget for the run. The budget shrinks
    with each retry and grows again with each success, so that a server which hiccups at every
    page is served patiently, and one that is down is left alone soon.
    """

    max_tries: int = 4
    """Tries of one URL, the first included."""
    base_seconds: float = 1.0
    """Pause before the second try; doubles with each further one."""
    max_pause_seconds: float = 60.0
    max_retry_after_seconds: float = 300.0
    """A server that asks for a longer pause ends the attempt with `RetryLater`."""
    budget: int = 30
    """Retries that may fail to help before retrying ends for this run."""
    sleep: Callable[[float], None] = time.sleep
    retries: int = field(default=0, init=False)
    """Retries made, for the report of a run."""
    _left: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._left = self.budget

    def attempts(self) -> Iterator[tenacity.AttemptManager]:
        """The tries of one request, each to be made within it; the last one went well.

        Use it as `for attempt in retry.attempts(): with attempt: …`, without leaving the loop
        early: success is noted at its end.

        Raises:
            RetryLater: the server asked for a pause longer than a run can wait.
            FetchError: what the last try raised.
        """
        yield from tenacity.Retrying(
            retry=tenacity.retry_if_exception(_may_pass),
            stop=lambda state: state.attempt_number >= self.max_tries or self._left <= 0,
            wait=self._pause,
            before_sleep=self._spend,
            sleep=self.sleep,
            reraise=True,
        )
        self._left = min(self.budget, self._left + 1)

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after_seconds if isinstance(error, TransientError) else None
        if asked is None:
            backoff = tenacity.wait_exponential(self.base_seconds, max=self.max_pause_seconds)
            jitter = tenacity.wait_random(0, self.base_seconds / 4)
            return backoff(state) + jitter(state)
        if asked > self.max_retry_after_seconds and isinstance(error, TransientError):
            reason = f"the server asks to wait {asked:.0f} s, longer than one run waits"
            raise RetryLater(error.url, reason, status=error.status) from error
        return asked

    def _spend(self, _state: tenacity.RetryCallState) -> None:
        self.retries += 1
        self._left -= 1
