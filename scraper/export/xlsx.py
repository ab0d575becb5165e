"""Excel workbooks: one sheet of rows, one that explains the columns; a row is in memory at a time.

Text is written as text, so that nothing is a formula or a link; days and times are true dates.
"""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from scraper.export import delimited
from scraper.export.delimited import EXCEL_CELL_CHARS, ExcelFigures, shortened, utf16_units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.export.columns import Table
    from scraper.export.tables import Row

# Numbers of formats that Excel shows as its machine writes dates (ECMA-376, 18.8.30).
_DAY, _MINUTE = 14, 22
_TIMES = frozenset({"date", "datetime", "moment"})
# Excel counts days from 1900, and takes that year for a leap year.
_FIRST_YEAR, _LAST_YEAR = 1901, 9999
# A double holds every integer up to here.
_EXACT = 2**53
_NARROWEST, _WIDEST = 8, 60
_CUT_NOTE = " … [gekürzt, {count} Zeichen; der ganze Text steht in .csv und .jsonl]"
_KINDS = {
    "integer": "number",
    "number": "number",
    "string": "text",
    "object": "text (JSON)",
    "date": "date",
    "datetime": "date and time, in UTC",
    "moment": "date, or date and time, on the city's clock",
}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
EXPLANATION = "columns"
"""Name of the sheet that explains the columns."""


def write_xlsx(file: BinaryIO, table: Table, rows: Iterable[Row]) -> ExcelFigures:
    """Rows as a workbook; returns how many, and how many cells had to be cut.

    Beyond the 1,048,576 rows of a sheet they go on in another one. Null is no cell. A date before
    1901 stays text, as does a whole number that Excel would round.

    Args:
        file: where to; need not be seekable.
        table: its columns.
        rows: strings, numbers, None.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    with TemporaryDirectory(prefix="newsroom-") as scratch:
        book = Workbook(_Stream(file), {**_OPTIONS, "tmpdir": scratch})
        try:
            writer = _Sheets(book, table)
            for row in rows:
                writer.add(row)
            writer.finish()
            _explain(book, table, writer)
            book.close()
        except FileCreateError as error:  # an OSError, wrapped
            raise error.args[0] from error
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
    return ExcelFigures(writer.count, writer.cut)


class _Stream:
    """Takes bytes one after another: a ZIP file that is written to it never looks back.

    After a failure it takes no more, as an unfinished ZIP file would write its end.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._has_failed = False

    def write(self, data: bytes) -> int:
        if not self._has_failed:
            try:
                self._file.write(data)
            except BaseException:
                self._has_failed = True
                raise
        return len(data)

    def flush(self) -> None:
        if not self._has_failed:
            self._file.flush()


class _Sheets:
    """The rows, in as many sheets as they need."""

    def __init__(self, book: Any, table: Table) -> None:
        self._book = book
        self._table = table
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._formats = {number: book.add_format({"num_format": number}) for number in _FORMATS}
        self._widths = [len(name) + 2 for name in table.columns]
        self._is_time = [field.type in _TIMES for field in table.fields]
        self._sheet: Any = None
        self._next = 0
        self.number = 0
        self.count = 0
        self.cut = 0
        self._begin()

    def _begin(self) -> None:
        self.number += 1
        suffix = "" if self.number == 1 else f" {self.number}"
        self._sheet = self._book.add_worksheet(f"{self._table.name}{suffix}")
        self._sheet.freeze_panes(1, 0)
        for column, name in enumerate(self._table.columns):
            self._text(0, column, name, self._head)
        self._next = 1

    def add(self, row: Row) -> None:
        """Write the next row."""
        if self._next == delimited.EXCEL_ROWS:
            self.finish()
            self._begin()
        for column, value in enumerate(row):
            if value is not None:
                self._cell(column, value)
        self._next += 1
        self.count += 1

    def finish(self) -> None:
        """What a sheet gets when its last row is known."""
        columns = len(self._table.fields)
        if columns:
            self._sheet.autofilter(0, 0, self._next - 1, columns - 1)
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, max(_NARROWEST, min(width, _WIDEST)))

    def _cell(self, column: int, value: Any) -> None:
        row = self._next
        if isinstance(value, bool):
            value = int(value)
        if isinstance(value, int | float):
            if abs(value) <= _EXACT:
                self._sheet.write_number(row, column, value)
                return
            value = str(value)  # infinity, or more digits than Excel keeps
        moment = _moment(value) if self._is_time[column] else None
        if moment is not None:
            number = _MINUTE if isinstance(moment, datetime) else _DAY
            self._sheet.write_datetime(row, column, moment, self._formats[number])
            self._widths[column] = max(self._widths[column], 17)
            return
        self._text(row, column, str(value))
        self._widths[column] = max(self._widths[column], min(len(str(value)), _WIDEST))

    def _text(self, row: int, column: int, text: str, form: Any = None) -> None:
        text, was_cut = _fitting(text)
        self.cut += was_cut
        self._sheet.write_string(row, column, as_text(text), form)


_FORMATS = (_DAY, _MINUTE)


def _moment(value: Any) -> date | datetime | None:
    """A date, or a time as the clock there shows it; None for what is none that Excel has."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return None
    return found.date() if len(value) == len("2025-07-07") else found.replace(tzinfo=None)


def _fitting(text: str) -> tuple[str, bool]:
    """A text as a cell can hold it, and whether it had to be cut."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = text.encode(errors="replace").decode()  # half a character cannot be written
    if len(text) <= EXCEL_CELL_CHARS // 2 or utf16_units(text) <= EXCEL_CELL_CHARS:
        return text, False
    return shortened(text, _CUT_NOTE, EXCEL_CELL_CHARS), True


def as_text(text: str) -> str:
    """A text that XlsxWriter writes as text.

    It takes what begins with `<r>` and ends with `</r>` for markup; such a text is given as the
    markup of itself. Control characters it escapes itself, as Excel does.
    """
    if text.startswith("<r>") and text.endswith("</r>"):
        inner = escape(text, quote=False)
        return f'<r><t xml:space="preserve">{inner}</t></r>'
    return text


def _explain(book: Any, table: Table, writer: _Sheets) -> None:
    sheet = book.add_worksheet(EXPLANATION)
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    top = book.add_format({"valign": "top"})
    notes = [f"One row per {table.row_is}."]
    if writer.number > 1:
        notes.append(f"{writer.count:,} rows, in {writer.number} sheets.")
    if writer.cut:
        notes.append(
            f"{writer.cut:,} cells were longer than the {EXCEL_CELL_CHARS:,} characters that Excel "
            "holds; they are cut and say so at their end."
        )
    row = 0
    for note in notes:
        sheet.write_string(row, 0, as_text(_fitting(note)[0]))
        row += 1
    row += 1
    for column, head in enumerate(("column", "holds", "meaning")):
        sheet.write_string(row, column, head, bold)
    for field in table.fields:
        row += 1
        cells = (field.name, _KINDS[field.type], field.description)
        for column, text in enumerate(cells):
            form = wrapped if column == 2 else top
            sheet.write_string(row, column, as_text(_fitting(text)[0]), form)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 2, 90)
