"""Verbs that list what there is to narrow down by: tags, districts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from scraper.cli.app import app
from scraper.cli.options import Cities, Json, cities

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from scraper.archive import Archive

    Find = Callable[[Archive, tuple[str, ...]], list[dict[str, Any]]]


@app.command()
def tags(context: typer.Context, site: Cities = None, as_json: Json = False) -> None:
    """The tags there are, and how many releases have them."""
    from scraper.archive.labels import tags as find

    _list(context, "tag", find, site, as_json=as_json)


@app.command()
def districts(context: typer.Context, site: Cities = None, as_json: Json = False) -> None:
    """The districts there are, and how many releases are from them."""
    from scraper.archive.labels import districts as find

    _list(context, "district", find, site, as_json=as_json)


def _list(
    context: typer.Context, name: str, find: Find, site: list[str] | None, *, as_json: bool
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
    if as_json:
        print_json(rows)
    else:
        print_labels(rows, name, with_city=several)
