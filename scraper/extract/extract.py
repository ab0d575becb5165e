"""From a capture to a full record: parse, teasers, quotations. Pure: no network, no clock."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from scraper.errors import BlockPage, PageAbsent, ParseError
from scraper.markup.absence import list_of_others, not_found_words, overview
from scraper.markup.blockpage import block_reason, has_landmark
from scraper.markup.cards import read_teasers
from scraper.markup.tree import parse_html
from scraper.parse import holds_text, is_json, parse_article, parse_json, parse_listed
from scraper.sites.guess import guess_site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.records import Article, Capture
    from scraper.sites import Registry, Site


def extract(capture: Capture, site: Site, *, listed: Mapping[str, str] | None = None) -> Article:
    """The full record of a captured article page.

    Args:
        capture: bytes, URL and time of one response.
        site: whose page it is.
        listed: what the listing said about the release.

    Raises:
        BlockPage: the site shows a captcha or the like in place of the page.
        PageAbsent: it says that there is no such page, or shows another one in its place.
        ParseError: the capture is not an article page of the site.
    """
    if is_json(capture):
        return _with_quotes(parse_json(capture, site, listed=listed))
    tree = parse_html(capture)
    if not has_landmark(tree, site):
        tree = parse_html(capture, whole=True)
        kind = block_reason(tree, site, capture.url)
        if kind:
            raise BlockPage(capture.url, kind)
    if listed and holds_text(site, listed):
        return _with_quotes(parse_listed(tree, capture, site, listed))
    instead = not_found_words(tree)
    if instead:
        raise PageAbsent(capture.url, instead)
    try:
        article = parse_article(tree, capture, site, listed=listed)
    except ParseError as error:
        page = parse_html(capture)
        instead = overview(page, site, capture.url) or list_of_others(page, site, capture.url)
        raise PageAbsent(capture.url, instead) if instead else error from error
    if article.published is None:
        instead = overview(parse_html(capture), site, capture.url)
        if instead:
            raise PageAbsent(capture.url, instead)
    related = read_teasers(tree, site, capture.url)
    return _with_quotes(dataclasses.replace(article, related=related))


def _with_quotes(article: Article) -> Article:
    """Workers have loaded it; the process that starts them does without its word lists."""
    from scraper.quotes import with_quotes

    return with_quotes(article)


def extract_guessed(capture: Capture, otherwise: Site, registry: Registry) -> Article:
    """The record of a page of which nobody has said whose it is.

    Args:
        capture: bytes, URL and time of one response.
        otherwise: whose it is if it is an answer of an interface, which has no fingerprint.
        registry: the sites there are; by host, else by platform, else generic reading.

    Raises:
        BlockPage, PageAbsent, ParseError: see `extract`.
    """
    if is_json(capture):
        return extract(capture, otherwise)
    return extract(capture, guess_site(parse_html(capture), capture.url, registry))


def with_listed_district(article: Article, district: str | None) -> Article:
    """A record with the district that a listing gave, where the page itself names none."""
    if article.district is not None or not district:
        return article
    return dataclasses.replace(article, district=district)
