"""The crontab: adds and removes three lines, and leaves all others as they are.

    # >>> newsroom-archive musterheim-1a2b3c4d every 6h >>>
    17 2,8,14,20 * * * /…/python -P -m scraper --data /… crawl --site musterheim --quiet
    # <<< newsroom-archive musterheim-1a2b3c4d <<<

They are appended, so that the user's `MAILTO`, `PATH` and `SHELL` hold for them. Where the text
before them had no line end at its end, the first marker notes that, and removing takes it away.
"""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

from scraper.errors import UsageError
from scraper.schedule.every import Every, parse_every, regular_neighbours, slots, slots_of_cron
from scraper.schedule.found import Found
from scraper.schedule.programs import Ended, run_program

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.schedule.job import Job

_UNENDED = b", after a line without end"
_BLOCK = re.compile(
    rb"^# >>> newsroom-archive (?P<key>[a-z0-9-]+) every (?P<every>\d{1,6}[mhd])"
    rb"(?P<unended>, after a line without end)? >>>\n"
    rb"(?P<line>[^\n]*)\n"
    rb"# <<< newsroom-archive (?P=key) <<<(?:\n|\Z)",
    re.M,
)
# What crontab says when there is none: Debian, cronie and macOS; BusyBox.
_NO_CRONTAB = re.compile(r"no crontab|no such file", re.I)
# Who may not have one has nothing of ours in it.
_NOT_ALLOWED = re.compile(r"not allowed|denied|not permitted", re.I)

# Vixie cron and cronie take commands of fewer than 1,000 bytes.
_LONGEST_LINE = 998


def cron_line(job: Job, every: Every) -> bytes:
    """The crontab line of a job.

    Raises:
        UsageError: cron cannot express the interval or the path, or the line is too long.
    """
    if not every.is_regular:
        near = " or ".join(f"--every {other}" for other in regular_neighbours(every))
        raise UsageError(
            f"cron cannot run a job every {every}: its times start anew with each hour, day and "
            f"month. The next intervals it can keep are {near}."
        )
    command = shlex.join(job.arguments)
    if "\\" in command:
        raise UsageError(
            f"{command} cannot stand in a crontab: implementations of cron read a backslash "
            "differently. Rename the directory, or move the archive."
        )
    # An unescaped % would end the command.
    escaped = command.replace("%", "\\%")
    line = f"{slots(every, job.offset).as_cron()} {escaped}".encode()
    if len(line) > _LONGEST_LINE:
        raise UsageError(
            f"A crontab refuses: lines above {_LONGEST_LINE} characters, and this one would have "
            f"{len(line):,}. The crontab is as it was. The path {job.directory} is too long: move "
            "the archive to a shorter one, or make a link to it and name that with --data."
        )
    return line


def find_block(text: bytes, key: str) -> re.Match[bytes] | None:
    """Our three lines for a job in a crontab, or None.

    Raises:
        UsageError: there are markers of the job, but not as we wrote them.
    """
    name = key.encode()
    blocks = [block for block in _BLOCK.finditer(text) if block["key"] == name]
    marker = rb"^# (?:>>> newsroom-archive %b every .*|<<< newsroom-archive %b <<<)" % (name, name)
    if len(re.findall(marker, text, re.M)) != 2 * len(blocks) or len(blocks) > 1:
        raise UsageError(
            f"The crontab holds markers of newsroom-archive for {key} that do not belong together: "
            "somebody has edited there. Nothing was changed. Remove the lines with `crontab -e`, "
            "then run `newsroom schedule install` again."
        )
    return blocks[0] if blocks else None


def with_block(text: bytes, key: str, every: Every, line: bytes) -> bytes:
    """A crontab with our three lines for a job; those that stand there already are replaced."""
    found = find_block(text, key)
    unended = bool(found["unended"]) if found else bool(text) and not text.endswith(b"\n")
    name = key.encode()
    block = b"# >>> newsroom-archive %b every %b%b >>>\n%b\n# <<< newsroom-archive %b <<<\n" % (
        name,
        str(every).encode(),
        _UNENDED if unended else b"",
        line,
        name,
    )
    if found:
        return text[: found.start()] + block + text[found.end() :]
    return text + (b"\n" if unended else b"") + block


