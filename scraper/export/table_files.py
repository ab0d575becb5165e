"""One table as a file of any format, and which format a file's name asks for."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import GzipFile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from scraper.errors import UsageError
from scraper.export.delimited import EXCEL_CELL_CHARS, EXCEL_ROWS, write_csv, write_excel
from scraper.export.files import binary_output, is_stream, text_output
from scraper.export.jsonl import write_json, write_jsonl
from scraper.export.parquet import write_parquet
from scraper.export.request import Exported, Format

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from scraper.export.columns import Table
    from scraper.export.files import Sink
    from scraper.export.tables import Row

OF_TABLES = tuple(each for each in Format if each not in {Format.zip, Format.xml})
"""Formats that a table can be written in."""

_TEXT = frozenset(OF_TABLES) - {Format.xlsx, Format.parquet}
_GZIP = ".gz"
_SEPARATORS = {Format.csv: b",", Format.tsv: b"\t"}


@dataclass(frozen=True, slots=True)
class Form:
    """How a table is written."""

    format: Format
    is_gzipped: bool = False
    excel: bool = False
    """CSV for Excel on a German machine."""
    raw: bool = False
    """CSV with cells as they are, formulas too."""

    @property
    def takes_bytes(self) -> bool:
        """Whether text may be given as its UTF-8, which is quicker."""
        return self.format in _SEPARATORS and not self.excel


def form_of(
    output: str,
    usual: Format,
    chosen: Format | None = None,
    *,
    among: Collection[Format] = tuple(Format),
) -> Form:
    """The form that the name of a file asks for.

    Args:
        output: path, or `-` for standard output.
        usual: the format of what is no file, and so has no end of its name.
        chosen: the format, whatever the name says.
        among: formats that are possible.

    Raises:
        UsageError: the end of the name is that of no such format.
    """
    is_gzipped = Path(output).suffix.lower() == _GZIP and not is_stream(output)
    found = chosen or format_of_name(output)
    if found is None and is_stream(output) and not Path(output).suffix:
        found = usual
    if found is None or found not in among:
        raise UsageError(
            f"The format of {output!r} is not known. The end of the name decides: "
            f"{', '.join(f'.{name}' for name in among)}"
            + ("; or give --format." if len(among) == len(Format) else ".")
        )
    if is_gzipped and found not in _TEXT:
        raise UsageError(f"A .{found} file is compressed already: leave .gz away.")
    return Form(found, is_gzipped)


def format_of_name(output: str) -> Format | None:
    """The format that the end of a name says, before a `.gz`; None if it says none."""
    path = Path(output)
    if path.suffix.lower() == _GZIP:
        path = path.with_suffix("")
    try:
        return Format(path.suffix.lower().removeprefix("."))
    except ValueError:
        return None


def write_table(
    output: str,
    form: Form,
    table: Table,
    rows: Iterable[Row],
    documents: Iterable[dict[str, Any]],
) -> Exported:
    """Write a table; of rows and documents only those that the format needs are read.

    Args:
        output: path, or `-` for standard output.
        form: how.
        table: its columns.
        rows: in the order of the columns; as `Form.takes_bytes` says.
        documents: the same as objects, for JSON.

    Raises:
        UsageError: it cannot be written there, or a library is missing.
        ArchiveError: the disk is full, or a value is not of its column's type.
    """
    if form.format is Format.parquet:
        with binary_output(output) as file:
            return Exported(write_parquet(file, table, rows))
    if form.format is Format.xlsx:
        from scraper.export.xlsx import write_xlsx

        with binary_output(output) as file:
            figures = write_xlsx(file, table, rows)
        return Exported(figures.rows, _workbook_warnings(figures.rows, figures.cut))
    with text_or_gzip(output, is_gzipped=form.is_gzipped) as sink:
        if form.format is Format.json:
            return Exported(write_json(sink, documents))
        if form.format not in _SEPARATORS:
            return Exported(write_jsonl(sink, documents))
        if form.excel:
            figures = write_excel(sink, table, rows)
            return Exported(figures.rows, _excel_warnings(figures.rows, figures.cut))
        separator = _SEPARATORS[form.format]
        return Exported(write_csv(sink, table.columns, rows, raw=form.raw, separator=separator))


def write_document(output: str, form: Form, document: Any) -> None:
    """Write one JSON document that is no list of rows.

    Raises:
        UsageError: it cannot be written there.
        ArchiveError: the disk is full.
    """
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    with text_or_gzip(output, is_gzipped=form.is_gzipped) as sink:
        sink.write(text.encode(errors="backslashreplace"))


@contextmanager
def text_or_gzip(output: str, *, is_gzipped: bool) -> Iterator[Sink]:
    """A place for UTF-8 text, compressed or not; the same text gives the same bytes."""
    if not is_gzipped:
        with text_output(output) as sink:
            yield sink
        return
    with (
        binary_output(output) as file,
        GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed,
    ):
        yield cast("Sink", packed)


def _excel_warnings(count: int, cut: int) -> tuple[str, ...]:
    warnings = _cut_warnings(cut, "without --excel")
    if count >= EXCEL_ROWS:
        warnings.append(
            f"{count:,} rows are more than the {EXCEL_ROWS - 1:,} that Excel shows. Narrow them "
            "down, such as with --since."
        )
    return tuple(warnings)


def _workbook_warnings(count: int, cut: int) -> tuple[str, ...]:
    warnings = _cut_warnings(cut, "in .csv and .jsonl")
    if count >= EXCEL_ROWS:
        warnings.append(
            f"{count:,} rows are more than the {EXCEL_ROWS - 1:,} that a sheet of Excel holds: "
            "they go on in further sheets."
        )
    return tuple(warnings)


def _cut_warnings(cut: int, whole: str) -> list[str]:
    warning = (
        f"{cut:,} cells are longer than the {EXCEL_CELL_CHARS:,} characters that Excel holds. "
        f"They are cut and say so at their end; {whole} they are whole."
    )
    return [warning] if cut else []
