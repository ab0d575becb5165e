"""One page, from its address into the archive: fetch, keep, read, decide, store."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from scraper.archive import Digests, Store, Validators
from scraper.archive.read import latest_revision_id, newest_capture
from scraper.archive.tombstones import tombstone_of
from scraper.crawl.ahead import PagesAhead
from scraper.crawl.answers import (
    GONE_STATUS,
    NOT_MODIFIED,
    WITHHELD_STATUS,
    is_whole,
    refuse_other_status,
)
from scraper.crawl.moves import Addresses
from scraper.crawl.vanished import VanishedPages
from scraper.dates import day_of
from scraper.decide.fingerprint import fingerprint
from scraper.decide.outcome import Outcome, Stored, decide
from scraper.errors import (
    BlockPage,
    FetchError,
    Interrupted,
    PageAbsent,
    ParseError,
    RetryLater,
    RobotsForbid,
)
from scraper.extract.extract import with_listed_district
from scraper.extract.refresh import refresh
from scraper.fetch.retry import TransientError
from scraper.markup.blockpage import PLAIN_REFUSAL
from scraper.records import Candidate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scraper.archive import Kept, Pending
    from scraper.crawl.context import Run
    from scraper.decide.revisit import RevisitPolicy
    from scraper.errors import NewsroomError
    from scraper.fetch.exchange import Response
    from scraper.records import Article, Capture

_PAGES_PER_INDEX = 25
_MAX_VALIDATOR = 1_000  # characters
_MOST_FIRST_HALVES = 3
_ERASED = "erased"  # it was erased from the archive, and does not come in again
_ALIAS = "alias"  # another name of a page that this run has stored already


class PageRun:
    """What a run does with each page.

    Args:
        run: the present run.
        policy: when to believe that a page has not changed.
    """

    def __init__(self, run: Run, policy: RevisitPolicy) -> None:
        self._run = run
        self._store = Store(run.archive, _PAGES_PER_INDEX)
        self._policy = policy
        self._ahead = PagesAhead(run.client, run.reader)
        self.vanished = VanishedPages(run, self._store)
        """Known articles that are missing."""
        self._addresses = Addresses(run, self.vanished.take)
        self._has_example = False  # of a block page: one is enough
        self._first_halves = 0  # pages that break off, before any was stored
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

    def process(
        self, pending: Pending, following: Iterable[Pending] = ()
    ) -> tuple[str, Article | None]:
        """Fetch a page, keep it, read it, decide what it means, and store that.

        What goes wrong with the page is noted, never raised.

        Args:
            pending: the page.
            following: those after it, which may be asked for already.

        Returns:
            What became of it, and the article if it was read.

        Raises:
            Interrupted: the run is to end; nothing of this page was stored.
            ArchiveError: the archive cannot be read or written.
        """
        self._run.archive.refuse_if_moved()
        if not self._run.frontier.is_open(pending.url):
            return _ALIAS, None
        try:
            answer = self._fetch(pending)
        except (FetchError, ParseError, RobotsForbid) as error:
            return self._failed(pending, error), None
        for each in following:
            self._ahead.ask(each, self._conditions(each))
        self.unreachable = 0
        self.known_checked += pending.article_id is not None
        try:
            article, outcome = self._take(pending, answer)
        except ParseError as error:
            return self._failed(pending, error), None
        if answer.capture.status not in WITHHELD_STATUS:
            self.blocked = 0
        self._ahead.note(is_well=article is not None)
        return outcome, article

    def _take(self, pending: Pending, answer: Response) -> tuple[Article | None, str]:
        if answer.capture.status in GONE_STATUS:
            return None, self.vanished.note(pending, answer).value
        instead = self._leads_elsewhere(pending, answer)
        if instead:
            return None, self.vanished.note(pending, answer, instead=instead).value
        if self._was_erased(pending, answer.capture.url):
            return None, _ERASED
        digests = Digests.of(answer.capture, answer.exchange)
        if self._is_as_before(pending, answer, digests):
            return None, self._unchanged(pending, answer)
        # A worker reads the page while it is written to disk.
        read = self._ahead.article(answer.capture, dict(pending.listed))
        kept = self._run.evidence.keep(answer.capture, answer.exchange, answer.redirects, digests)
        try:
            return self._store_page(pending, answer, kept, read)
        except Interrupted:
            self._run.evidence.drop(kept)
            raise

    def _leads_elsewhere(self, pending: Pending, answer: Response) -> str | None:
        """Where the address of a known article leads, if that is no page of an article."""
        capture = answer.capture
        if pending.article_id is None:
            return None
        if capture.status in WITHHELD_STATUS:
            return f"answers with HTTP {capture.status}"
        is_page = capture.status == NOT_MODIFIED or not answer.redirects
        if is_page or self._run.site.article_url(capture.url) is not None:
            return None
        return f"leads to {capture.url}"

    def _was_erased(self, pending: Pending, *found: str, content_id: str | None = None) -> bool:
        """Whether a page is of a release that was erased; its address is not asked for again."""
        run = self._run
        known = tombstone_of(run.archive, *found, site=run.site.key, content_id=content_id)
        if known is not None:
            run.frontier.erased(pending, known)
        return known is not None

    def _failed(self, pending: Pending, error: NewsroomError) -> str:
        report = self._run.report
        self._ahead.note(is_well=False)
        if isinstance(error, RetryLater):
            self.asked_to_leave = True
        if isinstance(error, TransientError):
            self.unreachable += 1
        elif isinstance(error, BlockPage):
            self._count_block(error.kind)
        elif isinstance(error, ParseError):
            report.unparsable += 1
        self._run.frontier.failed(pending, str(error), self._run.now())
        report.failed += 1
        report.failures.append((pending.url, getattr(error, "reason", str(error))))
        return "failed"

    def _count_block(self, kind: str) -> None:
        self.blocked += 1
        self.most_blocked = max(self.most_blocked, self.blocked)
        self.last_block = kind

    # --- fetching ------------------------------------------------------------------------------

    def _fetch(self, pending: Pending) -> Response:
        """The page. One that ends before its end tag is asked for again; the longer one counts."""
        url = pending.address
        answer = self._ahead.get(pending, self._conditions(pending))
        status = answer.capture.status
        if status in GONE_STATUS or status == NOT_MODIFIED:
            return answer
        try:
            refuse_other_status(answer.capture, self._run.reader.block_kind)
        except (FetchError, BlockPage) as error:
            if pending.article_id is None or status not in WITHHELD_STATUS:
                raise
            if isinstance(error, BlockPage):  # of this page alone, or of all that we ask for
                if error.kind != f"{PLAIN_REFUSAL}, HTTP {status}":
                    raise
                self._count_block(error.kind)
            return answer
        if is_whole(answer.capture):
            return answer
        again = self._run.client.get(url)
        if again.capture.status == 200 and (
            is_whole(again.capture) or len(again.capture.body) > len(answer.capture.body)
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

    # --- a page --------------------------------------------------------------------------------

    def _is_as_before(self, pending: Pending, answer: Response, digests: Digests) -> bool:
        """Whether the page is the one that is kept, by the server's word or byte by byte."""
        if pending.article_id is None:
            return False
        url = answer.capture.url
        if answer.capture.status == NOT_MODIFIED:
            return True
        if answer.redirects or url != pending.address:
            return False
        return self._store.holds(pending.article_id, url, digests.sha256)

    def _unchanged(self, pending: Pending, answer: Response) -> str:
        now, not_modified = self._run.now(), answer.capture.status == NOT_MODIFIED
        with self._run.archive.transaction():
            self._store.seen_again(pending.article_id or 0, now)
            self._run.frontier.unchanged(pending, now, not_modified=not_modified)
        self._run.report.not_modified += not_modified
        self._run.report.count(Outcome.UNCHANGED)
        return Outcome.UNCHANGED.value

    def _store_page(
        self, pending: Pending, answer: Response, kept: Kept, read: Callable[[], Article]
    ) -> tuple[Article | None, str]:
        """Wait for the record of a page, and store what it means in one transaction."""
        capture = answer.capture
        try:
            article = read()
            self._ahead.read()
            self._refuse_half_a_page(pending, capture)
        except PageAbsent as error:
            if pending.article_id is None:
                self._keep_error(capture, kept, error)
                raise
            self._run.evidence.drop(kept)
            return None, self.vanished.note(pending, answer, instead=error.instead).value
        except ParseError as error:
            if isinstance(error, BlockPage):
                if self._has_example:
                    self._run.evidence.drop(kept)
                    raise
                self._has_example = True
            self._keep_error(capture, kept, error)
            raise
        if self._was_erased(pending, article.url, content_id=article.content_id):
            self._run.evidence.drop(kept)
            return None, _ERASED
        article = self._addresses.believed(pending, capture, article)
        article = with_listed_district(article, pending.district)
        too_old = self._run.options.is_too_old(day_of(article.published))
        if too_old and pending.article_id is None:
            self._run.evidence.drop(kept)
            self._run.frontier.too_old(pending.url, article.published)
            self._run.report.older += 1
            return article, "older"
        return article, self._store_article(pending, answer, article, kept)

    def _keep_error(self, capture: Capture, kept: Kept, error: ParseError) -> None:
        with self._run.archive.transaction():
            capture_id = self._store.add_capture(capture, kept)
            self._store.keep_error(capture_id, capture.url, str(error))

    def _refuse_half_a_page(self, pending: Pending, capture: Capture) -> None:
        """Half a page must not become the release's text, let alone the city's edit.

        Raises:
            ParseError: the page has no end tag, while the one of this release that is kept, or
                else the one of the newest release, has. Without any to compare it with, it ends in
                the middle; if the first pages of a site all do, its pages are so.
        """
        if is_whole(capture):
            return
        kept = newest_capture(self._run.archive, self._run.site.key, pending.article_id)
        if kept is None and self._first_halves < _MOST_FIRST_HALVES:
            is_half = self._run.reader.breaks_off(capture)
            self._first_halves += is_half
        else:
            is_half = kept is not None and is_whole(kept)
        if is_half:
            reason = f"the page breaks off after {len(capture.body):,} bytes, before its end tag"
            raise ParseError(capture.url, reason)

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
            return self.vanished.note(pending, answer, instead=f"leads to {article.url}").value
        decision = decide(stored, article, self._run.started)
        if stored is not None and decision.content_changed:
            stored = self._up_to_date(stored)  # outside of the transaction: reading takes its time
            decision = decide(stored, article, self._run.started)
        with self._run.archive.transaction():
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
                validators=_validators(answer, article, pending),
            )
        if not decision.is_event:
            self._run.evidence.drop(kept)
        self._run.report.count(decision.outcome)
        self._run.report.name(decision.outcome, article.url, article.title)
        return decision.outcome.value

    def _up_to_date(self, stored: Stored) -> Stored:
        """The stored release, as the present parser reads its page."""
        run = self._run
        revision_id = latest_revision_id(run.archive, stored.id)
        article = refresh(run.archive, self._store, run.reader, revision_id, run.now())
        if article is None:
            return stored
        return dataclasses.replace(stored, fingerprint=fingerprint(article))

    def finish(self) -> None:
        """Make all that was stored findable, and leave the connection to others."""
        self._ahead.give_up()
        self._store.index()


def _leads_away(pending: Pending, article: Article, stored: Stored | None) -> bool:
    """Whether a known article's address leads to another release now: its own has vanished."""
    if pending.article_id is None or article.url == pending.url:
        return False
    return stored is None or stored.id != pending.article_id


def _validators(answer: Response, article: Article, pending: Pending) -> Validators:
    """What the page can be asked for with next time, if it stands at its own address."""
    capture = answer.capture
    if capture.url not in {article.url, pending.fetch_url}:
        return Validators()
    etag, last_modified = (
        short_validator(capture.header(name)) for name in ("etag", "last-modified")
    )
    return Validators(etag, last_modified)


def short_validator(value: str | None) -> str | None:
    """An ETag or a date to ask with next time; None if it is too long for a header."""
    # Servers refuse requests with larger heads, and the page could never be had again.
    return value if value and len(value) <= _MAX_VALIDATOR else None
