"""A release whose text the list holds: what the list says, with what its page adds."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from scraper.errors import ParseError
from scraper.markup.cost import excess
from scraper.parse.article import parse_article, read_record
from scraper.parse.page import Page
from scraper.parse.place import Parts
from scraper.platforms import Layout, Selector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.records import Article, Capture
    from scraper.sites import Site

_LAYOUT = Layout(
    name="listing",
    title=(Selector(feed="title"),),
    published=(Selector(feed="date"),),
)


def holds_text(site: Site, listed: Mapping[str, str] | None) -> bool:
    """Whether a list has said the text of a release, and the site's file says to read it there."""
    return bool(listed and listed.get("content") and any(each.body for each in site.sources))


def parse_listed(
    tree: LexborHTMLParser, capture: Capture, site: Site, listed: Mapping[str, str]
) -> Article:
    """The record of a release out of what a list says about it.

    A page whose layout the site's file describes is read first. Of any other page only the pictures
    count, and title and day where the list says none: it may be a frame that scripts fill.

    Args:
        tree: the release's page; it is changed to the page as visitors see it.
        capture: of the page.
        site: whose release.
        listed: what the list said, `content` among it.

    Raises:
        ParseError: neither list nor page has a title.
    """
    try:
        page: Article | None = parse_article(tree, capture, site, listed=listed)
    except ParseError:
        page = None
    if page is not None and page.text and not all(layout.found for layout in site.layouts):
        return page
    told = _told(capture, site, {**listed, "title": listed.get("title") or _title(page)})
    if page is None:
        return told
    return dataclasses.replace(
        told,
        published=told.published or page.published,
        published_raw=told.published_raw or page.published_raw,
        published_precision=told.published_precision or page.published_precision,
        images=page.images or told.images,
    )


def _title(page: Article | None) -> str:
    return page.title if page is not None else ""


def _told(capture: Capture, site: Site, listed: Mapping[str, str]) -> Article:
    """The record that the list alone gives."""
    body = f"<body>{listed['content']}".encode("utf-8", "replace")
    reason = excess(body)
    if reason:
        raise ParseError(capture.url, reason)
    tree = LexborHTMLParser(body)
    if tree.body is None or not listed["title"]:
        raise ParseError(capture.url, "neither its page nor the list has a headline for it")
    source = next(each for each in site.sources if each.body)
    layout = dataclasses.replace(_LAYOUT, clock=source.clock)
    parts = Parts(layout, tree.body, title=None, introduction=None, date_line="")
    page = Page(tree, site.article_url(listed.get("link") or "") or capture.url, listed=listed)
    return read_record(page, parts, capture, site)
