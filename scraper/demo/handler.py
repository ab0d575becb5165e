"""One connection to the replica: cookie, faults, validators, content coding."""

from __future__ import annotations

import json
import zlib
from email.utils import format_datetime, formatdate
from http.server import BaseHTTPRequestHandler
from threading import Event
from time import time
from typing import TYPE_CHECKING, Any, Protocol, cast

from scraper import invented
from scraper.dates import parse_header_date
from scraper.demo import listing
from scraper.demo.search import search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.demo.faults import Faults
    from scraper.demo.site import Content, ReplicaSite

SEARCH = "/api/search/proxy/search"
"""Path of the search interface."""

_MAX_REQUEST_BYTES = 1_000_000
_FILLER = b" " * 1_000_000
_SMALL = 1_000  # bytes below which compression does not pay
_JSON, _TEXT = "application/json; charset=UTF-8", "text/plain; charset=UTF-8"
_COMPRESSIBLE = ("text/", "application/xml", "application/json")


class Replica(Protocol):
    """What a connection needs of the server it belongs to."""

    site: ReplicaSite
    faults: Faults
    stopping: Event
    cookie: str
    base_url: str

    def log(self, method: str, path: str, status: int) -> None:
        """Take down an answered request."""

    def next_number(self) -> int:
        """Count a request."""

    def first_try(self, method: str, path: str) -> bool:
        """Whether this URL has not been tried before."""


