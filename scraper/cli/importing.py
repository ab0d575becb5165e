"""The verb that brings in pages from elsewhere: import."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli.app import app
from scraper.cli.crawling import stop_on_signals
from scraper.cli.options import Cluster, Json, SiteKey, chosen_site


@app.command(name="import")
def import_pages(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="WARC or WACZ files, pages, folders.")
    ],
    site: SiteKey = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would come in.")
    ] = False,
    cluster: Cluster = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only trouble.")] = False,
    as_json: Json = False,
) -> None:
    """Bring in pages that others have captured: WARC files, HTML."""
    from scraper.console.base import print_json
    from scraper.console.imports import print_import, print_import_trouble
    from scraper.console.progress import progress
    from scraper.importing import ImportRequest, run_import

    site = chosen_site(site, context.obj)
    request = ImportRequest(context.obj, tuple(paths), site, dry_run, cluster)
    with stop_on_signals() as stop, progress(quiet=quiet or as_json) as shown:
        report = run_import(
            request,
            lambda: datetime.now(UTC),
            progress=lambda done, total: shown.count("imported", done, total),
            stop=stop.is_set,
        )
    if as_json:
        print_json(asdict(report))
    elif not quiet:
        print_import(report)
    print_import_trouble(report)
    raise typer.Exit(report.exit_code)
