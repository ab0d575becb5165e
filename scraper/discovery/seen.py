"""What one page tells about a newsroom that nobody has described: all of it at once. Pure.

A page is read in a worker process; only what is found there comes back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.discovery.interfaces import Interface, find_interfaces
from scraper.discovery.paging import Paging, Turn, find_paging, find_turns
from scraper.discovery.periods import Archive, find_archives
from scraper.discovery.shape import Entries, find_entries, find_feeds, find_links
from scraper.markup.tree import attribute, parse_html
from scraper.platforms import recognise
from scraper.text import fold

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from scraper.records import Capture

_PRESS = re.compile(r"press|medien|newsroom|aktuell|news|meldung", re.I)
_TYPE_CLASS = re.compile(
    r"(?:node--type-|page-node-type-|type-|template-|page-type-|single-)"
    r"[\w-]{0,40}(?:press|news|meldung|artic|post)[\w-]{0,40}",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page shows."""

    url: str
    name: str
    """What the site calls itself; empty if it does not."""
    platform: str | None
    entries: Entries | None
    """The most likely list of releases."""
    paging: Paging | None
    archives: tuple[Archive, ...]
    """Lists by year or month that it links."""
    feeds: tuple[str, ...]
    interfaces: tuple[Interface, ...]
    """Lists in JSON that it links or holds."""
    links: tuple[str, ...]
    """Pages that are called press or news."""
    turns: tuple[Turn, ...]
    """Links of a release to the one before or after it."""
    types: frozenset[str]
    """Classes that name the type of the page."""


def see(capture: Capture) -> Seen:
    """What a page shows.

    Raises:
        ParseError: it is no page.
    """
    tree, url = parse_html(capture), capture.url
    entries = find_entries(tree, url)
    known = frozenset(entries.urls) if entries else frozenset()
    return Seen(
        url,
        name=_name(tree),
        platform=recognise(tree),
        entries=entries,
        paging=find_paging(tree, url),
        archives=find_archives(tree, url, known),
        feeds=find_feeds(tree, url),
        interfaces=find_interfaces(tree, url),
        links=find_links(tree, url, _PRESS),
        turns=find_turns(tree, url),
        types=_types(tree),
    )


def _name(tree: LexborHTMLParser) -> str:
    """What the site calls itself."""
    meta = attribute(tree.css_first('meta[property="og:site_name"]'), "content")
    if meta:
        return fold(meta)[:100]
    node = tree.css_first("title")
    title = fold(node.text()) if node is not None else ""
    parts = re.split(" [|–—-] ", title)
    return parts[-1][:100] if len(parts) > 1 else ""


def _types(tree: LexborHTMLParser) -> frozenset[str]:
    found: set[str] = set()
    for node in tree.css("body, article, main, section, div")[:3_000]:
        classes = attribute(node, "class") or ""
        if "teaser" not in classes:  # of another release
            found.update(name for name in classes.split() if _TYPE_CLASS.fullmatch(name))
    return frozenset(found)
