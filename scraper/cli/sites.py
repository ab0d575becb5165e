"""The verb `sites`: the newsrooms there are, adding one, checking a file of facts."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from scraper.cli.app import app
from scraper.cli.options import Contact, Json
from scraper.cli.plain_values import PlainGroup
from scraper.errors import PagesFailed, UsageError
from scraper.fetch.identity import DEFAULT_CONTACT

sites = typer.Typer(cls=PlainGroup, help="The newsrooms: list, show, add, check, drop.")
app.add_typer(sites, name="sites")

Mirror = Annotated[
    str | None, typer.Option(help="Ask a mirror at this address instead of the live host.")
]


@sites.callback(invoke_without_command=True)
def list_all(context: typer.Context, as_json: Json = False) -> None:
    """List the newsrooms; those that the archive follows come first."""
    if context.invoked_subcommand is not None:
        return
    from scraper.console.base import print_json
    from scraper.console.sites import print_sites
    from scraper.doctor.sites import list_sites

    rows = list_sites(context.obj)
    if as_json:
        print_json(rows)
    else:
        print_sites(rows)


@sites.command()
def show(context: typer.Context, key: Annotated[str, typer.Argument(metavar="KEY")]) -> None:
    """Print a site's file of facts."""
    from scraper.console.base import say
    from scraper.doctor.sites import site_file

    say(site_file(context.obj, key).rstrip("\n"))


@sites.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Its page of press releases.")],
    key: Annotated[str | None, typer.Option(help="What to call it in commands.")] = None,
    name: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write the file without asking.")] = False,
    base_url: Mirror = None,
    contact: Contact = DEFAULT_CONTACT,
    as_json: Json = False,
) -> None:
    """Look at a newsroom, say what was found, and write its file of facts.

    Exit code 3: facts are missing; the file has lines to fill in.
    """
    from scraper.console.base import print_json
    from scraper.console.sites import addition_as_json, print_addition, print_written
    from scraper.doctor.sites import Wanted, look_at
    from scraper.doctor.sites import add as add_site

    now = datetime.now(UTC)
    addition = look_at(Wanted(context.obj, url, key, name, base_url, contact), now)
    if not as_json:
        print_addition(addition)
    written = yes or (not as_json and sys.stdin.isatty() and typer.confirm("Write the file?"))
    if written:
        add_site(addition, context.obj, now)
    code = 0 if addition.is_usable else PagesFailed.exit_code
    if as_json:
        print_json(addition_as_json(addition, written=written, exit_code=code))
    elif written:
        print_written(addition)
    elif not sys.stdin.isatty():
        raise UsageError("Nothing was written: nobody can be asked here. Add --yes to write it.")
    raise typer.Exit(code)


@sites.command()
def check(
    context: typer.Context,
    site: Annotated[str, typer.Argument(metavar="KEY_OR_FILE")],
    live: Annotated[
        bool, typer.Option("--live", help="Ask the site: a listing and three releases.")
    ] = False,
    base_url: Mirror = None,
    contact: Contact = DEFAULT_CONTACT,
    as_json: Json = False,
) -> None:
    """Check a file of facts; with --live, field by field on three releases."""
    from scraper.console.diagnosis import print_checks
    from scraper.doctor.sites import check_site_file

    live = live or base_url is not None
    checks = check_site_file(context.obj, site, contact, base_url, live=live)
    raise typer.Exit(print_checks(checks, as_json=as_json))


@sites.command()
def drop(context: typer.Context, key: Annotated[str, typer.Argument(metavar="KEY")]) -> None:
    """Follow a newsroom no longer; what is archived stays."""
    from scraper.console.base import say
    from scraper.doctor.sites import drop_site

    drop_site(context.obj, key, datetime.now(UTC))
    say(f"The archive no longer follows {key}. What is archived stays.")
