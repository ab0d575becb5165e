"""Pages after the present one: asked for, and one of them read, while the present one is stored.

Only where nothing is to be waited for between two requests, as on a mirror of one's own (a delay is
longer than it takes to store a page), and where nothing has gone wrong for a while.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.errors import NewsroomError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from scraper.archive import Pending
    from scraper.crawl.stoppable import StoppableClient
    from scraper.extract.reading import PageReader
    from scraper.fetch.exchange import Response
    from scraper.records import Article, Capture

PAGES_AHEAD = 2
"""One is fetched while another one is read."""
CALM_PAGES = 25
"""Pages in a row that were stored without trouble, before any is asked for ahead."""


@dataclass(slots=True)
class _Asked:
    pending: Pending
    headers: dict[str, str]
    answer: Future[Response]


class PagesAhead:
    """Pages that are asked for before their turn; what they mean is decided in their turn.

    Args:
        client: fetches.
        reader: reads.
    """

    def __init__(self, client: StoppableClient, reader: PageReader) -> None:
        self._client = client
        self._reader = reader
        self._asked: deque[_Asked] = deque()
        self._reading: tuple[Capture, Callable[[], Article]] | None = None
        self._calm = 0

    def note(self, *, is_well: bool) -> None:
        """Note how a page has ended; after trouble each page is asked for in its turn again."""
        self._calm = self._calm + 1 if is_well else 0

    def ask(self, pending: Pending, headers: dict[str, str]) -> None:
        """Begin to fetch a page, unless it is too early for that, or it is begun."""
        if self._calm < CALM_PAGES or self._client.delay_seconds > 0:
            return
        if any(one.pending is pending for one in self._asked):
            return
        answer = self._client.begin_get(pending.address, headers)
        self._asked.append(_Asked(pending, headers, answer))

    def read(self) -> None:
        """Begin to read the next page, if it is new and there by now."""
        if not self._asked:
            return
        pending, future = self._asked[0].pending, self._asked[0].answer
        if pending.article_id is not None or not future.done() or future.exception():
            return
        answer = future.result()
        if answer.capture.status == 200 and not answer.redirects:
            read = self._reader.begin(answer.capture, dict(pending.listed))
            self._reading = answer.capture, read

    def get(self, pending: Pending, headers: dict[str, str]) -> Response:
        """A page, asked for before or now; as `Client.get`."""
        while self._asked:
            one = self._asked.popleft()
            if one.pending is pending and one.headers == headers:
                return self._client.wait(one.answer)
        return self._client.get(pending.address, headers)

    def article(self, capture: Capture, listed: dict[str, str]) -> Callable[[], Article]:
        """What waits for the record of a page, as `PageReader.begin`."""
        reading, self._reading = self._reading, None
        if reading is not None and reading[0] is capture:
            return reading[1]
        return self._reader.begin(capture, listed)

    def give_up(self) -> None:
        """Have the connection free: drop what was not begun, and wait for what was."""
        for one in self._asked:
            if not one.answer.cancel():
                with suppress(NewsroomError):
                    self._client.wait(one.answer)
        self._asked.clear()
