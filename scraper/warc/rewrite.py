"""Making a WARC file anew without some of its records, or with other bodies in them.

The new file is made beside the old one, and complete on the disk before the old one goes. What
stays as it is is copied byte by byte.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warcio.exceptions import ArchiveLoadFailed

from scraper.disk.atomic import overwrite, sync_directory
from scraper.errors import ArchiveError
from scraper.warc.files import OPEN_SUFFIX, whole_bytes
from scraper.warc.records import Records
from scraper.warc.writer import payload_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NEW_SUFFIX = ".new"
BROKEN = (OSError, ArchiveLoadFailed, ValueError, zlib.error)
"""What reading a damaged file raises."""
ERASURE_HEADER = "X-Newsroom-Erasure"
"""Says in a record that something in it was erased, and on which day."""
_HEAD_END = b"\r\n\r\n"
OF_ANOTHER_BODY = frozenset("content-encoding content-length content-md5 digest".split())
"""Headers, in lower case, that hold for one body alone; they get `RENAMED` before their names."""
RENAMED = "X-Archive-Orig-"


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in a file.

    Attributes:
        offset: of its first byte in the compressed file.
        kind: WARC-Type.
        id: WARC-Record-ID.
        url: WARC-Target-URI; empty if it has none.
        headers: those of the record, by name in lower case.
        head: of the HTTP message, with the empty line at its end; empty if it holds none.
        body: behind it, content coding kept.
    """

    offset: int
    kind: str
    id: str
    url: str
    headers: dict[str, str]
    head: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """What a record becomes.

    Attributes:
        body: without content coding; None keeps it, and the digest of another one is stated.
        digest: WARC-Payload-Digest of what a revisit stands for; None if it follows from the body.
    """

    body: bytes | None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a record that has stayed stands now.

    Attributes:
        before: its offset in the old file.
        offset: in the new one.
        length: in the new one, in bytes.
        change: what it became; None if it is as it was.
    """

    before: int
    offset: int
    length: int
    change: Change | None


DROP = object()
"""What `decide` says of a record that goes."""
END = object()
"""What `decide` says of the first record that it does not want to look at, nor any behind it."""


def copy_records(path: Path, to: Path, decide: Callable[[Record], object | None]) -> list[Placed]:
    """Copy records of a file byte by byte into a new one, as far as they are wanted.

    Args:
        path: the file, finished or still being written.
        to: the new one.
        decide: says of each record in turn: `DROP`, `END` of what is copied, or None if it is.

    Returns:
        Where the records stand in the new file.

    Raises:
        ArchiveError: the file cannot be read, or the new one not be written.
    """
    placed: list[Placed] = []
    try:
        with path.open("rb") as old, to.open("wb") as file:
            for record, _raw, length in _whole_records(path):
                verdict = decide(record)
                if verdict is END:
                    break
                if verdict is DROP:
                    continue
                placed.append(Placed(record.offset, file.tell(), length, None))
                old.seek(record.offset)
                file.write(old.read(length))
            file.flush()
            os.fsync(file.fileno())
        sync_directory(to.parent)
    except BROKEN as error:
        raise ArchiveError(
            f"{path} could not be copied to {to} ({error}). `newsroom verify` says of its archive "
            "whether it is damaged; restore it from a backup, or make room."
        ) from error
    return placed


def rewrite(
    path: Path, day: str, decide: Callable[[Record], Change | object | None]
) -> list[Placed] | None:
    """Make a file anew, as `NAME.new` beside it; the old one stays until `put_in_place`.

    Args:
        path: the file.
        day: goes into the heads of records that are changed.
        decide: says of each record in turn: `DROP`, a `Change`, or None if it stays as it is.

    Returns:
        Where the records stand in the new file; None if all stay as they are: there is no new one.

    Raises:
        ArchiveError: the file cannot be read, or the new one not be written.
    """
    new = path.with_name(path.name + NEW_SUFFIX)
    placed: list[Placed] = []
    is_changed = False
    try:
        with path.open("rb") as old, new.open("wb") as file:
            for record, raw, length in _records(path):
                verdict = decide(record)
                is_changed |= verdict is not None
                if verdict is DROP:
                    continue
                change = verdict if isinstance(verdict, Change) else None
                old.seek(record.offset)
                member = _changed(record, raw, change, day) if change else old.read(length)
                placed.append(Placed(record.offset, file.tell(), len(member), change))
                file.write(member)
            file.flush()
            os.fsync(file.fileno())
        if not is_changed:
            overwrite(new)
            return None
        new.chmod(path.stat().st_mode & 0o777)
        sync_directory(path.parent)
    except BROKEN as error:
        raise ArchiveError(
            f"{path} could not be made anew without what is to be erased ({error}). Nothing of it "
            "was changed. `newsroom verify` says whether it is damaged; restore it from a backup, "
            "or make room, and run the same command again."
        ) from error
    return placed


def put_in_place(path: Path) -> None:
    """Have the new file take the place of the old one, whose bytes are overwritten first.

    Called again after a crash it goes on where it stopped.

    Raises:
        ArchiveError: it cannot be written.
    """
    new = path.with_name(path.name + NEW_SUFFIX)
    if not new.exists():
        return
    try:
        if path.exists() and path.stat().st_nlink == 1:
            overwrite(path, keep=True)  # not what another archive has, too
        os.replace(new, path)  # noqa: PTH105
        sync_directory(path.parent)
    except OSError as error:
        raise ArchiveError(
            f"{path} could not be replaced ({error.strerror or error}). The new file is complete "
            f"at {new}. Check permissions and disk, and run the same command again."
        ) from error


def _whole_records(path: Path) -> Iterator[tuple[Record, Any, int]]:
    """The records of a file; of one that somebody is writing, those that are whole."""
    if not path.name.endswith(OPEN_SUFFIX):
        yield from _records(path)
        return
    end = whole_bytes(path)
    with suppress(ArchiveLoadFailed, ValueError, zlib.error):
        for record, head, length in _records(path):
            if record.offset >= end:
                return
            yield record, head, min(length, end - record.offset)  # a torn one may count for its own


def all_records(path: Path) -> Iterator[Record]:
    """The records of a file, in its order; raises one of `BROKEN` where it is damaged."""
    for record, _head, _length in _records(path):
        yield record


def _records(path: Path) -> Iterator[tuple[Record, Any, int]]:
    with path.open("rb") as file:
        records = Records(file, with_http=False)
        for record in records:
            block: bytes = record.raw_stream.read()
            records.read_to_end()
            offset, length = records.get_record_offset(), records.get_record_length()
            headers = {name.lower(): value for name, value in record.rec_headers.headers}
            is_http = headers.get("content-type", "").startswith("application/http")
            end = block.find(_HEAD_END) + len(_HEAD_END) if is_http else 0
            end = end if end >= len(_HEAD_END) else 0
            made = Record(
                offset,
                record.rec_type or "",
                headers.get("warc-record-id", ""),
                headers.get("warc-target-uri", ""),
                headers,
                block[:end],
                block[end:],
            )
            yield made, record.rec_headers, length


def _changed(record: Record, rec_headers: Any, change: Change, day: str) -> bytes:
    """A record with another body, or another digest, as a gzip member."""
    head, body = record.head, record.body
    if head:
        head = _head_for_another_body(head)
    if change.body is not None:
        body = change.body
        if head:
            length = b"Content-Length: %d" % len(body)
            head = head.removesuffix(b"\r\n") + length + _HEAD_END
    stated = {
        "warc-block-digest": payload_digest(head + body),
        "warc-payload-digest": change.digest or payload_digest(body),
        "content-length": str(len(head) + len(body)),
    }
    lines = [rec_headers.protocol or "WARC/1.1"]
    lines += [
        f"{name}: {stated.get(name.lower(), value)}"
        for name, value in rec_headers.headers
        if name.lower() != ERASURE_HEADER.lower()
    ]
    lines.append(f"{ERASURE_HEADER}: {day}")
    plain = "\r\n".join(lines).encode("utf-8", "surrogateescape") + _HEAD_END
    plain += head + body + _HEAD_END
    packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(plain) + packer.flush()


def _head_for_another_body(head: bytes) -> bytes:
    lines = head.split(b"\r\n")
    for number, line in enumerate(lines):
        name = line.partition(b":")[0].strip().lower().decode("latin-1")
        if name in OF_ANOTHER_BODY:
            lines[number] = RENAMED.encode() + line
    return b"\r\n".join(lines)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
