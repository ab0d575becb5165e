"""Another archive's newsrooms, captures, versions and events brought into one's own.

The other archive is only read: its database is copied aside first, brought to the present form, and
what was erased here is erased in the copy. The records that are new are written beside `warc/`;
then all rows come in as one transaction, so that an archive holds all of the other one or nothing.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from scraper import warc
from scraper.archive import Archive, begin_run, crawl_lock, end_run
from scraper.archive.arriving import FOLDER as ARRIVING
from scraper.archive.arriving import MERGING, is_waiting, take_places
from scraper.archive.connection import DATABASE_NAME, check_is_archive, guarded
from scraper.archive.corrections import note_corrections
from scraper.archive.followed import FOLDER as SITES_FOLDER
from scraper.archive.followed import registry_of
from scraper.archive.forget import forget, unfinished
from scraper.archive.journal import forget_marks
from scraper.archive.merge_captures import (
    ComingCaptures,
    insert_captures,
    stage_records,
    tell_apart,
)
from scraper.archive.merge_history import Source
from scraper.archive.merge_rows import MergedRows
from scraper.archive.runs import DEMO_IMPORT, IMPORT, is_invented, refuse_mixing
from scraper.archive.store import Store
from scraper.archive.tombstones import erased, tombstone_of
from scraper.archive.verify import verify
from scraper.disk.atomic import write_whole
from scraper.errors import ArchiveError, Interrupted, UsageError
from scraper.extract.redacting import redacting
from scraper.warc.rewrite import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


ASIDE = MERGING
"""In the directory of an archive: where another one is prepared."""
_LOCK = "merge"
_READ_APART = (
    "{count:,} releases have versions now that different versions of this program have read, whose "
    "reading may look like an edit. Where that matters, run `newsroom reparse --write` in both "
    "archives before they are merged."
)
_DAMAGE = (LookupError, TypeError, ValueError, AttributeError, sqlite3.Error)


@dataclass
class MergeReport:
    """What a merge did.

    Attributes:
        other: directory of the other archive.
        dry_run: whether nothing was written.
        newsrooms: keys of those that are new here.
        added: releases that are new here.
        changed: releases that were here, and have got versions, events or times.
        unchanged: releases that stay as they are.
        captures: that came in.
        known: captures that were here already.
        conflicts: address or newsroom, and a sentence: what does not fit, and what stays.
        kept_out: addresses of releases that were erased here, and did not come in.
        forgotten_there: `address day reason` of releases that were erased there, and are here.
        notes: sentences that are worth knowing.
    """

    other: str
    dry_run: bool = False
    newsrooms: list[str] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    captures: int = 0
    known: int = 0
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    kept_out: list[str] = field(default_factory=list)
    forgotten_there: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _OnlyTried(Exception):
    """Ends the transaction of a dry run, of which nothing stays."""


def _end_dry_run(report: MergeReport) -> None:
    if report.dry_run:
        raise _OnlyTried


def merge(
    directory: Path,
    other: Path,
    now: Callable[[], datetime],
    *,
    dry_run: bool = False,
    stop: Callable[[], bool] = lambda: False,
) -> MergeReport:
    """Bring another archive into the one of a directory; once more it changes nothing.

    Args:
        directory: of the archive, which is made if there is none.
        other: directory of the other one, which is only read.
        now: the present, with time zone.
        dry_run: only say what would come in.
        stop: says whether to end; nothing has come in then.

    Raises:
        UsageError: there is no other archive, or it is this one, or one of them is a replica's.
        CrawlRunning: a crawl or another merge is at work on the archive.
        ArchiveError: one of them cannot be read or written.
        Interrupted: it was asked to end.
    """
    if not (other / DATABASE_NAME).exists():
        raise UsageError(f"There is no archive at {other / DATABASE_NAME}, so nothing was merged.")
    if other.resolve() == directory.resolve():
        raise UsageError(f"{other} is this archive itself. Say the directory of another one.")
    report = MergeReport(str(other), dry_run)
    try:
        with ExitStack() as stack:
            if dry_run and not (directory / DATABASE_NAME).exists():
                directory = Path(stack.enter_context(TemporaryDirectory()))
            stack.enter_context(crawl_lock(directory, _LOCK))
            aside = directory / ASIDE
            shutil.rmtree(aside, ignore_errors=True)  # of one that was cut off
            (aside / warc.DIRECTORY_NAME).mkdir(parents=True)
            stack.callback(shutil.rmtree, aside, ignore_errors=True)
            archive = stack.enter_context(Archive.open(directory))
            copy = stack.enter_context(closing(_copy(other, aside / "other")))
            for key in sorted({row["key"] for each in (archive, copy) for row in each.rows(_KEYS)}):
                stack.enter_context(crawl_lock(directory, key))
            _Merge(archive, copy, other, aside, report, now, stop).run()
    except OSError as error:
        raise ArchiveError(
            f"{other} could not be merged into {directory} ({error}). Nothing came in that was not "
            "complete. Make room or check the permissions, and run the same command again."
        ) from error
    return report


_KEYS = "SELECT key FROM sites UNION SELECT site FROM runs ORDER BY 1"


def _copy(other: Path, aside: Path) -> Archive:
    """A copy of another archive's database with its WARC files, open and in the present form."""
    aside.mkdir()
    path = other / DATABASE_NAME
    if is_waiting(other):
        raise ArchiveError(
            f"In {other} another merge has not come to its end. Run a command there, such as "
            f"`newsroom --data {other} stats`, then this one again."
        )
    log = path.with_name(path.name + "-wal")
    for _try in range(2):
        is_at_rest = not (log.exists() and log.stat().st_size)
        # At rest nothing at all is written there, not even the files that SQLite uses for sharing.
        uri = path.absolute().as_uri() + ("?mode=ro&immutable=1" if is_at_rest else "?mode=ro")
        (aside / DATABASE_NAME).unlink(missing_ok=True)
        with (
            guarded(path),
            closing(sqlite3.connect(uri, uri=True)) as db,
            closing(sqlite3.connect(aside / DATABASE_NAME)) as copy,
        ):
            check_is_archive(db, path)
            db.backup(copy)
        if not is_at_rest or not (log.exists() and log.stat().st_size):
            break  # else a crawl has begun there meanwhile
    _refuse_damaged(aside / DATABASE_NAME, other)
    (aside / warc.DIRECTORY_NAME).symlink_to((other / warc.DIRECTORY_NAME).absolute())
    return Archive.open(aside)


