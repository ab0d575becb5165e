"""Puts a crawl together: lock, client and archive, from what a user asks for."""

from __future__ import annotations

import dataclasses
import os
import threading
import time
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scraper.archive import Archive, crawl_lock
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.followed import registry_in
from scraper.crawl.context import Context
from scraper.crawl.crawl import Crawl
from scraper.crawl.log import logged
from scraper.crawl.options import (
    LEAST_RETRY_SECONDS,
    CrawlRequest,
    delay_for,
    mirror_of,
)
from scraper.crawl.report import Progress, RunReport
from scraper.extract.workers import WorkerProcesses
from scraper.fetch.client import Client
from scraper.fetch.identity import DEFAULT_CONTACT
from scraper.fetch.pace import host_pauses, throttle_for
from scraper.fetch.retry import Retry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from scraper.sites import Site

_USUAL_CACHE_KIB = 2_000  # SQLite's own
_CACHES_KIB = 32_000  # of all crawls together
_LEAST_CACHE_KIB = 200
_NO_CONTACT = (
    "The city's server was told no address at which you can be reached. Set NEWSROOM_CONTACT (or "
    "--contact) to a URL or an e-mail address."
)


class Shared:
    """What crawls of several newsrooms share. Use as a context manager.

    Args:
        directory: of the archive.
        dry_run: whether nothing may be written.
        at_once: how many newsrooms are crawled at the same time.
    """

    def __init__(self, directory: Path, *, dry_run: bool, at_once: int = 1) -> None:
        processes = min(os.cpu_count() or 1, at_once)
        self.cache_kib = max(_LEAST_CACHE_KIB, min(_USUAL_CACHE_KIB, _CACHES_KIB // at_once))
        """How much of the archive each crawl keeps in memory, in KiB."""
        self.workers = WorkerProcesses(processes)
        """Read the pages."""
        self.pauses = host_pauses(directory, keep=not dry_run)
        """What hosts have asked for with Retry-After."""
        self.registry = registry_in(directory)
        """The sites that the archive knows."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.workers.shutdown()


def run_crawl(
    request: CrawlRequest,
    progress: Progress,
    stop: threading.Event,
    shared: Shared | None = None,
    report: RunReport | None = None,
) -> RunReport:
    """One crawl, from lock to report; noted in the log of runs unless it is a dry run.

    Args:
        request: what is asked for.
        progress: is told what happens.
        stop: set when the crawl is to end.
        shared: with other crawls of this process; None if there are none.
        report: is counted up, and keeps what it says if the crawl fails as a whole.

    Raises:
        NewsroomError: with the exit code that belongs to it.
    """
    registry = shared.registry if shared else registry_in(request.directory)
    site = registry.read(request.site)
    report = report or RunReport(site.key)
    report.site = site.key
    with ExitStack() as stack:
        stack.enter_context(_logged(request, report))
        shared = shared or stack.enter_context(_alone(request))
        opened = _opened(request, site, report, progress, stop, shared)
        context = stack.enter_context(opened)
        crawl = Crawl(context)
        with crawl.noted():
            context.client.robots()
            crawl.run()
    return report


def _alone(request: CrawlRequest) -> Shared:
    return Shared(request.directory, dry_run=request.options.dry_run)


def _logged(request: CrawlRequest, report: RunReport) -> AbstractContextManager[None]:
    options = request.options
    if options.dry_run:
        return nullcontext()
    source = (options.source == "live" and request.base_url) or options.source
    return logged(request.directory, report, source=source, now=_now)


@contextmanager
def _opened(
    request: CrawlRequest,
    site: Site,
    report: RunReport,
    progress: Progress,
    stop: threading.Event,
    shared: Shared,
) -> Iterator[Context]:
    """Everything that a crawl needs, made from what a user asks for; closed after it."""
    base_url = mirror_of(site, request.base_url)
    delay = delay_for(site, request.delay_seconds, base_url)
    options = request.options
    if base_url:
        site = site.mirrored(base_url)
        if options.source == "live":
            options = dataclasses.replace(options, source=base_url)
    sleep = _interruptible(stop)
    client = Client(
        site,
        throttle=throttle_for(base_url or site.origin, delay, sleep),
        retry=Retry(base_seconds=max(delay, LEAST_RETRY_SECONDS), sleep=sleep),
        base_url=base_url,
        contact=request.contact,
        pauses=shared.pauses,
        stopped=stop.is_set,
    )
    with client, _archive(request, site.key, shared.cache_kib) as archive:
        context = Context.of(
            site,
            client,
            shared.workers,
            archive,
            options,
            progress,
            now=_now,
            stop=stop.is_set,
            policy=request.policy,
            report=report,
        )
        with context.client:
            yield context
    if base_url is None and request.contact == DEFAULT_CONTACT and not options.dry_run:
        report.warnings.append(_NO_CONTACT)


@contextmanager
def _archive(request: CrawlRequest, key: str, cache_kib: int) -> Iterator[Archive | None]:
    """The archive of a crawl, locked unless nothing is to be written; there may be none then."""
    if not request.options.dry_run:
        with (
            crawl_lock(request.directory, request.site),
            Archive.open(request.directory) as archive,
        ):
            yield archive
    elif (request.directory / DATABASE_NAME).exists():
        with Archive.open_existing(request.directory) as archive:
            yield archive
    else:
        yield None


def _now() -> datetime:
    return datetime.now(UTC)


def _interruptible(stop: threading.Event) -> Callable[[float], None]:
    """A sleep that Ctrl-C ends at once."""

    def sleep(seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not stop.is_set() and (left := deadline - time.monotonic()) > 0:
            stop.wait(left)

    return sleep
