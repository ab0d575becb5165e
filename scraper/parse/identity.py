"""What a page says its own address is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.parse.page import Page

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from scraper.sites import Site


def stated_url(page: Page, site: Site, base: str) -> str | None:
    """The first of a site's places of identity that names an article; None if none does.

    Args:
        page: the page.
        site: whose page; it says which places are to be trusted.
        base: what relative addresses are relative to.
    """
    for selector in site.identity:
        for stated in page.values(selector):
            found = site.article_url(stated, base)
            if found:
                return found
    return None


def stated_in(tree: LexborHTMLParser, site: Site, url: str = "") -> str | None:
    """The same for a tree alone, as of a saved file.

    Args:
        tree: the page.
        site: whose page.
        url: where it was fetched, if that is known.
    """
    return stated_url(Page(tree, url), site, url or f"{site.origin}/")
