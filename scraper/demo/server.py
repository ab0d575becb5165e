"""Serves a newsroom on loopback with the habits of the real server, and with faults on request."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from socketserver import TCPServer
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING, Any, Self

from scraper.demo.faults import Faults
from scraper.demo.handler import Handler
from scraper.demo.page import NAVIGATION_BYTES
from scraper.demo.site import ReplicaSite

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from scraper.demo.newsroom import Newsroom
    from scraper.records import Article

_COOKIE = "dtm-visitor"


class ReplicaServer:
    """The replica as a context manager: it serves from a background thread until it is left.

    Args:
        newsroom: the articles.
        faults: what goes wrong at first; assign to `faults` to change it while it runs.
        port: port on 127.0.0.1; 0 takes a free one.
        navigation_bytes: size of the navigation script on every page.

    Raises:
        OSError: the port is taken.
    """

    def __init__(
        self,
        newsroom: Newsroom,
        *,
        faults: Faults | None = None,
        port: int = 0,
        navigation_bytes: int = NAVIGATION_BYTES,
    ) -> None:
        self.site = ReplicaSite(newsroom, navigation_bytes=navigation_bytes)
        self.faults = faults or Faults()
        self.stopping = Event()
        self._requests: list[tuple[str, str, int]] = []
        self._tried: set[tuple[str, str]] = set()
        self._count = 0
        self._changed = Condition()
        self._server = _Server(port, self)
        # A client of another replica must not pass with the cookie it has from there.
        self.cookie = f"{_COOKIE}={self._server.server_port}-{newsroom.seed}"
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        """Origin of the replica, without a slash at the end."""
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving, close every connection and wait until the threads are done."""
        self.stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.close_all()

    @property
    def requests(self) -> list[tuple[str, str, int]]:
        """Every answered request in order: method, path as asked for, HTTP status."""
        with self._changed:
            return list(self._requests)

    def log(self, method: str, path: str, status: int) -> None:
        """Take down an answered request; status 0 stands for a dropped connection."""
        with self._changed:
            self._requests.append((method, path, status))

    def next_number(self) -> int:
        """Count a request, from 1."""
        with self._changed:
            self._count += 1
            return self._count

    def first_try(self, method: str, path: str) -> bool:
        """Whether this URL has not been tried before; it has then."""
        with self._changed:
            new = (method, path) not in self._tried
            self._tried.add((method, path))
            return new

    def article(self, n: int) -> Article:
        """The record that a parser should make of the page of article n now."""
        return self.site.article(n)

    def edit(self, n: int, *, text: str) -> Article:
        """Put text in place of the first block of article n; the record it has now."""
        return self.site.edit(n, text=text)

    def replace(self, n: int, article: Article) -> Article:
        """Show that record instead of article n (see `ReplicaSite.replace`)."""
        return self.site.replace(n, article)

    def delete(self, n: int) -> None:
        """Take article n off: its page answers 404, no list names it any more."""
        self.site.delete(n)

    def restore(self, n: int) -> None:
        """Undo what was done to article n."""
        self.site.restore(n)

    def touch_templates(self) -> None:
        """Change what is not content on every page: the navigation and the sliders."""
        self.site.touch_templates()


def serve(
    newsroom: Newsroom,
    ready: Callable[[ReplicaServer], None],
    *,
    port: int = 0,
    faults: Faults | None = None,
) -> None:
    """Serve until Ctrl-C; `ready` is called with the server once it answers.

    Raises:
        OSError: the port is taken.
    """
    with ReplicaServer(newsroom, faults=faults, port=port) as server:
        try:
            ready(server)
            Event().wait()
        except KeyboardInterrupt:
            return


class _Server(ThreadingHTTPServer):
    """The listening socket, and the connections it has given out."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, replica: ReplicaServer) -> None:
        self.replica = replica
        self._open: set[socket.socket] = set()
        self._idle = Condition()
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        # HTTPServer would ask the name service for the host's name: no network but loopback.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    @contextmanager
    def _tracked(self, request: socket.socket) -> Iterator[None]:
        try:
            yield
        finally:
            with self._idle:
                self._open.discard(request)
                self._idle.notify_all()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._idle:
            self._open.add(request)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._tracked(request):
            super().process_request_thread(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report bugs; a client that closes its connection is not one."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def close_all(self) -> None:
        """Close the listening socket and the connections; wait for their threads."""
        self.server_close()
        with self._idle:
            for request in self._open:
                try:
                    request.shutdown(2)
                except OSError:  # the client was faster
                    continue
            self._idle.wait_for(lambda: not self._open, timeout=10)
