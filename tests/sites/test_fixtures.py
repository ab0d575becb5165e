"""One test per site, page and field: what a saved page says is what a human read in it."""

import json

import pytest

from scraper.platforms import platform_names
from scraper.sites import SITES
from tests.refresh import expected_file, pages, record_of, site_of

# Those of the first site have tests of their own (tests/parse/test_pages.py).
PAGES = [page for page in pages() if page.parent.name != "dortmund"]
EXPECTED = {page: json.loads(expected_file(page).read_bytes()) for page in PAGES}
CASES = [(page, field) for page in PAGES for field in EXPECTED[page]]
UNPICTURED = {"dtm", "plain", "generic", "wordpress-rest"}


@pytest.fixture(scope="module")
def records():
    return {page: record_of(page) for page in PAGES}


@pytest.mark.parametrize(
    ("page", "field"),
    CASES,
    ids=[f"{page.parent.name}-{page.stem}-{field}" for page, field in CASES],
)
def test_field(records, page, field):
    assert records[page][field] == EXPECTED[page][field]


def test_each_platform_has_a_page(records):
    read = {site_of(page).platform for page in PAGES}
    assert read | UNPICTURED >= set(platform_names())


def test_each_built_in_site_that_was_seen_has_a_page():
    seen = {key for key in SITES if SITES.get(key).verified.how == "page"}
    without = {"salzkotten"}  # only a listing of it was seen
    assert {page.parent.name for page in PAGES} | {"dortmund"} | without >= seen


FRAME = (
    "Startseite Vorlesen Teilen Newsletter Meistgelesen Anzeige Zurück Pressestelle Impressum "
    "Verwandte Vorheriger Ankerlink honorarfrei Rückfragehinweis"
).split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_nothing_of_the_frame_leaks_into_the_text(records, page):
    assert not [word for word in FRAME if word in records[page]["text"]]
