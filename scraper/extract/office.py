"""The text of docx and odt files; run in a worker process.

Both are zip files with XML in them. They are read as a stream, within bounds, and no more is taken
than text: a library that builds the whole document in memory would unpack whatever it is given.
What is damaged, encrypted or hostile becomes a reason.
"""

from __future__ import annotations

import time
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING
from xml.parsers import expat

from scraper.extract.file_text import MOST_CHARS, FileText, Pages, folded_lines

if TYPE_CHECKING:
    from collections.abc import Callable

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
NO_TEXT = "no text"
"""Why a file has no text that holds pictures only."""
_MOST_BYTES = 50_000_000
_LONGEST_TAG_BYTES = 1_000_000  # it is looked at again with each piece that is read
_MOST_SECONDS = 15.0  # half of what a worker has for a file
_READ_BYTES = 1 << 16
_ENCRYPTED_FLAG = 1
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What the standard library raises: of a newer version, packed in an unknown way, damaged.
_DAMAGED = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)
_WORD = "word/document.xml"
_WORD_BESIDE = ("word/footnotes", "word/endnotes", "word/header", "word/footer")
_ODT_PARTS = ("content.xml", "styles.xml")


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the elements of a format mean, by their names without prefix."""

    text: frozenset[str]
    """Hold text; empty: every one does that is not passed over."""
    breaks: frozenset[str]
    """End a line."""
    spaces: frozenset[str]
    passed_over: frozenset[str]
    """With all that is in them."""
    pages: frozenset[str]
    """Begin a page."""


_DOCX_RULES = _Rules(
    text=frozenset({"t"}),
    breaks=frozenset({"p", "br", "cr", "tr", "tc"}),
    spaces=frozenset({"tab", "ptab"}),
    passed_over=frozenset({"Fallback", "del", "moveFrom"}),
    pages=frozenset({"lastRenderedPageBreak"}),
)
_ODT_RULES = _Rules(
    text=frozenset({"p", "h"}),
    breaks=frozenset({"p", "h", "line-break", "table-cell", "note-body"}),
    spaces=frozenset({"s", "tab"}),
    passed_over=frozenset({"tracked-changes", "annotation", "note-citation", "binary-data"}),
    pages=frozenset({"soft-page-break"}),
)


class _NotReadError(Exception):
    """Why reading ends; what was read before stays."""


def is_zip(body: bytes) -> bool:
    """Whether a file begins as a zip file does."""
    return body.startswith(b"PK\x03\x04")


def read_office(body: bytes, clock: Callable[[], float] = time.process_time) -> FileText | None:
    """The text of a docx or odt file; None if it is neither.

    Args:
        body: the file, a zip file.
        clock: processor time in seconds.
    """
    try:
        with zipfile.ZipFile(BytesIO(body)) as bundle:
            names = {member.filename: member for member in bundle.infolist()}
            if _WORD in names:
                parts = [_WORD, *sorted(name for name in names if name.startswith(_WORD_BESIDE))]
                return _read(bundle, names, parts, DOCX, _DOCX_RULES, clock)
            if _is_odt(bundle, names):
                parts = [name for name in _ODT_PARTS if name in names]
                if b"encryption-data" in _beginning(bundle, names, "META-INF/manifest.xml"):
                    return FileText(ODT, reason="it is encrypted")
                return _read(bundle, names, parts, ODT, _ODT_RULES, clock)
    except _DAMAGED as error:
        return FileText(reason=f"it is a damaged zip file ({str(error)[:200]})")
    return None


def _is_odt(bundle: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> bool:
    return _beginning(bundle, names, "mimetype").strip().startswith(ODT.encode())


def _beginning(bundle: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    member = names.get(name)
    if member is None or member.compress_type not in _PACKED:
        return b""
    with bundle.open(member) as file:
        return file.read(_READ_BYTES)


def _read(
    bundle: zipfile.ZipFile,
    names: dict[str, zipfile.ZipInfo],
    parts: list[str],
    media_type: str,
    rules: _Rules,
    clock: Callable[[], float],
) -> FileText:
    text = _Text(rules, clock() + _MOST_SECONDS, clock)
    reason = None
    for name in parts:
        try:
            text.begin(is_main=name == parts[0])
            _feed(bundle, names[name], text)
        except _NotReadError as error:
            reason = str(error)
        except expat.ExpatError as error:
            reason = f"its XML is damaged ({error})"
        except _DAMAGED as error:
            reason = f"it is damaged ({str(error)[:200]})"
        if reason:
            break
    pages = Pages(media_type, MOST_CHARS)
    found = text.pages()
    for page in found:
        pages.add(page)
    # Only what writes breaks tells how many pages there are.
    count = len(found) if len(found) > 1 else None
    return pages.result(count, len(found), reason or NO_TEXT, reason)


def _feed(bundle: zipfile.ZipFile, member: zipfile.ZipInfo, text: _Text) -> None:
    """Have the XML of a member read.

    Raises:
        _NotReadError: it is encrypted, or too much.
        expat.ExpatError: it is no XML.
    """
    if member.flag_bits & _ENCRYPTED_FLAG:
        raise _NotReadError("it is encrypted")
    if member.compress_type not in _PACKED:
        raise _NotReadError("it is packed in a way that such files are not")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = text.start
    parser.EndElementHandler = text.end
    parser.CharacterDataHandler = text.data
    with bundle.open(member) as file:
        while data := file.read(_READ_BYTES):
            text.took(len(data))
            parser.Parse(data)
    is_last = True
    parser.Parse(b"", is_last)


def _refuse_doctype(*_declaration: object) -> None:
    raise _NotReadError("its XML declares a document type, which such files have not")


@dataclass
class _Text:
    """Collects text from the events of an XML parser, within bounds."""

    rules: _Rules
    until: float
    clock: Callable[[], float]
    _pages: list[list[str]] = field(default_factory=lambda: [[]])
    _beside: list[str] = field(default_factory=list)
    _is_main: bool = True
    _inside: int = 0  # how deep in elements that hold text …
    _skipped: int = 0  # … and in those that are passed over
    _chars: int = 0
    _bytes: int = 0
    _quiet: int = 0  # bytes since the parser has told anything

    def begin(self, *, is_main: bool) -> None:
        """Go on with another part: the text itself, or what stands beside it."""
        self._is_main = is_main
        self._inside = self._skipped = 0

    def took(self, count: int) -> None:
        """Count unpacked bytes.

        Raises:
            _NotReadError: it is too much.
        """
        self._bytes += count
        self._quiet += count
        if self._bytes > _MOST_BYTES:
            raise _NotReadError(f"only the first {_MOST_BYTES:,} unpacked bytes were read")
        if self._quiet > _LONGEST_TAG_BYTES:
            raise _NotReadError(
                f"a tag or comment in it is longer than {_LONGEST_TAG_BYTES:,} bytes"
            )
        if self._chars > MOST_CHARS:
            raise _NotReadError(f"only the first {MOST_CHARS:,} characters were read")
        if self.clock() > self.until:
            raise _NotReadError(f"only what could be read in {_MOST_SECONDS:.0f} s was read")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._quiet = 0
        name = name.rpartition(" ")[2]
        if self._skipped or name in self.rules.passed_over:
            self._skipped += 1
            return
        rules = self.rules
        if name in rules.pages or (name == "br" and "page" in attributes.values()):
            self._new_page()
        if name in rules.breaks:
            self._add("\n")
        elif name in rules.spaces:
            self._add(" ")
        elif name == "noBreakHyphen":
            self._add("-")
        self._inside += name in rules.text

    def end(self, name: str) -> None:
        """An element ends."""
        self._quiet = 0
        if self._skipped:
            self._skipped -= 1
            return
        name = name.rpartition(" ")[2]
        self._inside -= name in self.rules.text
        if name in self.rules.breaks:
            self._add("\n")

    def data(self, text: str) -> None:
        """Characters."""
        self._quiet = 0
        if self._inside and not self._skipped:
            self._chars += len(text)
            self._add(text)

    def _add(self, text: str) -> None:
        (self._pages[-1] if self._is_main else self._beside).append(text)

    def _new_page(self) -> None:
        # Word notes a break that the author has made a second time, where the next page begins.
        if self._is_main and any(not text.isspace() for text in self._pages[-1]):
            self._pages.append([])

    def pages(self) -> list[str]:
        """The lines of each page; notes, headers and footers stand behind the last one."""
        self._pages[-1] += ["\n", *self._beside]
        return [folded_lines("".join(page)) for page in self._pages]
