"""The law of the parser: what the replica renders, the parser reads back."""

import dataclasses
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.errors import ParseError
from scraper.extract.extract import extract
from scraper.sites import get_site
from tests.conftest import capture_of
from tests.support.as_read import as_read
from tests.support.strategies import articles

SITE = get_site("dortmund")
CUT_REFERENCE = re.compile(r"&#?\w*$")
SHAPES = ["component", "figure", "plain"]


def read_back(article, shape):
    page = render_article(article, navigation=b"[]", shape=shape)
    record = extract(capture_of(page, article.url), SITE)
    blocks = tuple(quote for quote in record.quotes if quote.kind == "block")
    return dataclasses.replace(record, quotes=blocks)


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(article=articles())
def test_parse_inverts_render(shape, article):
    assert read_back(article, shape) == as_read(article)


@pytest.mark.parametrize("shape", SHAPES)
def test_parse_inverts_render_for_the_replica(shape):
    for article in Newsroom(80):
        assert read_back(article, shape) == as_read(article)


@settings(max_examples=50, deadline=None)
@given(
    st.binary(max_size=2000), st.sampled_from([b"", b"<main><div id=Einleitungstext><h1>T</h1>"])
)
def test_garbage_gives_a_record_or_a_reason(garbage, prefix):
    try:
        record = extract(capture_of(prefix + garbage), SITE)
    except ParseError:
        return
    assert record.title


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(article=articles(), data=st.data())
def test_a_page_cut_anywhere_gives_a_record_or_a_reason(article, data):
    page = render_article(article, navigation=b"[]")
    cut = data.draw(st.integers(0, len(page)))
    try:
        record = extract(capture_of(page[:cut], article.url), SITE)
    except ParseError:
        return
    # The cut may fall into a headline, and into a character reference within it.
    assert article.title.startswith(CUT_REFERENCE.sub("", record.title).rstrip())
