"""The verb `doctor`: is everything as it should be?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from scraper import __version__, console
from scraper.cli.app import app
from scraper.cli.options import Json, SiteKey
from scraper.doctor import Request, examine, worst_code
from scraper.fetch.client import DEFAULT_CONTACT


@app.command()
def doctor(
    context: typer.Context,
    live: Annotated[
        bool, typer.Option("--live", help="Ask the site, too: rules, listings, three releases.")
    ] = False,
    site: SiteKey = "dortmund",
    base_url: Annotated[
        str | None, typer.Option(help="Ask a mirror at this address instead of the live host.")
    ] = None,
    contact: Annotated[
        str, typer.Option(envvar="NEWSROOM_CONTACT", help="Shown to the city's server.")
    ] = DEFAULT_CONTACT,
    as_json: Json = False,
) -> None:
    """Check environment, directory, archive, runs; with --live the site. Changes nothing."""
    request = Request(context.obj, site, contact, live=live, base_url=base_url)
    checks = []
    for check in examine(request, datetime.now(UTC)):
        checks.append(check)
        if not as_json:
            console.print_check(check)
    code = worst_code(checks)
    if as_json:
        found = [asdict(check) for check in checks]
        console.print_json({"version": __version__, "exit_code": code, "checks": found})
    else:
        console.print_diagnosis(checks)
    raise typer.Exit(code)
