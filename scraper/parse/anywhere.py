"""A release on a page that nobody has described: headline, running text, what is beside it.

Whatever the page says of itself comes first (JSON-LD, OpenGraph), then its shape. The record names
the layout `generic`: nobody has compared such a reading with the page.
"""

from __future__ import annotations

import dataclasses
import re
from itertools import islice
from typing import TYPE_CHECKING

from scraper.dates import parse_date
from scraper.markup import json_ld
from scraper.markup.tree import ancestors, inline_text
from scraper.parse.boilerplate import (
    ends_article,
    is_byline,
    is_caption,
    is_foreign,
    is_phrase,
    opens_view,
)
from scraper.parse.headline import find_headline
from scraper.parse.place import Parts
from scraper.parse.region import find_region
from scraper.parse.sizes import Sizes
from scraper.text import search_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from scraper.parse.headline import Headline
    from scraper.parse.page import Page
    from scraper.parse.region import Region
    from scraper.platforms import Layout
    from scraper.sites import Site

_BOXES = (
    "div, section, ul, ol, p, aside, nav, footer, form, header, article, table, figure, dl, span, a"
)
_MAX_CLIMB = 12
_SHORT = 90
_WORD = re.compile(r"\w+")
_MANY_WORDS = 80
_NEARLY_ALL = 0.9
_FEW = 0.75
_MOST_TEASER = 700
_TEASER_SHARE = 0.3
_LINKED_HEADING = (
    "h2 a[href], h3 a[href], h4 a[href], h5 a[href], a[href] h2, a[href] h3, a[href] h4"
)
_MOST_LINKED = 0.66
_ALL_LINKS = 0.9
_MOST_FOREIGN = 0.5
_SMALL = 600


def find_anywhere(page: Page, site: Site) -> Parts | None:
    """The parts of an article, if the site's layout allows them to be found.

    Args:
        page: the page.
        site: whose page.
    """
    layout = next((each for each in site.layouts if each.found), None)
    if layout is None:
        return None
    headline = find_headline(page)
    if headline is None:
        return None
    stated = json_ld.text_of(page.json_ld, "articleBody")
    region = find_region(page.tree, stated, headline.node)
    if region is None:
        return None
    foreign = _foreign(region, stated)
    foreign |= _above(region.root, headline.node)
    date_line = _date_nearby(headline.node)
    if date_line is not None and not region.mass.get(date_line.mem_id):
        foreign.add(date_line.mem_id)
    around = _with_headline(region.root, headline.node)
    if around is not None:
        foreign |= _foreign_pictures(around, region)
    return Parts(
        layout=_trusting(page, layout, headline),
        root=region.root,
        title=headline.node,
        introduction=None,
        date_line="",
        date_nearby=inline_text(date_line) if date_line is not None else "",
        foreign=frozenset(foreign),
        headline=headline.text if not layout.title else None,
        kicker=headline.kicker,
        pictures=around,
    )


def _trusting(page: Page, layout: Layout, headline: Headline) -> Layout:
    """The layout without JSON-LD where that speaks of something else, such as the listing."""
    stated = json_ld.text_of(page.json_ld, "headline")
    if not stated or not page.json_ld:
        return layout
    ours, theirs = set(search_key(headline.text).split()), set(search_key(stated).split())
    if len(ours & theirs) >= 0.4 * min(len(ours), len(theirs)):
        return layout
    published = tuple(each for each in layout.published if not each.json_ld)
    modified = tuple(each for each in layout.modified if not each.json_ld)
    return dataclasses.replace(layout, published=published, modified=modified)


def _foreign(region: Region, stated: str) -> set[int]:
    """Elements inside the region that are not the article's."""
    root = region.root
    sizes = Sizes(root)
    foreign: set[int] = set()
    for node in root.css(_BOXES):
        if node.mem_id != root.mem_id and _is_beside(node, region, sizes):
            foreign.add(node.mem_id)
    foreign |= _after_the_end(region, foreign)
    return foreign | _unstated(region, stated)


def _unstated(region: Region, stated: str) -> set[int]:
    """Paragraphs that the article's text in JSON-LD does not have, if it is all of the text."""
    words = frozenset(_WORD.findall(stated))
    if len(words) < _MANY_WORDS:
        return set()
    shown = [(node, _WORD.findall(inline_text(node))) for node in region.paragraphs]
    everything = {word for _node, each in shown for word in each}
    if len(words & everything) < _NEARLY_ALL * len(words):
        return set()
    found = set()
    for node, each in shown:
        if sum(word in words for word in each) < _FEW * len(each):
            found.add(node.mem_id)
    return found if len(found) < len(shown) / 2 else set()


