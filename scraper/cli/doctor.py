"""The verb `doctor`: is everything as it should be?"""

from datetime import UTC, datetime
from typing import Annotated

import typer

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

    Changes nothing. Without --site, several newsrooms are shown in one table, the worst first.
    """
    from scraper.archive.followed import followed_in
    from scraper.console.diagnosis import print_checks
    from scraper.doctor import Request, examine

    is_one = live or base_url or len(followed_in(context.obj)) < 2
    site = chosen_site(site, context.obj) if is_one else site
    request = Request(context.obj, site, contact, live=live, base_url=base_url)
    checks = examine(request, datetime.now(UTC))
    raise typer.Exit(print_checks(checks, as_json=as_json))
