"""Writing WARC files: one for each run, each record on the disk before anything refers to it."""

from __future__ import annotations

import io
import os
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, Self

from warcio.recordbuilder import RecordBuilder
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter as RecordWriter

from scraper import __version__
from scraper.disk.atomic import sync_directory
from scraper.errors import ArchiveError
from scraper.warc import invented
from scraper.warc.files import OPEN_SUFFIX, Place, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future
    from pathlib import Path

    from scraper.records import Exchange

INFO = {"software": f"newsroom-archive/{__version__}", "format": "WARC File Format 1.1"}
"""What the `warcinfo` record of every file of this program says."""
SOURCE, SOURCE_RANGE = "WARC-Source-URI", "WARC-Source-Range"
"""Fields of a record that was taken from a web archive: its address there, the bytes of a file."""
_MAX_FILE_BYTES = 1_000_000_000  # what the WARC guidelines recommend
_TRANSFER_CODING = re.compile(rb"^transfer-encoding(?=\s*:)", re.I | re.M)

_BUILDER = RecordBuilder(warc_version="1.1")
_PACKED_ALREADY = re.compile(rb"^content-encoding\s*:\s*(?!identity)", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Original:
    """The record whose payload came again."""

    url: str
    at: datetime


class _RawHead(StatusAndHeaders):
    """The head of an HTTP message, written byte by byte as it came."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(" ", [])  # an empty one counts as none
        self._raw = raw

    def compute_headers_buffer(self, _header_filter: object = None) -> None:
        self.headers_buff = self._raw


def payload_digest(body: bytes) -> str:
    """`sha1:…` in base 32, as WARC tools compare it.

    Args:
        body: as received, content coding kept.
    """
    digester = Digester("sha1")
    digester.update(body)
    return str(digester)


class WarcWriter:
    """Writes the records of one run. Use as a context manager.

    Args:
        directory: made when the first record is written.
        prefix: first part of the files' names.
        info: fields of the `warcinfo` record at the head of each file.
        now: the present, with time zone; it names the files.
        max_bytes: size from which on a new file is begun.
    """

    def __init__(
        self,
        directory: Path,
        prefix: str,
        info: dict[str, str],
        now: Callable[[], datetime],
        max_bytes: int = _MAX_FILE_BYTES,
    ) -> None:
        self._directory = directory
        self._prefix = prefix
        self._info = info
        self._now = now
        self._max_bytes = max_bytes
        self._file: IO[bytes] | None = None
        self._thread: ThreadPoolExecutor | None = None  # waits for the disk
        self._syncing: Future[None] | None = None
        self._name = ""
        self._numbers = 0
        self._last = 0  # where the newest set of records begins …
        self._last_place: Place | None = None  # … and where its main one stands
        self._is_invented = False  # whether the newest page is one of the replica's
        self._finished = False  # whether a file has its final name
        self._head_bytes = 0  # size of the record that every file begins with

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        try:
            self.close()
        except ArchiveError:
            if error is None:  # else it says already what is wrong
                raise

    def write(
        self,
        exchange: Exchange,
        redirects: Iterable[Exchange] = (),
        original: Original | None = None,
        *,
        wait: bool = True,
    ) -> Place:
        """Keep an exchange, and the redirects that led to it; returns where the response stands.

        Args:
            exchange: the last one.
            redirects: those before it.
            original: the record that holds the same payload; the response then becomes a
                `revisit` record, which does not repeat it.
            wait: until it is on the disk; otherwise `sync` does.

        Raises:
            ArchiveError: it could not be written; nothing of it is left in the file.
        """
        members = [member for each in redirects for member in _exchange(each)]
        self._is_invented = invented.in_head(exchange.head)
        records = [*members, *_exchange(exchange, original)]
        return self._append(records, main=len(members), wait=wait)

    def write_file(
        self, url: str, body: bytes, at: datetime, content_type: str, *, wait: bool = True
    ) -> Place:
        """Keep a page that came without its HTTP response, as a `resource` record; see `write`."""
        self._is_invented = invented.in_page(body)
        return self._append([packed_resource(url, body, at, content_type)], main=0, wait=wait)

    def sync(self) -> None:
        """Wait until all that was written is on the disk.

        Raises:
            ArchiveError: the last records could not be written; nothing of them is left.
        """
        syncing, self._syncing = self._syncing, None
        if syncing is None or self._file is None:
            return
        try:
            try:
                syncing.result()
            except OSError:
                self._cut(self._file, self._last)
                raise
        except OSError as error:
            raise self._trouble(error) from error

    @property
    def has_kept(self) -> bool:
        """Whether there is anything in the files of the run."""
        return self._finished or (self._file is not None and self._file.tell() > self._head_bytes)

    def write_metadata(
        self,
        url: str,
        body: bytes,
        at: datetime,
        content_type: str,
        *,
        is_invented: bool | None = None,
    ) -> Place:
        """Keep what describes the other records, as a `metadata` record.

        Args:
            url: its address, in a scheme of its own.
            body: the description.
            at: when it was made.
            content_type: of the body.
            is_invented: whether it describes the replica; as the record before if None.

        Raises:
            ArchiveError: see `write`.
        """
        if is_invented is not None:
            self._is_invented = is_invented
        record = _BUILDER.create_warc_record(
            url,
            "metadata",
            payload=io.BytesIO(body),
            length=len(body),
            warc_content_type=content_type,
            warc_headers_dict={
                "WARC-Date": _warc_date(at),
                **_mark(is_invented=self._is_invented),
            },
        )
        return self._append([_packed(record)], main=0)

    def drop(self, place: Place) -> None:
        """Take back a record and what was written with it: it holds nothing new.

        It stays if another one stands behind it already; one that nothing refers to does no harm.

        Raises:
            ArchiveError: the file could not be shortened.
        """
        self.sync()
        if self._file is None or place != self._last_place:
            return
        try:
            self._cut(self._file, self._last)
        except OSError as error:
            raise self._trouble(error) from error
        self._last_place = None

    def close(self) -> None:
        """Give the file its final name; one in which nothing was kept goes."""
        if self._file is None:
            return
        try:
            self.sync()
        finally:
            self._finish(self._file)

    def _finish(self, file: IO[bytes]) -> None:
        self._file = None
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None
        is_empty = file.tell() <= self._head_bytes
        file.close()
        path = self._directory / self._name
        written = path.with_name(self._name + OPEN_SUFFIX)
        try:
            if is_empty:
                written.unlink()
            else:
                written.rename(path)
                self._finished = True
            sync_directory(self._directory)
        except OSError as error:
            raise self._trouble(error) from error

    def _append(self, members: list[bytes], main: int, *, wait: bool = True) -> Place:
        """Write packed records, all or nothing; returns the place of one of them."""
        self.sync()
        try:
            file = self._ready()
            self._last = file.tell()
            try:
                file.write(b"".join(members))
                file.flush()
            except OSError:
                self._cut(file, self._last)
                raise
        except OSError as error:
            raise self._trouble(error) from error
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="sync")
        self._syncing = self._thread.submit(os.fsync, file.fileno())
        if wait:
            self.sync()
        before = sum(map(len, members[:main]))
        self._last_place = Place(self._name, self._last + before, len(members[main]))
        return self._last_place

    def _ready(self) -> IO[bytes]:
        """The open file; a new one if no file is open yet, or it is full."""
        if self._file is not None and self._file.tell() >= self._max_bytes:
            self.close()
        if self._file is None:
            self._directory.mkdir(exist_ok=True)  # where the archive is gone, it stays gone
            self._name = self._free_name()
            path = self._directory / (self._name + OPEN_SUFFIX)
            self._file = path.open("xb")
            sync_directory(self._directory)
            self._file.write(self._first_record())
            self._head_bytes = self._file.tell()
        return self._file

    def _first_record(self) -> bytes:
        """What the file is; of a file that begins with the replica's pages it says that, too."""
        mark = _mark(is_invented=self._is_invented)
        record = _BUILDER.create_warcinfo_record(self._name, self._info | mark)
        for name, value in mark.items():
            record.rec_headers.add_header(name, value)
        return _packed(record)

    def _free_name(self) -> str:
        moment = self._now().strftime("%Y%m%d%H%M%S")
        while True:
            name = f"{self._prefix}-{moment}-{self._numbers:05}.warc.gz"
            self._numbers += 1
            if find(self._directory, name) is None:
                return name

    def _cut(self, file: IO[bytes], size: int) -> None:
        # Dropping the buffer by seeking first would write it; a failed write has emptied it.
        file.seek(size)
        file.truncate()

    def _trouble(self, error: OSError) -> ArchiveError:
        return ArchiveError(
            f"The raw page could not be written to {self._directory / self._name} "
            f"({error.strerror or error}). What was stored before is safe. Make room on the disk, "
            "or check the permissions, and run the same command again."
        )


def packed_resource(url: str, body: bytes, at: datetime, content_type: str) -> bytes:
    """A page that came without its HTTP response, as a packed `resource` record."""
    record = _BUILDER.create_warc_record(
        url,
        "resource",
        payload=io.BytesIO(body),
        length=len(body),
        warc_content_type=content_type,
        warc_headers_dict={
            "WARC-Date": _warc_date(at),
            **_mark(is_invented=invented.in_page(body)),
        },
    )
    return _packed(record)


def packed_info(name: str, info: dict[str, str]) -> bytes:
    """The packed `warcinfo` record that a file begins with."""
    return _packed(_BUILDER.create_warcinfo_record(name, info))


def _warc_date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _mark(*, is_invented: bool) -> dict[str, str]:
    return {invented.HEADER: invented.VALUE} if is_invented else {}


def _source(source: str | None) -> dict[str, str]:
    """Where a response was taken from, in the fields that cdx-toolkit writes, too."""
    if source is None:
        return {}
    address, _, part = source.partition("#")
    return {SOURCE: address} | ({SOURCE_RANGE: part} if part else {})


def _exchange(exchange: Exchange, original: Original | None = None) -> list[bytes]:
    """Response and request of an exchange, as packed records; no request if nobody knows it."""
    mark = _mark(is_invented=invented.in_head(exchange.head))
    date = {"WARC-Date": _warc_date(exchange.at), **mark, **_source(exchange.source)}
    head = _RawHead(_TRANSFER_CODING.sub(b"X-Archive-Orig-Transfer-Encoding", exchange.head))
    if original is None:
        response = _BUILDER.create_warc_record(
            exchange.url,
            "response",
            payload=io.BytesIO(exchange.body),
            length=len(exchange.body),
            http_headers=head,
            warc_headers_dict=date,
        )
    else:
        response = _BUILDER.create_revisit_record(
            exchange.url,
            payload_digest(exchange.body),
            original.url,
            _warc_date(original.at),
            http_headers=head,
            warc_headers_dict=date,
        )
    packed = [_packed(response, stored=bool(_PACKED_ALREADY.search(exchange.head)))]
    if not exchange.request:
        return packed
    request_head, _, request_body = exchange.request.partition(b"\r\n\r\n")
    request = _BUILDER.create_warc_record(
        exchange.url,
        "request",
        payload=io.BytesIO(request_body),
        length=len(request_body),
        http_headers=_RawHead(request_head + b"\r\n\r\n"),
        warc_headers_dict={
            **date,
            "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
        },
    )
    return [*packed, _packed(request)]


def _packed(record: Any, *, stored: bool = False) -> bytes:
    """A record as a gzip member of its own; `stored` as it is, where it is compressed already."""
    plain = io.BytesIO()
    RecordWriter(plain, gzip=False, warc_version="1.1").write_record(record)
    compressor = zlib.compressobj(0 if stored else 6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return compressor.compress(plain.getvalue()) + compressor.flush()
