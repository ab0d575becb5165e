"""One export: which format, which rows, where to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.archive.search.articles import matching
from scraper.errors import UsageError
from scraper.export.columns import TABLES
from scraper.export.feed import write_feed
from scraper.export.files import binary_output, is_stream, resolved, text_output
from scraper.export.package import write_package
from scraper.export.request import (
    DATASET,
    FEED,
    WHAT,
    Exported,
    ExportRequest,
    FeedOptions,
    Format,
)
from scraper.export.table_files import OF_TABLES, Form, form_of, write_table
from scraper.export.tables import documents, records, rows

if TYPE_CHECKING:
    from scraper.archive import Archive


def export(archive: Archive, request: ExportRequest) -> Exported:
    """Write a table, the whole dataset or a feed.

    A file appears under its name when it is complete; if anything fails, an older file of that
    name stays as it was.

    Raises:
        UsageError: what is asked for cannot be, or the file cannot be written.
        ArchiveError: the archive cannot be read, or the disk is full.
    """
    form = _checked_form(request)
    filters, output = request.filters, request.output
    if not is_stream(output) and resolved(output) == archive.path.resolve():
        raise UsageError(f"{output} is the archive itself. Choose another name with -o.")
    if request.what == FEED:
        with text_output(output) as sink:
            return Exported(write_feed(sink, archive, filters, request.feed))
    if request.query is not None:
        filters = replace(filters, ids=tuple(sorted(matching(archive, request.query))))
    if request.what == DATASET:
        with binary_output(output) as file:
            return Exported(write_package(file, archive, filters, raw=request.raw))
    table = TABLES[request.what]
    found = (
        records(archive, filters)
        if request.what == "articles"
        else documents(table, rows(archive, table, filters))
    )
    encoded = rows(archive, table, filters, encoded=form.takes_bytes)
    return write_table(output, form, table, encoded, found)


def _checked_form(request: ExportRequest) -> Form:
    """The form that was asked for, if it fits the rest."""
    what = request.what
    if what not in WHAT:
        raise UsageError(f"There is no {what!r} to export. There are: {', '.join(WHAT)}.")
    usual = {DATASET: Format.zip, FEED: Format.xml}.get(what, Format.csv)
    form = form_of(request.output, usual, request.format)
    fitting = OF_TABLES if what in TABLES else (usual,)
    if form.format not in fitting:
        ends = " or ".join(f".{name}" for name in fitting)
        raise UsageError(
            f"{what!r} cannot be written as {form.format}. Give a name that ends in {ends}"
            + (f", or choose a table: {', '.join(TABLES)}." if what not in TABLES else _MORE)
        )
    _check_options(request, form.format)
    return replace(form, excel=request.excel, raw=request.raw)


_MORE = "; `dataset` makes a .zip of all tables, `feed` an .xml of the newest releases."


def _check_options(request: ExportRequest, chosen: Format) -> None:
    if request.excel and chosen not in {Format.csv, Format.xlsx}:
        raise UsageError(f"--excel is a form of CSV, not of {chosen}. Name a .csv file.")
    if request.excel and request.raw:
        raise UsageError("Choose one of --excel and --raw: what Excel opens must be harmless.")
    if request.raw and chosen not in {Format.csv, Format.tsv, Format.zip}:
        raise UsageError(
            f"--raw is for CSV: {chosen} has every value as it is anyway. Leave it away."
        )
    if request.what != FEED and request.feed != FeedOptions():
        raise UsageError(
            "--changes, --limit and --feed-url are options of `export feed`. Tables are narrowed "
            "down by --query, --since, --until, --tag, --district and --speaker."
        )
