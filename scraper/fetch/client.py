"""The client of one site: rules, pace, tries and redirects around each exchange."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scraper import urls
from scraper.dates import to_zone
from scraper.errors import (
    FetchError,
    RedirectRefused,
    RetryLater,
    RobotsForbid,
    SiteUnreachable,
)
from scraper.fetch.body import Limits
from scraper.fetch.exchange import Response, Session
from scraper.fetch.identity import AGENT, DEFAULT_CONTACT, user_agent
from scraper.fetch.network import Network
from scraper.fetch.pause import HostPauses
from scraper.fetch.retry import Retry, TransientError
from scraper.fetch.robots import Robots
from scraper.markup.blockpage import recognise
from scraper.records import Capture, Exchange, Request
from scraper.warc import invented

if TYPE_CHECKING:
    from scraper.fetch.throttle import Throttle
    from scraper.sites import Site

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_HOPS = 10
_NEARLY_NOTHING = 0.1  # seconds, by which clocks may differ


class Client:
    """Fetches pages of one site. Use as a context manager.

    URLs in and out are canonical; with a `base_url` the requests go to a mirror instead, and its
    redirects come back as canonical URLs.

    Args:
        site: whose pages.
        throttle: waits between requests.
        retry: tries again what may pass.
        base_url: origin of a mirror or replica; private addresses are allowed then.
        contact: URL or address in the User-Agent header.
        limits: caps per response.
        pauses: what hosts have asked for with Retry-After; for this run alone if None.
        network: opens connections; one that refuses private addresses if None and no mirror.
        now: the present, with time zone.
        clock: monotonic, in seconds.
        stopped: whether waits were cut short because the run should end.
    """

    def __init__(
        self,
        site: Site,
        *,
        throttle: Throttle,
        retry: Retry,
        base_url: str | None = None,
        contact: str = DEFAULT_CONTACT,
        limits: Limits | None = None,
        pauses: HostPauses | None = None,
        network: Network | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._site = site
        self._throttle = throttle
        self._retry = retry
        self._base = urls.origin(base_url) if base_url else None
        self._limits = limits or Limits()
        self._pauses = pauses or HostPauses(now=now, clock=clock)
        self._now = now
        self._clock = clock
        self._stopped = stopped
        self._robots: Robots | None = None
        self._lock = Lock()
        self.requests = 0
        """Exchanges so far, redirects and retries included."""
        self.is_replica = False
        """Whether an answer said that its releases are invented."""
        self.user_agent = user_agent(contact)
        """What the site is told of us."""
        self._session = Session(
            network or Network(public_only=self._base is None, clock=clock),
            self._limits,
            self.user_agent,
            # A replica on http may mark its cookies `Secure`; they are meant for us all the same.
            secure_protocols=("http", "https") if self._base else ("https",),
            cookies=site.cookies,
            cookie_host=urls.host(self._base or site.origin),
            now=now,
            clock=clock,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._session.close()

    @property
    def retries(self) -> int:
        """Tries after a failure so far."""
        return self._retry.retries

    @property
    def paused_until(self) -> datetime | None:
        """Until when the site wants to be left alone, if that is longer than a run waits."""
        host = urlsplit(self._wire_url(self._site.origin)).netloc
        if self._pauses.seconds_left(host) <= self._retry.max_retry_after_seconds:
            return None
        return self._pauses.until(host)

    @property
    def delay_seconds(self) -> float:
        """Least time between two requests."""
        return self._throttle.delay_seconds

    def slow_down(self, delay_seconds: float) -> None:
        """Leave at least so much time between requests from now on; a mirror needs none."""
        if self._throttle.delay_seconds > 0:
            self._throttle.at_least(delay_seconds)

    def robots(self) -> Robots:
        """The site's rules; the first call fetches them and slows the throttle down to them.

        Raises:
            RobotsForbid: they cannot be had, so nothing may be fetched in this run.
            SiteUnreachable: the site does not answer at all.
        """
        if self._robots is None:
            url = self._site.origin + "/robots.txt"
            try:
                answer = self._follow(Request(url), {}, check_robots=False)
                self._robots = self._rules(answer.capture)
            except (FetchError, ValueError) as error:
                raise self._no_robots(url, error) from error
            self._throttle.at_least(self._robots.crawl_delay_seconds)
        return self._robots

    def _rules(self, capture: Capture) -> Robots:
        try:
            return Robots.from_capture(capture, AGENT)
        except ValueError as error:
            kind = recognise(capture, self._site)
            block = ValueError(f"in their place the site shows a block page ({kind})")
            raise block if kind else error from error

    def _no_robots(self, url: str, error: FetchError | ValueError) -> SiteUnreachable:
        where = f" (asked at {self._base})" if self._base else ""
        if isinstance(error, TransientError) and error.status is None:
            return SiteUnreachable(
                f"{self._site.name} cannot be reached{where}: {url} could not be fetched, "
                f"{error.reason}. Nothing was changed. {error.advice} and run the same command "
                "again."
            )
        reason = error.reason if isinstance(error, FetchError) else str(error)
        return RobotsForbid(
            f"The rules at {url}{where} could not be read: {reason}. Without them nothing may be "
            "fetched, so this run ends here and nothing was changed. Try again later."
        )

    def get(self, url: str, headers: dict[str, str] | None = None) -> Response:
        """Fetch a canonical URL; see `send`."""
        return self.send(Request(url), headers)

    def send(self, request: Request, headers: dict[str, str] | None = None) -> Response:
        """Fetch what discovery or the crawl asks for, with redirects followed.

        Any status but a passing failure is returned, 404 too. Threads wait for each other.

        Raises:
            RobotsForbid: robots.txt forbids this URL, or one that redirects led to.
            FetchError: no answer, too large, a redirect that may not be followed.
        """
        with self._lock:
            self.robots()
            return self._follow(request, headers or {}, check_robots=True)

    def _follow(self, request: Request, headers: dict[str, str], *, check_robots: bool) -> Response:
        url, payload, seen = request.url, request.payload, set()
        redirects: list[Exchange] = []
        for _hop in range(_MAX_HOPS):
            self._check_allowed(url, check_robots=check_robots)
            state = (url, self._session.cookies())
            if state in seen:
                raise RedirectRefused(url, "its redirects lead in a circle and set no new cookie")
            seen.add(state)
            wire_url = self._wire_url(url)
            for attempt in self._retry.attempts():
                with attempt, self._turn(url, urlsplit(wire_url).netloc):
                    response = self._session.exchange(url, wire_url, payload, headers)
            self._note(response, urlsplit(wire_url).netloc)
            status = response.capture.status
            location = response.capture.header("location")
            if status not in _REDIRECTS or not location:
                return dataclasses.replace(response, redirects=tuple(redirects))
            target = self._redirect_target(url, location)
            if target != url:
                redirects.append(response.exchange)
            if payload is not None and target != url and status in {301, 302, 303}:
                payload = None  # as browsers do
            url = target
        raise RedirectRefused(url, f"it was redirected more than {_MAX_HOPS} times")

    def _check_allowed(self, url: str, *, check_robots: bool) -> None:
        if urls.host(url) not in self._site.hosts:
            raise RedirectRefused(url, f"it is not an address of {self._site.name}")
        if check_robots and self._robots and not self._robots.allows(url):
            raise RobotsForbid(
                f"{url} may not be fetched: the site's robots.txt forbids it. Nothing was stored."
            )

    def _redirect_target(self, url: str, location: str) -> str:
        target = urls.canonical(location, self._wire_url(url))
        if not target or not self._is_on_site(target):
            raise RedirectRefused(
                url, f"it redirects to {location[:200]!r}, which is not a page of the site"
            )
        return urls.with_origin(target, self._site.origin)

    def _is_on_site(self, target: str) -> bool:
        if urls.origin(target) in {self._base, self._site.origin}:
            return True
        # Another port is another site, on the mirror's machine and on the city's. That a redirect
        # of the city's says `http` does not matter: what is fetched is the canonical address.
        mirror = urls.host(self._base) if self._base else None
        host = urls.host(target)
        return host in self._site.hosts and host != mirror and urlsplit(target).port is None

    def _wire_url(self, url: str) -> str:
        return urls.with_origin(url, self._base) if self._base else url

    @contextmanager
    def _turn(self, url: str, host: str) -> Iterator[None]:
        """Within it the host may be asked once; how long that took and what it asks for is noted.

        Raises:
            RetryLater: see `_wait`.
        """
        self._wait(url, host)
        self.requests += 1
        started = self._clock()
        try:
            yield
        except TransientError as error:
            if error.retry_after_seconds:
                self._pauses.note(host, error.retry_after_seconds)
            raise
        finally:
            self._throttle.answered(self._clock() - started)

    def _note(self, response: Response, host: str) -> None:
        if response.retry_after_seconds:
            self._pauses.note(host, response.retry_after_seconds)
        self.is_replica = self.is_replica or invented.in_headers(response.capture.headers)

    def _wait(self, url: str, host: str) -> None:
        """Wait until the host may be asked.

        Raises:
            RetryLater: it has asked to be left alone for longer than a run waits, or the wait was
                cut short.
        """
        left = self._pauses.seconds_left(host)
        if left <= self._retry.max_retry_after_seconds:
            self._throttle.wait(left)
            if not (self._stopped() and self._pauses.seconds_left(host) > _NEARLY_NOTHING):
                return
        until = to_zone(self._pauses.until(host), self._site.zone)
        reason = f"{host} has asked to be left alone until {until} (Retry-After) and was not asked"
        raise RetryLater(url, reason)
