"""The text of PDF files, page by page, by pypdfium2 (extra `attachments`); run in a worker process.

PDF files are other people's programs, nearly: what takes too long or too much memory costs the
worker (see `scraper.extract.workers`), and everything that pypdfium2 refuses becomes a reason.
"""

from __future__ import annotations

import re
import time
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from scraper.extract.file_text import MOST_CHARS, FileText, Pages, folded_lines
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MEDIA_TYPE = "application/pdf"
MOST_PAGES = 500
"""Pages of one file that are read."""
NOT_INSTALLED = "pypdfium2 is not installed (extra attachments)"
"""Why no PDF has a text; those that are kept are read once it is."""
NO_TEXT_LAYER = "no text layer"
"""Why a scan has no text."""
_MOST_SECONDS = 15.0  # half of what a worker has for a file
_HEAD_BYTES = 1024  # readers of PDF look so far for the mark, whatever stands before it
# A word that is parted at the end of a line: PDFium gives U+FFFE or U+0002 for its hyphen.
_PARTED = re.compile("[\ufffe\x02\u00ad][\r\n]*")


def is_pdf(body: bytes) -> bool:
    """Whether a file says that it is a PDF."""
    return b"%PDF-" in body[:_HEAD_BYTES]


def can_read() -> bool:
    """Whether what reads PDF files is installed."""
    return find_spec("pypdfium2") is not None


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
        # A tree of pages without end counts as encrypted for PDFium, too.
        if "password" in str(error).lower() and b"/Encrypt" in body:
            return give_up(reason="it is encrypted")
        return give_up(reason=f"it cannot be read as PDF ({fold(str(error))[:200]})")
    try:
        count = len(document)
        pages = Pages(MEDIA_TYPE, MOST_CHARS)
        until = clock() + _MOST_SECONDS
        for number, text in _texts(document, min(count, MOST_PAGES)):
            pages.add(text)
            if pages.is_cut or clock() > until:
                return pages.result(count, number, NO_TEXT_LAYER)
        return pages.result(count, min(count, MOST_PAGES), NO_TEXT_LAYER)
    finally:
        document.close()


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
    return folded_lines(_PARTED.sub("", text))
