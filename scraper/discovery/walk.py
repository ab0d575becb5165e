"""Where a walk through one source stands: which page comes next, and when it ends. Pure."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from scraper import urls
from scraper.dates import MONTHS
from scraper.records import Request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.records import Candidate
    from scraper.sites import Site, Source

Period = Literal["year", "month", "day"]

_MOST_PAGES = 3_000  # of one source; a site that always has a next page must not keep us for ever
_MOST_EMPTY = {"year": 2, "month": 14, "day": 62}
"""So many periods in a row without a release end a walk back in time."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One source, and what the walk is for."""

    site: Site
    source: Source
    today: date
    since: date | None = None
    """The walk may leave out what was published before this day."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk stands, and what it has to remember."""

    word: str = ""
    """The search word, of a source with `parameters`."""
    day: date | None = None
    """The first day of the period, of a source with `{year}`, `{month}` or `{day}`."""
    page: int = 0
    """Pages of the present period before this one."""
    skipped: int = 0
    """Entries of the present period before this page."""
    url: str = ""
    """Address of this page, where the one before has named it."""
    pages: int = 0
    """Pages before this one, of all periods."""
    named: int = 0
    """Releases named before, of all periods."""
    empty: int = 0
    """Periods in a row that named none."""
    first: frozenset[str] = frozenset()
    """What the first page of the period named."""
    before: frozenset[str] = frozenset()
    """What the page before named."""

    @property
    def is_first(self) -> bool:
        """Whether nothing was asked before."""
        return not self.pages


def begin(walk: Walk) -> tuple[Place, ...]:
    """Where a walk begins: at the newest period, once for each search word."""
    unit = period(walk.source)
    day = _first_day(walk.today, unit) if unit else None
    words = [value for _name, value in walk.source.parameters] or [""]
    return tuple(Place(word=word, day=day) for word in words)


def period(source: Source) -> Period | None:
    """How much time one page of a source stands for; None if its address has no date."""
    text = source.url + (source.payload or "")
    units: tuple[Period, ...] = ("day", "month", "year")
    return next((unit for unit in units if _has(text, unit) or f"{{{unit}_" in text), None)


def is_paged(source: Source) -> bool:
    """Whether a source has further pages."""
    text = source.url + (source.payload or "")
    return bool(source.next or source.pager) or _has(text, "page") or _has(text, "skip")


def _has(text: str, name: str) -> bool:
    return f"{{{name}}}" in text or f"{{{name}:" in text


def request(walk: Walk, place: Place) -> Request:
    """What to ask for at a place."""
    source = walk.source
    values = {
        "page": source.first_page + place.page,
        "skip": place.skipped,
        "word": place.word,
        "id": "",
        **_of_date(place.day or walk.today),
    }
    if place.url:
        return Request(place.url)
    url = address(walk.site, source.url.format(**values))
    payload = json.loads(source.payload) if source.payload else None
    return Request(url, _filled(payload, values) if payload is not None else None)


def address(site: Site, text: str) -> str:
    """An address of a source: absolute, or below the site's origin."""
    return urls.canonical(text, site.origin + "/") or site.origin + "/"


def _of_date(day: date) -> dict[str, int | str]:
    return {
        "year": day.year,
        "month": f"{day.month:02}",
        "month_number": day.month,
        "month_name": MONTHS[day.month - 1].replace("ä", "ae"),
        "day": f"{day.day:02}",
    }


def _filled(value: Any, values: dict[str, Any]) -> Any:
    """A payload with its placeholders replaced; one alone keeps its type."""
    if isinstance(value, dict):
        return {key: _filled(each, values) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, values) for each in value]
    if not isinstance(value, str):
        return value
    for name, each in values.items():
        if value == f"{{{name}}}":
            return each
        value = value.replace(f"{{{name}}}", str(each))
    return value


def following(
    walk: Walk, place: Place, candidates: Iterable[Candidate], entries: int, *, url: str = ""
) -> Place | None:
    """Where the walk goes on; None at its end.

    Args:
        walk: the walk.
        place: the page that was read.
        candidates: the releases it named.
        entries: how many entries it had, releases or not.
        url: address of the next page, if the page names one.
    """
    found = list(candidates)
    named = frozenset(each.url for each in found)
    if place.pages + 1 >= _MOST_PAGES or request(walk, place).url == walk.source.last:
        return None
    after = dataclasses.replace(
        place, pages=place.pages + 1, named=place.named + len(found), before=named, url=url
    )
    is_news = bool(entries) and not (named and named <= place.first | place.before)
    if walk.source.next or walk.source.pager:
        if url and is_news:
            return dataclasses.replace(after, page=place.page + 1)
        return _period_before(walk, after)
    if is_paged(walk.source) and is_news and not _is_too_old(walk, found):
        step = walk.source.step if walk.source.step > 1 else entries
        first = place.first if place.page else named
        skipped = place.skipped + step
        return dataclasses.replace(after, page=place.page + 1, skipped=skipped, first=first)
    return _period_before(walk, after)


def _is_too_old(walk: Walk, candidates: list[Candidate]) -> bool:
    """Whether a page holds nothing but releases from before the walk's day."""
    if walk.since is None or not walk.source.newest_first or not candidates:
        return False
    return all(each.published and each.published < walk.since for each in candidates)


def _period_before(walk: Walk, place: Place) -> Place | None:
    unit = period(walk.source)
    if unit is None or place.day is None:
        return None
    has_named = bool(place.before or place.first)
    empty = 0 if has_named else place.empty + 1
    day = _first_day(place.day - timedelta(days=1), unit)
    too_early = walk.source.since is not None and day.year < walk.source.since
    unwanted = walk.since is not None and place.day <= walk.since
    if too_early or unwanted or (empty >= _MOST_EMPTY[unit] and walk.source.since is None):
        return None
    nothing: frozenset[str] = frozenset()
    return dataclasses.replace(
        place, day=day, page=0, skipped=0, empty=empty, first=nothing, before=nothing, url=""
    )


def _first_day(day: date, unit: Period) -> date:
    if unit == "year":
        return date(day.year, 1, 1)
    return day.replace(day=1) if unit == "month" else day
