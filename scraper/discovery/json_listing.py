"""Listings in JSON: of an interface, page by page, or in an attribute of an HTML page."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from scraper.discovery.entry import candidate, without_todays_date
from scraper.discovery.step import Listing, Step
from scraper.discovery.walk import Place, address, begin, following, request
from scraper.errors import ParseError
from scraper.markup.tree import parse_html
from scraper.parse.page import Page, search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.discovery.walk import Walk
    from scraper.records import Candidate, Capture

_MAX_BYTES = 20_000_000
_MAX_ITEMS = 20_000
_NO_SUCH_PAGE = frozenset({400, 416, 422})
_LINKS = ("url", "link", "href", "permalink", "path")
_DATES = ("date", "published", "publishedAt", "publicationDate", "release_date", "datum")


def json_steps(walk: Walk) -> tuple[Step, ...]:
    """The first page of an interface, once for each search word."""
    return tuple(_step(walk, place) for place in begin(walk))


def attribute_steps(walk: Walk) -> tuple[Step, ...]:
    """The HTML page whose attribute holds the list."""
    url = address(walk.site, walk.source.url.format())
    from_page = partial(read_attribute, walk)
    return (Step(walk.source.label, request(walk, Place(url=url)), from_page),)


def _step(walk: Walk, place: Place) -> Step:
    read = partial(read_json, walk, place)
    asked = request(walk, place)
    is_further = not place.is_first
    # Some interfaces call the page after the last one a bad request.
    refused = _NO_SUCH_PAGE if is_further else frozenset[int]()
    return Step(walk.source.label, asked, read, optional=is_further, missing=refused)


def read_json(walk: Walk, place: Place, capture: Capture) -> Listing:
    """The releases that one page of an interface names, and the step to the next page.

    Raises:
        ParseError: it is not JSON, the list is not where it should be, or it should not be empty.
    """
    data = _loaded(capture.body, capture.url)
    items = _items(walk, data, capture.url)
    found = _candidates(walk, items, capture, capture.url)
    if place.is_first and not walk.source.parameters:
        _check(walk, items, found, capture.url)
    total = search(walk.source.total, data) if walk.source.total else None
    seen = place.skipped + len(items)
    page = Page(LexborHTMLParser(""), capture.url, data=data)
    link = page.first(walk.source.next)
    url = walk.site.canonical(link, capture.url) if link else None
    after = following(walk, place, found, len(items), url="" if url == capture.url else url or "")
    if isinstance(total, int) and after is not None and after.page and seen >= total:
        after = None
    return Listing(tuple(found), (_step(walk, after),) if after else ())


def read_attribute(walk: Walk, capture: Capture) -> Listing:
    """The releases that the JSON in an attribute of a page names.

    Raises:
        ParseError: there is no such attribute, it is not JSON, or it names no release.
    """
    tree = parse_html(capture)
    name = walk.source.attribute or ""
    values = [node.attributes.get(name) for node in tree.css(walk.source.entry)]
    texts = [value for value in values if value]
    if not texts:
        reason = f"no element {walk.source.entry!r} with the attribute {name!r} stands there"
        raise ParseError(capture.url, reason)
    found: list[Candidate] = []
    count: list[Any] = []
    for text in texts:
        items = _items(walk, _loaded(text.encode("utf-8", "replace"), capture.url), capture.url)
        count += items
        found += _candidates(walk, items, capture, capture.url)
    _check(walk, count, found, capture.url)
    return Listing(tuple(found))


def _loaded(body: bytes, url: str) -> Any:
    if len(body) > _MAX_BYTES:
        raise ParseError(url, f"the interface answers with {len(body):,} bytes")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParseError(url, "the interface does not answer with JSON") from error


def _items(walk: Walk, data: Any, url: str) -> list[Any]:
    path = walk.source.items or "@"
    items = search(path, data)
    if not isinstance(items, list):
        raise ParseError(url, f"the interface has no list at {path!r}")
    return items[:_MAX_ITEMS]


def _check(walk: Walk, items: list[Any], found: list[Candidate], url: str) -> None:
    if not items:
        raise ParseError(url, f"the list at {walk.source.items or '@'!r} is empty")
    if not found:
        raise ParseError(url, f"none of the {len(items)} items of the list leads to a release")


def _candidates(walk: Walk, items: list[Any], capture: Capture, base: str) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    for item in items:
        each = _candidate(walk, item, capture, base)
        if each:
            found.setdefault(each.url, each)
    return list(without_todays_date(walk, list(found.values()), capture))


def _candidate(walk: Walk, item: Any, capture: Capture, base: str) -> Candidate | None:
    source, template = walk.source, walk.site.article.template
    data = item if isinstance(item, dict) else {"url": item}
    page = Page(LexborHTMLParser(""), base, data=data)
    number = search(source.item_id, data) if source.item_id else None
    number = str(number) if isinstance(number, str | int) and number != "" else None
    fetch_url = None
    if source.item_url and number:
        quoted = quote(number, safe="")
        fetch_url = address(walk.site, source.item_url.format(id=quoted))
    dates = list(page.values_of(source.date)) if source.date else list(_first_of(data, _DATES))
    listed = {
        "title": page.first(source.title),
        "date": next(iter(dates), None),
        "content": next(iter(page.raw_values(source.body)), None),
    }
    for link in _links(page, data, walk, number, template, fetch_url):
        said = {**listed, "link": link}
        found = candidate(
            walk, link, base=base, dates=dates, capture=capture, listed=said, fetch_url=fetch_url
        )
        if found:
            return found
    return None


def _links(
    page: Page,
    data: dict[str, Any],
    walk: Walk,
    number: str | None,
    template: str,
    fetch_url: str | None,
) -> Iterator[str]:
    """Addresses that may be the release's, best first."""
    if walk.source.link:
        yield from page.values_of(walk.source.link)
    if template and number:
        yield template.replace("{id}", quote(number, safe=""))
    if not walk.source.link:
        yield from _first_of(data, _LINKS)
    if fetch_url:
        yield fetch_url


def _first_of(data: dict[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = data.get(name)
        if isinstance(value, str) and value.strip():
            yield value
