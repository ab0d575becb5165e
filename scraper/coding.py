"""Content codings: compressed bodies, unpacked piece by piece and up to a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ACCEPT_ENCODING = "gzip, deflate"
"""What the standard library can decode step by step; asked for in every request."""

GZIP_MAGIC = b"\x1f\x8b"
"""What a gzip member begins with."""
_GZIP_WINDOW = zlib.MAX_WBITS | 16
_MAX_MEMBERS = 1_000
_MAX_LAYERS = 4
_KNOWN = frozenset({"gzip", "deflate"})
_NOT_ASKED_FOR = frozenset({"br", "zstd", "compress", "dcb", "dcz"})
_SLICE_BYTES = 1 << 16  # of packed data at once, since zlib copies what it has not come to
_PIECE_BYTES = 1 << 20


class DecodingError(ValueError):
    """The packed data are damaged, or end too early."""


class EndsTooEarly(DecodingError):
    """A part of the packed data is missing."""


class UnknownCoding(DecodingError):
    """A coding nobody asked for, and that cannot be undone."""


class TooMuch(DecodingError):
    """More comes out than may."""


class Unpacker:
    """Unpacks gzip or deflate data in pieces of bounded size; gzip members may follow one another.

    Args:
        coding: `gzip` or `deflate`.
        most_members: so many may follow one another; None for any number.

    Attributes:
        members: how many complete ones there were.
        whole_bytes: how many of the bytes that were fed they take up.
        at_end: whether something else follows them; it is left alone.
    """

    def __init__(self, coding: str, most_members: int | None = None) -> None:
        self._coding = coding
        self._most_members = most_members
        self._stream: zlib._Decompress | None = None
        self._held = b""  # too few bytes to tell what they begin
        self._fed_bytes = 0
        self.members = 0
        self.whole_bytes = 0
        self.at_end = False

    @property
    def is_whole(self) -> bool:
        """Whether the data may end here; half a magic number begins another member."""
        begins = self._coding == "gzip" and self._held == GZIP_MAGIC[:1]
        return self._stream is None and self.members > 0 and not begins

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What some more of the packed data holds, at most a megabyte at once.

        Raises:
            DecodingError: the data are damaged.
            TooMuch: there are more members than may be.
        """
        for start in range(0, len(chunk), _SLICE_BYTES):
            packed = chunk[start : start + _SLICE_BYTES]
            self._fed_bytes += len(packed)
            yield from self._unpacked(packed)

    def _unpacked(self, packed: bytes) -> Iterator[bytes]:
        data, self._held = self._held + packed, b""
        while data and not self.at_end:
            if self._stream is None:
                if len(data) < 2:
                    self._held = data
                    return
                self._begin(data)
                continue
            try:
                piece = self._stream.decompress(data, _PIECE_BYTES)
                while piece and not self._stream.eof and not self._stream.unconsumed_tail:
                    # All of the input is used up; some of its output may be left.
                    yield piece
                    piece = self._stream.decompress(b"", _PIECE_BYTES)
            except zlib.error as error:
                raise DecodingError(f"its {self._coding} data are damaged ({error})") from error
            data = self._stream.unconsumed_tail
            if self._stream.eof:
                data = self._stream.unused_data
                self._stream = None
                self.members += 1
                self.whole_bytes = self._fed_bytes - len(data)
            if piece:
                yield piece

    def _begin(self, data: bytes) -> None:
        """Choose how to read on from the first two bytes."""
        if self.members and not (self._coding == "gzip" and data.startswith(GZIP_MAGIC)):
            self.at_end = True
        elif self._most_members is not None and self.members >= self._most_members:
            raise TooMuch(f"sends more and more archives, more than the {self._most_members:,}")
        elif self._coding == "gzip":
            self._stream = zlib.decompressobj(_GZIP_WINDOW)
        else:
            # Half the world sends raw deflate where the standard says zlib.
            is_zlib = data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)


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
        self._unpacker = Unpacker(coding, _MAX_MEMBERS)
        self._limit = limit
        self._may_be_plain = coding == "gzip" and not is_strict
        self._is_plain = False
        self._head = b""  # too few bytes to tell what they begin
        self._any = False
        self._size = 0

    def feed(self, chunk: bytes) -> bytes:
        """What comes out for a piece."""
        if self._is_plain:
            return chunk
        if self._may_be_plain:
            self._head += chunk
            if len(self._head) < len(GZIP_MAGIC):
                return b""
            chunk, self._head, self._may_be_plain = self._head, b"", False
            if not chunk.startswith(GZIP_MAGIC):
                self._is_plain = True
                return chunk
        self._any = self._any or bool(chunk)
        out = bytearray()
        for piece in self._unpacker.feed(chunk):
            out += piece
            if self._size + len(out) > self._limit:
                raise _too_much(self._limit)
        self._size += len(out)
        return bytes(out)

    def finish(self) -> bytes:
        """What was held back.

        Raises:
            EndsTooEarly: something is missing.
        """
        if self._any and not self._unpacker.is_whole:
            raise EndsTooEarly("the compressed answer ends too early")
        return self._head


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
