"""All stored pages, read again with the present parser, in several worker processes.

A page that exceeds its budget, or crashes the HTML library, costs its worker and not the run: it is
reported and left as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.archive import Archive, Store
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.corrections import note_corrections
from scraper.archive.followed import registry_of
from scraper.archive.over_budget import REFUSAL, OverBudgetContents
from scraper.archive.read import raw_page, revision_contents
from scraper.errors import ArchiveError, Interrupted, UsageError
from scraper.extract.again import DAMAGED, Reparsed, read_again
from scraper.extract.batches import in_order
from scraper.extract.cluster import ClusterWorkers, why_it_ended, workers
from scraper.extract.workers import BudgetExceeded
from scraper.records import article_from_json

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.archive.read import RevisionContent
    from scraper.extract.workers import Workers
    from scraper.sites import Registry

_EXAMPLES = 3
_SITES = "SELECT DISTINCT site FROM articles"


@dataclass
class ReparseReport:
    """What reading everything again would change, or has changed."""

    stored: int = 0
    """Pages there are."""
    pages: int = 0
    """Pages that were read."""
    changed: int = 0
    failed: int = 0
    written: bool = False
    fields: dict[str, int] = field(default_factory=dict)
    """How many records change in a field."""
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """For each field up to three changes: `url before after`."""
    failures: list[tuple[str, str]] = field(default_factory=list)
    """URL and reason of each page that no longer parses, or exceeds its budget."""
    ended_early: str | None = None
    """Why the run stopped before its end; None if it did not."""

    def add(self, reading: Reparsed) -> None:
        """Count one page."""
        self.pages += 1
        if reading.error is not None:
            self.failed += 1
            self.failures.append((reading.url, reading.error))
        self.changed += bool(reading.changes)
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
    cluster: str | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> ReparseReport:
    """Read every stored page again.

    Args:
        directory: where the archive lies.
        now: the present.
        write: replace the readings that differ; without it nothing is written.
        progress: is told how many pages of how many are done.
        processes: how many at once; as many as there are processors if None.
        cluster: address of a Dask scheduler, whose workers see the same directory; None for here.
        stop: says whether to end now; what was written so far stays.

    Raises:
        ArchiveError: the archive cannot be read, or not be written.
    """
    report = ReparseReport(written=write)
    Archive.open_existing(directory).db.close()  # a mistyped directory must not become an archive
    opened = Archive.open(directory) if write else Archive.open_existing(directory)
    with opened as archive, workers(cluster, processes) as them:
        if isinstance(them, ClusterWorkers):
            directory = directory.absolute()
            them.see(directory / DATABASE_NAME)
        contents = revision_contents(archive)
        report.stored = len(contents)
        store = Store(archive)
        tries = OverBudgetContents(archive, lambda: now)
        try:
            for reading in _readings(directory, contents, them, tries, stop, write=write):
                report.add(reading)
                if write and reading.record is not None:
                    fields = [name for name, _before, _after in reading.changes]
                    article = article_from_json(reading.record)
                    store.reread(reading.revision_id, article, fields, now)
                progress(report.pages, len(contents))
        except Interrupted as error:
            report.ended_early = why_it_ended(error)
        if write:
            sites = registry_of(archive)
            for key in [row["site"] for row in archive.rows(_SITES)]:
                if (site := sites.known(key)) is not None:
                    note_corrections(archive, site)
    return report


def _readings(
    directory: Path,
    contents: list[RevisionContent],
    them: Workers,
    tries: OverBudgetContents,
    stop: Callable[[], bool],
    *,
    write: bool,
) -> Iterator[Reparsed]:
    refused = tries.refused()
    wanted = [content for content in contents if content.sha256 not in refused]
    for content in contents:
        if content.sha256 in refused:
            yield Reparsed(content.revision_id, content.url, error=REFUSAL)
    tried = tries.tried()
    suspects = {number for number, content in enumerate(wanted) if content.sha256 in tried}
    read: Callable[..., Reparsed] = read_revision if write else partial(_brief, read_revision)
    tasks = (partial(read, directory, content.revision_id) for content in wanted)
    for content, future in zip(wanted, in_order(them, tasks, stop, suspects), strict=True):
        try:
            yield future.result()
        except BudgetExceeded as error:
            if write:
                tries.note(content.sha256, content.url, str(error))
            yield Reparsed(content.revision_id, content.url, error=str(error))


# --- in the worker -------------------------------------------------------------------------------


def read_revision(directory: Path, revision_id: int) -> Reparsed:
    """One stored page, read again; a damaged one costs itself alone."""
    name = f"revision {revision_id}"
    try:
        page = raw_page(_opened(directory), revision_id)
    except ArchiveError as error:
        return Reparsed(revision_id, name, error=str(error))
    if page is None:
        return Reparsed(revision_id, name, error="its page is missing")
    try:
        site = _sites(directory).get(page.record["site"])
    except UsageError as error:  # of a city that a later version, or another archive, knows
        return Reparsed(revision_id, page.capture.url, error=str(error))
    except (KeyError, TypeError):
        return Reparsed(revision_id, page.capture.url, error=DAMAGED)
    return read_again(page, site)


def _brief(read: Callable[..., Reparsed], directory: Path, revision_id: int) -> Reparsed:
    """The same without the new record, which a report does not need."""
    return replace(read(directory, revision_id), record=None)


@lru_cache(maxsize=1)
def _sites(directory: Path) -> Registry:
    """The sites that the archive knows, read once in each worker."""
    return registry_of(_opened(directory))


@lru_cache(maxsize=1)
def _opened(directory: Path) -> Archive:
    """The archive, opened once in each worker."""
    return Archive.open_existing(directory)
