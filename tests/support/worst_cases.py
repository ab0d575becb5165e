"""What is worst for each function that meets foreign text: a million bytes of it.

`tests/test_patterns.py` runs them with a limit. Seconds of processor time of each, or of those
whose names hold a word: `python -m tests.support.worst_cases [WORD]`.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time

from scraper.archive.search.german import stemmed
from scraper.archive.search.query import parse_query
from scraper.archive.search.snippet import Highlighter, make_snippet
from scraper.browse.marking import labelled, marked
from scraper.console.articles import highlighted
from scraper.dates import parse_date, parse_time
from scraper.decide.compare import word_diff
from scraper.demo.newsroom import Newsroom
from scraper.discovery.listing import newsroom_steps
from scraper.discovery.sitemap import sitemap_steps
from scraper.errors import NewsroomError
from scraper.export.delimited import harmless
from scraper.fetch.robots import Robots
from scraper.importing.response import read_response
from scraper.importing.saved import _html, _mhtml, is_html
from scraper.markup.blockpage import block_reason
from scraper.markup.cards import read_teasers
from scraper.markup.charset import decode_html
from scraper.markup.cost import excess, is_plain
from scraper.markup.tree import parse_html
from scraper.markup.wayback import as_captured, captured_at, original_address
from scraper.parse import parse_article
from scraper.quotes import with_quotes
from scraper.records import Block, Capture, Section, article_text
from scraper.sites import get_site
from scraper.text import fold, search_key, word_count

SIZE = 1_000_000
SITE = get_site("dortmund")
URL = "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/a-1.html"
AT = datetime(2022, 5, 17, tzinfo=UTC)
STAMP = "20220518123456"

Case = Callable[[], object]


def fill(text: str, size: int = SIZE) -> str:
    """A text again and again, up to a size."""
    return text * (size // len(text))


def numbered(template: str, size: int = SIZE) -> str:
    """The same with a number in the place of `{}`."""
    return "".join(template.format(n) for n in range(size // (len(template) + 3)))


def captured(body: str | bytes, kind: str = "text/html; charset=utf-8") -> Capture:
    """A page as it was fetched."""
    data = body if isinstance(body, bytes) else body.encode()
    return Capture(URL, data, AT, 200, (("content-type", kind),))


def article(body: str) -> object:
    """A page that should be a release."""
    capture = captured(body)
    tree = parse_html(capture)
    read_teasers(tree, SITE, URL)
    return parse_article(tree, capture, SITE)


def block(body: str) -> object:
    """A page that may be a block page."""
    return block_reason(parse_html(captured(body), whole=True), SITE, URL)


def release(content: str, title: str = "Ein Titel") -> str:
    """A page in the present layout."""
    return (
        f"<title>{title}</title><main><section id=Einleitungstext><h1>{title}</h1>"
        f"<time>Mo 7. Juli 2025</time></section>{content}</main>"
    )


def older(content: str, title: str = "Ein langer Titel") -> str:
    """A page in the layout whose parts are found by their shape."""
    return (
        f"<title>{title}</title><h1>Ein langer Titel</h1><p>Nachricht vom 17.05.2022</p>{content}"
    )


def nested(tag: str, depth: int, inner: str, size: int = SIZE) -> str:
    """Elements in each other, around as much as fits."""
    return tag * depth + fill(inner, size - len(tag) * depth)


def robots(body: str) -> object:
    """Rules, asked for one address."""
    return Robots.from_capture(captured(body, "text/plain"), "x").allows(URL + fill("a", 7_000))


def search(query: str, text: str) -> object:
    """A snippet of a text."""
    marker = Highlighter(parse_query(query))
    return make_snippet(text, marker.hits(text, marker.words(text)))


_TOOLBAR = "<!-- BEGIN WAYBACK TOOLBAR INSERT -->"
_LD = "<script type='application/ld+json'>"

TEXTS: dict[str, Case] = {
    "fold, accents": lambda: fold("a" + fill("\u0315\u0300", SIZE // 2)),
    "fold, accents in accents": lambda: fold("a" + fill("\u0f73", SIZE // 3)),
    "fold, spaces": lambda: fold(fill(" \xa0\u200b", SIZE // 2)),
    "search_key": lambda: search_key("a" + fill("\u0315\u0300", SIZE // 2)),
    "word_count": lambda: word_count(fill("a-")),
    "parse_date": lambda: parse_date(fill("1.  ") + fill("31.02.2025 ")),
    "parse_time": lambda: parse_time(fill("1" + " " * 1_000)),
    "word_diff, all words new": lambda: list(
        word_diff(numbered("a{} ", SIZE // 2), numbered("b{} ", SIZE // 2))
    ),
    "word_diff, one word": lambda: list(word_diff("x " + fill("a "), "y " + fill("a b "))),
    "word_diff, other order": lambda: list(
        word_diff(numbered("und {} ", 60_000), " und ".join(map(str, range(9_000, 0, -1))))
    ),
    "harmless": lambda: harmless(fill("' ")),
    "marked": lambda: marked(fill("\x02")),
    "highlighted": lambda: highlighted(fill("\x02", 100_000)),
    "labelled": lambda: labelled(fill("<input ")),
    "stemmed": lambda: stemmed(fill("x-")),
    "snippet, one word": lambda: search("a", "a " + fill("a")),
    "snippet, one compound": lambda: search("x", fill("x-") + " x"),
    "snippet, many words": lambda: search("schul*", numbered("schule{} ", SIZE // 4)),
}

ANSWERS: dict[str, Case] = {
    "robots, blank lines": lambda: robots("x" + fill("\n", 500_000) + "y"),
    "robots, wildcards": lambda: robots("User-agent: *\nDisallow: /" + fill("*a", 400_000) + "*b$"),
    "robots, rules": lambda: robots("User-agent: *\n" + fill("Disallow: /a*b\n")),
    "sitemap, ampersands": lambda: sitemap_steps(SITE)[0].read(
        captured("<urlset><url><loc>" + fill("&a") + "</loc></url></urlset>")
    ),
    "sitemap, entries": lambda: sitemap_steps(SITE, since=AT.date())[0].read(
        captured("<urlset>" + fill("<url><lastmod>1. </lastmod><loc>/</loc></url>") + "</urlset>")
    ),
    "listing, links": lambda: newsroom_steps(SITE)[0].read(
        captured(numbered("<a href=/a{}>x</a>"))
    ),
    "listing, cards": lambda: newsroom_steps(SITE)[0].read(
        captured(nested("<dtm-teaser>", 20, "<a href=#></a>", 600_000))
    ),
    "response, chunks": lambda: read_response(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * (SIZE // 6)
    ),
    "response, head": lambda: read_response(
        b"HTTP/1.1 200 OK\r\n" + b"content-encoding \r\n " * (SIZE // 20) + b"\r\n\r\n"
    ),
    "mhtml, parameters": lambda: _mhtml(b"Content-Type: text/html; " + b"a=b; " * (SIZE // 5)),
    "mhtml, parts": lambda: _mhtml(
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 4_900
    ),
    "mhtml, nested": lambda: _mhtml(
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(4_900)
        )
    ),
    "saved page": lambda: _html(("<!-- saved from url=(0042)" * 200 + fill("<!--  ")).encode()),
    "is_html": lambda: is_html(fill(" ").encode()),
}

MARKUP: dict[str, Case] = {
    "original_address": lambda: original_address(fill(f"/{STAMP}/https://x") + " "),
    "original_address, hosts": lambda: original_address(f"/web/{STAMP}/" + fill("a.") + " "),
    "as_captured": lambda: as_captured(fill(_TOOLBAR).encode()),
    "as_captured, addresses": lambda: as_captured((_TOOLBAR + fill(f"/web/{STAMP}id_/")).encode()),
    "captured_at": lambda: captured_at(fill("FILE ARCHIVED ON ").encode()),
    "decode_html, meta": lambda: decode_html(b"<meta" * 40 + b" charset=" + b" " * SIZE + b"\xff"),
    "decode_html, header": lambda: decode_html(b"\xff", fill("charset= ")),
    "decode_html, guess": lambda: decode_html(b"\xff" + fill("a b ").encode()),
    "is_plain": lambda: is_plain(fill("<a b= ").encode()),
    "excess, comments": lambda: excess(fill("<!-").encode() + fill("<!--").encode()),
    "excess, attributes": lambda: excess(b"<a " + fill("a = ").encode()),
    "excess, drawing": lambda: excess(b"<div>" * 15 + b"<svg><p></svg>" + b"<br>" * 140_000),
    "excess, scripts": lambda: excess(b"<svg>" + fill("<script>").encode()),
    "scripts": lambda: parse_html(captured("<p>" + fill("<script ><a"))),
    "block page, data": lambda: block(f'{_LD}"@type":' + " " * SIZE),
    "block page, words": lambda: block("<title>" + fill("attention required ")),
    "block page, endings": lambda: block("<title>" + fill("website")),
    "block page, headings": lambda: block("<svg><title>" + fill("<h1>seite ")),
    "block page, scripts in scripts": lambda: block("<svg>" + nested(_LD, 45, "x ")),
    "content type": lambda: parse_html(captured("<p>", fill(" ") + "image/")),
}

# As deep as is allowed with so much of it; deeper ones are refused, which is a case, too.
PAGES: dict[str, Case] = {
    "refused: text": lambda: article(older(nested("<div>", 1_900, "Wort "))),
    "refused: elements": lambda: article(older(nested("<div>", 1_900, "<p></p>"))),
    "text in boxes": lambda: article(older(nested("<div>", 45, "Wort "))),
    "elements in boxes": lambda: article(older(nested("<div>", 13, "<i>x</i> ", 600_000))),
    "links in boxes": lambda: article(older(nested("<div>", 16, "<a href=x>x</a> ", 450_000))),
    "tables in tables": lambda: article(older(nested("<table><tr><td>", 12, "<i>x</i>", 600_000))),
    "header lines": lambda: article("<h1>Titel</h1><div>" + fill("Nachricht vom<i></i>")),
    "headlines": lambda: article(
        older(fill("<h1>abcdefg</h1>", SIZE // 2), fill("abcdef ", SIZE // 2))
    ),
    "names": lambda: article(older("<div class=" + fill("a_") + ">")),
    "menus": lambda: article(older("<div class='" + fill("menu", SIZE) + "!'>")),
    "pictures": lambda: article(older("<p><img src=/a.jpg>" * 900 + fill("<i></i>", 400_000))),
    "labels": lambda: article(older("<img src=/a.jpg>" + nested("<span>", 45, "x "))),
    "breaks": lambda: article(older(fill(" <br>", 600_000))),
    "quotations": lambda: article(release(nested("<blockquote>", 12, "<i>x</i>", 600_000))),
    "quotation, words": lambda: article(release("<blockquote>" + fill("x<b>y</b>", 700_000))),
    "quotation, titles": lambda: article(release("<blockquote><p>" + fill("Dr.-a. "))),
    "pictures in boxes": lambda: article(release("<div><img src=/a.jpg>" * 900)),
    "links in links": lambda: article(
        release("".join(f"<a href=/{n}><object>" for n in range(20)) + fill("Wort "))
    ),
    "renditions": lambda: article(release("<img srcset='" + fill("/a.jpg 1x,") + "'>")),
    "credit": lambda: article(
        release("<dtm-image><img src=/a.jpg><i slot=licence>Bild: " + fill("x / "))
    ),
    "formatting": lambda: article(release("<b><i><u><s><tt><em><big>" + fill("<p>x", 500_000))),
}


def quoted(text: str) -> object:
    """A release of one paragraph, with its quotations."""
    sections = (Section(None, (Block("paragraph", text),)),)
    changes = {"lead": None, "sections": sections, "text": article_text(None, sections)}
    return with_quotes(dataclasses.replace(Newsroom(3).article(1), **changes))


QUOTATIONS: dict[str, Case] = {
    "quotations, marks": lambda: quoted(fill("„", 300_000)),
    "quotations, straight marks": lambda: quoted(fill('" ')),
    "quotations, beginnings": lambda: quoted(fill("„Das ist gut ")),
    "quotations, speakers": lambda: quoted(fill("„Das ist gut“, sagte Britta Muster. ")),
    "quotations, names": lambda: quoted("„Gut so“, sagte er. " + fill("Britta Muster ", 300_000)),
    "quotations, lines": lambda: quoted(fill("\n \n„a“ ")),
}

GROUPS = {
    "texts": TEXTS,
    "answers": ANSWERS,
    "markup": MARKUP,
    "pages": PAGES,
    "quotations": QUOTATIONS,
}


def run(group: str, name: str) -> object:
    """Run a case; what is refused as no text of its kind is done, too."""
    try:
        return GROUPS[group][name]()
    except (NewsroomError, ValueError) as error:
        return error


if __name__ == "__main__":
    for group, cases in GROUPS.items():
        for name in cases:
            if not sys.argv[1:] or any(part in name for part in sys.argv[1:]):
                start = process_time()
                result = repr(run(group, name))
                print(f"{process_time() - start:6.2f} s  {name:32} {result[:90]}", flush=True)
