"""The text of PDF files, page by page, by pypdfium2 (extra `attachments`); run in a worker process.

PDF files are other people's programs, nearly: what takes too long or too much memory costs the
worker (see `scraper.extract.workers`), and everything that pypdfium2 refuses becomes a reason.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.records import Capture

MEDIA_TYPE = "application/pdf"
MOST_PAGES = 500
"""Pages of one file that are read."""
MOST_CHARS = 2_000_000
"""Characters of one file that are kept."""
NOT_INSTALLED = "pypdfium2 is not installed (extra attachments)"
"""Why no PDF has a text; those that are kept are read once it is."""
NO_TEXT_LAYER = "no text layer"
"""Why a scan has no text."""
_MOST_SECONDS = 15.0  # half of what a worker has for a file
_HEAD_BYTES = 1024  # readers of PDF look so far for the mark, whatever stands before it
# A word that is parted at the end of a line: PDFium gives U+FFFE or U+0002 for its hyphen.
_PARTED = re.compile("[\ufffe\x02\u00ad][\r\n]*")


@dataclass(frozen=True, slots=True)
class FileText:
    """What was read in a file."""

    media_type: str | None = None
    """As its content tells; None if it does not."""
    text: str | None = None
    """Its pages, joined by blank lines; None if there is no text."""
    pages: int | None = None
    """How many it has; None if that is not known."""
    page_starts: tuple[int, ...] = ()
    """Where in the text each page that was read begins, in characters."""
    reason: str | None = None
    """Why there is no text, or not all of it."""


def is_pdf(body: bytes) -> bool:
    """Whether a file says that it is a PDF."""
    return b"%PDF-" in body[:_HEAD_BYTES]


def can_read() -> bool:
    """Whether what reads PDF files is installed."""
    return find_spec("pypdfium2") is not None


def read_file(capture: Capture) -> FileText:
    """The text of a file that was fetched; of what is no PDF, why there is none."""
    if not is_pdf(capture.body):
        return FileText(reason="only the text of PDF files is read")
    if not can_read():
        return FileText(MEDIA_TYPE, reason=NOT_INSTALLED)
    return read_pdf(capture.body)


def read_pdf(body: bytes, clock: Callable[[], float] = time.process_time) -> FileText:
    """The text of a PDF file.

    Args:
        body: the file.
        clock: processor time in seconds.
    """
    import pypdfium2

    give_up = partial(FileText, MEDIA_TYPE)
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            return give_up(reason="it is encrypted")
        return give_up(reason=f"it cannot be read as PDF ({fold(str(error))[:200]})")
    try:
        count = len(document)
        pages = _Pages()
        until = clock() + _MOST_SECONDS
        for number, text in _texts(document, min(count, MOST_PAGES)):
            pages.add(text)
            if pages.is_cut or clock() > until:
                return pages.result(count, number)
        return pages.result(count, min(count, MOST_PAGES))
    finally:
        document.close()


class _Pages:
    """Collects the texts of pages."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._starts: list[int] = []
        self._length = 0
        self.is_cut = False
        """Whether a page was not taken in whole."""

    def add(self, text: str) -> None:
        """Take the next page in; an empty one begins where the next one does."""
        room = max(0, MOST_CHARS - self._length)
        self.is_cut = self.is_cut or len(text) > room
        self._starts.append(self._length)
        if text[:room]:
            self._texts.append(text[:room])
            self._length += len(text[:room]) + 2

    def result(self, count: int, read: int) -> FileText:
        """What was read.

        Args:
            count: pages that the file has.
            read: pages that were read.
        """
        reason = None
        if self.is_cut:
            reason = f"only the first {MOST_CHARS:,} characters were read"
        elif read < count:
            reason = f"only the first {read:,} of {count:,} pages were read"
        if not self._texts:
            return FileText(MEDIA_TYPE, None, count, (), reason or NO_TEXT_LAYER)
        text = "\n\n".join(self._texts)
        starts = tuple(min(start, len(text)) for start in self._starts)
        return FileText(MEDIA_TYPE, text, count, starts, reason)


def _texts(document: Any, most: int) -> Iterator[tuple[int, str]]:
    """The number of each page, from 1, and its text; of one that cannot be read it is empty."""
    import pypdfium2

    for index in range(most):
        try:
            page = document[index]
            try:
                yield index + 1, _lines(page.get_textpage().get_text_range())
            finally:
                page.close()
        except pypdfium2.PdfiumError:
            yield index + 1, ""


def _lines(text: str) -> str:
    """The lines of a page, folded; parted words are joined."""
    lines = (fold(line) for line in _PARTED.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)
