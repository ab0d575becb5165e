"""WARC files, bare or in a WACZ: which pages of a site they hold, and how to read each."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import logging
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from scraper.dates import as_utc
from scraper.importing.found import Broken, Entry, Found, Page, Reason, Revisit, Skipped, Unreadable
from scraper.importing.response import MAX_BYTES, read_response
from scraper.markup.wayback import original_address
from scraper.records import Capture, Exchange

if TYPE_CHECKING:
    from scraper.sites import Site

# It warns on standard error of addresses with spaces; they are read all the same.
logging.getLogger("warcio").addHandler(logging.NullHandler())

_READ_BYTES = 1 << 16
_OURS = frozenset({"response", "resource", "revisit"})
# What warcio raises on damaged files, by its own classes and by tripping over what is missing.
_DAMAGED = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    OSError,
    EOFError,
    ValueError,
    AttributeError,
    IndexError,
    TypeError,
    RuntimeError,  # a WACZ that is encrypted, or packed in a way nobody here knows
    zlib.error,
    zipfile.BadZipFile,
)
_NOT_BY_RECORD = (
    "it was compressed as a whole, not record by record; run `warcio recompress {name} NEW.warc.gz`"
    " and import the new file"
)


@dataclass(frozen=True, slots=True)
class WarcFile:
    """A WARC file, perhaps in a WACZ."""

    path: Path
    member: str | None = None
    """Its name in the WACZ; None if it stands by itself."""

    def __str__(self) -> str:
        return f"{self.path}/{self.member}" if self.member else str(self.path)

    @contextlib.contextmanager
    def open(self) -> Iterator[tuple[IO[bytes], int]]:
        """Its bytes, and how many there are."""
        if self.member is None:
            with self.path.open("rb") as file:
                yield file, self.path.stat().st_size
        else:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as file:
                yield file, archive.getinfo(self.member).file_size


def wacz_members(path: Path) -> list[WarcFile]:
    """The WARC files in a WACZ.

    Raises:
        Unreadable: it is no zip file, or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise Unreadable(f"it is no WACZ that can be read ({error})") from error
    return [
        WarcFile(path, name)
        for name in sorted(names)
        if name.startswith("archive/") and name.endswith((".warc", ".warc.gz"))
    ]


def look_through(file: WarcFile, site: Site) -> Iterator[Found]:
    """What a WARC file holds, in its order; nothing is kept in memory.

    A file that is damaged somewhere is read up to there; the last thing found says where.
    """
    found: list[Found] = []
    end = 0
    try:
        with file.open() as (stream, size):
            records = ArchiveIterator(stream)
            while True:
                with contextlib.redirect_stderr(io.StringIO()):  # it prints what it stumbles over
                    record = next(records, None)
                    if record is None:
                        break
                    offset = records.offset
                    found = list(_record(record, file, offset, site))
                    whole = _is_whole(record)
                    if whole:
                        records.read_to_end()
                        end = records.offset  # where the next one begins
                if not whole:
                    yield Broken(f"{file}, byte {offset:,}", "the file ends within this record")
                    return
                yield from found
            if end < size:
                yield Broken(
                    f"{file}, byte {end:,}", f"the last {size - end:,} bytes are no whole record"
                )
    except _DAMAGED as error:
        # What follows "first line" is the damaged data itself.
        reason = " ".join(str(error).partition(", first line")[0].split()) or type(error).__name__
        if "non-chunked gzip" in reason:
            yield Broken(str(file), _NOT_BY_RECORD.format(name=file.path.name))
        else:
            yield Broken(f"{file}, byte {end:,}", f"it is damaged from there on ({reason[:200]})")


def _is_whole(record: Any) -> bool:
    """Read a record to its end; whether it is as long as it says."""
    count = 0
    while piece := record.raw_stream.read(_READ_BYTES):
        count += len(piece)
    expected = record.payload_length if record.payload_length >= 0 else record.length
    return record.length is not None and count >= expected


