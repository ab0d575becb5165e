"""Whether a newsroom has been silent for longer than it ever was. Pure.

Silence is the usual death of a scraper: the listing is cached, the search interface answers with an
old index, and every run ends well with nothing new.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST_DAYS = 7
"""No newsroom is called silent sooner."""
_TIMES_A_LONG_GAP = 3
_LONG_GAP = 0.95  # quantile
_LOOK_BACK = timedelta(days=400)  # last year's holidays, wherever they fall in it
_LONGEST_HOLIDAY_DAYS = 45
_FEW_GAPS = 10
_DAYS_IF_FEW = 30


@dataclass(frozen=True, slots=True)
class Silence:
    """How long nothing new has come, and how long that may be."""

    newest: date
    """Day of the newest article."""
    days: int
    """Since then."""
    usual_days: int
    """The longest silence that this newsroom's rhythm explains."""
    watched_days: int
    """How much of the silence the archive has been there to see."""

    @property
    def is_too_long(self) -> bool:
        """Whether the archive has been watching a silence that is not usual."""
        return min(self.days, self.watched_days) > self.usual_days

    @property
    def was_too_long(self) -> bool:
        """Whether it was unusual already before the archive began to watch."""
        return self.days > self.usual_days and not self.is_too_long


def usual_silence_days(days: Iterable[date]) -> int:
    """The longest silence that the days of publication explain, in days.

    Three times the gap that 95 of 100 do not exceed, at least seven days, and at least the longest
    gap of the last 400 days (up to 45): the summer break of last year is one this year too. With
    fewer than ten gaps to learn from, at least 30.
    """
    ordered = sorted(set(days))
    ordered = [day for day in ordered if day >= ordered[-1] - _LOOK_BACK]
    gaps = sorted((after - before).days for before, after in pairwise(ordered))
    if not gaps:
        return _DAYS_IF_FEW
    long = gaps[min(len(gaps) - 1, int(_LONG_GAP * len(gaps)))]
    holiday = min(gaps[-1], _LONGEST_HOLIDAY_DAYS)
    least = _DAYS_IF_FEW if len(gaps) < _FEW_GAPS else SHORTEST_DAYS
    return max(least, _TIMES_A_LONG_GAP * long, holiday)


def silence(days: Iterable[date], today: date, watching_since: date) -> Silence | None:
    """How long the newsroom has been silent; None if it never said anything.

    Args:
        days: days of publication; what lies in the future is left out.
        today: the present day in the city.
        watching_since: the day of the archive's first run: older silence is not its business.
    """
    past = [day for day in days if day <= today]
    if not past:
        return None
    newest = max(past)
    return Silence(
        newest,
        (today - newest).days,
        usual_silence_days(past),
        (today - max(newest, watching_since)).days,
    )
