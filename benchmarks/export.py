"""What exporting costs: `python benchmarks/export.py [--articles 100000]`.

Two figures, each with its bar:

- speed of `newsroom export articles -o articles.csv` / speed of `sqlite3 -csv` on the same rows,
  both as processes that write a file, in turns, the start of Python included (at least 0.5). Ours
  waits until the disk has the file, so processor time tells more than the clock on the wall.
- most memory that the export holds (at most 150 MB)

Other formats are shown beside them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from archive import fill

from scraper.archive import Archive
from scraper.demo.newsroom import Newsroom
from scraper.export import TABLES
from scraper.quotes import with_quotes

ROUNDS = 3
MADE = 1_000
OTHERS = (
    ("articles", "articles.csv", "--excel"),
    ("articles", "articles.jsonl"),
    ("articles", "articles.parquet"),
    ("quotes", "quotes.csv"),
    ("dataset", "dataset.zip"),
    ("feed", "feed.xml"),
)


def multiply(archive: Archive, count: int) -> None:
    """Copy the releases, with all that belongs to them, until there are so many."""
    with archive.transaction() as db:
        for table in ("articles", "quotes", "tags", "images", "links", "revisions", "events"):
            names = [row["name"] for row in archive.rows(f"PRAGMA table_info ({table})")]
            shifts = {"id": "id + :rows", "article_id": "article_id + :articles"}
            if table == "articles":
                shifts["url"] = "url || '?' || :articles"
            step = archive.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]
            terms = ", ".join(shifts.get(name, name) for name in names)
            sql = f"INSERT INTO {table} SELECT {terms} FROM {table} WHERE rowid <= {step}"
            for number in range(1, -(-count // MADE)):
                db.execute(sql, {"rows": number * step, "articles": number * MADE})
        # The copies are not searched for.
        db.execute("DELETE FROM unstemmed")


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    seconds: float
    """By the clock on the wall, waiting for the disk included."""
    processor: float
    """Seconds of processor time."""


def run(command: list[str], output: Path | None = None, **environment: str) -> Cost:
    """Run a process; its standard output goes to a file, or nowhere."""
    start = time.perf_counter()
    with Path(output or os.devnull).open("wb") as file:
        process = subprocess.Popen(command, stdout=file, env={**os.environ, **environment})
        _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime)


# The process itself says how much memory it had; what a parent is told of a child includes what
# the parent had when it forked.
_MEASURED = """
import os
from pathlib import Path
from scraper.cli import main
try:
    main()
finally:
    line = next(it for it in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in it)
    Path(os.environ["PEAK"]).write_text(line.split()[1])
"""


def export(directory: Path, what: str, name: str, *options: str) -> tuple[Cost, float]:
    """One export from a new interpreter; and its peak megabytes."""
    peak = directory / "peak"
    verb = ["--data", str(directory), "export", what, "-o", str(directory / name), *options]
    cost = run([sys.executable, "-c", _MEASURED, *verb], PEAK=str(peak))
    return cost, int(peak.read_text()) * 1024 / 1e6


def ratio(theirs: list[float], ours: list[float]) -> str:
    """The best of both, and their quotient."""
    return f"{min(ours):5.2f} s, sqlite3 -csv {min(theirs):5.2f} s: {min(theirs) / min(ours):.2f}"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    given = parser.parse_args()
    shell = shutil.which("sqlite3")
    if shell is None:
        raise SystemExit("The program sqlite3 is not installed; there is nothing to compare with.")
    table = TABLES["articles"]
    sql = f"{table.select()} ORDER BY {table.order}"
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        with Archive.open(directory) as archive:
            articles = map(with_quotes, Newsroom(MADE))
            fill(archive, articles, MADE)
            multiply(archive, given.articles)
            database = str(archive.path)
        theirs, ours, memory = [], [], []
        for _ in range(ROUNDS):
            command = [shell, "-csv", "-header", database, sql]
            theirs.append(run(command, directory / "theirs.csv"))
            cost, peak = export(directory, "articles", "articles.csv")
            ours.append(cost)
            memory.append(peak)
        size = (directory / "articles.csv").stat().st_size / 1e6
        print(f"{given.articles:,} articles, {size:.0f} MB of CSV; speed ratio (at least 0.5)")
        print(f"  processor {ratio([c.processor for c in theirs], [c.processor for c in ours])}")
        print(f"  wall      {ratio([c.seconds for c in theirs], [c.seconds for c in ours])}")
        print(f"peak memory {max(memory):.0f} MB (at most 150)")
        for what, file, *options in OTHERS:
            cost, peak = export(directory, what, file, *options)
            words = " ".join([file, *options])
            print(f"  {words:<22} {cost.seconds:6.2f} s {peak:6.0f} MB")


if __name__ == "__main__":
    main()
