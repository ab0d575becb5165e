"""Pages of WARC files that lie in the archive's own directory already, brought in where they stand.

As an import does it, but nothing is written into WARC files: the captures point to the records that
are there. Pictures and attached files of the releases are looked for in the same files.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scraper import urls, warc
from scraper.archive import Archive, Digests, Kept
from scraper.archive.attachments import FileCheck, keep_attachment, latest_sha256
from scraper.archive.corrections import note_corrections
from scraper.archive.followed import follow
from scraper.archive.pictures import keep_picture, wanted_pictures
from scraper.archive.raw_pages import BROUGHT
from scraper.archive.runs import begin_run, end_run
from scraper.archive.store import Store
from scraper.errors import ArchiveError, Interrupted, PagesFailed
from scraper.importing.files import Part
from scraper.importing.found import Unreadable
from scraper.importing.packages import Scratch
from scraper.importing.request import ImportReport
from scraper.importing.run import Importer, Reading, figures, look_through_all, source_of
from scraper.importing.sources import look_for_pages
from scraper.importing.warcs import DAMAGED, Loader, instant
from scraper.warc.records import Records

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.extract.workers import Workers
    from scraper.importing.found import Entry
    from scraper.records import Capture, Exchange
    from scraper.sites import Site


class Placed:
    """Stands for `Evidence` where the records are on disk already.

    Args:
        archive: its index.
        entry: gives the page that is being stored.
    """

    def __init__(self, archive: Archive, entry: Callable[[], Entry | None]) -> None:
        self._archive = archive
        self._entry = entry

    def keep(self, capture: Capture, exchange: Exchange) -> Kept:
        """Where a response stands."""
        digests = Digests.of(capture, exchange)
        return self._kept(capture, digests.payload, digests.sha256)

    def keep_file(self, capture: Capture) -> Kept:
        """Where a page stands that came without its response."""
        payload = warc.payload_digest(capture.body)
        return self._kept(capture, payload, hashlib.sha256(capture.body).hexdigest())

    def _kept(self, capture: Capture, payload: str, sha256: str) -> Kept:
        entry = self._entry()
        if entry is None or entry.place is None:
            raise Unreadable("it stands in no WARC file")
        refers_to = holder_of(self._archive, entry.original) if entry.original else None
        return Kept(capture, warc.place_at(*entry.place), payload, sha256, refers_to)


@dataclass(frozen=True, slots=True)
class _Other:
    """A response that may be a picture or an attached file."""

    url: str
    at: datetime
    load: Loader
    place: tuple[str, int]
    original: tuple[str, int] | None = None
    """Of the record that holds its body, if that is another one."""


def place_pages(
    archive: Archive,
    site: Site,
    files: list[Path],
    them: Workers,
    now: Callable[[], datetime],
    stop: Callable[[], bool],
) -> list[tuple[str, str]]:
    """Bring in the releases of a newsroom, with pictures and attached files, as a run.

    Args:
        archive: where; the files are in its directory `warc`.
        site: whose releases.
        files: WARC files of which nothing is in the archive. There may be none.
        them: read pages.
        now: the present, with time zone.
        stop: says whether to end.

    Returns:
        File, address or place, and reason, of what could not be read.

    Raises:
        ArchiveError: the archive cannot be written.
        Interrupted: it is to end.
    """
    report, reading = ImportReport(site.key), Reading(them, site, stop)
    entries: list[Entry] = []
    if files:
        with Scratch() as scratch:
            found = look_for_pages(files, site, scratch, reading.look)
            entries = look_through_all(found, site, report, now(), stop)
    run_id = begin_run(archive, site.key, source_of(entries, archive), now())
    if not archive.rows("SELECT 1 FROM sites WHERE key = ?", (site.key,)):
        follow(archive, site, now())
    made: list[Importer] = []
    evidence = Placed(archive, lambda: made[0].entry)
    made.append(Importer(site, archive, evidence, report, reading, run_id, now))
    made[0].run(entries, lambda _done, _total: None)
    if report.ended_early:
        raise Interrupted
    others = _others(files)
    _pictures(archive, site, others)
    _attached(archive, site, others, reading)
    with archive.transaction() as db:
        for path in files:
            db.execute(
                "INSERT INTO settings VALUES (?, '1') ON CONFLICT DO NOTHING", [BROUGHT + path.name]
            )
    Store(archive).index()
    note_corrections(archive, site)
    report.exit_code = PagesFailed.exit_code if report.failed else 0
    end_run(archive, run_id, now(), figures(report))
    return report.failures


def _others(files: list[Path]) -> dict[str, list[_Other]]:
    """Whole responses with HTTP 200 that are no web pages, by address, in the order of time."""
    found: dict[str, list[_Other]] = {}
    bodies: dict[str, _Other] = {}
    for path in files:
        with suppress(*DAMAGED), path.open("rb") as file:
            records = Records(file)
            for record in records:
                http, head = record.http_headers, record.rec_headers
                at = instant(head.get_header("WARC-Date"))
                url = urls.canonical(head.get_header("WARC-Target-URI") or "")
                if http is None or at is None or url is None or http.get_statuscode() != "200":
                    continue
                if "html" in (http.get_header("Content-Type") or "").lower():
                    continue
                digest, place = head.get_header("WARC-Payload-Digest"), (str(path), records.offset)
                other = _Other(url, at, Loader(Part(path), records.offset, url, at), place)
                if record.rec_type == "response":
                    bodies.setdefault(digest, other)
                elif record.rec_type == "revisit" and digest in bodies:
                    body = bodies[digest]
                    other = _Other(url, at, body.load, place, body.place)
                else:
                    continue
                found.setdefault(url, []).append(other)
    for same in found.values():
        same.sort(key=lambda other: other.at)
    return found


def _loaded(archive: Archive, other: _Other) -> tuple[Capture, Kept] | None:
    """A response and where it stands; None if it cannot be read, or its body is of no capture."""
    try:
        page = other.load()
        place = warc.place_at(*other.place)
    except (Unreadable, ArchiveError):
        return None
    holder = holder_of(archive, other.original) if other.original else None
    if page.exchange is None or (other.original and holder is None):
        return None
    capture = replace(page.capture, url=other.url, fetched_at=other.at)
    digests = Digests.of(capture, page.exchange)
    return capture, Kept(capture, place, digests.payload, digests.sha256, holder)


def holder_of(archive: Archive, place: tuple[str, int]) -> int | None:
    """The capture whose record begins at a byte of a file."""
    rows = archive.rows(
        "SELECT id FROM captures WHERE warc_file = ? AND warc_offset = ?",
        (Path(place[0]).name, place[1]),
    )
    return int(rows[0]["id"]) if rows else None


def _pictures(archive: Archive, site: Site, others: dict[str, list[_Other]]) -> None:
    wanted = [
        (src, others[url][0])
        for src in wanted_pictures(archive, site.key)
        if (url := site.canonical(src) or src) in others
    ]
    # What holds a body comes before what repeats it.
    for src, other in sorted(wanted, key=lambda pair: (pair[1].original is not None, pair[1].at)):
        loaded = _loaded(archive, other)
        if loaded and (loaded[0].header("content-type") or "").startswith("image/"):
            keep_picture(archive, site.key, src, *loaded, other.at)


def _attached(
    archive: Archive, site: Site, others: dict[str, list[_Other]], reading: Reading
) -> None:
    rows = archive.rows(
        "SELECT DISTINCT t.url FROM attachments t JOIN articles a ON a.id = t.article_id "
        "WHERE a.site = ? AND t.sha256 IS NULL",
        (site.key,),
    )
    for row in rows:
        for other in others.get(site.canonical(row["url"]) or row["url"], []):
            loaded = _loaded(archive, other)
            if loaded is None or latest_sha256(archive, row["url"]) == loaded[1].sha256:
                continue
            read = asdict(reading.stored.file(loaded[0]))
            kind = (loaded[0].header("content-type") or "").partition(";")[0].strip().lower()
            read["media_type"] = read["media_type"] or kind[:100] or "application/octet-stream"
            check = FileCheck(site.key, row["url"], other.at, other.at)
            keep_attachment(archive, check, *loaded, read)
