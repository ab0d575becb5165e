"""All stored pages, read again with the present parser, in several processes.

A page that makes the HTML library crash costs its worker, not the run: the page is tried once more
by itself, and if it crashes again, it is reported and left as it was.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.archive import Archive, Store
from scraper.archive.read import raw_page, revision_ids
from scraper.errors import ArchiveError
from scraper.extract.again import Reparsed, read_again
from scraper.records import article_from_json

if TYPE_CHECKING:
    from datetime import datetime

_CHUNK = 25
_EXAMPLES = 3


@dataclass
class ReparseReport:
    """What reading everything again would change, or has changed."""

    pages: int = 0
    changed: int = 0
    failed: int = 0
    written: bool = False
    fields: dict[str, int] = field(default_factory=dict)
    """How many records change in a field."""
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """For each field up to three changes: `url before after`."""
    failures: list[tuple[str, str]] = field(default_factory=list)
    """URL and reason of each page that no longer parses, or crashes the parser."""

    def add(self, reading: Reparsed) -> None:
        """Count one page."""
        self.pages += 1
        if reading.error is not None:
            self.failed += 1
            self.failures.append((reading.url, reading.error))
        self.changed += reading.record is not None
        for name, before, after in reading.changes:
            self.fields[name] = self.fields.get(name, 0) + 1
            examples = self.examples.setdefault(name, [])
            if len(examples) < _EXAMPLES:
                examples.append({"url": reading.url, "before": before, "after": after})


def reparse(
    directory: Path,
    now: datetime,
    *,
    write: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    processes: int | None = None,
) -> ReparseReport:
    """Read every stored page again.

    Args:
        directory: where the archive lies.
        now: the present.
        write: replace the readings that differ; without it nothing is written.
        progress: is told how many pages of how many are done.
        processes: how many at once; as many as there are processors if None.

    Raises:
        ArchiveError: the archive cannot be read, or not be written.
    """
    report = ReparseReport(written=write)
    Archive.open_existing(directory).db.close()  # a mistyped directory must not become an archive
    opened = Archive.open(directory) if write else Archive.open_existing(directory)
    with opened as archive:
        ids = revision_ids(archive)
        store = Store(archive)
        for reading in _readings(directory, ids, processes or os.cpu_count() or 1):
            report.add(reading)
            if write and reading.record is not None:
                fields = [name for name, _before, _after in reading.changes]
                store.reread(reading.revision_id, article_from_json(reading.record), fields, now)
            progress(report.pages, len(ids))
    return report


def _readings(directory: Path, ids: list[int], processes: int) -> Iterator[Reparsed]:
    chunks = [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]
    broken: list[list[int]] = []
    with _pool(processes) as pool:
        futures = {pool.submit(_read_chunk, directory, chunk): chunk for chunk in chunks}
        for future in as_completed(futures):
            try:
                yield from future.result()
            except BrokenProcessPool:
                broken.append(futures[future])
    # Whoever crashed took the others of its pool along; each page now gets a process of its own.
    for chunk in broken:
        for revision_id in chunk:
            yield _read_alone(directory, revision_id)


def _read_alone(directory: Path, revision_id: int) -> Reparsed:
    with _pool(1) as pool:
        try:
            return pool.submit(_read_chunk, directory, [revision_id]).result()[0]
        except BrokenProcessPool:
            with Archive.open_existing(directory) as archive:
                url = archive.rows(
                    "SELECT c.url FROM revisions r JOIN captures c ON c.id = r.capture_id "
                    "WHERE r.id = ?",
                    (revision_id,),
                )[0]["url"]
            return Reparsed(revision_id, url, error="the parser crashes on it")


def _pool(processes: int) -> ProcessPoolExecutor:
    # A forked worker would share this process's database connection.
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))


def _read_chunk(directory: Path, ids: list[int]) -> list[Reparsed]:
    with Archive.open_existing(directory) as archive:
        return [_read_one(archive, revision_id) for revision_id in ids]


def _read_one(archive: Archive, revision_id: int) -> Reparsed:
    """One page; a damaged one costs itself alone."""
    name = f"revision {revision_id}"
    try:
        page = raw_page(archive, revision_id)
    except ArchiveError as error:
        return Reparsed(revision_id, name, error=str(error))
    return read_again(page) if page else Reparsed(revision_id, name, error="its page is missing")
