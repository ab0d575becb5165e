"""A timer and a service of systemd's user manager, named after the site and the directory.

A regular interval becomes `OnCalendar=`, which is `Persistent=`: what was missed while the machine
was off is made up for. The others count from the last run (`OnUnitActiveSec=`), and from the start
of the user manager. A user's unit cannot wait for the network, so a crawl that does not reach the
site (exit code 4) is tried again after some minutes.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.disk.atomic import write_whole
from scraper.errors import UsageError
from scraper.schedule.every import Every, parse_every, slots
from scraper.schedule.found import Found
from scraper.schedule.programs import run_program

if TYPE_CHECKING:
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


def quoted(word: str) -> str:
    """A word of `ExecStart=:`, which expands no variables but `%` and backslashes."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def unquoted(command: str) -> list[str]:
    """The words that `quoted` wrote."""
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', command)
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in words]


def unit_texts(job: Job, every: Every) -> tuple[str, str]:
    """The service and the timer of a job.

    Raises:
        UsageError: systemd takes no program of that path.
    """
    if set(job.interpreter) & set("\"'\\"):
        raise UsageError(
            f"systemd runs no program with quotes or a backslash in its path, such as "
            f"{job.interpreter}. Make a virtual environment elsewhere, or install with --backend "
            "cron."
        )
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
        self._program = shutil.which("systemctl")
        home = _home()
        config = os.environ.get("XDG_CONFIG_HOME") or home / ".config"
        state = os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"
        self._units = Path(config) / "systemd" / "user"
        self._stamps = Path(state) / "systemd" / "timers"

    def usable(self) -> bool:
        """Whether this user has a manager that answers."""
        try:
            return self._try("show-environment") is None
        except UsageError:  # it does not even start
            return False

    def install(self, job: Job, every: Every) -> None:
        """Schedule a job, or change when it runs.

        Raises:
            UsageError: the units cannot be written, or systemd refuses; nothing has changed.
        """
        service, timer = self._paths(job)
        texts = [text.encode() for text in unit_texts(job, every)]
        before = [_bytes_of(service), _bytes_of(timer)]
        try:
            self._put(service, timer, texts)
        except UsageError:
            if before[0] is None or before[1] is None:
                self.remove(job)
            else:
                self._put(service, timer, [before[0], before[1]])
            raise

    def _put(self, service: Path, timer: Path, texts: list[bytes]) -> None:
        for path, text in zip((service, timer), texts, strict=True):
            _write(path, text)
        self._run("daemon-reload")
        self._run("enable", timer.name)
        self._run("restart", timer.name)

    def remove(self, job: Job) -> bool:
        """Undo `install`; False when there was nothing."""
        service, timer = self._paths(job)
        if not service.exists() and not timer.exists():
            return False
        self._try("disable", "--now", timer.name)
        # The link that `enable` made goes too, in case no manager is there to take it away.
        link = self._units / "timers.target.wants" / timer.name
        for path in (link, self._stamps / f"stamp-{timer.name}", timer, service):
            _delete(path)
        for directory in (self._units / "timers.target.wants", self._units, self._units.parent):
            _remove_if_empty(directory)
        self._try("daemon-reload")
        self._try("reset-failed", service.name)
        return True

    def find(self, job: Job, now: datetime) -> Found | None:
        """What is installed for a job, or None."""
        service, timer = self._paths(job)
        text = (_bytes_of(timer) or b"").decode(errors="replace")
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
            if run_program([str(self._program), "--user", "is-active", timer.name]).returncode:
                hints.append(
                    f"The timer is not active. Start it with `systemctl --user start {timer.name}`."
                )
            hints.extend(_lingering())
        written = (_bytes_of(service) or b"").decode(errors="replace").partition("ExecStart=:")[2]
        return Found(
            self.name,
            parse_every(lines["Every"]),
            next_run,
            str(timer),
            shlex.join(unquoted(written.partition("\n")[0])),
            hints,
        )

    def _next_run(self, timer: str) -> datetime | None:
        ended = run_program(
            [str(self._program), "--user", "list-timers", "--all", "--output=json", timer]
        )
        try:
            rows = json.loads(ended.output)
            microseconds = int(rows[0]["next"] or 0)
        except (ValueError, LookupError, TypeError):  # older ones know no JSON
            return None
        return datetime.fromtimestamp(microseconds // 10**6, UTC) if microseconds else None

    def _paths(self, job: Job) -> tuple[Path, Path]:
        stem = self._units / f"newsroom-{job.key}"
        return stem.with_name(f"{stem.name}.service"), stem.with_name(f"{stem.name}.timer")

    def _try(self, *arguments: str) -> str | None:
        """What systemctl complains about, None when it is content."""
        if self._program is None:
            return "there is no systemctl"
        ended = run_program([self._program, "--user", *arguments])
        return ended.complaint if ended.returncode else None

    def _run(self, *arguments: str) -> None:
        if complaint := self._try(*arguments):
            raise UsageError(
                f"systemctl --user {' '.join(arguments)} refuses: {complaint}. Nothing was "
                "scheduled. Try --backend cron; docs/schedule.md shows other ways."
            )


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a user without an entry in the system's list, as in some containers
        return Path("/")


def _lingering() -> list[str]:
    """A hint where a user's timers end when the user logs out."""
    program = shutil.which("loginctl")
    if program is None:
        return []
    ended = run_program([program, "show-user", str(os.getuid()), "--property=Linger"])
    if ended.output.strip() != b"Linger=no":
        return []
    return [
        "The timer runs only while you are logged in. `loginctl enable-linger` lets it run always."
    ]


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"The unit {path} could not be read: {error.strerror}.") from error


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path.resolve(), content)  # of a link, what it points to is replaced
    except OSError as error:
        raise UsageError(
            f"The unit {path} could not be written: {error.strerror}. Nothing was scheduled. Mend "
            "that, or install with --backend cron."
        ) from error


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            f"{path} could not be removed: {error.strerror}. Mend that, and run `newsroom schedule "
            "remove` again."
        ) from error


def _remove_if_empty(directory: Path) -> None:
    try:
        directory.rmdir()
    except OSError:
        return
