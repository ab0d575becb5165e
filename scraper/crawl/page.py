"""One page through the pipeline: fetch, capture, parse, quotes, decide, store."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.archive import Digests, Pending, Store, Validators
from scraper.archive.read import latest_revision_id, raw_page
from scraper.crawl.moves import GONE_STATUS, Addresses
from scraper.dates import day_of
from scraper.decide.fingerprint import fingerprint
from scraper.decide.outcome import Decision, Outcome, Stored, decide
from scraper.errors import (
    BlockPage,
    FetchError,
    NewsroomError,
    ParseError,
    RetryLater,
    RobotsForbid,
)
from scraper.extract.again import read_again
from scraper.fetch import TransientError
from scraper.markup.blockpage import recognise
from scraper.records import Candidate, article_from_json

if TYPE_CHECKING:
    from scraper.archive import Kept
    from scraper.crawl.context import Run
    from scraper.decide.revisit import RevisitPolicy
    from scraper.extract.worker import Reading
    from scraper.fetch import Response
    from scraper.records import Article, Capture

_PAGES_PER_INDEX = 25
_NOT_MODIFIED = 304
_MAX_VALIDATOR = 1_000  # characters
_ALIAS = "alias"  # another name of a page that was stored while this one was on its way


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the site said when it was asked for a page."""

    pending: Pending
    answer: Response | NewsroomError
    """The error if nothing came of it."""
    digests: Digests | None = None
    """Of what came."""


@dataclass(frozen=True, slots=True)
class InHand:
    """A page on its way into the archive; if it needs reading, it is on disk and being read."""

    fetched: Fetched
    kept: Kept | None = None
    reading: Reading | None = None
    is_doubtful: bool = False
    """Whether it may turn out to hold nothing new, and be taken back from the disk. That takes
    that nothing was kept behind it."""


@dataclass(frozen=True, slots=True)
class Vanished:
    """A known article whose page the server says does not exist; nothing is decided yet."""

    pending: Pending
    stored: Stored
    decision: Decision
    kept: Kept | None
    """The answer, if it is to be evidence that the article has gone."""


