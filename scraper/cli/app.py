"""The one Typer app, and the option that comes before the verb."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scraper import __version__

app = typer.Typer(
    name="newsroom",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="An archive of what cities announce: crawl their newsrooms, search, export.",
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"newsroom-archive {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    data: Annotated[
        Path,
        typer.Option("--data", envvar="NEWSROOM_DATA", help="Directory that holds everything."),
    ] = Path("data"),
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options that come before the verb."""
    context.obj = data
