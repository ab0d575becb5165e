"""Which layout a page has, and where in it the parts of the release stand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from scraper.parse.place import Parts
from scraper.parse.plain_page import find_parts
from scraper.platforms.layout import NOTHING, css_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from scraper.sites import Layout, Site


def locate(tree: LexborHTMLParser, site: Site, day: date) -> Parts | None:
    """The parts of a release, in the layout that matches the page; None if none does.

    Its marker decides, or a headline where a layout has it, then the line that a layout of plain
    markup is known by, then what else is left of an article. Where two layouts match alike, the
    one that was served on that day is meant.

    Args:
        tree: the page.
        site: whose page.
        day: when it was captured.
    """
    if site.article.marker and tree.css_first(site.article.marker) is None:
        return None
    layouts = sorted(site.layouts, key=lambda layout: _age(layout, day))
    for layout in layouts:
        marker = ", ".join(layout.marker) or layout.title_css
        if tree.css_first(marker) is not None:
            return _by_selectors(tree, layout)
    for layout in layouts:
        parts = find_parts(tree, layout)
        if parts is not None:
            return parts
    # A page that has lost its headline may still be an article: date or lead stand in its place.
    for layout in layouts:
        if layout.shaped and (
            tree.css_first(", ".join(css_of(layout.published)) or NOTHING) is not None
            or (
                tree.css_first(layout.introduction) is not None
                and tree.css_first(f"{layout.content} {layout.lead_css}") is not None
            )
        ):
            return _by_selectors(tree, layout)
    return None


def _age(layout: Layout, day: date) -> tuple[bool, date]:
    """Those served on a day come first, the one that was about to end before the others."""
    last = layout.until or date.max
    return last < day, last


def _by_selectors(tree: LexborHTMLParser, layout: Layout) -> Parts | None:
    root = tree.css_first(layout.content) or tree.body
    if root is None:
        return None
    return Parts(
        layout=layout,
        root=root,
        title=tree.css_first(layout.title_css),
        introduction=root.css_first(layout.introduction),
        date_line="",
    )