class PageRun:
    """What a run does with each page: the stations are `fetch`, `take` and `store`.

    Args:
        run: the present run.
        policy: when to believe that a page has not changed.
    """

    def __init__(self, run: Run, policy: RevisitPolicy) -> None:
        self._run = run
        self._store = Store(run.archive, _PAGES_PER_INDEX)
        self._policy = policy
        self._addresses = Addresses(run, self._take_vanished)
        self._has_example = False  # of a block page: one is enough
        self._was_sent_away = False
        self.vanished: dict[str, Vanished] = {}
        """Known articles that are missing, by address; `settle` decides."""
        self.known_checked = 0
        """Known articles that the server gave an answer about."""
        self.unreachable = 0
        """Pages in a row for which the site did not answer."""
        self.blocked = 0
        """Block pages in a row."""
        self.most_blocked = 0
        """The most block pages in a row so far."""
        self.last_block = ""
        """What the last of them shows."""
        self.asked_to_leave = False
        """Whether the server wants us to come back later than a run can wait."""

    # --- the stations --------------------------------------------------------------------------

    def fetch(self, pending: Pending) -> Fetched | None:
        """Ask the site for a page; never raises for what the site does.

        None if the site has asked to be left alone. The archive is not touched, so that another
        thread may do it.
        """
        if self._was_sent_away:
            return None
        try:
            answer = self._fetch(pending)
        except (FetchError, ParseError, RobotsForbid) as error:
            self._was_sent_away = isinstance(error, RetryLater)
            return Fetched(pending, error)
        return Fetched(pending, answer, Digests.of(answer.capture, answer.exchange))

    def take(self, fetched: Fetched) -> InHand:
        """Keep a page on disk and begin to read it, if it needs reading."""
        pending, answer = fetched.pending, fetched.answer
        if isinstance(answer, NewsroomError) or answer.capture.status in GONE_STATUS:
            return InHand(fetched)
        if self._is_as_before(pending, answer, fetched.digests):
            return InHand(fetched)
        capture = answer.capture
        kept = self._run.evidence.keep(capture, answer.exchange, answer.redirects, fetched.digests)
        is_doubtful = pending.article_id is not None or self._run.options.since is not None
        return InHand(fetched, kept, self._run.reader.begin(capture), is_doubtful)

    def store(self, in_hand: InHand) -> tuple[str, Article | None]:
        """Wait until a page is read, and store what it means; a failure is noted, never raised.

        Returns:
            What became of it, and the article if it was read.
        """
        pending, answer = in_hand.fetched.pending, in_hand.fetched.answer
        if isinstance(answer, NewsroomError):
            return self._failed(pending, answer), None
        self.unreachable = 0
        if not self._run.frontier.is_open(pending.url):
            if in_hand.kept:
                self._run.evidence.drop(in_hand.kept)
            return _ALIAS, None
        self.known_checked += pending.article_id is not None
        article: Article | None = None
        try:
            if in_hand.kept and in_hand.reading:
                article, outcome = self._store_page(pending, answer, in_hand.kept, in_hand.reading)
            elif answer.capture.status in GONE_STATUS:
                outcome = self._not_there(pending, answer)
            else:
                outcome = self._unchanged(pending, answer)
        except ParseError as error:
            return self._failed(pending, error), None
        self.blocked = 0
        return outcome, article

    def _failed(self, pending: Pending, error: NewsroomError) -> str:
        report = self._run.report
        if isinstance(error, RetryLater):
            self.asked_to_leave = True
        if isinstance(error, TransientError):
            self.unreachable += 1
        elif isinstance(error, BlockPage):
            self.blocked += 1
            self.most_blocked = max(self.most_blocked, self.blocked)
            self.last_block = error.kind
        elif isinstance(error, ParseError):
            report.unparsable += 1
        self._run.frontier.failed(pending, str(error), self._run.now())
        report.failed += 1
        report.failures.append((pending.url, getattr(error, "reason", str(error))))
        return "failed"

    # --- fetching ------------------------------------------------------------------------------

    def _fetch(self, pending: Pending) -> Response:
        """The page. One that ends before its end tag is asked for again; the longer one counts."""
        url = pending.url
        answer = self._run.client.get(url, self._conditions(pending))
        status = answer.capture.status
        if status in GONE_STATUS or status == _NOT_MODIFIED:
            return answer
        if status != 200:
            kind = recognise(answer.capture, self._run.site)
            if kind:
                raise BlockPage(url, f"{kind}, HTTP {status}")
            reason = f"the server answers with HTTP {status}"
            raise FetchError(url, reason, status=status)
        if not _is_whole(answer.capture):
            again = self._run.client.get(url)
            size = len(answer.capture.body)
            if again.capture.status == 200 and (
                _is_whole(again.capture) or len(again.capture.body) > size
            ):
                return again
        return answer

    def _conditions(self, pending: Pending) -> dict[str, str]:
        """Headers that ask for the page only if it has changed."""
        if (
            self._run.options.full
            or pending.article_id is None
            or pending.missing_since is not None
            or self._policy.wants_whole_page(pending.not_modified)
        ):
            return {}
        pairs = (("If-None-Match", pending.etag), ("If-Modified-Since", pending.last_modified))
        return {name: value for name, value in pairs if value}

    # --- what came -----------------------------------------------------------------------------

    def _is_as_before(self, pending: Pending, answer: Response, digests: Digests | None) -> bool:
        """Whether the page is the one that is kept, by the server's word or byte by byte."""
        if pending.article_id is None:
            return False
        url = answer.capture.url
        if answer.capture.status == _NOT_MODIFIED:
            return True
        if answer.redirects or url != pending.url or digests is None:
            return False
        return self._store.holds(pending.article_id, url, digests.sha256)

    def _unchanged(self, pending: Pending, answer: Response) -> str:
        now, not_modified = self._run.now(), answer.capture.status == _NOT_MODIFIED
        with self._run.archive.transaction():
            self._store.seen_again(pending.article_id or 0, now)
            self._run.frontier.unchanged(pending, now, not_modified=not_modified)
        self._run.report.not_modified += not_modified
        self._run.report.count(Outcome.UNCHANGED)
        return Outcome.UNCHANGED.value

    def _store_page(
        self, pending: Pending, answer: Response, kept: Kept, reading: Reading
    ) -> tuple[Article | None, str]:
        """Store what a page means in one transaction."""
        capture = answer.capture
        try:
            article = reading()
        except ParseError as error:
            if isinstance(error, BlockPage):
                if self._has_example:
                    self._run.evidence.drop(kept)
                    raise
                self._has_example = True
            with self._run.archive.transaction():
                capture_id = self._store.add_capture(capture, kept)
                self._store.keep_error(capture_id, capture.url, str(error))
            raise
        article = self._addresses.believed(pending, capture, article)
        if article.district is None and pending.district:
            article = dataclasses.replace(article, district=pending.district)
        too_old = self._run.options.is_too_old(day_of(article.published))
        if too_old and pending.article_id is None:
            self._run.evidence.drop(kept)
            self._run.frontier.too_old(pending.url, article.published)
            self._run.report.older += 1
            return article, "older"
        return article, self._store_article(pending, answer, article, kept)

    def _store_article(
        self, pending: Pending, answer: Response, article: Article, kept: Kept
    ) -> str:
        stored, before = self._store.find(article.url), None
        if stored is None:
            before = self._addresses.before(pending.url, answer.capture.url, article)
            stored = self._store.find(before.url) if before else None
        now = self._run.now()
        if before is None and _leads_away(pending, article, stored):
            self._run.evidence.drop(kept)
            if stored is None:
                other = Candidate(article.url, article.url, "page", day_of(article.published))
                self._run.frontier.add([other], now)
            return self._not_there(pending, answer)
        decision = decide(stored, article, self._run.started)
        with self._run.archive.transaction():
            if stored is not None and decision.content_changed:
                stored = self._read_stored_again(stored)
                decision = decide(stored, article, self._run.started)
            capture_id = (
                self._store.add_capture(answer.capture, kept) if decision.is_event else None
            )
            article_id = self._store.apply(decision, article, stored, capture_id, now)
            if before:
                self._run.frontier.alias(before.url, article.url)
                if before.kept:
                    self._store.add_capture(before.kept.capture, before.kept)
            self._run.frontier.succeeded(
                pending,
                article_id,
                article,
                now,
                edited=stored is not None and decision.content_changed,
                validators=_validators(answer, article),
            )
        if not decision.is_event:
            self._run.evidence.drop(kept)
        self._run.report.count(decision.outcome)
        return decision.outcome.value

    def _read_stored_again(self, stored: Stored) -> Stored:
        """Before an edit is laid at the city's door: would we read the old page as before?

        A parser that has got better since must not look like a change of the release.
        """
        page = raw_page(self._run.archive, latest_revision_id(self._run.archive, stored.id))
        reading = read_again(page) if page else None
        if reading is None or reading.record is None:
            return stored
        fields = [name for name, _before, _after in reading.changes]
        article = article_from_json(reading.record)
        self._store.reread(reading.revision_id, article, fields, self._run.now())
        return dataclasses.replace(stored, fingerprint=fingerprint(article))

    # --- what did not come ---------------------------------------------------------------------

    def _not_there(self, pending: Pending, answer: Response) -> str:
        stored = self._store.find(pending.url, pending.missing_since)
        decision = decide(stored, None, self._run.started)
        if stored is None:
            self._run.frontier.missing(pending, self._run.now())
            self._run.report.count(decision.outcome)
            return decision.outcome.value
        kept = None
        if decision.outcome is Outcome.GONE and stored.gone_at is None:
            kept = self._run.evidence.keep(answer.capture, answer.exchange, answer.redirects)
        self.vanished[pending.url] = Vanished(pending, stored, decision, kept)
        return decision.outcome.value

    def _take_vanished(self, url: str) -> tuple[bool, Kept | None]:
        item = self.vanished.pop(url, None)
        return item is not None, item.kept if item else None

    def finish(self) -> None:
        """Make all that was stored findable."""
        self._store.index()

    def settle(self) -> None:
        """Store that pages have vanished, now that it is clear that not the site is to blame."""
        for item in self.vanished.values():
            with self._run.archive.transaction():
                if item.decision.outcome is Outcome.GONE:
                    capture_id = (
                        self._store.add_capture(item.kept.capture, item.kept) if item.kept else None
                    )
                    self._store.mark_gone(item.stored, self._run.now(), capture_id)
                self._run.frontier.missing(item.pending, self._run.now())
            self._run.report.count(item.decision.outcome)
        self.vanished.clear()


def _leads_away(pending: Pending, article: Article, stored: Stored | None) -> bool:
    """Whether a known article's address leads to another release now: its own has vanished."""
    if pending.article_id is None or article.url == pending.url:
        return False
    return stored is None or stored.id != pending.article_id


def _validators(answer: Response, article: Article) -> Validators:
    """What the page can be asked for with next time, if it stands at its own address."""
    capture = answer.capture
    if capture.url != article.url:
        return Validators()
    etag, last_modified = (_short(capture.header(name)) for name in ("etag", "last-modified"))
    return Validators(etag, last_modified)


def _short(value: str | None) -> str | None:
    # Servers refuse requests with larger heads, and the page could never be had again.
    return value if value and len(value) <= _MAX_VALIDATOR else None


def _is_whole(capture: Capture) -> bool:
    return b"</html>" in capture.body[-4096:].lower()
