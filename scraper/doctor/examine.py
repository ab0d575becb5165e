"""All checks, in the order in which one depends on the other."""

from __future__ import annotations

import locale
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scraper.archive.followed import registry_in
from scraper.crawl.one_page import polite_client
from scraper.doctor import archive as archive_check
from scraper.doctor import directory as places
from scraper.doctor import environment as ground
from scraper.doctor.check import Check, trouble
from scraper.doctor.live import check_site
from scraper.doctor.schedule import check_schedule
from scraper.doctor.watches import check_watches
from scraper.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.archive import Archive
    from scraper.sites import Site


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be examined."""

    directory: Path
    site: str
    """Key of the city."""
    contact: str
    """Shown to the city's server."""
    live: bool = False
    """Whether to ask the site itself."""
    base_url: str | None = None
    """Address of a mirror or replica to ask instead."""


def examine(request: Request, now: datetime) -> Iterator[Check]:
    """Look at everything, and say of each thing how it is.

    Args:
        request: what is to be examined.
        now: the present, with time zone.

    Raises:
        UsageError: no such city, or an address that is not valid.
    """
    site = registry_in(request.directory).get(request.site)
    yield from _environment(request, site)
    shares: Mapping[str, float] = {}
    with ExitStack() as stack:
        opening: list[Check] = []
        archive = stack.enter_context(archive_check.opened(request.directory, opening))
        yield from _directory(request.directory, archive, now)
        yield from opening
        if archive is not None:
            try:
                yield from _archive(archive, site, now)
                shares = archive_check.usual_shares(archive, site, now)
            except ArchiveError as error:
                advice = "`newsroom verify` lists all that is damaged."
                yield trouble("archive", str(error), advice, error.exit_code)
        yield check_schedule(request.directory, archive, site, now)
    if request.live or request.base_url:
        mirrored, client = polite_client(site, request.base_url, request.contact, request.directory)
        with client:
            yield from check_site(mirrored, client, _today(site, now), shares)


def _environment(request: Request, site: Site) -> Iterator[Check]:
    yield ground.check_python(sys.version_info[:3])
    yield ground.check_packages(ground.stated_requirements())
    yield ground.check_second_opinion()
    yield ground.check_sqlite()
    yield ground.check_time_zone(site)
    yield ground.check_terminal(locale.getpreferredencoding(do_setlocale=False))
    yield ground.check_contact(request.contact)


def _directory(directory: Path, archive: Archive | None, now: datetime) -> Iterator[Check]:
    yield places.check_directory(directory)
    remote = places.check_file_system(directory)
    if remote:
        yield remote
    yield places.check_disk(directory, archive, now)
    yield places.check_raw_pages(directory, archive)


def _archive(archive: Archive, site: Site, now: datetime) -> Iterator[Check]:
    yield archive_check.check_database(archive)
    yield from archive_check.check_triggers(archive)
    yield archive_check.check_search(archive)
    yield places.check_lock(archive.path.parent, archive)
    yield archive_check.check_runs(archive, site, now)
    yield from archive_check.check_health(archive, site, now)
    yield from check_watches(archive)


def _today(site: Site, now: datetime) -> date:
    try:
        return now.astimezone(ZoneInfo(site.zone)).date()
    except ZoneInfoNotFoundError:  # reported already
        return now.date()
