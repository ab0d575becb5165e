"""Content codings: what a server packed for the way, unpacked piece by piece, up to a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

ACCEPT_ENCODING = "gzip, deflate"
"""What the standard library can decode step by step; asked for in every request."""

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = zlib.MAX_WBITS | 16
_MAX_MEMBERS = 1_000
_MAX_LAYERS = 4
_KNOWN = frozenset({"gzip", "deflate"})
_NOT_ASKED_FOR = frozenset({"br", "zstd", "compress", "dcb", "dcz"})


class DecodingError(ValueError):
    """The packed data are damaged, or end too early."""


class UnknownCoding(DecodingError):
    """A coding nobody asked for, and that cannot be undone."""


class TooMuch(DecodingError):
    """More comes out than may."""


class Decoder:
    """Undoes content codings piece by piece, however the pieces are cut.

    As in browsers, what is no coding (`none`, `UTF-8`, a media type) means nothing, and codings may
    stand several times. Where more than one is named, a layer that is no gzip is taken as it is:
    servers behind one another name a coding twice and apply it once.

    Args:
        coding: value of the header Content-Encoding; empty if there is none.
        limit: most bytes that may come out.

    Raises:
        UnknownCoding: it is one that was not asked for and cannot be undone here, or far too many.
    """

    def __init__(self, coding: str, limit: int) -> None:
        named = [_plain_name(name) for name in coding.split(",")]
        if not _NOT_ASKED_FOR.isdisjoint(named):
            raise UnknownCoding(
                f"it comes in the content coding {coding[:80]!r}, which was not asked for"
            )
        known = [name for name in named if name in _KNOWN]
        if len(known) > _MAX_LAYERS:
            raise UnknownCoding(f"it names {len(known)} content codings, one around the other")
        is_strict = len(named) == 1
        self._layers = [_Layer(name, limit, is_strict=is_strict) for name in reversed(known)]
        self._limit = limit

    def feed(self, chunk: bytes, body: bytearray) -> None:
        """Decode a piece and add what comes out to `body`.

        Raises:
            DecodingError: the data are damaged.
            TooMuch: more has come out than may.
        """
        for layer in self._layers:
            chunk = layer.feed(chunk)
        body += chunk
        if len(body) > self._limit:
            raise _too_much(self._limit)

    def finish(self, body: bytearray) -> None:
        """Say that nothing more comes, and add what was held back.

        Raises:
            DecodingError: something is missing.
        """
        rest = b""
        for layer in self._layers:
            rest = layer.feed(rest) + layer.finish()
        body += rest


class _Layer:
    """One coding, gzip or deflate, undone piece by piece.

    Args:
        coding: its name.
        limit: most bytes that may come out.
        is_strict: whether data that are no gzip are damaged, and not just unpacked already.
    """

    def __init__(self, coding: str, limit: int, *, is_strict: bool) -> None:
        self._coding = coding
        self._limit = limit
        self._is_strict = is_strict
        self._stream: zlib._Decompress | None = None
        self._any = False
        self._members = 0  # complete ones: gzip files may follow one another
        self._held = b""  # too few bytes to tell what they begin
        self._at_end = False  # what follows is nothing of ours
        self._is_plain = False
        self._size = 0

    def feed(self, chunk: bytes) -> bytes:
        """What comes out for a piece."""
        self._any = self._any or bool(chunk)
        data, self._held = self._held + chunk, b""
        out = bytearray()
        while data and not self._at_end and not self._is_plain:
            if self._stream is not None:
                data = self._decompress(self._stream, data, out)
            elif len(data) < 2:
                self._held = data
                break
            else:
                self._begin(data)
        return bytes(out) + data if self._is_plain else bytes(out)

    def _begin(self, data: bytes) -> None:
        """Choose how to read on from the first two bytes."""
        is_gzip = data.startswith(_GZIP_MAGIC)
        if self._members >= _MAX_MEMBERS:
            raise TooMuch(f"sends more and more archives, more than the {_MAX_MEMBERS:,}")
        if self._members and not (self._coding == "gzip" and is_gzip):
            self._at_end = True
        elif self._coding == "gzip" and not is_gzip and not self._is_strict:
            self._is_plain = True
        elif self._coding == "gzip":
            self._stream = zlib.decompressobj(_GZIP_WINDOW)
        else:
            # Half the world sends raw deflate where the standard says zlib.
            is_zlib = data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)

    def _decompress(self, stream: zlib._Decompress, data: bytes, out: bytearray) -> bytes:
        """Decode one piece; returns what is left of it."""
        try:
            piece = stream.decompress(data, self._limit - self._size + 1)
        except zlib.error as error:
            raise DecodingError(f"its {self._coding} data are damaged ({error})") from error
        out += piece
        self._size += len(piece)
        if self._size > self._limit:
            raise _too_much(self._limit)
        if not stream.eof:
            return stream.unconsumed_tail
        self._stream = None
        self._members += 1
        return stream.unused_data

    def finish(self) -> bytes:
        """What was held back; raises DecodingError if something is missing."""
        if self._is_plain or (self._held and not self._members and not self._is_strict):
            return self._held
        whole = self._stream is None and (self._members or not self._any)
        if not whole:
            raise DecodingError("the compressed answer ends too early")
        return b""


def _plain_name(name: str) -> str:
    return name.partition(";")[0].strip(" \t\"'").lower().removeprefix("x-")


def _too_much(limit: int) -> TooMuch:
    return TooMuch(f"sends a body that unpacks to more bytes, more than the {limit:,}")


def stated_coding(headers: Iterable[tuple[str, str]]) -> str:
    """The value of Content-Encoding in pairs of names and values; all its lines, joined."""
    return ", ".join(value for name, value in headers if name.lower() == "content-encoding")


def decoded(wire: bytes, coding: str, limit: int) -> bytes:
    """The content of a body as it was sent.

    Raises:
        DecodingError: see `Decoder`.
    """
    decoder, body = Decoder(coding, limit), bytearray()
    decoder.feed(wire, body)
    decoder.finish(body)
    return bytes(body)
