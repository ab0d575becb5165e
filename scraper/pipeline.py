"""The pages of a run on their way through the stations: fetch, take, store.

A page is finished before the next one is asked for. Only where no delay is kept between requests,
which is so for mirrors, the stations work at once when there are many pages: a thread fetches, a
process reads, and this thread keeps and stores, each some pages ahead of the next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.archive import Pending
    from scraper.page import Fetched, InHand, PageRun
    from scraper.reader import Reader
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
    """

    def __init__(
        self,
        page: PageRun,
        reader: Reader,
        upcoming: Callable[[], Pending | None],
        finished: Callable[[Pending, str, Article | None], bool],
    ) -> None:
        self._page = page
        self._reader = reader
        self._upcoming = upcoming
        self._finished = finished
        self._asked: deque[Callable[[], Fetched]] = deque()
        self._in_hand: deque[InHand] = deque()

    def run(self) -> None:
        """Bring all pages that come up into the archive."""
        fetcher = ThreadPoolExecutor(1, "fetch")
        try:
            while self._step(fetcher):
                pass
        finally:
            fetcher.shutdown(cancel_futures=True)

    def _step(self, fetcher: ThreadPoolExecutor) -> bool:
        """Move a page to its next station; says whether to go on."""
        ahead = AHEAD if self._reader.is_beside else 0
        while len(self._asked) + len(self._in_hand) <= 2 * ahead:
            pending = self._upcoming()
            if pending is None:
                break
            fetch = partial(self._page.fetch, pending)
            self._asked.append(fetcher.submit(fetch).result if ahead else fetch)
        if self._asked and len(self._in_hand) <= ahead:
            self._in_hand.append(self._page.take(self._asked.popleft()()))
            return True
        if not self._in_hand:
            return False
        in_hand = self._in_hand.popleft()
        return self._finished(in_hand.pending, *self._page.store(in_hand))
