"""Candidates: where a field may stand, and what of it counts."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.parse.page import Page
from scraper.platforms import Selector
from scraper.platforms.table import read_selector

HTML = """
<head><meta property="og:title" content="Titel - Stadt"><meta id=byid content=Id>
<script type="application/ld+json">{"@graph": [{"@type": "WebSite"},
 {"@type": ["NewsArticle"], "headline": "Gr&#252;n", "author": [{"name": "A"}, {"name": "B"}]}]}
</script></head>
<body><h1><span>Dachzeile</span> Titel</h1><p class=d data-x='{"a": {"b": 7}}'>Erst <b>dann</b></p>
<a href="#id-1">Nachweis</a><ul><li id=id-1>© Jo Doe</li></ul><i>x</i><i>y, z</i></body>
"""
PAGE = Page(
    LexborHTMLParser(HTML),
    "https://a.example/artikel/72-halle",
    data={"t": "Aus JSON", "n": 5, "list": ["a", "b"]},
    listed={"title": "Aus der Liste"},
)


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("h1", ["Dachzeile Titel"]),
        ("p@data-x", ['{"a": {"b": 7}}']),
        ("meta:og:title", ["Titel - Stadt"]),
        ("meta:byid", ["Id"]),
        ("json-ld:headline", ["Grün"]),
        ("json-ld:author[].name", ["A", "B"]),
        ("json:t", ["Aus JSON"]),
        ("json:n", ["5"]),
        ("feed:title", ["Aus der Liste"]),
        ("address", ["https://a.example/artikel/72-halle"]),
        ("article", []),
        ("json:nothing.at.all", []),
        ({"css": "h1", "own": True}, ["Titel"]),
        ({"css": "h1", "without": "span"}, ["Titel"]),
        ({"css": "h1", "lines": True}, ["Dachzeile", "Titel"]),
        ({"css": "p", "attribute": "data-x", "json": "a.b"}, ["7"]),
        ({"css": "a", "attribute": "href", "follow": True}, ["© Jo Doe"]),
        ({"meta": "og:title", "strip": [" - Stadt"]}, ["Titel"]),
        ({"address": True, "pattern": r"/artikel/(\d+)-"}, ["72"]),
        ({"css": "i", "split": ",\\s*"}, ["x", "y", "z"]),
        ({"css": "i", "pattern": "^q"}, []),
    ],
)
def test_values(written, values):
    assert list(PAGE.values(read_selector(written))) == values


def test_the_first_candidate_that_finds_anything_counts():
    selectors = (Selector(css="h6"), Selector(css="i"), Selector(css="h1"))
    assert PAGE.all(selectors) == ("x", "y, z")
    assert PAGE.first(selectors) == "x"
    assert PAGE.first((Selector(css="h6"),)) is None


@pytest.mark.parametrize("target", ["#", "#weg", "#a b", '#"]', "kein-anker"])
def test_an_id_that_is_not_there_gives_nothing(target):
    page = Page(LexborHTMLParser(f"<a href='{target}'>x</a>"), "")
    assert page.first((Selector(css="a", attribute="href", follow=True),)) is None
