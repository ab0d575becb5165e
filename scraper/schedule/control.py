"""Installs and removes scheduled crawls, and tells their state."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.runs import is_invented, last_runs
from scraper.dates import parse_instant
from scraper.errors import ArchiveError, UsageError
from scraper.schedule.cron import Crontab
from scraper.schedule.every import Every
from scraper.schedule.found import Found
from scraper.schedule.job import ALL, Job, try_command
from scraper.schedule.systemd import UserTimers
from scraper.schedule.web_view import FoundWebView, find_web_view

BACKENDS = ("auto", "systemd", "cron")
_RUNS_SHOWN = 10
_SINGLE_HINTS = 3
"""Of more newsrooms whose last runs ended alike, one hint is enough."""
_WELL = frozenset({0, 3, 6})


class _Backend(Protocol):
    name: str

    def usable(self) -> bool: ...
    def install(self, job: Job, every: Every) -> None: ...
    def remove(self, job: Job) -> bool: ...
    def find(self, job: Job, now: datetime) -> Found | None: ...


@dataclass(frozen=True, slots=True)
class Status:
    """How the schedule of an archive stands."""

    job: Job
    found: Found | None
    """None when nothing is installed."""
    runs: list[dict[str, Any]]
    """The last runs, newest first, as `last_runs` has them."""
    hints: list[str]
    """What is not as it should be, each with what to do."""
    web_view: FoundWebView | None = None
    """None when none is installed."""

    def as_json(self) -> dict[str, Any]:
        """For `--json`; times are ISO 8601 in UTC, null where unknown."""
        found = self.found
        next_run = found.next_run if found else None
        return {
            "installed": found is not None,
            "site": self.job.site,
            "directory": str(self.job.directory),
            "backend": found and found.backend,
            "every": found and str(found.every),
            "next_run": next_run.isoformat() if next_run else None,
            "where": found and found.where,
            "command": found and found.command,
            "web_view": self.web_view and self.web_view.as_json(),
            "runs": self.runs,
            "hints": self.hints,
        }


def install(job: Job, every: Every, backend: str) -> str:
    """Schedule a job, or change how often or by whom it is run; returns the backend's name.

    Args:
        job: what is run.
        every: how often.
        backend: one of `BACKENDS`; `auto` takes systemd where it works, else cron.

    Raises:
        UsageError: there is no such backend here, or it cannot do that; nothing has changed.
        ArchiveError: the archive cannot be read.
    """
    backends: list[_Backend] = [UserTimers(), Crontab()]
    if backend not in BACKENDS:
        raise UsageError(f"There is no backend {backend!r}. Choose one of: {', '.join(BACKENDS)}.")
    usable = (each for each in backends if backend in {"auto", each.name} and each.usable())
    chosen = next(usable, None)
    if chosen is None:
        missing = {
            "auto": "Neither a systemd user manager nor a program `crontab` is",
            "systemd": "No systemd user manager that answers is",
            "cron": "No program `crontab` is",
        }[backend]
        raise UsageError(
            f"{missing} on this machine, so nothing was scheduled. docs/schedule.md shows "
            "how launchd, the Task Scheduler of Windows and a CI service run "
            f"{' '.join(job.arguments)}"
        )
    _check_archive(job)
    try_command(job.arguments)
    chosen.install(job, every)
    for other in backends:
        if other is not chosen:
            other.remove(job)
        if job.site == ALL:
            for single in job.related:
                other.remove(single)
    return chosen.name


def remove(job: Job) -> list[str]:
    """Undo `install`; returns the names of the backends that had something.

    With a job for all, those of single newsrooms go, too.
    """
    backends: list[_Backend] = [UserTimers(), Crontab()]
    jobs = [job, *(job.related if job.site == ALL else ())]
    had = {b.name: sum(b.remove(each) for each in jobs) for b in backends}
    return [name for name, count in had.items() if count]


def status(job: Job, now: datetime) -> Status:
    """How the schedule of an archive stands.

    A newsroom is scheduled by a job of its own, or by the one for all.

    Args:
        job: directory and site say which.
        now: the present, with its offset.
    """
    backends: list[_Backend] = [UserTimers(), Crontab()]
    jobs = [job, *job.related] if job.site != ALL or len(job.followed) == 1 else [job]
    looked = (backend.find(each, now) for each in jobs for backend in backends)
    found = next(filter(None, looked), None)
    hints = list(found.hints) if found else []
    try:
        runs = _runs(job, now)
    except ArchiveError as error:
        runs = []
        hints.append(str(error))
    if found and runs:
        hints.extend(_late(found, runs[0], now))
    latest: dict[str, dict[str, Any]] = {}
    for run in runs:
        latest.setdefault(run["site"], run)
    hints.extend(_failures(job, list(latest.values())))
    web_view = find_web_view(job.directory)
    if web_view:
        hints.extend(web_view.hints)
    return Status(job, found, runs, hints, web_view)


def _runs(job: Job, now: datetime) -> list[dict[str, Any]]:
    if not (job.directory / DATABASE_NAME).exists():
        return []
    with Archive.open_existing(job.directory) as archive:
        site = None if job.site == ALL else job.site
        return last_runs(archive, site, max(_RUNS_SHOWN, len(job.followed)), now)


def _check_archive(job: Job) -> None:
    if not (job.directory / DATABASE_NAME).exists():
        return
    with Archive.open_existing(job.directory) as archive:
        if is_invented(archive):
            raise UsageError(
                f"The archive in {job.directory} holds the invented releases of the replica, and a "
                "crawl of the city would be refused there. Choose another directory with --data."
            )


def _failures(job: Job, latest: list[dict[str, Any]]) -> list[str]:
    """What the last runs say, one of each newsroom."""
    codes = Counter(run["exit_code"] for run in latest if run["state"] == "ended")
    many = {code for code, n in codes.items() if code not in _WELL and n > _SINGLE_HINTS}
    hints = [
        f"The last runs of {codes[code]} newsrooms ended with exit code {code}: `newsroom doctor` "
        "says what is wrong with each."
        for code in sorted(many)
    ]
    for run in latest:
        if run["state"] != "ended" or run["exit_code"] not in many:
            hints.extend(_failed(job, run))
    return hints


def _failed(job: Job, last: dict[str, Any]) -> list[str]:
    about = f"{last['site']}: " if job.site == ALL and len(job.followed) > 1 else ""
    if last["state"] == "killed":
        hint = (
            f"{about}The last run, of {last['started_at']}, has no end: it was killed, or the "
            "machine went down. What it fetched is stored, and the next one goes on from there. "
            "Should that happen again, look whether memory or disk run out."
        )
        return [hint]
    if last["state"] == "at work" or last["exit_code"] in _WELL:
        return []
    hint = (
        f"{about}The last run ended with exit code {last['exit_code']}: see log/runs.jsonl in "
        f"{job.directory}, or run `newsroom crawl` by hand."
    )
    return [hint]


def _late(found: Found, last: dict[str, Any], now: datetime) -> list[str]:
    began = parse_instant(last["started_at"])
    if began is None or now - began <= 2 * found.every.delta:
        return []
    look = {
        "systemd": "Look at `systemctl --user list-timers` and `journalctl --user`",
        "cron": "Look whether the cron daemon runs, and at its mail",
    }[found.backend]
    hint = (
        f"The last run began at {last['started_at']}, longer ago than twice the interval of "
        f"{found.every}: the schedule does not work, or the machine was off. {look}; `newsroom "
        "crawl` makes up for what was missed."
    )
    return [hint]
