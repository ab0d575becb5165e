"""Reading WARC files: finding them and their records, repairing what a crash has cut off."""

from __future__ import annotations

import contextlib
import io
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from warcio.exceptions import ArchiveLoadFailed

from scraper.coding import GZIP_MAGIC, DecodingError, Unpacker
from scraper.disk.atomic import sync_directory
from scraper.errors import ArchiveError, raise_if_no_handles
from scraper.warc.problems import Problems
from scraper.warc.records import Records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DIRECTORY_NAME = "warc"
OPEN_SUFFIX = ".open"
_READ_BYTES = 1 << 20
_BROKEN = (OSError, ArchiveLoadFailed, ValueError, zlib.error)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands."""

    file: str
    """Name of the file in the directory, without `.open`."""
    offset: int
    """Of the record's first byte in the compressed file."""
    length: int
    """Of the record in the compressed file, in bytes."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """A file that a run had left behind when it was killed."""

    file: str
    cut_bytes: int
    """Size of the torn record at its end; 0 if there was none."""


def find(directory: Path, name: str) -> Path | None:
    """The path of a file, finished or being written; None if it is not there."""
    for path in (directory / name, directory / (name + OPEN_SUFFIX)):
        if path.exists():
            return path
    return None


def files(directory: Path) -> list[Path]:
    """All WARC files of a directory by name, those being written too."""
    found = (*directory.glob("*.warc.gz"), *directory.glob("*.warc.gz" + OPEN_SUFFIX))
    return sorted(found)


def read_payload(directory: Path, place: Place) -> bytes:
    """The body of a response or resource record, content coding kept.

    Raises:
        ArchiveError: it is not there, or damaged.
    """
    path = find(directory, place.file)
    if path is None:
        raise ArchiveError(
            f"The file {directory / place.file} is missing, and the raw page in it. Restore it "
            "from a backup; `newsroom verify` lists all that is missing."
        )
    try:
        with path.open("rb") as file:
            file.seek(place.offset)
            member = file.read(place.length)
        if not member.startswith(GZIP_MAGIC):
            raise ValueError("no record begins there")  # warcio would take any text for one
        record = next(Records(io.BytesIO(member)))
        payload: bytes = record.raw_stream.read()
    except (*_BROKEN, StopIteration) as error:
        raise_if_no_handles(error)
        raise ArchiveError(
            f"The raw page at byte {place.offset} of {path} cannot be read ({_reason(error)}). "
            "`newsroom verify` lists all damaged ones; restore the file from a backup."
        ) from error
    return payload


def responses_from(directory: Path, name: str, offset: int) -> Iterator[tuple[str, str]]:
    """Address and WARC-Date of the responses in a finished file from a byte on.

    Args:
        directory: of the WARC files.
        name: of the file; nothing is yielded if it does not exist.
        offset: where a record begins.

    Raises:
        ArchiveError: the file cannot be read.
    """
    path = directory / name
    if not path.exists() or path.stat().st_size <= offset:
        return
    try:
        with path.open("rb") as file:
            file.seek(offset)
            for record in Records(file):
                if record.rec_type in {"response", "revisit"}:
                    headers = record.rec_headers
                    yield headers.get_header("WARC-Target-URI"), headers.get_header("WARC-Date")
    except _BROKEN as error:
        raise ArchiveError(
            f"{path} cannot be read ({_reason(error)}). See `newsroom verify`."
        ) from error


def place_at(path: str | Path, offset: int) -> Place:
    """The place of the record that begins at a byte of a file.

    Raises:
        ArchiveError: none begins there.
    """
    try:
        with Path(path).open("rb") as file:
            file.seek(offset)
            records = Records(file)
            next(records)
            records.read_to_end()
            return Place(Path(path).name, offset, int(records.get_record_length()))
    except (*_BROKEN, StopIteration) as error:
        raise ArchiveError(f"{path} cannot be read ({_reason(error)}).") from error


def record_id(directory: Path, place: Place) -> str | None:
    """The WARC-Record-ID of the record at a place, which tells it from any other; None if none.

    Raises:
        ArchiveError: the file is missing, or no record begins there.
    """
    path = find(directory, place.file)
    try:
        if path is None:
            raise FileNotFoundError("it is missing")
        with path.open("rb") as file:
            file.seek(place.offset)
            record = next(Records(file, with_http=False))
    except (*_BROKEN, StopIteration) as error:
        raise_if_no_handles(error)
        raise ArchiveError(
            f"The record at byte {place.offset} of {directory / place.file} cannot be read "
            f"({_reason(error)}). `newsroom verify` lists all damaged ones; restore the file from "
            "a backup."
        ) from error
    found = record.rec_headers.get_header("WARC-Record-ID")
    return found.strip() if found else None


def end_of_request(file: IO[bytes], end: int) -> int:
    """Where the request ends that stands behind a response; `end` itself if there is none.

    Args:
        file: a WARC file whose records are gzip members of their own.
        end: where the response ends, in bytes.
    """
    file.seek(end)
    try:
        records = Records(file)
        record = _next_whole(records)
        if record is None or record.rec_type != "request":
            return end
        return end + int(records.get_record_length())
    except _BROKEN:
        return end


def _reason(error: Exception) -> str:
    if isinstance(error, StopIteration):
        return "no record begins there"
    # What follows "first line" is the damaged data itself.
    return str(error).partition(", first line")[0] or type(error).__name__


def recover(directory: Path, newsroom: str | None = None) -> list[Recovered]:
    """Finish the files that a killed run has left: cut off what is torn, give them their names.

    Call it only while no other run of the newsroom is active.

    Args:
        directory: of the WARC files.
        newsroom: key of the newsroom whose files are finished; None finishes all.

    Raises:
        ArchiveError: a file cannot be read or written.
    """
    found = []
    for path in sorted(directory.glob("*" + OPEN_SUFFIX)):
        name = path.name.removesuffix(OPEN_SUFFIX)
        if newsroom is not None and not is_of(name, newsroom):
            continue
        try:
            size, whole = path.stat().st_size, whole_bytes(path)
            if whole < size:
                with path.open("r+b") as file:
                    file.truncate(whole)
                    os.fsync(file.fileno())
            if whole:
                path.rename(path.with_name(name))
            else:
                path.unlink()
            sync_directory(directory)
        except OSError as error:
            raise ArchiveError(
                f"{path}, which an interrupted run has left, could not be repaired "
                f"({error.strerror or error}). Check permissions and disk, and run again."
            ) from error
        found.append(Recovered(name, size - whole))
    return found


def is_of(name: str, newsroom: str) -> bool:
    """Whether a crawl or an import of a newsroom has begun a file, by its name."""
    rest = name.removesuffix(".warc.gz").removeprefix(newsroom).removeprefix("-import")
    return name.startswith(f"{newsroom}-") and set(rest) <= set("-0123456789")


def whole_bytes(path: Path) -> int:
    """How far complete gzip members reach: their checksums are checked on the way."""
    unpacker = Unpacker("gzip")
    with path.open("rb") as file, contextlib.suppress(DecodingError):
        while not unpacker.at_end and (data := file.read(_READ_BYTES)):
            for _piece in unpacker.feed(data):
                pass
    return unpacker.whole_bytes


@dataclass(frozen=True, slots=True)
class RecordHead:
    """What a record says of itself, as far as checks need it."""

    offset: int
    """Of its first byte in the compressed file."""
    kind: str
    """WARC-Type."""
    url: str
    """WARC-Target-URI; empty if it has none."""
    date: str
    """WARC-Date."""
    status: int | None
    """HTTP status of a response; None for other records."""


def check(
    path: Path, seen: Callable[[RecordHead], None] = lambda _head: None
) -> tuple[int, list[str]]:
    """Read a whole file, and compare its records with their digests.

    Args:
        path: the file.
        seen: is told of each record that can be read.

    Returns:
        The number of records, and a sentence for each trouble; many of a kind share one.
    """
    count, problems = 0, Problems()
    try:
        with path.open("rb") as file:
            iterator = Records(file, check_digests=True)
            while (record := _next_whole(iterator)) is not None:
                count += 1
                seen(_head(record, iterator.get_record_offset()))
                if record.digest_checker.passed is False:
                    name = record.rec_headers.get_header("WARC-Record-ID")
                    problems.add(
                        f"records in {path.name} have changed",
                        f"The record {name} in {path.name} has changed: "
                        f"{'; '.join(record.digest_checker.problems)}.",
                    )
        whole, size = whole_bytes(path), path.stat().st_size
    except _BROKEN as error:
        raise_if_no_handles(error)
        reason = f"{path.name} cannot be read to its end ({_reason(error)})."
        return count, [*problems.sentences(), reason]
    found = problems.sentences()
    if whole < size:
        found.append(
            f"{path.name} is damaged at byte {whole:,} of {size:,}. The pages that cannot be read "
            "are named one by one; many of them are counted."
        )
    return count, found


def _next_whole(iterator: Records) -> Any:
    """The next record, read to its end; None after the last one."""
    record = next(iterator, None)
    while record is not None and record.raw_stream.read(_READ_BYTES):
        pass
    if record is not None:
        iterator.read_to_end()
    return record


def _head(record: Any, offset: int) -> RecordHead:
    http = record.http_headers
    code = http.get_statuscode() if http and record.rec_type in {"response", "revisit"} else None
    return RecordHead(
        offset,
        record.rec_type or "",
        record.rec_headers.get_header("WARC-Target-URI") or "",
        record.rec_headers.get_header("WARC-Date") or "",
        int(code) if code and code.isascii() and code.isdigit() else None,
    )
