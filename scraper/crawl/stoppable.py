"""Requests that are given up when the run is to end, whatever the network is doing.

A name service or a silent server can block for longer than a user waits after Ctrl-C. So requests
are made in a thread, one after the other, and the run waits for it in short steps.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from functools import partial, wraps
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from scraper.extract.workers import outcome
from scraper.fetch.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl.report import Progress
    from scraper.fetch.exchange import Response

_T = TypeVar("_T")
_P = ParamSpec("_P")
_TELL_SECONDS = 60.0


def _given_up_on_stop(
    method: Callable[Concatenate[Client, _P], _T],
) -> Callable[Concatenate[StoppableClient, _P], _T]:
    """A method of `Client`, called in the thread that makes the requests and waited for here."""

    @wraps(method)
    def ask(self: StoppableClient, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        asked: Callable[_P, _T] = getattr(self.client, method.__name__)
        future: Future[_T] = self.begin(partial(asked, *args, **kwargs))
        return outcome(future, self._patience())

    return ask


class StoppableClient:
    """A client whose requests raise `Interrupted` when the run is to end. A context manager.

    Args:
        client: makes the requests; it is not closed with this one.
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
        self.client = client
        self._stop = stop
        self._progress = progress
        self._clock = clock
        self._wanted: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._thread: Thread | None = None

    robots = _given_up_on_stop(Client.robots)
    get = _given_up_on_stop(Client.get)
    send = _given_up_on_stop(Client.send)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._thread is not None:
            self._wanted.put(None)

    @property
    def requests(self) -> int:
        """Requests made so far."""
        return self.client.requests

    @property
    def retries(self) -> int:
        """Of these, the ones made again."""
        return self.client.retries

    @property
    def is_replica(self) -> bool:
        """Whether an answer said that its releases are invented."""
        return self.client.is_replica

    @property
    def user_agent(self) -> str:
        """What the server is told about us."""
        return self.client.user_agent

    @property
    def delay_seconds(self) -> float:
        """Least time between two requests."""
        return self.client.delay_seconds

    def slow_down(self, delay_seconds: float) -> None:
        """As `Client.slow_down`."""
        self.client.slow_down(delay_seconds)

    def begin_get(self, url: str, headers: dict[str, str]) -> Future[Response]:
        """Begin what `get` does; `wait` has the answer."""
        return self.begin(partial(self.client.get, url, headers))

    def begin(self, work: Callable[[], _T]) -> Future[_T]:
        """Make a request, after those that were begun before."""
        if self._thread is None:
            # A daemon: a request that does not come back must not keep the process.
            self._thread = Thread(target=self._work, name="fetch", daemon=True)
            self._thread.start()
        future: Future[_T] = Future()
        self._wanted.put((future, work))
        return future

    def wait(self, future: Future[_T]) -> _T:
        """What a request has brought, or raised.

        Raises:
            Interrupted: the run is to end.
        """
        return outcome(future, self._patience())

    def _patience(self) -> Callable[[], bool]:
        """Says whether the run is to end, and once a minute what is waited for."""
        began = told = self._clock()

        def is_over() -> bool:
            nonlocal told
            if self._clock() - told > _TELL_SECONDS:
                told = self._clock()
                delay = self.client.delay_seconds
                self._progress.waiting(
                    f"waiting for the site for {told - began:.0f} s; between two requests it is "
                    f"given {delay:g} s (--delay, or Crawl-delay in its robots.txt)"
                )
            return self._stop()

        return is_over

    def _work(self) -> None:
        while wanted := self._wanted.get():
            future, work = wanted
            if not future.set_running_or_notify_cancel():
                continue
            with suppress(InvalidStateError):  # nobody waits any more
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001 - raised again by the one who waits
                    future.set_exception(error)
            del wanted, future, work  # an answer is not kept until the next one
