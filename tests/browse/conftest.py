"""One archive, one server, one Chromium for all tests of the web view."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from tests.browse.serving import web_view
from tests.support.replica import crawl, rows

ARTICLES = 45
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
).split()


@dataclass(frozen=True)
class Served:
    """An archive that is served, and some of what is in it."""

    address: str
    directory: Path
    edited: int
    gone: int
    speaker: str


@pytest.fixture(scope="session")
def archived(tmp_path_factory):
    """A directory with an archive of the replica: one release edited, one gone, pictures kept."""
    directory = tmp_path_factory.mktemp("browse")
    with ReplicaServer(Newsroom(ARTICLES), navigation_bytes=200) as server:
        crawl(directory, server.base_url, images=True)
        first = server.article(1)
        server.replace(1, replace(first, title=f"{first.title} – jetzt doch"))
        server.delete(3)
        for days in (2, 9):
            crawl(directory, server.base_url, after=timedelta(days=days), full=True)
    return directory


@pytest.fixture(scope="session")
def served(archived):
    def one(sql):
        return next(iter(rows(archived, sql)[0].values()))

    speaker = one(
        "SELECT speaker FROM quotes WHERE speaker IS NOT NULL AND kind <> 'indirect' GROUP BY 1 "
        "ORDER BY count(*) DESC, 1 LIMIT 1"
    )
    edited = one("SELECT article_id FROM events WHERE kind = 'changed'")
    gone = one("SELECT article_id FROM events WHERE kind = 'gone'")
    with web_view(archived) as address:
        yield Served(address, archived, edited, gone, speaker)


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium; without one the tests are skipped, but never in CI."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        why = "Chromium is not installed: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{why}. CI must not go without.")
        pytest.skip(why)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page in Chromium, and what it did that it should not."""

    page: object
    foreign: list[str]
    """Addresses asked for that are not on loopback."""
    errors: list[str]
    """Errors of scripts, and complaints about the policy."""

    def follow(self, locator):
        """Click what leads to another page, and wait until that is loaded: a click does not."""
        with self.page.expect_navigation():
            locator.click()


@pytest.fixture
def visit(chromium):
    """Opens contexts: `visit(width=320, javascript=False)`; they end with the test."""
    contexts = []

    def opened(*, width=1200, height=900, javascript=True, locale="en", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale=locale,
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        seen = Visit(page, [], [])
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith("http://127.0.0.1:")
                else seen.foreign.append(request.url)
            ),
        )
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on(
            "console",
            lambda message: seen.errors.append(message.text) if message.type == "error" else None,
        )
        page.on("dialog", lambda dialog: (seen.errors.append("dialog"), dialog.dismiss()))
        return seen

    yield opened
    for context in contexts:
        context.close()
