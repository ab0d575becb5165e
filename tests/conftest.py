"""Fixtures that tests of several packages share."""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from scraper import cli
from scraper.extract.workers import preload
from scraper.importing.run import PRELOADED as FOR_IMPORTS
from scraper.records import Capture
from scraper.sites import Site, get_site
from tests.support.lived import lived
from tests.support.loopback import Loopback
from tests.support.made import copied
from tests.support.small import Small

# No test is judged by a clock, also on a machine that is busy with other things.
settings.register_profile("timeless", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("timeless")

# Tests start hundreds of worker processes. All are forked from one that has loaded what they need.
preload(*FOR_IMPORTS, "scraper.lake.reading", "tests.support.warm")

NOW = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
FIXTURES = Path(__file__).parent / "fixtures"
REAL = Path(__file__).parents[2] / "shared" / "real"


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Libraries and tests stay to the end: the collector need not look through them, ever again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _new_archives():
    with copied():
        yield


@pytest.fixture(scope="session")
def site() -> Site:
    return get_site("dortmund")


@pytest.fixture(scope="session")
def cache_directory(tmp_path_factory):
    """Where the crawls of tests take turns at a host."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch, cache_directory):
    """The machine's proxies, certificates and turns are none of a test's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_directory))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def lived_archive(tmp_path_factory):
    """An archive with pictures, an edit, a disappearance, a return; not to be changed."""
    return lived(tmp_path_factory.mktemp("lived") / "data")


@pytest.fixture
def loopback():
    """A real HTTP server whose answers a test scripts."""
    with Loopback() as server:
        yield server


@pytest.fixture
def small(loopback):
    """A newsroom of a few pages that a test fills."""
    return Small(loopback)


@pytest.fixture
def newsroom(monkeypatch, capfd, tmp_path):
    """Calls the command in an empty directory; returns exit code, standard output and error."""
    monkeypatch.chdir(tmp_path)
    for name in ("NEWSROOM_DATA", "NEWSROOM_CONTACT"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["newsroom", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        code = ended.value.code
        return 0 if code is None else code, out, err

    return call


def capture_of(body: bytes | str, url: str = "", content_type: str = "text/html") -> Capture:
    data = body.encode() if isinstance(body, str) else body
    where = url or "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/test.html"
    return Capture(where, data, NOW, 200, (("content-type", content_type),))
