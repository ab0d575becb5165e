"""CSV: one form for programs, one for Excel on a German machine. Both safe by default.

Rows end with CRLF and cells are quoted by RFC 4180. Text is always quoted, numbers never; null is
an empty cell without quotes, empty text is `""` (what Python 3.12 calls `csv.QUOTE_STRINGS`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from scraper.export.columns import Table
    from scraper.export.files import Sink
    from scraper.export.tables import Row

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()
_FLUSH_BYTES = 1 << 16

# What a spreadsheet takes for a formula (OWASP, "CSV Injection"): `= + - @`, full-width ones too,
# also behind white space and characters that do not show; tab and line ends at the beginning. A
# plain number is not one. Leading apostrophes count, so that taking one away gives the text back.
_FORMULA = re.compile(
    r"(?![+-]?\d{1,15}(?:[.,]\d{1,15})?\Z)"
    r"(?:['\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠]|'*[\t\r\n])"
)
# The same within a cell, numbers too. Where another character parts cells than in the file, as on
# German machines, what stands behind it or behind a line break is a cell of its own.
_FORMULA_BEHIND = re.compile(
    r"(?<=[;,|\t\r\n])"
    r"(?=(?:[^\S\t\r\n]|['\"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff])*[=+\-@＝＋－＠])"
)
# In UTF-8, not quite as exact: most text has none, and needs no closer look.
_PERHAPS_BEHIND = re.compile(rb"[;,|\t\r\n][^0-9A-Za-z;,|\t\r\n=+\-@\xef]*[=+\-@\xef]")
# Control characters, as UTF-8; tab and line ends are text.
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_STEERING = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]")
_C1 = re.compile(rb"\xc2[\x80-\x9f]")

EXCEL_CELL_CHARS = 32_767
"""What a cell of Excel holds, in UTF-16 units."""
EXCEL_ROWS = 1_048_576
"""What a sheet of Excel holds, with the header."""
_CUT = " … [gekürzt, {count} Zeichen; der ganze Text steht in der Ausgabe ohne --excel]"
_GERMAN_ZONE = ZoneInfo("Europe/Berlin")


def write_csv(
    file: Sink,
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    raw: bool = False,
    separator: bytes = b",",
) -> int:
    """Rows as CSV; returns how many.

    Args:
        file: takes UTF-8.
        columns: the header.
        rows: strings or their UTF-8, numbers and None.
        raw: leave cells as they are. Otherwise `harmless_inside` and `harmless` are applied, and
            control characters become U+FFFD. NUL does in any case: most readers stop at it.
        separator: what stands between cells, such as a tab.
    """
    return _write(file, columns, rows, separator, raw=raw)


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe in front, if it would.

    Taking one apostrophe away from a cell that has one before such a beginning gives it back.
    """
    if text[:1].isalnum() or not _FORMULA.match(text):
        return text
    return "'" + text


def harmless_inside(text: str) -> str:
    """A cell in which no separator or line break has a formula behind it: an apostrophe in between.

    Taking one apostrophe away wherever one stands between such a character and such a beginning
    gives it back.
    """
    return _FORMULA_BEHIND.sub("'", text)


@dataclass(frozen=True, slots=True)
class ExcelFigures:
    """How many rows were written, and how many cells had to be cut."""

    rows: int
    cut: int
    """Cells that were longer than Excel's."""


def write_excel(file: Sink, table: Table, rows: Iterable[Row]) -> ExcelFigures:
    """Rows for a double click in Excel on a German machine.

    Semicolons, a byte order mark, and behind each column of times another one, `…_de`, with the
    time as Excel reads it there: `07.07.2025 12:52`, in German local time. Line ends in cells are
    LF. A cell beyond Excel's 32,767 characters is cut, and says so at its end.
    """
    plan: list[tuple[int, Callable[[str], str] | None]] = []
    header: list[str] = []
    for place, field in enumerate(table.fields):
        plan.append((place, None))
        header.append(field.name)
        if field.type in {"datetime", "moment"}:
            plan.append((place, german_time))
            header.append(f"{field.name}_de")
    cut = 0

    def shown(row: Row) -> Row:
        nonlocal cut
        cells: list[Any] = []
        for place, form in plan:
            value = row[place]
            if isinstance(value, str):
                value = form(value) if form else _unix_lines(value)
                if len(value) > EXCEL_CELL_CHARS // 4 and _excel_units(value) > EXCEL_CELL_CHARS:
                    value = _shortened(value)
                    cut += 1
            cells.append(value)
        return tuple(cells)

    file.write(_BYTE_ORDER_MARK)
    count = _write(file, header, map(shown, rows), b";", raw=False)
    return ExcelFigures(count, cut)


