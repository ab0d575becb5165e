"""What extracting and re-reading cost, and what a second worker and Dask change.

    python benchmarks/lake.py [--pages 5000] [--rounds 3] [--gib 1] [--month 200] [--only PART]

WARC files of releases of the replica, among pages of another site, are made first. Then:

- `extract` and `reparse` (which writes nothing) over so many pages with one worker process and
  with two, in turns: how much faster two are (1.7 asked), and how much longer two workers of a
  Dask cluster take than two processes of this machine (1.15 at most), by the clock and in
  processor time. The cluster is a `dask scheduler` and `dask worker` on loopback.
- travel: processor time of a task that does nothing, in processes of this machine, in batches to a
  cluster, and one by one there. Reading a page takes some 5 ms.
- pages of other sites: processor time of `extract` beside a bare loop of warcio over the same file
  (1.5 at most); ours beside warcio and `scraper.extract.extract` in a loop (1.3 at most);
- memory of the worker that reads a file of so many GiB (300 MB at most);
- a month: so many WARC files, 2 % of their pages ours, while a tenth of the tasks fails. The result
  must be that of a run without failures.

Ratios are those of the best rounds, which are taken in turns, so that load cancels out.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.extract import cluster as clusters
from scraper.extract.batches import in_order
from scraper.extract.extract import extract
from scraper.extract.reparse import reparse
from scraper.extract.workers import Budget, WorkerProcesses
from scraper.importing import ImportRequest, run_import
from scraper.lake.run import TASK_SECONDS, LakeReport, run_extract
from scraper.records import Capture
from scraper.sites import get_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.extract.workers import Workers

NOW = datetime(2026, 11, 28, tzinfo=UTC)
SITE = get_site("dortmund")
BUDGET = Budget(seconds=TASK_SECONDS)
NAVIGATION = b'[{"name":"Amt","link":"/amt"}]' * 2_000
"""60 KB: what is common on pages of cities."""
FILES = 8
HTTP = StatusAndHeaders(
    "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
)


def add(writer: WARCWriter, url: str, body: bytes) -> None:
    """Write a page as a response."""
    date = {"WARC-Date": "2026-10-04T12:00:00Z"}
    writer.write_record(
        writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=HTTP,
            warc_headers_dict=date,
        )
    )


def other_page(number: int) -> bytes:
    """A page of another site, as large as ours."""
    return b"<html><body>" + NAVIGATION + f"<p>Seite {number}</p></body></html>".encode()


def make_files(directory: Path, files: int, ours: int, others: int) -> Path:
    """So many WARC files, with so many pages of ours and of another site in all."""
    directory.mkdir()
    newsroom = Newsroom(max(1, ours))
    for number in range(files):
        with (directory / f"part-{number:04}.warc.gz").open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            for page in range(number, others, files):
                add(writer, f"https://www.example.org/{page}", other_page(page))
            for page in range(number, ours, files):
                article = newsroom.article(page)
                add(writer, article.url, render_article(article, navigation=NAVIGATION))
    return directory


def extraction(source: Path, target: Path, workers: Workers, **more: Any) -> LakeReport:
    """Extract a folder."""
    return run_extract([str(source)], str(target), (SITE,), workers, NOW, **more)


@contextmanager
def dask_cluster(directory: Path, workers: int) -> Iterator[str]:
    """The address of a scheduler with so many workers, all processes of their own."""
    from distributed import Client

    directory.mkdir()
    file = str(directory / "scheduler.json")
    programs: list[subprocess.Popen[bytes]] = []

    def start(what: str, *options: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--host", "127.0.0.1"]
        with (directory / f"{what}.txt").open("ab") as log:
            programs.append(
                subprocess.Popen(
                    [*command, "--no-dashboard", "--scheduler-file", file, *options],
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    try:
        start("scheduler", "--port", "0")
        local = ("--local-directory", str(directory))
        start("worker", "--nthreads", "1", "--nworkers", str(workers), *local)
        with Client(scheduler_file=file, timeout="60s", set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
            address = str(client.scheduler.address)
        yield address
    finally:
        for program in programs:
            program.kill()
            program.wait()


def seconds(run: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def processor_seconds() -> float:
    """What this process and all that it has started have taken so far."""
    me = psutil.Process()
    spent = 0.0
    for process in (me, *me.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            spent += sum(process.cpu_times()[:4])  # its own, and of children that have ended
    return spent


def best(
    contenders: dict[str, Callable[[], object]], rounds: int
) -> dict[str, tuple[float, float]]:
    """The shortest time of each, and the least processor time, taken in turns."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            before = processor_seconds()
            took = seconds(run)
            times[name].append((took, processor_seconds() - before))
    return {
        name: (min(took for took, _ in each), min(spent for _, spent in each))
        for name, each in times.items()
    }


