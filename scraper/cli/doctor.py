"""The verb `doctor`: is everything as it should be?"""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from scraper import __version__
from scraper.cli.app import app
from scraper.cli.options import Contact, Json, SiteKey, chosen_site
from scraper.fetch.identity import DEFAULT_CONTACT


@app.command()
def doctor(
    context: typer.Context,
    live: Annotated[
        bool, typer.Option("--live", help="Ask the site, too: rules, listings, three releases.")
    ] = False,
    site: SiteKey = None,
    base_url: Annotated[
        str | None, typer.Option(help="Ask a mirror at this address instead of the live host.")
    ] = None,
    contact: Contact = DEFAULT_CONTACT,
    as_json: Json = False,
) -> None:
    """Check environment, archive and runs; with --live the site.

    Changes nothing.
    """
    from scraper.console.base import print_json
    from scraper.console.diagnosis import print_check, print_diagnosis
    from scraper.doctor import Request, examine, worst_code

    site = chosen_site(site, context.obj)
    request = Request(context.obj, site, contact, live=live, base_url=base_url)
    checks = []
    for check in examine(request, datetime.now(UTC)):
        checks.append(check)
        if not as_json:
            print_check(check)
    code = worst_code(checks)
    if as_json:
        found = [asdict(check) for check in checks]
        print_json({"version": __version__, "exit_code": code, "checks": found})
    else:
        print_diagnosis(checks)
    raise typer.Exit(code)
