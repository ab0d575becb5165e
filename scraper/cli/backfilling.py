"""The verb that takes old captures from web archives: backfill."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from scraper.cli.app import app
from scraper.cli.crawling import stop_on_signals
from scraper.cli.options import Contact, Json, SiteKey, chosen_site, day
from scraper.errors import UsageError
from scraper.fetch.identity import DEFAULT_CONTACT


@app.command()
def backfill(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            help="wayback, commoncrawl, or the address of a web archive, such as a collection of "
            "pywb.",
        ),
    ],
    site: SiteKey = None,
    since: Annotated[
        str | None, typer.Option(help="First day of capture: 2019-01-31, 31.1.2019, 5y.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Last day of capture.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, max=10**9, help="Fetch at most so many captures.")
    ] = None,
    per_release: Annotated[
        int, typer.Option(min=1, max=10**6, help="At most so many captures of a release.")
    ] = 10,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only ask the index, and say what would be fetched.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Try again what could not be read earlier, too.")
    ] = False,
    contact: Contact = DEFAULT_CONTACT,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only trouble.")] = False,
    as_json: Json = False,
) -> None:
    """Take old captures of releases from a web archive."""
    from scraper.console.backfilling import print_backfill, print_backfill_trouble
    from scraper.console.base import print_json
    from scraper.console.progress import progress
    from scraper.importing.backfill import BackfillRequest, run_backfill

    first, last = day("--since", since), day("--until", until)
    if first and last and last < first:
        raise UsageError(f"--until {last} is before --since {first}, so nothing can be in between.")
    request = BackfillRequest(
        context.obj,
        chosen_site(site, context.obj),
        source,
        first,
        last,
        limit,
        per_release,
        dry_run,
        again,
        contact,
    )
    with stop_on_signals() as stop, progress(quiet=quiet or as_json) as shown:
        report = run_backfill(request, lambda: datetime.now(UTC), stop, shown.count)
    if as_json:
        print_json(asdict(report))
    elif not quiet:
        print_backfill(report)
    print_backfill_trouble(report)
    raise typer.Exit(report.exit_code)
