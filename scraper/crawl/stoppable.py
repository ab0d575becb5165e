"""Requests that are given up when the run is to end, whatever the network is doing.

A name service or a silent server can block for longer than a user waits after Ctrl-C. So requests
are made in a thread, one after the other, and the run waits for it in short steps.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from scraper.extract.workers import outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl.report import Progress
    from scraper.fetch.client import Client
    from scraper.fetch.exchange import Response
    from scraper.fetch.robots import Robots
    from scraper.records import Request

_T = TypeVar("_T")
_TELL_SECONDS = 60.0


class StoppableClient:
    """A client whose requests raise `Interrupted` when the run is to end.

    Args:
        client: makes the requests.
        stop: says whether the run is to end.
        progress: is told about long waits.
        clock: monotonic, in seconds.
    """

    def __init__(
        self,
        client: Client,
        stop: Callable[[], bool],
        progress: Progress,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._stop = stop
        self._progress = progress
        self._clock = clock
        self._wanted: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._thread: Thread | None = None

    @property
    def requests(self) -> int:
        """Requests made so far."""
        return self._client.requests

    @property
    def retries(self) -> int:
        """Of these, the ones made again."""
        return self._client.retries

    @property
    def is_replica(self) -> bool:
        """Whether an answer said that its releases are invented."""
        return self._client.is_replica

    @property
    def user_agent(self) -> str:
        """What the server is told about us."""
        return self._client.user_agent

    def slow_down(self, delay_seconds: float) -> None:
        """As `Client.slow_down`."""
        self._client.slow_down(delay_seconds)

    def robots(self) -> Robots:
        """As `Client.robots`."""
        return self._ask(self._client.robots)

    def get(self, url: str, headers: dict[str, str] | None = None) -> Response:
        """As `Client.get`."""
        return self._ask(lambda: self._client.get(url, headers))

    def send(self, request: Request) -> Response:
        """As `Client.send`."""
        return self._ask(lambda: self._client.send(request))

    def _ask(self, work: Callable[[], _T]) -> _T:
        if self._thread is None:
            # A daemon: a request that does not come back must not keep the process.
            self._thread = Thread(target=self._work, name="fetch", daemon=True)
            self._thread.start()
        future: Future[_T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            with suppress(InvalidStateError):  # nobody waits any more
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001 - raised again by the one who waits
                    future.set_exception(error)

        self._wanted.put(run)
        return outcome(future, self._patience())

    def _patience(self) -> Callable[[], bool]:
        """Says whether the run is to end, and once a minute what is waited for."""
        began = told = self._clock()

        def is_over() -> bool:
            nonlocal told
            if self._clock() - told > _TELL_SECONDS:
                told = self._clock()
                delay = self._client.delay_seconds
                self._progress.waiting(
                    f"waiting for the site for {told - began:.0f} s; between two requests it is "
                    f"given {delay:g} s (--delay, or Crawl-delay in its robots.txt)"
                )
            return self._stop()

        return is_over

    def _work(self) -> None:
        while True:
            self._wanted.get()()