def _refuse_damaged(copy: Path, other: Path) -> None:
    """See that all rows are as they were written: here they would get digests that say so.

    Raises:
        ArchiveError: they are not.
    """
    archive, is_ready = Archive.open_as_it_is(copy)
    with archive:
        problems = verify(archive, only=_ROWS)["problems"] if is_ready else []
    if problems:
        more = f" (and {len(problems) - 1:,} more)" if len(problems) > 1 else ""
        raise ArchiveError(
            f"The archive in {other} is damaged, so nothing was brought in: {problems[0]}{more} "
            f"`newsroom --data {other} verify` names all. Restore it from a backup, or make it "
            "again with `newsroom rebuild` from its WARC files, and merge that one."
        )


_ROWS = frozenset({"the file", "articles", "versions", "attachments", "rows"})


class _Merge:
    """One merge, between the locks and the report."""

    def __init__(
        self,
        archive: Archive,
        copy: Archive,
        other: Path,
        aside: Path,
        report: MergeReport,
        now: Callable[[], datetime],
        stop: Callable[[], bool],
    ) -> None:
        self._archive = archive
        self._copy = copy
        self._other = other
        self._aside = aside
        self._report = report
        self._now = now
        self._stop = stop

    def run(self) -> None:
        archive, report = self._archive, self._report
        self._refuse()
        self._erase_again()
        coming = tell_apart(archive, self._copy)
        report.captures, report.known = len(coming.new), len(coming.known)
        staged = self._aside / warc.DIRECTORY_NAME
        if report.dry_run:
            coming.places = dict.fromkeys(coming.new, warc.Place("", 0, 0))
        else:
            stage_records(archive, self._copy, coming, staged, self._now, self._ask)
        try:
            with archive.transaction():
                self._bring(coming, staged)
                _end_dry_run(report)
                if coming.files:
                    staged.rename(archive.path.parent / ARRIVING)
        except _OnlyTried:
            return
        except _DAMAGE as error:
            raise ArchiveError(
                f"The archive in {self._other} is damaged ({type(error).__name__}: {error}), so "
                "nothing was brought in. `newsroom verify` says of it all that is; restore it "
                "from a backup."
            ) from error
        take_places(archive.path.parent, archive.transaction())
        self._bring_files_of_facts()

    def _ask(self) -> None:
        if self._stop():
            raise Interrupted

    def _refuse(self) -> None:
        """See that both archives are of a kind, and no erasure is on its way.

        Raises:
            UsageError, ArchiveError: they are not so.
        """
        for archive, where in (
            (self._archive, self._archive.path.parent),
            (self._copy, self._other),
        ):
            if unfinished(archive):
                raise ArchiveError(
                    f"An erasure in {where} was ended before it was complete, so nothing was "
                    "brought in. `newsroom verify` there says which command completes it."
                )
        if not self._copy.is_empty():
            refuse_mixing(self._archive, invented=is_invented(self._copy))
        for row in self._copy.rows("SELECT DISTINCT warc_file FROM captures"):
            name = row["warc_file"]
            if name is not None and Path(str(name)).name != name:
                raise ArchiveError(
                    f"The archive in {self._other} is damaged: it names a file {name!r:.80} that "
                    "lies outside of it. Nothing was brought in."
                )

    def _erase_again(self) -> None:
        """Erase in the copy what was erased here, teasers and raw pages too."""
        gone = {}
        if self._archive.rows("SELECT 1 FROM tombstone_hashes LIMIT 1"):
            for row in self._copy.rows(_NAMED):
                known = self._copy.rows(_ADDRESSES, (row["id"],))
                addresses = (row["url"], *(each["url"] for each in known))
                identity = {"site": row["site"], "content_id": row["content_id"]}
                if tombstone_of(self._archive, *addresses, **identity) is not None:
                    gone[str(row["id"])] = row["url"]
            unread = [row["url"] for row in self._copy.rows(_UNREAD)]
            gone |= {url: url for url in erased(self._archive, unread)}
        if not gone:
            return
        self._report.kept_out = sorted(gone.values())
        directory = self._copy.warc_directory
        source = directory.resolve()
        directory.unlink()
        directory.mkdir()
        for path in warc.files(source):
            self._ask()
            shutil.copyfile(path, directory / path.name)
        redact = redacting(registry_of(self._copy))
        forget(self._copy, gone, redact, self._now())

    # --- inside the transaction -------------------------------------------------------------------

    def _bring(self, coming: ComingCaptures, staged: Path) -> None:
        archive, report = self._archive, self._report
        files = [
            (name, (staged / name).stat().st_size, sha256_of(staged / name))
            for name in coming.files
        ]
        (last,) = archive.rows("SELECT coalesce(max(id), 0) AS id FROM captures")
        source = Source(self._copy, coming.known, last["id"])
        with archive.transaction() as db:
            insert_captures(archive, db, self._copy, coming)
            rows = MergedRows(archive, db, source)
            rows.run()
            Store(archive).index()
            for site in filter(None, map(registry_of(archive).known, self._keys(rows, coming))):
                note_corrections(archive, site)
            report.newsrooms = rows.newsrooms
            report.added, report.changed, report.unchanged = (
                sum(figures.values()) for figures in (rows.added, rows.changed, rows.same)
            )
            report.forgotten_there = rows.forgotten
            report.conflicts += source.conflicts
            if source.read_apart:
                report.notes.append(_READ_APART.format(count=source.read_apart))
            keys = self._keys(rows, coming)
            for key in keys:
                self._note_run(key, rows, files)
            if keys:
                forget_marks(db)  # the next run tells the journal of all that has come in

    def _keys(self, rows: MergedRows, coming: ComingCaptures) -> list[str]:
        """The newsrooms that have got something."""
        found = {*rows.newsrooms, *rows.added, *rows.changed}
        if not found and coming.new:
            found = {row["key"] for row in self._copy.rows(_KEYS)}
        return sorted(found)

    def _note_run(self, key: str, rows: MergedRows, files: list[tuple[str, int, str]]) -> None:
        """Add a run that says what came in for a newsroom, and its link of the chain."""
        source = DEMO_IMPORT if is_invented(self._copy) else IMPORT
        run_id = begin_run(self._archive, key, source, self._now())
        told = (rows.added, rows.changed, rows.same)
        new, changed, unchanged = (figures.get(key, 0) for figures in told)
        figures: dict[str, Any] = {"found": new + changed + unchanged, "new": new}
        figures |= {"changed": changed, "unchanged": unchanged, "exit_code": 0}
        figures |= dict.fromkeys(("moved", "gone", "failed", "requests", "retries"), 0)
        figures |= {"warnings": [f"{name}: {what}" for name, what in self._report.conflicts]}
        figures["failures"] = []
        end_run(self._archive, run_id, self._now(), figures, files)

    # --- beside the database ----------------------------------------------------------------------

    def _bring_files_of_facts(self) -> None:
        """Copy the user's own files of facts, of newsrooms that have none here."""
        folder = self._archive.path.parent / SITES_FOLDER
        for path in sorted((self._other / SITES_FOLDER).glob("*.toml")):
            target = folder / path.name
            if path.is_symlink() or not path.is_file():
                continue
            if not target.exists():
                folder.mkdir(exist_ok=True)
                write_whole(target, path.read_bytes())
            elif target.read_bytes() != path.read_bytes():
                conflict = (path.stem, "its file of facts differs; the one here stays")
                if conflict not in self._report.conflicts:
                    self._report.conflicts.append(conflict)


_NAMED = "SELECT id, url, site, content_id FROM articles ORDER BY id"
_ADDRESSES = "SELECT url FROM candidates WHERE article_id = ?"
_UNREAD = """
SELECT url FROM captures WHERE error IS NOT NULL AND url NOT IN (SELECT url FROM articles)
AND url NOT IN (SELECT url FROM candidates WHERE article_id IS NOT NULL)
UNION SELECT url FROM candidates WHERE article_id IS NULL AND alias_of IS NULL
"""
