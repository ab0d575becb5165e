"""Whether crawls happen by themselves."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.archive.connection import DATABASE_NAME
from scraper.archive.runs import is_invented
from scraper.doctor.check import Check, note, ok
from scraper.errors import NewsroomError
from scraper.schedule import Job, status

if TYPE_CHECKING:
    from scraper.archive import Archive
    from scraper.sites import Site

_NAME = "schedule"


def check_schedule(
    directory: Path, archive: Archive | None, site: Site | None, now: datetime
) -> Check:
    """Whether a crawl of the city into this directory is scheduled, and works.

    Args:
        directory: the data directory.
        archive: the archive in it; None if it has none yet.
        site: whose newsroom; None for all that the archive follows.
        now: the present, with time zone.
    """
    if archive is not None and is_invented(archive):
        return ok(_NAME, "none is needed: the archive is one of the replica")
    if archive is None and (directory / DATABASE_NAME).exists():
        return note(_NAME, "not looked at: the archive would have to be opened for it")
    try:
        stands = status(Job.checked(directory, site.key if site else None), now)
    except NewsroomError as error:
        return note(_NAME, str(error))
    found = stands.found
    if found is None:
        return note(
            _NAME,
            "no crawl into this directory is scheduled by newsroom-archive",
            "`newsroom schedule install --every 6h`, unless something else runs it.",
        )
    following = f", next at {found.next_run:%Y-%m-%d %H:%M%z}" if found.next_run else ""
    detail = f"every {found.every}, by {found.backend}{following}"
    return note(_NAME, detail, " ".join(stands.hints)) if stands.hints else ok(_NAME, detail)
