"""WARC files that are packed with Zstandard, where the library is there."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO

from scraper.importing.found import Unreadable

if TYPE_CHECKING:
    from typing import IO

_DICTIONARY = b"\x5d\x2a\x4d\x18"  # a frame that readers skip, with the dictionary of the others


def unpacked(file: BinaryIO) -> IO[bytes]:
    """The content of a `.warc.zst`, to be read once from its beginning.

    Raises:
        Unreadable: the library is not installed, or the file needs a dictionary of its own.
    """
    try:
        zstandard = import_module("zstandard")
    except ImportError:
        raise Unreadable(
            "it is packed with Zstandard: install the Python package zstandard, or unpack it with "
            "`zstd -d`"
        ) from None
    head = file.read(4)
    file.seek(0)
    if head == _DICTIONARY:
        raise Unreadable("it is packed with a dictionary of its own: unpack it with `zstd -d`")
    stream: IO[bytes] = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
    return stream
