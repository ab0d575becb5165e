"""An import, from lock to report: `look through → order by time → read → parse → place → store`.

A page that cannot be read or understood is listed and left; it stays where it is, so nothing of it
is stored. Each page is one transaction, and a page that is in the archive already is passed over:
an import that was interrupted goes on where it stopped, and one that is done changes nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.archive import Archive, Evidence, Frontier, Store, begin_run, crawl_lock, end_run
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.corrections import note_corrections
from scraper.archive.evidence import recover
from scraper.archive.followed import follow, registry_in
from scraper.archive.journal import write_journal
from scraper.archive.over_budget import OverBudgetContents
from scraper.archive.past import Find, Past
from scraper.archive.runs import (
    BACKFILL,
    DEMO_IMPORT,
    IMPORT,
    INVENTED,
    is_invented,
    refuse_mixing,
    renew_lease,
)
from scraper.dates import utc_iso
from scraper.decide.fingerprint import fingerprint
from scraper.decide.outcome import Outcome
from scraper.decide.revisit import RevisitPolicy
from scraper.decide.timeline import Version, place
from scraper.errors import Interrupted, NewsroomError, PagesFailed, ParseError, UsageError
from scraper.extract.batches import in_order
from scraper.extract.cluster import ClusterWorkers, why_it_ended, workers
from scraper.extract.extract import with_listed_district
from scraper.extract.reading import PageReader
from scraper.extract.refresh import refresh
from scraper.extract.workers import Budget, BudgetExceeded, outcome, preload
from scraper.importing.credible import credible
from scraper.importing.found import Broken, Entry, Found, Page, Revisit, Skipped, Unreadable
from scraper.importing.packages import Scratch
from scraper.importing.reading import read_page
from scraper.importing.request import ImportReport, ImportRequest
from scraper.importing.revisits import resolve
from scraper.importing.saved import look_into
from scraper.importing.sources import LookAll, by_workers, look_for_pages, one_by_one
from scraper.importing.whole import EndTags
from scraper.warc import INFO, WarcWriter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.decide.timeline import Placement
    from scraper.extract.workers import Workers
    from scraper.importing.placed import Placed
    from scraper.importing.reading import ReadPage
    from scraper.records import Article
    from scraper.sites import Site

PRELOADED = ("scraper.importing.reading", "scraper.importing.warcs")
"""What workers of an import know from their start, beside what all do."""
_PAGES_PER_INDEX = 100
_FILE_SECONDS = 3_600


def run_import(
    request: ImportRequest,
    now: Callable[[], datetime],
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    stop: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Bring pages from elsewhere into an archive.

    Args:
        request: what, and where to.
        now: the present, with time zone.
        progress: is told how many pages of how many are done.
        stop: says whether to end after the present page.

    Raises:
        UsageError: a path does not exist, or invented releases would get mixed with real ones.
        CrawlRunning: a crawl or another import is at work on the archive.
        ArchiveError: the archive cannot be read or written.
    """
    site = registry_in(request.directory).get(request.site)
    report = ImportReport(site.key, dry_run=request.dry_run)
    for where, reason in request.failures:
        report.fail(where, reason)
    preload(*PRELOADED)
    with workers(request.cluster) as them:
        if isinstance(them, ClusterWorkers):
            request = replace(request, paths=tuple(path.absolute() for path in request.paths))
            for path in filter(Path.exists, request.paths):
                them.see(path)
        try:
            _import(request, site, report, Reading(them, site, stop), progress, now)
        except Interrupted as error:
            report.ended_early = why_it_ended(error)
    return _finished(report)


def _import(
    request: ImportRequest,
    site: Site,
    report: ImportReport,
    reading: Reading,
    progress: Callable[[int, int], None],
    now: Callable[[], datetime],
) -> None:
    with Scratch(request.directory if request.cluster else None) as scratch:
        pages = look_for_pages(request.paths, site, scratch, reading.look, reading.look_all)
        entries = look_through_all(pages, site, report, now(), reading.stop)
        _refuse_both_kinds(entries)
        if not request.dry_run:
            with (
                crawl_lock(request.directory, site.key),
                Archive.open(request.directory) as archive,
            ):
                source = source_of(entries, archive, request.archive)
                run_id = begin_run(archive, site.key, source, now())
                follow(archive, site, now())
                work = partial(Importer.run, entries=entries, progress=progress)
                _write(site, archive, report, reading, run_id, now, work)
        elif (request.directory / DATABASE_NAME).exists():
            with Archive.open_existing(request.directory) as archive:
                source = source_of(entries, archive, request.archive)
                refuse_mixing(archive, invented=source in INVENTED)
                _Rehearsal(site, archive, report, reading).run(entries, progress)
        else:
            _Rehearsal(site, None, report, reading).run(entries, progress)


