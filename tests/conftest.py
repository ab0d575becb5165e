"""Fixtures that several rooms share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.records import Capture
from scraper.sites import Site, get_site
from tests.loopback import Loopback
from tests.small import Small

NOW = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
FIXTURES = Path(__file__).parent / "fixtures"
REAL = Path(__file__).parents[2] / "shared" / "real"


@pytest.fixture(scope="session")
def site() -> Site:
    return get_site("dortmund")


@pytest.fixture
def loopback():
    """A real HTTP server whose answers a test scripts."""
    with Loopback() as server:
        yield server


@pytest.fixture
def small(loopback):
    """A newsroom of a few pages that a test fills."""
    return Small(loopback)


def capture_of(body: bytes | str, url: str = "", content_type: str = "text/html") -> Capture:
    data = body.encode() if isinstance(body, str) else body
    where = url or "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/test.html"
    return Capture(where, data, NOW, 200, (("content-type", content_type),))
