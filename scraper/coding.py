"""Content codings: what a server packed for the way, unpacked piece by piece, up to a limit."""

from __future__ import annotations

import zlib

ACCEPT_ENCODING = "gzip, deflate"
"""What the standard library can decode step by step; asked for in every request."""

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = zlib.MAX_WBITS | 16
_MAX_MEMBERS = 1_000


class DecodingError(ValueError):
    """The packed data are damaged, or end too early."""


class UnknownCoding(DecodingError):
    """A coding nobody asked for."""


class TooMuch(DecodingError):
    """More comes out than may."""


class Decoder:
    """Undoes a content coding piece by piece, however the pieces are cut.

    Args:
        coding: value of the header Content-Encoding; empty if there is none.
        limit: most bytes that may come out.

    Raises:
        UnknownCoding: it is neither gzip nor deflate.
    """

    def __init__(self, coding: str, limit: int) -> None:
        self._coding = coding.strip().lower().removeprefix("x-")
        if self._coding not in {"", "identity", "gzip", "deflate"}:
            raise UnknownCoding(
                f"it comes in the content coding {coding[:80]!r}, which was not asked for"
            )
        self._limit = limit
        self._stream: zlib._Decompress | None = None
        self._any = False
        self._members = 0  # complete ones: gzip files may follow one another
        self._held = b""  # too few bytes to tell what they begin
        self._at_end = False  # what follows is nothing of ours

    def feed(self, chunk: bytes, body: bytearray) -> None:
        """Decode a piece and add what comes out to `body`.

        Raises:
            DecodingError: the data are damaged.
            TooMuch: `body` has grown beyond the limit.
        """
        self._any = self._any or bool(chunk)
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
            raise TooMuch(f"sends more and more archives, more than the {_MAX_MEMBERS:,}")
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
            raise DecodingError(f"its {self._coding} data are damaged ({error})") from error
        self._check(body)
        if not stream.eof:
            return stream.unconsumed_tail
        self._stream = None
        self._members += 1
        return stream.unused_data

    def finish(self) -> None:
        """Say that nothing more comes.

        Raises:
            DecodingError: something is missing.
        """
        whole = self._stream is None and (self._members or not self._any)
        if self._coding in {"gzip", "deflate"} and not whole:
            raise DecodingError("the compressed answer ends too early")

    def _check(self, body: bytearray) -> None:
        if len(body) > self._limit:
            raise TooMuch(f"sends a body that unpacks to more bytes, more than the {self._limit:,}")


def decoded(wire: bytes, coding: str, limit: int) -> bytes:
    """The content of a body as it was sent.

    Raises:
        DecodingError: see `Decoder`.
    """
    decoder, body = Decoder(coding, limit), bytearray()
    decoder.feed(wire, body)
    decoder.finish()
    return bytes(body)
