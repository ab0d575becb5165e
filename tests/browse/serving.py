"""The web view as a real server on loopback, and asking it without a browser."""

from __future__ import annotations

import http.client
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from scraper.browse.server import listening


@dataclass
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@contextmanager
def web_view(directory, **options):
    """The address of the web view of the archive in a directory, while it is served."""
    with listening(directory, port=0, **options) as (server, listener, address):
        # A test run that breaks off must not wait for it.
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(timeout=30)


def get(address: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """One request. Names of headers are written with `_` for `-`."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Accept-Language": "en"} | named)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()
