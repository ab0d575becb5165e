"""A small newsroom on loopback in which single addresses misbehave, and a crawl of it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scraper.archive import Archive, crawl_lock
from scraper.archive.verify import verify
from scraper.crawl.context import Context
from scraper.crawl.options import CrawlOptions
from scraper.crawl.report import RunReport
from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.fetch.body import Limits
from scraper.fetch.client import Client
from scraper.fetch.network import Network
from scraper.fetch.retry import Retry
from scraper.fetch.throttle import Throttle
from scraper.records import Article
from scraper.sites import get_site
from tests.support.loopback import Answer, Ask, Loopback
from tests.support.replica import Watcher, reading, rows, run

SIZE = 6
VICTIM = 2
"""Number of the article whose page misbehaves, unless a test says otherwise."""
ORIGIN = "https://www.dortmund.de"
SEARCH = "/api/search/proxy/search"
START = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json"}
ARTICLES = tuple(
    dataclasses.replace(Newsroom(SIZE + 2).article(number), related=()) for number in range(SIZE)
)

Reply = Answer | Callable[[Ask], Answer]


class Clock:
    """Time stands still until somebody moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def path_of(article: Article) -> str:
    """The address of an article without scheme and host."""
    return article.url.removeprefix(ORIGIN)


def page_of(article: Article) -> bytes:
    """The page of an article, without the long navigation."""
    return render_article(article, navigation=b"[]")


def with_main(article: Article, markup: str) -> bytes:
    """The page of an article with markup added to the end of its release."""
    return page_of(article).replace(b"</main>", markup.encode() + b"</main>")


class HostileNewsroom:
    """Six articles, listed by the search interface, the newsroom's page and the sitemap.

    `put` replaces the answer at a path; what is not replaced is well.
    """

    def __init__(self, server: Loopback) -> None:
        self.server = server
        self.url = server.url
        self.clock = Clock()
        self.robots: Reply = Answer(404)
        self.replies: dict[str, Reply] = {
            path_of(a): Answer(200, HTML, page_of(a)) for a in ARTICLES
        }
        self.well = {a.url: self.replies[path_of(a)] for a in ARTICLES}
        self.replies["/newsroom/"] = Answer(200, HTML, self.front_page())
        self.replies[SEARCH] = self._search
        self.replies["/sitemap.xml"] = Answer(200, {"Content-Type": "text/xml"}, self.sitemap())
        server.robots = None
        server.script = self._answer

    def put(self, where: Article | str, reply: Reply) -> None:
        """Answer like this at the address of an article, or at a path."""
        self.replies[where if isinstance(where, str) else path_of(where)] = reply

    def front_page(self, extra: str = "") -> bytes:
        """The newsroom's page with a link to each article."""
        links = "".join(f'<a href="{path_of(article)}">x</a>' for article in ARTICLES)
        return f"<!DOCTYPE html><html><body><main>{links}{extra}</main></body></html>".encode()

    def sitemap(self, extra: str = "") -> bytes:
        """A sitemap of all articles."""
        entries = "".join(f"<url><loc>{article.url}</loc></url>" for article in ARTICLES)
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return f'<?xml version="1.0"?><urlset xmlns="{space}">{entries}{extra}</urlset>'.encode()

    def hits(self, extra: list[object] = ()) -> bytes:  # type: ignore[assignment]
        """An answer of the search interface."""
        found = [
            {"_source": {"website_url": path_of(a), "type": "news", "date": a.published}}
            for a in ARTICLES
        ]
        hits = [*found, *extra]
        return json.dumps({"hits": {"total": {"value": len(hits)}, "hits": hits}}).encode()

    def _search(self, _ask: Ask) -> Answer:
        return Answer(200, JSON, self.hits())

    def _answer(self, ask: Ask) -> Answer:
        path = ask.path.split("?")[0]
        reply = self.robots if path == "/robots.txt" else self.replies.get(path, Answer(404))
        return reply(ask) if callable(reply) else reply


def crawl(
    newsroom: HostileNewsroom,
    directory: Path,
    *,
    after: timedelta = timedelta(0),
    limits: Limits | None = None,
    network: Network | None = None,
    live: bool = False,
    **options: object,
) -> RunReport:
    """One crawl with two tries per address, no pauses, and a clock that stands still.

    Args:
        newsroom: whose pages.
        directory: of the archive.
        after: how long after the first crawl it happens.
        limits: caps per response.
        network: opens the connections.
        live: as from the live site: no mirror, public addresses only; http in place of https.
        options: of the crawl.
    """
    site = get_site("dortmund")
    site = (
        dataclasses.replace(site, origin="http://www.dortmund.de")
        if live
        else site.mirrored(newsroom.url)
    )
    moment = START + after
    client = Client(
        site,
        throttle=Throttle(0.0),
        retry=Retry(max_tries=2, base_seconds=0.0, sleep=lambda _seconds: None),
        base_url=None if live else newsroom.url,
        limits=limits,
        network=network,
        now=lambda: moment,
        clock=newsroom.clock,
    )
    locked = crawl_lock(directory, site.key)
    with reading() as workers, client, locked, Archive.open(directory) as archive:
        asked = CrawlOptions(source="demo", **options)  # type: ignore[arg-type]
        return run(
            Context.of(
                site,
                client,
                workers,
                archive,
                asked,
                Watcher(),
                now=lambda: moment,
                clock=newsroom.clock,
            )
        )


def stored(directory: Path) -> dict[str, str]:
    """Title by URL of all articles in the archive."""
    return {
        str(row["url"]): str(row["title"])
        for row in rows(directory, "SELECT url, title FROM articles")
    }


def expected(*without: Article) -> dict[str, str]:
    """What the archive should hold, less some articles."""
    return {a.url: a.title for a in ARTICLES if a not in without}


def check_sound(directory: Path) -> None:
    """The archive agrees with itself, and nothing in it can hurt whoever reads it."""
    with Archive.open_existing(directory) as archive:
        assert verify(archive)["problems"] == []
    for table in ("articles", "images", "quotes", "tags", "links", "videos"):
        for row in rows(directory, f"SELECT * FROM {table}"):
            for value in row.values():
                assert "\0" not in str(value)
                assert "\x1b" not in str(value)


def check_messages(report: RunReport) -> None:
    """Every message is one paragraph that people can read."""
    for message in [*report.warnings, *(reason for _url, reason in report.failures)]:
        assert 10 < len(message) < 1_500
        assert "\n" not in message
        assert "Traceback" not in message
    for url, _reason in report.failures:
        assert url.startswith("http")
        assert len(url) < 10_000
