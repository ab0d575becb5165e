"""The pipeline itself: `discover → fetch → capture → parse → quotes → decide → store`.

A crawl asks the sources what there is, fetches what is new or due, and has each page on disk before
the archive refers to it. A page that fails is noted and tried again in the next run; it never stops
the others.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scraper.archive import Archive, Evidence, Frontier, Pending, begin_run, end_run
from scraper.archive.clock import clock_trouble
from scraper.archive.corrections import note_corrections
from scraper.archive.evidence import recover
from scraper.archive.followed import follow
from scraper.archive.journal import write_journal
from scraper.archive.over_budget import OverBudgetContents
from scraper.archive.runs import DEMO, is_listing_known, note_listing, settle_source
from scraper.crawl.ahead import PAGES_AHEAD
from scraper.crawl.attachments import AttachmentRun
from scraper.crawl.context import Run
from scraper.crawl.listings import MAX_LISTED, Survey
from scraper.crawl.page import PageRun
from scraper.crawl.pictures import PictureRun
from scraper.crawl.report import figures
from scraper.decide.outcome import is_outage
from scraper.discovery import teaser_candidates
from scraper.errors import Interrupted, LayoutDrift, NewsroomError, PagesFailed, SiteUnreachable
from scraper.extract.reading import PageReader
from scraper.health.checkup import RunFacts
from scraper.health.verdict import judge_run
from scraper.warc import INFO, WarcWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scraper.crawl.context import Context
    from scraper.records import Article, Candidate

_UNREACHABLE_IN_A_ROW = 5
_BLOCKED_IN_A_ROW = 5
_OUTAGE_PAGES = 50  # so many missing ones, and most of all: there is no point in going on
_NO_RUN = 0
_INTERRUPTED = "it was interrupted"
_ANY_RELEASE = "SELECT 1 FROM articles WHERE site = ? LIMIT 1"
_UNVERIFIED = (
    "What is known of {name} has never been compared with its pages: have a look at some of the "
    "releases. `newsroom sites check {key} --live` says field by field what three of them give."
)


class Crawl:
    """One run over one site, whose robots.txt is asked for between its beginning and `run`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._site = context.site
        self._client = context.client
        self._options = context.options
        self._stop = context.stop
        self._report = context.report
        self._started = context.now()
        self._run_id = _NO_RUN
        self._survey: Survey | None = None
        self._page: PageRun | None = None

    @property
    def _archive(self) -> Archive | None:
        """Where the run writes; None if it is not to."""
        return None if self._options.dry_run else self._context.archive

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Within it the run is at work; its report comes to its end whatever happens.

        Raises:
            UsageError, CrawlRunning: see `begin_run`.
            ArchiveError: the archive cannot be read or written.
        """
        context, report, archive = self._context, self._report, self._archive
        began = context.clock()
        if archive:
            source = self._options.source
            self._run_id = begin_run(archive, self._site.key, source, self._started)
            context.stop.keep_lease(archive, self._run_id)
        try:
            try:
                self._prepare()
                yield
            except Interrupted:
                report.ended_early = _INTERRUPTED
            self._judge()
            report.exit_code = self._exit_code()
        except NewsroomError as error:
            report.exit_code = error.exit_code
            report.warnings.append(str(error))
            raise
        finally:
            report.warnings[:0] = self._survey.warnings if self._survey else []
            report.requests = self._client.requests
            report.retries = self._client.retries
            report.seconds = round(context.clock() - began, 3)
            if archive:
                end_run(archive, self._run_id, context.now(), figures(report))

    def run(self) -> None:
        """Do it, once the site's rules are known. Never raises for what a page or source does.

        Raises:
            SiteUnreachable: nothing could be fetched at all, or robots.txt forbids.
            ArchiveError: the archive cannot be read or written.
            Interrupted: the run is to end.
        """
        if self._archive is None:
            self._plan()
        else:
            self._crawl(self._archive)

    # --- the run -------------------------------------------------------------------------------

    def _plan(self) -> None:
        """What a run would fetch, without writing anything."""
        listed: dict[str, Candidate] = {}

        def keep(candidates: Iterable[Candidate]) -> None:
            for candidate in candidates:
                listed[candidate.url] = _joined(candidate, listed)

        self._survey = self._make_survey(self._reader(), keep)
        try:
            self._survey.run(self._options.since)
        except Interrupted:
            self._report.ended_early = _INTERRUPTED
        self._report.found = len(listed)
        archive = self._context.archive
        frontier = self._frontier(archive) if archive else None
        fresh = [
            candidate.url
            for candidate in sorted(listed.values(), key=_newest_first)
            if not (frontier and frontier.knows(candidate.url))
            and not self._options.is_too_old(candidate.published)
        ]
        plan = dict.fromkeys([*fresh, *(pending.url for pending in self._due(frontier))])
        self._report.would_fetch = list(plan)[: self._options.limit]

    def _prepare(self) -> None:
        """Follow the newsroom, and finish what an earlier run has left."""
        archive, warnings = self._archive, self._report.warnings
        if archive is None:
            return
        is_first = not archive.rows(_ANY_RELEASE, (self._site.key,))
        if self._site.verified.how != "page" and is_first:
            warnings.append(_UNVERIFIED.format(name=self._site.name, key=self._site.key))
        follow(archive, self._site, self._started)
        warnings += recover(archive, self._frontier(archive))
        wrong = clock_trouble(archive, self._started)
        if wrong:
            warnings.append(wrong)

    def _crawl(self, archive: Archive) -> None:
        # The first answer says whether this is a replica.
        is_invented = self._client.is_replica or self._options.source == DEMO
        settle_source(archive, self._run_id, invented=is_invented)
        frontier = self._frontier(archive)
        reader = self._reader(OverBudgetContents(archive, self._context.now))
        self._list(archive, frontier, reader)
        info = {
            **INFO,
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "robots": "obey",
            "http-header-user-agent": self._client.user_agent,
        }
        now = self._context.now
        with WarcWriter(archive.warc_directory, self._site.key, info, now) as writer:
            run = Run(
                self._site,
                self._client,
                archive,
                frontier,
                Evidence(archive, writer),
                reader,
                self._options,
                self._report,
                self._started,
                now,
                self._stop,
            )
            page = self._page = PageRun(run, self._context.policy)
            self._fetch_all(run, page)
            page.finish()
            note_corrections(archive, self._site)
            self._settle(page)
            if self._options.images and not self._report.ended_early:
                PictureRun(run).run(self._context.progress)
            wants_files = self._options.attachments or self._site.attachments
            if wants_files and not self._report.ended_early:
                AttachmentRun(run, self._context.policy).run(self._context.progress)
            write_journal(archive, writer, self._site.key, self._run_id, now())

    def _frontier(self, archive: Archive) -> Frontier:
        return Frontier(archive, self._site.key, self._run_id, self._context.policy)

    def _reader(self, tries: OverBudgetContents | None = None) -> PageReader:
        return PageReader(self._context.executor, self._site, self._stop, tries)

    def _due(self, frontier: Frontier | None) -> Iterator[Pending]:
        if frontier is None:
            return iter(())
        return frontier.due(self._started, self._options.since, full=self._options.full)

    def _make_survey(
        self, reader: PageReader, keep: Callable[[Iterable[Candidate]], None]
    ) -> Survey:
        today = self._started.astimezone(ZoneInfo(self._site.zone)).date()
        return Survey(self._context, reader, keep, today)

    def _list(self, archive: Archive, frontier: Frontier, reader: PageReader) -> None:
        """Ask the sources, and note all that they name."""
        since = self._options.since
        newest_will_do = not self._options.full and is_listing_known(
            archive, self._site.key, self._started, since
        )
        survey = self._survey = self._make_survey(
            reader, lambda candidates: frontier.add(candidates, self._started)
        )
        survey.run(since, frontier.knows if newest_will_do else None)
        if survey.reach:
            note_listing(archive, self._run_id, survey.reach, since)
        frontier.seen(self._started)
        self._report.found = frontier.found()

    def _fetch_all(self, run: Run, page: PageRun) -> None:
        """Process all that is due, then what only the teasers of other releases name."""
        report, limit = self._report, self._options.limit
        teased: deque[Pending] = deque()
        due = islice(self._due(run.frontier), limit)
        following: deque[Pending] = deque(islice(due, 1 + PAGES_AHEAD))
        done = 0
        while not report.ended_early and (limit is None or done < limit):
            waiting = following or teased
            if not waiting:
                return
            pending = waiting.popleft()
            if self._stop():
                report.ended_early = _INTERRUPTED
                return
            try:
                outcome, article = page.process(pending, following)
            except Interrupted:
                report.ended_early = _INTERRUPTED
                return
            done += 1
            following.extend(islice(due, 1))
            if article:
                teased.extend(self._teased(article, run.frontier))
            total = min(report.found, limit or report.found)
            self._context.progress.page(pending.url, outcome, done, max(total, done))
            report.ended_early = self._reason_to_end(page)

    def _reason_to_end(self, page: PageRun) -> str | None:
        if page.asked_to_leave:
            return "the server asks to come back later"
        if page.unreachable >= _UNREACHABLE_IN_A_ROW:
            return f"the site did not answer {_UNREACHABLE_IN_A_ROW} times in a row"
        if page.most_blocked >= _BLOCKED_IN_A_ROW:
            return f"the site showed {_BLOCKED_IN_A_ROW} block pages in a row ({page.last_block})"
        if len(page.vanished) >= _OUTAGE_PAGES and 2 * len(page.vanished) > page.known_checked:
            return "most known pages are missing"
        return None

    def _teased(self, article: Article, frontier: Frontier) -> Iterable[Pending]:
        """Articles that only a slider knows."""
        fresh = frontier.unknown(teaser_candidates(article.related))
        if not fresh or self._report.found >= MAX_LISTED:  # else a trap would never end
            return
        frontier.add(fresh, self._started)
        self._report.found += len(fresh)
        for candidate in fresh:
            if not self._options.is_too_old(candidate.published):
                yield Pending(candidate.url, self._started, candidate.district)

    # --- the end -------------------------------------------------------------------------------

    def _settle(self, page: PageRun) -> None:
        """Believe that pages have vanished, unless there are too many at once."""
        if page.most_blocked >= _BLOCKED_IN_A_ROW:
            page.vanished.forget(refused_only=True)  # it is we who are turned away
        vanished = len(page.vanished)
        if is_outage(vanished, page.known_checked) and not self._options.accept_gone:
            self._report.outage = (
                f"{vanished} of {page.known_checked} known articles are missing at once, such as "
                f"{page.vanished.example}. That looks like an outage or a relaunch of the "
                "site, so nothing was noted about them; the next run looks again. Open one in a "
                "browser. If the city has really taken them down, run the same command with "
                "--accept-gone."
            )
            self._report.warnings.append(self._report.outage)
            page.vanished.forget()
            return
        page.vanished.settle()

    def _exit_code(self) -> int:
        """The code the run ends in; what the figures do not say is added to the warnings."""
        report, page = self._report, self._page
        if report.outage:
            return LayoutDrift.exit_code
        turned_away = page is not None and page.most_blocked >= _BLOCKED_IN_A_ROW
        if page and (turned_away or (page.blocked and not report.stored)):
            report.warnings.append(
                f"The site turns the crawler away: in place of the last pages it showed "
                f"{page.last_block}. Nothing of that was stored as an article; one of these pages "
                "is kept with its error as an example. Open a release in a browser, wait some "
                "hours, take a longer --delay, or ask the city to let this crawler in. What is "
                "missing is tried again by the next run."
            )
            return SiteUnreachable.exit_code
        if page and report.failed and not report.stored and page.unreachable:
            return SiteUnreachable.exit_code
        has_listing = self._survey is not None and self._survey.reach is not None
        if not has_listing and self._site.is_complete and not report.ended_early:
            report.warnings.append(
                "No complete listing could be read, only teasers of the newest articles: older "
                "ones may be missing. The next run tries again."
            )
        if report.findings:
            return LayoutDrift.exit_code
        if report.failed or report.ended_early or not has_listing:
            return PagesFailed.exit_code
        return 0

    def _judge(self) -> None:
        """Whether the site still is as it was."""
        archive, report = self._archive, self._report
        if archive is None:
            return
        run = RunFacts(
            self._started,
            listed_all=self._survey is not None and self._survey.reach is not None,
            news=report.new + report.changed + report.moved,
            stored=report.stored,
            unparsable=report.unparsable,
        )
        now = self._context.now()
        try:
            verdict = judge_run(archive, self._site, run, now, self._reader().main_text)
        except Interrupted:
            return
        report.warnings += verdict.warnings
        report.findings = verdict.findings


def _joined(candidate: Candidate, listed: dict[str, Candidate]) -> Candidate:
    """A candidate, completed by what another source says of the same address."""
    other = listed.get(candidate.url, candidate)
    return dataclasses.replace(
        other,
        published=other.published or candidate.published,
        district=other.district or candidate.district,
    )


def _newest_first(candidate: Candidate) -> tuple[bool, int]:
    day = candidate.published
    return (day is None, -day.toordinal() if day else 0)
