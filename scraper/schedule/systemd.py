"""A timer and a service of systemd's user manager, named after the site and the directory.

A regular interval becomes `OnCalendar=`, which is `Persistent=`: what was missed while the machine
was off is made up for. The others count from the last run (`OnUnitActiveSec=`), and from the start
of the user manager. A user's unit cannot wait for the network, so a crawl that does not reach the
site (exit code 4) is tried again after some minutes.
"""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.schedule.every import Every, parse_every, slots
from scraper.schedule.found import Found
from scraper.schedule.units import (
    UserManager,
    bytes_of,
    check_program,
    command_in,
    lingering,
    quoted,
)

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.schedule.job import Job

# 3 and 6 are no failures: some pages wait for the next run, or another crawl is running. Of the
# rest only 4, a site out of reach, may mend within minutes. A crawl that is ended goes on where it
# stopped, so one that hangs is not waited for.
_SERVICE = """\
[Unit]
Description=Crawl of {site} for the newsroom archive in {directory}
StartLimitIntervalSec=25min
StartLimitBurst=3

[Service]
Type=oneshot
ExecStart=:{command}
SuccessExitStatus=3 6
Restart=on-failure
RestartSec=5min
RestartPreventExitStatus=1 2 5 7
TimeoutStartSec=24h
Nice=10
IOSchedulingClass=idle
"""
_TIMER = """\
[Unit]
Description=Crawl of {site} every {every} for the newsroom archive in {directory}

[Timer]
{rhythm}
RandomizedDelaySec=2min

[Install]
WantedBy=timers.target

[X-Newsroom]
Every={every}
"""
_INSTEAD = "Or install with --backend cron; docs/schedule.md shows other ways."


def unit_texts(job: Job, every: Every) -> tuple[str, str]:
    """The service and the timer of a job.

    Raises:
        UsageError: systemd runs no program of that path.
    """
    check_program(job.interpreter, _INSTEAD)
    if every.is_regular:
        rhythm = f"OnCalendar={slots(every, job.offset).as_calendar()}\nPersistent=true"
    else:
        wait = 5 + job.offset % 25
        rhythm = f"OnActiveSec={wait}min\nOnUnitActiveSec={every.minutes}min"
    directory = quoted(str(job.directory))
    command = " ".join(quoted(word) for word in job.arguments)
    return (
        _SERVICE.format(site=job.name, directory=directory, command=command),
        _TIMER.format(site=job.name, directory=directory, every=every, rhythm=rhythm),
    )


class UserTimers:
    """The timers of the user who runs us."""

    name = "systemd"

    def __init__(self) -> None:
        self._manager = UserManager(_INSTEAD, "timers.target")

    def usable(self) -> bool:
        """Whether this user has a manager that answers."""
        return self._manager.usable()

    def install(self, job: Job, every: Every) -> None:
        """Schedule a job, or change when it runs.

        Raises:
            UsageError: the units cannot be written, or systemd refuses; nothing has changed.
        """
        service, timer = self._paths(job)
        texts = dict(zip((service, timer), unit_texts(job, every), strict=True))
        self._manager.install(texts, timer)

    def remove(self, job: Job) -> bool:
        """Undo `install`; False when there was nothing."""
        service, timer = self._paths(job)
        return self._manager.remove([timer, service], timer)

    def find(self, job: Job, now: datetime) -> Found | None:
        """What is installed for a job, or None."""
        service, timer = self._paths(job)
        text = (bytes_of(timer) or b"").decode(errors="replace")
        lines = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        if "Every" not in lines:
            return None
        hints = []
        next_run = None
        if not self.usable():
            hints.append(
                "systemd's user manager does not answer here, so the timer does not run: log in "
                "again, or install with --backend cron."
            )
        else:
            next_run = self._next_run(timer.name)
            if self._manager.ask("is-active", timer.name).returncode:
                hints.append(
                    f"The timer is not active. Start it with `systemctl --user start {timer.name}`."
                )
            hints.extend(lingering("The timer"))
        return Found(
            self.name,
            parse_every(lines["Every"]),
            next_run,
            str(timer),
            shlex.join(command_in(service)),
            hints,
        )

    def _next_run(self, timer: str) -> datetime | None:
        ended = self._manager.ask("list-timers", "--all", "--output=json", timer)
        try:
            rows = json.loads(ended.output)
            microseconds = int(rows[0]["next"] or 0)
        except (ValueError, LookupError, TypeError):  # older ones know no JSON
            return None
        return datetime.fromtimestamp(microseconds // 10**6, UTC) if microseconds else None

    def _paths(self, job: Job) -> tuple[Path, Path]:
        stem = self._manager.units / f"newsroom-{job.key}"
        return stem.with_name(f"{stem.name}.service"), stem.with_name(f"{stem.name}.timer")
