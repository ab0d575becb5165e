"""Processor time until a command has answered, beside that of `import typer`.

    python benchmarks/start.py [--rounds 15] [--data DIRECTORY]

Each command is a process of its own, and takes turns with `python -c "import typer"`, so that a
machine that is busy with other things slows down both. What counts are the ratios: the median of
all rounds, of user and system time together. Searches need an archive; without --data the replica
is crawled first. One search writes to a file and one to a terminal.
"""

from __future__ import annotations

import argparse
import os
import pty
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Thread

BARS = {"--version": 2.5, "--help": 2.5, "search": 4.0, "search, on a terminal": 4.0}
"""At most so many times the processor time of `import typer`."""

_BASE = [sys.executable, "-c", "import typer"]


def processor_seconds(command: list[str], *, terminal: bool = False) -> float:
    """User and system time of one process."""
    if not terminal:
        with Path(os.devnull).open("wb") as nothing:
            return _wait(subprocess.Popen(command, stdout=nothing, stderr=nothing))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs)
    os.close(theirs)
    reader = Thread(target=_read_all, args=(ours,))
    reader.start()
    seconds = _wait(process)
    reader.join()
    os.close(ours)
    return seconds


def _wait(process: subprocess.Popen[bytes]) -> float:
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{process.args} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def _read_all(descriptor: int) -> None:
    try:
        while os.read(descriptor, 1 << 16):
            pass
    except OSError:  # Linux says so when the other side is closed
        return


def main() -> None:
    """Measure and print; ends with 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        directory = options.data or Path(scratch)
        newsroom = [sys.executable, "-m", "scraper", "--data", str(directory)]
        if options.data is None:
            subprocess.run([*newsroom, "demo"], check=True, capture_output=True)
        missed = _measure(newsroom, options.rounds)
    raise SystemExit(int(missed))


def _measure(newsroom: list[str], rounds: int) -> bool:
    search = [*newsroom, "search", "Grundschule"]
    commands = {
        "--version": [*newsroom, "--version"],
        "--help": [*newsroom, "--help"],
        "search": search,
        "search, on a terminal": search,
    }
    missed = False
    for name, command in commands.items():
        ratios, seconds = [], []
        for _ in range(rounds):
            base = processor_seconds(_BASE)
            took = processor_seconds(command, terminal="terminal" in name)
            ratios.append(took / base)
            seconds.append(took)
        ratio, bar = statistics.median(ratios), BARS[name]
        missed |= ratio > bar
        print(f"{name:<22} {statistics.median(seconds):.3f} s  {ratio:.2f} x (at most {bar:g})")
    return missed


if __name__ == "__main__":
    main()
