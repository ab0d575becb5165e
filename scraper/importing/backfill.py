"""Old captures from a web archive: `ask its index → choose → fetch what is lacking → import`.

A run that ends early, or is ended from outside, leaves nothing half: what it has fetched waits,
what has come in is known by its time and digest, and what could not be read by the reasons that the
log of runs keeps. So the same command goes on, and one that is done fetches nothing.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from scraper import urls
from scraper.archive import Archive, crawl_lock
from scraper.archive.arriving import WAITING
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.followed import registry_in
from scraper.archive.past import Past, unreadable_before
from scraper.archive.tombstones import erased
from scraper.errors import FetchError, Interrupted, PagesFailed, RetryLater, SiteUnreachable
from scraper.extract.workers import BudgetExceeded, WorkerProcesses, outcome
from scraper.fetch.body import Limits
from scraper.fetch.client import Client
from scraper.fetch.identity import DEFAULT_CONTACT
from scraper.fetch.pace import host_pauses, throttle_for
from scraper.fetch.retry import Retry
from scraper.importing.cdx import Index, Listed, read_answer
from scraper.importing.choice import Wanted, of_releases, telling, untold
from scraper.importing.found import Unreadable
from scraper.importing.originals import Originals, response_in, waiting
from scraper.importing.prefixes import prefixes
from scraper.importing.request import ImportReport, ImportRequest
from scraper.importing.run import run_import
from scraper.importing.web_archives import WebArchive, archive_named
from scraper.warc import INFO, WarcWriter

if TYPE_CHECKING:
    from scraper.sites import Site

_T = TypeVar("_T")

_NO_CONTACT = (
    "The web archive was told no address at which you can be reached. Set NEWSROOM_CONTACT (or "
    "--contact) to a URL or an e-mail address."
)
_FILE_BYTES = 50_000_000
_FAILURES_IN_A_ROW = 5
_LEAST_RETRY_SECONDS = 0.05
# An index may think for a minute before it answers, and its pages are larger than a city's.
_LIMITS = Limits(wire_bytes=50_000_000, body_bytes=200_000_000, seconds=600, silence_seconds=180)


@dataclass(frozen=True, slots=True)
class BackfillRequest:
    """A backfill as a user asks for it."""

    directory: Path
    """Of the archive."""
    site: str
    archive: str
    """`wayback`, `commoncrawl`, or the address of another web archive."""
    since: date | None = None
    """First day of capture."""
    until: date | None = None
    """Last day of capture."""
    limit: int | None = None
    """Fetch at most so many captures."""
    per_release: int = 10
    """At most so many captures of a release, of those that the index lists."""
    dry_run: bool = False
    """Only ask the index."""
    again: bool = False
    """Fetch what could not be read earlier, too."""
    contact: str = DEFAULT_CONTACT


@dataclass
class BackfillReport:
    """What a backfill did."""

    site: str
    archive: str
    """Host of the web archive."""
    releases: int = 0
    """That the index knows."""
    listed: int = 0
    """Captures of them."""
    lacking: int = 0
    """Captures worth having that the archive lacks."""
    left_out: int = 0
    """Of them, those that could not be read earlier by this version of the program."""
    years: dict[int, int] = field(default_factory=dict)
    """Those to fetch, by year of capture."""
    fetched: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    """Address in the web archive, and reason."""
    warnings: list[str] = field(default_factory=list)
    ended_early: str | None = None
    dry_run: bool = False
    exit_code: int = 1

    def fail(self, where: str, reason: str) -> None:
        """Count something that could not be had."""
        self.failed += 1
        self.failures.append((where, reason))

    def add(self, done: ImportReport) -> None:
        """Add what an import did."""
        for name in "new changed unchanged failed".split():
            setattr(self, name, getattr(self, name) + getattr(done, name))
        self.failures += done.failures
        self.warnings += done.warnings
        self.ended_early = self.ended_early or done.ended_early


Progress = Callable[[str, int, int], None]
"""Is told what is done: how many, of how many."""


def run_backfill(
    request: BackfillRequest,
    now: Callable[[], datetime],
    stop: threading.Event,
    progress: Progress = lambda _what, _done, _total: None,
) -> BackfillReport:
    """Bring old captures from a web archive into an archive.

    Args:
        request: what, from where, and where to.
        now: the present, with time zone.
        stop: set when the run is to end.
        progress: is told what is done.

    Raises:
        UsageError: there is no such newsroom or web archive.
        SiteUnreachable: the web archive does not answer, or its robots.txt forbids it.
        CrawlRunning: a crawl, an import or another backfill of the newsroom is at work.
        ArchiveError: the archive cannot be read or written.
    """
    site = registry_in(request.directory).get(request.site)
    archive = archive_named(request.archive)
    report = BackfillReport(site.key, archive.host, dry_run=request.dry_run)
    with ExitStack() as stack:
        if not request.dry_run:
            stack.enter_context(crawl_lock(request.directory / WAITING, site.key))
            # Hosts that ask to be left alone are noted there, and an old one is upgraded first.
            Archive.open(request.directory).close()
        workers = stack.enter_context(WorkerProcesses())
        work = _Backfill(request, site, archive, report, workers, stop, now, progress)
        try:
            work.run(stack)
        except Interrupted:
            report.ended_early = "it was interrupted"
    if not (archive.is_private or request.dry_run) and request.contact == DEFAULT_CONTACT:
        report.warnings.append(_NO_CONTACT)
    report.exit_code = PagesFailed.exit_code if report.failed or report.ended_early else 0
    return report


class _Backfill:
    """One backfill."""

    def __init__(
        self,
        request: BackfillRequest,
        site: Site,
        archive: WebArchive,
        report: BackfillReport,
        workers: WorkerProcesses,
        stop: threading.Event,
        now: Callable[[], datetime],
        progress: Progress,
    ) -> None:
        self._request = request
        self._site = site
        self._archive = archive
        self._report = report
        self._workers = workers
        self._stop = stop
        self._now = now
        self._progress = progress
        self._folder = request.directory / WAITING
        self._unreadable: list[tuple[str, str]] = []

    def run(self, stack: ExitStack) -> None:
        """All of it, from the index to the import."""
        sources = set() if self._request.dry_run else waiting(self._folder, self._site.key)[1]
        client = stack.enter_context(self._client(self._archive.index))
        wanted = self._wanted(self._listed(client), sources)
        self._report.years = dict(sorted(Counter(each.capture.at.year for each in wanted).items()))
        if self._request.dry_run:
            return
        if wanted:
            self._fetch(wanted, client, stack)
        self._bring_in()

    def _client(self, address: str) -> Client:
        delay = self._archive.delay_seconds
        base_url = address if self._archive.is_private else None
        return Client(
            self._archive.as_site(address),
            throttle=throttle_for(address, delay, self._sleep),
            retry=Retry(base_seconds=max(delay, _LEAST_RETRY_SECONDS), sleep=self._sleep),
            base_url=base_url,
            contact=self._request.contact,
            limits=_LIMITS,
            pauses=host_pauses(self._request.directory, keep=not self._request.dry_run),
            stopped=self._stop.is_set,
        )

    def _sleep(self, seconds: float) -> None:
        self._stop.wait(seconds)

    def _listed(self, client: Client) -> Iterable[Listed]:
        """What the index lists.

        Raises:
            SiteUnreachable: none of its answers can be had.
        """
        client.robots()
        index = Index(
            self._archive, client, lambda body: self._in_worker(partial(read_answer, body))
        )
        request = self._request
        try:
            endpoints = index.endpoints(request.since, request.until)
        except (FetchError, Unreadable) as error:
            raise self._no_index(_reason(error)) from error
        queries = [(each, prefix) for each in endpoints for prefix in prefixes(self._site)]
        found: list[Listed] = []
        for done, (endpoint, prefix) in enumerate(queries, start=1):
            self._go_on()
            try:
                listed = index.captures(endpoint, prefix, request.since, request.until)
                found += [each for each in listed if self._site.article_url(each.url)]
            except (FetchError, Unreadable, BudgetExceeded) as error:
                self._go_on()
                self._report.fail(f"{endpoint} ({prefix})", _reason(error))
                if isinstance(error, RetryLater) or self._report.failed == len(queries):
                    raise self._no_index(_reason(error)) from error
            self._progress("asked the index", done, len(queries))
        return found

    def _no_index(self, reason: str) -> SiteUnreachable:
        return SiteUnreachable(
            f"The index of {self._archive.name} ({self._archive.index}) could not be asked: "
            f"{reason}. Nothing was changed. Run the same command again later."
        )

    def _in_worker(self, task: Callable[[], _T]) -> _T:
        return outcome(self._workers.submit(task), self._stop.is_set)

    def _go_on(self) -> None:
        if self._stop.is_set():
            raise Interrupted

    def _wanted(self, listed: Iterable[Listed], sources: set[str]) -> list[Wanted]:
        """What is to be fetched, oldest first."""
        request, report = self._request, self._report
        releases = of_releases(listed, self._site, request.since, request.until)
        report.releases, report.listed = len(releases), sum(map(len, releases.values()))
        lacking: list[Wanted] = []
        refused: frozenset[str] = frozenset()
        with ExitStack() as stack:
            known, gone = None, frozenset[str]()
            if (request.directory / DATABASE_NAME).exists():
                archive = stack.enter_context(Archive.open_existing(request.directory))
                known = Past(archive, self._site.key)
                refused = unreadable_before(archive, self._site.key)
                gone = erased(archive, releases)
            for url, captures in releases.items():
                if url in gone:
                    continue
                seen = known.sightings(url) if known else []
                telling_ones = telling(captures, request.per_release)
                lacking += [Wanted(url, capture) for capture in untold(telling_ones, seen)]
        report.lacking = len(lacking)
        left = [each for each in lacking if self._archive.source(each.capture) not in sources]
        if not request.again:
            readable = [e for e in left if self._archive.source(e.capture) not in refused]
            report.left_out = len(left) - len(readable)
            left = readable
        left.sort(key=lambda each: (each.capture.at, each.url))
        return left[: request.limit]

    def _fetch(self, wanted: list[Wanted], client: Client, stack: ExitStack) -> None:
        """Fetch, and keep each capture until it comes in."""
        if urls.origin(self._archive.files) != urls.origin(self._archive.index):
            client = stack.enter_context(self._client(self._archive.files))
        originals = Originals(
            self._archive,
            client,
            lambda record, capture, source: self._in_worker(
                partial(response_in, record, capture, source)
            ),
        )
        in_a_row = 0
        prefix = f"{self._site.key}-import"
        with WarcWriter(self._folder, prefix, INFO, self._now, _FILE_BYTES) as writer:
            for done, each in enumerate(wanted, start=1):
                self._go_on()
                source = self._archive.source(each.capture)
                try:
                    writer.write(originals.fetch(each.capture))
                except (Unreadable, BudgetExceeded) as error:
                    self._unreadable.append((source, str(error)))
                except FetchError as error:
                    self._go_on()
                    self._report.fail(source, error.reason)
                    in_a_row += 1
                    if isinstance(error, RetryLater) or in_a_row == _FAILURES_IN_A_ROW:
                        self._report.ended_early = error.reason
                        return
                else:
                    in_a_row = 0
                    self._report.fetched += 1
                self._progress("fetched", done, len(wanted))

    def _bring_in(self) -> None:
        """Import what waits; files that have come in go."""
        paths = waiting(self._folder, self._site.key)[0]
        if not paths and not self._unreadable:
            return
        done = run_import(
            ImportRequest(
                self._request.directory,
                tuple(paths),
                self._site.key,
                archive=self._archive.host,
                failures=tuple(self._unreadable),
            ),
            self._now,
            progress=lambda at, total: self._progress("imported", at, total),
            stop=self._stop.is_set,
        )
        self._report.add(done)
        if done.ended_early is None:
            for path in paths:
                path.unlink()


def _reason(error: Exception) -> str:
    return error.reason if isinstance(error, FetchError) else str(error)
