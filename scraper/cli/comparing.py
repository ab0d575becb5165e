"""The verb `compare`: how many releases of each city say something."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from scraper.cli.app import app
from scraper.cli.options import Cities, Json, Since, Until, cities, day
from scraper.cli.tables import AsCsv, AsExcel, Output, destination, write


class Counted(StrEnum):
    """What is counted."""

    site = "site"
    month = "month"
    year = "year"


@app.command()
def compare(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Words as in a search.")],
    by: Annotated[
        Counted, typer.Option(help="Each city as a whole, or by month or year of publication.")
    ] = Counted.site,
    since: Since = None,
    until: Until = None,
    site: Cities = None,
    as_csv: AsCsv = False,
    as_excel: AsExcel = False,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """How many releases of each city say something, of how many."""
    from scraper.archive import Archive
    from scraper.archive.comparison import compare as find
    from scraper.archive.search.filters import Filters
    from scraper.console.base import print_empty, print_json
    from scraper.console.comparing import print_comparison

    wanted = destination(as_csv=as_csv, as_excel=as_excel, as_json=as_json, output=output)
    since_day, until_day = day("--since", since), day("--until", until)
    with Archive.open_existing(context.obj) as archive:
        filters = Filters(since_day, until_day, sites=cities(archive, site))
        rows = find(archive, query, filters, by.value)
        if not rows and archive.is_empty():
            print_empty()
    if wanted:
        from scraper.export.results import result

        write(result(by.value, rows), wanted)
    elif as_json:
        print_json(rows)
    else:
        print_comparison(rows, by.value)
