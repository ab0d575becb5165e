"""The pages of a run on their way through the stations: fetch, take, store.

A page is finished before the next one is asked for. Only where no delay is kept between requests,
which is so for mirrors, the stations work at once when there are many pages: a thread fetches, a
process reads, and this thread keeps and stores, each some pages ahead of the next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.archive import Pending
    from scraper.crawl.page import Fetched, InHand, PageRun
    from scraper.extract.worker import Reader
    from scraper.records import Article

AHEAD = 4
"""Pages that wait before a station, while all work at once."""


class Pipeline:
    """Takes pages through the stations, in order.

    Args:
        page: the stations.
        reader: reads the pages at the second one.
        upcoming: the next page to be asked for; None if there is none, or none for now.
        finished: is told what became of a page, and of its article; says whether to go on.
        stop: says whether to ask for no more pages.
    """

    def __init__(
        self,
        page: PageRun,
        reader: Reader,
        upcoming: Callable[[], Pending | None],
        finished: Callable[[Pending, str, Article | None], bool],
        stop: Callable[[], bool],
    ) -> None:
        self._page = page
        self._reader = reader
        self._upcoming = upcoming
        self._finished = finished
        self._stop = stop
        self._fetcher = _Fetcher(self._fetch)
        self._asked: deque[Callable[[], Fetched | None]] = deque()
        self._in_hand: deque[InHand] = deque()
        self.left_out = 0
        """Pages that came up, but were not asked for any more."""

    def run(self) -> None:
        """Bring all pages that come up into the archive."""
        try:
            goes_on = True
            while goes_on:
                goes_on = self._step()
            while self._in_hand:  # what was kept is stored
                self._store()
        except Exception:  # Ctrl-C is none: it does not wait for an answer that may not come
            self._fetcher.end()
            raise
        self._fetcher.end()

    def _step(self) -> bool:
        """Move a page to its next station; says whether to go on."""
        ahead = AHEAD if self._reader.is_beside else 0
        while len(self._asked) + len(self._in_hand) <= 2 * ahead:
            pending = self._upcoming()
            if pending is None:
                break
            self._asked.append(
                self._fetcher.ask(pending) if ahead else partial(self._fetch, pending)
            )
        is_free = not (self._in_hand and self._in_hand[-1].is_doubtful)
        if self._asked and len(self._in_hand) <= ahead and is_free:
            fetched = self._asked.popleft()()
            if fetched is None:
                self.left_out += 1
            else:
                self._in_hand.append(self._page.take(fetched))
            return True
        return self._store() if self._in_hand else False

    def _fetch(self, pending: Pending) -> Fetched | None:
        return None if self._stop() else self._page.fetch(pending)

    def _store(self) -> bool:
        in_hand = self._in_hand.popleft()
        return self._finished(in_hand.fetched.pending, *self._page.store(in_hand))


class _Fetcher:
    """A thread that fetches pages in order. It dies with the process, whatever it waits for."""

    def __init__(self, fetch: Callable[[Pending], Fetched | None]) -> None:
        self._fetch = fetch
        self._wanted: SimpleQueue[tuple[Pending, Future[Fetched | None]] | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._is_over = False

    def ask(self, pending: Pending) -> Callable[[], Fetched | None]:
        """Have a page fetched; returns what waits for it."""
        if self._thread is None:
            self._thread = Thread(target=self._work, name="fetch", daemon=True)
            self._thread.start()
        future: Future[Fetched | None] = Future()
        self._wanted.put((pending, future))
        return future.result

    def end(self) -> None:
        """Wait until the page in hand has come; the others are not asked for."""
        self._is_over = True
        self._wanted.put(None)
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while (wanted := self._wanted.get()) is not None:
            pending, future = wanted
            try:
                future.set_result(None if self._is_over else self._fetch(pending))
            except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
                future.set_exception(error)
