"""One page through the pipeline: fetch, capture, parse, quotes, decide, store."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from scraper.archive import Archive, Frontier, Pending, Store
from scraper.archive.read import latest_revision_id, raw_pages
from scraper.dates import day_of
from scraper.decide import Outcome, Stored, decide
from scraper.errors import FetchError, ParseError, RetryLater, RobotsForbid
from scraper.extract import extract
from scraper.fetch import TransientError
from scraper.fingerprint import fingerprint
from scraper.records import article_from_json
from scraper.reread import read_again

if TYPE_CHECKING:
    from scraper.fetch import Client
    from scraper.records import Article, Capture
    from scraper.report import CrawlOptions, RunReport
    from scraper.sites import Site

_GONE_STATUS = frozenset({404, 410})


class PageRun:
    """What a run does with each page.

    Args:
        site: whose page.
        client: fetches.
        archive: stores.
        options: of the run.
        report: is counted up.
        started: when the run began.
        now: the present, with time zone.
    """

    def __init__(
        self,
        site: Site,
        client: Client,
        archive: Archive,
        options: CrawlOptions,
        report: RunReport,
        started: datetime,
        now: Callable[[], datetime],
    ) -> None:
        self._site = site
        self._client = client
        self._archive = archive
        self._store = Store(archive)
        self._frontier = Frontier(archive, site.key)
        self._options = options
        self._report = report
        self._started = started
        self._now = now
        self._alive: set[str] = set()  # addresses found to be still in use, beside the queue
        self.done: set[str] = set()
        """Addresses that need no fetch in this run any more."""
        self.unreachable = 0
        """Pages in a row for which the site did not answer."""
        self.asked_to_leave = False
        """Whether the server wants us to come back later than a run can wait."""
        self.unparsable = 0
        """Pages that could not be parsed."""
        self.last_unparsable = ""
        """What was wrong with the last of them."""

    def run(self, pending: Pending) -> tuple[str, Article | None]:
        """Fetch, keep, read and store a page; a failure is noted, never raised.

        Returns:
            What became of it, and the article if there is one.
        """
        report = self._report
        article: Article | None = None
        try:
            capture = self._capture(pending.url)
            self.unreachable = 0
            if capture.status in _GONE_STATUS:
                outcome = self._not_there(pending)
            else:
                article, outcome = self._store_page(pending, capture)
        except (FetchError, ParseError, RobotsForbid) as error:
            if isinstance(error, RetryLater):
                self.asked_to_leave = True
            if isinstance(error, TransientError):
                self.unreachable += 1
            elif isinstance(error, ParseError):
                self.unparsable += 1
                self.last_unparsable = str(error)
            self._frontier.failed(pending.url, str(error))
            report.failed += 1
            report.failures.append((pending.url, getattr(error, "reason", str(error))))
            outcome = "failed"
        return outcome, article

    def _capture(self, url: str) -> Capture:
        """The page. One that ends before its end tag is asked for again; the longer one counts."""
        capture = self._client.get(url).capture
        if capture.status in _GONE_STATUS:
            return capture
        if capture.status != 200:
            reason = f"the server answers with HTTP {capture.status}"
            raise FetchError(url, reason, status=capture.status)
        if not _is_whole(capture):
            again = self._client.get(url).capture
            if again.status == 200 and (_is_whole(again) or len(again.body) > len(capture.body)):
                return again
        return capture

    def _store_page(self, pending: Pending, capture: Capture) -> tuple[Article | None, str]:
        capture_id = self._store.add_capture(capture)
        try:
            article = extract(capture, self._site)
        except ParseError as error:
            self._store.keep_error(capture_id, capture.url, str(error))
            raise
        if article.district is None and pending.district:
            article = dataclasses.replace(article, district=pending.district)
        if self._options.is_too_old(day_of(article.published)) and not pending.is_known:
            self._store.drop_capture(capture_id)
            self._frontier.too_old(pending.url, article.published)
            self._report.older += 1
            return article, "older"
        stored = self._store.find(article.url)
        if stored is None:
            before = self._address_before(pending.url, capture.url, article)
            stored = self._store.find(before) if before else None
            if before:
                self._frontier.alias(before, article.url)
        decision = decide(stored, article, self._started)
        if stored is not None and decision.content_changed:
            stored = self._read_stored_again(stored)
            decision = decide(stored, article, self._started)
        article_id = self._store.apply(decision, article, stored, capture_id, self._now())
        self._frontier.succeeded(pending.url, article_id, article, self._now())
        self._report.count(decision.outcome)
        return article, decision.outcome.value

    def _read_stored_again(self, stored: Stored) -> Stored:
        """Before an edit is laid at the city's door: would we read the old page as before?

        A parser that has got better since must not look like a change of the release.
        """
        pages = raw_pages(self._archive, [latest_revision_id(self._archive, stored.id)])
        reading = read_again(pages[0]) if pages else None
        if reading is None or reading.record is None:
            return stored
        fields = [name for name, _before, _after in reading.changes]
        article = article_from_json(reading.record)
        self._store.reread(reading.revision_id, article, fields, self._now())
        return dataclasses.replace(stored, fingerprint=fingerprint(article))

    def _address_before(self, asked: str, answered: str, article: Article) -> str | None:
        """The address under which the archive knows an article that seems to be new.

        The same content id alone proves nothing: the page must have led here from its old
        address, or no longer be there.
        """
        before = self._frontier.moved_from(asked, article.content_id)
        if before:
            return before
        other = self._frontier.same_content(article)
        if other is None or other in self.done or other in self._alive:
            return None
        try:
            answer = self._client.get(other).capture
        except (FetchError, RobotsForbid):
            return None
        if answer.url == answered or answer.status in _GONE_STATUS:
            self.done.add(other)
            return other
        self._alive.add(other)
        return None

    def _not_there(self, pending: Pending) -> str:
        stored = self._store.find(pending.url, pending.missing_since)
        decision = decide(stored, None, self._started)
        if decision.outcome is Outcome.GONE and stored:
            self._store.mark_gone(stored, self._now())
        self._frontier.missing(pending.url, self._now())
        self._report.count(decision.outcome)
        return decision.outcome.value


def _is_whole(capture: Capture) -> bool:
    return b"</html>" in capture.body[-4096:].lower()
