"""An extraction from beginning to end: what there is to do, done by workers, and what came of it.

A task that fails by itself is tried again. One that ends its worker is cut into pieces, down to
the one record that does it, which is set aside; everything else comes in.
"""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from scraper import __version__
from scraper.errors import ArchiveError, NewsroomError, PagesFailed, UsageError
from scraper.export.parquet import pyarrow
from scraper.extract.cluster import ClusterGone
from scraper.extract.workers import BudgetExceeded
from scraper.lake import manifest, places
from scraper.lake.manifest import Settings
from scraper.lake.plan import Task, cut, gaps, pieces_of, warc_files
from scraper.lake.reading import Done, offsets_of, read_range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from scraper.extract.workers import Workers
    from scraper.sites import Site

TASK_SECONDS = 3_600
"""What one task may take; a page alone has less, see `reading.PAGE_SECONDS`."""
_TRIES = 3
_PIECES = 16
_LOOK_SECONDS = 0.1
_AHEAD = 2


@dataclass
class LakeReport:
    """What an extraction did."""

    target: str
    files: int = 0
    """WARC files that were meant."""
    tasks: int = 0
    tasks_done: int = 0
    tasks_before: int = 0
    """Done by earlier runs."""
    records: int = 0
    pages: int = 0
    """Pages of releases."""
    failed: int = 0
    """Pages, ranges and files that could not be read."""
    rows: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    failures: list[tuple[str, str]] = field(default_factory=list)
    """File and place, and reason; the first hundred."""
    ended_early: str | None = None
    """Why the run stopped before its end; None if it did not."""
    processor_seconds: float = 0.0
    """Of all workers."""
    exit_code: int = 1

    def add(self, done: Done) -> None:
        """Count a task that is done."""
        self.tasks_done += 1
        self.records += done.records
        self.pages += done.pages
        self.failed += done.failed
        self.processor_seconds = round(self.processor_seconds + done.seconds, 3)
        for counts, more in ((self.rows, done.rows), (self.skipped, done.skipped)):
            for name, count in more.items():
                counts[name] = counts.get(name, 0) + count
        for offset, url, reason in done.failures:
            self._note(f"{done.source}, byte {offset:,}" + (f" ({url})" if url else ""), reason)

    def fail(self, where: str, reason: str) -> None:
        """Count something that could not be done."""
        self.failed += 1
        self._note(where, reason)

    def _note(self, where: str, reason: str) -> None:
        if len(self.failures) < 100:
            self.failures.append((where, reason))


@dataclass
class _Attempt:
    task: Task
    tries: int = 1
    pieces: int = 1
    """Into how many the task is to be cut; its records are looked for then."""
    is_one_record: bool = False
    """Whether it cannot be cut any more."""
    is_suspect: bool = False
    """Whether it has ended a worker, and is now tried with nothing beside it."""


def run_extract(
    sources: Sequence[str],
    target: str,
    sites: tuple[Site, ...],
    workers: Workers,
    now: datetime,
    *,
    resume: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    stop: Callable[[], bool] = lambda: False,
) -> LakeReport:
    """Write the releases that WARC files hold as Parquet.

    Args:
        sources: WARC files, folders, lists of paths; here, or as `https://` or `s3://`.
        target: folder, here or as `s3://`.
        sites: whose pages.
        workers: run the tasks.
        now: the time of the run, with time zone.
        resume: go on with what an earlier run has left.
        progress: is told how many tasks of how many are done.
        stop: says whether to end now.

    Raises:
        UsageError: there is no such source, the target does not fit, or pyarrow is missing.
        ArchiveError: the target cannot be written.
    """
    facts = {site.key: hashlib.sha256(site.file.encode()).hexdigest() for site in sites}
    pyarrow()  # before anything is made that another try would find in its way
    target = places.absolute(target)
    report = LakeReport(target)
    files = list(dict.fromkeys(map(places.absolute, warc_files(sources))))
    if not files:
        raise UsageError(
            "There are no WARC files there. Give .warc or .warc.gz files, folders that hold them, "
            "or a list of paths; pages that were saved otherwise are read by `newsroom import`."
        )
    try:
        manifest.prepare(target, Settings(__version__, facts), resume=resume)
        run = _Run(target, sites, workers, now, report, stop)
        run.meant(files, manifest.finished(target))
        run.drive(progress)
        done = manifest.finished(target)
        manifest.remove_leftovers(target, done)
        manifest.write_failed(target, run.failed)
    except OSError as error:
        raise ArchiveError(
            f"{target} cannot be written: {error.strerror or error}. What is done is kept; make "
            "room or mend it, and run the same command with --resume."
        ) from error
    is_whole = not (report.failed or report.ended_early)
    report.exit_code = 0 if is_whole else PagesFailed.exit_code
    return report


