"""What a page says about the release: title, tags, numbers, district."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.markup import json_ld
from scraper.markup.tree import inline_text, short_text
from scraper.parse.page import stripped
from scraper.text import fold, fold_or_none

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from scraper.parse.page import Page
    from scraper.parse.place import Parts
    from scraper.sites import Layout, Site


_MOST_DISTRICT_CHARS = 200


def read_title(page: Page, parts: Parts, site: Site) -> str | None:
    """The headline; without one, the page's title less the name of the site."""
    node = parts.title
    if parts.headline:
        return without_affixes(parts.headline, site) or None
    title = inline_text(node) if node is not None and not parts.is_described else ""
    if not title:
        title = page.first(parts.layout.title) or document_title(page.tree, site) or ""
    return without_affixes(title, site) or None


def read_kicker(page: Page, parts: Parts) -> str | None:
    """What stands above the headline."""
    selectors = parts.layout.kicker
    return page.first(selectors, parts.introduction) or page.first(selectors) or parts.kicker


def document_title(tree: LexborHTMLParser, site: Site) -> str | None:
    """`<title>` without what the site adds to it."""
    node = tree.css_first("head > title")
    title = fold(node.text()) if node is not None else ""
    for suffix in site.title_suffixes:
        title = title.removesuffix(suffix)
    return title or None


def without_affixes(title: str, site: Site) -> str:
    """A headline without what it begins with in a state that is no edit of the release."""
    return stripped(title, site.soft_prefixes)


def read_issuer(page: Page, layout: Layout) -> str | None:
    """Who publishes it."""
    return page.first(layout.issuer)


def read_contact(page: Page, layout: Layout) -> str | None:
    """Whom the press may ask; several places are joined."""
    return "\n".join(page.all(layout.contact)) or None


def read_description(page: Page, layout: Layout) -> str | None:
    """The summary for search engines."""
    if layout.description:
        return page.first(layout.description)
    for name in ("description", "og:description"):
        for value in page.metas.get(name, ()):
            if fold(value):
                return fold(value)
    return fold_or_none(json_ld.text_of(page.json_ld, "description"))


def read_district(
    tree: LexborHTMLParser, tags: tuple[str, ...], site: Site, layout: Layout
) -> str | None:
    """The city district: a tag that names one, or a line beside the date."""
    for tag in tags:
        if tag in site.districts:
            return tag
    if not site.districts:
        return None
    introduction = tree.css_first(layout.introduction)
    for node in introduction.css("div, span") if introduction is not None else []:
        text = short_text(node, _MOST_DISTRICT_CHARS)
        if text in site.districts:
            return text
    return None
