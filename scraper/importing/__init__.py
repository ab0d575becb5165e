"""Bringing in pages that others have captured: WARC files, web archives, folders of saved pages.

`sources` finds the files, `warcs` and `saved` say what is in them, `run` puts it into the archive.
Files are looked through first, so that pages come in by the order of time; each is read again when
its turn comes, so that memory holds one page at a time.
"""

from scraper.importing.report import ImportReport, ImportRequest
from scraper.importing.run import run_import

__all__ = ["ImportReport", "ImportRequest", "run_import"]
