"""Serving the replica, and crawling it."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from scraper.crawl.options import CrawlOptions, CrawlRequest
from scraper.crawl.report import Progress, RunReport
from scraper.crawl.start import run_crawl
from scraper.errors import UsageError


def run_demo(
    directory: Path, articles: int, port: int, progress: Progress, stop: threading.Event
) -> RunReport:
    """Serve the replica, crawl it into a directory, and stop serving.

    Then something happens to its releases, unless there are too few of them, and it is crawled
    again until the archive knows: a page counts as gone when it is missing a second time.

    Returns:
        The report of the first crawl.
    """
    from scraper.demo import happenings
    from scraper.demo.newsroom import Newsroom  # only the demo pays for it
    from scraper.demo.server import ReplicaServer

    with _listening(port):
        replica = ReplicaServer(Newsroom(articles), port=port)
    with replica as server:
        options = CrawlOptions(source="demo")
        request = CrawlRequest(directory, "dortmund", server.base_url, 0.0, "demo", options)
        report = run_crawl(request, progress, stop)
        if report.exit_code or articles < happenings.LEAST_ARTICLES:
            return report
        again = replace(request, options=replace(options, full=True))
        happenings.edit(server)
        happenings.take_down(server)
        for step in (None, None, happenings.put_back):
            if step:
                step(server)
            if not stop.is_set():
                run_crawl(again, _Unseen(), stop)
    return report


class _Unseen:
    """Nobody looks at the later runs."""

    def listed(self, source: str, found: int) -> None:
        """Say nothing."""

    def waiting(self, what: str) -> None:
        """Say nothing."""

    def page(self, url: str, outcome: str, done: int, total: int) -> None:
        """Say nothing."""


def serve_demo(articles: int, port: int, ready: Callable[[str], None]) -> None:
    """Serve the replica until Ctrl-C.

    Args:
        articles: size of the newsroom.
        port: 0 takes a free one.
        ready: is told the address.
    """
    from scraper.demo.newsroom import Newsroom
    from scraper.demo.server import serve

    with _listening(port):
        serve(Newsroom(articles), lambda server: ready(server.base_url), port=port)


@contextmanager
def _listening(port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise UsageError(
            f"The replica cannot listen on port {port} ({error.strerror}). Choose another --port, "
            "or 0 for a free one."
        ) from error
