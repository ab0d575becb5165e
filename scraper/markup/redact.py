"""Taking the teasers of erased releases out of pages that are kept.

A card that leads to an erased release goes whole; elsewhere its headline becomes as many `█`, so
that what stands at a position in a text still stands there, and links to it lead nowhere.
"""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from scraper import urls
from scraper.markup.charset import decode_html
from scraper.markup.cost import excess
from scraper.text import blackened, is_distinctive, name_pattern

if TYPE_CHECKING:
    from collections.abc import Collection

    from selectolax.lexbor import LexborNode

    from scraper.sites import Site

_NOWHERE = "about:blank"
_SHORTEST_PATH = 12
_ENDS = ('"', "'", '\\"')


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
    titles = [title for title in titles if is_distinctive(title)]
    patterns = [name_pattern(name) for name in names]
    is_named = any(pattern.search(text) for pattern in patterns)
    if not (is_named or _shows(text, addresses, titles)):
        return None
    found = _without_cards(text, url, site, frozenset(addresses)) if is_html else text
    found = _blackened(found, addresses, titles)
    for pattern in patterns:
        found = pattern.sub(lambda match: blackened(match[0]), found)
    if found == text:
        return None
    if charset.startswith("utf-16"):
        charset = "utf-16"  # with the mark that says so
    return found.encode(charset, "xmlcharrefreplace")


def _shows(text: str, addresses: Collection[str], titles: list[str]) -> bool:
    """Whether it may name one of the releases: quick, for all pages of an archive are asked."""
    names = {urls.file_name(url) or urls.path(url) for url in addresses}
    names |= {urls.path(url).rpartition("/")[2] for url in addresses}
    names |= {unquote(name) for name in names}
    return any(name in text for name in names if name) or any(
        spelled in text for title in titles for spelled in _spellings(title)
    )


def _spellings(title: str) -> set[str]:
    """A headline as it may stand in HTML and JSON."""
    quoted = {json.dumps(title)[1:-1], json.dumps(title, ensure_ascii=False)[1:-1]}
    return {title, html.escape(title), html.escape(title, quote=False), *quoted}


def _blackened(text: str, addresses: Collection[str], titles: list[str]) -> str:
    for title in titles:
        for spelled in sorted(_spellings(title), key=len, reverse=True):
            text = text.replace(spelled, blackened(title))
    for url in addresses:
        path = urls.path(url)
        if len(path) < _SHORTEST_PATH or "?" in url:
            continue
        for spelled in {path, unquote(path), path.replace("/", "\\/")}:
            for end in _ENDS:  # else it may be the beginning of another address
                text = text.replace(spelled + end, "/" + end)
    return text


def _without_cards(text: str, url: str, site: Site | None, addresses: frozenset[str]) -> str:
    """The page with the cards gone that lead to one of the addresses, and links made harmless."""
    if excess(text.encode("utf-8", "replace")):  # too involved to be taken apart
        return text
    tree = LexborHTMLParser(text)
    is_changed = False
    for layout in site.layouts if site else ():
        for card in tree.css(layout.related):
            if any(_target(link, url) in addresses for link in card.css("a[href]")):
                card.decompose()
                is_changed = True
    for link in tree.css("a[href]"):
        if _target(link, url) in addresses:
            link.attrs["href"] = _NOWHERE
            is_changed = True
    return tree.html or text if is_changed else text


def _target(link: LexborNode, url: str) -> str | None:
    return urls.canonical(link.attributes.get("href") or "", url)
