"""Going through the records of a WARC file with warcio, within bounds and without a word.

warcio reads a line however long it is, prints what it stumbles over on standard error, and takes
the scheme of an address in lower case only. Here a line and a head have an end, damage is an
exception, and the scheme may be written in any case.
"""

from __future__ import annotations

import logging
import re
import zlib
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader

# Without a handler of its own, what it logs would come out on standard error.
logging.getLogger("warcio").addHandler(logging.NullHandler())

MAX_LINE_BYTES = 1 << 20
"""Most bytes a line of a record's head may have."""
MAX_HEAD_BYTES = 1 << 21
"""Most bytes that the heads of a record, WARC and HTTP, may have together."""

_READ_BYTES = 1 << 16
_MEMBER = b"\x1f\x8b\x08"  # begins a gzip member
_HEAD_BYTES = 512  # of a member, in which its first bytes are
_LENGTH = re.compile(r"[0-9]{1,18}")  # what a file can have
_SCHEME = re.compile(r"https?:", re.I)


class Records(ArchiveIterator):
    """The records of a WARC file, in its order.

    Args:
        stream: the file, at the beginning of a record.
        with_http: whether the HTTP head of a record is taken apart; else it is part of the content.
        check_digests: whether the digests that a record states are compared.

    Raises:
        ArchiveLoadFailed: on the way; the file is damaged, or a head has no end.
    """

    def __init__(
        self, stream: IO[bytes], *, with_http: bool = True, check_digests: bool = False
    ) -> None:
        super().__init__(stream, no_record_parse=not with_http, check_digests=check_digests)
        self.reader = _Reader(self.fh)
        self.loader = _Loader(verify_http=False, arc2warc=False)

    def skip_member(self) -> int | None:
        """Pass over the rest of a record that cannot be read, if it is a gzip member of its own.

        Where its end cannot be told, the next one is the next gzip member that holds a record.

        Returns:
            Where the next one begins, in bytes; None if there is none, or nobody can tell.
        """
        reader = self.reader
        if reader.decompressor is None:
            return self._next_member()
        rest = reader.starting_data  # it was about to read the next one
        try:
            while not rest and not reader.decompressor.eof:
                data = self.fh.read(_READ_BYTES)
                if not data:
                    return self._next_member()
                reader.decompressor.decompress(data)
        except zlib.error:
            return self._next_member()
        rest = rest or reader.decompressor.unused_data
        return int(self.fh.tell()) - len(rest) if rest else None

    def _next_member(self) -> int | None:
        """Look for a gzip member with a record behind the beginning of the present one."""
        if not self.fh.seekable():
            return None
        self.fh.seek(0)
        if self.fh.read(len(_MEMBER)) != _MEMBER:
            return None
        base = self.offset + 1
        self.fh.seek(base)
        window = b""
        while data := self.fh.read(_READ_BYTES):
            window += data
            at = window.find(_MEMBER)
            while 0 <= at <= len(window) - _HEAD_BYTES:
                if _holds_record(window[at : at + _HEAD_BYTES]):
                    return int(base + at)
                at = window.find(_MEMBER, at + 1)
            passed = max(len(window) - _HEAD_BYTES, 0) if at < 0 else at
            base, window = base + passed, window[passed:]
        starts = (n for n in range(len(window)) if window.startswith(_MEMBER, n))
        return next((base + n for n in starts if _holds_record(window[n:])), None)

    def _next_record(self, next_line: bytes | None) -> Any:
        self.reader.head_bytes = 0
        record = super()._next_record(next_line)
        if record.rec_type is None:  # an empty line counts as a head
            raise ArchiveLoadFailed("no record begins there")
        length = record.rec_headers.get_header("Content-Length")
        if length is not None and not _LENGTH.fullmatch(length.strip()):
            raise ArchiveLoadFailed(f"its Content-Length is {length[:40]!r}")
        return record

    def _consume_blanklines(self) -> tuple[bytes | None, int]:
        """Pass over the empty lines behind a record; the line after them, and their size.

        A first line that is not empty belongs to the record, whose length is wrong then.
        """
        size = 0
        line = self.reader.readline()
        while line and (not size or not line.strip()):
            size += len(line)
            line = self.reader.readline()
        return line or None, size


def _holds_record(packed: bytes) -> bool:
    """Whether what begins there is a gzip member with a WARC record."""
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(packed, 5) == b"WARC/"
    except zlib.error:
        return False


class _Reader(DecompressingBufferedReader):
    """Unpacks; raises on damage, and where a line or a head does not end."""

    head_bytes = 0

    def readline(self, length: int | None = None) -> bytes:
        most = MAX_LINE_BYTES if length is None else min(length, MAX_LINE_BYTES)
        line = bytearray()
        while len(line) < most and not line.endswith(b"\n"):
            self._fillbuff()
            if self.empty():
                break
            line += self.buff.readline(most - len(line))
        if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            raise ArchiveLoadFailed(f"a line of a head is longer than {MAX_LINE_BYTES:,} bytes")
        self.head_bytes += len(line)
        if self.head_bytes > MAX_HEAD_BYTES:
            raise ArchiveLoadFailed(f"a head is longer than {MAX_HEAD_BYTES:,} bytes")
        return bytes(line)

    def _decompress(self, data: bytes) -> bytes:
        if self.decompressor and data and self.num_block_read:
            try:
                unpacked: bytes = self.decompressor.decompress(data)
            except zlib.error as error:
                raise ArchiveLoadFailed(f"its compressed data are damaged: {error}") from error
            return unpacked
        found: bytes = super()._decompress(data)
        return found


class _Loader(ArcWarcRecordLoader):
    """Takes records apart; a record without an address is one that says nothing."""

    def _ensure_target_uri_format(self, rec_headers: Any) -> str:
        url: str = super()._ensure_target_uri_format(rec_headers) or ""
        if _SCHEME.match(url):
            scheme, colon, rest = url.partition(":")
            url = scheme.lower() + colon + rest
            rec_headers.replace_header("WARC-Target-URI", url)
        return url
