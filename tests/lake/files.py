"""WARC files of a few newsrooms for extractions, and what is in them."""

from __future__ import annotations

import os
from concurrent.futures import Future
from pathlib import Path

from scraper.extract.workers import WorkerProcesses
from scraper.lake.run import LakeReport, run_extract
from scraper.sites import get_site
from tests.importing.captures import NOW, SECTION, Warc, new_page, stamp
from tests.support.replica import reading

SITES = tuple(map(get_site, ("dortmund", "wien")))
OTHERS = "https://www.example.org/page"


def collection(path: Path, *, files: int = 4, ours: int = 5, others: int = 8) -> Path:
    """A folder of WARC files in which a part of the pages is a newsroom's."""
    path.mkdir(exist_ok=True)
    for number in range(files):
        warc = Warc().info()
        for page in range(max(ours, others)):
            if page < others:
                warc.response(
                    f"{OTHERS}-{number}-{page}", b"<html>nothing</html>", stamp(page % 60)
                )
            if page < ours:
                slug = f"meldung-{number}-{page}"
                text = f"„Die Brücke {page} ist offen“, sagt Bürgermeisterin Anna Beispiel."
                warc.response(f"{SECTION}/{slug}.html", new_page(slug, text), stamp(page))
        warc.save(path / f"part-{number}.warc.gz")
    return path


def extraction(
    source: object, target: object, workers: object = None, **more: object
) -> LakeReport:
    """An extraction on this machine, or with other workers."""
    sources = source if isinstance(source, list) else [str(source)]
    if workers is not None:
        return run_extract(sources, str(target), SITES, workers, NOW, **more)
    with reading() as local:
        return run_extract(sources, str(target), SITES, local, NOW, **more)


def content(target: Path) -> dict[str, bytes]:
    """The Parquet files below a folder."""
    return {
        str(path.relative_to(target)): path.read_bytes()
        for path in sorted(target.rglob("*.parquet"))
    }


class Deadly:
    """Workers of which one dies whenever it reads a range with a certain byte in it."""

    def __init__(self, workers: WorkerProcesses, source: str, place: int) -> None:
        self._workers = workers
        self._source = source
        self._place = place
        self.deaths = 0

    @property
    def processes(self) -> int:
        return self._workers.processes

    def submit(self, fn, /, *args):
        task = args[0]
        reads = fn.__name__ == "read_range"
        if reads and task.source == self._source and task.start <= self._place < task.end:
            self.deaths += 1
            return self._workers.submit(os.abort)
        return self._workers.submit(fn, *args)


class Failing:
    """Workers whose every n-th task fails as a disk or a network does."""

    def __init__(self, workers: WorkerProcesses, every: int) -> None:
        self._workers = workers
        self._every = every
        self._count = 0

    @property
    def processes(self) -> int:
        return self._workers.processes

    def submit(self, fn, /, *args):
        self._count += 1
        if self._count % self._every == 0:
            failed: Future[object] = Future()
            failed.set_exception(OSError(28, "No space left on device"))
            return failed
        return self._workers.submit(fn, *args)
