"""The head of a response as HTTP libraries can read it: odd lines are mended or passed over.

h11 refuses a whole answer for one header line that the standard does not allow, which browsers pass
over. Here, below it, such lines are taken out of the bytes before it sees them. Nothing else
changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import httpcore

_BLANK_LINE = re.compile(rb"\n\r?\n")
_MAX_BYTES = 100 * 1024  # as h11; it refuses what is longer
_STATUS_LINE = re.compile(rb"HTTP/(\d)(?:\.(\d))?[ \t]+(\d{3})(?![0-9])(.*)", re.I | re.S)
_TOKEN = re.compile(rb"[-!#$%&'*+.^_`|~0-9a-zA-Z]+")
_ODD_SPACE = re.compile(rb"[\x0b\x0c\r]")
_DIGITS = re.compile(rb"[0-9]{1,20}")
_SWITCHING_PROTOCOLS = b"101"
_PACKED = frozenset({b"gzip", b"x-gzip", b"deflate", b"compress", b"x-compress", b"br"})
_CODING, _LENGTH = b"transfer-encoding", b"content-length"
_MAX_SHOWN = 120


class UnreadableHead(httpcore.RemoteProtocolError):
    """A header line that decides where the answer ends cannot be read; the message names it."""


class HeadFilter:
    """Mends the head of one answer, and of the interim answers before it, as its bytes arrive."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._is_done = False

    def feed(self, data: bytes) -> bytes:
        """What of the bytes so far can be passed on; nothing while a head is incomplete.

        Args:
            data: the next bytes; none at the end of the connection.

        Raises:
            UnreadableHead: see `mended`.
        """
        if self._is_done:
            return data
        start = max(0, len(self._held) - 2)
        self._held += data
        out = b""
        while not self._is_done and (end := _BLANK_LINE.search(self._held, start)):
            head = bytes(self._held[: end.end()])
            del self._held[: end.end()]
            start = 0
            out += mended(head)
            self._is_done = not _is_interim(head)
        if self._is_done or not data or len(self._held) > _MAX_BYTES:
            self._is_done = True
            out, self._held = out + bytes(self._held), bytearray()
        return out


def _is_interim(head: bytes) -> bool:
    status = _STATUS_LINE.match(head)
    return status is not None and status[3].startswith(b"1") and status[3] != _SWITCHING_PROTOCOLS


def mended(head: bytes) -> bytes:
    """A head without the lines that cannot be read.

    Folded lines are joined, and space before a colon goes (RFC 9112, 5.1 and 5.2). A line whose
    name is none is left out. Transfer-Encoding counts once; with it Content-Length means nothing.

    Args:
        head: status line, headers and blank line. What has no status line is given back as it is.

    Raises:
        UnreadableHead: a length, a transfer coding, or a NUL.
    """
    first, *lines = head.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    status = _STATUS_LINE.fullmatch(first)
    if status is None:
        return head
    reason = _ODD_SPACE.sub(b" ", status[4].replace(b"\0", b"")).strip()
    found = [_field(line) for line in _unfolded(lines)]
    fields = _with_one_length([field for field in found if field is not None])
    top = b"HTTP/%b.%b %b %b" % (status[1], status[2] or b"1", status[3], reason)
    return b"\r\n".join([top, *(name + b": " + value for name, value in fields)]) + b"\r\n\r\n"


def _unfolded(lines: list[bytes]) -> list[bytes]:
    whole: list[list[bytes]] = []
    for line in lines:
        if line[:1] not in {b" ", b"\t"}:
            whole.append([line])
        elif whole:  # else it continues nothing
            whole[-1].append(line.strip())
    return [b" ".join(parts) for parts in whole]


def _field(line: bytes) -> tuple[bytes, bytes] | None:
    """Name and value; None if there is no name that could be one."""
    name, colon, value = line.partition(b":")
    name = name.rstrip(b" \t")
    if not colon or not _TOKEN.fullmatch(name):
        return None
    if b"\0" in value:
        raise _unreadable(line)
    return name, _ODD_SPACE.sub(b" ", value).strip(b" \t")


def _with_one_length(fields: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The fields, with at most one statement of where the body ends; the others are left out."""
    codings, lengths = _words(fields, _CODING), _words(fields, _LENGTH)
    if not _PACKED.isdisjoint(codings):
        raise _unreadable(_line(fields, _CODING, _PACKED))
    is_chunked = any(word.partition(b";")[0].strip() == b"chunked" for word in codings)
    odd = {length for length in lengths if not _DIGITS.fullmatch(length)}
    if not is_chunked and (odd or len(lengths) > 1):
        raise _unreadable(_line(fields, _LENGTH, odd or lengths[-1:]))
    stated = {_CODING: [b"chunked"] if is_chunked else [], _LENGTH: [] if is_chunked else lengths}
    kept = []
    for name, value in fields:
        words = stated.get(name.lower())
        if words is None:
            kept.append((name, value))
        elif words:
            kept.append((name, words.pop()))
    return kept


def _words(fields: list[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    """The different words that all fields of a name state, in lower case."""
    values = b",".join(value for key, value in fields if key.lower() == name)
    return list(dict.fromkeys(word.strip().lower() for word in values.split(b",") if word.strip()))


def _line(fields: list[tuple[bytes, bytes]], name: bytes, words: Iterable[bytes]) -> bytes:
    """The last line of a name that states one of the words."""
    looked_for = set(words)
    return next(
        key + b": " + value
        for key, value in reversed(fields)
        if not looked_for.isdisjoint(_words([(key, value)], name))
    )


def _unreadable(line: bytes) -> UnreadableHead:
    shown = line.decode("latin-1")[:_MAX_SHOWN]
    return UnreadableHead(f"the server sends the header line {shown!r}, which cannot be read")
