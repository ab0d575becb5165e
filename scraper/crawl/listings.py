"""What there is: the sources are asked, and their answers are joined.

A complete survey walks every source to its end, in the order of the site's file: one that breaks
costs a warning, not an article. Where that was done within days, the newest will do: the sources
that name the newest releases first, each until it names nothing new. If they leave a gap, or one of
them breaks, the survey becomes a complete one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

from scraper.crawl.answers import GONE_STATUS, refuse_other_status
from scraper.discovery import Listing, is_walk, shows_newest, source_steps
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

    from scraper.crawl.context import Context
    from scraper.discovery import Step
    from scraper.extract.reading import PageReader
    from scraper.records import Candidate
    from scraper.sites import Source

Reach = Literal["complete", "newest"]
"""To the end of the listings, or as far as what was known before."""

MAX_LISTED = 200_000
"""Addresses that one run takes from listings; a city publishes some thousands a year."""
_MOST_ASKED_FOR_NEWS = 3
"""Sources, or parts of a sitemap, that a run asks which looks for news only."""
_PARTIAL = (
    "None of the sources of {name} names every release, only the newest: older ones are missing "
    "here and cannot be found. A list with pages or a sitemap in the file of the site would help."
)
_GAP = (
    "Most of what the source {label!r} of {name} shows is new since the last run, and it shows no "
    "more than its newest: releases may have been missed in between. Crawl more often."
)


class Survey:
    """One look at the listings of a site.

    Args:
        context: of the crawl.
        reader: reads the listings.
        keep: takes what a listing names, page by page; so memory does not grow with the site.
        today: the present day in the city.
    """

    def __init__(
        self,
        context: Context,
        reader: PageReader,
        keep: Callable[[Iterable[Candidate]], None],
        today: date,
    ) -> None:
        self._site = context.site
        self._client = context.client
        self._progress = context.progress
        self._stop = context.stop
        self._reader = reader
        self._keep = keep
        self._today = today
        self._notes: list[str] = []
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
        if not self._site.is_complete:
            self._notes = [_PARTIAL.format(name=self._site.name)]
        self.warnings = list(self._notes)
        if known is not None and self._newest(since, known):
            self.reach = "newest"
            return
        self._errors.clear()
        self.warnings = list(self._notes)
        self._listed = 0
        ended = []
        for source in self._site.sources:
            has_ended = self._walk(source, self._steps(source, since, robots.sitemaps))
            if source.complete or not self._site.is_complete:
                ended.append(has_ended)
        enough = any(ended) if self._site.is_complete else all(ended)
        if enough and not self._stop():
            self.reach = "complete"
        if not self._any and self._errors and not self._stop():
            raise self._no_listing()

    def _steps(
        self, source: Source, since: date | None, sitemaps: Iterable[str] = ()
    ) -> tuple[Step, ...]:
        return source_steps(self._site, source, self._today, since, sitemaps)

    def _newest(self, since: date | None, known: Callable[[str], bool]) -> bool:
        """Ask for news; returns whether that will do."""
        fresh: set[str] = set()

        def is_known(url: str) -> bool:
            if url not in fresh and known(url):
                return True
            fresh.add(url)
            return False

        shown: list[str] = []

        def show(url: str) -> None:
            is_known(url)
            shown.append(url)

        sources = [source for source in self._site.sources if shows_newest(source)]
        sources = sources[:_MOST_ASKED_FOR_NEWS] or list(self._site.sources[:1])
        gaps = []
        for source in sources:
            shown.clear()
            if is_walk(source):
                self._walk(source, self._steps(source, since), is_known, until=is_known)
                continue
            most = None if shows_newest(source) else _MOST_ASKED_FOR_NEWS
            self._walk(source, self._steps(source, since), show, most=most)
            news = sum(url in fresh for url in shown)
            # It shows the newest alone. Where most of it is new, more may have been missed.
            if shows_newest(source) and 2 * news > len(shown):
                gaps.append(source.label)
        if self._errors or not gaps:
            return not self._errors
        if self._site.is_complete or any(is_walk(source) for source in self._site.sources):
            return False
        self.warnings.append(_GAP.format(label=gaps[0], name=self._site.name))
        return True

    def _walk(
        self,
        source: Source,
        first: Iterable[Step],
        look: Callable[[str], object] = lambda _url: None,
        until: Callable[[str], bool] | None = None,
        most: int | None = None,
    ) -> bool:
        """Follow a source; returns whether it was read to its end. What goes wrong is noted.

        Args:
            source: whose facts hold for the walk.
            first: its first steps.
            look: is told each address.
            until: whether an address needs no listing any more; the walk ends at the first page
                that names some, and none but such.
            most: so many requests at most; what is left is not missed.
        """
        steps, found, failed, asked = deque(first), 0, False, 0
        if source.delay_seconds:
            self._client.slow_down(source.delay_seconds)
        while steps and not self._stop():
            if most is not None and asked >= most:
                steps.clear()
                break
            if source.most_requests is not None and asked >= source.most_requests:
                failed = True
                self.warnings.append(
                    f"The source {source.label!r} was left after {asked} requests, as the file of "
                    "the site asks."
                )
                break
            step = steps.popleft()
            asked += 1
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
        is_missing = answer.status in GONE_STATUS | step.missing
        if step.optional and is_missing and not step.reads_missing:
            return Listing()
        if not (step.reads_missing and is_missing):
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
