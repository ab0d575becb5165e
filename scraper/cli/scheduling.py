"""The verb `schedule`: crawl at set times, and have the web view run."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from scraper.cli.app import app
from scraper.cli.browsing import Auth, Host, Port, RootPath, Sql, Trusted, open_to_whom
from scraper.cli.options import Json, SiteKey, duration
from scraper.cli.plain_values import PlainGroup
from scraper.errors import UsageError

_OF_WEB_VIEW = ("port", "host", "sql", "root_path", "forwarded_allow_ips", "auth")
_OF_CRAWLS = (
    "every",
    "site",
    "contact",
    "images",
    "attachments",
    "recheck_min",
    "recheck_max",
    "workers",
)

schedule = typer.Typer(
    cls=PlainGroup,
    no_args_is_help=True,
    help="Schedule crawls and the web view: show, install, remove.",
)
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
    browse: Annotated[
        bool,
        typer.Option("--browse", help="Have the web view run, as a service of systemd; no crawl."),
    ] = False,
    port: Port = 8001,
    host: Host = "127.0.0.1",
    sql: Sql = False,
    root_path: RootPath = "",
    forwarded_allow_ips: Trusted = "",
    auth: Auth = None,
) -> None:
    """Schedule crawls, or have the web view run with --browse.

    Again with another interval or other options, it replaces the first. Without --site: crawls of
    every newsroom that the archive follows, also those it will.
    """
    _check_kind(context, browse)
    if browse:
        given = {
            "sql": sql,
            "root_path": root_path,
            "trusted": forwarded_allow_ips,
            "auth": auth and Path(os.path.abspath(auth)),  # noqa: PTH100 - keeps links
        }
        _install_web_view(context.obj, host, port, backend, given)
        return
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


def _check_kind(context: typer.Context, browse: bool) -> None:
    """Whether the options are all of crawls, or all of the web view.

    Raises:
        UsageError: they are not.
    """
    wrong = [
        f"--{name.replace('_', '-')}"
        for name in (_OF_CRAWLS if browse else _OF_WEB_VIEW)
        if (source := context.get_parameter_source(name)) and source.name == "COMMANDLINE"
    ]
    if wrong and browse:
        raise UsageError(
            f"{' '.join(wrong)}: --browse has the web view run and schedules no crawl. Schedule "
            "crawls with another `newsroom schedule install`, without --browse."
        )
    if wrong:
        raise UsageError(f"{' '.join(wrong)} is for the web view: give --browse, too.")


def _install_web_view(
    data: Path, host: str, port: int, backend: str, given: dict[str, Any]
) -> None:
    """Have systemd run `browse` with these options, if it can run with them at all."""
    from scraper.browse.server import address_of, is_loopback, listening
    from scraper.console.base import print_note
    from scraper.console.schedules import print_schedule
    from scraper.schedule import Job, WebViewJob, install_web_view
    from scraper.schedule import status as status_of

    if backend not in {"auto", "systemd"}:
        raise UsageError("The web view is a service of systemd: give --backend systemd, or none.")
    if port == 0:
        raise UsageError("--port 0 would be another one at each start. Choose one.")
    with listening(data, host, 0, **given):  # the installed one may have its port already
        pass
    values = {
        "port": port,
        "host": host,
        "root-path": given["root_path"],
        "forwarded-allow-ips": given["trusted"],
        "auth": given["auth"],
    }
    options = [f"--{name}={value}" for name, value in values.items() if value]
    options += ["--sql"] if given["sql"] else []
    crawls = Job.checked(data, None)
    job = WebViewJob(crawls.directory, tuple(options), address_of(host, port))
    install_web_view(job)
    if not is_loopback(host):
        print_note(open_to_whom(host, given["auth"]))
    print_schedule(status_of(crawls, datetime.now(UTC)))


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
def remove(
    context: typer.Context,
    site: SiteKey = None,
    browse: Annotated[
        bool, typer.Option("--browse", help="Only the web view; crawls go on.")
    ] = False,
) -> None:
    """Undo what install did: the crawls and the web view; the archive stays.

    With --site: the crawl of this newsroom alone.
    """
    from scraper.console.base import say
    from scraper.schedule import Job, remove_web_view
    from scraper.schedule import remove as remove_job

    job = Job.checked(context.obj, site)
    removed = [] if browse else remove_job(job)
    with_view = (browse or site is None) and remove_web_view(job.directory)
    if removed:
        say(f"Removed from {' and '.join(removed)}. The archive stays as it is.")
    elif not browse and not with_view:
        say(f"No crawl of {job.name} into {job.directory} was scheduled.")
    if with_view:
        say("The web view was stopped and its service removed.")
    elif browse:
        say(f"No web view of {job.directory} was installed.")
