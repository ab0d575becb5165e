"""What can be exported, and what a user may choose about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from scraper.archive.search.filters import Filters
from scraper.export.columns import TABLES

DATASET = "dataset"
FEED = "feed"
WHAT = (*TABLES, DATASET, FEED)
"""All that can be exported."""


class Format(StrEnum):
    """How an export is written; also the end of the file's name. `ndjson` is `jsonl`."""

    xlsx = "xlsx"
    tsv = "tsv"
    json = "json"
    ndjson = "ndjson"
    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"
    zip = "zip"
    xml = "xml"


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """What a feed is about."""

    query: str | None = None
    """Only releases that this search finds."""
    changes: bool = False
    """Changes of releases (edited, moved, gone, back) instead of the releases."""
    limit: int = 50
    """So many of the newest."""
    self_url: str | None = None
    """Where the feed will be."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """An export as a user asks for it."""

    what: str
    """One of `WHAT`."""
    output: str
    """Path, or `-` for standard output."""
    format: Format | None = None
    """None goes by the end of the path."""
    filters: Filters = field(default_factory=Filters)
    """Which releases."""
    excel: bool = False
    """CSV for Excel on a German machine."""
    raw: bool = False
    """CSV with cells as they are, formulas too."""
    query: str | None = None
    """Only what belongs to releases that this search finds; of a feed, see `FeedOptions`."""
    feed: FeedOptions = field(default_factory=FeedOptions)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    count: int
    """Rows of a table, releases of a dataset, entries of a feed."""
    warnings: tuple[str, ...] = ()
