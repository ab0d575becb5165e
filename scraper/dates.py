"""Dates and times as German city sites print them, and as headers and machines state them.

Results of the first kind are ISO 8601 strings. A time of day makes a date-time with the offset the
city's clock had on that day; without one a date stays a date. Nothing here reads the clock.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

MONTHS = (
    "januar februar märz april mai juni juli august september oktober november dezember".split()
)
"""Names of the months, in lower case."""
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jan jänner jaenner",
            "februar feb",
            "märz mär mrz maerz",
            "april apr",
            "mai",
            "juni jun",
            "juli jul",
            "august aug",
            "september sep sept",
            "oktober okt",
            "november nov",
            "dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
_NAMED = re.compile(rf"(?<!\d)(\d{{1,2}})\.?\s*({'|'.join(_MONTHS)})\b\.?\s*(\d{{4}})(?!\d)", re.I)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_SHORT = re.compile(r"(?<![\d.])(\d{2})\.(\d{2})\.(\d{2})(?![\d.:]|\s*Uhr)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_TIME = re.compile(r"(?<![\d.:])(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*Uhr\b", re.I)
_CLOCK = re.compile(r"(?<![\d.:])(\d{1,2}):(\d{2})(?::\d{2})?(?![\d:])")
_YEAR_WITH_ZERO = re.compile(r"(?<![+\-\d])0\d{3}(?!\d)")
_MIDNIGHT = re.compile(r"(\d{4}-?\d\d-?\d\d[T ])24(?=:?00(?::?00(?:[.,]0{1,6})?)?(?!\d))", re.I)
_FIRST_DAY, _LAST_DAY = date(1, 1, 3), date(9999, 12, 29)
_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
_DAYS_AGO = {"today": 0, "heute": 0, "yesterday": 1, "gestern": 1}
_AGO = re.compile(r"(\d{1,4})\s*([dwmy])", re.I)


@lru_cache(maxsize=1024)
def parse_date(text: str) -> date | None:
    """The first date in a text: `7. Juli 2025`, `17.05.2022`, `17.05.22`, `2025-07-07`."""
    found: list[tuple[int, date]] = []
    for pattern in (_NAMED, _NUMERIC, _SHORT, _ISO):
        for match in pattern.finditer(text):
            first, second, third = match.groups()
            if pattern is _NAMED:
                parts = (int(third), _MONTHS[second.lower()], int(first))
            elif pattern is _NUMERIC:
                parts = (int(third), int(second), int(first))
            elif pattern is _SHORT:
                parts = (2000 + int(third), int(second), int(first))
            else:
                parts = (int(first), int(second), int(third))
            try:
                found.append((match.start(), date(*parts)))
            except ValueError:  # the 31st of February is a typing error, not a date
                continue
            break
    return min(found)[1] if found else None


def parse_time(text: str) -> time | None:
    """The first time of day in a text: `12:52 Uhr`, `9 Uhr`, `9.30 Uhr`, `12:52`.

    None for `24:00 Uhr`, which is a time of the next day (see `ends_day`).
    """
    hour, minute = _hour_and_minute(text)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def ends_day(text: str) -> bool:
    """Whether the first time of day in a text is `24:00 Uhr`: the next day's midnight."""
    return _hour_and_minute(text) == (24, 0)


def _hour_and_minute(text: str) -> tuple[int, int]:
    """As printed, whether or not there is such a time; (99, 0) if nothing looks like one."""
    match = _TIME.search(text) or _CLOCK.search(text)
    return (int(match[1]), int(match[2] or 0)) if match else (99, 0)


def local_iso(day: date, clock: time | None, zone: str) -> str:
    """ISO 8601 for a day and a local time of day.

    In the hour that the autumn change repeats, the first (summer time) is meant; a time in the
    hour that spring skips keeps the offset of winter time.

    Args:
        day: the date.
        clock: the time of day, or None to get a date.
        zone: IANA name, such as `Europe/Berlin`.
    """
    if clock is None:
        return day.isoformat()
    moment = datetime.combine(day, clock.replace(second=0, microsecond=0), ZoneInfo(zone))
    return moment.isoformat()


