"""The web view as a service of systemd's user manager: it starts with the machine, and again."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scraper.errors import UsageError
from scraper.schedule.job import check_words, digest_of, try_command
from scraper.schedule.units import (
    UserManager,
    bytes_of,
    check_program,
    command_in,
    lingering,
    quoted,
)

_INSTEAD = "docs/operate.md shows other ways to have `newsroom browse` run."
# Tried again without end: a disk, or the address of --host, may come after the user manager.
_SERVICE = """\
[Unit]
Description=Web view of the newsroom archive in {directory}
StartLimitIntervalSec=0

[Service]
ExecStart=:{command}
Restart=on-failure
RestartSec=30s
NoNewPrivileges=yes

[Install]
WantedBy=default.target

[X-Newsroom]
Address={address}
"""


@dataclass(frozen=True, slots=True)
class WebViewJob:
    """`browse` of one archive, as a service.

    Raises:
        UsageError: a path that no command line can carry.
    """

    directory: Path
    """Absolute."""
    options: tuple[str, ...] = ()
    """Of `browse`, such as `--port=8001`; paths are absolute."""
    address: str = ""
    """Where the web view is then, for people."""
    interpreter: str = sys.executable

    def __post_init__(self) -> None:
        check_words(self.arguments)

    @property
    def unit(self) -> str:
        """Name of the service, among those of other archives; no newsroom's key has a dot."""
        return f"newsroom.browse-{digest_of(self.directory)}.service"

    @property
    def arguments(self) -> list[str]:
        """The command, word by word."""
        words = [self.interpreter, "-P", "-m", "scraper", "--data", str(self.directory)]
        return [*words, "browse", *self.options]

    @property
    def text(self) -> str:
        """The service.

        Raises:
            UsageError: systemd runs no program of that path.
        """
        check_program(self.interpreter, _INSTEAD)
        return _SERVICE.format(
            directory=quoted(str(self.directory)),
            command=" ".join(quoted(word) for word in self.arguments),
            address=self.address,
        )


@dataclass(frozen=True, slots=True)
class FoundWebView:
    """A web view that is installed."""

    address: str
    where: str
    """The unit's file."""
    command: str
    """As systemd runs it."""
    hints: list[str] = field(default_factory=list)
    """What keeps it from running, each with what to do."""

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {"address": self.address, "where": self.where, "command": self.command}


def install_web_view(job: WebViewJob) -> None:
    """Have the web view run, or run with other options.

    Raises:
        UsageError: there is no user manager that answers, or it refuses; nothing has changed.
    """
    manager = _manager()
    if not manager.usable():
        raise UsageError(
            "No systemd user manager that answers is on this machine, so nothing was installed. "
            f"{_INSTEAD}"
        )
    try_command(job.arguments)
    path = manager.units / job.unit
    manager.install({path: job.text}, path)


def remove_web_view(directory: Path) -> bool:
    """Undo `install_web_view`; False when there was nothing."""
    manager = _manager()
    path = manager.units / WebViewJob(directory).unit
    return manager.remove([path], path)


def find_web_view(directory: Path) -> FoundWebView | None:
    """The web view that is installed for an archive, or None.

    Args:
        directory: of the archive, absolute.

    Raises:
        UsageError: the unit cannot be read.
    """
    manager = _manager()
    path = manager.units / WebViewJob(directory).unit
    written = bytes_of(path)
    if written is None:
        return None
    address = written.decode(errors="replace").partition("\nAddress=")[2].partition("\n")[0]
    hints = []
    if not manager.usable():
        hints.append(
            "systemd's user manager does not answer here, so the web view does not run: log in "
            "again."
        )
    else:
        if manager.ask("is-active", path.name).returncode:
            hints.append(
                f"The web view is not running: `journalctl --user -u {path.name}` says why. "
                f"`systemctl --user restart {path.name}` starts it."
            )
        hints.extend(lingering("The web view"))
    return FoundWebView(address, str(path), shlex.join(command_in(path)), hints)


def _manager() -> UserManager:
    return UserManager(_INSTEAD, "default.target")
