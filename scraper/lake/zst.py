"""WARC files that are packed with Zstandard, where the library is there."""

from __future__ import annotations

import io
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from scraper.importing.found import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

_DICTIONARY = b"\x5d\x2a\x4d\x18"
"""Begins a frame that readers skip, with the dictionary of the others (Zstandard in WARC 1.0)."""
_FRAME = b"\x28\xb5\x2f\xfd"
_MAX_DICTIONARY_BYTES = 32 << 20
_STEP_BYTES = 512  # four bytes can unpack to 128 KiB


def unpacked(file: BinaryIO) -> io.RawIOBase:
    """The content of a `.warc.zst`, to be read once from its beginning.

    Reading it raises `ValueError` on damage.

    Raises:
        Unreadable: the library is not installed, or the dictionary is damaged.
    """
    try:
        zstandard = import_module("zstandard")
    except ImportError:
        raise Unreadable(
            "it is packed with Zstandard: install the Python package zstandard, or unpack it with "
            "`zstd -d`"
        ) from None
    try:
        dictionary = _dictionary(file, zstandard)
    except (ValueError, zstandard.ZstdError) as error:
        raise Unreadable(f"the dictionary at its beginning cannot be read ({error})") from error
    return _Content(_pieces(file, zstandard, dictionary))


def _dictionary(file: BinaryIO, zstandard: Any) -> Any:
    """What the frames of a file are to be read with; None if that is nothing."""
    if file.read(4) != _DICTIONARY:
        file.seek(0)
        return None
    size = int.from_bytes(file.read(4), "little")
    if size > _MAX_DICTIONARY_BYTES:
        raise ValueError(f"it has {size:,} bytes")
    content = file.read(size)
    if len(content) < size:
        raise ValueError("the file ends within it")
    if content.startswith(_FRAME):
        reader = _Content(_pieces(io.BytesIO(content), zstandard, None))
        content = io.BufferedReader(reader).read(_MAX_DICTIONARY_BYTES)
    return zstandard.ZstdCompressionDict(content)


def _pieces(file: BinaryIO, zstandard: Any, dictionary: Any) -> Iterator[bytes]:
    """The content of all frames, in pieces of a few megabytes at the most."""
    unpacker = zstandard.ZstdDecompressor(dict_data=dictionary)
    frame = None
    rest = b""
    while data := rest or file.read(_STEP_BYTES):
        frame = frame or unpacker.decompressobj()
        try:
            piece = frame.decompress(data)
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from error
        rest = b""
        if frame.eof:
            rest, frame = frame.unused_data, None
        if piece:
            yield piece
    if frame is not None:  # an EOFError would mean that the file ends as it should
        raise ValueError("the file ends within a frame")


class _Content(io.RawIOBase):
    """Pieces as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = memoryview(b"")
        self._at = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if not self._piece:
            self._piece = memoryview(next(self._pieces, b""))
        count = min(len(buffer), len(self._piece))
        buffer[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        self._at += count
        return count
