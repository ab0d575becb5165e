"""Erasing releases from files: WARC records, examples of drift, the log of runs."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper import urls, warc
from scraper.archive.arriving import MERGING, REBUILDING, WAITING
from scraper.archive.evidence import capture_of
from scraper.archive.journal import ADDRESS as JOURNAL
from scraper.coding import DecodingError, decoded
from scraper.disk.atomic import overwrite, write_whole
from scraper.errors import ArchiveError
from scraper.warc.rewrite import (
    BROKEN,
    DROP,
    NEW_SUFFIX,
    OF_ANOTHER_BODY,
    RENAMED,
    Change,
    Record,
    all_records,
    put_in_place,
    rewrite,
    sha256_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlite_utils import Database

    from scraper.archive.connection import Archive
    from scraper.archive.forget_plan import Plan
    from scraper.warc.rewrite import Placed

    Redact = Callable[[bytes, str, str], bytes | None]
    """Body, content type and address of a page → the page without what is erased, or None."""

_MAX_BODY_BYTES = 200_000_000
_TEXTS = frozenset({"response", "resource", "metadata", "conversion"})


def finish_files(archive: Archive) -> None:
    """Have WARC files take their places that were complete when the last try was ended.

    Raises:
        ArchiveError: one cannot be written.
    """
    for row in archive.rows("SELECT name FROM tombstone_files ORDER BY name"):
        put_in_place(archive.warc_directory / row["name"])
        with archive.transaction() as db:
            db.execute("DELETE FROM tombstone_files WHERE name = ?", [row["name"]])
    for left in archive.warc_directory.glob("*" + NEW_SUFFIX):
        overwrite(left)  # of a try that was ended before the file was complete


def erase_files(archive: Archive, plans: dict[int, Plan], day: str, redact: Redact) -> None:
    """Make the WARC files anew, without the records and the teasers of releases.

    Each file and the captures in it change together; a file that is done is not read again.

    Args:
        archive: where.
        plans: by tombstone; they are told what is done.
        day: goes into changed records.
        redact: takes teasers out of pages.

    Raises:
        ArchiveError: a file cannot be read or written.
    """
    for path in _in_order(archive):
        if all(path.name in plan.done for plan in plans.values()):
            continue
        decider = _Decider(archive, plans, path.name, redact)
        placed = rewrite(path, day, decider.decide)
        with archive.transaction() as db:
            if placed is not None:
                _note_places(archive, db, path.name, placed, decider.contents)
                new = path.with_name(path.name + NEW_SUFFIX)
                values = [path.name, sha256_of(new)]
                db.execute("INSERT OR REPLACE INTO tombstone_files VALUES (?, ?)", values)
                db.execute(
                    "UPDATE warc_files SET size = ?, sha256 = ? WHERE name = ?",
                    [new.stat().st_size, values[1], path.name],
                )
            for number, plan in plans.items():
                plan.done.append(path.name)
                plan.renewed |= decider.renewed
                sql = "UPDATE tombstones SET plan = ? WHERE id = ?"
                db.execute(sql, [plan.to_json(), number])
        finish_files(archive)


def _in_order(archive: Archive) -> list[Path]:
    """Finished files; those first that hold the older captures, to which later ones refer."""
    first = {
        row["warc_file"]: row["first"]
        for row in archive.each(
            "SELECT warc_file, min(id) AS first FROM captures WHERE warc_file IS NOT NULL "
            "GROUP BY warc_file"
        )
    }
    found = [path for path in warc.files(archive.warc_directory) if path.suffix == ".gz"]
    return sorted(found, key=lambda path: (first.get(path.name, 1 << 62), path.name))


class _Decider:
    """Says of each record of one file what becomes of it."""

    def __init__(self, archive: Archive, plans: dict[int, Plan], name: str, redact: Redact) -> None:
        every = plans.values()
        self._offsets = {offset for plan in every for offset in plan.places.get(name, ())}
        self._urls = {url for plan in every for url in (*plan.addresses, *plan.sources)}
        self._kept = {
            row["warc_offset"]
            for row in archive.each("SELECT warc_offset FROM captures WHERE warc_file = ?", (name,))
        }
        self._gone: set[str] = set()
        self._stay: set[str] = set()
        self._redact = redact
        self.renewed = {old: new for plan in every for old, new in plan.renewed.items()}
        """WARC-Payload-Digest of bodies that were changed: old → new."""
        self.contents: dict[int, bytes] = {}
        """Body of each record of this file that was changed, by its old offset."""

    def decide(self, record: Record) -> Change | object | None:
        """What becomes of the next record; see `scraper.warc.rewrite.rewrite`."""
        if record.kind == "warcinfo":
            return None
        if record.kind == "metadata" and record.url.startswith(JOURNAL):
            return DROP  # it names places in files that are made anew; the next run writes one
        if self._goes(record):
            self._gone.add(record.id)
            return DROP
        if record.offset in self._kept:
            self._stay.add(record.id)
        digest = record.headers.get("warc-payload-digest", "")
        if record.kind == "revisit":
            new = self.renewed.get(digest)
            return Change(None, new) if new else None
        return self._cleaned(record, digest) if record.kind in _TEXTS else None

    def _goes(self, record: Record) -> bool:
        if record.offset in self._offsets:
            return True
        partner = record.headers.get("warc-concurrent-to", "")
        if record.offset in self._kept or partner in self._stay:
            return False
        if partner and partner in self._gone:
            return True
        named = [record.url, record.headers.get("warc-refers-to-target-uri", "")]
        location = _header(record.head, "location")
        if location and record.kind == "response":
            named.append(urls.canonical(location, record.url or None) or "")
        return any(
            url and (url in self._urls or urls.canonical(url) in self._urls) for url in named
        )

    def _cleaned(self, record: Record, digest: str) -> Change | None:
        coding = _header(record.head, "content-encoding")
        kind = record.headers.get("content-type", "")
        try:
            body = decoded(record.body, coding, _MAX_BODY_BYTES) if coding else record.body
        except DecodingError:
            return None
        kind = _header(record.head, "content-type") if record.head else kind
        found = self._redact(body, kind, record.url)
        if found is None:
            return None
        self.contents[record.offset] = found
        if digest:
            self.renewed[digest] = warc.payload_digest(found)
        return Change(found)


def _header(head: bytes, name: str) -> str:
    """The values of a header of an HTTP message, joined; empty if it has none."""
    lines = [line.partition(b":") for line in head.splitlines()]
    wanted = name.encode()
    found = [value.strip() for key, _colon, value in lines if key.strip().lower() == wanted]
    return b", ".join(found).decode("latin-1")


def _note_places(
    archive: Archive, db: Database, name: str, placed: list[Placed], contents: dict[int, bytes]
) -> None:
    """Bring the captures of a file in line with the new file."""
    sql = "SELECT id, warc_offset FROM captures WHERE warc_file = ?"
    captures = {row["warc_offset"]: row["id"] for row in archive.rows(sql, (name,))}
    for place in placed:
        number = captures.get(place.before)
        if number is None:
            continue
        db.execute(
            "UPDATE captures SET warc_offset = ?, warc_length = ? WHERE id = ?",
            [place.offset, place.length, number],
        )
        if place.before in contents:
            _note_content(archive, db, number, contents[place.before])


def _note_content(archive: Archive, db: Database, capture_id: int, body: bytes) -> None:
    """Tell a capture, and those that refer to it, what their page is now."""
    for row in archive.rows(
        "SELECT id, headers, digest FROM captures WHERE id = :id OR refers_to = :id",
        {"id": capture_id},
    ):
        headers = [
            [RENAMED + key if key.lower() in OF_ANOTHER_BODY else key, value]
            for key, value in json.loads(row["headers"])
        ]
        db.execute(
            "UPDATE captures SET headers = ?, sha256 = ?, size = ?, digest = ? WHERE id = ?",
            [
                json.dumps(headers, ensure_ascii=False),
                hashlib.sha256(body).hexdigest(),
                len(body),
                warc.payload_digest(body) if row["digest"] else None,
                row["id"],
            ],
        )


def clean_bodies(archive: Archive, redact: Redact) -> None:
    """Take the teasers out of the pages that stand in the database."""
    numbers = archive.rows("SELECT id FROM captures WHERE body IS NOT NULL ORDER BY id")
    for number in (row["id"] for row in numbers):
        (row,) = archive.rows("SELECT * FROM captures WHERE id = ?", (number,))
        capture = capture_of(archive, row)
        found = redact(capture.body, capture.header("content-type") or "", capture.url)
        if found is None:
            continue
        with archive.transaction() as db:
            db.execute(
                "UPDATE captures SET body = ? WHERE id = ?",
                [gzip.compress(found, 6, mtime=0), number],
            )
            _note_content(archive, db, number, found)


def clean_beside(
    directory: Path, plans: Collection[Plan], clean: Callable[[Any], Any], redact: Redact
) -> None:
    """Erase examples of drift that show a release, what is half made, and clean the log of runs.

    The copies of the database that upgrades have left beside it go as they are; so do files of
    captures that wait for the next `backfill`, which fetches them again, if they show a release.

    Args:
        directory: of the archive.
        plans: the releases.
        clean: see `scraper.archive.forget_rows.cleaner`.
        redact: says which pages show a release.

    Raises:
        ArchiveError: a file cannot be written.
    """
    names = [name for plan in plans for name in (*plan.titles, *map(urls.path, plan.addresses))]
    marks = [name.encode() for name in names if len(name) >= 12]
    gone = {url for plan in plans for url in (*plan.addresses, *plan.sources)}
    try:
        _clean_left(directory)
        for waiting in warc.files(directory / WAITING):
            if _shows(waiting, gone, redact):
                overwrite(waiting)
        for page in sorted((directory / "drift").glob("*.html")):
            content = page.read_bytes()
            if any(mark in content for mark in marks) or redact(content, "text/html", ""):
                overwrite(page)
        for copy in sorted(directory.glob("newsroom.db.schema-*")):
            overwrite(copy)
        for log in sorted((directory / "log").glob("runs.jsonl*")):
            _clean_log(log, plans, clean)
    except OSError as error:
        raise ArchiveError(
            f"{error.filename or directory} could not be rewritten ({error.strerror or error}). "
            "Check permissions and disk, and run the same command again."
        ) from error


def _clean_left(directory: Path) -> None:
    """Erase what commands left half made when they were killed; each begins anew.

    Links that lead out of there, into another archive, are not followed.
    """
    for folder, _folders, names in os.walk(directory):
        is_aside = {MERGING, REBUILDING} & set(Path(folder).relative_to(directory).parts[:1])
        for path in (Path(folder, name) for name in names):
            is_half = path.name.startswith(".newsroom-") and path.suffix == ".part"
            if (is_aside or is_half) and not path.is_symlink():
                overwrite(path)
    for aside in (directory / MERGING, directory / REBUILDING):
        shutil.rmtree(aside, ignore_errors=True)


def _shows(path: Path, addresses: set[str], redact: Redact) -> bool:
    """Whether a WARC file has a record of a release, or a page that shows one; or is damaged."""
    try:
        for record in all_records(path):
            if {record.url, urls.canonical(record.url)} & addresses:
                return True
            coding = _header(record.head, "content-encoding")
            body = decoded(record.body, coding, _MAX_BODY_BYTES) if coding else record.body
            if redact(body, _header(record.head, "content-type"), record.url) is not None:
                return True
    except (*BROKEN, DecodingError):
        return True
    return bool(warc.check(path)[1])


def _clean_log(log: Path, plans: Collection[Plan], clean: Callable[[Any], Any]) -> None:
    lines = log.read_text("utf-8", "surrogateescape").splitlines(keepends=True)
    found = [clean(line) for line in lines]
    for url in (url for plan in plans for url in plan.addresses):
        found = [line.replace(f"{url} ", " ").replace(f'{url}"', '"') for line in found]
    if found != lines:
        content = "".join(found).encode("utf-8", "surrogateescape")
        write_whole(log, content)
