"""Feeds: RSS from 0.9 to 2.0 and Atom, as feedparser reads them."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from scraper.discovery.entry import candidate, without_todays_date
from scraper.discovery.step import Listing, Step
from scraper.discovery.walk import address
from scraper.errors import ParseError
from scraper.records import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.discovery.walk import Walk
    from scraper.records import Candidate, Capture

_MAX_BYTES = 20_000_000
_MAX_ENTRIES = 20_000


def feed_steps(walk: Walk) -> tuple[Step, ...]:
    """The one step of a feed, or one for each of its search words."""
    words = [value for _name, value in walk.source.parameters] or [""]
    return tuple(_step(walk, word) for word in words)


def _step(walk: Walk, word: str) -> Step:
    url = address(walk.site, walk.source.url.format(word=word))
    return Step(walk.source.label, Request(url), partial(read_feed, walk))


def read_feed(walk: Walk, capture: Capture) -> Listing:
    """The releases that a feed names.

    Raises:
        ParseError: it is no feed, or none of its entries is a release.
    """
    import feedparser  # takes longer to load than a site without feeds should wait

    if len(capture.body) > _MAX_BYTES:
        raise ParseError(capture.url, f"a feed of {len(capture.body):,} bytes cannot be right")
    headers = {"content-location": capture.url}
    if capture.header("content-type"):
        headers["content-type"] = capture.header("content-type") or ""
    # A stream, not bytes: those could be taken for the name of a file.
    feed = feedparser.parse(BytesIO(capture.body.lstrip()), response_headers=headers)
    entries = feed.entries[:_MAX_ENTRIES]
    if not entries:
        what = "the feed is empty" if feed.get("version") else "there is no feed"
        raise ParseError(capture.url, what)
    found: dict[str, Candidate] = {}
    for entry in entries:
        each = _candidate(walk, entry, capture)
        if each:
            found.setdefault(each.url, each)
    if not found:
        reason = f"none of the {len(entries)} entries of the feed leads to a release"
        raise ParseError(capture.url, reason)
    return Listing(without_todays_date(walk, list(found.values()), capture))


def _candidate(walk: Walk, entry: Any, capture: Capture) -> Candidate | None:
    stated = dict(entry)  # the entry itself answers `updated` with other dates, and a warning
    dates = [stated.get(key) for key in ("published", "created", "updated")]
    texts = [text for text in dates if isinstance(text, str)]
    content = entry.get("content") or [{}]
    categories = [str(tag.get("term") or "") for tag in entry.get("tags") or ()]
    listed = {
        "title": entry.get("title"),
        "date": next(iter(texts), None),
        "summary": entry.get("summary"),
        "category": next(filter(None, categories), None),
        "content": content[0].get("value"),
        "link": entry.get("link"),
    }
    for link in _links(entry):
        found = candidate(walk, link, base=capture.url, dates=texts, capture=capture, listed=listed)
        if found:
            return found
    return None


def _links(entry: Any) -> Iterator[str]:
    """Addresses at which the entry may stand, best first."""
    places = [entry.get("link"), entry.get("feedburner_origlink"), entry.get("id")]
    places += [link.get("href") for link in entry.get("links") or () if link.get("rel") != "self"]
    for place in places:
        if isinstance(place, str) and place.strip():
            yield place
