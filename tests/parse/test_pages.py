"""One test per page and field: what a saved page says is what a human read in it."""

import json

import pytest

from scraper.errors import ParseError
from scraper.extract.extract import extract
from scraper.markup.tree import parse_html
from scraper.records import to_json
from scraper.sites import get_site
from scraper.urls import canonical
from tests.conftest import FIXTURES, REAL, capture_of
from tests.refresh import record_of

PAGES = sorted(FIXTURES.glob("dortmund/*.html"))
EXPECTED = {page: json.loads(page.with_suffix(".json").read_bytes()) for page in PAGES}
CASES = [(page, field) for page in PAGES for field in EXPECTED[page]]


@pytest.fixture(scope="module")
def records():
    return {page: record_of(page) for page in PAGES}


@pytest.mark.parametrize(
    ("page", "field"), CASES, ids=[f"{page.stem}-{field}" for page, field in CASES]
)
def test_field(records, page, field):
    assert records[page][field] == EXPECTED[page][field]


def test_there_are_pages():
    assert len(PAGES) > 40


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_nothing_of_the_frame_leaks(records, page):
    record = records[page]
    own = json.dumps({**record, "related": []}, ensure_ascii=False)
    for foreign in ("Teaserbild", "Weitere Nachrichten", "anderen Anbieter", "NAVIGATION"):
        assert foreign not in own
    assert "Bild:" not in record["text"]


@pytest.mark.parametrize("heading", ["<h2>{}</h2>", "<h3>{}:</h3>"])
def test_a_heading_above_the_teasers_is_not_of_the_release(site, heading):
    page = next(path.read_bytes() for path in PAGES if b"<dtm-teaserslider" in path.read_bytes())
    line = heading.format("Weitere Nachrichten").encode()
    headed = page.replace(b"<dtm-teaserslider", line + b"<dtm-teaserslider", 1)
    assert extract(capture_of(headed), site) == extract(capture_of(page), site)


REAL_PAGE = REAL / "dortmund" / "fabido-drei-neue-kitas.html"


@pytest.fixture(scope="module")
def real():
    """Record and human reading of a page of the site; the page is not part of the project."""
    if not REAL_PAGE.exists():
        pytest.skip("the real page is not on this machine")
    expected = json.loads(REAL_PAGE.with_suffix(".expected.json").read_bytes())
    record = extract(capture_of(REAL_PAGE.read_bytes()), get_site("dortmund"))
    return to_json(record), expected


@pytest.mark.parametrize(
    "field", ["url", "page_id", "title", "kicker", "lead", "published", "videos", "tags"]
)
def test_real_page(real, field):
    assert real[0][field] == real[1][field]


def test_real_page_content_id(real):
    assert real[0]["content_id"] == real[1]["uuid"]


def test_real_page_text(real):
    shown = []
    for section in real[0]["sections"]:
        shown += [("h2", section["heading"])] if section["heading"] else []
        shown += [("p", block["text"]) for block in section["blocks"]]
    assert shown == [(item["kind"], item["text"]) for item in real[1]["paragraphs"]]


def test_real_page_images(real):
    for shown, expected in zip(real[0]["images"], real[1]["images"], strict=True):
        assert {name: shown[name] for name in expected} == expected


def test_real_page_links(real):
    shown = [{"url": link["url"], "text": link["text"]} for link in real[0]["links"]]
    assert shown == real[1]["links"]


def test_real_page_related(real):
    expected = [
        (canonical(item["url"]), item["title"], item["date"], item["district"])
        for item in real[1]["related"]
    ]
    shown = [
        (item["url"], item["title"], item["published"], item["district"])
        for item in real[0]["related"]
    ]
    assert shown == expected


def test_real_page_quotes(real):
    names = ("text", "speaker", "role")
    shown = [{name: quote[name] for name in names} for quote in real[0]["quotes"]]
    assert shown == real[1]["quotes"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"<html><title>Wartung | dortmund.de</title><h1>Bitte warten</h1>", "not an article"),
        (b"\x00\xff\xfe\x80binary", "not an article"),
        (b"<main><div id=Einleitungstext><h1> </h1></div></main>", "no headline"),
    ],
)
def test_what_is_no_article_is_refused_with_a_reason(site, body, reason):
    with pytest.raises(ParseError, match=reason):
        extract(capture_of(body), site)


@pytest.mark.parametrize("page", [b"<div>" * 30_000, b"<div>" * 30_000 + b"</b>" * 30_000])
def test_absurd_nesting_is_refused_before_it_costs_time(page):
    with pytest.raises(ParseError, match="nested"):
        parse_html(capture_of(page))


def test_many_flat_elements_are_no_nesting():
    assert parse_html(capture_of(b"<li>x" * 30_000 + b"<i>y</i>" * 30_000)).body is not None
