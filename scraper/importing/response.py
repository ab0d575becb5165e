"""An HTTP response as a WARC record holds it: head, content, codings undone."""

from __future__ import annotations

import importlib
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader

from scraper.coding import DecodingError, decoded, stated_coding
from scraper.importing.found import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_BYTES = 50_000_000
"""Most bytes a page may have, as for one that is fetched."""
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}[ \t]*(?:;[^\r\n]*)?\r?\n")
_LENGTH = re.compile(r"[0-9]{1,18}")
_UNREADABLE_CODINGS = frozenset({"zstd", "compress", "x-compress", "dcb", "dcz"})
_CODINGS = frozenset({"gzip", "x-gzip", "deflate", "br"}) | _UNREADABLE_CODINGS
_MOST_CODINGS = 3
_BROTLI_STEP_BYTES = 32  # some bytes can unpack to megabytes
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Response:
    """One response, taken apart."""

    status: int
    head: bytes
    """Status line and headers as the record has them, but for codings that are gone already."""
    headers: tuple[tuple[str, str], ...]
    """In order, names in lower case."""
    wire: bytes
    """The body, transfer coding removed, content coding kept."""
    body: bytes
    """The content."""


def read_response(block: bytes) -> Response:
    """Take a response apart.

    Args:
        block: head and body.

    Raises:
        Unreadable: it is no HTTP response, damaged, too large, or in a coding nobody here knows.
    """
    match = re.search(rb"\r?\n\r?\n", block)
    head, rest = (block[: match.end()], block[match.end() :]) if match else (block, b"")
    if match is None:
        head = head.rstrip(b"\r\n") + b"\r\n\r\n"
    first, *lines = re.sub(rb"\r?\n[ \t]+", b" ", head).decode("latin-1").splitlines() or [""]
    status = re.match(r"HTTP/\d(?:\.\d)? (\d{3})\b", first)
    if status is None:
        raise Unreadable("it is no HTTP response")
    headers = tuple(_pairs(lines))
    named = dict(reversed(headers))
    is_chunked = "chunked" in named.get("transfer-encoding", "").lower()
    if not is_chunked:
        _check_length(rest, [value for name, value in headers if name == "content-length"])
    wire = _without_chunks(rest) if is_chunked else rest
    body, is_decoded = _content(wire, stated_coding(headers))
    if is_decoded:
        # What stands in the archive must be readable by its own head.
        head = re.sub(rb"(?im)^content-encoding(?=\s*:)", b"X-Archive-Orig-Content-Encoding", head)
        headers = tuple((n, v) for n, v in headers if n != "content-encoding")
        wire = body
    return Response(int(status[1]), head, headers, wire, body)


def _pairs(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _check_length(body: bytes, stated: list[str]) -> None:
    """Compare a body with its Content-Length; one that is longer was unpacked by some tool."""
    lengths = [int(value) for value in stated if _LENGTH.fullmatch(value)]
    if lengths and len(body) < min(lengths):
        raise Unreadable(f"the page was cut off: {len(body):,} of {min(lengths):,} bytes are there")


def _without_chunks(data: bytes) -> bytes:
    """The body without transfer coding; many tools remove it and leave the header."""
    if not _CHUNK_SIZE.match(data):
        return data
    try:
        body: bytes = ChunkedDataReader(io.BytesIO(data), raise_exceptions=True).read()
    except ChunkedDataException as error:
        raise Unreadable("its chunks are damaged, or end too early") from error
    return body


def _content(wire: bytes, stated: str) -> tuple[bytes, bool]:
    """The content, and whether the head no longer tells how to get it from what is stored.

    As in browsers, a name that is no coding (`none`, `utf-8`) means none.
    """
    stated = stated.strip().lower()
    names = (part.partition(";")[0].strip(" \t\"'") for part in stated.split(","))
    named = [name for name in names if name in _CODINGS]
    if len(named) > _MOST_CODINGS:
        raise Unreadable(f"it is packed {len(named)} times")
    body, undone = wire, []
    for name in reversed(named):
        found = _decoded(body, name)
        if found is not None:
            body = found
            undone.append(name)
    if body.startswith(_GZIP_MAGIC):  # packed, and not said, or once more than said
        body = _decoded(body, "gzip") or b""
        undone.append("gzip")
    is_told = undone == ([stated] if stated else []) and "br" not in undone
    return body, not is_told


def _decoded(data: bytes, coding: str) -> bytes | None:
    """What a coding was put upon; None if the tool that captured it has undone it already."""
    if coding in _UNREADABLE_CODINGS:
        raise Unreadable(f"it comes in the content coding {coding!r}, which cannot be read")
    if coding == "br":
        return _brotli(data)
    if coding in {"gzip", "x-gzip"} and not data.startswith(_GZIP_MAGIC):
        return None
    try:
        return decoded(data, coding, MAX_BYTES)
    except DecodingError as error:
        if coding == "deflate" and (data.lstrip()[:1] == b"<" or data.startswith(_GZIP_MAGIC)):
            return None
        raise Unreadable(str(error)) from error


def _brotli(wire: bytes) -> bytes:
    try:
        brotli = importlib.import_module("brotli")
    except ImportError as error:
        raise Unreadable(
            "it is packed with brotli; install the Python package brotli and import it again"
        ) from error
    # Two packages go by this name: Brotli has `process`, brotlipy `decompress` and `finish`.
    unpacker, body = brotli.Decompressor(), bytearray()
    unpack = getattr(unpacker, "process", None) or unpacker.decompress
    try:
        for start in range(0, len(wire), _BROTLI_STEP_BYTES):
            body += unpack(wire[start : start + _BROTLI_STEP_BYTES])
            if len(body) > MAX_BYTES:
                raise Unreadable(f"it unpacks to more than {MAX_BYTES:,} bytes")
        if hasattr(unpacker, "is_finished"):
            whole = unpacker.is_finished()
        else:
            unpacker.finish()
            whole = True
    except brotli.error as error:
        if not body and wire.lstrip()[:1] == b"<":
            return wire  # unpacked by the tool that captured it
        raise Unreadable(f"its br data are damaged, or end too early ({error})") from error
    if not whole:
        raise Unreadable("its br data end too early")
    return bytes(body)
