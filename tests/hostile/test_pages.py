"""One page misbehaves: it fails with a reason, nothing of it is stored, all others are archived."""

from __future__ import annotations

import gzip
import itertools
import json
import subprocess
import sys
import zlib
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.fetch.body import Limits
from tests.hostile.newsroom import (
    ARTICLES,
    HTML,
    VICTIM,
    check_messages,
    check_sound,
    crawl,
    expected,
    page_of,
    stored,
    with_main,
)
from tests.support.loopback import Answer
from tests.support.replica import rows

ROOT = Path(__file__).parents[2]
ARTICLE = ARTICLES[VICTIM]
PAGE = page_of(ARTICLE)
SMALL = Limits(wire_bytes=300_000, body_bytes=1_000_000, seconds=120.0)


def raw(head: str, *rest: bytes) -> Answer:
    return Answer(raw=[head.replace("\n", "\r\n").encode() + b"\r\n\r\n", *rest])


def packed(coding: str, data: bytes) -> Answer:
    return Answer(200, {**HTML, "Content-Encoding": coding}, data)


def titled(title: str) -> Answer:
    return Answer(200, HTML, PAGE.replace(b"<h1 >", b"<h1 >" + title.encode()))


def main(markup: str) -> Answer:
    return Answer(200, HTML, with_main(ARTICLE, markup))


FAILING = {
    "endless redirect": (
        lambda ask: Answer(302, {"Location": ask.path + "?x"}),
        "redirected more than 10 times",
    ),
    "redirect in a circle": (lambda ask: Answer(302, {"Location": ask.path}), "in a circle"),
    "redirect to another host": (
        Answer(301, {"Location": "https://www.example.org/a.html"}),
        "not a page of the site",
    ),
    "redirect to a file": (
        Answer(302, {"Location": "file:///etc/passwd"}),
        "not a page of the site",
    ),
    "redirect to a private address": (
        Answer(302, {"Location": "http://169.254.169.254/latest/"}),
        "not a page of the site",
    ),
    "length too long": (
        Answer(200, {**HTML, "Content-Length": "400000"}, PAGE),
        "announces 400,000",
    ),
    "length longer than the page": (
        Answer(200, {**HTML, "Content-Length": str(len(PAGE) + 9)}, PAGE),
        "connection failed",
    ),
    "endless body": (
        Answer(200, HTML, chunks=itertools.repeat(b"x" * 65536)),
        "more and more bytes",
    ),
    "gzip bomb": (packed("gzip", gzip.compress(bytes(5_000_000))), "unpacks to more bytes"),
    "deflate bomb": (packed("deflate", zlib.compress(bytes(5_000_000))), "unpacks to more bytes"),
    "br bomb": (packed("br", b"\xcf\xff\xff\x7f\xf8" * 99), "which was not asked for"),
    "zstd bomb": (packed("zstd", b"\x28\xb5\x2f\xfd" * 99), "which was not asked for"),
    "header of 10 MB": (raw("HTTP/1.1 200 OK\nX-A: " + "a" * 10_000_000), "connection failed"),
    "100,000 header lines": (raw("HTTP/1.1 200 OK" + "\nX-A: a" * 100_000), "connection failed"),
    "etag of 1 MB": (raw(f'HTTP/1.1 200 OK\nETag: "{"a" * 1_000_000}"', PAGE), "connection failed"),
    "nonsense status line": (raw("SSH-2.0-OpenSSH_9.2p1"), "connection failed"),
    "status of words": (raw("HTTP/1.1 okay fine\nContent-Length: 0"), "connection failed"),
    "status 999": (raw("HTTP/1.1 999 Nope\nContent-Length: 0"), "HTTP 999"),
    "empty page": (Answer(200, HTML), "the page is empty"),
    "nothing at all": (Answer(raw=[]), "connection failed"),
    "a PDF": (
        Answer(200, {"Content-Type": "application/pdf"}, b"%PDF-1.7\n%\xe2\xe3\n" * 99),
        "application/pdf",
    ),
    "a picture": (Answer(200, {"Content-Type": "image/webp"}, b"RIFF\0\0WEBP" * 99), "image/webp"),
    "zeros": (Answer(200, HTML, bytes(100_000)), "not an article page"),
    "a million elements": (main("<div>" * 1_000_000), "nested more than"),
    "bold without end": (main("".join(f"<p><b id={i}>" for i in range(3_000))), "multiply"),
    "100,000 attributes": (
        main("<p " + " ".join(f"a{i}" for i in range(100_000)) + ">"),
        "more than 1,000 attributes",
    ),
    "title of 5 MB": (titled("Titel " * 830_000), "characters of title"),
    "100,000 pictures": (
        main("".join(f"<img src=/{i}.webp>" for i in range(100_000))),
        "images, and no release",
    ),
    "70,000 tags": (
        main(
            "<dtm-category-badge-list>"
            + "".join(f"<a href=/{i}>T{i}</a>" for i in range(70_000))
            + "</dtm-category-badge-list>"
        ),
        "tags, and no release",
    ),
    "70,000 links": (
        main("".join(f"<a href=/{i}>L</a>" for i in range(70_000))),
        "links, and no release",
    ),
    "text of 5 MB": (main("<p>" + "Wort " * 1_000_000), "characters of text"),
}


