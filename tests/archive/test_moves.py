"""When two addresses are one article, and when they are not."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from tests.support.loopback import Answer, Loopback
from tests.support.replica import crawl, rows

NEWSROOM = Newsroom(4)
LATER = timedelta(days=100)


class Site:
    """A newsroom page, some articles, redirects; everything else is a 404."""

    def __init__(self, server):
        self.pages = {}
        self.redirects = {}
        server.script = self

    def put(self, article, path=None):
        self.pages[path or article.url.removeprefix("https://www.dortmund.de")] = render_article(
            dataclasses.replace(article, related=()), navigation=b"[]"
        )

    def __call__(self, ask):
        if ask.path in self.redirects:
            return Answer(301, {"Location": self.redirects[ask.path]})
        if ask.path == "/newsroom/":
            links = "".join(f'<a href="{path}">x</a>' for path in [*self.pages, *self.redirects])
            return Answer(
                200, {"Content-Type": "text/html"}, f"<main>{links}</main></html>".encode()
            )
        if ask.path in self.pages:
            return Answer(200, {"Content-Type": "text/html"}, self.pages[ask.path])
        return Answer(404)


@pytest.fixture
def server():
    with Loopback() as loopback:
        yield loopback


def path_of(article):
    return article.url.removeprefix("https://www.dortmund.de")


def test_a_redirect_to_a_new_address_keeps_the_article(server, tmp_path):
    site = Site(server)
    article = NEWSROOM.article(0)
    site.put(article)
    crawl(tmp_path, server.url)
    moved = dataclasses.replace(article, url=article.url.replace(".html", "-neu.html"))
    site.pages.clear()
    site.put(moved)
    site.redirects[path_of(article)] = path_of(moved)
    report = crawl(tmp_path, server.url, after=LATER)
    assert (report.moved, report.new) == (1, 0)
    assert rows(tmp_path, "SELECT id, url FROM articles") == [{"id": 1, "url": moved.url}]
    events = rows(tmp_path, "SELECT kind, detail FROM events ORDER BY id")
    assert events[-1] == {"kind": "moved", "detail": article.url}


def test_both_addresses_of_an_article_make_one(server, tmp_path):
    site = Site(server)
    article = NEWSROOM.article(0)
    site.put(article)
    site.put(article, "/newsroom/nachrichten/alte-adresse.html")  # its canonical link tells
    crawl(tmp_path, server.url)
    assert rows(tmp_path, "SELECT url FROM articles") == [{"url": article.url}]
    again = crawl(tmp_path, server.url, after=LATER)
    assert (again.new, again.changed, again.moved) == (0, 0, 0)


def test_a_new_canonical_link_on_the_old_page_keeps_the_article(server, tmp_path):
    site = Site(server)
    article = NEWSROOM.article(0)
    site.put(article)
    crawl(tmp_path, server.url)
    moved = dataclasses.replace(article, url=article.url.replace(".html", "-neu.html"))
    site.put(moved, path_of(article))  # still served there, but it names the new address
    site.put(moved)
    report = crawl(tmp_path, server.url, after=timedelta(minutes=1))  # the old one is not due yet
    assert (report.moved, report.new) == (1, 0)
    assert rows(tmp_path, "SELECT id, url FROM articles") == [{"id": 1, "url": moved.url}]
    again = crawl(tmp_path, server.url, after=LATER, full=True)
    assert (again.moved, again.new, again.unchanged) == (0, 0, 1)


def test_the_same_content_id_alone_makes_no_move(server, tmp_path):
    site = Site(server)
    one, two = NEWSROOM.article(0), NEWSROOM.article(1)
    site.put(one)
    site.put(dataclasses.replace(two, content_id=one.content_id))
    crawl(tmp_path, server.url)
    crawl(tmp_path, server.url, after=LATER, full=True)
    assert {row["url"] for row in rows(tmp_path, "SELECT url FROM articles")} == {one.url, two.url}


def test_a_foreign_canonical_link_is_not_believed(server, tmp_path):
    site = Site(server)
    article = NEWSROOM.article(0)
    page = render_article(dataclasses.replace(article, related=()), navigation=b"[]")
    site.pages[path_of(article)] = page.replace(
        b'rel="canonical" href="https://www.dortmund.de', b'rel="canonical" href="https://x.example'
    )
    crawl(tmp_path, server.url)
    assert rows(tmp_path, "SELECT url FROM articles") == [{"url": article.url}]


def test_an_article_that_reappears_elsewhere_is_the_same(server, tmp_path):
    site = Site(server)
    article = NEWSROOM.article(0)
    site.put(article)
    site.put(NEWSROOM.article(1))
    crawl(tmp_path, server.url)
    del site.pages[path_of(article)]
    assert crawl(tmp_path, server.url, after=LATER).missing == 1
    moved = dataclasses.replace(article, url=article.url.replace(".html", "-neu.html"))
    site.put(moved)
    assert crawl(tmp_path, server.url, after=2 * LATER).moved == 1
    assert rows(tmp_path, "SELECT count(*) AS n FROM articles") == [{"n": 2}]