class Reading:
    """What reads files and pages within a budget, until the import is to end."""

    def __init__(self, workers: Workers, site: Site, stop: Callable[[], bool]) -> None:
        self.workers = workers
        self.stop = stop
        self.look_all: LookAll = one_by_one
        """Looks through WARC files."""
        if isinstance(workers, ClusterWorkers):  # that takes as long as a file is large
            patient = workers.with_budget(Budget(seconds=_FILE_SECONDS))
            self.look_all = partial(by_workers, patient, stop)
        self.stored = PageReader(workers, site, stop)
        """Reads stored pages again."""

    def look(self, path: Path, site: Site) -> Found:
        """The page in a saved file."""
        try:
            return outcome(self.workers.submit(look_into, path, site), self.stop)
        except BudgetExceeded as error:
            return Broken(str(path), str(error))


def look_through_all(
    pages: Iterable[Found],
    site: Site,
    report: ImportReport,
    now: datetime,
    stop: Callable[[], bool],
) -> list[Entry]:
    """All pages there are, oldest first."""
    entries: list[Entry] = []
    revisits: list[Revisit] = []
    skipped: list[Skipped] = []
    for found in pages:
        if stop():
            raise Interrupted
        match credible(found, now):
            case Entry() as found:
                entries.append(found)
            case Revisit() as found:
                revisits.append(found)
            case Skipped() as found:
                skipped.append(found)
            case Broken() as found:
                report.fail(found.where, found.reason)
    for resolved in list(resolve(revisits, entries)):
        if isinstance(resolved, Entry):
            entries.append(resolved)
        else:
            skipped.append(resolved)
    for item in skipped:
        report.skipped[item.reason.value] = report.skipped.get(item.reason.value, 0) + 1
    report.read = len(entries)
    report.undated = sum(not entry.is_dated for entry in entries)
    if not entries and not report.failed:
        report.warnings.append(
            f"No release of {site.name} was found there, so nothing is imported. What can be read: "
            "WARC and WACZ files, pages saved as HTML or MHTML, and folders of these."
        )
    return sorted(entries, key=lambda entry: (entry.at, entry.url, entry.where))


def source_of(entries: list[Entry], archive: Archive, web_archive: str | None = None) -> str:
    """What the table `runs` calls an import: of the replica's pages, or of a city's."""
    are_invented = entries[0].is_invented if entries else is_invented(archive)
    if are_invented:
        return DEMO_IMPORT
    return f"{BACKFILL}{web_archive}" if web_archive else IMPORT


def _refuse_both_kinds(entries: list[Entry]) -> None:
    """See that not some pages are the replica's and some a city's.

    Raises:
        UsageError: so they are.
    """
    kinds = {entry.is_invented: entry.where for entry in entries}
    if len(kinds) > 1:
        raise UsageError(
            f"Among these files are invented releases of the replica, such as {kinds[True]}, and "
            f"real ones, such as {kinds[False]}. They must not be mixed: import each kind by "
            "itself, into an archive of its own (--data)."
        )


def _write(
    site: Site,
    archive: Archive,
    report: ImportReport,
    reading: Reading,
    run_id: int,
    now: Callable[[], datetime],
    work: Callable[[Importer], None],
) -> None:
    try:
        report.warnings += recover(archive, Frontier(archive, site.key, run_id, RevisitPolicy()))
        with WarcWriter(archive.warc_directory, f"{site.key}-import", INFO, now) as writer:
            evidence = Evidence(archive, writer)
            work(Importer(site, archive, evidence, report, reading, run_id, now))
            Store(archive).index()
            note_corrections(archive, site)
            write_journal(archive, writer, site.key, run_id, now())
        _finished(report)
    except NewsroomError as error:
        report.exit_code = error.exit_code
        report.warnings.append(str(error))
        raise
    finally:
        end_run(archive, run_id, now(), figures(report))


def figures(report: ImportReport) -> dict[str, object]:
    """The columns of a report in the table `runs`."""
    names = "new changed unchanged failed warnings exit_code"
    columns: dict[str, object] = {name: getattr(report, name) for name in names.split()}
    columns |= {"found": report.read, "moved": 0, "gone": 0, "requests": 0, "retries": 0}
    columns["failures"] = [list(failure) for failure in report.failures]
    return columns


def _finished(report: ImportReport) -> ImportReport:
    report.exit_code = PagesFailed.exit_code if report.failed or report.ended_early else 0
    return report


