"""Listings rendered as HTML: cards and links of one page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from scraper.dates import day_of
from scraper.discovery.step import Listing, Step
from scraper.errors import ParseError
from scraper.markup.cards import read_cards
from scraper.markup.replay import base_url
from scraper.markup.tree import attribute, parse_html
from scraper.records import Candidate, Related, Request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.records import Capture
    from scraper.sites import Site


_MAX_LINKS = 5_000


def newsroom_steps(site: Site) -> tuple[Step, ...]:
    """The step that reads the newsroom's front page."""
    request = Request(site.origin + site.newsroom_path)
    return (Step("listing", request, partial(_read_page, site)),)


def _read_page(site: Site, capture: Capture) -> Listing:
    tree = parse_html(capture)
    base = base_url(tree, capture.url)
    found: dict[str, Candidate] = {}
    for layout in site.layouts:
        related = read_cards(tree.css(layout.card), site, layout, base)
        for candidate in teaser_candidates(related, "listing"):
            found.setdefault(candidate.url, candidate)
    for link in tree.css("a[href]")[:_MAX_LINKS]:
        original = attribute(link, "href") or ""
        url = site.listed_url(original, base)
        if url:
            found.setdefault(url, Candidate(url, original, "listing"))
    if not found:
        raise ParseError(capture.url, "the newsroom page names no article")
    return Listing(tuple(found.values()))


def teaser_candidates(related: Iterable[Related], source: str = "teaser") -> list[Candidate]:
    """Teasers as candidates."""
    return [
        Candidate(item.url, item.url, source, day_of(item.published), item.district)
        for item in related
    ]