class _Owned(Protocol):
    replica: Replica


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # head and body leave together: no pause between two small packets
    server_version = "replica"
    sys_version = ""

    @property
    def replica(self) -> Replica:
        """The server this connection belongs to."""
        return cast("_Owned", self.server).replica

    def send_response(self, code: int, message: str | None = None) -> None:
        """Begin an answer, any answer, by saying whose it is."""
        super().send_response(code, message)
        self.send_header(invented.HEADER, invented.VALUE)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is inherited
        """Print nothing: the replica keeps its own log."""

    def finish(self) -> None:
        """Close the connection's files, even if the client is gone."""
        try:
            super().finish()
        except OSError:
            self.rfile.close()

    def do_GET(self) -> None:
        """Answer a page."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer the headers of a page."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a search."""
        self._answer()

    def _answer(self) -> None:
        payload = self._read_body()
        if payload is None:
            return
        # The standard library reads the request line as latin-1; clients send UTF-8.
        path = self.path.encode("latin-1").decode("utf-8", "replace")
        faults = self.replica.faults
        if faults.redirect_loop or (faults.cookie_dance and not self._has_cookie()):
            self._redirect_to_self()
            return
        number = self.replica.next_number()
        if self._spoil(faults, path, number):
            return
        cut = faults.truncate_every > 0 and number % faults.truncate_every == 0
        page = path.split("?")[0]
        if page == SEARCH:
            self._search(payload, faults, cut=cut)
        elif self.command == "POST":
            self._send(405, headers=[("Allow", "GET, HEAD")])
        elif page == "/robots.txt":
            robots = listing.robots(forbid=faults.forbid_robots)
            self._send(faults.robots_status, robots, _TEXT, cut=cut)
        else:
            self._page(path, faults, cut=cut)

    def _read_body(self) -> bytes | None:
        """The body of the request; None if it was refused."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self.close_connection = True
            self._send(411)
            return None
        if int(length) > _MAX_REQUEST_BYTES:
            self.close_connection = True
            self._send(413)
            return None
        return self.rfile.read(int(length))

    def _has_cookie(self) -> bool:
        sent = ";".join(self.headers.get_all("Cookie", []))
        return self.replica.cookie in {part.strip() for part in sent.split(";")}

    def _redirect_to_self(self) -> None:
        """302 to the same URL with a cookie; 307 for a POST, which must stay one."""
        host = self.headers.get("Host") or self.replica.base_url.removeprefix("http://")
        headers = [
            ("Location", f"http://{host}{self.path}"),
            ("Set-Cookie", f"{self.replica.cookie}; Path=/; HttpOnly"),
        ]
        self._send(307 if self.command == "POST" else 302, headers=headers)

    def _spoil(self, faults: Faults, path: str, number: int) -> bool:
        """Whether a fault has taken the place of the answer."""
        if faults.slow_seconds:
            self.replica.stopping.wait(faults.slow_seconds)
        if faults.drop_every and number % faults.drop_every == 0:
            self.close_connection = True
            self.replica.log(self.command, self.path, 0)
        elif faults.unavailable_first and self.replica.first_try(self.command, path):
            self._send(503)
        elif faults.too_many_every and number % faults.too_many_every == 0:
            seconds = faults.retry_after_seconds
            date = formatdate(time() + seconds, usegmt=True)
            wait = date if faults.retry_after_as_date else str(seconds)
            self._send(429, headers=[("Retry-After", wait)])
        elif faults.fail_every and number % faults.fail_every == 0:
            self._send(500)
        else:
            return False
        return True

    def _search(self, payload: bytes, faults: Faults, *, cut: bool) -> None:
        if self.command != "POST":
            self._send(405, headers=[("Allow", "POST")])
            return
        if faults.search_status != 200:
            self._send(faults.search_status)
            return
        try:
            query = json.loads(payload)
        except ValueError:
            query = None
        site = self.replica.site
        status, found = search(query, len(site), site.head, shuffled=faults.unsorted_search)
        self._send(status, json.dumps(found, ensure_ascii=False).encode(), _JSON, cut=cut)

    def _page(self, path: str, faults: Faults, *, cut: bool) -> None:
        content = self.replica.site.content(path, drifted=faults.drifted)
        if content is None or (faults.sitemap_missing and path.startswith("/sitemap")):
            self._send(404, b"Die Seite wurde nicht gefunden.", _TEXT)
            return
        if content.article is not None and faults.redirect_to_host:
            target = f"http://{faults.redirect_to_host}{self.path}"
            self._send(302, headers=[("Location", target)])
            return
        if content.article is not None and faults.endless_bytes:
            self._send_endless(content, faults)
            return
        headers = [("ETag", content.etag()), ("Vary", "Accept-Encoding")]
        if content.modified:
            headers.append(("Last-Modified", format_datetime(content.modified, usegmt=True)))
        if self._is_known(content):
            self._send(304, headers=headers)
        elif self._wants_gzip(content):
            headers.append(("Content-Encoding", "gzip"))
            self._send(200, content.gzipped(), content.content_type, headers, cut=cut)
        else:
            self._send(200, content.body(), content.content_type, headers, cut=cut)

    def _is_known(self, content: Content) -> bool:
        """Whether the client's validators say that it has this content already."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return "*" in known or content.etag().removeprefix("W/") in known
        since = self.headers.get("If-Modified-Since")
        if since is None or content.modified is None:
            return False
        moment = parse_header_date(since)
        return moment is not None and content.modified <= moment

    def _wants_gzip(self, content: Content) -> bool:
        if not content.content_type.startswith(_COMPRESSIBLE):
            return False
        large = content.shared is not None or len(content.before) > _SMALL
        return large and "gzip" in self.headers.get("Accept-Encoding", "")

    def _send(
        self,
        status: int,
        body: bytes = b"",
        content_type: str = _TEXT,
        headers: Sequence[tuple[str, str]] = (),
        *,
        cut: bool = False,
    ) -> None:
        """Send an answer; `cut` closes the connection in the middle of the body."""
        self.replica.log(self.command, self.path, status)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        if cut:
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)

    def _send_endless(self, content: Content, faults: Faults) -> None:
        """The page and then white space, without telling how much, until the client hangs up."""
        self.close_connection = True
        self.replica.log(self.command, self.path, 200)
        self.send_response(200)
        self.send_header("Content-Type", content.content_type)
        if faults.gzip_bomb:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        coder = (
            zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS) if faults.gzip_bomb else None
        )
        left = faults.endless_bytes
        piece = content.body()
        while piece and not self.replica.stopping.is_set():
            self.wfile.write(coder.compress(piece) if coder else piece)
            piece = _FILLER[: max(0, left)]
            left -= len(_FILLER)
        if coder:
            self.wfile.write(coder.flush())
