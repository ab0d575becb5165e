"""Silences: those a newsroom's rhythm explains, and those it does not."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.health.rhythm import SHORTEST_DAYS, silence, usual_silence_days

MONDAY = date(2025, 9, 1)


def workdays(number, start=MONDAY):
    days = (start + timedelta(days=n) for n in range(number))
    return [day for day in days if day.weekday() < 5]


def judged(days, after, watching_since=MONDAY):
    return silence(days, max(days) + timedelta(days=after), watching_since)


def test_a_weekend_is_no_silence_and_three_long_ones_are():
    days = workdays(365)
    assert usual_silence_days(days) == 9  # three times from Friday to Monday
    assert not judged(days, 9).is_too_long
    assert judged(days, 10).is_too_long


def test_the_least_is_a_week():
    days = [MONDAY + timedelta(days=n) for n in range(300)]
    assert usual_silence_days(days) == SHORTEST_DAYS == 7


def test_last_years_holiday_explains_this_years():
    days = [day for day in workdays(390) if not date(2025, 12, 19) < day < date(2026, 1, 12)]
    assert usual_silence_days(days) == 24
    assert not judged(days, 24).is_too_long
    assert judged(days, 25).is_too_long


def test_a_gap_of_long_ago_or_of_months_explains_nothing():
    old = [date(2023, 1, 2), date(2023, 2, 20), *workdays(365)]
    assert usual_silence_days(old) == 9
    broken = [day for day in workdays(390) if not date(2025, 10, 1) < day < date(2026, 2, 1)]
    assert usual_silence_days(broken) == 45


def test_a_newsroom_that_has_hardly_begun_gets_a_month():
    assert usual_silence_days([MONDAY]) == 30
    assert usual_silence_days(workdays(5)) == 30


def test_a_slow_newsroom_may_be_silent_for_long():
    days = [MONDAY + timedelta(days=20 * n) for n in range(20)]
    assert not judged(days, 60).is_too_long
    assert judged(days, 61).is_too_long


def test_silence_counts_only_while_somebody_watches():
    days = workdays(365)
    first_run = max(days) + timedelta(days=100)
    now = silence(days, first_run, first_run)
    assert not now.is_too_long
    assert now.was_too_long
    later = silence(days, first_run + timedelta(days=10), first_run)
    assert later.is_too_long
    assert not later.was_too_long
    assert (later.days, later.watched_days) == (110, 10)


def test_what_is_dated_in_the_future_ends_no_silence():
    days = [*workdays(365), date(2027, 5, 1)]
    found = silence(days, date(2026, 10, 1), MONDAY)
    assert found.newest == date(2026, 8, 31)
    assert found.is_too_long


@pytest.mark.parametrize("days", [[], [date(2030, 1, 1)]])
def test_a_newsroom_that_never_spoke_is_not_silent(days):
    assert silence(days, MONDAY, MONDAY) is None


@given(st.lists(st.dates(date(2020, 1, 1), date(2026, 1, 1)), min_size=1), st.integers(0, 7))
def test_within_a_week_nobody_is_silent(days, after):
    assert not silence(days, max(days) + timedelta(days=after), date(2019, 1, 1)).is_too_long


@given(st.lists(st.dates(date(2025, 6, 1), date(2026, 5, 1)), min_size=1))
def test_what_has_been_is_usual_up_to_a_holiday(days):
    days = sorted(set(days))
    gaps = [(b - a).days for a, b in pairwise(days)]
    assert usual_silence_days(days) >= min(max(gaps, default=0), 45)
