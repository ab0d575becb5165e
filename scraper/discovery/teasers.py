"""Teaser cards: on the newsroom page, and in the slider below every article."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from scraper.dates import day_of, parse_date
from scraper.discovery.step import Listing, Step
from scraper.errors import ParseError
from scraper.html import attribute, inline_text, parse_html
from scraper.records import Candidate, Related, Request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from scraper.records import Capture
    from scraper.sites import Layout, Site


_MAX_TEASERS = 500  # an article shows fifteen, the newsroom's page a few more
_MAX_LINKS = 5_000


def newsroom_steps(site: Site) -> tuple[Step, ...]:
    """The step that reads the newsroom's front page."""
    request = Request(site.origin + site.newsroom_path)
    return (Step("listing", request, partial(_read_page, site)),)


def _read_page(site: Site, capture: Capture) -> Listing:
    tree = parse_html(capture)
    found: dict[str, Candidate] = {}
    for layout in site.layouts:
        related = _teasers(tree.css(layout.card), site, layout, capture.url)
        for candidate in teaser_candidates(related, "listing"):
            found.setdefault(candidate.url, candidate)
    for link in tree.css("a[href]")[:_MAX_LINKS]:
        original = attribute(link, "href") or ""
        url = site.listed_url(original, capture.url)
        if url:
            found.setdefault(url, Candidate(url, original, "listing"))
    if not found:
        raise ParseError(capture.url, "the newsroom page names no article")
    return Listing(tuple(found.values()))


def read_teasers(tree: LexborHTMLParser, site: Site, url: str) -> tuple[Related, ...]:
    """The teasers of other releases that an article page shows.

    Args:
        tree: the article page.
        site: whose page.
        url: where the page was fetched.
    """
    for layout in site.layouts:
        nodes = tree.css(layout.related)
        if nodes:
            return _teasers(nodes, site, layout, url)
    return ()


def teaser_candidates(related: Iterable[Related], source: str = "teaser") -> list[Candidate]:
    """Teasers as candidates."""
    return [
        Candidate(item.url, item.url, source, day_of(item.published), item.district)
        for item in related
    ]


def _teasers(nodes: list[LexborNode], site: Site, layout: Layout, url: str) -> tuple[Related, ...]:
    found: dict[str, Related] = {}
    for node in nodes[:_MAX_TEASERS]:
        target = _target(node, site, url)
        heading = node.css_first(layout.related_title)
        if target and heading is not None and target not in found:
            published, district = _date_and_district(node, layout)
            found[target] = Related(target, inline_text(heading), published, district)
    return tuple(found.values())


def _target(node: LexborNode, site: Site, url: str) -> str | None:
    """The article a card leads to; the credit of its picture may hold links, too."""
    for link in node.css("a[href]"):
        href = attribute(link, "href")
        if href and not href.startswith("#"):
            # From the root, an address does not depend on the page that shows it.
            target = site.listed_url(href, None if href.startswith("/") else url)
            if target:
                return target
    return None


def _date_and_district(node: LexborNode, layout: Layout) -> tuple[str | None, str | None]:
    line = node.css_first(layout.related_date)
    if line is None:
        return None, None
    # `Do 1. Oktober 2026 <div>Innenstadt-Nord</div>`
    inner = next((child for child in line.iter() if child.tag == "div"), None)
    day = parse_date(inline_text(line))
    district = inline_text(inner) if inner is not None else ""
    if district and parse_date(district):
        district = ""
    return day.isoformat() if day else None, district or None
