"""Datasets: rows of the archive as files that other programs read.

`columns` says what the tables hold, `tables` reads them, `delimited`, `jsonl`, `parquet`, `package`
and `feed` write them, `files` is where to, `formats` chooses.
"""

from scraper.export.columns import TABLES
from scraper.export.feed import FeedOptions
from scraper.export.formats import WHAT, Exported, ExportRequest, Format, export

__all__ = ["TABLES", "WHAT", "ExportRequest", "Exported", "FeedOptions", "Format", "export"]