@pytest.mark.parametrize("kind", FAILING)
def test_the_page_fails_and_all_others_are_archived(newsroom, tmp_path, kind):
    reply, reason = FAILING[kind]
    newsroom.put(ARTICLE, reply)
    limits = None if "million" in kind or "0,000" in kind or "MB" in kind else SMALL
    report = crawl(newsroom, tmp_path, limits=limits)
    assert (report.exit_code, report.new, report.failed) == (3, len(ARTICLES) - 1, 1)
    assert [url for url, _reason in report.failures] == [ARTICLE.url]
    assert reason in report.failures[0][1]
    assert stored(tmp_path) == expected(ARTICLE)
    check_messages(report)
    check_sound(tmp_path)
    newsroom.put(ARTICLE, Answer(200, HTML, PAGE))  # the next run finds it
    again = crawl(newsroom, tmp_path)
    assert (again.exit_code, again.new) == (0, 1)
    assert stored(tmp_path) == expected()


DRIPS = {
    "body": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>"),
    "headers": (b"HTTP/1.1 200 OK\r\nX-A: ", b"a"),
    "interim answers": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


@pytest.mark.parametrize("part", DRIPS)
def test_a_page_that_drips_is_cut_off(newsroom, tmp_path, part):
    start, drop = DRIPS[part]

    def drip():
        yield start
        for _ in range(100_000):
            newsroom.clock.now += 1.0
            yield drop

    newsroom.put(ARTICLE, lambda _ask: Answer(raw=drip()))
    report = crawl(newsroom, tmp_path, limits=SMALL)
    assert (report.exit_code, report.new) == (3, len(ARTICLES) - 1)
    assert "longer than 120 s" in report.failures[0][1]
    assert stored(tmp_path) == expected(ARTICLE)


def text_of(directory) -> dict[str, object]:
    """The victim's record."""
    found = rows(directory, f"SELECT * FROM articles WHERE url = '{ARTICLE.url}'")
    return found[0] if found else {}


def test_a_length_that_is_too_short_cuts_the_page_and_nothing_after_it(newsroom, tmp_path):
    headers = {**HTML, "Content-Length": str(PAGE.index(b"</main>"))}
    newsroom.put(ARTICLE, Answer(200, headers, PAGE))
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, stored(tmp_path)) == (3, expected(ARTICLE))
    assert "breaks off" in report.failures[0][1]
    newsroom.put(ARTICLE, Answer(200, HTML, PAGE))
    report = crawl(newsroom, tmp_path, after=timedelta(hours=7))
    assert (report.exit_code, stored(tmp_path)) == (0, expected())
    assert text_of(tmp_path)["text"] == ARTICLE.text


GERMAN = "Grüße, „Größe“ – für 5 € und ſ"
SPELLINGS = {
    "declared latin-1, is utf-8": ("utf-8", "text/html; charset=iso-8859-1", GERMAN),
    "declared utf-8, is windows-1252": ("cp1252", "text/html; charset=utf-8", GERMAN[:-6]),
    "says nothing, is windows-1252": ("cp1252", "text/html", GERMAN[:-6]),
    "declared klingon": ("utf-8", "text/html; charset=klingon", GERMAN),
    "declared punycode": ("utf-8", "text/html; charset=punycode", GERMAN),
    "utf-16 with mark": ("utf-16", "text/html; charset=utf-8", GERMAN),
    "utf-16 without mark": ("utf-16-be", "text/html", GERMAN),
}


@pytest.mark.parametrize("kind", SPELLINGS)
def test_a_wrong_charset_spoils_no_letter(newsroom, tmp_path, kind):
    charset, content_type, words = SPELLINGS[kind]
    markup = with_main(ARTICLE, f"<p>{words}</p>").decode()
    body = markup.encode(charset, "xmlcharrefreplace")
    newsroom.put(ARTICLE, Answer(200, {"Content-Type": content_type}, body))
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, stored(tmp_path)) == (0, expected())
    assert text_of(tmp_path)["text"] == f"{ARTICLE.text}\n\n{words}"
    check_sound(tmp_path)


