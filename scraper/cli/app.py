"""The one Typer app, and the options that hold for every verb."""

from pathlib import Path
from typing import Annotated

import typer

from scraper import __version__
from scraper.cli.anywhere import AnywhereGroup
from scraper.cli.pipes import go_on_unread

DOING = frozenset(
    "backfill backup browse crawl demo extract forget import mcp merge rebuild reparse restore "
    "schedule sites watch".split()
)
"""Verbs that do something besides showing it; it is done also if nobody reads what they say."""

app = typer.Typer(
    name="newsroom",
    cls=AnywhereGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help; Typer's boxes would double the time until it is there
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
    """Options that hold for every verb; `--data` may stand behind it, too."""
    context.obj = data
    if context.invoked_subcommand in DOING:
        go_on_unread()
