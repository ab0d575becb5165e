import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.demo.newsroom import Newsroom
from scraper.demo.page import NAVIGATION_BYTES, address, navigation
from scraper.demo.render import render_article
from scraper.records import Article, Block, Image, Link, Quote, Section
from scraper.text import fold
from tests.support.strategies import articles as invented

SHAPES = ["component", "figure", "plain"]
BASE = "https://www.dortmund.de"
ARTICLE = Article(
    f"{BASE}/newsroom/nachrichten-dortmund.de/x-%E2%80%9Ey-1.html", "dortmund", title="Titel"
)


def tree_of(article, **options):
    return LexborHTMLParser(render_article(article, navigation=b"[]", **options))


def test_page_has_the_size_and_frame_of_the_real_one():
    page = render_article(Newsroom().article(2))
    assert page.startswith(b"\n<!DOCTYPE html>\n")
    assert 380_000 < len(page) < 470_000
    assert b"</dtm-text-image>\n</section>" in page
    assert b"<dtm-app-wrapper" in page


def test_navigation_is_json_of_the_asked_size():
    assert NAVIGATION_BYTES <= len(navigation()) < NAVIGATION_BYTES + 3000
    assert json.loads(navigation(100))[0]["children"]
    assert navigation() is navigation()
    assert navigation(100, 1) != navigation(100)


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(article=invented())
def test_everything_is_escaped(shape, article):
    """Whatever the texts hold, the page has the elements that its records call for."""
    tree = tree_of(article, shape=shape)
    assert fold(tree.css_first("h1").text()) == article.title
    assert tree.css_first("title").text() == f"{article.title} | dortmund.de"
    assert len(tree.css("script")) == len(tree_of(ARTICLE).css("script"))
    rows = [b for s in article.sections for b in s.blocks if b.kind == "table_row"]
    assert len(tree.css("dtm-text-image tr")) == len(rows)
    teasers = [fold(node.text()) for node in tree.css("dtm-teaser [slot=headline]")]
    assert teasers == [item.title for item in article.related]
    tags = [fold(node.text()) for node in tree.css("dtm-category-badge-list a")]
    assert tags == list(article.tags)
    assert tree.css_first("footer") is not None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(article=invented(), data=st.data())
def test_body_stands_in_order(article, data):
    tree = tree_of(replace(article, images=(), quotes=(), videos=()))
    shown = [
        fold(node.text())
        for node in tree.css("[slot=content] p, [slot=content] li, h3, h2[slot=headline]")
        if node.parent.attributes.get("slot") != "description"
    ]
    expected = []
    for section in article.sections:
        expected += [section.heading] if section.heading else []
        expected += [b.text for b in section.blocks if b.kind != "table_row"]
    assume(not {link.text for link in article.links} & set(expected))  # they stand in it, too
    assert [text for text in shown if text in set(expected)] == expected


def test_links_stand_in_the_order_of_the_record():
    sections = (
        Section(None, (Block("paragraph", "Eins zwei drei. Zwei vier."),)),
        Section("Mehr", (Block("list_item", "fünf & sechs"),)),
    )
    texts = ["zwei", "Zwei", "fehlt", "fünf & sechs", "ganz am Ende"]
    links = tuple(Link(f"{BASE}/{n}/", text, "internal") for n, text in enumerate(texts))
    tree = tree_of(replace(ARTICLE, sections=sections, links=links))
    content = tree.css("dtm-text-image [slot=content] a, dtm-text-image [slot=cta] a")
    assert [node.text() for node in content] == texts
    assert [node.text() for node in tree.css("[slot=cta] a")] == ["fehlt", "ganz am Ende"]


def test_attached_files_have_their_own_section():
    files = (Link(f"{BASE}/a/plan.pdf", "Plan", "download"),)
    press = replace(ARTICLE, url=f"{BASE}/newsroom/presse-mitteilungen/x-1.html", links=files)
    headings = [node.text() for node in tree_of(press).css("dtm-text-image h2")]
    assert headings == ["Anhänge"]
    assert tree_of(replace(ARTICLE, links=files)).css_first("[slot=cta] a").text() == "Plan"


@pytest.mark.parametrize("shape", SHAPES)
def test_picture_is_shown_twice_and_quotation_once(shape):
    body = Image(
        f"{BASE}/b_w1200h630.webp", "Alt", "Unterschrift", "A / B", ("A", "B"), "body", 1200, 630
    )
    portrait = Image(f"{BASE}/p_w300h300.webp", "Kopf", None, "C", ("C",), "portrait", 300, 300)
    quote = Quote("Worte.", "Ida Ohm", "Leiterin", "block")
    tree = tree_of(replace(ARTICLE, images=(body, portrait), quotes=(quote,)), shape=shape)
    text = fold(tree.css_first("main").text(separator=" "))
    picture, _, quotation = text.partition("Ida Ohm")
    assert picture.count("Bild: A / B") == 2
    assert picture.count("Unterschrift") == 1
    assert quotation.split() == ["Leiterin", "Bild:", "C", "Worte."]
    sources = [node.attributes["src"] for node in tree.css("main img")]
    assert sources == ["/b_w460h192.webp", "/b_w1200h630.webp", "/p_w300h300.webp"]


@pytest.mark.parametrize(
    ("parts", "markup"),
    [
        (("Stadt Dortmund",), b"Stadt Dortmund\n</div>"),
        (("Sportwelt",), b"<span>Sportwelt</span>"),
        (("Adobe Stock", "Pink"), b'<a href="https://stock.adobe.com">'),
    ],
)
def test_forms_of_the_credit(parts, markup):
    image = Image(
        f"{BASE}/b_w1200h630.webp", None, None, " / ".join(parts), parts, "lead", 1200, 630
    )
    assert markup in render_article(replace(ARTICLE, images=(image,)), navigation=b"[]")


def test_addresses_are_spelled_as_the_site_does():
    assert address(ARTICLE.url) == "/newsroom/nachrichten-dortmund.de/x-„y-1.html"
    assert address(f"{BASE}/a%2Fb") == "/a%2Fb"
    assert address(f"{BASE}//evil.example/") == f"{BASE}//evil.example/"
    assert address("https://else.example/%20x") == "https://else.example/%20x"
