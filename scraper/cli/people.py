"""The verb `people`: who spoke, for which city, in which office; and what somebody said."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from scraper.cli.app import app
from scraper.cli.options import Cities, Json, cities, say_unknown
from scraper.cli.tables import AsCsv, AsExcel, Output, destination, write


@app.command()
def people(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="Any part of a name: what these people said.")
    ] = None,
    site: Cities = None,
    limit: Annotated[int | None, typer.Option(min=1, max=10**9, help="At most so many.")] = None,
    as_csv: AsCsv = False,
    as_excel: AsExcel = False,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Who spoke, for which city, how often; with a name: what."""
    from scraper.archive import Archive
    from scraper.archive import persons as found
    from scraper.archive.search.filters import Filters
    from scraper.console.base import print_empty, print_json
    from scraper.console.people import print_people, print_statements

    wanted = destination(as_csv=as_csv, as_excel=as_excel, as_json=as_json, output=output)
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
    whole = None if name is None else {"people": shown, "statements": said}
    if wanted:
        from scraper.export.results import result

        table = result("people", shown) if name is None else result("statements", said)
        write(replace(table, whole=whole), wanted)
    elif as_json:
        print_json(whole or shown)
    else:
        print_people(shown)
        if name is not None:
            print_statements(said)
