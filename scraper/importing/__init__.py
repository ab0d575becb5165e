"""Bringing in pages that others have captured: WARC files, web archives, folders of saved pages.

`sources` finds the files, `warcs` and `saved` say what is in them, `run` puts it into the archive.
Files are looked through first, so that pages come in by the order of time; each is read again when
its turn comes, so that memory holds one page at a time.
"""

from typing import TYPE_CHECKING, Any

from scraper.hiding import hidden

with hidden("fsspec"):  # files of other places are not opened by warcio here
    import warcio.utils  # noqa: F401

if TYPE_CHECKING:
    from scraper.importing.request import ImportReport, ImportRequest
    from scraper.importing.run import run_import

__all__ = ["ImportReport", "ImportRequest", "run_import"]


def __getattr__(name: str) -> Any:
    """Import the work when it is asked for: workers, which read single pages, need none of it."""
    if name == "run_import":
        from scraper.importing.run import run_import

        return run_import
    if name in __all__:
        from scraper.importing import request

        return getattr(request, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
