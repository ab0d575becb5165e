"""The search interface: an Elasticsearch proxy that lists news, events and pages in one stream."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from scraper.dates import day_of, parse_date, parse_instant, to_zone
from scraper.discovery.step import Listing, Step
from scraper.discovery.walk import address
from scraper.errors import ParseError
from scraper.records import Candidate, Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.records import Capture
    from scraper.sites import Site, Source

PAGE_SIZE = 100
# Unseen on the site; the usual names. Names of other times (changed, event) must not be here.
_DATE_KEYS = ("publicationDate", "datePublished", "publishDate", "published", "newsDate", "date")
_BEYOND = (
    "The search interface lists more than the {:,} documents it lets one see; older articles can "
    "only come from the other sources."
)
# A hundred hits with all their text take a fifth; in memory, JSON is ten times as large.
_MAX_ANSWER_BYTES = 10_000_000
_MORE_THAN_ASKED = (
    "The search interface answered with {:,} documents at once; only {:,} of them were read, and "
    "older articles can only come from the other sources."
)
_MIN_DESCENTS = 5  # that often a date must be followed by an earlier one: fewer may be chance
_MAX_STEPS = 500  # a server that hands out less than it is asked for may not keep us for ever


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Where the walk stands, and what it has seen of the order of the listing."""

    offset: int = 0
    steps: int = 0
    last: date | None = None
    descents: int = 0
    ascents: int = 0

    @property
    def is_newest_first(self) -> bool:
        return self.steps >= 2 and self.descents >= _MIN_DESCENTS and not self.ascents


@dataclass(frozen=True, slots=True)
class _Walk:
    """What a walk is for."""

    site: Site
    source: Source
    since: date | None


def search_steps(
    site: Site, since: date | None = None, source: Source | None = None
) -> tuple[Step, ...]:
    """The first step of a walk through everything the interface lists, if the site has one.

    Args:
        site: whose interface.
        since: the walk ends early at a page of articles older than this, provided that the
            listing has been in order of date, newest first, over at least two pages.
        source: which of the site's sources; the first such interface if None.
    """
    found = (each for each in site.sources if each.method == "elasticsearch")
    source = source or next(found, None)
    return (_step(_Walk(site, source, since), _Cursor()),) if source else ()


def _step(walk: _Walk, cursor: _Cursor) -> Step:
    size = min(PAGE_SIZE, walk.source.window - cursor.offset)
    payload = {"query": "*", "from": cursor.offset, "size": size}
    request = Request(address(walk.site, walk.source.url.format()), payload)
    return Step(walk.source.label, request, partial(_read, walk, cursor))


def _read(walk: _Walk, cursor: _Cursor, capture: Capture) -> Listing:
    site, since = walk.site, walk.since
    hits, total = _hits(capture)
    most = walk.source.window
    if len(hits) > most:  # a server that ignores the size may go on like this for ever
        warning = _MORE_THAN_ASKED.format(len(hits), most)
        return Listing(tuple(_candidates(site, hits[:most])), warnings=(warning,))
    candidates = tuple(_candidates(site, hits))
    seen = _advance(cursor, len(hits), candidates)
    if not hits or (total is not None and seen.offset >= total):
        return Listing(candidates)
    if seen.offset >= walk.source.window or seen.steps >= _MAX_STEPS:
        return Listing(candidates, warnings=(_BEYOND.format(seen.offset),))
    if since and seen.is_newest_first and candidates:
        days = [candidate.published for candidate in candidates]
        if all(day is not None and day < since for day in days):
            return Listing(candidates)
    return Listing(candidates, (_step(walk, seen),))


def _hits(capture: Capture) -> tuple[list[Any], int | None]:
    if len(capture.body) > _MAX_ANSWER_BYTES:
        reason = f"the search interface answers with {len(capture.body):,} bytes"
        raise ParseError(capture.url, reason)
    try:
        answer = json.loads(capture.body)
        hits = answer["hits"]["hits"]
        total = answer["hits"].get("total")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = "the search interface does not answer with Elasticsearch's JSON"
        raise ParseError(capture.url, reason) from error
    if not isinstance(hits, list):
        raise ParseError(capture.url, "the search interface's list of hits is not a list")
    if isinstance(total, dict):
        # "gte" means that Elasticsearch has stopped counting: there is more.
        total = total.get("value") if total.get("relation", "eq") == "eq" else None
    is_count = isinstance(total, int) and not isinstance(total, bool) and total > 0
    return hits, total if is_count else None


def _advance(cursor: _Cursor, count: int, candidates: tuple[Candidate, ...]) -> _Cursor:
    days = [candidate.published for candidate in candidates if candidate.published]
    pairs = list(pairwise([cursor.last, *days] if cursor.last else days))
    return _Cursor(
        offset=cursor.offset + count,
        steps=cursor.steps + 1,
        last=days[-1] if days else cursor.last,
        descents=cursor.descents + sum(later < earlier for earlier, later in pairs),
        ascents=cursor.ascents + sum(later > earlier for earlier, later in pairs),
    )


def _candidates(site: Site, hits: list[Any]) -> Iterator[Candidate]:
    for hit in hits:
        source = hit.get("_source") if isinstance(hit, dict) else None
        if not isinstance(source, dict):
            continue
        original = source.get("website_url")
        if not isinstance(original, str) or _has_surrogates(original):
            continue
        url = site.listed_url(original)
        if url:
            day = _published(source, site.zone)
            yield Candidate(url, original, "search", day, _district(site, source))


def _has_surrogates(text: str) -> bool:
    """Whether a text holds halves of characters, which JSON can spell and UTF-8 can't."""
    return any("\ud800" <= char <= "\udfff" for char in text)


def _published(source: dict[str, Any], zone: str) -> date | None:
    for key in _DATE_KEYS:
        value = source.get(key)
        found = _local_day(value, zone) if isinstance(value, str) else None
        if found:
            return found
    return None


def _local_day(value: str, zone: str) -> date | None:
    """The day in the city: late in the evening, UTC has the day before."""
    moment = parse_instant(value)
    if moment:
        return day_of(to_zone(moment, zone))
    day = parse_date(value)
    is_at_an_end_of_the_calendar = day is not None and day.year in {date.min.year, date.max.year}
    return None if is_at_an_end_of_the_calendar else day


def _district(site: Site, source: dict[str, Any]) -> str | None:
    tags = source.get("contentTags")
    for tag in tags if isinstance(tags, list) else []:
        if not isinstance(tag, dict):
            continue
        value, parents = tag.get("value"), tag.get("parentValues")
        names = parents if isinstance(parents, list) else [parents]
        if not isinstance(value, str) or value not in site.districts:
            continue
        if not names or site.district_parent in names:
            return value
    return None
