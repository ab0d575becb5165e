"""Units of systemd's user manager: written, started, taken away, put back when it refuses."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from scraper.disk.atomic import write_whole
from scraper.errors import UsageError
from scraper.schedule.programs import Ended, run_program


def quoted(word: str) -> str:
    """A word of `ExecStart=:`, which expands no variables but `%` and backslashes."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def unquoted(command: str) -> list[str]:
    """The words that `quoted` wrote."""
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', command)
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in words]


def command_in(service: Path) -> list[str]:
    """The words of the command of a service that we wrote; empty if there is none."""
    text = (bytes_of(service) or b"").decode(errors="replace")
    return unquoted(text.partition("ExecStart=")[2].partition("\n")[0])


def check_program(interpreter: str, instead: str) -> None:
    """Whether systemd runs a program of that path.

    Args:
        interpreter: the path.
        instead: a sentence for the error: what else can be done.

    Raises:
        UsageError: it does not.
    """
    if set(interpreter) & set("\"'\\"):
        raise UsageError(
            "systemd runs no program with quotes or a backslash in its path, such as "
            f"{interpreter}. Make a virtual environment elsewhere. {instead}"
        )


class UserManager:
    """The manager of the user who runs us.

    Args:
        instead: a sentence for errors: what else can be done.
        target: what the units that are started belong to, such as `timers.target`.

    Attributes:
        units: where the user's units are.
        stamps: where it notes when timers ran.
    """

    def __init__(self, instead: str, target: str) -> None:
        self._program = shutil.which("systemctl")
        self._instead = instead
        self._target = target
        home = _home()
        config = os.environ.get("XDG_CONFIG_HOME") or home / ".config"
        state = os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"
        self.units = Path(config) / "systemd" / "user"
        self.stamps = Path(state) / "systemd" / "timers"

    def usable(self) -> bool:
        """Whether this user has a manager that answers."""
        try:
            return self._try("show-environment") is None
        except UsageError:  # it does not even start
            return False

    def ask(self, *arguments: str) -> Ended:
        """What systemctl answers; there must be one."""
        return run_program([str(self._program), "--user", *arguments])

    def install(self, texts: dict[Path, str], started: Path) -> None:
        """Write units and start one of them; what was there before is put back if that fails.

        Args:
            texts: of the units, by their paths.
            started: which is enabled and started.

        Raises:
            UsageError: a unit cannot be written, or systemd refuses; nothing has changed.
        """
        before = {path: bytes_of(path) for path in texts}
        try:
            self._put({path: text.encode() for path, text in texts.items()}, started)
        except UsageError:
            old = {path: content for path, content in before.items() if content is not None}
            if len(old) < len(texts):
                self.remove(list(texts), started)
            else:
                self._put(old, started)
            raise

    def _put(self, contents: dict[Path, bytes], started: Path) -> None:
        for path, content in contents.items():
            self._write(path, content)
        self._run("daemon-reload")
        self._run("enable", started.name)
        self._run("restart", started.name)

    def remove(self, paths: list[Path], started: Path) -> bool:
        """Stop a unit and take units away; False when there was nothing.

        Args:
            paths: of the units.
            started: the one that was enabled.

        Raises:
            UsageError: one cannot be removed.
        """
        if not any(path.exists() for path in paths):
            return False
        self._try("disable", "--now", started.name)
        # The link that `enable` made goes too, in case no manager is there to take it away.
        wants = self.units / f"{self._target}.wants"
        for path in (wants / started.name, self.stamps / f"stamp-{started.name}", *paths):
            _delete(path)
        for directory in (wants, self.units, self.units.parent):
            _remove_if_empty(directory)
        self._try("daemon-reload")
        for path in paths:
            if path.suffix == ".service":
                self._try("reset-failed", path.name)
        return True

    def _try(self, *arguments: str) -> str | None:
        """What systemctl complains about, None when it is content."""
        if self._program is None:
            return "there is no systemctl"
        ended = self.ask(*arguments)
        return ended.complaint if ended.returncode else None

    def _run(self, *arguments: str) -> None:
        if complaint := self._try(*arguments):
            raise UsageError(
                f"systemctl --user {' '.join(arguments)} refuses: {complaint}. Nothing was "
                f"scheduled. {self._instead}"
            )

    def _write(self, path: Path, content: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path.resolve(), content)  # of a link, what it points to is replaced
        except OSError as error:
            raise UsageError(
                f"The unit {path} could not be written: {error.strerror}. Nothing was scheduled. "
                f"Mend that. {self._instead}"
            ) from error


def lingering(what: str) -> list[str]:
    """A hint where a user's units end when the user logs out.

    Args:
        what: the unit, for people: `The timer`.
    """
    program = shutil.which("loginctl")
    if program is None:
        return []
    ended = run_program([program, "show-user", str(os.getuid()), "--property=Linger"])
    if ended.output.strip() != b"Linger=no":
        return []
    return [
        f"{what} runs only while you are logged in. `loginctl enable-linger` lets it run always."
    ]


def bytes_of(path: Path) -> bytes | None:
    """A unit; None if there is none.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"The unit {path} could not be read: {error.strerror}.") from error


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a user without an entry in the system's list, as in some containers
        return Path("/")


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