class _PageByPage(ABC):
    """What importing and rehearsing have in common: one page after the other, in order of time."""

    def __init__(
        self,
        site: Site,
        known: Archive | None,
        tries: OverBudgetContents | None,
        report: ImportReport,
        reading: Reading,
    ) -> None:
        self._site = site
        self._known = known
        self._past = Past(known, site.key) if known else None
        self._tries = tries
        self._report = report
        self._reading = reading
        self.entry: Entry | None = None
        """The page that is being stored."""

    def run(self, entries: list[Entry], progress: Callable[[int, int], None]) -> None:
        """Take all pages.

        Pages are read side by side in worker processes, a few ahead of the one that is stored.
        """
        end_tags = EndTags(entries, self._known)
        tasks = (self._task(entry) for entry in entries)
        futures = in_order(self._reading.workers, tasks, self._reading.stop)
        try:
            for done, (entry, future) in enumerate(zip(entries, futures, strict=True), start=1):
                try:
                    found = future.result()
                    if found is not None:
                        end_tags.check(entry, found)
                    self.entry = entry
                    outcome = self._outcome(found)
                except Unreadable as error:
                    self._report.fail(entry.where, str(error))
                except BudgetExceeded as error:
                    self._over_budget(entry, error)
                    self._report.fail(entry.where, str(error))
                except ParseError as error:
                    self._report.fail(entry.where, error.reason)
                else:
                    setattr(self._report, outcome.value, getattr(self._report, outcome.value) + 1)
                progress(done, len(entries))
        except Interrupted as error:
            self._report.ended_early = why_it_ended(error)

    def _task(self, entry: Entry) -> Callable[[], ReadPage | None]:
        known = self._past.contents(entry.url, entry.at) if self._past else frozenset()
        refused = self._tries.refused() if self._tries else frozenset()
        return partial(read_page, entry.load, self._site, known, refused)

    def _over_budget(self, entry: Entry, error: BudgetExceeded) -> None:
        """Remember a page that has exceeded its budget."""
        if self._tries is None:
            return
        try:  # its bytes name it; only a worker may load them
            page = outcome(self._reading.workers.submit(entry.load), self._reading.stop)
        except (Unreadable, BudgetExceeded):
            return
        self._tries.exceeded(page.capture, str(error))

    def _outcome(self, found: ReadPage | None) -> Outcome:
        if not found or (self._past and self._past.declines(found.page.capture, found.article)):
            return Outcome.UNCHANGED
        article = found.article
        if self._past:
            listed = self._past.district(article.url, found.page.capture.url)
            article = with_listed_district(article, listed)
        return self._page(found.page, article)

    @abstractmethod
    def _page(self, page: Page, article: Article) -> Outcome: ...


class Importer(_PageByPage):
    """Puts pages into an archive."""

    def __init__(
        self,
        site: Site,
        archive: Archive,
        evidence: Evidence | Placed,
        report: ImportReport,
        reading: Reading,
        run_id: int,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(site, archive, OverBudgetContents(archive, now), report, reading)
        self._history = Past(archive, site.key)
        self._archive = archive
        self._store = Store(archive)
        self._evidence = evidence
        self._run_id = run_id
        self._now = now
        self._current: set[int] = set()  # revisions that this version of the parser has read
        self._pages = 0

    def _page(self, page: Page, article: Article) -> Outcome:
        self._pages += 1
        if self._pages % _PAGES_PER_INDEX == 0:
            renew_lease(self._archive, self._run_id, self._now())
            self._store.index()
        article_id = self._history.find(article.url, page.capture.url)
        placement = self._place(article_id, page, article)
        if page.exchange is None:
            kept = self._evidence.keep_file(page.capture)
        else:
            kept = self._evidence.keep(page.capture, page.exchange)
        retired = self._site.is_retired(article.url)
        source = page.exchange.source if page.exchange else None
        find = Find(article_id, article, kept, placement, retired, source)
        article_id = self._history.add(find, self._now())
        version = self._history.versions(article_id)[placement.at]
        if placement.outcome is not Outcome.UNCHANGED and version.id is not None:
            self._current.add(version.id)
        return placement.outcome

    def _place(self, article_id: int | None, page: Page, article: Article) -> Placement:
        moment, words = utc_iso(page.capture.fetched_at), fingerprint(article)
        if article_id is None:
            return place((), moment, words)
        seen = self._history.seen(article_id)
        placement = place(self._history.versions(article_id), moment, words, seen)
        if placement.outcome is Outcome.UNCHANGED:
            return placement
        # Before a change is called the city's: would we read what is around it as before?
        around = placement.versions[max(placement.at - 1, 0) : placement.at + 2]
        differing = [version for version in around if self._read_stored_again(version)]
        if not differing:
            return placement
        return place(self._history.versions(article_id), moment, words, seen)

    def _read_stored_again(self, version: Version) -> bool:
        """Read a stored version with the present parser; returns whether that differs."""
        if version.id is None or version.id in self._current:
            return False
        self._current.add(version.id)
        reader = self._reading.stored
        return refresh(self._archive, self._store, reader, version.id, self._now()) is not None


class _Rehearsal(_PageByPage):
    """Says what an import would do; what it makes of an article is kept in memory only."""

    def __init__(
        self, site: Site, archive: Archive | None, report: ImportReport, reading: Reading
    ) -> None:
        super().__init__(site, archive, None, report, reading)
        self._histories: dict[str, tuple[Version, ...]] = {}

    def _page(self, page: Page, article: Article) -> Outcome:
        if article.url not in self._histories:
            article_id = self._past.find(article.url, page.capture.url) if self._past else None
            known = self._past.versions(article_id) if self._past and article_id else ()
            self._histories[article.url] = known
        placement = place(
            self._histories[article.url], utc_iso(page.capture.fetched_at), fingerprint(article)
        )
        self._histories[article.url] = placement.versions
        return placement.outcome
