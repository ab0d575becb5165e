"""How often a crawl is to run, and the times of day that follow from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scraper.errors import UsageError

LEAST_MINUTES = 30
MOST_MINUTES = 7 * 24 * 60
# What recurs at the same times of each hour, day or week. All other intervals (7h, 2d) would
# break at the end of the hour, day or month.
_REGULAR_HOURS = (1, 2, 3, 4, 6, 8, 12, 24, 168)
REGULAR_MINUTES = (30, *(60 * hours for hours in _REGULAR_HOURS))
_EVERY = re.compile(r"(\d{1,6})\s*(m|min|h|d|w)", re.I | re.A)
_MINUTES = {"m": 1, "min": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
WEEKDAYS = "Sun Mon Tue Wed Thu Fri Sat".split()


@dataclass(frozen=True, slots=True, order=True)
class Every:
    """An interval between two crawls, in whole minutes."""

    minutes: int

    def __str__(self) -> str:
        """The shortest spelling: `30m`, `6h`, `1d`."""
        for unit in "dh":
            if self.minutes % _MINUTES[unit] == 0:
                return f"{self.minutes // _MINUTES[unit]}{unit}"
        return f"{self.minutes}m"

    @property
    def is_regular(self) -> bool:
        """Whether it recurs at the same times of each hour, day or week."""
        return self.minutes in REGULAR_MINUTES

    @property
    def delta(self) -> timedelta:
        """As a difference between times."""
        return timedelta(minutes=self.minutes)


def parse_every(text: str) -> Every:
    """An interval as users type it: `30m`, `6h`, `1d`, `1w`.

    Raises:
        UsageError: it is not a length of time, or too short or too long.
    """
    match = _EVERY.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            f"--every {text!r} is not an interval. Write a number and a unit: 30m (minutes), 6h "
            "(hours), 1d (days), 1w (a week)."
        )
    every = Every(int(match[1]) * _MINUTES[match[2].lower()])
    if not LEAST_MINUTES <= every.minutes <= MOST_MINUTES:
        raise UsageError(
            f"--every {text!r} is out of bounds: at least 30m, so that the city's server is left "
            "in peace, and at most 7d, so that edits and deletions are noticed."
        )
    return every


def regular_neighbours(every: Every) -> list[Every]:
    """The next shorter and the next longer regular intervals."""
    shorter = [Every(minutes) for minutes in REGULAR_MINUTES if minutes < every.minutes]
    longer = [Every(minutes) for minutes in REGULAR_MINUTES if minutes > every.minutes]
    return shorter[-1:] + longer[:1]


@dataclass(frozen=True, slots=True)
class Slots:
    """The local times at which a regular crawl starts.

    When clocks are put forward or back, one run may come an hour late or early.
    """

    minutes: tuple[int, ...]
    """Minutes of the hour."""
    hours: tuple[int, ...] | None = None
    """Hours of the day; None is every hour."""
    weekday: int | None = None
    """0 is Sunday, as in cron; None is every day."""

    def as_cron(self) -> str:
        """The five fields of a crontab line; lists, since not every cron knows steps."""
        hours = "*" if self.hours is None else ",".join(map(str, self.hours))
        day = "*" if self.weekday is None else self.weekday
        return f"{','.join(map(str, self.minutes))} {hours} * * {day}"

    def as_calendar(self) -> str:
        """The value of `OnCalendar=`."""
        hours = "*" if self.hours is None else ",".join(f"{hour:02}" for hour in self.hours)
        minutes = ",".join(f"{minute:02}" for minute in self.minutes)
        day = "" if self.weekday is None else f"{WEEKDAYS[self.weekday]} "
        return f"{day}*-*-* {hours}:{minutes}:00"

    def after(self, now: datetime) -> datetime:
        """The first start after a moment, in UTC.

        Args:
            now: the moment, with its offset.
        """
        today = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        starts = (
            # Naive times are those of this machine's clock, as the schedulers mean them.
            (today + timedelta(days=day, hours=hour, minutes=minute)).astimezone(UTC)
            for day in range(9)
            if self.weekday in {None, (today + timedelta(days=day)).isoweekday() % 7}
            for hour in (range(24) if self.hours is None else self.hours)
            for minute in self.minutes
        )
        return min(start for start in starts if start > now)


def slots(every: Every, offset: int) -> Slots:
    """The start times of a regular interval.

    Args:
        every: a regular interval.
        offset: any number; spreads archives over the interval, and never starts one at :00.
    """
    if every.minutes < 60:
        first = 1 + offset % (every.minutes - 1)
        return Slots(tuple(range(first, 60, every.minutes)))
    minutes, offset = (1 + offset % 59,), offset // 59
    hours = every.minutes // 60
    if hours == 1:
        return Slots(minutes)
    first = offset % min(hours, 24)
    if hours <= 24:
        return Slots(minutes, tuple(range(first, 24, hours)))
    return Slots(minutes, (first,), offset // 24 % 7)


def slots_of_cron(fields: list[str]) -> Slots | None:
    """The times that five fields of a crontab line name, None where they say more than `Slots`."""
    minutes, hours, *day, weekday = fields
    if day != ["*", "*"]:
        return None
    try:
        found = Slots(
            _numbers(minutes),
            None if hours == "*" else _numbers(hours),
            None if weekday == "*" else int(weekday) % 7,
        )
    except ValueError:
        return None
    inside = max(found.minutes) < 60 and max(found.hours or (0,)) < 24
    return found if inside else None


def _numbers(field: str) -> tuple[int, ...]:
    return tuple(int(number) for number in field.split(","))
