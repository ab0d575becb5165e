"""An archive made again from WARC files alone: rows from their journals, records from the pages.

Nothing is written into WARC files: the new archive's captures point into those that are there,
which are linked or copied into its directory. The database is made aside and gets its name when it
is complete; a rebuild that was cut off begins again.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import shutil
import sqlite3
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warcio.archiveiterator import ArchiveIterator

from scraper import __version__, urls, warc
from scraper.archive import Archive, Store, crawl_lock
from scraper.archive.arriving import REBUILDING
from scraper.archive.attachments import fill_text
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.followed import registry_of
from scraper.archive.journal import ADDRESS, set_mark
from scraper.archive.read import read_capture_by_id
from scraper.archive.store import article_row, insert_row, write_children
from scraper.archive.tombstones import put_back
from scraper.decide.fingerprint import fingerprint
from scraper.errors import ArchiveError, Interrupted, PagesFailed, ParseError, UsageError
from scraper.extract.cluster import workers
from scraper.extract.extract import with_listed_district
from scraper.extract.reading import PageReader
from scraper.importing.journals import Journals, read_journals
from scraper.importing.placed import place_pages
from scraper.records import to_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scraper.extract.workers import Workers
    from scraper.records import Article
    from scraper.sites import Site

ASIDE = REBUILDING
"""In the directory of an archive: where its database is made again."""
_LOCK = "rebuild"
_PAGES_PER_INDEX = 100
_PARENTS = {
    "article_id": "SELECT 1 FROM articles WHERE id = ?",
    "capture_id": "SELECT 1 FROM captures WHERE id = ?",
}
NOT_KNOWN = (
    "WARC files do not say what happened after the last run that kept something (when a listing "
    "named a release last, runs without news, how the last one ended), which pages exceeded the "
    "budget, what hosts asked for, or watches: these begin anew."
)


@dataclass
class RebuildReport:
    """What a rebuild did.

    Attributes:
        files: WARC files that were read.
        releases: how many there are now.
        captures: likewise.
        events: likewise.
        read_differently: versions that this version of the program reads differently.
        failures: file, address or place, and reason, of what could not be read.
        notes: sentences about what WARC files cannot say.
        exit_code: what the process ends with.
    """

    files: int = 0
    releases: int = 0
    captures: int = 0
    events: int = 0
    read_differently: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=lambda: [NOT_KNOWN])
    exit_code: int = 0


def rebuild(
    directory: Path,
    source: Path,
    keys: list[str],
    now: Callable[[], datetime],
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    stop: Callable[[], bool] = lambda: False,
) -> RebuildReport:
    """Make an archive from WARC files.

    Args:
        directory: of the new archive, which must not hold a database.
        source: directory with WARC files, such as `warc/` of the old one.
        keys: newsrooms whose pages are looked for in files without a journal.
        now: the present, with time zone.
        progress: is told how many releases of how many are done.
        stop: says whether to end; nothing is left then but the WARC files.

    Raises:
        UsageError: there is an archive, there are no WARC files, they are of several archives, or
            nothing says whose releases they hold.
        CrawlRunning: another rebuild is at work.
        ArchiveError: something cannot be read or written.
        Interrupted: it was asked to end.
    """
    if (directory / DATABASE_NAME).exists():
        raise UsageError(
            f"There is an archive at {directory / DATABASE_NAME} already, so nothing was written. "
            "Choose another directory with --data, or move that file away."
        )
    if not warc.files(source) and not _unpacked(source):
        raise UsageError(
            f"There are no WARC files (.warc.gz or .warc) in {source}. Name the directory `warc` "
            "of an archive, or one with files of another program; folders in it are not looked at."
        )
    report = RebuildReport()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with crawl_lock(directory, _LOCK):
            pages, aside = directory / warc.DIRECTORY_NAME, directory / ASIDE
            _bring(source, pages)
            warc.recover(pages)
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
            (aside / warc.DIRECTORY_NAME).symlink_to(Path("..") / warc.DIRECTORY_NAME)
            files = warc.files(pages)
            report.files = len(files)
            found = read_journals(files)
            if found.archive is None and not keys:
                raise UsageError(
                    f"The WARC files in {source} have no journal that says whose releases they "
                    "hold, as those of other programs and older versions have none. Say it with "
                    "--site KEY, once for each newsroom."
                )
            with workers(None) as them, Archive.open(aside) as archive:
                work = _Rebuild(archive, found, report, them, now, stop)
                work.run(keys, progress)
            (aside / DATABASE_NAME).replace(directory / DATABASE_NAME)
            shutil.rmtree(aside)
    except OSError as error:
        raise ArchiveError(
            f"The archive could not be rebuilt in {directory} ({error}). Make room or check the "
            "permissions, and run the same command again."
        ) from error
    report.exit_code = PagesFailed.exit_code if report.failures else 0
    return report


def _bring(source: Path, pages: Path) -> None:
    """Link or copy WARC files into a directory, unless they are there; pack those that are not."""
    pages.mkdir(parents=True, exist_ok=True)
    for path in _unpacked(source):
        target = pages / f"{path.name}.gz"
        partial = target.with_name(f".newsroom-{target.name}.part")
        if not target.exists():
            _pack(path, partial)
            partial.replace(target)
    for path in warc.files(source):
        target = pages / path.name
        if target.exists() and target.samefile(path):
            continue
        if target.exists():
            if target.stat().st_size == path.stat().st_size:
                continue  # of a rebuild that was cut off: a copy has its name when it is whole
            raise UsageError(
                f"{target} is there already, and another file than {path}. Choose a new directory "
                "with --data."
            )
        partial = target.with_name(f".newsroom-{path.name}.part")
        partial.unlink(missing_ok=True)
        if not _linked(path, partial):
            shutil.copyfile(path, partial)
        partial.replace(target)


def _unpacked(source: Path) -> list[Path]:
    """The WARC files that are not packed, of which none with the same name is."""
    found = (path for path in source.glob("*.warc") if path.is_file())
    return sorted(path for path in found if not path.with_name(f"{path.name}.gz").exists())


def _pack(path: Path, target: Path) -> None:
    """Write a WARC file anew, each record packed for itself; without journals.

    They name places in packed files.
    """
    with path.open("rb") as read, path.open("rb") as file, target.open("wb") as packed:
        records = ArchiveIterator(read, no_record_parse=True)
        for record in records:
            is_journal = str(record.rec_headers.get_header("WARC-Target-URI")).startswith(ADDRESS)
            records.read_to_end(record)
            if not is_journal:  # byte by byte: warcio's writer leaves out what revisits hold
                file.seek(records.get_record_offset())
                packed.write(gzip.compress(file.read(records.get_record_length())))


def _linked(path: Path, target: Path) -> bool:
    """Link a finished file; not one that a crawl may be writing, which is mended here."""
    if path.name.endswith(warc.OPEN_SUFFIX):
        return False
    try:
        target.hardlink_to(path.resolve())
    except OSError:  # another disk, or a file system without links
        return False
    return True


def _refuse_outside(name: Any) -> None:
    if Path(str(name)).name != name:
        raise ValueError(f"{name!r:.60} lies outside of the directory")


class _Rebuild:
    """Fills an empty archive."""

    def __init__(
        self,
        archive: Archive,
        found: Journals,
        report: RebuildReport,
        them: Workers,
        now: Callable[[], datetime],
        stop: Callable[[], bool],
    ) -> None:
        self._archive = archive
        self._found = found
        self._report = report
        self._workers = them
        self._now = now
        self._stop = stop
        self._columns: dict[str, set[str]] = {}
        self._readers: dict[str, tuple[Site, PageReader]] = {}

    def run(self, keys: list[str], progress: Callable[[int, int], None]) -> None:
        report, rows = self._report, self._found.rows
        report.failures += self._found.troubles
        self._erased()
        for table in ("sites", "runs", "captures"):
            self._insert_all(table)
        self._provenance()
        releases = list(rows["releases"].values())
        for done, release in enumerate(releases, start=1):
            if self._stop():
                raise Interrupted
            try:
                self._release(release)
            except (KeyError, TypeError, ValueError, sqlite3.Error, ArchiveError) as error:
                report.failures.append(
                    (str(release.get("url")), f"its journal is damaged: {error}")
                )
            if done % _PAGES_PER_INDEX == 0:
                Store(self._archive).index()
            progress(done, len(releases))
        for table in ("candidates", "pictures", "files", "file_versions"):
            self._insert_all(table)
        self._read_files()
        Store(self._archive).index()
        self._finish(keys)

    def _erased(self) -> None:
        """What was erased stays out, of other files and of the next crawl, too."""
        for row in self._found.rows["tombstones"].values():
            try:
                put_back(self._archive, row)
            except (sqlite3.Error, LookupError, TypeError, ValueError) as error:
                self._report.failures.append(
                    (str(row.get("address")), f"a tombstone is damaged: {error}")
                )

    # --- rows -----------------------------------------------------------------------------------

    def _insert_all(self, table: str) -> None:
        for row in self._found.rows[table].values():
            self._without_missing(row)
            try:
                _refuse_outside(row.get("warc_file", ""))
                with self._archive.transaction():
                    self._insert(table, row)
            except (sqlite3.Error, ArchiveError, ValueError) as error:
                where = str(row.get("url") or row.get("id"))
                self._report.failures.append((where, f"a row of {table} is damaged: {error}"))

    def _without_missing(self, row: dict[str, Any]) -> None:
        """Take out of a row what could not be read, and is among the failures."""
        for name, sql in _PARENTS.items():
            if row.get(name) is not None and not self._archive.rows(sql, (row[name],)):
                row[name] = None

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        known = self._columns.get(table)
        if known is None:
            info = self._archive.rows(f"PRAGMA table_info({table})")
            known = self._columns[table] = {column["name"] for column in info}
        insert_row(self._archive.db, table, {k: v for k, v in row.items() if k in known})

    def _provenance(self) -> None:
        """From which web archives captures are, as their records say."""
        places = "SELECT id, warc_file, warc_offset FROM captures WHERE warc_file IS NOT NULL"
        with self._archive.transaction():
            for row in self._archive.rows(places):
                url = self._found.sources.get((row["warc_file"], row["warc_offset"]))
                if url:
                    told = {"capture_id": row["id"], "archive": urls.host(url), "url": url}
                    self._insert("provenance", told)

    # --- releases -------------------------------------------------------------------------------

    def _release(self, release: dict[str, Any]) -> None:
        """A release with all its versions and events, in one transaction."""
        read = [
            (version, article)
            for version in release["versions"]
            if (article := self._article(release, version)) is not None
        ]
        if not read:
            return
        newest, article = read[-1]
        record = to_json(article)
        with self._archive.transaction() as db:
            times = ("id", "url", "site", "first_seen", "last_seen", "gone_at")
            whole = article_row(record) | {name: release.get(name) for name in times}
            whole |= {"fingerprint": fingerprint(article), "capture_id": newest["capture_id"]}
            self._insert("articles", whole)
            for number, (version, words) in enumerate(read, start=1):
                found = fingerprint(words)
                self._report.read_differently += found != version["fingerprint"]
                own = {"article_id": release["id"], "number": number, "parser": __version__}
                told = json.dumps(to_json(words), ensure_ascii=False)
                self._insert("revisions", version | own | {"fingerprint": found, "record": told})
            write_children(db, release["id"], record)
            for event in release["events"]:
                self._without_missing(event)
                self._insert("events", event | {"article_id": release["id"]})

    def _article(self, release: dict[str, Any], version: dict[str, Any]) -> Article | None:
        """The record of a version, read in its page; None if that cannot be read."""
        url = version.get("url") or release["url"]
        capture_id = version.get("capture_id")
        if capture_id is None or capture_id not in self._found.rows["captures"]:
            self._report.failures.append((url, "its page is in none of these files"))
            return None
        try:
            _site, reader = self._reader(release["site"])
            listed, district = self._listed(release["id"])
            capture = read_capture_by_id(self._archive, capture_id)
            article = reader.article(capture, listed) if listed else reader.article(capture)
        except ParseError as error:
            self._report.failures.append((url, error.reason))
        except (ArchiveError, UsageError) as error:
            self._report.failures.append((url, str(error)))
        else:
            return with_listed_district(dataclasses.replace(article, url=url), district)
        return None

    def _listed(self, article_id: int) -> tuple[dict[str, str], str | None]:
        """What listings said of a release, and the district that they gave it."""
        if not hasattr(self, "_by_release"):
            self._by_release: dict[int, list[dict[str, Any]]] = {}
            for row in self._found.rows["candidates"].values():
                self._by_release.setdefault(row.get("article_id", 0), []).append(row)
        rows = self._by_release.get(article_id, [])
        listed = next((row["listed"] for row in rows if row.get("listed")), "{}")
        return json.loads(listed), next((r["district"] for r in rows if r.get("district")), None)

    def _reader(self, key: str) -> tuple[Site, PageReader]:
        if key not in self._readers:
            site = registry_of(self._archive).get(key)
            self._readers[key] = site, PageReader(self._workers, site, self._stop)
        return self._readers[key]

    # --- attached files, and the end -------------------------------------------------------------

    def _read_files(self) -> None:
        """Read the newest file of each address, and tell the releases that have it."""
        archive = self._archive
        for row in archive.rows(
            "SELECT v.url, v.capture_id, f.site, c.size, c.sha256, max(v.id) FROM file_versions v "
            "JOIN files f ON f.url = v.url JOIN captures c ON c.id = v.capture_id GROUP BY v.url"
        ):
            capture = read_capture_by_id(archive, row["capture_id"])
            read = asdict(self._reader(row["site"])[1].file(capture))
            stated = (capture.header("content-type") or "").partition(";")[0].strip().lower()
            read["media_type"] = read["media_type"] or stated[:100] or "application/octet-stream"
            kept = {name: row[name] for name in ("size", "sha256", "capture_id")}
            fill_text(archive, row["url"], read | kept)
        with archive.transaction() as db:
            db.execute(
                "UPDATE attachments SET reason = (SELECT error FROM files WHERE url = "
                "attachments.url) WHERE sha256 IS NULL AND url IN (SELECT url FROM files)"
            )

    def _finish(self, keys: list[str]) -> None:
        """Bring in what has no journal, and end each newsroom with a run of its own."""
        archive, report = self._archive, self._report
        for key, run_id in self._found.last_run.items():
            set_mark(archive, key, run_id, self._found.archive or "")
        named = {row["warc_file"] for row in archive.each("SELECT warc_file FROM captures")}
        others = [path for path in warc.files(archive.warc_directory) if path.name not in named]
        told = [row["key"] for row in archive.rows("SELECT key FROM sites ORDER BY key")]
        for key in dict.fromkeys([*told, *keys]):
            site = self._reader(key)[0]
            report.failures += place_pages(
                archive, site, others, self._workers, self._now, self._stop
            )
        counts = archive.rows(
            "SELECT (SELECT count(*) FROM articles) AS releases, "
            "(SELECT count(*) FROM captures) AS captures, (SELECT count(*) FROM events) AS events"
        )[0]
        for name, count in counts.items():
            setattr(report, name, count)
