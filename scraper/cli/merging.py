"""The verb that brings another archive in: merge."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli.app import app
from scraper.cli.crawling import stop_on_signals
from scraper.cli.options import Json


@app.command()
def merge(
    context: typer.Context,
    other: Annotated[
        Path, typer.Argument(metavar="OTHER", help="Directory of the other archive; only read.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would come in.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring the releases of another archive in.

    Newsrooms, captures, versions and events come along. A release that both have is one
    afterwards, with the evidence of both. Once more it changes nothing.
    """
    from scraper.console.base import print_json
    from scraper.console.merging import print_merged
    from scraper.importing.merge import merge as bring

    with stop_on_signals() as stop:
        report = bring(
            context.obj, other, lambda: datetime.now(UTC), dry_run=dry_run, stop=stop.is_set
        )
    if as_json:
        told = asdict(report)
        told["conflicts"] = [{"where": where, "what": what} for where, what in report.conflicts]
        print_json(told)
    else:
        print_merged(report)
