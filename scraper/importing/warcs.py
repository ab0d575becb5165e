"""WARC files, bare or in a WACZ: which pages of a site they hold, and how to read each."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from scraper import urls
from scraper.importing.files import Part, size_of
from scraper.importing.found import Broken, Entry, Found, Page, Reason, Revisit, Skipped, Unreadable
from scraper.importing.origin import source_of
from scraper.importing.response import MAX_BYTES, read_response
from scraper.markup.wayback import original_address, parse_stamp
from scraper.records import Capture, Exchange
from scraper.warc import invented
from scraper.warc.records import Records

if TYPE_CHECKING:
    from scraper.sites import Site

_READ_BYTES = 1 << 16
_OURS = frozenset({"response", "resource", "revisit"})
# What warcio raises on damaged files, by its own classes and by tripping over what is missing.
DAMAGED = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    OSError,
    EOFError,
    ValueError,
    AttributeError,
    IndexError,
    TypeError,
    zlib.error,
)
NOT_BY_RECORD = (
    "it was compressed as a whole, not record by record; run `warcio recompress {name} NEW.warc.gz`"
    " and {verb} the new file"
)


def look_through(file: Part, site: Site) -> Iterator[Found]:
    """What a WARC file holds, in its order; nothing is kept in memory.

    A record that cannot be read is passed over if it is packed by itself, as is usual; else the
    file is read up to there. What was found there says where.
    """
    offset: int | None = 0
    try:
        with file.open() as stream:
            size = size_of(stream)
            while offset is not None:
                stream.seek(offset)
                records = Records(stream)
                offset = yield from _records(records, file, size, site)
    except Unreadable as error:
        yield Broken(str(file), str(error))
    except OSError as error:
        yield Broken(str(file), f"it cannot be read ({reason_of(error)})")


def _records(
    records: Records, file: Part, size: int, site: Site
) -> Generator[Found, None, int | None]:
    """What is found up to the end or the next damage; returns where to go on behind that."""
    end = records.offset
    try:
        for record in records:
            offset = records.offset
            found = list(_record(record, file, offset, site))
            if not _is_whole(record):
                yield Broken(f"{file}, byte {offset:,}", "the file ends within this record")
                return records.skip_member()
            records.read_to_end()
            end = records.offset  # where the next one begins
            yield from found
    except DAMAGED as error:
        reason = reason_of(error)
        if "non-chunked gzip" in reason:
            name = PurePath(str(file)).name
            yield Broken(str(file), NOT_BY_RECORD.format(name=name, verb="import"))
            return None
        behind = records.skip_member()
        how = "this record is damaged" if behind else "it is damaged from there on"
        yield Broken(f"{file}, byte {end:,}", f"{how} ({reason[:200]})")
        return behind
    if end < size:
        yield Broken(f"{file}, byte {end:,}", f"the last {size - end:,} bytes are no whole record")
    return None


def reason_of(error: Exception) -> str:
    """What was wrong, without the data that were."""
    # What follows "first line" is the damaged data itself.
    return " ".join(str(error).partition(", first line")[0].split()) or type(error).__name__


def _is_whole(record: Any) -> bool:
    """Read a record to its end; whether it is as long as it says."""
    count = 0
    while piece := record.raw_stream.read(_READ_BYTES):
        count += len(piece)
    expected = record.payload_length if record.payload_length >= 0 else record.length
    return record.length is not None and count >= expected


def _record(record: Any, file: Part, offset: int, site: Site) -> Iterator[Found]:
    headers = record.rec_headers
    if record.rec_type not in _OURS:
        return
    target, stamp = original_address(headers.get_header("WARC-Target-URI") or "")
    url = site.article_url(target) if urls.is_absolute(target) else None
    if url is None:
        yield Skipped(Reason.NOT_ARTICLE)
        return
    where = source_of(headers) or f"{file}, byte {offset:,}"
    at = stamp or instant(headers.get_header("WARC-Date"))
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
            instant(headers.get_header("WARC-Refers-To-Date")),
            record_id=_id(headers.get_header("WARC-Record-ID")),
            refers_to_id=_id(headers.get_header("WARC-Refers-To")),
            place=(str(file.path), offset),
        )
        return
    reason, part = _reason_to_skip(record), only_a_part(record)
    if reason:
        yield Skipped(reason)
    elif part:
        yield Broken(where, part)
    else:
        record_id = _id(headers.get_header("WARC-Record-ID"))
        yield Entry(
            url,
            at,
            where,
            Loader(file, offset, url, at),
            digest,
            record_id=record_id,
            is_invented=_is_invented(record),
            place=(str(file.path), offset),
        )


def _reason_to_skip(record: Any) -> Reason | None:
    if record.rec_type == "resource":
        return None if is_html(record.content_type) else Reason.NOT_HTML
    if record.http_headers is None:
        return Reason.NOT_HTML
    if record.http_headers.get_statuscode() != "200":
        return Reason.NOT_OK
    content_type = record.http_headers.get_header("Content-Type")
    return None if is_html(content_type) else Reason.NOT_HTML


def only_a_part(record: Any) -> str | None:
    """Why a record holds no whole page, if it says so."""
    cut = record.rec_headers.get_header("WARC-Truncated")
    if cut is not None:
        return f"the page was cut off when it was captured (WARC-Truncated: {cut.strip()[:40]})"
    if record.rec_headers.get_header("WARC-Segment-Number") is not None:
        return "it is the first part of a page that goes on in other records, which is not read"
    return None


def is_html(content_type: str | None) -> bool:
    """Whether a Content-Type is that of a page; one that is missing counts as such."""
    kind = (content_type or "text/html").partition(";")[0].strip().lower()
    return kind in {"text/html", "application/xhtml+xml"}


def _is_invented(record: Any) -> bool:
    """Whether a record says that it comes from the replica: its own head, or that of the answer."""
    heads = (record.rec_headers, record.http_headers)
    return any(invented.in_headers(head.headers) for head in heads if head)


def _id(text: str | None) -> str | None:
    """The id of a record, `urn:uuid:…`; tools write it with and without brackets, in any case."""
    return (text or "").strip().strip("<>").lower() or None


def instant(text: str | None) -> datetime | None:
    """The time in a `WARC-Date`, also in 14 digits; None if there is none."""
    stated = (text or "").strip().upper()
    try:
        moment = parse_stamp(stated) or datetime.fromisoformat(stated)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Loader:
    """Reads one record by its place."""

    file: Part
    offset: int
    url: str
    at: datetime

    def __call__(self) -> Page:
        """The page; raises `Unreadable`."""
        try:
            with self.file.open() as stream:
                stream.seek(self.offset)
                record = next(Records(stream, with_http=False))
                block = record.raw_stream.read(MAX_BYTES + 1)
        except (*DAMAGED, StopIteration) as error:
            raise Unreadable(f"it cannot be read any more ({error})") from error
        if len(block) > MAX_BYTES:
            raise Unreadable(f"it has more than {MAX_BYTES:,} bytes")
        if record.rec_type == "resource":
            kind = record.content_type or "text/html"
            return Page(Capture(self.url, block, self.at, 200, (("content-type", kind),)))
        response = read_response(block)
        return Page(
            Capture(self.url, response.body, self.at, response.status, response.headers),
            Exchange(
                self.url, self.at, b"", response.head, response.wire, source_of(record.rec_headers)
            ),
        )