def spread(source: Path, work: Path, pages: int, rounds: int) -> None:
    """One worker, two, and two of a cluster."""
    archive = work / "archive"
    run_import(ImportRequest(archive, paths=(source,), site=SITE.key), lambda: NOW)
    with (
        WorkerProcesses(1, BUDGET) as one,
        WorkerProcesses(2, BUDGET) as two,
        dask_cluster(work / "dask", 2) as address,
        clusters.workers(address, budget=BUDGET) as remote,
    ):
        numbers = iter(range(1_000_000))

        def extracting(workers: Workers) -> Callable[[], object]:
            def run() -> None:
                report = extraction(source, work / f"lake-{next(numbers)}", workers)
                assert (report.pages, report.failed) == (pages, 0), report

            return run

        def reading(**how: Any) -> Callable[[], object]:
            def run() -> None:
                report = reparse(archive, NOW, **how)
                assert report.pages == pages, report

            return run

        for workers in (one, two, remote):  # they are started, and have loaded what they need
            extraction(next(source.iterdir()), work / f"lake-{next(numbers)}", workers)
        names = ("one process", "two processes", "Dask, two workers")
        for what, runs in (
            ("extract", [extracting(workers) for workers in (one, two, remote)]),
            ("reparse", [reading(processes=1), reading(processes=2), reading(cluster=address)]),
        ):
            found = best(dict(zip(names, runs, strict=True)), rounds)
            for name, (took, spent) in found.items():
                speed = pages / took
                print(
                    f"{what:<9}{name:<19}{took:7.1f} s {speed:8.1f} pages/s {spent:7.1f} s of cores"
                )
            (single, _), (double, of_two), (dask, of_dask) = (found[name] for name in names)
            print(
                f"{what:<9}two are {single / double:.2f} x as fast; Dask takes {dask / double:.2f} "
                f"x as long, {of_dask / of_two:.2f} x the processor time"
            )


def travel(work: Path, tasks: int) -> None:
    """What it takes to have a task done that does nothing."""
    with (
        WorkerProcesses(2, BUDGET) as two,
        dask_cluster(work / "dask-travel", 2) as address,
        clusters.workers(address, budget=BUDGET) as remote,
        clusters.workers(address, budget=BUDGET) as plain,
    ):
        plain.batch, plain.ahead = 1, 16  # type: ignore[attr-defined]
        for name, workers in (("processes", two), ("batches", remote), ("one by one", plain)):
            workers.submit(abs, 0).result()  # they are started
            before = processor_seconds()
            took = seconds(lambda: all(_nothing(workers, tasks)))  # noqa: B023 - called here
            spent = processor_seconds() - before
            print(
                f"travel   {name:<11}{1e3 * took / tasks:6.2f} ms, "
                f"{1e3 * spent / tasks:6.2f} ms of cores a task"
            )


def _nothing(workers: Workers, tasks: int) -> Iterator[bool]:
    """The results of tasks that do nothing."""
    for future in in_order(workers, (partial(abs, -1) for _ in range(tasks)), lambda: False):
        yield bool(future.result())