def parse_instant(text: str) -> datetime | None:
    """An ISO 8601 date-time with offset (`+0200` and `Z` too), or None.

    `T24:00` is the next day's midnight, as the standard has it. One that lies outside the years 1
    to 9999 in UTC or in any time zone is None, too.
    """
    written = text.strip()
    midnight = _MIDNIGHT.match(written)
    if midnight:
        written = f"{midnight[1]}00{written[midnight.end() :]}"
    try:
        moment = datetime.fromisoformat(written)
        if midnight:
            moment += timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo and as_utc(moment) else None


def parse_header_date(value: str | None) -> datetime | None:
    """The date of an HTTP or mail header, in UTC, or None if there is none that can be.

    Reads all three forms of RFC 9110, 5.6.7, and those of RFC 5322: `Wed, 21 Oct 2026 07:28:00
    GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`. Without a time zone UTC
    is meant.
    """
    from email.utils import parsedate_to_datetime  # most commands read no such date

    if value and _YEAR_WITH_ZERO.search(value):  # it would be read as two digits, of this century
        return None
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, IndexError, OverflowError):  # of years and offsets, too
        return None
    return as_utc(moment)


def as_utc(moment: datetime) -> datetime | None:
    """A date-time in UTC, which is meant where it has no time zone.

    None if it is so close to the years 1 or 9999 that other time zones have no name for it.
    """
    if not _FIRST_DAY <= moment.date() <= _LAST_DAY:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def at_zone(moment: datetime, zone: tzinfo) -> datetime:
    """An instant as the clocks of a time zone show it.

    One so near the year 1 or 9999 that they would show another year, which nobody can write, stays
    as it is.
    """
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def to_zone(moment: datetime, zone: str) -> str:
    """ISO 8601 of an instant in a time zone, to the second."""
    return at_zone(moment, ZoneInfo(zone)).replace(microsecond=0).isoformat()


def day_of(iso: str | None) -> date | None:
    """The calendar day of an ISO date or date-time, in its own offset."""
    return date.fromisoformat(iso[:10]) if iso else None


def parse_cli_date(text: str, today: date, *, is_last: bool = False) -> date | None:
    """A date as users type it.

    ISO, German, an age such as `7d`, `6w`, `3m`, `1y`; `today`, `heute`, `yesterday`, `gestern`; a
    year or a month, such as `2026` and `2026-03`.

    Args:
        text: what was typed.
        today: the day on which it was typed.
        is_last: of a year or month the last day is meant, not the first.
    """
    text = text.strip()
    if text.lower() in _DAYS_AGO:
        days = _DAYS_AGO[text.lower()]
        return today - timedelta(days=days) if days < today.toordinal() else None
    period = _PERIOD.fullmatch(text)
    if period:
        month = int(period[2]) if period[2] else None
        return _edge(int(period[1]), month, is_last=is_last)
    age = _AGO.fullmatch(text)
    if age:
        days = int(age[1]) * {"d": 1, "w": 7, "m": 30, "y": 365}[age[2].lower()]
        return max(date.min, today - timedelta(days=days)) if days < today.toordinal() else None
    for pattern in (_ISO, _NUMERIC, _NAMED):
        if pattern.fullmatch(text):
            return parse_date(text)
    return None


def _edge(year: int, month: int | None, *, is_last: bool) -> date | None:
    """The first or last day of a month, or of the year if that is None; None if there is none."""
    try:
        if month is None:
            month = 12 if is_last else 1
        if not is_last:
            return date(year, month, 1)
        return date(year, month, monthrange(year, month)[1])
    except ValueError:
        return None


def utc_iso(moment: datetime) -> str:
    """ISO 8601 in UTC to the second, as the archive's own times are stored."""
    return at_zone(moment, UTC).replace(microsecond=0).isoformat()
