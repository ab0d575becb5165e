"""What people see on a terminal. Archived text is other people's input: it is printed harmless."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from scraper.text import one_line, printable

# Where nobody sits in front of it, nothing is cut to the width of a screen.
_PIPE_COLUMNS = 200


def _console(stream: TextIO, *, stderr: bool) -> Console:
    width = None if stream.isatty() else _PIPE_COLUMNS
    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


out = _console(sys.stdout, stderr=False)
err = _console(sys.stderr, stderr=True)


# Characters that move the cursor, turn the direction of writing, or cannot be seen. In JSON they
# can only stand in strings, where an escape means the same.
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def print_json(document: Any) -> None:
    """One JSON document on standard output, and nothing else."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    sys.stdout.write(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


def print_empty() -> None:
    """Say that there is nothing to find anything in."""
    print_note(
        "The archive holds no releases yet. Fill it with `newsroom crawl`, or bring pages in with "
        "`newsroom import`."
    )


def print_error(message: str) -> None:
    """One paragraph on standard error."""
    _paragraph(f"Error: {message}")


def print_note(message: str) -> None:
    """A paragraph on standard error that is no error, but to be known."""
    _paragraph(f"Note: {message}")


def _paragraph(text: str) -> None:
    """Wrapped to the screen; commands on lines of their own, indented by four, stay whole."""
    width = min(err.width, 100) if err.is_terminal else 100
    words, *commands = (printable(" ".join(part.split())) for part in text.split("\n    "))
    lines = textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False)
    lines += [f"    {command}" for command in commands]
    err.print("\n".join(lines), soft_wrap=True)


def say(text: str = "") -> None:
    """A line for people on standard output."""
    out.print(printable(text), soft_wrap=True)


def print_table(rows: list[dict[str, Any]], columns: list[str]) -> None:
    """Rows as a table."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(Text(one_line(column.replace("_", " "))), overflow="fold")
    for row in rows:
        cells = ("" if row[column] is None else str(row[column]) for column in columns)
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    out.print(table)
