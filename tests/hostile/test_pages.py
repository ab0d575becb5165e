"""One page misbehaves: it fails with a reason, nothing of it is stored, all others are archived."""

from __future__ import annotations

import gzip
import itertools
import zlib

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
from tests.loopback import Answer

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
    "a million attributes": (
        main("<p " + " ".join(f"a{i}" for i in range(100_000)) + ">"),
        "more than 1,000 attributes",
    ),
    "title of 5 MB": (titled("Titel " * 830_000), "characters of title"),
    "100,000 pictures": (
        main("".join(f"<img src=/{i}.webp>" for i in range(100_000))),
        "images, and no release",
    ),
    "100,000 tags": (
        main(
            "<dtm-category-badge-list>"
            + "".join(f"<a href=/{i}>T{i}</a>" for i in range(70_000))
            + "</dtm-category-badge-list>"
        ),
        "tags, and no release",
    ),
    "100,000 links": (
        main("".join(f"<a href=/{i}>L</a>" for i in range(70_000))),
        "links, and no release",
    ),
    "text of 5 MB": (main("<p>" + "Wort " * 1_000_000), "characters of text"),
}


@pytest.mark.parametrize("kind", FAILING)
def test_the_page_fails_and_all_others_are_archived(newsroom, tmp_path, kind):
    reply, reason = FAILING[kind]
    newsroom.put(ARTICLE, reply)
    limits = None if "million" in kind or "00,000" in kind or "MB" in kind else SMALL
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
