"""A client, a real server, and a clock that only the test moves."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import httpcore
import pytest
import trustme

from scraper.fetch.body import Limits
from scraper.fetch.client import Client
from scraper.fetch.network import Network
from scraper.fetch.retry import Retry
from scraper.fetch.throttle import Throttle
from scraper.sites import get_site
from tests.conftest import NOW
from tests.support.loopback import Loopback


class Clock:
    """Time stands still until somebody sleeps or moves it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_client(loopback: Loopback, clock: Clock):
    """Makes clients of a mirror on loopback; without delay and with one try unless told so."""
    opened: list[Client] = []

    def make(
        base_url: str | None = loopback.url,
        *,
        max_tries: int = 1,
        delay_seconds: float = 0.0,
        limits: Limits | None = None,
        site=None,
        **options: object,
    ) -> Client:
        site = site or get_site("dortmund")
        client = Client(
            site.mirrored(base_url) if base_url else site,
            throttle=Throttle(delay_seconds, clock=clock, sleep=clock.sleep),
            retry=Retry(max_tries=max_tries, sleep=clock.sleep),
            base_url=base_url,
            limits=limits,
            now=lambda: NOW,
            clock=clock,
            **options,
        )
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.__exit__()


@pytest.fixture
def client(make_client) -> Client:
    return make_client()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Signs certificates; nobody believes it unless told so."""
    return trustme.CA()


class Rewired(httpcore.SyncBackend):
    """Connects to the test's server whatever the address; notes which was asked for."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[str, int]] = []

    def connect_tcp(self, host, port, *args, **kwargs):
        self.asked.append((host, port))
        return super().connect_tcp("127.0.0.1", self.port, *args, **kwargs)


@pytest.fixture
def live(make_client, loopback: Loopback, clock: Clock):
    """Makes clients that crawl as from the live site: no mirror, names resolved, http for TLS."""
    site = dataclasses.replace(get_site("dortmund"), origin="http://www.dortmund.de")
    rewired = Rewired(int(loopback.url.rpartition(":")[2]))

    def make(resolver: Callable[[str, int], list[str]] = lambda _host, _port: ["93.184.216.34"]):
        network = Network(public_only=True, resolver=resolver, clock=clock, sockets=rewired)
        return make_client(None, site=site, network=network), rewired

    return make


PAGE = "https://www.dortmund.de/newsroom/nachrichten/a.html"
PATH = "/newsroom/nachrichten/a.html"
