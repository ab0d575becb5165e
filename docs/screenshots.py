"""The pictures in the README: `python docs/screenshots.py [--all]`.

Crawls the replica twice, with edits and removals in between, opens the web view on the result and
photographs it with Chromium (`apt-get install chromium`, `pip install playwright`). Offline.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from scraper.archive import Archive
from scraper.browse.server import listening
from scraper.crawl.context import Context
from scraper.crawl.crawl import Crawl
from scraper.crawl.options import CrawlOptions
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.extract.workers import WorkerProcesses
from scraper.fetch.client import Client
from scraper.fetch.retry import Retry
from scraper.fetch.throttle import Throttle
from scraper.sites import get_site

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2026, 10, 4, 8, 0, tzinfo=UTC)
HERE = Path(__file__).parent
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
).split()


class Quiet:
    """A progress that shows nothing."""

    def listed(self, source: str, found: int) -> None:
        """A listing was read."""

    def waiting(self, what: str) -> None:
        """A wait is long."""

    def page(self, url: str, outcome: str, done: int, total: int) -> None:
        """A page was stored."""


def crawl(directory: Path, server: ReplicaServer, moment: datetime) -> None:
    """A crawl of the replica as of a moment."""
    site = get_site("dortmund").mirrored(server.base_url)
    client = Client(site, throttle=Throttle(0.0), retry=Retry(), base_url=server.base_url)
    options = CrawlOptions(source="demo", full=True)
    with WorkerProcesses() as workers, client, Archive.open(directory) as archive:
        context = Context.of(
            site, client, workers, archive, options, Quiet(), now=lambda: moment, stop=lambda: False
        )
        work = Crawl(context)
        with context.client, work.noted():
            context.client.robots()
            work.run()


def make_archive(directory: Path, articles: int) -> None:
    """An archive with a history: some releases edited, some removed."""
    with ReplicaServer(Newsroom(articles)) as server:
        crawl(directory, server, START)
        title = server.article(1).title.replace("geplante", "umstrittene")
        server.replace(1, replace(server.article(1), title=title))
        for number in (2, 9):
            text = server.article(number).sections[0].blocks[0].text
            server.edit(number, text=text.replace("die", "voraussichtlich die", 1))
        for number in (4, 17):
            server.delete(number)
        for days in (1, 4):  # what is missing twice, days apart, is gone
            crawl(directory, server, START + timedelta(days=days))


@contextmanager
def web_view(directory: Path) -> Iterator[str]:
    """The address of the web view of an archive, while it is served."""
    with listening(directory, port=0) as (server, listener, address):
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join()


def pages(directory: Path) -> dict[str, str]:
    """What to photograph: name of the picture and path of the page."""
    with Archive.open_existing(directory) as archive:
        release = archive.rows(
            "SELECT a.id FROM articles a WHERE a.lead IS NOT NULL AND (SELECT count(*) FROM "
            "quotes q WHERE q.article_id = a.id AND q.speaker IS NOT NULL "
            "AND q.kind <> 'indirect') > 1 "
            "ORDER BY a.word_count, a.id LIMIT 1"
        )[0]["id"]
        edited = archive.rows("SELECT article_id AS id FROM events WHERE kind = 'changed'")[0]["id"]
        person = archive.rows(
            "SELECT speaker FROM quotes WHERE speaker IS NOT NULL AND kind <> 'indirect' "
            "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        )[0]["speaker"]
    return {
        "start": "",
        "search": "search?q=Straßenbahn",
        "release": f"release/{release}",
        "changes": "changes",
        "edited": f"release/{edited}",
        "people": "people",
        "person": f"people/{person}",
        "nothing": "search?q=Nilpferd",
        "missing": "nowhere",
        "tables": "newsroom",
    }


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--all", action="store_true", help="every page, dark and narrow too")
    parser.add_argument("--language", default="de")
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    ways = {"": ("light", 1180, 1320)}
    if given.all:
        ways |= {"-dark": ("dark", 1180, 900), "-narrow": ("light", 320, 700)}
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        directory = Path(name)
        make_archive(directory, given.articles)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with web_view(directory) as address:
            for suffix, (scheme, width, height) in ways.items():
                page = browser.new_page(
                    color_scheme=scheme,
                    locale=given.language,
                    viewport={"width": width, "height": height},
                )
                for picture, path in pages(directory).items():
                    if not given.all and picture not in {"start", "search", "release", "changes"}:
                        continue
                    page.goto(address + path)
                    page.screenshot(path=given.out / f"{picture}{suffix}.png", full_page=given.all)
        browser.close()


if __name__ == "__main__":
    main()
