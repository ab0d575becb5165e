"""Pages that lie about where they are, or who they are: no release takes another one's place."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from scraper.archive import Archive
from scraper.archive.read import read_article
from scraper.fetch.network import Network
from tests.fetch.conftest import Rewired
from tests.hostile.newsroom import (
    ARTICLES,
    HTML,
    ORIGIN,
    SEARCH,
    SIZE,
    VICTIM,
    check_messages,
    check_sound,
    crawl,
    expected,
    page_of,
    path_of,
    stored,
)
from tests.support.loopback import Answer
from tests.support.replica import rows

LATER = timedelta(days=100)
ONE, OTHER = ARTICLES[VICTIM], ARTICLES[VICTIM + 1]
EVENTS = "SELECT kind FROM events WHERE kind <> 'new'"


def claiming(address: str) -> Answer:
    """The page of an article whose canonical link names another address."""
    own = f'rel="canonical" href="{ORIGIN}'.encode()
    start, rest = page_of(ONE).split(own, 1)
    link = f'rel="canonical" href="{address}"'.encode()
    return Answer(200, HTML, start + link + rest[rest.index(b'"') + 1 :])


def texts(directory) -> dict[str, str]:
    """Text by URL."""
    return {str(row["url"]): str(row["text"]) for row in rows(directory, "SELECT * FROM articles")}


@pytest.mark.parametrize(
    "address",
    [
        OTHER.url,
        "/newsroom/nachrichten/gibt-es-nicht.html",
        "https://www.example.org/newsroom/nachrichten/a.html",
        "//169.254.169.254/newsroom/nachrichten/a.html",
        "file:///newsroom/nachrichten/a.html",
        f"{ORIGIN}/",
        f"{ORIGIN}/newsroom/",
        "javascript:alert(1)",
        "http://[broken",
        "/newsroom/nachrichten/" + "a" * 9_000 + ".html",
        "/newsroom/nachrichten/\x1b[2J\x01.html",
        "",
    ],
)
def test_a_page_that_claims_another_address_stays_at_its_own(newsroom, tmp_path, address):
    newsroom.put(ONE, claiming(address))
    for number, full in enumerate((False, True, True)):
        report = crawl(newsroom, tmp_path, after=number * LATER, full=full)
        assert (report.exit_code, report.changed, report.moved) == (0, 0, 0)
        assert stored(tmp_path) == expected()
        assert texts(tmp_path) == {article.url: article.text for article in ARTICLES}
    assert rows(tmp_path, EVENTS) == []
    check_sound(tmp_path)


def test_a_known_release_that_begins_to_claim_another_address_is_not_moved(newsroom, tmp_path):
    crawl(newsroom, tmp_path)
    newsroom.put(ONE, claiming(OTHER.url))
    crawl(newsroom, tmp_path, after=LATER, full=True)
    assert texts(tmp_path) == {article.url: article.text for article in ARTICLES}
    assert rows(tmp_path, "SELECT * FROM events WHERE kind IN ('moved', 'changed')") == []


def test_an_address_that_leads_to_another_release_does_not_overwrite_it(newsroom, tmp_path):
    crawl(newsroom, tmp_path)
    newsroom.put(ONE, Answer(301, {"Location": path_of(OTHER)}))
    crawl(newsroom, tmp_path, after=LATER, full=True)
    assert texts(tmp_path) == {article.url: article.text for article in ARTICLES}


def test_an_address_that_leads_to_an_unknown_release_does_not_become_it(newsroom, tmp_path):
    del newsroom.replies[path_of(OTHER)]
    crawl(newsroom, tmp_path)
    newsroom.put(OTHER, newsroom.well[OTHER.url])
    newsroom.put(ONE, Answer(301, {"Location": path_of(OTHER)}))
    crawl(newsroom, tmp_path, after=LATER, full=True)
    assert texts(tmp_path) == {article.url: article.text for article in ARTICLES}


def test_one_content_id_for_all_makes_no_two_releases_one(newsroom, tmp_path):
    same = [dataclasses.replace(article, content_id=ONE.content_id) for article in ARTICLES]
    for article in same[:-1]:
        newsroom.put(article, Answer(200, HTML, page_of(article)))
    newsroom.put(same[-1], Answer(404))
    crawl(newsroom, tmp_path)
    newsroom.put(same[0], Answer(404))
    crawl(newsroom, tmp_path, after=LATER, full=True)
    newsroom.put(same[-1], Answer(200, HTML, page_of(same[-1])))  # new, while another is missing
    crawl(newsroom, tmp_path, after=2 * LATER, full=True)
    assert texts(tmp_path) == {article.url: article.text for article in ARTICLES}
    assert rows(tmp_path, "SELECT * FROM events WHERE kind = 'moved'") == []


def test_listed_addresses_may_hold_anything(newsroom, tmp_path):
    section = "/newsroom/nachrichten/"
    odd = [
        section + "\x1b]0;x\x07\r\nX-A: b.html",
        section + "a\0b.html",
        section + "\ud83d.html",
        section + "a" * 100_000 + ".html",
        section + "../../../../etc/passwd.html",
        "file:///etc/passwd.html",
        "http://169.254.169.254" + section + "a.html",
        "https://www.example.org" + section + "a.html",
        "\\\\evil.example\\" + section + "a.html",
        f"https://www.dortmund.de@evil.example{section}a.html",
        f"https://www.dortmund.de:22{section}a.html",
        section + "%0d%0aSet-Cookie:%20a=b.html",
        None,
        17,
        [],
        {},
    ]
    hits = [{"_source": {"website_url": address}} for address in odd]
    newsroom.put(SEARCH, Answer(200, {}, newsroom.hits(hits)))
    report = crawl(newsroom, tmp_path)
    assert (report.new, report.failed) == (SIZE, 0)  # what there is of them is a 404
    assert stored(tmp_path) == expected()
    for ask in newsroom.server.asks:
        assert ask.path.isascii()
        assert ask.path.isprintable()
        assert len(ask.path) < 9_000
        assert ask.headers["host"].startswith("127.0.0.1:")
        assert "x-a" not in ask.headers
    check_messages(report)
    check_sound(tmp_path)


def test_a_name_that_turns_private_in_mid_crawl_costs_the_pages_behind_it(newsroom, tmp_path):
    for where, reply in newsroom.replies.items():
        if isinstance(reply, Answer):  # a new connection, and so a new look at the name, each time
            newsroom.put(where, dataclasses.replace(reply, headers={**reply.headers, **CLOSE}))
    newsroom.put(
        ONE, Answer(302, {"Location": "https://dortmund.de" + path_of(ONE) + "?x", **CLOSE})
    )
    lookups: list[tuple[str, str]] = []

    def resolver(host: str, _port: int) -> list[str]:
        asked = newsroom.server.asks[-1].path if newsroom.server.asks else ""
        turned = asked == path_of(ONE) and (host, asked) not in lookups
        lookups.append((host, asked))
        return ["169.254.169.254"] if turned else ["93.184.216.34"]

    rewired = Rewired(int(newsroom.url.rpartition(":")[2]))
    network = Network(public_only=True, resolver=resolver, clock=newsroom.clock, sockets=rewired)
    report = crawl(newsroom, tmp_path, network=network, live=True)
    assert [url for url, _reason in report.failures] == [ONE.url.replace("https", "http")]
    assert "leads to the private address 169.254.169.254" in report.failures[0][1]
    assert (report.exit_code, report.new) == (3, SIZE - 1)
    assert {host for host, _asked in lookups} == {"www.dortmund.de"}
    assert {address for address, _port in rewired.asked} == {"93.184.216.34"}
    check_messages(report)


CLOSE = {"Connection": "close"}


def test_the_records_are_those_of_the_pages(newsroom, tmp_path):
    crawl(newsroom, tmp_path)
    with Archive.open_existing(tmp_path) as archive:
        for row in archive.rows("SELECT id FROM articles"):
            found = read_article(archive, row["id"])
            article = next(a for a in ARTICLES if a.url == found.url)
            quotes = tuple(quote for quote in found.quotes if quote.kind == "block")
            read_only = {"published_precision": None, "language": None, "layout": None}
            assert dataclasses.replace(found, quotes=quotes, **read_only) == article
