"""A release as a JSON interface answers it: fields by paths, one of them with the text as HTML."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from scraper.errors import ParseError
from scraper.markup.cost import excess
from scraper.parse.article import read_record
from scraper.parse.page import Page
from scraper.parse.place import Parts
from scraper.platforms import Selector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.records import Article, Capture
    from scraper.sites import Layout, Site


def is_json(capture: Capture) -> bool:
    """Whether an answer is JSON: it says so, or it begins like it."""
    kind = (capture.header("content-type") or "").partition(";")[0].strip().lower()
    body = capture.body
    if body.startswith((b" ", b"\t", b"\r", b"\n", b"\f", b"\v")):
        body = body[:100].lstrip() or body.lstrip()  # which would copy a page
    return kind.endswith("json") or body.startswith((b"{", b"["))


def parse_json(capture: Capture, site: Site, *, listed: Mapping[str, str] | None = None) -> Article:
    """The record of a release that a JSON interface answered, without prose quotations.

    Args:
        capture: the answer.
        site: whose interface.
        listed: what the listing said about the release.

    Raises:
        ParseError: it is not JSON, or no release in any layout the site has for JSON.
    """
    layout = _layout(site)
    if layout is None:
        raise ParseError(capture.url, f"it is JSON, and {site.name} has pages in HTML")
    try:
        data = json.loads(capture.body)
    except (ValueError, RecursionError) as error:
        raise ParseError(capture.url, f"it is not valid JSON: {error}") from None
    finder = Page(LexborHTMLParser(""), capture.url, data=data)
    html = "\n".join(finder.raw_values(layout.body_json))
    body = f"<body>{html}".encode("utf-8", "replace")
    reason = excess(body)
    if reason:
        raise ParseError(capture.url, reason)
    tree = LexborHTMLParser(body)
    if tree.body is None or not finder.first(layout.title):
        raise ParseError(capture.url, f"it is no release of {site.name}: it has no title")
    parts = Parts(layout, tree.body, title=None, introduction=None, date_line="")
    page = Page(tree, capture.url, data=data, listed=listed)
    return read_record(page, parts, capture, site)


def _layout(site: Site) -> Layout | None:
    """The layout for JSON: one that says where the text is, or one made of what a source says."""
    named = next((layout for layout in site.layouts if layout.body_json), None)
    source = next((each for each in site.sources if each.method == "json" and each.body), None)
    if named is not None or source is None:
        return named
    base = site.layouts[0]
    dates = (dataclasses.replace(each, clock=source.clock) for each in source.date)
    return dataclasses.replace(
        base,
        found=False,
        body_json=source.body,
        title=_paths_first((*source.title, *base.title, Selector(feed="title"))),
        published=_paths_first((*base.published, *dates, Selector(feed="date"))),
    )


def _paths_first(selectors: tuple[Selector, ...]) -> tuple[Selector, ...]:
    return tuple(sorted(selectors, key=lambda each: not each.json))
