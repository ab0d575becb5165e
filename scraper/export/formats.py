"""One export: which format, which rows, where to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scraper.errors import UsageError
from scraper.export.columns import TABLES
from scraper.export.delimited import EXCEL_CELL_CHARS, EXCEL_ROWS, write_csv, write_excel
from scraper.export.feed import write_feed
from scraper.export.files import binary_output, is_stream, resolved, text_output
from scraper.export.jsonl import write_jsonl
from scraper.export.package import write_package
from scraper.export.parquet import write_parquet
from scraper.export.request import (
    DATASET,
    FEED,
    WHAT,
    Exported,
    ExportRequest,
    FeedOptions,
    Format,
)
from scraper.export.tables import documents, records, rows

if TYPE_CHECKING:
    from scraper.archive import Archive

_OF_TABLES = (Format.csv, Format.jsonl, Format.parquet)


def export(archive: Archive, request: ExportRequest) -> Exported:
    """Write a table, the whole dataset or a feed.

    A file appears under its name when it is complete; if anything fails, an older file of that
    name stays as it was.

    Raises:
        UsageError: what is asked for cannot be, or the file cannot be written.
        ArchiveError: the archive cannot be read, or the disk is full.
    """
    chosen = _checked_format(request)
    filters, output = request.filters, request.output
    if not is_stream(output) and resolved(output) == archive.path.resolve():
        raise UsageError(f"{output} is the archive itself. Choose another name with -o.")
    if request.what == FEED:
        with text_output(output) as sink:
            return Exported(write_feed(sink, archive, filters, request.feed))
    if request.what == DATASET:
        with binary_output(output) as file:
            return Exported(write_package(file, archive, filters, raw=request.raw))
    table = TABLES[request.what]
    if chosen is Format.parquet:
        with binary_output(output) as file:
            return Exported(write_parquet(file, table, rows(archive, table, filters)))
    with text_output(output) as sink:
        if chosen is Format.jsonl:
            found = (
                records(archive, filters)
                if request.what == "articles"
                else documents(table, rows(archive, table, filters))
            )
            return Exported(write_jsonl(sink, found))
        if request.excel:
            figures = write_excel(sink, table, rows(archive, table, filters))
            return Exported(figures.rows, _excel_warnings(figures.rows, figures.cut))
        encoded = rows(archive, table, filters, encoded=True)
        return Exported(write_csv(sink, table.columns, encoded, raw=request.raw))


def _checked_format(request: ExportRequest) -> Format:
    """The format that was asked for, if it fits the rest."""
    what = request.what
    if what not in WHAT:
        raise UsageError(f"There is no {what!r} to export. There are: {', '.join(WHAT)}.")
    usual = {DATASET: Format.zip, FEED: Format.xml}.get(what, Format.csv)
    chosen = request.format or _by_suffix(request.output, usual)
    fitting = _OF_TABLES if what in TABLES else (usual,)
    if chosen not in fitting:
        ends = " or ".join(f".{name}" for name in fitting)
        raise UsageError(
            f"{what!r} cannot be written as {chosen}. Give a name that ends in {ends}"
            + (f", or choose a table: {', '.join(TABLES)}." if what not in TABLES else _MORE)
        )
    _check_options(request, chosen)
    return chosen


_MORE = "; `dataset` makes a .zip of all tables, `feed` an .xml of the newest releases."


def _by_suffix(output: str, usual: Format) -> Format:
    if is_stream(output) and not Path(output).suffix:
        return usual
    try:
        return Format(Path(output).suffix.lower().removeprefix("."))
    except ValueError:
        raise UsageError(
            f"The format of {output!r} is not known. The end of the name decides: "
            f"{', '.join(f'.{name}' for name in Format)}; or give --format."
        ) from None


def _check_options(request: ExportRequest, chosen: Format) -> None:
    if request.excel and chosen is not Format.csv:
        raise UsageError(f"--excel is a form of CSV, not of {chosen}. Name a .csv file.")
    if request.excel and request.raw:
        raise UsageError("Choose one of --excel and --raw: what Excel opens must be harmless.")
    if request.raw and chosen not in {Format.csv, Format.zip}:
        raise UsageError(
            f"--raw is for CSV: {chosen} has every value as it is anyway. Leave it away."
        )
    if request.what != FEED and request.feed != FeedOptions():
        raise UsageError(
            "--query, --changes, --limit and --feed-url are options of `export feed`. Tables are "
            "narrowed down by --since, --until, --tag, --district and --speaker."
        )


def _excel_warnings(count: int, cut: int) -> tuple[str, ...]:
    warnings = []
    if cut:
        warnings.append(
            f"{cut:,} cells are longer than the {EXCEL_CELL_CHARS:,} characters that Excel holds. "
            "They are cut and say so at their end; without --excel they are whole."
        )
    if count >= EXCEL_ROWS:
        warnings.append(
            f"{count:,} rows are more than the {EXCEL_ROWS - 1:,} that Excel shows. Narrow them "
            "down, such as with --since."
        )
    return tuple(warnings)
