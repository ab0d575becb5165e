"""Crawls of several newsrooms, one after the other; none stops the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.crawl.report import RunReport
from scraper.crawl.start import run_crawl
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
    from scraper.crawl.report import Progress

_WORST_FIRST = (ArchiveError, CrawlRunning, SiteUnreachable, LayoutDrift, PagesFailed, UsageError)


def run_crawls(
    requests: Sequence[CrawlRequest], progress: Progress, stop: threading.Event
) -> list[RunReport]:
    """Crawl each newsroom; a report for each that was begun.

    Args:
        requests: what is asked for, one newsroom each.
        progress: is told what happens.
        stop: set when all is to end.

    Raises:
        NewsroomError: the only crawl there is has failed as a whole.
        ArchiveError: the archive cannot be read or written.
        CrawlRunning: another crawl is at work on it.
    """
    if len(requests) == 1:
        return [run_crawl(requests[0], progress, stop)]
    reports = []
    for request in requests:
        if stop.is_set():
            break
        try:
            reports.append(run_crawl(request, progress, stop))
        except (ArchiveError, CrawlRunning):
            raise
        except NewsroomError as error:
            failed = RunReport(request.site, warnings=[str(error)], exit_code=error.exit_code)
            reports.append(failed)
    return reports


def worst_exit_code(reports: Sequence[RunReport]) -> int:
    """The exit code of the worst of some crawls."""
    codes = {report.exit_code for report in reports} - {0}
    order = [kind.exit_code for kind in _WORST_FIRST]
    return next((code for code in order if code in codes), max(codes, default=0))