def without_block(text: bytes, key: str) -> bytes:
    """A crontab as it was before `with_block`."""
    found = find_block(text, key)
    if found is None:
        return text
    before, after = text[: found.start()], text[found.end() :]
    if found["unended"]:
        follower = _BLOCK.match(after)
        if not after:
            before = before.removesuffix(b"\n")
        elif follower and not follower["unended"]:
            # The line end goes with the last of our blocks behind it.
            end = follower.end("every")
            after = after[:end] + _UNENDED + after[end:]
    return before + after


class Crontab:
    """The crontab of the user who runs us."""

    name = "cron"

    def __init__(self) -> None:
        self._program = shutil.which("crontab")

    def usable(self) -> bool:
        """Whether there is a program `crontab`."""
        return self._program is not None

    def install(self, job: Job, every: Every) -> None:
        """Schedule a job, or change when it runs.

        Raises:
            UsageError: cron cannot express it, or crontab refuses; nothing has changed.
        """
        line = cron_line(job, every)
        ended = self._list()
        if ended.returncode != 0 and not _NO_CRONTAB.search(ended.errors):
            raise self._refused(ended.complaint)
        text = self._exact(ended.output) if ended.returncode == 0 else b""
        self._write(with_block(text, job.key, every, line))

    def remove(self, job: Job) -> bool:
        """Undo `install`; False when there was nothing."""
        text = self._read()
        if find_block(text, job.key) is None:
            return False
        rest = without_block(text, job.key)
        if rest:
            self._write(rest)
        else:
            self._run("-r")
        return True

    def find(self, job: Job, now: datetime) -> Found | None:
        """What is installed for a job, or None."""
        block = find_block(self._read(), job.key)
        if block is None:
            return None
        every = parse_every(block["every"].decode())
        words = block["line"].decode(errors="replace").split(None, 5)
        times = slots_of_cron(words[:5]) if len(words) == 6 else None
        hints = []
        if times is None or times != slots(every, job.offset):
            hints.append(
                "The times in the crontab are not those that `newsroom schedule install` gave: "
                "the line was edited by hand, or the machine has a new name."
            )
        return Found(
            self.name,
            every,
            times.after(now) if times else None,
            "crontab",
            " ".join(words[5:]).replace("\\%", "%"),
            hints,
        )

    def _list(self) -> Ended:
        return run_program([str(self._program), "-l"])

    def _read(self) -> bytes:
        """The crontab; empty where this user has none, or cannot have one."""
        if self._program is None:
            return b""
        ended = self._list()
        if ended.returncode == 0:
            return self._exact(ended.output)
        if _NO_CRONTAB.search(ended.errors) or _NOT_ALLOWED.search(ended.errors):
            return b""
        raise self._refused(ended.complaint)

    def _exact(self, listed: bytes) -> bytes:
        """The bytes behind a list: Debian's shows a carriage return as a backslash and an r."""
        if b"\\r" not in listed:
            return listed
        # As an editor, cat is given the text itself, prints it and changes nothing.
        editor = shutil.which("cat") or "cat"
        settings: dict[str, str | None] = {"VISUAL": editor, "EDITOR": editor}
        text = run_program([str(self._program), "-e"], settings=settings).output
        if text.replace(b"\r", b"\\r") != listed.replace(b"\r", b"\\r"):
            raise self._refused("it does not tell where there are carriage returns")
        return text

    def _write(self, text: bytes) -> None:
        ended = run_program([str(self._program), "-"], text)
        if ended.returncode != 0 and not text.endswith(b"\n"):
            # Some, such as Debian's, refuse a last line without end.
            ended = run_program([str(self._program), "-"], text + b"\n")
        if ended.returncode != 0:
            raise self._refused(ended.complaint)

    def _run(self, option: str) -> None:
        ended = run_program([str(self._program), option])
        if ended.returncode != 0:
            raise self._refused(ended.complaint)

    def _refused(self, complaint: str) -> UsageError:
        return UsageError(
            f"{self._program} refuses: {complaint}. The crontab is as it was. Look at it with "
            "`crontab -l`, or choose another way: docs/schedule.md shows some."
        )
