"""Listings, rules and headers that misbehave cost a warning; every article is archived."""

from __future__ import annotations

import gzip
import itertools
import json
import tracemalloc
from datetime import timedelta

import pytest

import scraper.crawl.crawl
import scraper.crawl.listings
from scraper.errors import RobotsForbid, SiteUnreachable
from scraper.fetch.body import Limits
from tests.hostile.newsroom import (
    ARTICLES,
    HTML,
    JSON,
    ORIGIN,
    SEARCH,
    SIZE,
    check_messages,
    check_sound,
    crawl,
    expected,
    page_of,
    stored,
)
from tests.support.loopback import Answer
from tests.support.replica import rows

LATER = timedelta(days=100)
XML = {"Content-Type": "text/xml"}
SITEMAP = "/sitemap.xml"
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
SECTION = "/newsroom/nachrichten/"


def hit(address: str) -> dict[str, object]:
    return {"_source": {"website_url": address}}


def entries(count: int, start: int = 0) -> str:
    return "".join(
        f"<url><loc>{ORIGIN}{SECTION}{n}.html</loc></url>" for n in range(start, start + count)
    )


def index(*paths: str) -> bytes:
    items = "".join(f"<sitemap><loc>{ORIGIN}{path}</loc></sitemap>" for path in paths)
    return f'<sitemapindex xmlns="{SPACE}">{items}</sitemapindex>'.encode()


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in itertools.pairwise("abcdefghij"))
    + f']><urlset xmlns="{SPACE}"><url><loc>&j;</loc></url></urlset>'
).encode()

