"""Raw pages: in WARC files on disk before the archive refers to them, and found again by it."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper import warc
from scraper.coding import DecodingError, decoded, stated_coding
from scraper.dates import utc_iso
from scraper.errors import ArchiveError
from scraper.records import Capture

if TYPE_CHECKING:
    from scraper.archive.connection import Archive
    from scraper.archive.frontier import Frontier
    from scraper.records import Exchange
    from scraper.warc import Place, WarcWriter

_MAX_BODY_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A response that is on disk, and not yet in the archive's index."""

    capture: Capture
    place: Place
    digest: str
    """WARC-Payload-Digest."""
    sha256: str
    """Of the content."""
    refers_to: int | None = None
    """The capture that holds the same body; None if this one does."""


class Digests(NamedTuple):
    """What tells one body from another."""

    payload: str
    """WARC-Payload-Digest: of the body as received."""
    sha256: str
    """Of the content, in hexadecimal digits."""

    @classmethod
    def of(cls, capture: Capture, exchange: Exchange) -> Digests:
        """The digests of a response."""
        return cls(warc.payload_digest(exchange.body), hashlib.sha256(capture.body).hexdigest())


class Evidence:
    """Keeps the responses of one run.

    Args:
        archive: its index; it stores nothing before what was kept is on the disk.
        writer: of the run's WARC files.
    """

    def __init__(self, archive: Archive, writer: WarcWriter) -> None:
        self._archive = archive
        self._writer = writer
        archive.before_storing = writer.sync

    def keep(
        self,
        capture: Capture,
        exchange: Exchange,
        redirects: tuple[Exchange, ...] = (),
        digests: Digests | None = None,
    ) -> Kept:
        """Write a response to disk; it is safe there before the next transaction is stored.

        A body that is kept already is referred to, not written again.

        Args:
            capture: the response.
            exchange: how it went over the wire.
            redirects: the exchanges that led to it.
            digests: of the response; computed if None.

        Raises:
            ArchiveError: it could not be written, or the archive is not where it was.
        """
        self._archive.refuse_if_moved()
        digest, sha256 = digests or Digests.of(capture, exchange)
        twin = self._twin(digest, sha256)
        original = warc.Original(twin["url"], instant(twin["fetched_at"])) if twin else None
        place = self._writer.write(exchange, redirects, original, wait=False)
        return Kept(capture, place, digest, sha256, twin["id"] if twin else None)

    def keep_file(self, capture: Capture) -> Kept:
        """Write a page that came without an HTTP exchange.

        Raises:
            ArchiveError: it could not be written, or the archive is not where it was.
        """
        self._archive.refuse_if_moved()
        content_type = capture.header("content-type") or "text/html"
        place = self._writer.write_file(
            capture.url, capture.body, capture.fetched_at, content_type, wait=False
        )
        sha256 = hashlib.sha256(capture.body).hexdigest()
        return Kept(capture, place, warc.payload_digest(capture.body), sha256)

    def drop(self, kept: Kept) -> None:
        """Take back a response: it holds nothing new. One that others were kept after stays."""
        self._writer.drop(kept.place)

    def _twin(self, digest: str, sha256: str) -> dict[str, Any] | None:
        rows = self._archive.rows(
            "SELECT id, url, fetched_at FROM captures WHERE digest = ? AND sha256 = ? "
            "AND refers_to IS NULL AND warc_file IS NOT NULL ORDER BY id LIMIT 1",
            (digest, sha256),
        )
        return rows[0] if rows else None


def capture_row(capture: Capture, kept: Kept | None) -> dict[str, Any]:
    """A row of `captures`; without a place in a WARC file the row holds the page itself."""
    row: dict[str, Any] = {
        "url": capture.url,
        "fetched_at": utc_iso(capture.fetched_at),
        "status": capture.status,
        "headers": json.dumps(capture.headers, ensure_ascii=False),
        "sha256": kept.sha256 if kept else hashlib.sha256(capture.body).hexdigest(),
        "size": len(capture.body),
    }
    if kept is None:
        return row | {"body": gzip.compress(capture.body, 6, mtime=0)}
    return row | {
        "digest": kept.digest,
        "warc_file": kept.place.file,
        "warc_offset": kept.place.offset,
        "warc_length": kept.place.length,
        "refers_to": kept.refers_to,
    }


def capture_of(archive: Archive, row: dict[str, Any]) -> Capture:
    """A row of `captures` as a record, its body read from disk.

    Raises:
        ArchiveError: the page is missing or damaged.
    """
    headers = tuple((name, value) for name, value in json.loads(row["headers"]))
    return Capture(
        url=row["url"],
        body=_body(archive, row, stated_coding(headers)),
        fetched_at=instant(row["fetched_at"]),
        status=row["status"],
        headers=headers,
    )


def _body(archive: Archive, row: dict[str, Any], coding: str) -> bytes:
    try:
        if row["warc_file"] is None:
            return decoded(row["body"], "gzip", _MAX_BODY_BYTES)
        place = place_of(_holder(archive, row))
        payload = warc.read_payload(archive.warc_directory, place)
        return decoded(payload, coding, _MAX_BODY_BYTES)
    except (OSError, EOFError, zlib.error, DecodingError) as error:
        raise ArchiveError(
            f"The stored page of {row['url']} cannot be unpacked ({error}). `newsroom verify` "
            "lists all damaged ones; restore the archive from a backup."
        ) from error


def _holder(archive: Archive, row: dict[str, Any]) -> dict[str, Any]:
    """The row whose record holds the body: the capture's own, or the one it refers to.

    Raises:
        ArchiveError: that one is missing.
    """
    if row["refers_to"] is None:
        return row
    rows = archive.rows("SELECT * FROM captures WHERE id = ?", (row["refers_to"],))
    if not rows:
        raise ArchiveError(
            f"The page of {row['url']} is kept by capture {row['refers_to']}, which was taken out "
            "of the archive. Restore it from a backup."
        )
    return rows[0]


def place_of(row: dict[str, Any]) -> Place:
    """Where the record of a row of `captures` stands."""
    return warc.Place(row["warc_file"], row["warc_offset"], row["warc_length"])


def instant(iso: str) -> datetime:
    """A time that the archive has written.

    Raises:
        ArchiveError: it is not a time.
    """
    try:
        # Not `parse_instant`: captures of older archives may lie at the edges of the calendar.
        moment = datetime.fromisoformat(iso)
    except ValueError as error:
        raise ArchiveError(
            f"A capture in the archive has the time {iso!r}, which no crawl writes. `newsroom "
            "verify` lists all that is damaged; restore the archive from a backup."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def recover(archive: Archive, frontier: Frontier) -> list[str]:
    """Finish the WARC files that a killed run of a newsroom has left; a sentence for each.

    A page that was fetched but not read is noted as failed: should reading it have ended the
    process, it comes last in the next run and cannot keep the others away.

    Raises:
        ArchiveError: a file cannot be repaired.
    """
    sentences = []
    for found in warc.recover(archive.warc_directory, frontier.site):
        indexed = archive.rows(
            "SELECT max(warc_offset + warc_length) AS n FROM captures WHERE warc_file = ?",
            (found.file,),
        )[0]["n"]
        for url, at in warc.responses_from(archive.warc_directory, found.file, indexed or 0):
            frontier.cut_off(url, at)
        torn = f"a torn record of {found.cut_bytes:,} bytes was cut off" if found.cut_bytes else ""
        sentences.append(
            f"The last run was ended from outside. Its file {found.file} was finished"
            f"{f'; {torn} at its end' if torn else ''}. Nothing before that is lost."
        )
    return sentences
