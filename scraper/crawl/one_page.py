"""A look at single pages of a site, outside a crawl: `parse`, and the client for such looks."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scraper import urls
from scraper.crawl.options import (
    LEAST_DELAY_SECONDS,
    LEAST_RETRY_SECONDS,
    delay_for,
    mirror_of,
)
from scraper.errors import FetchError, OverBudget, UsageError
from scraper.extract.extract import extract, extract_guessed
from scraper.extract.workers import BudgetExceeded, WorkerProcesses
from scraper.fetch.client import Client
from scraper.fetch.pace import host_pauses, throttle_for
from scraper.fetch.retry import Retry
from scraper.records import Article, Capture
from scraper.sites import SITES, get_site
from scraper.sites.guess import unknown_site

if TYPE_CHECKING:
    from scraper.sites import Registry, Site

AUTO = "auto"
"""Instead of a site's key: find out whose page it is."""


def polite_client(
    site: Site | str, base_url: str | None, contact: str, directory: Path | None = None
) -> tuple[Site, Client]:
    """A site and a client for a look at some of its pages; it gives up after two tries.

    Args:
        site: whose pages, or the key of one of the program's sites.
        base_url: address of a mirror to ask instead; the live host if None.
        contact: shown to the server.
        directory: of an archive that knows what hosts have asked for with Retry-After.

    Raises:
        UsageError: no such site, not an address, or a contact that no header can carry.
    """
    site = get_site(site) if isinstance(site, str) else site
    base_url = mirror_of(site, base_url)
    delay = delay_for(site, None, base_url)
    if base_url:
        site = site.mirrored(base_url)
    client = Client(
        site,
        throttle=throttle_for(base_url or site.origin, delay),
        retry=Retry(max_tries=2, base_seconds=max(delay, LEAST_RETRY_SECONDS)),
        base_url=base_url,
        contact=contact,
        pauses=host_pauses(directory, keep=False),
    )
    return site, client


def parse_source(
    source: str, url: str | None, site_key: str, contact: str, registry: Registry = SITES
) -> Article:
    """The record of a file or of a page on the web.

    Args:
        source: path of a file, or an address.
        url: address the file was saved from, if it is known.
        site_key: key of a site, path of a site's file, or `auto`: the site whose host it is, else
            its platform by the fingerprint, else generic reading.
        contact: shown to the server.
        registry: the sites there are.

    Raises:
        UsageError: the file cannot be read.
        NewsroomError: the page cannot be fetched or understood.
    """
    is_auto = site_key == AUTO
    is_page = urls.is_absolute(source)
    address = source if is_page else url
    site = _by_host(address, registry) if is_auto else registry.get(site_key)
    capture = _fetch(source, site, contact) if is_page else _read(source, url, site)
    # Whose page it is, if nobody has said so, the registry tells. Workers know both functions.
    read = partial(extract_guessed, registry=registry) if is_auto else extract
    with WorkerProcesses() as workers:
        try:
            return workers.submit(read, capture, site).result()
        except BudgetExceeded as error:
            raise OverBudget(capture.url, str(error)) from error


def _by_host(address: str | None, registry: Registry) -> Site:
    known = registry.find(address) if address else None
    return known or unknown_site(address or "")


def _read(source: str, url: str | None, site: Site) -> Capture:
    path = Path(source)
    try:
        body = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"The file {source} could not be read: {reason}. Give a saved article page, or a URL."
        ) from error
    where = path.absolute().as_uri()
    if url:
        where = site.article_url(url) or site.canonical(url) or url
    return Capture(where, body, datetime.now(UTC))


def _fetch(source: str, site: Site, contact: str) -> Capture:
    url = site.canonical(source)
    if url is None or urls.host(url) not in site.hosts:
        raise UsageError(
            f"{source} is not an address of {site.name} ({site.origin}). Save the page and give "
            "the file, or choose another --site."
        )
    throttle = throttle_for(site.origin, LEAST_DELAY_SECONDS)
    pauses = host_pauses(None, keep=False)
    with Client(site, throttle=throttle, retry=Retry(), contact=contact, pauses=pauses) as client:
        capture = client.get(url).capture
    if capture.status != 200:
        raise FetchError.answered(url, capture.status)
    return capture
