"""The platforms: each file is right, and tells its pages from those of the others."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.platforms import platform, platform_names, recognise
from scraper.platforms.facts import FactError
from scraper.platforms.hooks import text_or_tags_in_query
from scraper.platforms.table import read_layout
from tests.refresh import pages, site_of

WITH_FINGERPRINT = set(platform_names()) - {"generic", "plain", "wordpress-rest"}


@pytest.mark.parametrize("name", platform_names())
def test_each_file_says_where_its_facts_are_from(name):
    layout = platform(name)
    assert layout.name == name
    assert len(layout.about) > 40
    assert bool(layout.fingerprint) == (name in WITH_FINGERPRINT)


HTML = [page for page in pages() if page.suffix == ".html" and page.parent.name != "generic"]


@pytest.mark.parametrize("page", HTML, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_a_page_is_known_by_its_fingerprint(page):
    known = site_of(page).layouts[0]
    if not known.fingerprint or "older-site" in page.name or "header-line" in page.name:
        assert recognise(LexborHTMLParser(page.read_bytes())) in {None, known.name}
    elif page.parent.name != "dortmund":
        assert recognise(LexborHTMLParser(page.read_bytes())) == site_of(page).platform


def test_a_page_without_any_is_of_no_platform():
    assert recognise(LexborHTMLParser("<h1>Titel</h1><p>Text</p>")) is None


def test_no_such_platform():
    with pytest.raises(KeyError):
        platform("typo4")


def test_a_layout_needs_a_name():
    with pytest.raises(FactError, match="needs a name"):
        read_layout({"title": ["h1"]})


@pytest.mark.parametrize(
    ("text", "href", "tags"),
    [
        ("Sport", "/x", ["Sport"]),
        ("", "/x?customContentTags=W3sidmFsdWUiOiAiS3VsdHVyIn1d", ["Kultur"]),
        ("", "/x?customContentTags=%%%", []),
        ("", "/x", []),
        ("", "http://[", []),
    ],
)
def test_tags_in_an_address(text, href, tags):
    assert text_or_tags_in_query(text, {"href": href}) == tags
