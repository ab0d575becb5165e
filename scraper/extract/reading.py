"""Reading what a site has sent, in a worker process: pages, stored pages, listings, block pages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar

from scraper.errors import OverBudget
from scraper.extract.again import Reparsed, read_again
from scraper.extract.attached import read_file
from scraper.extract.extract import extract
from scraper.extract.file_text import FileText
from scraper.extract.pdf import MEDIA_TYPE, is_pdf
from scraper.extract.workers import BudgetExceeded, outcome
from scraper.health.maintext import main_text
from scraper.markup.blockpage import recognise
from scraper.markup.ending import breaks_off

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor, Future

    from scraper.archive.read import RawPage
    from scraper.discovery import Listing, Step
    from scraper.extract.workers import Workers
    from scraper.records import Article, Capture
    from scraper.sites import Site

_T = TypeVar("_T")


class Tries(Protocol):
    """Remembers which contents have exceeded the budget, over all runs."""

    def refusal(self, capture: Capture) -> str | None:
        """Why a content is not to be read any more; None if it may be tried."""

    def exceeded(self, capture: Capture, reason: str) -> None:
        """Note that reading a content has exceeded the budget."""


class PageReader:
    """Reads pages and listings of one site within the budget of a worker.

    Args:
        executor: where reading happens.
        site: whose pages.
        stop: says whether the run is to end.
        tries: remembers what has exceeded the budget; None remembers nothing.

    Each method raises `Interrupted` when the run is to end.
    """

    def __init__(
        self,
        executor: Workers | Executor,
        site: Site,
        stop: Callable[[], bool] = lambda: False,
        tries: Tries | None = None,
    ) -> None:
        self._executor = executor
        self._site = site
        self._stop = stop
        self._tries = tries

    def article(self, capture: Capture, listed: Mapping[str, str] | None = None) -> Article:
        """The full record of a page.

        Args:
            capture: the page.
            listed: what the listing said about the release.

        Raises:
            BlockPage: the site shows a captcha or the like in place of the page.
            OverBudget: reading it took too long, too much memory, or crashed.
            ParseError: it is not an article page of the site.
        """
        return self.begin(capture, listed)()

    def begin(
        self, capture: Capture, listed: Mapping[str, str] | None = None
    ) -> Callable[[], Article]:
        """Have a worker begin to read a page.

        Returns:
            What waits for the record, and raises what `article` raises.
        """
        reason = self._tries.refusal(capture) if self._tries else None
        if reason:
            return partial(_refuse, capture.url, reason)
        more = {"listed": dict(listed)} if listed else {}
        future = self._executor.submit(extract, capture, self._site, **more)
        return partial(self._outcome, capture, future)

    def again(self, page: RawPage) -> Reparsed:
        """A stored page, read with the present parser; a failure is in the result."""
        future = self._executor.submit(read_again, page, self._site)
        try:
            return self._outcome(page.capture, future)
        except OverBudget as error:
            return Reparsed(page.revision_id, page.capture.url, error=error.reason)

    def block_kind(self, capture: Capture) -> str | None:
        """What a block page shows, such as "a captcha"; None if it is not one."""
        return self._outcome(capture, self._executor.submit(recognise, capture, self._site))

    def breaks_off(self, capture: Capture) -> bool:
        """Whether a page ends in the middle, by itself."""
        return self._outcome(capture, self._executor.submit(breaks_off, capture))

    def main_text(self, capture: Capture) -> str:
        """The main text of a page as trafilatura sees it; empty if that takes too much."""
        try:
            return outcome(self._executor.submit(main_text, capture), self._stop)
        except BudgetExceeded:
            return ""

    def file(self, capture: Capture) -> FileText:
        """The text of an attached file; if reading it takes too much, that is the reason."""
        try:
            return outcome(self._executor.submit(read_file, capture), self._stop)
        except BudgetExceeded as error:
            return FileText(MEDIA_TYPE if is_pdf(capture.body) else None, reason=str(error))

    def listing(self, step: Step, capture: Capture) -> Listing:
        """What a listing names.

        Raises:
            ParseError: it is not what the source should give, or exceeds the budget.
        """
        return self._outcome(capture, self._executor.submit(step.read, capture))

    def _outcome(self, capture: Capture, future: Future[_T]) -> _T:
        try:
            return outcome(future, self._stop)
        except BudgetExceeded as error:
            if self._tries:
                self._tries.exceeded(capture, str(error))
            raise OverBudget(capture.url, str(error)) from error


def _refuse(url: str, reason: str) -> NoReturn:
    raise OverBudget(url, reason)
