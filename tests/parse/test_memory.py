"""A page that was read leaves nothing behind: its tree is too large to wait for the collector."""

import gc

import pytest

from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.extract.extract import extract
from scraper.sites import get_site
from tests.conftest import FIXTURES, capture_of

PAGES = sorted((FIXTURES / "dortmund").glob("*.html"))[::6]


@pytest.fixture
def uncollected():
    """Reads a page; how many objects only the collector of circles could free."""
    gc.disable()

    def read(page):
        extract(page, get_site("dortmund"))  # compiles patterns and fills caches
        gc.collect()
        extract(page, get_site("dortmund"))
        return gc.collect()

    yield read
    gc.enable()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_circle_keeps_a_saved_page(uncollected, path):
    assert uncollected(capture_of(path.read_bytes())) == 0


@pytest.mark.parametrize("number", range(4))
def test_no_circle_keeps_a_page_of_the_replica(uncollected, number):
    article = Newsroom(4).article(number)
    page = render_article(article, navigation=b"[]")
    assert uncollected(capture_of(page, article.url)) == 0
