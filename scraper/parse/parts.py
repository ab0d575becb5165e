"""Which layout a page has, and where in it the parts of the release stand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from scraper.markup.tree import ancestors, attribute, inline_text
from scraper.parse.place import Parts
from scraper.parse.plain_page import find_parts
from scraper.platforms import NOTHING
from scraper.platforms.layout import css_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from scraper.parse.page import Page
    from scraper.sites import Layout, Site

_MOST_TWINS = 10  # elements that may stand for one part of a release


def locate(page: Page, site: Site, day: date) -> Parts | None:
    """The parts of a release, in the layout that matches the page; None if none does.

    Its marker decides, or a headline where a layout has it, then the line that a layout of plain
    markup is known by, then what else is left of an article. Where two layouts match alike, the
    one that was served on that day is meant.

    Args:
        page: the page, as visitors see it.
        site: whose page.
        day: when it was captured.
    """
    if site.article.marker and not page.css(site.article.marker):
        return None
    named = (layout for layout in site.layouts if not layout.found)
    layouts = sorted(named, key=lambda layout: _age(layout, day))
    for layout in layouts:
        if any(map(page.css, layout.marker or css_of(layout.title))) and _has_text(page, layout):
            return _by_selectors(page, layout) if layout.shaped else _described(page, layout)
    for layout in layouts:
        parts = find_parts(page.tree, layout)
        if parts is not None:
            return parts
    # A page that has lost its headline may still be an article: date or lead stand in its place.
    for layout in layouts:
        if layout.shaped and (
            page.css(layout.published_css)
            or (page.css(layout.introduction) and page.css(f"{layout.content} {layout.lead_css}"))
        ):
            return _by_selectors(page, layout)
    return None


def _has_text(page: Page, layout: Layout) -> bool:
    """Whether a page has the elements in which a layout has its running text, if it names any."""
    if layout.shaped:
        return True
    if layout.body:
        return bool(page.css(", ".join(layout.body)))
    return layout.content == NOTHING or bool(page.css(layout.content))


def _age(layout: Layout, day: date) -> tuple[bool, date]:
    """Those served on a day come first, the one that was about to end before the others."""
    last = layout.until or date.max
    return last < day, last


def _by_selectors(page: Page, layout: Layout) -> Parts | None:
    """The parts where the selectors say; of several that match, those with the headline.

    A page may have a second `main` with a notice, and introductions without a word for other sizes
    of screen.
    """
    roots = page.css(layout.content) or [body for body in (page.tree.body,) if body is not None]
    if not roots:
        return None
    title = _headline(page, layout)
    root = _around(title, roots) or _around(_first(page.css(layout.lead_css)), roots) or roots[0]
    introductions = root.css(layout.introduction)[:_MOST_TWINS]
    introduction = _around(title, introductions) or next(iter(introductions), None)
    own = introductions.index(introduction) if introduction is not None else 0
    found = introduction.css(layout.published_css) if introduction is not None else []
    published = _first_with_text(found or page.css(layout.published_css))
    return Parts(
        layout=layout,
        root=root,
        title=title,
        introduction=introduction,
        date_line=inline_text(published) if published is not None else "",
        date_hint=attribute(published, "datetime") or "",
        foreign=frozenset(
            node.mem_id
            for place, node in enumerate(introductions)
            if _repeats(node, title, introduction, layout, is_before=place < own)
        ),
    )


def _described(page: Page, layout: Layout) -> Parts | None:
    """The parts in a layout that names each of them."""
    root = page.first_element([layout.content]) or page.tree.body
    if root is None:
        return None
    title = page.first_element(css_of(layout.title))
    return Parts(layout, root, title, introduction=None, date_line="")


def _headline(page: Page, layout: Layout) -> LexborNode | None:
    """The headline: rather one with a date beside it, rather one that shows a word."""
    titles = page.css(layout.title_css)[:_MOST_TWINS]
    introductions = page.css(layout.introduction)[:_MOST_TWINS] if len(titles) > 1 else []
    for title in titles if len(titles) > 1 else []:
        around = _around(title, introductions)
        if around is not None and inline_text(title):
            published = around.css_first(layout.published_css)
            if published is not None and inline_text(published):
                return title
    return _first_with_text(titles)


def _first(nodes: list[LexborNode]) -> LexborNode | None:
    return nodes[0] if nodes else None


def _first_with_text(nodes: list[LexborNode]) -> LexborNode | None:
    """The first element that shows a word; else the first."""
    return next((node for node in nodes[:_MOST_TWINS] if inline_text(node)), _first(nodes))


def _around(node: LexborNode | None, nodes: list[LexborNode]) -> LexborNode | None:
    """The innermost of some elements that holds a node; None if none does, or there is no node."""
    known = {each.mem_id: each for each in nodes}
    around = ancestors(node) if node is not None else ()
    return next((known[each.mem_id] for each in around if each.mem_id in known), None)


def _repeats(
    node: LexborNode,
    title: LexborNode | None,
    introduction: LexborNode | None,
    layout: Layout,
    *,
    is_before: bool,
) -> bool:
    """Whether one more introduction says headline and date again, or nothing of the release.

    What stands before the one with the headline introduces something else: a notice.
    """
    if introduction is not None and node.mem_id == introduction.mem_id:
        return False
    if is_before and node.css_first("h1, h2") is None:
        return True
    headline = inline_text(title) if title is not None else ""
    if any(inline_text(each) in {"", headline} for each in node.css("h1, h2")):
        return True
    return not inline_text(node) or node.css_first(layout.published_css) is not None
