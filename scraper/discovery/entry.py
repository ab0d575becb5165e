"""One entry of a listing as a candidate: address, day, and what else it says of the release."""

from __future__ import annotations

import re
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scraper import urls
from scraper.parse.published import read_text
from scraper.records import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scraper.discovery.walk import Walk
    from scraper.records import Capture

_PLACEHOLDER_TIMES = ("T00:00:00Z", "T01:00:00Z", "T12:00:00Z", "T12:00:00+00:00")
_MOST_LISTED = 100_000  # characters that a listing may say about one release
_LONGEST_DATE = 100
_MANY = 5  # so many entries of one day of fetching: the column shows today, not a date
_YEAR = timedelta(days=366)
_AGO = re.compile(r"\bvor\s+(\d{1,3}|eine[mr]|wenigen)\s+(minute|stunde|tag|woche)", re.I)
_RFC_822 = re.compile(r"\s*(?:\w{3,9}\.?,\s*)?\d{1,2} \w{3,9} \d{2,4} \d")
_DAYS = {"heute": 0, "gestern": 1, "vorgestern": 2}


def candidate(
    walk: Walk,
    original: str,
    *,
    base: str,
    dates: Iterable[str] = (),
    capture: Capture,
    listed: Mapping[str, str | None] | None = None,
    fetch_url: str | None = None,
    district: str | None = None,
) -> Candidate | None:
    """The candidate of an entry; None if it leads to no release.

    Args:
        walk: what is being read.
        original: the address as the entry spells it.
        base: what it is relative to.
        dates: texts that may name the day, best first.
        capture: the answer, for dates that are relative to its own.
        listed: what the entry says of the release; kept as far as the site's layouts ask for it.
        fetch_url: where the release is to be had, if not at its own address.
        district: the city's district.
    """
    if any("\ud800" <= char <= "\udfff" for char in original):
        return None
    site, source = walk.site, walk.source
    url = site.listed_url(original, base)
    if url is None or (source.path and not re.search(source.path, urls.path(url))):
        return None
    asked = site.listed_fields
    said = [(name, text[:_MOST_LISTED]) for name, text in (listed or {}).items() if text]
    return Candidate(
        url,
        original,
        source.label,
        next((day for text in dates if (day := published(walk, text, capture))), None),
        district,
        fetch_url,
        tuple(pair for pair in said if pair[0] in asked),
    )


def published(walk: Walk, text: str, capture: Capture) -> date | None:
    """The day that a text names, in the site's zone; None where it names none, or an absurd one.

    Args:
        walk: its source says what a time of day is worth.
        text: as printed; ISO 8601 or RFC 822 too.
        capture: the answer it stands in.
    """
    zone = walk.site.zone
    found = read_text(_iso(text), walk.source.clock, _PLACEHOLDER_TIMES, zone)
    today = capture.fetched_at.astimezone(ZoneInfo(zone)).date()
    day = found.day or _relative(text, capture, zone)
    return day if day is not None and date(1990, 1, 1) <= day <= today + _YEAR else None


def _iso(text: str) -> str:
    """A date of RFC 822 as ISO 8601; others as they are."""
    if len(text) > _LONGEST_DATE or not _RFC_822.match(text):
        return text
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return text


def _relative(text: str, capture: Capture, zone: str) -> date | None:
    """The day of `Gestern`, `vor 3 Stunden`, `vor 2 Tagen`, as seen when it was fetched."""
    now = capture.fetched_at.astimezone(ZoneInfo(zone))
    word = next((word for word in re.findall(r"\w+", text.lower()[:200]) if word in _DAYS), None)
    if word:
        return (now - timedelta(days=_DAYS[word])).date()
    match = _AGO.search(text[:200])
    if match is None:
        return None
    number = int(match[1]) if match[1].isdigit() else 1
    unit = {"minute": "minutes", "stunde": "hours", "tag": "days", "woche": "weeks"}
    return (now - timedelta(**{unit[match[2].lower()]: number})).date()


def without_todays_date(
    walk: Walk, found: list[Candidate], capture: Capture
) -> tuple[Candidate, ...]:
    """The candidates; without their days where each shows the day of fetching.

    Some lists print today's date at every entry.
    """
    today = capture.fetched_at.astimezone(ZoneInfo(walk.site.zone)).date()
    if len(found) < _MANY or any(each.published != today for each in found):
        return tuple(found)
    return tuple(
        Candidate(
            each.url, each.original, each.source, None, each.district, each.fetch_url, each.listed
        )
        for each in found
    )
