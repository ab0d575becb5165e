"""Datasets: rows of the archive as files that other programs read.

`request` says what can be asked for, `columns` what the tables hold; `tables` reads them,
`delimited`, `jsonl`, `parquet`, `package` and `feed` write them, `files` is where to, `formats`
chooses.
"""

from typing import TYPE_CHECKING, Any

from scraper.export.columns import TABLES
from scraper.export.request import WHAT, Exported, ExportRequest, FeedOptions, Format

if TYPE_CHECKING:
    from scraper.export.formats import export

__all__ = ["TABLES", "WHAT", "ExportRequest", "Exported", "FeedOptions", "Format", "export"]


def __getattr__(name: str) -> Any:
    """Import the writers when something is written."""
    if name == "export":
        from scraper.export.formats import export

        return export
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
