"""What there is: the sources are asked, and their answers are joined.

A complete survey walks every source to its end, in order of completeness: one that breaks costs a
warning, not an article. Where that was done within days, the newest will do: the search interface
until it names nothing new, and the newsroom's front page. If the two leave a gap, or one of them
breaks, the survey becomes a complete one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

from scraper.crawl.answers import GONE_STATUS, refuse_other_status
from scraper.discovery import Listing, newsroom_steps, search_steps, sitemap_steps
from scraper.errors import (
    BlockPage,
    FetchError,
    LayoutDrift,
    NewsroomError,
    NoSuchSource,
    ParseError,
    RobotsForbid,
    SiteUnreachable,
)

if TYPE_CHECKING:
    from datetime import date

    from scraper.crawl.report import Progress
    from scraper.crawl.stoppable import StoppableClient
    from scraper.discovery import Step
    from scraper.extract.reading import PageReader
    from scraper.records import Candidate
    from scraper.sites import Site

Reach = Literal["complete", "newest"]
"""To the end of the listings, or as far as what was known before."""

MAX_LISTED = 200_000
"""Addresses that one run takes from listings; a city publishes some thousands a year."""


class Survey:
    """One look at the listings of a site.

    Args:
        site: whose listings.
        client: fetches them.
        reader: reads them.
        progress: is told about each.
        keep: takes what a listing names, page by page; so memory does not grow with the site.
        stop: says whether to end now.
    """

    def __init__(
        self,
        site: Site,
        client: StoppableClient,
        reader: PageReader,
        progress: Progress,
        keep: Callable[[Iterable[Candidate]], None],
        stop: Callable[[], bool],
    ) -> None:
        self._site = site
        self._client = client
        self._reader = reader
        self._progress = progress
        self._keep = keep
        self._stop = stop
        self._errors: list[NewsroomError] = []
        self._any = False
        self._listed = 0
        self.warnings: list[str] = []
        self.reach: Reach | None = None
        """How far the listings were walked; None if nothing complete could be read."""

    def run(self, since: date | None, known: Callable[[str], bool] | None = None) -> None:
        """Ask the sources.

        Args:
            since: what is older need not be listed.
            known: whether an address was listed before; None walks all sources to their end.

        Raises:
            SiteUnreachable: no source could be fetched, or robots.txt forbids all.
            LayoutDrift: no source could be read.
        """
        robots = self._client.robots()
        if known is not None and self._newest(since, known):
            self.reach = "newest"
            return
        self._errors.clear()
        self.warnings.clear()
        self._listed = 0
        has_searched = self._walk(search_steps(self._site, since))
        self._walk(newsroom_steps(self._site))  # shows the newest only
        has_map = self._walk(sitemap_steps(self._site, robots.sitemaps, since))
        if (has_searched or has_map) and not self._stop():
            self.reach = "complete"
        if not self._any and self._errors and not self._stop():
            raise self._no_listing()

    def _newest(self, since: date | None, known: Callable[[str], bool]) -> bool:
        """Ask for news; returns whether that will do."""
        fresh: set[str] = set()
        shown: list[str] = []

        def is_known(url: str) -> bool:
            if url not in fresh and known(url):
                return True
            fresh.add(url)
            return False

        def show(url: str) -> None:
            is_known(url)
            shown.append(url)

        self._walk(search_steps(self._site, since), is_known, until=is_known)
        self._walk(newsroom_steps(self._site), show)
        news = sum(url in fresh for url in shown)
        # The front page shows the newest. Where most of it is new, more may have been missed.
        return not self._errors and 2 * news <= len(shown)

    def _walk(
        self,
        source: Iterable[Step],
        look: Callable[[str], object] = lambda _url: None,
        until: Callable[[str], bool] | None = None,
    ) -> bool:
        """Follow a source; returns whether it was read to its end. What goes wrong is noted.

        Args:
            source: its first steps.
            look: is told each address.
            until: whether an address needs no listing any more; the walk ends at the first page
                that names some, and none but such.
        """
        steps, found, failed = deque(source), 0, False
        while steps and not self._stop():
            step = steps.popleft()
            if self._listed >= MAX_LISTED:
                failed = True
                self.warnings.append(
                    f"The listings name more than {MAX_LISTED:,} addresses. The rest of the source "
                    f"{step.source!r} was left out of this run."
                )
                break
            try:
                listing = self._read_listing(step)
            except NoSuchSource:
                continue
            except (FetchError, ParseError, RobotsForbid) as error:
                failed = True
                self._errors.append(error)
                self.warnings.append(f"The source {step.source!r} failed: {error}")
                continue
            for candidate in listing.candidates:
                look(candidate.url)
            self._keep(listing.candidates)
            found += len(listing.candidates)
            self._listed += len(listing.candidates)
            is_news = [not (until and until(each.url)) for each in listing.candidates]
            if any(is_news) or not is_news:
                steps.extendleft(reversed(listing.steps))
            if listing.candidates:
                self._progress.listed(step.source, found)
        self._any = self._any or found > 0
        return found > 0 and not failed and not steps

    def _read_listing(self, step: Step) -> Listing:
        """What a step lists. An answer of 200 that is no listing is asked for once more."""
        try:
            return self._ask(step)
        except (BlockPage, NoSuchSource):
            raise
        except ParseError:
            return self._ask(step)

    def _ask(self, step: Step) -> Listing:
        answer = self._client.send(step.request).capture
        if step.optional and answer.status in GONE_STATUS:
            return Listing()
        refuse_other_status(answer, self._reader.block_kind)
        try:
            listing = self._reader.listing(step, answer)
        except ParseError as error:
            kind = self._reader.block_kind(answer)
            raise BlockPage(answer.url, kind) if kind else error from error
        self.warnings.extend(listing.warnings)
        return listing

    def _no_listing(self) -> NewsroomError:
        reasons = " ".join(str(error) for error in self._errors)
        if any(isinstance(error, BlockPage) for error in self._errors):
            return SiteUnreachable(
                f"No listing of {self._site.name} could be read: the site turns the crawler away. "
                f"{reasons} Nothing was changed. Run the same command again later."
            )
        if all(isinstance(error, ParseError) for error in self._errors):
            return LayoutDrift(
                f"No listing of {self._site.name} could be read any more. {reasons} Nothing was "
                "changed. The site has probably been rebuilt; see `newsroom doctor --live`."
            )
        if all(isinstance(error, RobotsForbid) for error in self._errors):
            return RobotsForbid(reasons)
        return SiteUnreachable(
            f"No listing of {self._site.name} could be fetched. {reasons} Nothing was changed. "
            "Run the same command again later."
        )