def test_the_meta_element_loses_against_the_bytes(newsroom, tmp_path):
    body = with_main(ARTICLE, f"<p>{GERMAN}</p>").replace(b"charset=UTF-8", b"charset=latin1")
    newsroom.put(ARTICLE, Answer(200, {"Content-Type": "text/html"}, body))
    crawl(newsroom, tmp_path)
    assert text_of(tmp_path)["text"] == f"{ARTICLE.text}\n\n{GERMAN}"


@pytest.mark.parametrize(
    ("spoilt", "shown"),
    [
        (b"vor\0her", "vorher"),
        (b"vor\xff\xfeher", "vor\ufffd\ufffdher"),
        (b"vor\xc3(her", "vor\ufffd(her"),
        (b"vor&#0;her", "vor\ufffdher"),
        (b"vor&#x1b;[2Jher", "vor[2Jher"),
        (b"vor\x1b[2Jher", "vor[2Jher"),
        (b"vor&#xd800;her", "vor\ufffdher"),
        (b"vor\xed\xa0\x80her", "vor\ufffd\ufffd\ufffdher"),
        ("vor\u200b\u00adher".encode(), "vorher"),
    ],
    ids=repr,
)
def test_bytes_that_are_no_text_spoil_their_own_place_only(newsroom, tmp_path, spoilt, shown):
    body = with_main(ARTICLE, f"<p>{GERMAN}</p><p>PLACE</p>").replace(b"PLACE", spoilt)
    newsroom.put(ARTICLE, Answer(200, HTML, body))
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, stored(tmp_path)) == (0, expected())
    text = str(text_of(tmp_path)["text"])
    assert text.startswith(f"{ARTICLE.text}\n\n{GERMAN}\n\n")
    assert text.rsplit("\n\n", 1)[1] == shown
    check_sound(tmp_path)


def test_json_may_spell_what_no_text_can_hold(newsroom, tmp_path):
    data = json.dumps(
        {
            "@type": "Article",
            "description": "a\0b\ud83d \x1b[31m",
            "dateModified": "2026-\ud83d",
            "datePublished": ["\0"],
        }
    )
    markup = PAGE.decode()
    start, rest = markup.split('<script type="application/ld+json">\n{"@context"', 1)
    script = f'<script type="application/ld+json">{data}</script>'
    body = start + script + '<script type="application/ld+json">\n{"@context"' + rest
    body = body.replace('<meta name="description"', '<meta name="nothing"')
    newsroom.put(ARTICLE, Answer(200, HTML, body.encode()))
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, stored(tmp_path)) == (0, expected())
    assert text_of(tmp_path)["description"] == "ab\ufffd [31m"
    check_sound(tmp_path)


def test_thousands_of_quotations_are_not_taken_for_as_many_voices(newsroom, tmp_path):
    one = "<p>„Das ist gut für Huckarde“, sagte Britta Muster{}.</p>"
    said = "".join(one.format(number) for number in range(5_000))
    newsroom.put(ARTICLE, Answer(200, HTML, with_main(ARTICLE, said)))
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, stored(tmp_path)) == (0, expected())
    assert rows(tmp_path, "SELECT count(*) AS n FROM quotes")[0]["n"] < 2_000
    check_sound(tmp_path)


BOUNDED = """
import resource, sys, tempfile
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (700 << 20, 700 << 20))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
resource.setrlimit(resource.RLIMIT_STACK, (8 << 20, 8 << 20))
from tests.hostile import newsroom as n
from tests.support.loopback import Answer, Loopback
bombs = [
    "<div>" * 1_000_000,
    "<div><!--</div>-->" * 300_000,
    "<svg>" + "<td>" * 1_000_000,
    "".join(f"<p><b id={i}>" for i in range(60_000)),
    "<p " + " ".join(f"a{i}" for i in range(400_000)) + ">",
    "<img src=/a.webp>" * 100_000,
]
with Loopback() as server:
    site = n.HostileNewsroom(server)
    for article, bomb in zip(n.ARTICLES, bombs, strict=True):
        site.put(article, Answer(200, n.HTML, n.with_main(article, bomb)))
    with tempfile.TemporaryDirectory() as directory:
        report = n.crawl(site, Path(directory))
        assert n.stored(Path(directory)) == {}
print(report.exit_code, report.failed, len(n.ARTICLES))
"""


def test_bombs_cost_neither_memory_nor_the_process():
    done = subprocess.run(
        [sys.executable, "-c", BOUNDED], capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    assert done.stderr == ""
    assert done.stdout.split() == ["5", "6", "6"]
