"""What a crawl is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from scraper import urls
from scraper.decide.revisit import RevisitPolicy
from scraper.errors import UsageError
from scraper.fetch.addresses import is_loopback as is_loopback

if TYPE_CHECKING:
    from scraper.sites import Site


@dataclass(frozen=True)
class CrawlOptions:
    """What a run is asked to do."""

    since: date | None = None
    """Leave out what was published before this day."""
    limit: int | None = None
    """Fetch at most so many article pages."""
    full: bool = False
    """Check every known article again."""
    source: str = "live"
    """Where the pages come from: `live`, `demo`, or the address of a mirror."""
    images: bool = False
    """Keep the pictures, too."""
    attachments: bool = False
    """Keep the attached files, too; a site's file may ask for that itself."""
    accept_gone: bool = False
    """Believe it when many articles have vanished at once."""
    dry_run: bool = False
    """Only say what would be fetched; write nothing."""

    def is_too_old(self, day: date | None) -> bool:
        """Whether something published on a day is to be left out."""
        return bool(self.since and day and day < self.since)


LEAST_DELAY_SECONDS = 1.0
"""Between two requests to a live server."""

LEAST_RETRY_SECONDS = 0.05
"""Before a request is made again, where no delay is kept."""


@dataclass(frozen=True)
class CrawlRequest:
    """A crawl as a user asks for it."""

    directory: Path
    site: str
    base_url: str | None
    delay_seconds: float | None
    contact: str
    options: CrawlOptions
    policy: RevisitPolicy = field(default_factory=RevisitPolicy)
    """When known releases are looked at again."""


def checked_base_url(base_url: str | None) -> str | None:
    """The origin of a mirror's address, as `--base-url` gives it.

    Raises:
        UsageError: it is not the address of a server.
    """
    if base_url is None:
        return None
    found = urls.canonical(base_url)
    if found is None or urls.path(found) != "/":
        raise UsageError(
            f"--base-url {base_url!r} is not the address of a server. Write scheme, host and port, "
            "such as http://127.0.0.1:8000."
        )
    return urls.origin(found)


def delay_between_requests(asked: float | None, base_url: str | None) -> float:
    """Seconds to wait between two requests: none on loopback, else at least one.

    Raises:
        UsageError: less was asked for than a live server must be given.
    """
    if base_url is None:
        if asked is not None and asked < LEAST_DELAY_SECONDS:
            raise UsageError(
                f"--delay {asked:g} is too short for a city's live server: at least "
                f"{LEAST_DELAY_SECONDS:g} s. Shorter delays are for mirrors, with --base-url."
            )
        return LEAST_DELAY_SECONDS if asked is None else asked
    return (0.0 if is_loopback(base_url) else LEAST_DELAY_SECONDS) if asked is None else asked


def mirror_of(site: Site, base_url: str | None) -> str | None:
    """Where a site is asked: at a mirror, or at its own address if that is on this machine.

    Args:
        site: whose pages.
        base_url: what `--base-url` gives.

    Raises:
        UsageError: it is not the address of a server.
    """
    return checked_base_url(base_url) or (site.origin if is_loopback(site.origin) else None)


def delay_for(site: Site, asked: float | None, base_url: str | None) -> float:
    """As `delay_between_requests`, and at least what the site's file asks for.

    Raises:
        UsageError: less was asked for than a live server must be given.
    """
    delay = delay_between_requests(asked, base_url)
    return max(delay, site.delay_seconds or 0.0) if delay else delay
