"""Which captures belong to a release, and their records as they stand in the WARC files."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

from scraper import warc
from scraper.archive.evidence import capture_of, instant, place_of
from scraper.archive.read import read_record
from scraper.errors import ArchiveError
from scraper.warc.writer import packed_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.archive import Archive

_READ_BYTES = 1 << 16
_OF_RELEASE = """
SELECT * FROM captures WHERE id IN (
  SELECT capture_id FROM articles WHERE id = :id
  UNION SELECT capture_id FROM revisions WHERE article_id = :id
  UNION SELECT capture_id FROM events WHERE article_id = :id
  UNION SELECT p.capture_id FROM pictures p WHERE p.src IN (SELECT value FROM json_each(:files))
) OR url IN (
  SELECT url FROM articles WHERE id = :id
  UNION SELECT url FROM candidates WHERE article_id = :id
  UNION SELECT value FROM json_each(:files)
) ORDER BY fetched_at, id
"""


def captures_of(archive: Archive, article_id: int) -> list[dict[str, Any]]:
    """The rows of `captures` of a release, oldest first: pages, answers, pictures, attachments.

    Raises:
        ArchiveError: a record cannot be read.
    """
    files = set()
    for row in archive.rows("SELECT record FROM revisions WHERE article_id = ?", (article_id,)):
        record = read_record(row["record"], f"article {article_id}")
        files |= {image["src"] for image in record["images"]}
        files |= {file["url"] for file in record.get("attachments", ())}
    values = {"id": article_id, "files": json.dumps(sorted(files))}
    return archive.rows(_OF_RELEASE, values)


def with_holders(archive: Archive, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Captures, and before each that repeats a body the one that holds it; each once."""
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row["refers_to"] is not None and row["refers_to"] not in found:
            for holder in archive.rows("SELECT * FROM captures WHERE id = ?", (row["refers_to"],)):
                found[holder["id"]] = holder
        found.setdefault(row["id"], row)
    return list(found.values())


def records_of(archive: Archive, row: dict[str, Any]) -> Iterator[bytes]:
    """The packed records of a capture, byte by byte as they were written: response and request.

    Raises:
        ArchiveError: they are missing or damaged.
    """
    capture = capture_of(archive, row)  # whatever is damaged is no evidence
    if row["warc_file"] is None:
        content_type = capture.header("content-type") or "text/html"
        yield packed_resource(row["url"], capture.body, instant(row["fetched_at"]), content_type)
        return
    place = place_of(row)
    path = warc.find(archive.warc_directory, place.file)
    if path is None:
        raise ArchiveError(f"The file {archive.warc_directory / place.file} is missing.")
    with path.open("rb") as file:
        file.seek(place.offset)
        response = file.read(place.length)
        yield response
        request = _member(file)
    head = _head(request)
    if head.get("warc-type") == "request" and (
        head.get("warc-concurrent-to") == _head(response).get("warc-record-id")
    ):
        yield request


def _member(file: BinaryIO) -> bytes:
    """The next gzip member of a file, packed; nothing if there is none."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    packed = b""
    while data := file.read(_READ_BYTES):
        packed += data
        try:
            unpacker.decompress(data)
        except zlib.error:
            return b""
        if unpacker.eof:
            return packed[: len(packed) - len(unpacker.unused_data)]
    return b""


def _head(member: bytes) -> dict[str, str]:
    """Fields of the head of a packed record, names in lower case."""
    if not member:
        return {}
    plain = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(member, _READ_BYTES)
    lines = plain.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return {name.lower(): value.strip() for name, _colon, value in pairs}
