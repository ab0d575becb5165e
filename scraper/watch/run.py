"""Running the watches: find what is new, queue it, send it, and write the feeds.

What is found is queued in the same transaction that notes how far a watch has looked; it leaves the
queue when a message has been taken. So a run that is killed loses nothing. One that dies between a
message and the note that it has gone out sends it again.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from scraper.archive import Archive
from scraper.errors import ArchiveError
from scraper.watch import addresses, feed, saved
from scraper.watch.digest import MOST, digest
from scraper.watch.news import News, find, latest_first, told
from scraper.watch.sending import SECONDS, Letter, send

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from scraper.watch.saved import Watch

LOCK_NAME = "watch.lock"
MOST_LISTED = 1_000
"""So many news of a watch are in a report; the feed and the messages have their own limits."""

_PATIENCE_SECONDS = 300.0


@dataclass(slots=True)
class WatchReport:
    """What a run has found and told for one watch."""

    name: str
    query: str | None
    total: int = 0
    """How many news were found now."""
    news: list[News] = field(default_factory=list)
    """The latest first, at most `MOST_LISTED`."""
    sent: list[str] = field(default_factory=list)
    """Targets that were told, masked."""
    failed: list[dict[str, str]] = field(default_factory=list)
    """`to` and `reason` of those that could not be told."""
    waiting: int = 0
    """News that are still to be told, of all targets."""
    feed: str | None = None
    """Path of the feed."""


@dataclass(slots=True)
class _Task:
    report: WatchReport
    target: int
    shown: str
    events: list[int]
    letter: Letter


def run(directory: Path, now: datetime, seconds: float = SECONDS) -> list[WatchReport]:
    """Find and tell what is new, for every watch.

    Args:
        directory: of the archive.
        now: the present.
        seconds: what one message may take.

    Raises:
        ArchiveError: archive, feeds or addresses cannot be read or written, or another run has
            been at it for five minutes.
    """
    with _alone(directory), Archive.open(directory) as archive:
        reports: dict[int, WatchReport] = {}
        watches = saved.every(archive)
        for watch in watches:
            with archive.transaction():
                events = find(archive, watch)
                saved.note_found(archive, watch, events, now)
            reports[watch.id] = _report(archive, watch, events)
        tasks: list[_Task] = []
        kept = addresses.kept_in(directory)
        for watch in watches:
            tasks += _tasks(archive, watch, reports[watch.id], kept)
        outcomes = send([task.letter for task in tasks], seconds)
        for task, reason in zip(tasks, outcomes, strict=True):
            if reason is None:
                saved.note_sent(archive, task.target, task.events, now)
                task.report.sent.append(task.shown)
            else:
                _fail(archive, task.report, task.target, task.shown, reason)
        for watch in watches:
            report = reports[watch.id]
            waiting = [target["waiting"] for target in saved.targets_of(archive, watch)]
            report.waiting = sum(waiting)
            path = feed.path_of(directory, watch)
            if report.total or not path.exists():
                feed.write(archive, watch)
            report.feed = str(path)
        return list(reports.values())


def preview(directory: Path) -> list[WatchReport]:
    """What `run` would find; nothing is written or sent.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    with Archive.open_existing(directory) as archive:
        reports = []
        for watch in saved.every(archive):
            report = _report(archive, watch, find(archive, watch))
            report.waiting = sum(one["waiting"] for one in saved.targets_of(archive, watch))
            reports.append(report)
        return reports


def _report(archive: Archive, watch: Watch, events: list[int]) -> WatchReport:
    latest = latest_first(archive, events)[:MOST_LISTED]
    return WatchReport(watch.name, watch.query, len(events), told(archive, watch, latest))


def _tasks(
    archive: Archive, watch: Watch, report: WatchReport, kept: dict[str, str]
) -> Iterator[_Task]:
    """One message for each target that has something to be told."""
    for target in saved.targets_of(archive, watch):
        events = latest_first(archive, saved.queued(archive, target["id"]))
        if not events:
            continue
        try:
            address = addresses.address_of(target["shown"], target["kept_as"], kept)
        except addresses.NoAddress as error:
            _fail(archive, report, target["id"], target["shown"], str(error))
            continue
        message = digest(watch, told(archive, watch, events[:MOST]), len(events))
        yield _Task(report, target["id"], target["shown"], events, Letter(address, message))


def _fail(archive: Archive, report: WatchReport, target: int, shown: str, reason: str) -> None:
    saved.note_failed(archive, target, reason)
    report.failed.append({"to": shown, "reason": reason})


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Only one run at a time, or two would tell the same twice."""
    lock = FileLock(directory / LOCK_NAME)
    try:
        with lock.acquire(timeout=_PATIENCE_SECONDS):
            yield
    except Timeout as error:
        raise ArchiveError(
            f"Another `newsroom watch run` has been at work on {directory} for more than "
            f"{_PATIENCE_SECONDS / 60:g} minutes. Wait until it is done, or stop it."
        ) from error
    except OSError as error:
        raise ArchiveError(
            f"The directory {directory} cannot be written ({error.strerror or error}). Change its "
            "permissions, or choose another one with --data."
        ) from error
