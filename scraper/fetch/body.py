"""Reading a response: its size is capped while it streams, so memory stays bounded."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scraper.errors import FetchError, ResponseTooLarge
from scraper.fetch.retry import TransientError

ACCEPT_ENCODING = "gzip, deflate"  # what the standard library can decode step by step
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = zlib.MAX_WBITS | 16
_MAX_MEMBERS = 1_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one response may cost."""

    wire_bytes: int = 10_000_000
    """Bytes as sent, that is: compressed."""
    body_bytes: int = 50_000_000
    """Bytes after decoding."""
    seconds: float = 120.0
    """Time for the whole exchange; a server that drips is cut off."""
    silence_seconds: float = 30.0
    """Time without a byte."""
    connect_seconds: float = 10.0
    """Time for a connection to stand."""


def read_body(
    url: str, chunks: Iterator[bytes], headers: Mapping[str, str], limits: Limits
) -> tuple[bytes, bytes]:
    """The bytes as sent and the bytes after content decoding.

    Args:
        url: for messages.
        chunks: raw bytes as they arrive.
        headers: of the response, found by names in lower case.
        limits: caps on both sizes.

    Raises:
        ResponseTooLarge: a cap was reached; nothing more was read.
        TransientError: the body ends early, or its compressed data are damaged.
        FetchError: it has a content coding nobody asked for.
    """
    announced = headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > limits.wire_bytes:
        raise _too_large(url, f"announces {int(announced):,} bytes", limits.wire_bytes)
    decoder = _Decoder(url, headers.get("content-encoding", ""), limits.body_bytes)
    wire, body = bytearray(), bytearray()
    for chunk in chunks:
        wire += chunk
        if len(wire) > limits.wire_bytes:
            raise _too_large(url, "sends more and more bytes", limits.wire_bytes)
        decoder.feed(chunk, body)
    decoder.finish(any_bytes=bool(wire))
    return bytes(wire), bytes(body)


def _too_large(url: str, what: str, limit: int) -> ResponseTooLarge:
    return ResponseTooLarge(url, f"the server {what}, more than the {limit:,} a page may have")


class _Decoder:
    """Undoes a content coding piece by piece, however the pieces are cut."""

    def __init__(self, url: str, coding: str, limit: int) -> None:
        self._url = url
        self._coding = coding.strip().lower().removeprefix("x-")
        if self._coding not in {"", "identity", "gzip", "deflate"}:
            raise FetchError(
                url, f"it comes in the content coding {coding[:80]!r}, which was not asked for"
            )
        self._limit = limit
        self._stream: zlib._Decompress | None = None
        self._members = 0  # complete ones: gzip files may follow one another
        self._held = b""  # too few bytes to tell what they begin
        self._at_end = False  # what follows is nothing of ours

    def feed(self, chunk: bytes, body: bytearray) -> None:
        if self._coding in {"", "identity"}:
            body += chunk
            self._check(body)
            return
        data, self._held = self._held + chunk, b""
        while data and not self._at_end:
            if self._stream is None:
                if len(data) < 2:
                    self._held = data
                    return
                self._begin(data)
            else:
                data = self._decompress(self._stream, data, body)

    def _begin(self, data: bytes) -> None:
        """Choose how to read on from the first two bytes."""
        if self._members >= _MAX_MEMBERS:
            raise _too_large(self._url, "sends more and more archives", _MAX_MEMBERS)
        if self._members and not (self._coding == "gzip" and data.startswith(_GZIP_MAGIC)):
            self._at_end = True
        elif self._coding == "gzip":
            self._stream = zlib.decompressobj(_GZIP_WINDOW)
        else:
            # Half the world sends raw deflate where the standard says zlib.
            is_zlib = data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)

    def _decompress(self, stream: zlib._Decompress, data: bytes, body: bytearray) -> bytes:
        """Decode one piece; returns what is left of it."""
        try:
            body += stream.decompress(data, self._limit - len(body) + 1)
        except zlib.error as error:
            reason = f"its {self._coding} data are damaged ({error})"
            raise TransientError(self._url, reason) from error
        self._check(body)
        if not stream.eof:
            return stream.unconsumed_tail
        self._stream = None
        self._members += 1
        return stream.unused_data

    def finish(self, *, any_bytes: bool) -> None:
        whole = self._stream is None and (self._members or not any_bytes)
        if self._coding in {"gzip", "deflate"} and not whole:
            raise TransientError(self._url, "the compressed answer ends too early")

    def _check(self, body: bytearray) -> None:
        if len(body) > self._limit:
            raise _too_large(self._url, "sends a body that unpacks to more bytes", self._limit)
