"""The pipeline itself: `discover → fetch → capture → parse → quotes → decide → store`.

A crawl asks every source what there is, joins the answers, fetches what is new or due, and keeps
each page before reading it. A page that fails is noted and tried again in the next run; it never
stops the others.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from scraper.archive import Archive, Frontier, Pending, begin_run, end_run
from scraper.discovery import teaser_candidates
from scraper.errors import LayoutDrift, NewsroomError, PagesFailed, SiteUnreachable
from scraper.page import PageRun
from scraper.report import CrawlOptions, Progress, RunReport, figures
from scraper.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.fetch import Client
    from scraper.records import Article, Candidate
    from scraper.sites import Site

_UNREACHABLE_IN_A_ROW = 5
_DRIFT_PAGES = 5


class Crawl:
    """One run over one site.

    Args:
        site: whose newsroom.
        client: fetches.
        archive: stores; None for a dry run on nothing.
        options: what is asked for.
        progress: is told what happens.
        now: the present, with time zone.
        clock: monotonic, in seconds.
        stop: says whether the run should end after the page in hand.
    """

    def __init__(
        self,
        site: Site,
        client: Client,
        archive: Archive | None,
        options: CrawlOptions,
        progress: Progress,
        *,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._site = site
        self._client = client
        self._archive = archive
        self._options = options
        self._progress = progress
        self._now = now
        self._clock = clock
        self._stop = stop
        self._started = now()
        self._report = RunReport(site.key)
        self._survey = Survey(site, client, progress, stop)
        self._page: PageRun | None = None

    def run(self) -> RunReport:
        """Do it. Never raises for what a single page or source does.

        Raises:
            SiteUnreachable: nothing could be fetched at all, or robots.txt forbids.
            ArchiveError: the archive cannot be read or written.
        """
        began = self._clock()
        run_id = self._begin()
        report = self._report
        try:
            self._survey.run(self._options.since)
            report.found = len(self._survey.listed)
            if self._options.dry_run or self._archive is None:
                self._plan()
            else:
                self._fetch_all(self._archive)
            report.exit_code = self._exit_code()
        except NewsroomError as error:
            report.exit_code = error.exit_code
            report.warnings.append(str(error))
            raise
        finally:
            report.warnings[:0] = self._survey.warnings
            report.requests = self._client.requests
            report.retries = self._client.retries
            report.seconds = round(self._clock() - began, 3)
            if run_id is not None and self._archive is not None:
                end_run(self._archive, run_id, self._now(), figures(report))
        return report

    def _begin(self) -> int | None:
        if self._archive is None or self._options.dry_run:
            return None
        return begin_run(self._archive, self._site.key, self._options.source, self._started)

    # --- pages -----------------------------------------------------------------------------

    def _plan(self) -> None:
        """What a run would fetch, without writing anything."""
        frontier = Frontier(self._archive, self._site.key) if self._archive else None
        known = frontier.checked() if frontier else frozenset()
        due = (
            frontier.due(self._started, self._options.since, full=self._options.full)
            if frontier
            else []
        )
        fresh = [
            candidate.url
            for candidate in sorted(self._survey.listed.values(), key=_newest_first)
            if candidate.url not in known and not self._options.is_too_old(candidate.published)
        ]
        plan = dict.fromkeys([*fresh, *(pending.url for pending in due)])
        self._report.would_fetch = list(plan)[: self._options.limit]

    def _fetch_all(self, archive: Archive) -> None:
        frontier = Frontier(archive, self._site.key)
        frontier.add(self._survey.listed.values(), self._started)
        frontier.seen(self._survey.listed, self._started)
        queue = deque(frontier.due(self._started, self._options.since, full=self._options.full))
        known = set(frontier.checked()) | {pending.url for pending in queue}
        fetched = 0
        page = self._page = self._page_run(archive)
        while queue:
            if self._options.limit is not None and fetched >= self._options.limit:
                break
            if self._stop():
                self._report.ended_early = "it was interrupted"
                break
            pending = queue.popleft()
            if pending.url in page.done:
                continue
            fetched += 1
            page.done.add(pending.url)
            outcome, article = page.run(pending)
            if article:
                page.done.add(article.url)
                queue.extend(self._teased(article, frontier, known))
            total = min(self._report.found, self._options.limit or self._report.found)
            self._progress.page(pending.url, outcome, fetched, max(total, fetched))
            if page.asked_to_leave:
                self._report.ended_early = "the server asks to come back later"
                break
            if page.unreachable >= _UNREACHABLE_IN_A_ROW:
                self._report.ended_early = (
                    f"the site did not answer {_UNREACHABLE_IN_A_ROW} times in a row"
                )
                break

    def _page_run(self, archive: Archive) -> PageRun:
        return PageRun(
            self._site,
            self._client,
            archive,
            self._options,
            self._report,
            self._started,
            self._now,
        )

    def _teased(self, article: Article, frontier: Frontier, known: set[str]) -> Iterable[Pending]:
        """Articles that only a slider knows."""
        fresh = [c for c in teaser_candidates(article.related) if c.url not in known]
        if not fresh:
            return
        frontier.add(fresh, self._started)
        for candidate in fresh:
            known.add(candidate.url)
            self._report.found += candidate.url not in self._survey.listed
            if not self._options.is_too_old(candidate.published):
                yield Pending(candidate.url, candidate.district)

    # --- the end ---------------------------------------------------------------------------

    def _exit_code(self) -> int:
        """The code the run ends in; what the figures do not say is added to the warnings."""
        report, page = self._report, self._page
        if page and page.unparsable >= _DRIFT_PAGES and page.unparsable > report.stored:
            report.warnings.append(
                f"{page.unparsable} pages could not be parsed, and {report.stored} could. "
                f"{page.last_unparsable} The site has probably been rebuilt, or it shows a block "
                "page. The pages are kept, and nothing was stored as an article. Look at one in a "
                "browser, and upgrade newsroom-archive."
            )
            return LayoutDrift.exit_code
        if page and report.failed and not report.stored and page.unreachable:
            return SiteUnreachable.exit_code
        complete = bool(self._survey.complete_sources) or self._site.search_path is None
        if not complete and not report.ended_early:
            report.warnings.append(
                "No complete listing could be read, only teasers of the newest articles: older "
                "ones may be missing. The next run tries again."
            )
            return PagesFailed.exit_code
        return PagesFailed.exit_code if report.failed or report.ended_early else 0


def _newest_first(candidate: Candidate) -> tuple[bool, int]:
    day = candidate.published
    return (day is None, -day.toordinal() if day else 0)