def cost(work: Path, pages: int, rounds: int) -> None:
    """Processor time for pages of others and of ours, beside bare loops."""
    others = make_files(work / "others", 1, 0, 4 * pages)
    ours = make_files(work / "ours", 1, pages, 0)

    def bare(source: Path, *, read: bool) -> Callable[[], object]:
        def run() -> None:
            with next(source.iterdir()).open("rb") as file:
                for record in ArchiveIterator(file):
                    if not read:
                        continue
                    body = record.content_stream().read()
                    url = record.rec_headers.get_header("WARC-Target-URI")
                    extract(Capture(url, body, NOW, 200, tuple(HTTP.headers)), SITE)

        return run

    with WorkerProcesses(1, BUDGET) as worker:
        numbers = iter(range(1_000_000))
        for source, bar, read in ((others, 1.5, False), (ours, 1.3, True)):
            spent: dict[str, list[float]] = {"bare": [], "extract": []}
            for _ in range(rounds):
                began = time.process_time()
                bare(source, read=read)()
                spent["bare"].append(time.process_time() - began)
                report = extraction(source, work / f"cost-{next(numbers)}", worker)
                spent["extract"].append(report.processor_seconds)
            without, with_us = min(spent["bare"]), min(spent["extract"])
            print(
                f"{source.name:<9}bare {without:.2f} s, extract {with_us:.2f} s of processor time: "
                f"{with_us / without:.2f} x ({bar} at most)"
            )


def memory(work: Path, gib: float) -> None:
    """The peak of the worker that reads one large file."""
    part = next(make_files(work / "part", 1, 20, 980).iterdir()).read_bytes()
    path = work / "large" / "large.warc.gz"
    path.parent.mkdir()
    with path.open("wb") as file:
        while file.tell() < gib * (1 << 30):
            file.write(part)
    peak, over = [0], threading.Event()
    with WorkerProcesses(1, BUDGET) as worker:
        pid = worker.submit(os.getpid).result()

        def sample() -> None:
            while not over.wait(0.2):
                status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
                peak[0] = int(status.split("VmHWM:")[1].split()[0])

        sampler = threading.Thread(target=sample)
        sampler.start()
        try:
            took = seconds(lambda: extraction(path.parent, work / "large-lake", worker))
        finally:
            over.set()
            sampler.join()
    size = path.stat().st_size / (1 << 30)
    print(
        f"memory   a worker that reads {size:.2f} GiB: {peak[0] / 1000:.0f} MB, "
        f"in {took:.0f} s (300 MB at most)"
    )


class Failing:
    """Workers whose every tenth task fails as a disk or a network does."""

    def __init__(self, workers: Workers) -> None:
        self._workers, self._count = workers, 0
        self.failed = 0

    @property
    def processes(self) -> int:
        """How many tasks run at once."""
        return self._workers.processes

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a task, or have it fail."""
        self._count += 1
        if self._count % 10:
            return self._workers.submit(fn, *args, **kwargs)
        self.failed += 1
        task: Future[Any] = Future()
        task.set_exception(OSError(28, "No space left on device"))
        return task


def content(target: Path) -> dict[str, str]:
    """Digests of the Parquet files below a folder."""
    return {
        str(path.relative_to(target)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(target.rglob("*.parquet"))
    }


def month(work: Path, files: int) -> None:
    """Many files, few pages ours, a tenth of everything failing."""
    pages = 100 * files
    source = make_files(work / "month", files, pages // 50, pages - pages // 50)
    with WorkerProcesses(2, BUDGET) as two:
        whole = extraction(source, work / "whole", two)
        failing = Failing(two)
        report = extraction(source, work / "troubled", failing)
        tries = 1
        while report.exit_code:
            report = extraction(source, work / "troubled", failing, resume=True)
            tries += 1
    same = content(work / "troubled") == content(work / "whole")
    result = "the same result" if same else "ANOTHER RESULT"
    print(
        f"month    {files} files, {whole.records:,} records, {whole.pages} pages of ours; "
        f"{failing.failed} tasks failed, {tries} run(s): {result}"
    )


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--gib", type=float, default=1)
    parser.add_argument("--month", type=int, default=200, help="WARC files of a month")
    parser.add_argument(
        "--only",
        action="append",
        choices=("spread", "travel", "cost", "memory", "month"),
        help="part to measure; may be given several times, all if not given",
    )
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="lake-"))
    try:
        parts: dict[str, Callable[[], None]] = {
            "spread": lambda: spread(
                make_files(work / "source", FILES, given.pages, given.pages),
                work,
                given.pages,
                given.rounds,
            ),
            "travel": lambda: travel(work, min(given.pages, 2_000)),
            "cost": lambda: cost(work, max(100, given.pages // 5), given.rounds),
            "memory": lambda: memory(work, given.gib),
            "month": lambda: month(work, given.month),
        }
        for name in given.only or parts:
            parts[name]()
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
