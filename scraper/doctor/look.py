"""A look at a site outside of a crawl: requests that Ctrl-C ends, reading within a budget.

What a server sends may make a parser loop or take all memory: it is read in a worker, as in a
crawl. A name service that does not answer keeps nobody waiting after Ctrl-C.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from scraper.crawl.stoppable import StoppableClient
from scraper.errors import FetchError, OverBudget
from scraper.extract.extract import extract
from scraper.extract.workers import Budget, BudgetExceeded, WorkerProcesses, outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scraper.crawl.report import Progress
    from scraper.discovery import Listing, Step
    from scraper.fetch.client import Client
    from scraper.fetch.robots import Robots
    from scraper.records import Article, Capture, Request
    from scraper.sites import Site

_T = TypeVar("_T")
_BUDGET = Budget(seconds=20.0)


class Look:
    """Fetches pages and reads them in a worker. Use as a context manager.

    Args:
        client: fetches; whoever made it closes it.
        progress: is told about long waits.
        budget: for reading one page.
    """

    def __init__(
        self, client: Client, progress: Progress | None = None, budget: Budget = _BUDGET
    ) -> None:
        # Ctrl-C raises here, in the main thread, whatever the two others are doing.
        self._client = StoppableClient(client, _goes_on, progress or _Quiet())
        self._workers = WorkerProcesses(budget=budget)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._workers.shutdown()

    @property
    def requests(self) -> int:
        """Requests made so far, robots.txt and redirects included."""
        return self._client.requests

    def robots(self) -> Robots:
        """As `Client.robots`."""
        return self._client.robots()

    def fetched(self, request: Request) -> Capture:
        """A page that is there.

        Raises:
            FetchError: it cannot be had, or its status is another than 200.
            RobotsForbid: robots.txt forbids it.
        """
        capture = self._client.send(request).capture
        if capture.status != 200:
            raise FetchError.answered(capture.url, capture.status)
        return capture

    def listing(self, step: Step, capture: Capture) -> Listing:
        """What an answer of a source names.

        Raises:
            ParseError: it is not what the source should give, or exceeds the budget.
        """
        return self.read(capture.url, step.read, capture)

    def article(
        self, capture: Capture, site: Site, listed: Mapping[str, str] | None = None
    ) -> Article:
        """The full record of a release.

        Raises:
            ParseError: it is none, or exceeds the budget.
        """
        return self.read(capture.url, extract, capture, site, listed=listed)

    def read(self, url: str, work: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """What a function makes of a page, in a worker.

        Args:
            url: of the page, for messages.
            work: the function; it and its arguments travel to another process.
            *args: of the function.
            **kwargs: of the function.

        Raises:
            OverBudget: it took too long, too much memory, or crashed.
        """
        try:
            return outcome(self._workers.submit(work, *args, **kwargs), _goes_on)
        except BudgetExceeded as error:
            raise OverBudget(url, str(error)) from error


def _goes_on() -> bool:
    return False


class _Quiet:
    """Nobody watches."""

    def listed(self, source: str, found: int) -> None:
        """Say nothing."""

    def waiting(self, what: str) -> None:
        """Say nothing."""

    def page(self, url: str, outcome: str, done: int, total: int) -> None:
        """Say nothing."""
