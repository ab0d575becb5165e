"""What a statement gives, as a table that a terminal can hold, or a record below the other."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from scraper.console.base import out, say
from scraper.text import one_line

_NARROWEST = 8
"""Columns, in characters, that a cell should have at least to be readable."""
_LONGEST = 300
"""Characters of a cell that are shown on a terminal."""


def print_rows(rows: list[dict[str, Any]], columns: list[str]) -> None:
    """Rows as a table; as records, one below the other, where it would be too wide to read.

    On a terminal long cells are cut; in a pipe nothing is.

    Args:
        rows: with a value for each column.
        columns: their names, which are printed as they are.
    """
    cells = [[_shown(row[name]) for name in columns] for row in rows]
    room = out.width - 2 * max(0, len(columns) - 1)
    widths = [
        max([len(name), *(len(row[place]) for row in cells)]) for place, name in enumerate(columns)
    ]
    is_narrow = sum(min(width, 3 * _NARROWEST) for width in widths) <= room
    if out.is_terminal and not is_narrow:
        _print_records(cells, columns)
    else:
        _print_table(cells, columns)
    if out.is_terminal:
        say(f"{len(rows):,} row{'' if len(rows) == 1 else 's'}")


def _print_table(cells: list[list[str]], columns: list[str]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(Text(one_line(name)), overflow="fold", min_width=min(len(name), 30))
    for row in cells:
        table.add_row(*map(Text, row))
    out.print(table)


def _print_records(cells: list[list[str]], columns: list[str]) -> None:
    """A line for each value; empty ones are left out."""
    width = max(map(len, columns))
    for number, row in enumerate(cells, 1):
        out.print(Text(f"-- row {number:,}", style="bold"))
        for name, cell in zip(columns, row, strict=True):
            if cell:
                line = Text(f"{one_line(name):<{width}}  ", style="dim")
                out.print(line.append(cell, style="not dim"), soft_wrap=True)


def _shown(value: Any) -> str:
    text = "" if value is None else one_line(str(value))
    if out.is_terminal and len(text) > _LONGEST:
        return f"{text[: _LONGEST - 1]}…"
    return text


def print_tables(rows: list[dict[str, Any]]) -> None:
    """Tables and views, a paragraph each: the name, what it is, its columns.

    Args:
        rows: with `table kind column type`, those of a table one after another.
    """
    last = None
    line: list[str] = []
    for row in [*rows, {"table": None}]:
        if row["table"] != last:
            if last is not None:
                say(f"  {', '.join(line)}")
            if row["table"] is not None:
                out.print(Text(one_line(row["table"]), style="bold").append(_kind(row["kind"])))
            last, line = row["table"], []
        if row["table"] is not None:
            line.append(one_line(row["column"]))


def _kind(kind: str) -> Text:
    return Text(" (a view)" if kind == "view" else "", style="not bold")
