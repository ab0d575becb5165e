"""One request and its answer over the wire: headers, cookies, body, and why there is no answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpcore

from scraper.coding import ACCEPT_ENCODING
from scraper.dates import parse_header_date
from scraper.errors import FetchError, RedirectRefused
from scraper.fetch.body import Limits, read_body
from scraper.fetch.cookies import Jar, readable_cookies
from scraper.fetch.head import UnreadableHead
from scraper.fetch.http import httpx
from scraper.fetch.network import CertificateRefused, Network, PrivateAddress
from scraper.fetch.retry import RETRY_STATUS, TransientError, parse_retry_after
from scraper.fetch.transport import FAILURES, Transport
from scraper.records import Capture, Exchange

_PROXY_REFUSES = 407
_REFUSALS = frozenset(range(400, 600)) - {404, 410}
# Reasons of OpenSSL's, by their numbers (X509_V_ERR_…).
_NOT_NOW = frozenset({9, 10})
_OTHER_NAME = frozenset({62, 64})


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
    retry_after_seconds: float | None = None
    """How long the host asks to be left alone, beside an answer that is one, such as 403."""


class Session:
    """Exchanges with a site, one after the other, over one connection and with one jar of cookies.

    Args:
        network: opens connections.
        limits: caps per response.
        user_agent: what the site is told of us.
        secure_protocols: schemes over which a `Secure` cookie is sent.
        cookies: names and values to begin with, for the server that wants to see them.
        cookie_host: the host that they are for.
        now: the present, with time zone.
        clock: monotonic, in seconds.

    Raises:
        UsageError: certificates or a proxy are set that cannot be used.
    """

    def __init__(
        self,
        network: Network,
        limits: Limits,
        user_agent: str,
        *,
        secure_protocols: tuple[str, ...] = ("https",),
        cookies: tuple[tuple[str, str], ...] = (),
        cookie_host: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._network = network
        self._limits = limits
        self._now = now
        self._clock = clock
        self._cookies = httpx.Cookies(Jar(secure_protocols))
        for name, value in cookies:
            self._cookies.set(name, value, domain=cookie_host)
        self._transport = Transport(network)
        timeout = httpx.Timeout(limits.silence_seconds, connect=limits.connect_seconds)
        self._timeouts = timeout.as_dict()
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Encoding": ACCEPT_ENCODING,
            "Accept-Language": "de, en;q=0.5",
        }

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def cookies(self) -> frozenset[tuple[str, str | None]]:
        """Names and values in the jar."""
        return frozenset((cookie.name, cookie.value) for cookie in self._cookies.jar)

    def exchange(
        self, url: str, wire_url: str, payload: dict[str, Any] | None, headers: dict[str, str]
    ) -> Response:
        """Send one request and read its answer.

        Args:
            url: the canonical URL, for records and messages.
            wire_url: what is asked for.
            payload: JSON to post; None for a GET.
            headers: further ones.

        Raises:
            TransientError: no answer, or one that means "not now".
            RedirectRefused: the address cannot be asked for.
            FetchError: an answer that may not be read.
        """
        self._network.allow(self._limits.seconds)
        started = self._clock()
        with ExitStack() as stack:
            stack.enter_context(self._explained(url, wire_url))
            request = self._request(wire_url, payload, headers)
            answer = stack.enter_context(closing(self._transport.handle_request(request)))
            answer.request, answer.headers.encoding = request, "latin-1"
            if "set-cookie" in answer.headers:
                self._cookies.extract_cookies(_with_readable_cookies(answer))
            if answer.status_code == _PROXY_REFUSES and self._transport.proxy(request.url):
                raise httpcore.ProxyError(f"HTTP {answer.status_code}")
            if answer.status_code in RETRY_STATUS:
                raise self._not_now(url, answer)  # whatever else it holds
            wire, body = read_body(url, answer.iter_raw(), answer.headers, self._limits)
        return self._response(url, answer, wire, body, self._clock() - started)

    def _request(
        self, wire_url: str, payload: dict[str, Any] | None, headers: dict[str, str]
    ) -> httpx.Request:
        method, content, extra = "GET", None, headers
        if payload is not None:
            method, content = "POST", json.dumps(payload).encode()
            extra = {**headers, "Content-Type": "application/json", "Accept": "application/json"}
        request = httpx.Request(
            method,
            wire_url,
            headers=[(k.encode(), v.encode()) for k, v in {**self._headers, **extra}.items()],
            content=content,
            extensions={"timeout": self._timeouts},
        )
        request.headers.encoding = "latin-1"  # cookies go back byte by byte as they came
        self._cookies.set_cookie_header(request)
        return request

    @contextmanager
    def _explained(self, url: str, wire_url: str) -> Iterator[None]:
        """Within it, why there is no answer is raised as an error of ours."""
        try:
            yield
        except PrivateAddress as error:
            raise RedirectRefused(url, f"{error}; only public addresses are fetched") from error
        except (httpx.InvalidURL, httpcore.UnsupportedProtocol) as error:
            raise RedirectRefused(url, f"the address is not valid ({error})") from error
        except FAILURES as error:
            raise self._no_answer(url, httpx.URL(wire_url), error) from error

    def _response(
        self, url: str, answer: httpx.Response, wire: bytes, body: bytes, took: float
    ) -> Response:
        pairs = tuple(
            (_header_text(name).lower(), _header_text(value)) for name, value in answer.headers.raw
        )
        request = answer.request
        capture = Capture(url, body, self._now(), answer.status_code, pairs)
        line = f"{request.method} {request.url.raw_path.decode('ascii')} HTTP/1.1"
        exchange = Exchange(
            url,
            capture.fetched_at,
            _head(line, request.headers) + request.content,
            _head(_status(answer), answer.headers),
            wire,
        )
        pause = self._retry_after(answer) if capture.status in _REFUSALS else None
        return Response(capture, exchange, took, retry_after_seconds=pause)

    def _not_now(self, url: str, answer: httpx.Response) -> TransientError:
        return TransientError(
            url,
            FetchError.answered(url, answer.status_code).reason,
            status=answer.status_code,
            retry_after_seconds=self._retry_after(answer),
        )

    def _retry_after(self, answer: httpx.Response) -> float | None:
        server_now = parse_header_date(answer.headers.get("date")) or self._now()
        return parse_retry_after(answer.headers.get("retry-after"), server_now)

    def _no_answer(self, url: str, asked: httpx.URL, error: Exception) -> TransientError:
        """Why there is no answer, and what to do about it."""
        if isinstance(error, UnreadableHead):
            return TransientError(url, str(error))
        if isinstance(error, CertificateRefused):
            return TransientError(
                url,
                f"the certificate of {asked.host} is not accepted ({error})",
                advice=_certificate_advice(error.code),
                may_pass=False,
            )
        if isinstance(error, httpcore.ProxyError):
            proxy = self._transport.proxy(asked)
            return TransientError(
                url,
                f"the proxy {proxy.url if proxy else ''} lets nothing through ({error})",
                advice=f"Check {asked.scheme.upper()}_PROXY and NO_PROXY",
            )
        return TransientError(url, f"the connection failed ({str(error) or type(error).__name__})")


def _certificate_advice(code: int) -> str:
    if code in _NOT_NOW:
        return "Check the clock of this machine; if it is right, wait until the site is mended"
    if code in _OTHER_NAME:
        return (
            "Somebody else answers in the site's place, such as the log-in page of a network: open "
            "the site in a browser"
        )
    return (
        "If your network looks into encrypted connections, as some of authorities and universities "
        "do, set SSL_CERT_FILE to a file with the certificate of its authority (PEM)"
    )


def _with_readable_cookies(answer: httpx.Response) -> httpx.Response:
    headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in readable_cookies(answer.headers.multi_items())
    ]
    found = httpx.Response(answer.status_code, headers=headers, request=answer.request)
    found.headers.encoding = "latin-1"
    return found


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