# Answers are made by the test that asks for them: unpacked, these are hundreds of megabytes.
BROKEN = {
    "deep JSON": (SEARCH, lambda: Answer(200, JSON, b'{"hits":' * 200_000), "Elasticsearch"),
    "deep JSON arrays": (SEARCH, lambda: Answer(200, JSON, b"[" * 5_000_000), "Elasticsearch"),
    "JSON of 12 MB": (
        SEARCH,
        lambda: Answer(
            200, {**JSON, "Content-Encoding": "gzip"}, gzip.compress(b"[" + b"{}," * 4_000_000)
        ),
        "answers with 12,000,001 bytes",
    ),
    "JSON of other kinds": (
        SEARCH,
        lambda: Answer(200, JSON, b'{"hits": {"hits": 7}}'),
        "list of hits",
    ),
    "no JSON": (SEARCH, lambda: Answer(200, JSON, b"\xff\xfe\0\0"), "Elasticsearch"),
    "empty answer": (SEARCH, lambda: Answer(200, JSON), "Elasticsearch"),
    "bomb in the interface": (
        SEARCH,
        lambda: Answer(
            200, {**JSON, "Content-Encoding": "gzip"}, gzip.compress(bytes(60_000_000), 1)
        ),
        "unpacks to more bytes",
    ),
    "interface that leads away": (
        SEARCH,
        lambda: Answer(307, {"Location": "http://169.254.169.254/"}),
        "not a page of the site",
    ),
    "bomb in a sitemap": (
        SITEMAP,
        lambda: Answer(200, {}, gzip.compress(bytes(70_000_000), 1)),
        "unpacks to more than a sitemap may be",
    ),
    "bomb of entities": (SITEMAP, lambda: Answer(200, XML, ENTITIES), "XML entities"),
    "deep XML": (
        SITEMAP,
        lambda: Answer(200, XML, b"<urlset>" + b"<url>" * 500_000),
        "nested deeper",
    ),
    "front page of a million elements": (
        "/newsroom/",
        lambda: Answer(200, HTML, b"<div>" * 1_000_000),
        "nested more than",
    ),
    "front page without end": (
        "/newsroom/",
        lambda: Answer(200, HTML, chunks=itertools.repeat(b"<a href=x>" * 6_000)),
        "more and more bytes",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_listing_that_misbehaves_costs_a_warning(newsroom, tmp_path, kind):
    where, reply, reason = BROKEN[kind]
    newsroom.put(where, reply())
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, report.new) == (0, SIZE)
    assert any(reason in warning for warning in report.warnings)
    assert stored(tmp_path) == expected()
    check_messages(report)
    check_sound(tmp_path)


def test_a_bomb_in_a_bomb_is_not_unpacked(newsroom, tmp_path):
    nested = gzip.compress(gzip.compress(bytes(90_000_000), 1), 1)
    newsroom.put(SITEMAP, Answer(200, {"Content-Encoding": "gzip"}, gzip.compress(nested)))
    tracemalloc.start()
    try:
        report = crawl(newsroom, tmp_path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (report.exit_code, stored(tmp_path)) == (0, expected())
    assert peak < 60_000_000


def test_sitemaps_in_a_circle_end(newsroom, tmp_path):
    newsroom.put(SITEMAP, Answer(200, XML, index(SITEMAP, "/b.xml")))
    newsroom.put("/b.xml", Answer(200, XML, index(SITEMAP, "/b.xml", "/c.xml")))
    report = crawl(newsroom, tmp_path)
    assert report.exit_code == 0
    assert len([path for path in newsroom.server.paths() if path.endswith(".xml")]) < 10
    assert stored(tmp_path) == expected()


def test_a_listing_of_a_million_addresses_is_cut_off(newsroom, tmp_path, monkeypatch):
    monkeypatch.setattr(scraper.crawl.listings, "MAX_LISTED", 2_000)
    newsroom.put(SITEMAP, Answer(200, XML, index(*(f"/map-{number}.xml" for number in range(100)))))
    for number in range(100):  # a hundred files of a thousand addresses; each is asked for once
        body = f'<urlset xmlns="{SPACE}">{entries(1_000, number * 1_000)}</urlset>'.encode()
        newsroom.put(f"/map-{number}.xml", Answer(200, XML, body))
    report = crawl(newsroom, tmp_path, limit=SIZE)
    assert any("more than 2,000 addresses" in warning for warning in report.warnings)
    assert len(newsroom.server.paths()) < 40
    assert rows(tmp_path, "SELECT count(*) AS n FROM candidates")[0]["n"] <= 3_100
    assert stored(tmp_path) == expected()  # those with a date come first
    check_messages(report)


def test_a_sitemap_longer_than_the_protocol_allows_is_read_up_to_there(newsroom, tmp_path):
    body = f'<urlset xmlns="{SPACE}">{entries(400_000)}</urlset>'.encode()
    newsroom.put(SITEMAP, Answer(200, {**XML, "Content-Encoding": "gzip"}, gzip.compress(body, 1)))
    report = crawl(newsroom, tmp_path, limit=SIZE)
    assert any("more than the 50,000 pages" in warning for warning in report.warnings)
    assert rows(tmp_path, "SELECT count(*) AS n FROM candidates")[0]["n"] == 50_000 + SIZE
    assert stored(tmp_path) == expected()


def test_a_search_answer_of_very_many_documents_is_cut_off(newsroom, tmp_path):
    many = newsroom.hits([hit(f"{SECTION}{number}.html") for number in range(100_000)])
    newsroom.put(SEARCH, Answer(200, JSON, many))
    report = crawl(newsroom, tmp_path, limit=SIZE)
    assert any("100,006 documents at once" in warning for warning in report.warnings)
    assert rows(tmp_path, "SELECT count(*) AS n FROM candidates")[0]["n"] == 10_000
    assert len([path for path in newsroom.server.paths() if path == SEARCH]) == 1
    assert stored(tmp_path) == expected()


def test_an_interface_without_end_is_left(newsroom, tmp_path):
    numbers = itertools.count()

    def endless(_ask):
        hits = [hit(f"{SECTION}{next(numbers)}.html") for _ in range(2)]
        return Answer(200, JSON, json.dumps({"hits": {"total": 10**9, "hits": hits}}).encode())

    newsroom.put(SEARCH, endless)
    report = crawl(newsroom, tmp_path, limit=1)
    assert report.exit_code == 0
    assert 400 < next(numbers) < 1_100


def test_articles_that_name_ever_new_articles_end(newsroom, tmp_path, monkeypatch):
    monkeypatch.setattr(scraper.crawl.crawl, "MAX_LISTED", 40)
    numbers = itertools.count()

    def trap(_ask):
        new = f"{SECTION}falle-{next(numbers)}.html"
        newsroom.put(new, trap)
        card = (
            '<dtm-teaserslider id="more-news"><dtm-teaser><span slot="headline">Mehr</span>'
            f'<a slot="link" href="{new}">x</a></dtm-teaser></dtm-teaserslider></main>'
        )
        page = page_of(ARTICLES[0]).replace(b"</main>", card.encode())
        return Answer(200, HTML, page.replace(ARTICLES[0].url.encode(), b""))

    newsroom.put(ARTICLES[0], trap)
    report = crawl(newsroom, tmp_path)
    assert 30 < report.found <= 41
    assert stored(tmp_path).items() >= expected(ARTICLES[0]).items()


# --- headers ---------------------------------------------------------------------------------


def test_a_flood_of_cookies_does_not_fill_the_requests(newsroom, tmp_path):
    numbers = itertools.count()

    def flooding(body: bytes, content_type: str):
        def reply(_ask):
            lines = [f"Set-Cookie: c{next(numbers)}={'x' * 200}; Path=/" for _ in range(150)]
            lines += [f"Set-Cookie: big{next(numbers)}={'x' * 9_000}; Path=/"]
            head = ["HTTP/1.1 200 OK", f"Content-Type: {content_type}", *lines]
            length = f"Content-Length: {len(body)}\r\n\r\n"
            return Answer(raw=["\r\n".join([*head, length]).encode(), body])

        return reply

    for article in ARTICLES:
        newsroom.put(article, flooding(page_of(article), "text/html; charset=utf-8"))
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, stored(tmp_path)) == (0, expected())
    sent = [len(ask.headers.get("cookie", "")) for ask in newsroom.server.asks]
    assert 1_000 < max(sent) < 20_000
    assert not any("big" in ask.headers.get("cookie", "") for ask in newsroom.server.asks)


def test_the_newest_cookie_survives_a_flood(newsroom, tmp_path):
    for number, article in enumerate(ARTICLES):
        cookies = "".join(f"Set-Cookie: f{number}-{i}=x; Path=/\r\n" for i in range(100))
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{cookies}"
            f"Set-Cookie: visitor={number}; Path=/\r\nContent-Length: "
        )
        body = page_of(article)
        newsroom.put(article, Answer(raw=[f"{head}{len(body)}\r\n\r\n".encode(), body]))
    crawl(newsroom, tmp_path)
    pages = [ask for ask in newsroom.server.asks if ask.path.endswith(".html")]
    for ask in pages[1:]:
        assert "visitor=" in ask.headers["cookie"]
    assert stored(tmp_path) == expected()


