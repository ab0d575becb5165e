"""Whose page is it? By its host, else by the fingerprint of its platform, else nobody's we know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import urls
from scraper.platforms import platform, recognise
from scraper.sites.site import ArticleAddress, Site, Verified

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from scraper.sites.registry import Registry

GENERIC = "generic"
_NOWHERE = "https://site.invalid"


def guess_site(tree: LexborHTMLParser, url: str, registry: Registry) -> Site:
    """The site of a page: a known one, or one made up for this page.

    Args:
        tree: the page.
        url: where it was fetched, or that of a file.
        registry: the known sites.
    """
    stated = _stated_url(tree) or ""
    for address in (url, stated):
        known = registry.find(address) if address.startswith("http") else None
        if known is not None:
            return known
    where = url if url.startswith("http") else stated
    return unknown_site(where, recognise(tree) or GENERIC)


def unknown_site(url: str, name: str = GENERIC) -> Site:
    """A site of which nothing is known but its address and perhaps its platform.

    Args:
        url: any address of it; empty if there is none.
        name: the platform.
    """
    found = urls.canonical(url) if url else None
    origin = urls.origin(found) if found else _NOWHERE
    host = urls.host(origin)
    layout = platform(name)
    layouts = (layout,) if layout.found else (layout, platform(GENERIC))
    return Site(
        key=host.removeprefix("www.") or GENERIC,
        name=host,
        origin=origin,
        article=ArticleAddress(query=("*",)),
        layouts=layouts,
        platform=name,
        verified=Verified("address"),
    )


def _stated_url(tree: LexborHTMLParser) -> str | None:
    for selector, name in (
        ("link[rel=canonical]", "href"),
        ('meta[property="og:url"]', "content"),
    ):
        node = tree.css_first(selector)
        value = node.attributes.get(name) if node is not None else None
        found = urls.canonical(value) if value else None
        if found:
            return found
    return None
