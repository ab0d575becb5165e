"""The client of one site: cookies, redirects, robots, limits; one connection, one jar."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import httpx

from scraper import __version__, urls
from scraper.coding import ACCEPT_ENCODING
from scraper.errors import (
    FetchError,
    RedirectRefused,
    RobotsForbid,
    SiteUnreachable,
    UsageError,
)
from scraper.fetch.body import Limits, read_body
from scraper.fetch.cookies import Jar
from scraper.fetch.network import Network, PrivateAddress, Transport
from scraper.fetch.retry import (
    RETRY_STATUS,
    Retry,
    TransientError,
    parse_http_date,
    parse_retry_after,
)
from scraper.fetch.robots import Robots
from scraper.markup.blockpage import recognise
from scraper.records import Capture, Exchange, Request

if TYPE_CHECKING:
    from scraper.fetch.throttle import Throttle
    from scraper.sites import Site

AGENT = "newsroom-archive"
DEFAULT_CONTACT = "https://newsroom-archive.example/bot"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_HOPS = 10


def user_agent(contact: str = DEFAULT_CONTACT) -> str:
    """The User-Agent header: who is asking, and where to complain.

    Raises:
        UsageError: the contact cannot stand in a header.
    """
    if not contact.strip() or not contact.isascii() or not contact.isprintable():
        raise UsageError(
            f"The contact {contact!r} cannot stand in a User-Agent header. Give a URL or an "
            "e-mail address in plain ASCII."
        )
    return f"{AGENT}/{__version__} (+{contact})"


@dataclass(frozen=True, slots=True)
class Response:
    """The answer at the end of a chain of redirects."""

    capture: Capture
    """Content, with content coding removed."""
    exchange: Exchange
    """The last exchange, as it went over the wire."""
    took_seconds: float
    """Duration of the last exchange."""
    redirects: tuple[Exchange, ...] = ()
    """The exchanges before it that led from one address to another."""


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
        network: opens connections; one that refuses private addresses if None and no mirror.
        now: the present, with time zone.
        clock: monotonic, in seconds.
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
        network: Network | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._site = site
        self._throttle = throttle
        self._retry = retry
        self._base = urls.origin(base_url) if base_url else None
        self._limits = limits or Limits()
        self._now = now
        self._clock = clock
        self._robots: Robots | None = None
        self._lock = Lock()
        self.requests = 0
        """Exchanges so far, redirects and retries included."""
        self._network = network or Network(public_only=self._base is None, clock=clock)
        # A replica on http may mark its cookies `Secure`; they are meant for us all the same.
        secure = ("http", "https") if self._base else ("https",)
        self._cookies = httpx.Cookies(Jar(secure))
        # Not `httpx.Client`: it reads the address of a redirect even when it does not follow it,
        # and sends cookies from a copy of the jar that has lost its policy.
        self._transport = Transport(self._network)
        timeout = httpx.Timeout(self._limits.silence_seconds, connect=self._limits.connect_seconds)
        self._timeouts = timeout.as_dict()
        self.user_agent = user_agent(contact)
        """What the site is told of us."""
        self._headers = {
            "User-Agent": self.user_agent,
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Encoding": ACCEPT_ENCODING,
            "Accept-Language": "de, en;q=0.5",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._transport.close()

    @property
    def retries(self) -> int:
        """Tries after a failure so far."""
        return self._retry.retries

    @property
    def delay_seconds(self) -> float:
        """Least time between two requests."""
        return self._throttle.delay_seconds

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
                f"{error.reason}. Nothing was changed. Check the network connection and run the "
                "same command again."
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
            RobotsForbid: robots.txt forbids this URL, or a hop on the way.
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
            state = (url, self._cookie_values())
            if state in seen:
                raise RedirectRefused(url, "its redirects lead in a circle and set no new cookie")
            seen.add(state)
            response = self._retry.call(partial(self._exchange, url, payload, headers))
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

    def _cookie_values(self) -> frozenset[tuple[str, str | None]]:
        return frozenset((cookie.name, cookie.value) for cookie in self._cookies.jar)

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

    def _exchange(
        self, url: str, payload: dict[str, Any] | None, headers: dict[str, str]
    ) -> Response:
        """One request and its answer; raises TransientError if another try may help."""
        self._throttle.wait()
        self.requests += 1
        self._network.allow(self._limits.seconds)
        started = self._clock()
        try:
            return self._read(url, payload, headers, started)
        except PrivateAddress as error:
            raise RedirectRefused(url, f"{error}; only public addresses are fetched") from error
        except (httpx.TransportError, httpx.StreamError) as error:
            reason = str(error) or type(error).__name__
            raise TransientError(url, f"the connection failed ({reason})") from error
        except httpx.InvalidURL as error:
            raise RedirectRefused(url, f"the address is not valid ({error})") from error
        finally:
            self._throttle.answered(self._clock() - started)

    def _read(
        self, url: str, payload: dict[str, Any] | None, headers: dict[str, str], started: float
    ) -> Response:
        method, content, extra = "GET", None, headers
        if payload is not None:
            method, content = "POST", json.dumps(payload).encode()
            extra = {**headers, "Content-Type": "application/json", "Accept": "application/json"}
        request = httpx.Request(
            method,
            self._wire_url(url),
            headers=[(k.encode(), v.encode()) for k, v in {**self._headers, **extra}.items()],
            content=content,
            extensions={"timeout": self._timeouts},
        )
        request.headers.encoding = "latin-1"  # cookies go back byte by byte as they came
        self._cookies.set_cookie_header(request)
        with closing(self._transport.handle_request(request)) as answer:
            answer.request, answer.headers.encoding = request, "latin-1"
            if "set-cookie" in answer.headers:
                self._cookies.extract_cookies(answer)
            if answer.status_code in RETRY_STATUS:
                raise self._not_now(url, answer)  # whatever else it holds
            wire, body = read_body(url, answer.iter_raw(), answer.headers, self._limits)
        pairs = tuple(
            (_header_text(name).lower(), _header_text(value)) for name, value in answer.headers.raw
        )
        capture = Capture(url, body, self._now(), answer.status_code, pairs)
        sent = _head(f"{method} {request.url.raw_path.decode('ascii')} HTTP/1.1", request.headers)
        exchange = Exchange(
            url,
            capture.fetched_at,
            sent + (content or b""),
            _head(_status(answer), answer.headers),
            wire,
        )
        return Response(capture, exchange, self._clock() - started)

    def _not_now(self, url: str, answer: httpx.Response) -> TransientError:
        server_now = parse_http_date(answer.headers.get("date")) or self._now()
        return TransientError(
            url,
            FetchError.answered(url, answer.status_code).reason,
            status=answer.status_code,
            retry_after_seconds=parse_retry_after(answer.headers.get("retry-after"), server_now),
        )


def _status(answer: httpx.Response) -> str:
    version = answer.extensions.get("http_version", b"HTTP/1.1").decode("latin-1")
    reason = answer.extensions.get("reason_phrase", b"").decode("latin-1")
    return f"{version} {answer.status_code} {reason}"


def _head(first_line: str, headers: httpx.Headers) -> bytes:
    lines = [first_line.encode("latin-1"), *(name + b": " + value for name, value in headers.raw)]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _header_text(raw: bytes) -> str:
    # Raw UTF-8 in a Location header is common where slugs are not ASCII.
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
