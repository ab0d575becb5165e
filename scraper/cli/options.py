"""Options that several verbs share."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.errors import UsageError

if TYPE_CHECKING:
    from scraper.archive import Archive
    from scraper.archive.search.filters import Filters

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
SiteKey = Annotated[
    str | None,
    typer.Option(
        "--site",
        envvar="NEWSROOM_SITE",
        help="Key of a newsroom (see `newsroom sites`), or path of its .toml file.",
    ),
]
Cities = Annotated[
    list[str] | None,
    typer.Option(
        "--site",
        help="Only of this newsroom (a key, see `newsroom sites`); may be given several times.",
    ),
]
SiteKeys = Annotated[
    list[str] | None,
    typer.Option(
        "--site",
        envvar="NEWSROOM_SITE",
        help="Key of a newsroom, or path of its .toml file; several times for several.",
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        help="First day of publication: 2026-01-31, 31.1.2026, 2026, 2026-03, yesterday, 7d, 6w, "
        "3m, 1y.",
    ),
]
ChangedSince = Annotated[
    str | None,
    typer.Option(
        "--changed-since", help="Only releases that were edited, moved or taken down since a day."
    ),
]
Until = Annotated[str | None, typer.Option("--until", help="Last day of publication.")]
Contact = Annotated[
    str,
    typer.Option(envvar="NEWSROOM_CONTACT", help="URL or e-mail shown to the city's server."),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        envvar="NEWSROOM_CLUSTER",
        help="Address of a Dask scheduler, such as tcp://10.0.0.5:8786; else this machine works.",
    ),
]
Reference = Annotated[str, typer.Argument(metavar="ID_OR_URL")]


def cities(archive: Archive, named: list[str] | None) -> tuple[str, ...]:
    """The keys that `--site` names; empty if it was not given. Says which have no releases.

    Raises:
        UsageError: there is no such newsroom.
    """
    if not named:
        return ()
    from scraper.archive.cities import chosen_cities, without_releases

    keys = chosen_cities(archive, named)
    empty = without_releases(archive, keys)
    if empty:
        from scraper.console.base import print_note

        print_note(f"The archive has no release of {', '.join(empty)} yet.")
    return keys


def say_unknown(archive: Archive, filters: Filters) -> None:
    """Where nothing was found: say which tag, district or speaker no release has."""
    if filters.tag is filters.district is filters.speaker is None or archive.is_empty():
        return
    from scraper.archive.labels import unknown_names
    from scraper.console.base import print_note

    for sentence in unknown_names(archive, filters):
        print_note(sentence)


def day(option: str, text: str | None) -> date | None:
    """A day as the user typed it; None stays None.

    Raises:
        UsageError: it is not a day.
    """
    if text is None:
        return None
    from scraper.dates import parse_cli_date

    today = datetime.now().astimezone().date()
    day = parse_cli_date(text, today, is_last=option == "--until")
    if day is None:
        raise UsageError(
            f"{option} {text!r} is not a day. Write 2026-01-31, 31.1.2026, a year (2026), a month "
            "(2026-03), today or yesterday, or an age such as 7d (days), 6w (weeks), 3m (months), "
            "1y (years)."
        )
    return day


def duration(option: str, text: str) -> timedelta:
    """A length of time as the user typed it: `30m`, `6h`, `90d`.

    Raises:
        UsageError: it is not a length of time.
    """
    found = re.fullmatch(r"(\d{1,5})\s*([mhd])", text.strip().lower())
    if found is None or not int(found[1]):
        raise UsageError(
            f"{option} {text!r} is not a length of time. Write minutes, hours or days: 30m, 6h, "
            "90d."
        )
    unit = {"m": "minutes", "h": "hours", "d": "days"}[found[2]]
    return timedelta(**{unit: int(found[1])})


def chosen_site(site: str | None, directory: Path) -> str:
    """The newsroom that a verb is about: the one asked for, or the one that the archive follows.

    Raises:
        UsageError: the archive follows several, and none was asked for.
    """
    if site is not None:
        return site
    from scraper.archive.followed import followed_in
    from scraper.sites import DEFAULT_SITE

    keys = followed_in(directory)
    if len(keys) > 1:
        raise UsageError(
            f"The archive follows several newsrooms: {', '.join(keys)}. Say which with --site."
        )
    return keys[0] if keys else DEFAULT_SITE