def test_validators_of_any_size_do_not_keep_a_page_from_the_next_run(newsroom, tmp_path):
    def reply(ask):
        if len(ask.headers.get("if-none-match", "")) > 8_000:
            return Answer(431)
        headers = {**HTML, "ETag": f'"{"a" * 60_000}"', "Last-Modified": "b" * 20_000}
        return Answer(200, headers, page_of(ARTICLES[0]))

    newsroom.put(ARTICLES[0], reply)
    for number in range(3):
        report = crawl(newsroom, tmp_path, after=number * LATER)
        assert (report.exit_code, report.failed) == (0, 0)
    assert stored(tmp_path) == expected()


# --- robots.txt ------------------------------------------------------------------------------


def test_rules_of_ten_megabytes_and_many_wildcards_are_obeyed(newsroom, tmp_path):
    stars = b"Disallow: /" + b"*a" * 40 + b"b$\n"
    rules = b"User-agent: *\nDisallow: /intern/\n" + stars * 200
    newsroom.robots = Answer(200, {}, rules + b"Disallow: /x\n" * 700_000)
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, stored(tmp_path)) == (0, expected())


@pytest.mark.parametrize(
    "reply",
    [
        Answer(302, {"Location": "/robots.txt"}),
        Answer(301, {"Location": "http://169.254.169.254/robots.txt"}),
        Answer(200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(60_000_000), 1)),
        Answer(200, {}, chunks=itertools.repeat(b"Disallow: /x\n" * 5_000)),
        Answer(200, {}, bytes(1000)),
        Answer(raw=[b"nonsense"]),
    ],
    ids=["circle", "private", "bomb", "endless", "zeros", "nonsense"],
)
def test_rules_that_cannot_be_had_end_the_run(newsroom, tmp_path, reply):
    newsroom.robots = reply
    with pytest.raises((RobotsForbid, SiteUnreachable), match="othing was changed") as caught:
        crawl(newsroom, tmp_path, limits=Limits(wire_bytes=1_000_000, body_bytes=5_000_000))
    assert len(str(caught.value)) < 600
    assert set(newsroom.server.paths()) == set()
    assert stored(tmp_path) == {}
