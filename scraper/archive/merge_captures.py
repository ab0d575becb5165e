"""Bringing the captures of another archive in: which are known, and the records of the others.

The records are copied byte by byte, each file of the other archive into one of its own, which lies
beside `warc/` until the rows that name it are stored.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper import warc
from scraper.archive.arriving import note_arriving
from scraper.archive.evidence import capture_of, place_of
from scraper.archive.journal import ADDRESS as JOURNAL
from scraper.archive.raw_pages import BROUGHT
from scraper.archive.store import insert_row
from scraper.archive.tombstones import erased
from scraper.errors import ArchiveError
from scraper.warc.rewrite import DROP, END, OF_ANOTHER_BODY, RENAMED, Record, copy_records

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from scraper.archive.connection import Archive
    from scraper.archive.database import Database

_SUFFIX = ".warc.gz"
_SAME = "SELECT * FROM captures WHERE url = ? AND fetched_at = ? AND status = ? ORDER BY id"


@dataclass
class ComingCaptures:
    """Captures of another archive, and what becomes of them.

    Attributes:
        known: `captures.id` there → here, of those that are here already.
        new: rows of the others, by their id there.
        places: id there → where the record of a new one will stand.
        bodies: id there → headers, WARC-Payload-Digest of a new one that has got a record only now.
        files: names of the new WARC files.
    """

    known: dict[int, int] = field(default_factory=dict)
    new: dict[int, dict[str, Any]] = field(default_factory=dict)
    places: dict[int, warc.Place] = field(default_factory=dict)
    bodies: dict[int, tuple[str, str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


def tell_apart(archive: Archive, other: Archive) -> ComingCaptures:
    """Which captures of another archive are here: those whose very record is.

    Raises:
        ArchiveError: a record cannot be read.
    """
    coming = ComingCaptures()
    addresses = other.rows("SELECT DISTINCT url FROM captures")
    gone = erased(archive, (row["url"] for row in addresses))
    left: set[int] = set()
    for row in other.each("SELECT * FROM captures ORDER BY refers_to IS NOT NULL, id"):
        if row["url"] in gone:
            left.add(row["id"])
            continue
        if row["refers_to"] in left:
            row |= {"warc_file": None, "refers_to": None}  # its page comes in a record of its own
        for own in archive.rows(_SAME, (row["url"], row["fetched_at"], row["status"])):
            if _is_same(archive, own, other, row):
                coming.known[row["id"]] = own["id"]
                break
        else:
            coming.new[row["id"]] = row
    return coming


def _is_same(archive: Archive, own: dict[str, Any], other: Archive, row: dict[str, Any]) -> bool:
    if own["warc_file"] is None or row["warc_file"] is None:
        return True  # after an erasure one of them may hold the page itself, and less of it
    found = warc.record_id(archive.warc_directory, place_of(own))
    return found is not None and found == warc.record_id(other.warc_directory, place_of(row))


def stage_records(
    archive: Archive,
    other: Archive,
    coming: ComingCaptures,
    folder: Path,
    now: Callable[[], datetime],
    stop: Callable[[], None],
) -> None:
    """Write the records of new captures into files in a directory.

    Args:
        archive: where they go.
        other: where they come from.
        coming: is told the places.
        folder: the directory, empty.
        now: the present; it names the file of pages that had no record.
        stop: is called between files, and may raise.

    Raises:
        ArchiveError: a record cannot be read, or not be written.
    """
    by_file: dict[str, dict[int, int]] = {}
    for number, row in coming.new.items():
        if row["warc_file"] is not None:
            by_file.setdefault(row["warc_file"], {})[row["warc_offset"]] = number
    for name, wanted in sorted(by_file.items()):
        stop()
        _copy_file(archive, other, coming, folder, name, wanted)
    _write_bodies(archive, other, coming, folder, now)


def _copy_file(
    archive: Archive,
    other: Archive,
    coming: ComingCaptures,
    folder: Path,
    name: str,
    wanted: dict[int, int],
) -> None:
    path = warc.find(other.warc_directory, name)
    if path is None:
        raise ArchiveError(
            f"The file {other.warc_directory / name} is missing, so nothing was brought in. "
            "`newsroom verify` says of that archive all that is missing; restore it from a backup."
        )
    sql = "SELECT warc_offset FROM captures WHERE warc_file = ? ORDER BY warc_offset"
    offsets = [row["warc_offset"] for row in other.each(sql, (name,))]
    free = _free_name(archive, coming, name)
    placed = {
        place.before: place
        for place in copy_records(path, folder / free, _Choice(offsets, set(wanted)).decide)
    }
    coming.files.append(free)
    for offset, number in wanted.items():
        if offset not in placed:
            raise ArchiveError(
                f"No record begins at byte {offset} of {path}, so nothing was brought in. "
                "`newsroom verify` says of that archive all that is damaged."
            )
        place = placed[offset]
        coming.places[number] = warc.Place(free, place.offset, place.length)


class _Choice:
    """Says of each record of a file whether it comes along: with its capture, or not at all."""

    def __init__(self, offsets: list[int], wanted: set[int]) -> None:
        self._offsets = offsets
        self._wanted = wanted
        self._id = ""  # of the capture's record that was met last …
        self._comes = False  # … and whether it comes

    def decide(self, record: Record) -> object | None:
        """Whether the next record comes; see `scraper.warc.rewrite.copy_records`."""
        if record.kind == "warcinfo":
            return None
        if record.kind == "metadata" and record.url.startswith(JOURNAL):
            return DROP  # its numbers are those of the other archive
        if self._id and record.headers.get("warc-concurrent-to") == self._id:
            return None if self._comes else DROP
        at = bisect_left(self._offsets, record.offset)
        if at == len(self._offsets):
            return END
        # What leads to a page, such as a redirect, stands before it.
        comes = self._offsets[at] in self._wanted
        if self._offsets[at] == record.offset:
            self._id, self._comes = record.id, comes
        return None if comes else DROP


def _write_bodies(
    archive: Archive,
    other: Archive,
    coming: ComingCaptures,
    folder: Path,
    now: Callable[[], datetime],
) -> None:
    """Give pages a record that stand in the database of the other archive."""
    site_of = {row["url"]: row["site"] for row in other.each("SELECT url, site FROM candidates")}
    by_site: dict[str, list[int]] = {}
    for number, row in coming.new.items():
        if row["warc_file"] is None:
            by_site.setdefault(site_of.get(row["url"], "pages"), []).append(number)
    for site, numbers in sorted(by_site.items()):
        apart = folder / ".bodies"
        places: dict[int, warc.Place] = {}
        with warc.WarcWriter(apart, f"{site}-import", warc.INFO, now) as writer:
            for number in numbers:
                (row,) = other.rows("SELECT * FROM captures WHERE id = ?", (number,))
                capture = capture_of(other, row)
                kind = capture.header("content-type") or "text/html"
                places[number] = writer.write_file(
                    capture.url, capture.body, capture.fetched_at, kind
                )
                headers = [
                    [RENAMED + key if key.lower() in OF_ANOTHER_BODY else key, value]
                    for key, value in capture.headers
                ]
                told = json.dumps(headers, ensure_ascii=False)
                coming.bodies[number] = (told, warc.payload_digest(capture.body))
        names = {place.file: "" for place in places.values()}
        for name in names:
            names[name] = _free_name(archive, coming, name)
            (apart / name).replace(folder / names[name])
            coming.files.append(names[name])
        for number, place in places.items():
            coming.places[number] = warc.Place(names[place.file], place.offset, place.length)
        apart.rmdir()


def _free_name(archive: Archive, coming: ComingCaptures, name: str) -> str:
    """The name of a file, or the next one like it that is free here."""
    known = {row["name"] for row in archive.each("SELECT name FROM warc_files")}
    known |= {*coming.files}
    stem = name.removesuffix(_SUFFIX)
    begin, _, number = stem.rpartition("-")
    if not (begin and number.isascii() and number.isdecimal()):
        begin, number = stem, "0"
    count = int(number)
    while name in known or warc.find(archive.warc_directory, name) is not None:
        count += 1
        name = f"{begin}-{count:05}{_SUFFIX}"
    return name


def insert_captures(archive: Archive, db: Database, other: Archive, coming: ComingCaptures) -> None:
    """Add the rows of new captures, and note their files; inside a transaction."""
    for row in coming.new.values():  # those that others refer to come first
        number, place = row["id"], coming.places[row["id"]]
        new = {name: value for name, value in row.items() if name not in {"id", "body"}}
        new |= {"warc_file": place.file, "warc_offset": place.offset, "warc_length": place.length}
        if row["refers_to"] is not None:
            new["refers_to"] = coming.known[row["refers_to"]]
        if number in coming.bodies:
            new["headers"], new["digest"] = coming.bodies[number]
        coming.known[number] = insert_row(db, "captures", new)
    for row in other.each("SELECT * FROM provenance"):
        if row["capture_id"] in coming.new:
            insert_row(db, "provenance", row | {"capture_id": coming.known[row["capture_id"]]})
    note_arriving(db, coming.files)
    for name in coming.files:
        db.execute("INSERT INTO settings VALUES (?, '1') ON CONFLICT DO NOTHING", [BROUGHT + name])
