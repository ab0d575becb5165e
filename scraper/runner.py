"""Puts a crawl together: directory, lock, client, archive; and the replica for a demo."""

from __future__ import annotations

import dataclasses
import errno
import ipaddress
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scraper import urls
from scraper.archive import Archive, crawl_lock
from scraper.archive.connection import DATABASE_NAME
from scraper.crawl import Crawl
from scraper.errors import FetchError, UsageError
from scraper.extract import extract
from scraper.fetch import Client, Retry, Throttle
from scraper.fetch.client import DEFAULT_CONTACT
from scraper.recheck import Schedule
from scraper.records import Article, Capture
from scraper.report import CrawlOptions, Progress, RunReport
from scraper.runlog import logged
from scraper.sites import get_site

if TYPE_CHECKING:
    from scraper.sites import Site

LEAST_DELAY_SECONDS = 1.0
_NO_CONTACT = (
    "The city's server was told no address at which you can be reached. Set NEWSROOM_CONTACT (or "
    "--contact) to a URL or an e-mail address."
)
_LEAST_RETRY_SECONDS = 0.05


@dataclass(frozen=True)
class CrawlRequest:
    """A crawl as a user asks for it."""

    directory: Path
    site: str
    base_url: str | None
    delay_seconds: float | None
    contact: str
    options: CrawlOptions
    schedule: Schedule = field(default_factory=Schedule)


def run_crawl(request: CrawlRequest, progress: Progress, stop: threading.Event) -> RunReport:
    """One crawl, from lock to report; noted in the log of runs unless it is a dry run.

    Raises:
        NewsroomError: with the exit code that belongs to it.
    """
    run = partial(_crawl, request, progress, stop)
    if request.options.dry_run:
        return run()
    live = request.options.source == "live"
    source = (live and request.base_url) or request.options.source
    return logged(request.directory, run, site=request.site, source=source, now=_now)


def _crawl(request: CrawlRequest, progress: Progress, stop: threading.Event) -> RunReport:
    site = get_site(request.site)
    base_url = _checked_base(request.base_url)
    delay = _delay(request.delay_seconds, base_url)
    options = request.options
    if base_url:
        site = site.mirrored(base_url)
        if options.source == "live":
            options = dataclasses.replace(options, source=base_url)
    sleep = _interruptible(stop)
    client = Client(
        site,
        throttle=Throttle(delay, sleep=sleep),
        retry=Retry(base_seconds=max(delay, _LEAST_RETRY_SECONDS), sleep=sleep),
        base_url=base_url,
        contact=request.contact,
    )

    def run(archive: Archive | None) -> RunReport:
        crawl = Crawl(
            site,
            client,
            archive,
            options,
            progress,
            schedule=request.schedule,
            now=_now,
            stop=stop.is_set,
        )
        return crawl.run()

    with client:
        if options.dry_run:
            if not (request.directory / DATABASE_NAME).exists():
                return run(None)
            with Archive.open_existing(request.directory) as archive:
                return run(archive)
        with crawl_lock(request.directory), Archive.open(request.directory) as archive:
            report = run(archive)
    if base_url is None and request.contact == DEFAULT_CONTACT:
        report.warnings.append(_NO_CONTACT)
    return report


def polite_client(site_key: str, base_url: str | None, contact: str) -> tuple[Site, Client]:
    """A site and a client for a look at some of its pages; it gives up after two tries.

    Args:
        site_key: key of the site.
        base_url: address of a mirror to ask instead; the live host if None.
        contact: shown to the server.

    Raises:
        UsageError: no such site, not an address, or a contact that no header can carry.
    """
    site = get_site(site_key)
    base_url = _checked_base(base_url)
    delay = _delay(None, base_url)
    if base_url:
        site = site.mirrored(base_url)
    client = Client(
        site,
        throttle=Throttle(delay),
        retry=Retry(max_tries=2, base_seconds=max(delay, _LEAST_RETRY_SECONDS)),
        base_url=base_url,
        contact=contact,
    )
    return site, client


