"""When a release was published: a day, and a time of day only where the page truly states one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scraper import dates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.parse.page import Page
    from scraper.platforms import Clock, Layout, Selector
    from scraper.records import Precision

_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?")
_MIDNIGHT = time(0, 0)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and a time of day if one is stated."""

    iso: str | None
    """ISO 8601, see `Article.published`."""
    raw: str | None
    """As printed."""

    @property
    def precision(self) -> Precision | None:
        """Whether a time of day is stated; None if there is not even a day."""
        if self.iso is None:
            return None
        return "minute" if "T" in self.iso else "day"


def read_moment(
    page: Page,
    selectors: tuple[Selector, ...],
    layout: Layout,
    zone: str,
    texts: tuple[str, ...] = (),
    nearby: str = "",
) -> Moment:
    """The moment that candidates name.

    The first that names a day decides. A time of day comes from the first candidate that states
    one for the same day, or for no day at all.

    Args:
        page: the page.
        selectors: the candidates.
        layout: its rules about clocks.
        zone: IANA time zone of the site.
        nearby: a line for want of anything better.
        texts: what was found elsewhere, which comes first: as printed, then beside it.
    """
    found = _first_texts(page, selectors, layout, texts)
    shown = next((text for text, is_shown, _clock in found if is_shown), None)
    readings = [read_text(text, clock, layout.placeholder_times, zone) for text, _s, clock in found]
    day = next((reading.day for reading in readings if reading.day), None)
    if day is None and nearby:
        return read_moment(page, (), layout, zone, (nearby,))
    if day is None:
        return Moment(None, shown)
    for reading in readings:
        if reading.ends_day and reading.day in {None, day}:
            return Moment(_iso(_next(day), _MIDNIGHT, zone), shown)
        if reading.moment is not None and reading.day in {None, day}:
            return Moment(_iso(day, reading.moment, zone), shown)
    return Moment(day.isoformat(), shown)


def _first_texts(
    page: Page, selectors: tuple[Selector, ...], layout: Layout, texts: tuple[str, ...]
) -> list[tuple[str, bool, Clock]]:
    """Text of each candidate that has one, whether people see it, and what its clock is worth."""
    found: list[tuple[str, bool, Clock]] = [
        (text, number == 0, layout.clock) for number, text in enumerate(texts) if text
    ]
    for selector in selectors:
        for text in page.values(selector):
            is_shown = selector.css is not None and selector.attribute is None
            found.append((text, is_shown, selector.clock or layout.clock))
            break
    return found


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says."""

    day: date | None = None
    moment: time | datetime | None = None
    """Local time of day, or an instant."""
    ends_day: bool = False
    """Whether it is `24:00 Uhr`: the next day's midnight."""


def read_text(
    text: str, clock: Clock = "stated", placeholders: Iterable[str] = (), zone: str = "UTC"
) -> Reading:
    """Day and time of day in a text.

    Args:
        text: as printed, or an ISO 8601 date-time.
        clock: what the time of day is worth.
        placeholders: endings of date-times that mean no time at all.
        zone: IANA time zone of the site.
    """
    match = _ISO.search(text)
    if match:
        return _read_iso(match[0], clock, placeholders, zone)
    day = dates.parse_date(text) or _compact(text)
    if clock == "day only":
        return Reading(day)
    return Reading(day, dates.parse_time(text), dates.ends_day(text))


def _read_iso(text: str, clock: Clock, placeholders: Iterable[str], zone: str) -> Reading:
    try:
        moment = dates.parse_instant(text) or datetime.fromisoformat(text)
    except ValueError:
        return Reading(dates.parse_date(text))
    if moment.tzinfo is not None and clock == "stated":
        if any(text.endswith(each) for each in placeholders):
            return Reading(moment.date())
        there = moment.astimezone(ZoneInfo(zone))
        if _MIDNIGHT in {moment.time(), there.time()}:
            # Nobody publishes at midnight: it is a date that had to become a date-time.
            return Reading(there.date() if there.time() == _MIDNIGHT else moment.date())
        return Reading(there.date(), there)
    if clock == "day only" or moment.time() == _MIDNIGHT:
        return Reading(moment.date())
    return Reading(moment.date(), moment.time())


def _next(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def _compact(text: str) -> date | None:
    match = _COMPACT.search(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _iso(day: date, moment: time | datetime, zone: str) -> str:
    if isinstance(moment, datetime):
        return moment.replace(microsecond=0).isoformat()
    local = datetime.combine(day, moment.replace(microsecond=0, tzinfo=None), ZoneInfo(zone))
    return local.isoformat()