def _is_beside(node: LexborNode, region: Region, sizes: Sizes) -> bool:
    """Whether an element inside the region is no part of the running text."""
    mass = region.mass.get(node.mem_id, 0)
    share = mass / max(1.0, region.mass.get(region.root.mem_id, 1.0))
    if is_foreign(node) and node.mem_id not in region.kept:
        return share < _MOST_FOREIGN
    tag = node.tag
    if share < _TEASER_SHARE and _is_teaser(node, sizes):
        return True
    if tag in {"span", "a", "figure"}:
        return False
    if tag in {"header", "article"}:
        return share < (0.1 if tag == "header" else _TEASER_SHARE)
    if mass or not sizes.text(node):
        return False
    return _is_line_of_frame(node, sizes)


def _is_line_of_frame(node: LexborNode, sizes: Sizes) -> bool:
    """Whether an element without running text belongs to the page and not to the article."""
    is_small = sizes.text(node) <= _SMALL
    text = inline_text(node) if is_small else ""
    if is_small and (is_byline(node, text) or is_caption(node)):
        return True
    if node.css_first("img") is not None and node.css_first("h2, h3, h4") is None:
        return False
    if node.tag == "p":
        return is_phrase(text, node) or (is_small and sizes.links(node) > _ALL_LINKS)
    if sizes.links(node) > _MOST_LINKED:
        return True
    return is_phrase(text, node) and node.css_first("p") is None


def _is_teaser(node: LexborNode, sizes: Sizes) -> bool:
    """Whether an element shows another article: a heading that is a link, and little else."""
    if node.tag not in {"div", "section", "article", "aside", "li", "ul", "a"}:
        return False
    if sizes.text(node) > _MOST_TEASER:
        return False
    if node.tag == "a":
        return node.css_first("h2, h3, h4, h5") is not None
    return node.css_first(_LINKED_HEADING) is not None


def _after_the_end(region: Region, foreign: set[int]) -> set[int]:
    """What follows a heading that ends articles, unless running text follows it."""
    found: set[int] = set()
    last = region.paragraphs[-1].mem_id if region.paragraphs else 0
    order = {node.mem_id: at for at, node in enumerate(region.root.traverse())}
    end = order.get(last, 0)
    for heading in region.root.css("h2, h3, h4, h5, strong, b, p"):
        text = inline_text(heading)
        if heading.mem_id in foreign or not ends_article(text) or len(text) > 60:
            continue
        if heading.tag in {"strong", "b"} and inline_text(heading.parent or heading) != text:
            continue
        if order.get(heading.mem_id, 0) > end:
            found |= {node.mem_id for node in _rest(heading, region.root)}
            break
        found.add(heading.mem_id)
    return found


def _rest(node: LexborNode, root: LexborNode) -> Iterator[LexborNode]:
    """An element and all that follows it inside another one."""
    yield node
    for each in (node, *ancestors(node)):
        if each.mem_id == root.mem_id:
            return
        other = each.next
        while other is not None:
            yield other
            other = other.next


def _above(root: LexborNode, title: LexborNode | None) -> set[int]:
    """What stands above the headline inside the region, but for pictures."""
    found: set[int] = set()
    for each in (title, *ancestors(title)) if title is not None else ():
        if each.mem_id == root.mem_id:
            return found
        other = each.prev
        while other is not None:
            if other.css_first("img") is None:
                found.add(other.mem_id)
            other = other.prev
    return set()


def _date_nearby(title: LexborNode | None) -> LexborNode | None:
    """A short line with a date below or above the headline; None if there is none."""
    if title is None:
        return None
    for following in (True, False):
        for each in islice((title, *ancestors(title)), 4):
            other = each.next if following else each.prev
            for _step in range(6):
                if other is None:
                    break
                if not (other.tag or "-").startswith("-"):
                    text = inline_text(other)
                    if text and len(text) <= _SHORT and parse_date(text):
                        return other
                other = other.next if following else other.prev
    return None


def _with_headline(root: LexborNode, title: LexborNode | None) -> LexborNode | None:
    """The element around headline and text: a picture may stand between them, or above."""
    if title is None:
        return None
    around = {node.mem_id for node in ancestors(title)}
    for node in islice(ancestors(root), _MAX_CLIMB):
        if node.mem_id in around:
            return node if node.tag not in {"body", "html"} else None
        if node.tag == "article":
            return node  # the headline stands above it
        if node.tag in {"main", "body"}:
            break
    return None


def _foreign_pictures(around: LexborNode, region: Region) -> set[int]:
    """Elements around the region whose pictures are not the article's."""
    inside = {region.root.mem_id, *(node.mem_id for node in ancestors(region.root)), *region.kept}
    found: set[int] = set()
    for node in around.css("div, section, ul, aside, nav, footer, article, header, li, a"):
        if node.mem_id in inside:
            continue
        is_view = node.tag == "a" and opens_view(node)
        other = node.tag == "article" and not region.mass.get(node.mem_id)
        if other or (is_foreign(node) and not is_view):
            found.add(node.mem_id)
    return found
