"""The verb `query`: read-only SQL, and what there is to ask."""

from __future__ import annotations

import base64
import math
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from scraper.cli.app import app
from scraper.cli.options import Json
from scraper.cli.tables import AsCsv, AsExcel, Output, destination, write
from scraper.errors import UsageError

_LONGEST_STATEMENT = 1_000_000
_STANDARD_INPUT = "-"


@app.command()
def query(
    context: typer.Context,
    sql: Annotated[
        str | None, typer.Argument(help="One statement that reads; - for standard input.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A file that holds the statement.")
    ] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="The tables and their columns, in place of rows.")
    ] = False,
    as_csv: AsCsv = False,
    as_excel: AsExcel = False,
    as_json: Json = False,
    output: Output = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, max=86_400, help="Most seconds it may take.")
    ] = 30.0,
) -> None:
    """Run read-only SQL.

    Example: newsroom query "SELECT tag, count(*) FROM tags GROUP BY tag" -o tags.xlsx
    """
    from scraper.archive import Archive
    from scraper.archive.sql import TABLES, read_only_query
    from scraper.console.base import print_json
    from scraper.console.querying import print_rows, print_tables
    from scraper.export.request import Format
    from scraper.export.results import query_result

    wanted = destination(as_csv=as_csv, as_excel=as_excel, as_json=as_json, output=output)
    statement = TABLES if tables else _statement(sql, file)
    if tables and (sql is not None or file is not None):
        raise UsageError("--tables takes no statement.")
    with (
        Archive.open_existing(context.obj) as archive,
        read_only_query(archive, statement, timeout) as (names, found),
    ):
        columns = _distinct(names)
        rows = (tuple(map(_readable, row)) for row in found)
        if wanted:
            is_typed = wanted.form.format is Format.parquet
            write(query_result(statement, columns, rows, is_typed=is_typed), wanted)
            return
        records = [dict(zip(columns, row, strict=True)) for row in rows]
    if as_json:
        print_json(records)
    elif tables:
        print_tables(records)
    else:
        print_rows(records, columns)


def _statement(sql: str | None, file: Path | None) -> str:
    """The statement, from wherever it is to be read.

    Raises:
        UsageError: there is none, there are two, or the file cannot be read.
    """
    if (sql is None) == (file is None):
        raise UsageError(
            'Give one statement: `newsroom query "SELECT …"`, `--file F.sql`, or - for standard '
            "input. `newsroom query --tables` lists what there is."
        )
    if file is None and sql != _STANDARD_INPUT:
        return str(sql)
    try:
        if file is None or str(file) == _STANDARD_INPUT:
            data = sys.stdin.buffer.read(_LONGEST_STATEMENT + 1)
        else:
            with file.open("rb") as opened:
                data = opened.read(_LONGEST_STATEMENT + 1)
    except OSError as error:
        raise UsageError(f"{file} could not be read: {error.strerror}.") from error
    if len(data) > _LONGEST_STATEMENT:
        raise UsageError(f"A statement has at most {_LONGEST_STATEMENT:,} bytes.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"The statement is not UTF-8 ({error}). Save it as UTF-8.") from error


def _distinct(columns: list[str]) -> list[str]:
    """Names of which none occurs twice: `id`, `id_2`."""
    names: list[str] = []
    taken: set[str] = set()
    for column in columns:
        name, number = column, 1
        while name in taken:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
        taken.add(name)
    return names


def _readable(cell: Any) -> Any:
    """A value that JSON can hold: bytes as base64, infinity as text."""
    if isinstance(cell, bytes):
        return base64.b64encode(cell).decode("ascii")
    return str(cell) if isinstance(cell, float) and not math.isfinite(cell) else cell
