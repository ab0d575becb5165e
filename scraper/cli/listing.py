"""Verbs that list what there is to narrow down by: tags, districts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from scraper.cli.app import app
from scraper.cli.options import Cities, Json, cities
from scraper.cli.tables import AsCsv, AsExcel, Output, destination, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from scraper.archive import Archive
    from scraper.cli.tables import Destination

    Find = Callable[[Archive, tuple[str, ...]], list[dict[str, Any]]]


@app.command()
def tags(
    context: typer.Context,
    site: Cities = None,
    as_csv: AsCsv = False,
    as_excel: AsExcel = False,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """The tags there are, and how many releases have them."""
    from scraper.archive.labels import tags as find

    wanted = destination(as_csv=as_csv, as_excel=as_excel, as_json=as_json, output=output)
    _list(context, "tag", find, site, wanted, as_json=as_json)


@app.command()
def districts(
    context: typer.Context,
    site: Cities = None,
    as_csv: AsCsv = False,
    as_excel: AsExcel = False,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """The districts there are, and how many releases are from them."""
    from scraper.archive.labels import districts as find

    wanted = destination(as_csv=as_csv, as_excel=as_excel, as_json=as_json, output=output)
    _list(context, "district", find, site, wanted, as_json=as_json)


def _list(
    context: typer.Context,
    name: str,
    find: Find,
    site: list[str] | None,
    wanted: Destination | None,
    *,
    as_json: bool,
) -> None:
    from scraper.archive import Archive
    from scraper.archive.cities import has_several
    from scraper.console.base import print_empty, print_json
    from scraper.console.listing import print_labels

    with Archive.open_existing(context.obj) as archive:
        rows = find(archive, cities(archive, site))
        several = has_several(archive)
        if not rows and archive.is_empty():
            print_empty()
    if wanted:
        from scraper.export.results import result

        write(result(f"{name}s", rows), wanted)
    elif as_json:
        print_json(rows)
    else:
        print_labels(rows, name, with_city=several)