def run_demo(
    directory: Path, articles: int, port: int, progress: Progress, stop: threading.Event
) -> RunReport:
    """Serve the replica, crawl it into a directory, and stop serving."""
    from scraper.demo.newsroom import Newsroom  # only the demo pays for it
    from scraper.demo.server import ReplicaServer

    with _listening(port):
        replica = ReplicaServer(Newsroom(articles), port=port)
    with replica as server:
        options = CrawlOptions(source="demo")
        request = CrawlRequest(directory, "dortmund", server.base_url, 0.0, "demo", options)
        return run_crawl(request, progress, stop)


def serve_demo(articles: int, port: int, ready: Callable[[str], None]) -> None:
    """Serve the replica until Ctrl-C.

    Args:
        articles: size of the newsroom.
        port: 0 takes a free one.
        ready: is told the address.
    """
    from scraper.demo.newsroom import Newsroom
    from scraper.demo.server import serve

    with _listening(port):
        serve(Newsroom(articles), lambda server: ready(server.base_url), port=port)


@contextmanager
def _listening(port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise UsageError(
            f"The replica cannot listen on port {port} ({error.strerror}). Choose another --port, "
            "or 0 for a free one."
        ) from error


def parse_source(source: str, url: str | None, site_key: str, contact: str) -> Article:
    """The record of a file or of a page on the web.

    Raises:
        UsageError: the file cannot be read.
        NewsroomError: the page cannot be fetched or understood.
    """
    site = get_site(site_key)
    if source.startswith(("http://", "https://")):
        return extract(_fetch(source, site, contact), site)
    path = Path(source)
    try:
        body = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"The file {source} could not be read: {reason}. Give a saved article page, or a URL."
        ) from error
    where = (site.canonical(url) or url) if url else path.absolute().as_uri()
    return extract(Capture(where, body, _now()), site)


def _fetch(source: str, site: Site, contact: str) -> Capture:
    url = site.canonical(source)
    if url is None or urls.host(url) not in site.hosts:
        raise UsageError(
            f"{source} is not an address of {site.name} ({site.origin}). Save the page and give "
            "the file, or choose another --site."
        )
    with Client(site, throttle=Throttle(LEAST_DELAY_SECONDS), retry=Retry(), contact=contact) as c:
        capture = c.get(url).capture
    if capture.status != 200:
        raise FetchError(
            url, f"the server answers with HTTP {capture.status}", status=capture.status
        )
    return capture


def _now() -> datetime:
    return datetime.now(UTC)


def _interruptible(stop: threading.Event) -> Callable[[float], None]:
    """A sleep that Ctrl-C ends at once."""

    def sleep(seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not stop.is_set() and (left := deadline - time.monotonic()) > 0:
            stop.wait(left)

    return sleep


def _checked_base(base_url: str | None) -> str | None:
    if base_url is None:
        return None
    found = urls.canonical(base_url)
    if found is None or urls.path(found) != "/":
        raise UsageError(
            f"--base-url {base_url!r} is not the address of a server. Write scheme, host and port, "
            "such as http://127.0.0.1:8000."
        )
    return urls.origin(found)


def _delay(asked: float | None, base_url: str | None) -> float:
    if base_url is None:
        if asked is not None and asked < LEAST_DELAY_SECONDS:
            raise UsageError(
                f"--delay {asked:g} is too short for a city's live server: at least "
                f"{LEAST_DELAY_SECONDS:g} s. Shorter delays are for mirrors, with --base-url."
            )
        return LEAST_DELAY_SECONDS if asked is None else asked
    return (0.0 if _is_loopback(base_url) else LEAST_DELAY_SECONDS) if asked is None else asked


def _is_loopback(base_url: str) -> bool:
    host = urls.host(base_url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
