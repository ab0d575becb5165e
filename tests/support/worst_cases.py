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
from scraper.archive.search.snippet import Highlighter, Snippet, make_snippet
from scraper.browse.marking import labelled, marked
from scraper.console.articles import highlighted
from scraper.dates import parse_date, parse_time
from scraper.decide.compare import word_diff
from scraper.demo.newsroom import Newsroom
from scraper.discovery.listing import newsroom_steps
from scraper.discovery.sitemap import sitemap_steps
from scraper.errors import NewsroomError
from scraper.export.delimited import harmless
from scraper.fetch.head import HeadFilter, UnreadableHead, mended
from scraper.fetch.robots import Robots
from scraper.importing.notes import noted_in
from scraper.importing.response import read_response
from scraper.importing.saved import _html, _mhtml, is_html
from scraper.markup.absence import not_found_words
from scraper.markup.blockpage import block_reason
from scraper.markup.cards import read_teasers
from scraper.markup.charset import decode_html
from scraper.markup.cost import excess, is_plain
from scraper.markup.json_ld import read_objects
from scraper.markup.replay import base_url, restore
from scraper.markup.shown import as_shown
from scraper.markup.srcset import parse_srcset
from scraper.markup.tree import parse_html
from scraper.markup.wayback import as_captured, captured_at, original_address
from scraper.parse import parse_article
from scraper.parse.captions import said_by_lines, split_credit, without_credit
from scraper.parse.headline import find_headline
from scraper.parse.page import Page
from scraper.quotes import find_quotes, with_quotes
from scraper.records import Block, Capture, Section, article_text
from scraper.sites import get_site
from scraper.sites.guess import unknown_site
from scraper.text import fold, search_key, word_count
from scraper.text.blackening import Blackening

SIZE = 1_000_000
SITE = get_site("dortmund")
URL = "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/a-1.html"
UNKNOWN = unknown_site("https://www.blatt.example/a")
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


def undescribed(body: str, head: str = "") -> object:
    """A page of a site that nobody has described."""
    page = f"<head><title>Ein langer Titel</title>{head}</head><body>{body}"
    capture = captured(page)
    return parse_article(parse_html(capture), capture, UNKNOWN)


def said(content: str) -> object:
    """Caption and credit of a picture."""
    node = parse_html(captured(f"<figcaption>{content}")).css_first("figcaption")
    return said_by_lines(node, UNKNOWN) if node is not None else None


def headline(content: str) -> object:
    """The headline of a page."""
    return find_headline(Page(parse_html(captured(content)), URL))


def shown(content: str) -> object:
    """A page as its visitors see it."""
    tree = parse_html(captured(content))
    as_shown(tree, "[data-kept]")
    return tree.root


def restored(content: str) -> object:
    """A page from a replay server, with its own addresses."""
    capture = captured(content)
    tree = parse_html(capture)
    restore(tree, capture.body, {"data-video"})
    return base_url(tree, URL)


def objects(text: str) -> object:
    """What JSON-LD states."""
    return len(list(read_objects(parse_html(captured(f"{_LD}{text}</script>")))))


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


def saved_html(data: bytes) -> object:
    """A page as a browser saves it."""
    return _html(data, SITE)


def saved_mhtml(data: bytes) -> object:
    """The same with all it needs, in one file."""
    return _mhtml(data, SITE)


def search(query: str, text: str) -> object:
    """A snippet of a text."""
    marker = Highlighter(parse_query(query))
    return make_snippet(text, marker.hits(text, marker.words(text)))


_TOOLBAR = "<!-- BEGIN WAYBACK TOOLBAR INSERT -->"
_LINE = "Der Rat hat am Dienstag beschlossen, den Platz vor dem Bahnhof neu zu ordnen."
_TEXT = "<h1>Ein langer Titel</h1>" + f"<p>{_LINE} {_LINE}</p>" * 3
_HITS = Snippet("a<" * 150_000, tuple((n, n + 1) for n in range(0, 300_000, 2)))
_LD = "<script type='application/ld+json'>"

