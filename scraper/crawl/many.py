"""Crawls of several newsrooms at once; none stops the others.

Each newsroom has a thread of its own while it is crawled, with a connection, a delay and a run of
its own. Pages are read in worker processes that all share, and one thread at a time writes.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import TYPE_CHECKING

from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.crawl.options import LEAST_DELAY_SECONDS
from scraper.crawl.report import RunReport
from scraper.crawl.start import Shared, run_crawl
from scraper.errors import (
    ArchiveError,
    CrawlRunning,
    LayoutDrift,
    NewsroomError,
    PagesFailed,
    SiteUnreachable,
    UsageError,
)

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from scraper.crawl.options import CrawlRequest
    from scraper.crawl.report import NewsroomsProgress

WORKERS = 8
"""Newsrooms that are crawled at once, if nothing else is asked for."""
_WORST_FIRST = (ArchiveError, SiteUnreachable, LayoutDrift, PagesFailed, UsageError, CrawlRunning)


def run_crawls(
    requests: Sequence[CrawlRequest],
    progress: NewsroomsProgress,
    stop: threading.Event,
    workers: int = WORKERS,
) -> list[RunReport]:
    """Crawl each newsroom, several at once; a report for each that was begun, in their order.

    Args:
        requests: what is asked for, one newsroom each, all into one archive.
        progress: is told what happens.
        stop: set when all is to end.
        workers: how many newsrooms at once.

    Raises:
        NewsroomError: the only crawl there is has failed as a whole.
        ArchiveError: the archive cannot be opened, so no crawl was begun.
    """
    if len(requests) == 1:
        return [run_crawl(requests[0], progress, stop)]
    first = requests[0]
    if (first.directory / DATABASE_NAME).exists() and not first.options.dry_run:
        Archive.open(first.directory).close()  # upgraded once, and refused once
    at_once = min(workers, len(requests))
    processes = min(os.cpu_count() or 1, at_once)
    with (
        Shared(first.directory, dry_run=first.options.dry_run, processes=processes) as shared,
        ThreadPoolExecutor(at_once, thread_name_prefix="newsroom") as threads,
    ):
        futures = [
            threads.submit(_crawl, request, progress, stop, shared, wait)
            for request, wait in zip(requests, _waits(requests, at_once), strict=True)
        ]
        try:
            found = [future.result() for future in futures]
        except BaseException:  # Ctrl-C once more, or a bug: the others end in order
            stop.set()
            raise
    return [report for report in found if report is not None]


def _waits(requests: Sequence[CrawlRequest], at_once: int) -> list[float]:
    """Seconds before each crawl begins: the first ones are spread over one delay."""
    waits = []
    for number, request in enumerate(requests):
        usual = 0.0 if request.base_url else LEAST_DELAY_SECONDS
        delay = usual if request.delay_seconds is None else request.delay_seconds
        waits.append(min(delay, LEAST_DELAY_SECONDS) * number / at_once * (number < at_once))
    return waits


def _crawl(
    request: CrawlRequest,
    progress: NewsroomsProgress,
    stop: threading.Event,
    shared: Shared,
    wait_seconds: float,
) -> RunReport | None:
    """Crawl one of several newsrooms; None if all was to end before it was begun."""
    if stop.wait(wait_seconds) if wait_seconds else stop.is_set():
        return None
    began = time.monotonic()
    try:
        report = run_crawl(request, progress.newsroom(request.site), stop, shared)
    except NewsroomError as error:
        seconds = round(time.monotonic() - began, 3)
        report = RunReport(
            request.site, warnings=[str(error)], exit_code=error.exit_code, seconds=seconds
        )
    progress.ended(request.site, report)
    return report


def worst_exit_code(reports: Sequence[RunReport]) -> int:
    """The exit code of the worst of some crawls; that another one was running counts least."""
    codes = {report.exit_code for report in reports}
    order = [kind.exit_code for kind in _WORST_FIRST]
    if codes != {CrawlRunning.exit_code}:
        codes -= {0, CrawlRunning.exit_code}
    return next((code for code in order if code in codes), max(codes, default=0))


def total(reports: Sequence[RunReport]) -> dict[str, int]:
    """The sum of each figure of some reports."""
    names = [each.name for each in fields(RunReport) if each.type == "int"]
    names.remove("exit_code")
    return {name: sum(getattr(report, name) for report in reports) for name in names}