def german_time(iso: str) -> str:
    """`07.07.2025 12:52` for an ISO date-time, `07.07.2025` for a date.

    A time in UTC is one of the archive's own and becomes German local time; one with another
    offset is already what a clock there showed. What is not a time stays as it is.
    """
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    if len(iso) == len("2025-07-07"):
        return f"{moment:%d.%m.%Y}"
    offset = moment.utcoffset()
    if offset is not None and not offset:
        try:
            moment = moment.astimezone(_GERMAN_ZONE)
        except OverflowError:  # the year 0 or 10000 there
            return iso
    return f"{moment:%d.%m.%Y %H:%M}"


def _write(
    file: Sink, columns: Sequence[str], rows: Iterable[Row], separator: bytes, *, raw: bool
) -> int:
    cell = _exact_cell if raw else _safe_cell
    names = (name.encode() if name.isidentifier() else cell(name) for name in columns)
    lines = [separator.join(names)]
    count = size = 0
    for row in rows:
        count += 1
        # Millions of cells: the frequent kinds without a call. Text that begins with a letter or
        # digit is no formula.
        line = separator.join(
            [
                b'"%b"' % value.replace(b'"', b'""')
                if value.__class__ is bytes
                and value[:1].isalnum()
                and (raw or not _PERHAPS_BEHIND.search(value))
                else b""
                if value is None
                else b"%d" % value
                if value.__class__ is int
                else cell(value)
                for value in row
            ]
        )
        lines.append(line)
        size += len(line)
        if size > _FLUSH_BYTES:
            file.write(_scrubbed(lines, raw=raw))
            lines.clear()
            size = 0
    file.write(_scrubbed(lines, raw=raw))
    return count


def _safe_cell(value: Any) -> bytes:
    if not isinstance(value, str | bytes):
        return str(value).encode()
    text = value if isinstance(value, str) else value.decode(errors="surrogateescape")
    safe = harmless(harmless_inside(text))
    if safe == text:
        return _exact_cell(value)
    is_bytes = isinstance(value, bytes)
    return _exact_cell(safe.encode(errors="surrogateescape") if is_bytes else safe)


def _exact_cell(value: Any) -> bytes:
    if isinstance(value, str):
        value = value.encode(errors="backslashreplace")
    elif not isinstance(value, bytes):
        return str(value).encode()
    return b'"' + bytes(value).replace(b'"', b'""') + b'"'


def _scrubbed(lines: list[bytes], *, raw: bool) -> bytes:
    if not lines:
        return b""
    lines.append(b"")
    data = b"\r\n".join(lines)
    return data.replace(b"\0", _REPLACEMENT) if raw else without_controls(data)


def without_controls(data: bytes) -> bytes:
    """UTF-8 in which U+FFFD stands for each control character; tab and line ends stay."""
    # Most text has none: quick looks spare the slow one.
    if len(data.translate(None, _CONTROLS)) != len(data) or (b"\xc2" in data and _C1.search(data)):
        return _STEERING.sub(_REPLACEMENT, data)
    return data


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def utf16_units(text: str) -> int:
    """Length of a text as Excel counts it."""
    return len(text.encode("utf-16-le", errors="replace")) // 2


def _excel_units(text: str) -> int:
    """Of the cell as it is written, with the apostrophes within."""
    return utf16_units(harmless_inside(text))


def _shortened(text: str) -> str:
    apostrophes = len(harmless_inside(text[:EXCEL_CELL_CHARS])) - len(text[:EXCEL_CELL_CHARS])
    # One more may come in front.
    return shortened(text, _CUT, EXCEL_CELL_CHARS - 1 - apostrophes)


def shortened(text: str, note: str, units: int) -> str:
    """The beginning of a text, and a note that it was cut.

    Args:
        text: the text.
        note: its `{count}` becomes the number of characters of the text.
        units: how long it may be with the note, in UTF-16 units.
    """
    note = note.format(count=f"{len(text):,}".replace(",", "."))
    room = max(0, units - len(note))
    kept = text.encode("utf-16-le", errors="replace")[: 2 * room]
    return kept.decode("utf-16-le", errors="ignore") + note
