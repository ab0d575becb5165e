"""Listings rendered as HTML: pages with an entry for each release."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from scraper.dates import day_of
from scraper.discovery.entry import candidate, without_todays_date
from scraper.discovery.step import Listing, Step
from scraper.discovery.walk import Place, Walk, begin, following, period, request
from scraper.errors import ParseError
from scraper.markup.cards import read_cards
from scraper.markup.replay import base_url
from scraper.markup.tree import attribute, inline_text, parse_html
from scraper.parse.page import Page
from scraper.platforms import NOTHING
from scraper.records import Candidate, Related
from scraper.sites.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from scraper.records import Capture
    from scraper.sites import Site


_NO_DAY = date.min  # for lists whose address names no day
_MISSING = frozenset({404, 410})
_MAX_LINKS = 5_000
_MAX_ENTRIES = 2_000
_MAX_PAGERS = 10
_LONGEST_NUMBER = 40  # characters of a link such as "Seite 12"
_ADDRESS_ATTRIBUTES = ("data-url", "data-href", "data-link")
_ON_CLICK = re.compile(r"""['"]((?:https?:/)?/[^'"\s]{1,2000})['"]""")


def newsroom_steps(site: Site) -> tuple[Step, ...]:
    """The step that reads the newsroom's front page."""
    listed = (source for source in site.sources if source.method == "listing")
    source = next(listed, None) or Source("listing", site.newsroom_path, entry="article")
    return listing_steps(Walk(site, source, _NO_DAY))


def listing_steps(walk: Walk) -> tuple[Step, ...]:
    """The first page of a listing, once for each search word."""
    return tuple(_step(walk, place) for place in begin(walk))


def _step(walk: Walk, place: Place) -> Step:
    read = partial(read_page, walk, place)
    has_period = period(walk.source) is not None
    optional = not place.is_first or has_period
    asked = request(walk, place)
    return Step(walk.source.label, asked, read, optional=optional, reads_missing=has_period)


def read_page(walk: Walk, place: Place, capture: Capture) -> Listing:
    """The releases that one page of a listing names, and the step to the next page.

    Raises:
        ParseError: the first page has no entry, or none of them leads to a release.
    """
    if capture.status in _MISSING:  # nothing was published in that year or month
        after = following(walk, place, (), 0)
        return Listing(steps=(_step(walk, after),) if after else ())
    tree = parse_html(capture)
    base = base_url(tree, capture.url)
    nodes = tree.css(walk.source.entry)[:_MAX_ENTRIES] if walk.source.entry else []
    found = {each.url: each for each in _cards(walk, tree, base)}
    has_cards = bool(found)
    page = Page(tree, capture.url)
    for node in nodes:
        each = _candidate(walk, page, node, base, capture)
        if each:
            found.setdefault(each.url, each)
    may_be_empty = not place.is_first or period(walk.source) or walk.source.parameters
    if not may_be_empty:
        if has_cards or not nodes:
            _add_links(walk, tree, base, capture, found)
        if not found:
            raise ParseError(capture.url, _nothing(walk, len(nodes)))
    candidates = without_todays_date(walk, list(found.values()), capture)
    following_url = _next_url(walk, page, base, place.page + 2)
    after = following(walk, place, candidates, len(nodes) or len(found), url=following_url)
    return Listing(candidates, (_step(walk, after),) if after else ())


def _nothing(walk: Walk, entries: int) -> str:
    if entries:
        return f"the listing names no article: none of its {entries} entries leads to one"
    return f"the page names no article: it has no entry {walk.source.entry!r}"


def _cards(walk: Walk, tree: LexborHTMLParser, base: str) -> Iterator[Candidate]:
    """What the platform's own cards show; they may name a district."""
    for layout in walk.site.layouts:
        related = read_cards(tree.css(layout.card), walk.site, layout, base)
        yield from teaser_candidates(related, walk.source.label)


def _add_links(
    walk: Walk,
    tree: LexborHTMLParser,
    base: str,
    capture: Capture,
    found: dict[str, Candidate],
) -> None:
    """Links to releases anywhere on the page, where cards are one way among others to show them."""
    if all(layout.card == NOTHING for layout in walk.site.layouts):
        return
    for link in tree.css("a[href]")[:_MAX_LINKS]:
        each = candidate(walk, attribute(link, "href") or "", base=base, capture=capture)
        if each:
            found.setdefault(each.url, each)


def _candidate(
    walk: Walk, page: Page, node: LexborNode, base: str, capture: Capture
) -> Candidate | None:
    source = walk.source
    listed: dict[str, str | None] = {}
    if walk.site.listed_fields:
        listed = {"title": page.first(source.title, node), "date": page.first(source.date, node)}
    for link in page.values_of(source.link, node) if source.link else _links(node):
        found = candidate(
            walk, link, base=base, dates=_dates(walk, page, node), capture=capture, listed=listed
        )
        if found:
            return found
    return None


def _links(node: LexborNode) -> Iterator[str]:
    """Addresses an entry leads to, in its links, in attributes of cards, or in `onclick`."""
    if node.tag == "a":
        yield attribute(node, "href") or ""
    for link in node.css("a[href]")[:_MAX_LINKS]:
        href = attribute(link, "href") or ""
        if not href.startswith("#"):
            yield href
    marked = node.css(", ".join(f"[{name}]" for name in (*_ADDRESS_ATTRIBUTES, "onclick")))
    for each in (node, *marked[:_MAX_LINKS]):
        for name in _ADDRESS_ATTRIBUTES:
            yield attribute(each, name) or ""
        yield from _ON_CLICK.findall(attribute(each, "onclick") or "")


def _dates(walk: Walk, page: Page, node: LexborNode) -> Iterator[str]:
    """Texts of an entry that may name its day, best first."""
    if not walk.source.dates:
        return
    if walk.source.date:
        yield from page.values_of(walk.source.date, node)
        return
    times = node.css("time")[:3]
    yield from (inline_text(each) for each in times)
    yield from (attribute(each, "datetime") or "" for each in times)
    yield inline_text(node)[:2_000]


def _next_url(walk: Walk, page: Page, base: str, number: int) -> str:
    """Address of the next page, as this one links it: as the next one, or by its number."""
    links = list(page.values_of(walk.source.next))
    if walk.source.pager:
        links += _numbered(page.tree, walk.source.pager, number)
    for link in links:
        url = walk.site.canonical(link, base)
        if url and url != page.url:
            return url
    return ""


def _numbered(tree: LexborHTMLParser, pager: str, number: int) -> Iterator[str]:
    for around in tree.css(pager)[:_MAX_PAGERS]:
        for link in around.css("a[href]")[:_MAX_LINKS]:
            words = inline_text(link) or attribute(link, "aria-label") or ""
            if re.findall(r"\d+", words[:_LONGEST_NUMBER]) == [str(number)]:
                yield attribute(link, "href") or ""


def teaser_candidates(related: Iterable[Related], source: str = "teaser") -> list[Candidate]:
    """Teasers as candidates."""
    return [
        Candidate(item.url, item.url, source, day_of(item.published), item.district)
        for item in related
    ]
