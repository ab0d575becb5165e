"""The verb `schedule`: crawl at set times."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from scraper.cli.app import app
from scraper.cli.options import Json, SiteKey, duration

schedule = typer.Typer(no_args_is_help=True, help="Crawl at set times: show, install, remove.")
app.add_typer(schedule, name="schedule")


@schedule.command()
def show(context: typer.Context, site: SiteKey = None, as_json: Json = False) -> None:
    """Tell whether crawls are scheduled, when the next one is, and how the last ones went."""
    from scraper.console.base import print_json
    from scraper.console.schedules import print_schedule
    from scraper.schedule import Job
    from scraper.schedule import status as status_of

    status = status_of(Job.checked(context.obj, site), datetime.now(UTC))
    if as_json:
        print_json(status.as_json())
    else:
        print_schedule(status)


@schedule.command()
def install(
    context: typer.Context,
    every: Annotated[
        str, typer.Option(help="How often: 30m, 6h, 1d; at least 30m, at most 7d.")
    ] = "6h",
    site: SiteKey = None,
    backend: Annotated[
        str, typer.Option(help="systemd, cron, or auto: systemd where it works, else cron.")
    ] = "auto",
    contact: Annotated[
        str | None,
        typer.Option(envvar="NEWSROOM_CONTACT", help="URL or e-mail shown to the city's server."),
    ] = None,
    images: Annotated[
        bool, typer.Option("--images", help="Keep pictures, as `crawl --images` does.")
    ] = False,
    attachments: Annotated[
        bool, typer.Option("--attachments", help="Keep the files of releases, too.")
    ] = False,
    recheck_min: Annotated[
        str | None,
        typer.Option(help="Look at a known article again after so long at the earliest."),
    ] = None,
    recheck_max: Annotated[
        str | None, typer.Option(help="Look at a known article again after so long at the latest.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1_000, help="Crawl so many newsrooms at once.")
    ] = None,
) -> None:
    """Schedule crawls; again with another interval or other options, it replaces the first.

    Without --site: of every newsroom that the archive follows, also those it will.
    """
    from scraper.console.base import say
    from scraper.console.schedules import print_schedule
    from scraper.schedule import Job, parse_every
    from scraper.schedule import install as install_job
    from scraper.schedule import status as status_of

    options = [
        *(["--images"] if images else []),
        *(["--attachments"] if attachments else []),
        *_rechecks(recheck_min, recheck_max),
        *([f"--workers={workers}"] if workers else []),
    ]
    job = Job.checked(context.obj, site, contact, tuple(options))
    install_job(job, parse_every(every), backend)
    print_schedule(status_of(job, datetime.now(UTC)))
    if contact is None:
        say(
            "\nThe city's server will be told no address at which you can be reached. Install "
            "again with --contact or NEWSROOM_CONTACT set."
        )


def _rechecks(shortest: str | None, longest: str | None) -> list[str]:
    """The options of a crawl that say how often known articles are looked at, checked."""
    given = {"--recheck-min": shortest, "--recheck-max": longest}
    words = []
    for name, text in given.items():
        if text is not None:
            duration(name, text)
            words.append(f"{name}={''.join(text.split())}")
    return words


@schedule.command()
def remove(context: typer.Context, site: SiteKey = None) -> None:
    """Undo what install did; the archive stays."""
    from scraper.console.base import say
    from scraper.schedule import Job
    from scraper.schedule import remove as remove_job

    job = Job.checked(context.obj, site)
    removed = remove_job(job)
    if removed:
        say(f"Removed from {' and '.join(removed)}. The archive stays as it is.")
    else:
        say(f"No crawl of {job.name} into {job.directory} was scheduled.")
