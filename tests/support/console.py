"""The console blocks of the documentation, run as a reader would run them.

A block is not run if a comment in front of it says why: `<!-- not run: asks a city -->`. A line
`…` of the output shown stands for any lines; what is another each time (times, digests, sizes,
ports) is masked in what is shown and in what came, and so is the progress of a crawl, which a
terminal shows as a bar.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from scraper import cli

_BLOCK = re.compile(r"((?:<!-- not run: (.+?) -->\n)?)```console\n(.*?)^```$", re.M | re.S)
_PROGRESS = re.compile(
    r"^((listed|new) {2,}(\S+: \d+ articles so far|\d+/\d+ .*)|imported: \d+ of \d+)\n", re.M
)
_MASKS = [
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\+00:00|Z|(?![:+\d]))"), "TIME"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "SHA256"),
    (re.compile(r"-\d{14}-\d{5}\.warc"), "-NAME.warc"),
    (re.compile(r"\d+ files, \d+ of them"), "FILES"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
    (re.compile(r"(?<=^seconds)\s+\d+\.\d+", re.M), "  SECONDS"),
    (re.compile(r"(?<=at byte )[\d,]+|\b\d+(\.\d+)?(?= [kMG]?B\b)|[\d,]+(?= bytes)"), "BYTES"),
    (re.compile(r"(?<= )\d+\.\d+ +$", re.M), "SECONDS"),
    (_PROGRESS, ""),
    (re.compile(r"[ \t]+$", re.M), ""),
    (re.compile(r" {2,}"), "  "),
    (re.compile(r"\n{2,}"), "\n"),
]
_ANY = "…"
# What pages may call beside `newsroom`: nothing that installs, asks others or goes on for ever.
_OTHERS = {"cat", "cut", "echo", "head", "ls", "printf", "wc"}
_ASKING = re.compile(
    r"newsroom (--data \S+ )?(backfill|browse|crawl|mcp|schedule install|sites add)\b"
    r"|\s--(live|timestamp|base-url|serve)\b|s3://|https?://(?!example\.org|www\.dortmund\.de)"
)


@dataclass(frozen=True)
class Command:
    """A line behind `$`, and the output that the page shows below it."""

    line: str
    shown: str


@dataclass(frozen=True)
class Block:
    """A console block: its commands, or why they are not run."""

    commands: tuple[Command, ...]
    reason: str | None


def blocks(page: str) -> list[Block]:
    """The console blocks of a page, in order."""
    return [Block(_commands(found[3]), found[2]) for found in _BLOCK.finditer(page)]


def _commands(text: str) -> tuple[Command, ...]:
    parts = re.split(r"^\$ ", text, flags=re.M)
    assert not parts[0], "a console block begins with a command"
    split = (part.partition("\n") for part in parts[1:])
    return tuple(Command(line, shown.strip("\n")) for line, _, shown in split)


def masked(output: str) -> str:
    """Output without what is another each time."""
    for pattern, put in _MASKS:
        output = pattern.sub(put, output)
    return output.strip("\n")


def agrees(shown: str, came: str) -> bool:
    """Whether output is what the page shows, or nothing is shown."""
    if not shown:
        return True
    pieces = re.split(rf"^{_ANY}\n", f"{masked(shown)}\n", flags=re.M)
    pattern = r"(?:.*\n)?".join(re.escape(piece) for piece in pieces)
    return re.fullmatch(pattern, f"{masked(came)}\n", re.S) is not None


class Console:
    """A shell in a directory, with variables of its own; `newsroom` is called in this process."""

    def __init__(self, directory: Path, **variables: str) -> None:
        self.directory = directory
        self.variables = variables

    def run(self, line: str) -> tuple[int, str]:
        """Run a line; exit code, and standard output with standard error."""
        line = re.sub(r"\s+#\s.*$", "", line)
        assert not _ASKING.search(line), f"not run in tests, and not marked: {line}"
        if line.startswith("export "):
            self.variables |= dict(word.split("=", 1) for word in shlex.split(line)[1:])
            return 0, ""
        command, _, behind = line.partition(" | ")
        words = shlex.split(command)
        if words[0] != "newsroom":
            return self._other(line, "")
        code, output = self._newsroom(words)
        return self._other(behind, output) if behind and not code else (code, output)

    def with_demo(self, printed: tuple[int, str]):
        """What runs lines, and has the output of `newsroom demo` already, which was run once."""
        return lambda line: printed if line == "newsroom demo" else self.run(line)

    def _other(self, line: str, given: str) -> tuple[int, str]:
        for part in line.split(" | "):
            assert shlex.split(part)[0] in _OTHERS, f"not run in tests, and not marked: {line}"
        with self._here():
            ended = subprocess.run(
                ["bash", "-c", line], input=given, capture_output=True, text=True, check=False
            )
        return ended.returncode, ended.stdout + ended.stderr

    def _newsroom(self, words: list[str]) -> tuple[int, str]:
        with self._here(), _both_streams() as output, mock.patch.object(sys, "argv", words):
            try:
                cli.main()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        return code, output()

    @contextmanager
    def _here(self):
        before = Path.cwd()
        kept = {k: v for k, v in os.environ.items() if not k.startswith("NEWSROOM_")}
        with mock.patch.dict(os.environ, kept | self.variables, clear=True):
            os.chdir(self.directory)
            try:
                yield
            finally:
                os.chdir(before)


@contextmanager
def _both_streams():
    """Standard output and error, also of child processes, in one file; gives what reads it."""
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
        text = stack.enter_context(os.fdopen(os.dup(file.fileno()), "w", 1, encoding="utf-8"))
        for number in (1, 2):
            kept = os.dup(number)
            stack.callback(os.close, kept)
            stack.callback(os.dup2, kept, number)
            os.dup2(file.fileno(), number)
        stack.enter_context(redirect_stdout(text))
        stack.enter_context(redirect_stderr(text))
        read = [""]
        yield lambda: read[0]
        text.flush()
        file.seek(0)
        read[0] = file.read()


def demo(directory: Path) -> tuple[int, str]:
    """`newsroom demo` in an empty directory, and what it prints."""
    return Console(directory).run("newsroom demo")


def opened(directory: Path, crawled: Path, page: str) -> Console:
    """A console for a page, beside a copy of the demo archive in `data/demo`.

    The README says where the archive is; whoever reads another page has done so.
    """
    shutil.copytree(crawled / "data", directory / "data")
    return (
        Console(directory) if page == "README.md" else Console(directory, NEWSROOM_DATA="data/demo")
    )


def as_it_runs(page: str, run: Callable[[str], tuple[int, str]]) -> str:
    """A page with output that came in place of output that does not agree."""

    def renewed(found: re.Match[str]) -> str:
        if found[2]:
            return found[0]
        text = found[3]
        for command in _commands(found[3]):
            code, came = run(command.line)
            fails = command.shown.startswith("Error: ")
            exact = bool(code) == fails and _ANY not in command.shown.split("\n")
            if exact and not agrees(command.shown, came):
                came = "\n".join(row.rstrip() for row in _PROGRESS.sub("", came).splitlines())
                text = text.replace(command.shown, came.strip("\n"), 1)
        return f"```console\n{text}```"

    return _BLOCK.sub(renewed, page)
