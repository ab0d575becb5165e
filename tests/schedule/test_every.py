"""Intervals, and the times of day that follow from them."""

import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import UsageError
from scraper.schedule.every import (
    LEAST_MINUTES,
    MOST_MINUTES,
    REGULAR_MINUTES,
    Every,
    Slots,
    parse_every,
    regular_neighbours,
    slots,
    slots_of_cron,
)

BASE = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
REGULAR = st.sampled_from(REGULAR_MINUTES).map(Every)
OFFSETS = st.integers(0, 2**32 - 1)


@pytest.fixture
def zone(monkeypatch):
    def put(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield put
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "minutes", "spelt"),
    [
        ("30m", 30, "30m"),
        ("45 min", 45, "45m"),
        ("60m", 60, "1h"),
        (" 6H ", 360, "6h"),
        ("7h", 420, "7h"),
        ("24h", 1440, "1d"),
        ("2d", 2880, "2d"),
        ("1w", 10080, "7d"),
    ],
)
def test_intervals_as_users_type_them(text, minutes, spelt):
    assert (parse_every(text).minutes, str(parse_every(text))) == (minutes, spelt)


@pytest.mark.parametrize(
    "text", ["", "6", "h", "-6h", "1.5h", "six hours", "6h30m", "٦h", "9" * 99]
)
def test_what_is_no_interval(text):
    with pytest.raises(UsageError, match="30m") as raised:
        parse_every(text)
    assert repr(text) in str(raised.value)


@pytest.mark.parametrize("text", ["0m", "29m", "8d", "2w", "999999w"])
def test_what_is_too_often_or_too_rare(text):
    with pytest.raises(UsageError, match=r"at least 30m.*at most 7d"):
        parse_every(text)


@given(st.integers(LEAST_MINUTES, MOST_MINUTES).map(Every))
def test_an_interval_is_read_as_it_is_spelt(every):
    assert parse_every(str(every)) == every


@pytest.mark.parametrize(
    ("text", "near"), [("31m", "30m 1h"), ("7h", "6h 8h"), ("2d", "1d 7d"), ("25h", "1d 7d")]
)
def test_neighbours_are_the_next_that_recur(text, near):
    every = parse_every(text)
    assert not every.is_regular
    assert " ".join(map(str, regular_neighbours(every))) == near


@given(REGULAR, OFFSETS)
def test_starts_are_evenly_spaced_and_not_on_the_hour(every, offset):
    times = slots(every, offset)
    assert 0 not in times.minutes
    week = 7 * 24 * 60
    starts = sorted(
        (day * 24 + hour) * 60 + minute
        for day in (range(7) if times.weekday is None else [times.weekday])
        for hour in (range(24) if times.hours is None else times.hours)
        for minute in times.minutes
    )
    gaps = {
        later - sooner
        for sooner, later in zip(starts, [*starts[1:], starts[0] + week], strict=True)
    }
    assert gaps == {every.minutes}


@given(REGULAR, OFFSETS)
def test_the_crontab_says_when(every, offset):
    times = slots(every, offset)
    assert slots_of_cron(times.as_cron().split(" ")) == times


@pytest.mark.parametrize(
    "fields", ["*/5 * * * *", "1 2 3 * *", "1 2 * 4 *", "61 * * * *", "1 24 * * *", "1 * * * Mon"]
)
def test_times_that_we_never_write_are_not_guessed(fields):
    assert slots_of_cron(fields.split()) is None


def test_offsets_spread_over_the_interval():
    starts = {slots(Every(10080), offset) for offset in range(59 * 24 * 7)}
    assert len(starts) == 59 * 24 * 7
    assert {slots(Every(30), offset).minutes[0] for offset in range(100)} == set(range(1, 30))


def test_the_next_start_is_one_of_the_local_clock(zone):
    zone("Europe/Berlin")
    daily = Slots((17,), (4,))
    assert daily.after(BASE) == datetime(2026, 10, 5, 2, 17, tzinfo=UTC)
    # Clocks are put back on the 25th: 25 hours lie between two starts.
    before = datetime(2026, 10, 24, 2, 17, tzinfo=UTC)
    assert daily.after(before) == datetime(2026, 10, 25, 3, 17, tzinfo=UTC)
    sunday = Slots((17,), (4,), 0)
    assert sunday.after(BASE) == datetime(2026, 10, 11, 2, 17, tzinfo=UTC)


def test_a_start_at_this_very_moment_is_not_the_next(zone):
    zone("UTC")
    assert Slots((0,)).after(BASE) == BASE + timedelta(hours=1)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
@pytest.mark.parametrize("minutes", REGULAR_MINUTES)
def test_systemd_reads_the_same_times(minutes, zone):
    zone("UTC")
    times = slots(Every(minutes), 4711 * minutes)
    command = ["systemd-analyze", "calendar", "--iterations=3", "--base-time=2026-10-04 12:00:00"]
    ended = subprocess.run(
        [*command, times.as_calendar()], capture_output=True, text=True, check=True
    )
    read = [
        datetime.strptime(line.split(": ", 1)[1][4:], "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
        for line in ended.stdout.splitlines()
        if "Next elapse:" in line or "Iter. #" in line
    ]
    first = times.after(BASE)
    assert read == [first + n * timedelta(minutes=minutes) for n in range(3)]
