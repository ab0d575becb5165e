"""Taking the teasers of erased releases out of pages that are kept.

A card that leads to an erased release goes whole; elsewhere its headline becomes as many `█`, so
that what stands at a position in a text still stands there, and links to it lead nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from scraper import urls
from scraper.markup.charset import decode_html
from scraper.markup.cost import excess
from scraper.text import is_distinctive
from scraper.text.blackening import blackening

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from selectolax.lexbor import LexborNode

    from scraper.sites import Site

_NOWHERE = "about:blank"
_SHORTEST_PATH = 12


def redact_page(
    body: bytes,
    content_type: str,
    url: str,
    site: Site | None,
    addresses: Collection[str],
    titles: Collection[str],
    names: Collection[str] = (),
) -> bytes | None:
    """A page without the teasers of some releases, and without names of persons.

    Args:
        body: the page, content coding removed.
        content_type: as the server stated it; may be empty.
        url: of the page.
        site: whose page it is, if that is known.
        addresses: canonical ones of the releases.
        titles: their headlines.
        names: of persons; each becomes as many `█` wherever it stands.

    Returns:
        The page in its charset; None if it shows nothing of these releases, or is no text.
    """
    kind = content_type.lower()
    is_html = "html" in kind or not kind
    if not is_html and not any(word in kind for word in ("json", "xml", "text/")):
        return None
    text, charset = decode_html(body, content_type or None)
    phrases = (*filter(is_distinctive, titles), *names)
    paths = (urls.path_and_query(url) for url in addresses)
    black = blackening(phrases, tuple(path for path in paths if len(path) >= _SHORTEST_PATH))
    if not (black.is_in(text) or _may_lead_there(text, addresses)):
        return None
    if is_html:
        named = blackening(tuple(names))
        gone = frozenset(addresses)
        found = _without_cards(
            text, url, site, lambda to: urls.is_one_of(to, gone) or named.is_in(to)
        )
    else:
        found = text
    found = black(found)
    if found == text:
        return None
    if charset.startswith("utf-16"):
        charset = "utf-16"  # with the mark that says so
    return found.encode(charset, "xmlcharrefreplace")


def _may_lead_there(text: str, addresses: Collection[str]) -> bool:
    """Whether it may link to one of the releases: quick, for all pages of an archive are asked."""
    names = {urls.file_name(url) or urls.path(url) for url in addresses}
    names |= {urls.path(url).rpartition("/")[2] for url in addresses}
    names |= {unquote(name) for name in names}
    return any(name in text for name in names if name)


def _without_cards(
    text: str, url: str, site: Site | None, leads_there: Callable[[str], bool]
) -> str:
    """The page with the cards gone that lead to a release, and links to it made harmless."""
    if excess(text.encode("utf-8", "replace")):  # too involved to be taken apart
        return text
    tree = LexborHTMLParser(text)
    is_changed = False
    for layout in site.layouts if site else ():
        for card in tree.css(layout.related):
            if any(leads_there(_target(link, url)) for link in card.css("a[href]")):
                card.decompose()
                is_changed = True
    for link in tree.css("a[href]"):
        if leads_there(_target(link, url)):
            link.attrs["href"] = _NOWHERE
            is_changed = True
    return tree.html or text if is_changed else text


def _target(link: LexborNode, url: str) -> str:
    return urls.canonical(link.attributes.get("href") or "", url) or ""
