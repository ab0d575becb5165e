"""Requests that are given up when the run is to end, whatever the network is doing.

A name service or a silent server can block for longer than a user waits after Ctrl-C. So requests
are made in a thread, one after the other, and the run waits for it in short steps.
"""

from __future__ import annotations

from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from scraper.extract.workers import outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.fetch.client import Client
    from scraper.fetch.exchange import Response
    from scraper.fetch.robots import Robots
    from scraper.records import Request

_T = TypeVar("_T")


class StoppableClient:
    """A client whose requests raise `Interrupted` when the run is to end.

    Args:
        client: makes the requests.
        stop: says whether the run is to end.
    """

    def __init__(self, client: Client, stop: Callable[[], bool]) -> None:
        self._client = client
        self._stop = stop
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
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - raised again by the one who waits
                future.set_exception(error)

        self._wanted.put(run)
        return outcome(future, self._stop)

    def _work(self) -> None:
        while True:
            self._wanted.get()()
