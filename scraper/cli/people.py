"""The verb `people`: who spoke, for which city, in which office; and what somebody said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scraper.cli.app import app
from scraper.cli.options import Cities, Json, cities, say_unknown
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


@app.command()
def people(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="Any part of a name: what these people said.")
    ] = None,
    site: Cities = None,
    limit: Annotated[int | None, typer.Option(min=1, max=10**9, help="At most so many.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on standard output.")] = False,
    as_json: Json = False,
) -> None:
    """Who spoke, for which city, how often; with a name: what."""
    from scraper.archive import Archive
    from scraper.archive import persons as found
    from scraper.archive.search.filters import Filters
    from scraper.console.base import print_empty, print_json
    from scraper.console.people import print_people, print_statements

    if as_csv and as_json:
        raise UsageError("Choose one of --csv and --json.")
    with Archive.open_existing(context.obj) as archive:
        rows = found.people(archive, cities(archive, site))
        said: list[dict[str, Any]] = []
        if name is not None:
            rows = found.named(rows, name)
            said = [
                {"person": number, **row}
                for number, someone in enumerate(rows)
                for row in found.statements(archive, someone)
            ]
            said.sort(key=lambda row: (row["published"] or "", row["site"]))
            if not rows:
                say_unknown(archive, Filters(speaker=name))
        if not rows and archive.is_empty():
            print_empty()
    said, shown = said[:limit], rows if name is not None else rows[:limit]
    if as_json:
        print_json(shown if name is None else {"people": shown, "statements": said})
    elif as_csv:
        _write_csv(shown, found.COLUMNS) if name is None else _write_csv(
            said, found.STATEMENT_COLUMNS
        )
    else:
        print_people(shown)
        if name is not None:
            print_statements(said)


def _write_csv(rows: list[dict[str, Any]], columns: Sequence[str]) -> None:
    from scraper.export.delimited import write_csv
    from scraper.export.files import STANDARD_OUTPUT, text_output

    def cell(value: Any) -> Any:
        return "; ".join(value) if isinstance(value, list) else value

    with text_output(STANDARD_OUTPUT) as sink:
        write_csv(sink, columns, (tuple(cell(row[name]) for name in columns) for row in rows))