class _Run:
    def __init__(
        self,
        target: str,
        sites: tuple[Site, ...],
        workers: Workers,
        now: datetime,
        report: LakeReport,
        stop: Callable[[], bool],
    ) -> None:
        self._target = target
        self._sites = sites
        self._workers = workers
        self._now = now
        self._report = report
        self._stop = stop
        self._files: deque[tuple[str, int]] = deque()
        """Of which it is not known yet what is to be done in them, and which try comes next."""
        self._before: dict[tuple[str, str], list[tuple[int, int]]] = {}
        """Ranges that are done, by file and what tells it from others of its name."""
        self._waiting: deque[_Attempt] = deque()
        self._suspects: list[_Attempt] = []
        self._running: dict[Future[Done | list[int]], _Attempt] = {}
        self.failed: list[dict[str, object]] = []

    def meant(self, files: Sequence[str], before: Iterable[Done]) -> None:
        """Take the files that are to be read, and what is done already."""
        self._report.files = len(files)
        self._files = deque((file, 1) for file in files)
        for done in before:
            self._before.setdefault((done.source, done.identity), []).append((done.start, done.end))

    def _plan(self, file: str, tries: int) -> None:
        """Find out what is to be done in a file; asking for its size may take a while."""
        try:
            size, changed = places.identity(file)
        except (OSError, NewsroomError) as error:
            if tries < _TRIES:
                self._files.append((file, tries + 1))
            else:
                self._give_up(Task(file, "", 0, 0), _reason(error))
            return
        theirs = self._before.get((file, f"{size}-{changed}"), [])
        self._report.tasks_before += len(theirs)
        for task in gaps(file, theirs, (size, changed)):
            pieces = pieces_of(task, self._workers.processes, self._report.files)
            self._add(_Attempt(task, pieces=pieces))

    def drive(self, progress: Callable[[int, int], None]) -> None:
        """Have all tasks done, whatever becomes of some."""
        told = -1
        while self._is_work_left() and not self._report.ended_early:
            if self._stop():
                self._report.ended_early = "it was interrupted"
                break
            self._start_some()
            finished, _ = wait(self._running, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for future in finished:
                self._take(self._running.pop(future), future)
            if told != (told := self._report.tasks_done):
                progress(told, self._report.tasks + len(self._files))
        self._report.tasks += len(self._files)  # at least one each
        for future in self._running:
            future.cancel()

    def _is_work_left(self) -> bool:
        """Whether there is something to do; at the end, suspects come one at a time."""
        if not (self._files or self._waiting or self._running) and self._suspects:
            self._waiting.append(self._suspects.pop())
        return bool(self._files or self._waiting or self._running)

    def _add(self, attempt: _Attempt) -> None:
        self._waiting.append(attempt)
        self._report.tasks += 1

    def _next(self) -> _Attempt | None:
        while not self._waiting and self._files and not self._stop():
            self._plan(*self._files.popleft())
        return self._waiting.popleft() if self._waiting else None

    def _start_some(self) -> None:
        most = _AHEAD * self._workers.processes
        while len(self._running) < most and (attempt := self._next()):
            future: Future[Done | list[int]]
            if attempt.pieces > 1:
                future = self._workers.submit(offsets_of, attempt.task)
            else:
                work = (attempt.task, self._sites, self._target, self._now)
                future = self._workers.submit(read_range, *work)
            self._running[future] = attempt

    def _take(self, attempt: _Attempt, future: Future[Done | list[int]]) -> None:
        try:
            result = future.result()
        except ClusterGone as error:
            self._report.ended_early = (
                f"{error.reason}. What is done is kept for the time when the cluster runs again"
            )
        except BudgetExceeded as error:
            self._over_budget(attempt, str(error))
        except (OSError, NewsroomError) as error:
            self._again(attempt, _reason(error))
        except Exception as error:  # noqa: BLE001 - a library's own: it costs the task, not the run
            self._again(attempt, f"{type(error).__name__}: {_reason(error)}")
        else:
            if isinstance(result, list):
                self._pieces(attempt, result)
            else:
                self._report.add(result)

    def _over_budget(self, attempt: _Attempt, reason: str) -> None:
        """A task has ended its worker: look where its records begin, to cut it."""
        if attempt.pieces > 1 or attempt.is_suspect:
            self._give_up(attempt.task, reason)
        elif attempt.is_one_record:
            # On a cluster, what waits for a worker counts as ended with it, twice even.
            self._suspects.append(replace(attempt, is_suspect=True))
        else:
            self._waiting.append(replace(attempt, pieces=_PIECES))

    def _pieces(self, attempt: _Attempt, offsets: list[int]) -> None:
        self._report.tasks -= 1
        is_one = len(offsets) <= attempt.pieces
        for task in cut(attempt.task, offsets, attempt.pieces):
            self._add(_Attempt(task, is_one_record=is_one))

    def _again(self, attempt: _Attempt, reason: str) -> None:
        if attempt.tries < _TRIES:
            self._waiting.append(replace(attempt, tries=attempt.tries + 1))
        else:
            self._give_up(attempt.task, reason)

    def _give_up(self, task: Task, reason: str) -> None:
        where = task.source
        if task.end:
            where += f", bytes {task.start:,} to {task.end:,}"
        self._report.fail(where, reason)
        self.failed.append({**asdict(task), "reason": reason})


def _reason(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    if isinstance(error, FileNotFoundError):  # of an address, fsspec says no more than that
        text = "there is no such file"
    return " ".join(text.split())[:300]
