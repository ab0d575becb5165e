"""The text of an attached file, by its kind; run in a worker process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.extract import office, pdf
from scraper.extract.file_text import FileText

if TYPE_CHECKING:
    from scraper.records import Capture

OTHER_KIND = "only the text of PDF, docx and odt files is read"
"""Why a file has no text that is of another kind."""
NOT_READ_BEFORE = (pdf.NOT_INSTALLED, "only the text of PDF files is read")
"""Reasons for which kept files have no text, and which may have passed: the second one is that of
versions that read no docx and odt."""


def read_file(capture: Capture) -> FileText:
    """The text of a file that was fetched; of one of another kind, why there is none."""
    if pdf.is_pdf(capture.body):
        if not pdf.can_read():
            return FileText(pdf.MEDIA_TYPE, reason=pdf.NOT_INSTALLED)
        return pdf.read_pdf(capture.body)
    if office.is_zip(capture.body):
        return office.read_office(capture.body) or FileText(reason=OTHER_KIND)
    return FileText(reason=OTHER_KIND)