def _record(record: Any, file: WarcFile, offset: int, site: Site) -> Iterator[Found]:
    headers = record.rec_headers
    if record.rec_type not in _OURS:
        return
    target, stamp = original_address(headers.get_header("WARC-Target-URI") or "")
    url = site.article_url(target) if target.startswith(("http://", "https://")) else None
    if url is None:
        yield Skipped(Reason.NOT_ARTICLE)
        return
    where = f"{file}, byte {offset:,}"
    at = stamp or _instant(headers.get_header("WARC-Date"))
    if at is None:
        yield Broken(where, "the record does not say when it was captured")
        return
    digest = headers.get_header("WARC-Payload-Digest")
    if record.rec_type == "revisit":
        refers_to = original_address(headers.get_header("WARC-Refers-To-Target-URI") or "")[0]
        yield Revisit(
            url,
            at,
            where,
            digest,
            site.article_url(refers_to) if refers_to else None,
            _instant(headers.get_header("WARC-Refers-To-Date")),
        )
        return
    reason = _reason_to_skip(record)
    if reason:
        yield Skipped(reason)
    else:
        yield Entry(url, at, where, _Loader(file, offset, url, at), digest)


def _reason_to_skip(record: Any) -> Reason | None:
    if record.rec_type == "resource":
        return None if _is_html(record.content_type) else Reason.NOT_HTML
    if record.http_headers is None:
        return Reason.NOT_HTML
    if record.http_headers.get_statuscode() != "200":
        return Reason.NOT_OK
    content_type = record.http_headers.get_header("Content-Type")
    return None if _is_html(content_type) else Reason.NOT_HTML


def _is_html(content_type: str | None) -> bool:
    kind = (content_type or "text/html").partition(";")[0].strip().lower()
    return kind in {"text/html", "application/xhtml+xml"}


def _instant(text: str | None) -> datetime | None:
    try:
        return as_utc(datetime.fromisoformat((text or "").strip()))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Loader:
    """Reads one record by its place."""

    file: WarcFile
    offset: int
    url: str
    at: datetime

    def __call__(self) -> Page:
        try:
            with self.file.open() as (stream, _size), contextlib.redirect_stderr(io.StringIO()):
                stream.seek(self.offset)
                record = next(ArchiveIterator(stream, no_record_parse=True))
                block = record.raw_stream.read(MAX_BYTES + 1)
        except (*_DAMAGED, StopIteration) as error:
            raise Unreadable(f"it cannot be read any more ({error})") from error
        if len(block) > MAX_BYTES:
            raise Unreadable(f"it has more than {MAX_BYTES:,} bytes")
        if record.rec_type == "resource":
            kind = record.content_type or "text/html"
            return Page(Capture(self.url, block, self.at, 200, (("content-type", kind),)))
        response = read_response(block)
        return Page(
            Capture(self.url, response.body, self.at, response.status, response.headers),
            Exchange(self.url, self.at, b"", response.head, response.wire),
        )


@dataclass(frozen=True, slots=True)
class _Again:
    """Reads the page that a revisit refers to, as of the revisit."""

    original: Entry
    url: str
    at: datetime

    def __call__(self) -> Page:
        page = self.original.load()
        capture = dataclasses.replace(page.capture, url=self.url, fetched_at=self.at)
        exchange = page.exchange
        if exchange is not None:
            exchange = dataclasses.replace(exchange, url=self.url, at=self.at)
        return Page(capture, exchange)


def resolve(revisits: list[Revisit], entries: list[Entry]) -> Iterator[Entry | Skipped]:
    """Find what each revisit refers to, among all pages of an import."""
    by_digest = {entry.digest: entry for entry in reversed(entries) if entry.digest}
    # Some tools write the time of the original to the second only.
    by_place = {(entry.url, entry.at.replace(microsecond=0)): entry for entry in entries}
    for revisit in revisits:
        original = by_digest.get(revisit.digest) if revisit.digest else None
        if original is None and revisit.refers_at is not None:
            moment = revisit.refers_at.replace(microsecond=0)
            original = by_place.get((revisit.refers_to or revisit.url, moment))
        if original is None:
            yield Skipped(Reason.NO_ORIGINAL)
            continue
        again = _Again(original, revisit.url, revisit.at)
        yield Entry(revisit.url, revisit.at, revisit.where, again, is_dated=original.is_dated)
