"""Options of verbs whose result can be a table for other programs, and what they do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.errors import UsageError

if TYPE_CHECKING:
    from scraper.export.results import Result
    from scraper.export.table_files import Form

AsCsv = Annotated[bool, typer.Option("--csv", help="CSV on standard output.")]
AsExcel = Annotated[bool, typer.Option("--excel", help="CSV for Excel on a German machine.")]
Output = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="A file; its end says the format: .csv .tsv .csv.gz .xlsx .json .jsonl .parquet.",
    ),
]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a table goes to, and how it is written."""

    output: str
    """Path, or `-` for standard output."""
    form: Form


def destination(
    *, as_csv: bool, as_excel: bool, as_json: bool, output: str | None
) -> Destination | None:
    """Where a table is to go; None if what is found is for people, or for `--json` alone.

    Raises:
        UsageError: the options contradict each other, or the file's name says no format.
    """
    named = {"--csv": as_csv and not as_excel, "--excel": as_excel, "--json": as_json}
    flags = [name for name, is_given in named.items() if is_given]
    if len(flags) > 1:
        raise UsageError(f"Choose one of {' and '.join(flags)}.")
    if output is None and flags in ([], ["--json"]):
        return None
    from scraper.export.files import STANDARD_OUTPUT, descriptor
    from scraper.export.request import Format
    from scraper.export.table_files import OF_TABLES, form_of, format_of_name

    if output is None or descriptor(output) == 1:
        output = STANDARD_OUTPUT
    usual = Format.json if as_json else Format.csv
    chosen = usual if flags and format_of_name(output) is None else None
    form = form_of(output, usual, chosen, among=OF_TABLES)
    if as_json and form.format not in {Format.json, Format.jsonl, Format.ndjson}:
        raise UsageError(f"--json and the name {output} contradict each other: leave one away.")
    if as_csv and not as_excel and form.format is not Format.csv:
        raise UsageError(f"--csv and the name {output} contradict each other: leave one away.")
    if as_excel and form.format not in {Format.csv, Format.xlsx}:
        raise UsageError(f"--excel is a form of CSV, not of {form.format}. Name a .csv file.")
    return Destination(output, replace(form, excel=as_excel))


def write(result: Result, where: Destination) -> None:
    """Write a result; says on standard output what was written into a file."""
    from scraper.console.reports import print_export
    from scraper.export.results import write_result

    done = write_result(result, where.output, where.form)
    print_export(result.table.name, where.output, done)
