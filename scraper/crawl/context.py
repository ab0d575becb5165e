"""What all parts of one crawl share, made once and passed on as one argument."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.archive.runs import renew_lease
from scraper.crawl.report import RunReport
from scraper.crawl.stoppable import StoppableClient
from scraper.decide.revisit import RevisitPolicy

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from datetime import datetime

    from scraper.archive import Archive, Evidence, Frontier
    from scraper.crawl.options import CrawlOptions
    from scraper.crawl.report import Progress
    from scraper.extract.reading import PageReader
    from scraper.fetch.client import Client
    from scraper.sites import Site

_LEASE_SECONDS = 60.0


class EndOfRun:
    """Says whether a run is to end. Asked all the time, so it renews the run's lease, too.

    Args:
        asked: whether somebody wants the run to end.
        now: the present, with time zone.
        clock: monotonic, in seconds.
    """

    def __init__(
        self,
        asked: Callable[[], bool],
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._asked = asked
        self._now = now
        self._clock = clock
        self._lease: tuple[Archive, int] | None = None
        self._leased_at = clock()

    def keep_lease(self, archive: Archive, run_id: int) -> None:
        """Show in the archive once a minute that a run is still at work."""
        self._lease = archive, run_id

    def __call__(self) -> bool:
        """Whether the run is to end."""
        if self._lease and self._clock() - self._leased_at > _LEASE_SECONDS:
            self._leased_at = self._clock()
            renew_lease(*self._lease, self._now())
        return self._asked()


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a crawl of one newsroom is made with."""

    site: Site
    """Whose newsroom."""
    client: StoppableClient
    """Fetches."""
    executor: Executor
    """Runs what reads the site's pages, within a budget."""
    archive: Archive | None
    """Stores; None for a dry run on nothing."""
    options: CrawlOptions
    """What is asked for."""
    progress: Progress
    """Is told what happens."""
    now: Callable[[], datetime]
    """The present, with time zone."""
    stop: EndOfRun
    """Says whether the run is to end; what it waits for is given up then."""
    report: RunReport
    """Is counted up."""
    policy: RevisitPolicy = field(default_factory=RevisitPolicy)
    """When known releases are due."""
    clock: Callable[[], float] = time.monotonic
    """In seconds."""

    @classmethod
    def of(
        cls,
        site: Site,
        client: Client,
        executor: Executor,
        archive: Archive | None,
        options: CrawlOptions,
        progress: Progress,
        *,
        now: Callable[[], datetime],
        stop: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
        policy: RevisitPolicy | None = None,
        report: RunReport | None = None,
    ) -> Context:
        """The context of a crawl whose client's requests are given up when `stop` says so."""
        end = EndOfRun(stop, now, clock)
        return cls(
            site=site,
            client=StoppableClient(client, end, progress, clock),
            executor=executor,
            archive=archive,
            options=options,
            progress=progress,
            now=now,
            stop=end,
            report=report or RunReport(site.key),
            policy=policy or RevisitPolicy(),
            clock=clock,
        )


@dataclass(frozen=True, slots=True)
class Run:
    """One run over one site, for everything that does a part of it."""

    site: Site
    client: StoppableClient
    """Fetches."""
    archive: Archive
    """Stores."""
    frontier: Frontier
    """What was listed, and what is due."""
    evidence: Evidence
    """Keeps the raw pages."""
    reader: PageReader
    """Reads them, in a worker process."""
    options: CrawlOptions
    """What is asked for."""
    report: RunReport
    """Is counted up."""
    started: datetime
    """When the run began, with time zone."""
    now: Callable[[], datetime]
    """The present, with time zone."""
    stop: Callable[[], bool]
    """Says whether the run is to end."""
