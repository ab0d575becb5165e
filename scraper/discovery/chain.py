"""Chains: newsrooms without a list, where each release links the one before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from scraper.discovery.entry import candidate
from scraper.discovery.step import Listing, Step
from scraper.discovery.walk import address
from scraper.errors import ParseError
from scraper.markup.replay import base_url
from scraper.markup.tree import attribute, parse_html
from scraper.parse.page import Page
from scraper.records import Request

if TYPE_CHECKING:
    from scraper.discovery.walk import Walk
    from scraper.records import Candidate, Capture

_MOST_LINKS = 5_000  # of one page
_MOST_RELEASES = 5_000  # each costs a request
_REMEMBERED = 50


def chain_steps(walk: Walk) -> tuple[Step, ...]:
    """The page at which the chain begins: it links the newest release."""
    read = partial(read_start, walk)
    return (Step(walk.source.label, Request(address(walk.site, walk.source.url.format())), read),)


def read_start(walk: Walk, capture: Capture) -> Listing:
    """The newest releases that the page links, and the step to the first of them.

    Raises:
        ParseError: it links none.
    """
    tree = parse_html(capture)
    base = base_url(tree, capture.url)
    found: dict[str, Candidate] = {}
    for node in tree.css("a[href]")[:_MOST_LINKS]:
        each = candidate(walk, attribute(node, "href") or "", base=base, capture=capture)
        if each:
            found.setdefault(each.url, each)
    if not found:
        raise ParseError(capture.url, "the page at which the chain begins links no release")
    newest = next(iter(found))
    return Listing(tuple(found.values()), (_step(walk, newest, (), 1),))


def _step(walk: Walk, url: str, before: tuple[str, ...], count: int) -> Step:
    read = partial(read_release, walk, (*before, url)[-_REMEMBERED:], count)
    return Step(walk.source.label, Request(url), read, optional=True)


def read_release(walk: Walk, before: tuple[str, ...], count: int, capture: Capture) -> Listing:
    """The release that a release links as the one before it; nothing at the oldest.

    Raises:
        ParseError: the page cannot be read.
    """
    tree = parse_html(capture)
    base = base_url(tree, capture.url)
    page = Page(tree, capture.url)
    for link in page.values_of(walk.source.next):
        found = candidate(walk, link, base=base, capture=capture)
        if found and found.url not in before:
            steps = (_step(walk, found.url, before, count + 1),) if count < _MOST_RELEASES else ()
            return Listing((found,), steps)
    return Listing()