NAME = Blackening(["Änne Grün"])
PART = SIZE // 4

TEXTS: dict[str, Case] = {
    "a name": lambda: NAME(fill("Änne&nbsp; ", PART) + fill("Änne Grün ", PART)),
    "a name, tags": lambda: NAME(
        fill("<a ", PART) + fill("Änne<b>", PART) + fill("&amp;&", PART) + "Änne Grün"
    ),
    "a name, escapes": lambda: NAME(fill("%25%C3%84") + fill("\\\\") + "\\u00c4nne Grün"),
    "a name, accents": lambda: NAME("Änne Grün" + fill("\u0315\u0300", SIZE // 2)),
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
    "marked": lambda: marked(_HITS),
    "highlighted": lambda: highlighted(_HITS),
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
    "mhtml, parameters": lambda: saved_mhtml(b"Content-Type: text/html; " + b"a=b; " * (SIZE // 5)),
    "mhtml, parts": lambda: saved_mhtml(
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 4_900
    ),
    "mhtml, nested": lambda: saved_mhtml(
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(4_900)
        )
    ),
    "saved page": lambda: saved_html(
        ("<!-- saved from url=(0042)" * 200 + fill("<!--  ")).encode()
    ),
    "is_html": lambda: is_html(fill(" ").encode()),
    "head, fields": lambda: mended(b"HTTP/1.1 200 OK\n" + fill("a : \r\x0b\n").encode() + b"\n"),
    "head, folded": lambda: mended(b"HTTP/1.1 200 OK\na: b\n" + fill(" b\n").encode() + b"\n"),
    "head, status line": lambda: mended(b"HTTP/1.1 " + fill(" \t").encode() + b"\n\n"),
    "head, lengths": lambda: mended(
        b"HTTP/1.1 200 OK\n"
        + numbered("Content-Length: a{}\n", SIZE // 2).encode()
        + fill("Content-Length: 5\n", SIZE // 2).encode()
        + b"\n"
    ),
    "head, codings": lambda: mended(
        b"HTTP/1.1 200 OK\n" + numbered("Transfer-Encoding: a{}\n").encode() + b"\n"
    ),
    "head, interim answers": lambda: HeadFilter().feed(b"HTTP/1.1 100 \n\n" * (SIZE // 15)),
    "head, blank lines": lambda: HeadFilter().feed(fill("\r\n").encode()),
    "notes, mirrored": lambda: noted_in((fill("<!-- Mirrored ") + fill("-->")).encode()),
    "notes, hosts": lambda: noted_in(
        (f"<!-- Mirrored from {fill('a.', 3_900)} -->" + fill("<!-- Mirrored from a-")).encode()
    ),
    "notes, blanks": lambda: noted_in(
        ("<!-- Mirrored from " + " " * 3_900 + "-->" + fill("<!--" + " " * 4_000)).encode()
    ),
    "notes, saved": lambda: noted_in(fill("<!-- saved from url=(0042)").encode()),
    "notes, single file": lambda: noted_in(fill("<!-- Page saved with SingleFile url: ").encode()),
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

TREES: dict[str, Case] = {
    "shown, comments in a style": lambda: shown("<p style='" + fill("/*") + "'>x"),
    "shown, declarations": lambda: shown("<p style='" + numbered("a{}:b;") + "'>x"),
    "shown, far off": lambda: shown(f"<p style='position:fixed;left:-{fill('9')}q'>x"),
    "shown, hidden elements": lambda: shown(fill("<i hidden>x</i> ")),
    "shown, hidden in hidden": lambda: shown(
        nested("<div style=visibility:hidden>", 13, "<i hidden>x</i>", 600_000)
    ),
    "shown, visible in hidden": lambda: shown(
        nested("<div style=visibility:hidden>", 13, "<i style=visibility:visible>x</i>", 600_000)
    ),
    "shown, kept in hidden": lambda: shown(
        nested("<div hidden>", 13, "<i data-kept hidden>x</i>", 600_000)
    ),
    "shown, ornaments": lambda: shown(
        nested("<div aria-hidden=true>", 13, "<i aria-hidden=true>! </i>", 600_000)
    ),
    "shown, ornaments around text": lambda: shown(nested("<div aria-hidden=true>", 45, "! ")),
    "shown, quotations": lambda: shown(fill("<q>x</q>", 550_000)),
    "shown, quotations in each other": lambda: shown(nested("<q>", 13, "<q>x</q>", 400_000)),
    "shown, emoji": lambda: shown(fill("x<img alt=\U0001f389>", SIZE // 2)),
    "shown, emoji of one picture": lambda: shown(
        "x<img alt='" + fill("\U0001f389", 250_000) + "'>"
    ),
    "srcset, commas": lambda: parse_srcset(fill(", ")),
    "srcset, candidates": lambda: parse_srcset(fill("a 1x,")),
    "srcset, brackets": lambda: parse_srcset("a " + fill("(")),
    "srcset, bracket after bracket": lambda: parse_srcset("a " + fill("() ")),
    "srcset, widths": lambda: parse_srcset("a " + fill(" 1")),
    "json_ld, beginnings of comments": lambda: objects("{" + fill("/*")),
    "json_ld, slashes": lambda: objects("{" + fill("// \t")),
    "json_ld, commas": lambda: objects("[1" + fill(",  ")),
    "json_ld, strings": lambda: objects("[" + fill('"\\" ')),
    "json_ld, open": lambda: objects(fill('{"a":[', SIZE)),
    "json_ld, in each other": lambda: objects('{"@graph":[' * 400 + fill("{},", 900_000)),
    "json_ld, objects": lambda: objects("[" + fill('{"@type":"A"},').rstrip(",") + "]"),
    "json_ld, type": lambda: list(
        read_objects(parse_html(captured(f"<script type='{fill(' ')}application/ld+json")))
    ),
    "replay, stamps": lambda: restored("<a href='" + fill(f"/web/{STAMP}/https:/") + "'>x"),
    "replay, hosts": lambda: restored("<a href='" + fill(f"/{STAMP}/" + "a." * 8) + "'>x"),
    "replay, links": lambda: restored(fill(f"<a href=/web/{STAMP}mp_/https://a.example/b>x</a>")),
    "replay, pictures": lambda: restored(
        "<img srcset='" + fill(f"/web/{STAMP}im_/https://a.example/b 1x, ") + "'>"
    ),
    "replay, attributes": lambda: restored(
        f"<a href=/web/{STAMP}/https://a.example/b " + numbered("a{}=/b ", 200_000) + ">"
    ),
    "replay, base": lambda: restored("<base href='" + fill("\t\n") + "'>"),
    "absence, blanks": lambda: not_found_words(parse_html(captured("<h1>" + fill("die seite ")))),
    "absence, elements": lambda: not_found_words(
        parse_html(captured("<h1>" + fill("<i>404</i>", SIZE // 2)))
    ),
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

UNDESCRIBED: dict[str, Case] = {
    "generic, links": lambda: undescribed(_TEXT + numbered("<p><a href=/a{}>Ein Link</a>")),
    "generic, links in lines": lambda: undescribed(
        "<p>" + numbered("<a href=/a{}>Wort</a> Wort ", 250_000)
    ),
    "generic, boxes": lambda: undescribed(
        _TEXT + nested("<div>", 13, f"<div>{_LINE}</div>", 600_000)
    ),
    "generic, box in box": lambda: undescribed(nested("<div>", 45, f"{_LINE} ")),
    "generic, boxes with names": lambda: undescribed(
        _TEXT + numbered("<div class='teaser box{}'><p>Wort</div>")
    ),
    "generic, articles": lambda: undescribed(fill(f"<article><h2>Titel</h2><p>{_LINE}</article>")),
    "generic, headings": lambda: undescribed(_TEXT + numbered("<h2>Ein langer Titel {}</h2>")),
    "generic, paragraphs": lambda: undescribed("<h1>Titel</h1>" + fill(f"<p>{_LINE}</p>")),
    "generic, empty elements": lambda: undescribed(_TEXT + fill("<p></p>", 500_000)),
    "generic, breaks": lambda: undescribed("<h1>Titel</h1><div>" + fill("Wort<br><br>", 600_000)),
    "generic, list": lambda: undescribed(_TEXT + "<ul>" + fill("<li>Ein Wort mehr</li>")),
    "generic, tables": lambda: undescribed(
        _TEXT + "<table>" + fill("<tr><td>Wort<td>mehr", 500_000)
    ),
    "generic, pictures": lambda: undescribed(
        fill(_TEXT)
        + numbered("<figure><img src=/a{}.jpg><figcaption>Foto: x</figcaption></figure>", 60_000)
    ),
    "generic, pictures without caption": lambda: undescribed(
        _TEXT + numbered("<img src=/a{}.jpg>")
    ),
    "generic, pictures in a line": lambda: undescribed(
        _TEXT + "<figure>" + numbered("<img src=/a{}.jpg> Wort ", 25_000) + fill("Wort ")
    ),
    "generic, lazy pictures": lambda: undescribed(
        _TEXT + fill("<img data-a='" + "x." * 1_000 + "'>")
    ),
    "generic, class of a picture": lambda: undescribed(
        f"{_TEXT}<div class='{fill('a_')}'><img src=/a.jpg>Am Hof</div>"
    ),
    "generic, picture in a class": lambda: undescribed(
        f"{_TEXT}<div class='{fill('bild')}!'><img src=/a.jpg>Am Hof</div>"
    ),
    "generic, stand-ins": lambda: undescribed(_TEXT + "<img src='" + fill("/dummy") + "'>"),
    "generic, times": lambda: undescribed(_TEXT + fill("<time datetime=2025-07-07>7.7.</time>")),
    "generic, times in text": lambda: undescribed(_TEXT + "<p>" + fill("7. Juli 2025, 10:00 Uhr ")),
    "generic, metas": lambda: undescribed(
        _TEXT, numbered("<meta property=og:site_name content='Blatt{}'>", SIZE // 2)
    ),
    "generic, stated dates": lambda: undescribed(
        _TEXT, fill("<meta property=article:published_time content='2025-07-07T10'>")
    ),
    "generic, date": lambda: undescribed(
        _TEXT, f"<meta property=article:published_time content='2025-07-07T10:00.{fill('1')}'>"
    ),
    "generic, videos": lambda: undescribed(_TEXT + numbered("<iframe src=/v{}></iframe>")),
    "generic, quotations": lambda: undescribed(
        _TEXT + fill("<blockquote><p>Gut so<cite>Jo Doe</cite></blockquote>")
    ),
    "generic, stated text": lambda: undescribed(
        _TEXT, _LD + '{"@type":"NewsArticle","articleBody":"' + numbered("Wort{} ") + '"}</script>'
    ),
    "captions, labels": lambda: split_credit(fill("Foto: "), UNKNOWN),
    "captions, brackets": lambda: split_credit(fill("Foto ("), UNKNOWN),
    "captions, repeated credit": lambda: without_credit(fill("Foto: x "), "Foto: x "),
    "captions, lines": lambda: said(numbered("Zeile {}<br>", 600_000)),
    "captions, credits": lambda: said(fill("<small>x</small>")),
    "captions, long class": lambda: said(
        "<div class='" + fill("x", 400_000) + " credit'>" + fill("xx<br>", 600_000)
    ),
    "captions, controls": lambda: said(nested("<div class=icon>", 13, "<i class=icon>x", 600_000)),
    "headline, spans": lambda: headline("<h1>Titel" + fill("<span class=kicker></span>")),
    "headline, separators": lambda: headline("<title>" + fill("a | ")),
    "headline, blanks": lambda: headline("<title>" + fill(" ")),
    "headline, headings": lambda: headline(
        "<title>Ein langer Titel</title>" + fill("<h1>Ein langer Titel: mehr</h1>")
    ),
    "headline, names of the site": lambda: headline(
        numbered("<meta property=og:site_name content=ab{}>", SIZE // 2)
        + "<title>x - "
        + fill("ab1", SIZE // 2)
    ),
    "headline, long titles": lambda: headline(
        "<title>"
        + fill("abcdef ", SIZE // 2)
        + "</title>"
        + fill("<h1>abcdef abcde</h1>", SIZE // 2)
    ),
}


def quoted(text: str) -> object:
    """A release of one paragraph, with its quotations."""
    sections = (Section(None, (Block("paragraph", text),)),)
    changes = {"lead": None, "sections": sections, "text": article_text(None, sections)}
    return with_quotes(dataclasses.replace(Newsroom(3).article(1), **changes))


def indirect(text: str) -> object:
    """Quotations and indirect speech of a text."""
    return len(find_quotes(text, indirect=True))


QUOTATIONS: dict[str, Case] = {
    "quotations, marks": lambda: quoted(fill("„", 300_000)),
    "quotations, straight marks": lambda: quoted(fill('" ')),
    "quotations, beginnings": lambda: quoted(fill("„Das ist gut ")),
    "quotations, speakers": lambda: quoted(fill("„Das ist gut“, sagte Britta Muster. ")),
    "quotations, names": lambda: quoted("„Gut so“, sagte er. " + fill("Britta Muster ", 300_000)),
    "quotations, lines": lambda: quoted(fill("\n \n„a“ ")),
    "indirect, sentences": lambda: indirect(
        fill("Man werde bauen, sagte Britta Muster. ", 500_000)
    ),
    "indirect, beginnings": lambda: indirect(fill("Britta Muster sagte, ")),
    "indirect, no end": lambda: indirect(fill("laut Muster sei dies so ")),
    "indirect, commas": lambda: indirect(fill("sei, ")),
    "indirect, stops": lambda: indirect(fill("Sie. ")),
    "indirect, word": lambda: indirect(fill("a-")),
    "indirect, one word": lambda: indirect(fill("sagte")),
    "indirect, numbers": lambda: indirect(fill("1.")),
    "indirect, titles": lambda: indirect(fill("Mag.a Dr.in ")),
    "indirect, paragraphs": lambda: indirect(fill("Er sagte, dies sei gut.\n\n")),
    "indirect, names": lambda: indirect(numbered("Britta Muster{} betonte, es sei gut. ", 500_000)),
    "indirect, open quotations": lambda: indirect(fill("„Das sei gut, sagte Britta Muster. ")),
    "indirect, apostrophes": lambda: indirect(fill("’s sei ‘x ")),
}

GROUPS = {
    "texts": TEXTS,
    "answers": ANSWERS,
    "markup": MARKUP,
    "trees": TREES,
    "pages": PAGES,
    "undescribed": UNDESCRIBED,
    "quotations": QUOTATIONS,
}


def run(group: str, name: str) -> object:
    """Run a case; what is refused as no text of its kind is done, too."""
    try:
        return GROUPS[group][name]()
    except (NewsroomError, UnreadableHead, ValueError) as error:
        return error


if __name__ == "__main__":
    for group, cases in GROUPS.items():
        for name in cases:
            if not sys.argv[1:] or any(part in name for part in sys.argv[1:]):
                start = process_time()
                result = repr(run(group, name))
                print(f"{process_time() - start:6.2f} s  {name:32} {result[:90]}", flush=True)
