"""Cards that show other releases: on a listing, and in the slider below an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import urls
from scraper.dates import parse_date
from scraper.markup.replay import base_url
from scraper.markup.tree import attribute, inline_text
from scraper.records import Related

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from scraper.sites import Layout, Site


_MAX_TEASERS = 500  # an article shows fifteen, the newsroom's page a few more


def read_teasers(tree: LexborHTMLParser, site: Site, url: str) -> tuple[Related, ...]:
    """The teasers of other releases that an article page shows.

    Args:
        tree: the article page.
        site: whose page.
        url: where the page was fetched.
    """
    for layout in site.layouts:
        nodes = tree.css(layout.related) if layout.shows_related else []
        if nodes:
            return read_cards(nodes, site, layout, base_url(tree, url))
    return ()


def read_cards(
    nodes: list[LexborNode], site: Site, layout: Layout, url: str
) -> tuple[Related, ...]:
    """What each card shows: address, heading, day, district; a release once.

    Args:
        nodes: the cards.
        site: whose page.
        layout: where the parts of a card stand.
        url: what relative addresses are relative to.
    """
    found: dict[str, Related] = {}
    is_at_home = urls.host(url) in {"", *site.hosts}
    for node in nodes[:_MAX_TEASERS]:
        target = _target(node, site, url, is_at_home=is_at_home)
        heading = node.css_first(layout.related_title)
        if target and heading is not None and target not in found:
            published, district = _date_and_district(node, layout)
            found[target] = Related(target, inline_text(heading), published, district)
    return tuple(found.values())


def _target(node: LexborNode, site: Site, url: str, *, is_at_home: bool) -> str | None:
    """The article a card leads to; the credit of its picture may hold links, too."""
    for link in node.css("a[href]"):
        href = attribute(link, "href")
        if href and not href.startswith("#"):
            # From the root, an address does not depend on the page that shows it.
            is_own = is_at_home and href.startswith("/")
            target = site.listed_url(href, None if is_own else url)
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
