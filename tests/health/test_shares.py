"""Falls of a share: what alarms, what never does, and how seldom chance does."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from math import comb, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.health.shares import (
    CHANCE,
    LEAST_LACKING,
    Observation,
    chance_of,
    find_falls,
    has_fallen,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
WATCHED = 25  # at least as many fields as are watched at once


def readings(pattern, *, start=0, **others):
    """A page a day; `1` has the field, `0` lacks it, `-` cannot have it."""
    return [
        Observation(
            f"https://x/{start + n}.html",
            START + timedelta(days=start + n),
            ({} if mark == "-" else {"kicker": mark == "1"}) | others,
        )
        for n, mark in enumerate(pattern)
    ]


def falls(before, now):
    return find_falls(readings(now, start=len(before)), readings(before))


def binomial(count, whole, share):
    return comb(whole, count) * share**count * (1 - share) ** (whole - count)


@pytest.mark.parametrize("number", range(LEAST_LACKING))
def test_a_few_pages_without_a_field_never_alarm(number):
    assert not falls("1" * 200, "0" * number)


def test_a_field_that_all_pages_had_and_none_has_any_more_alarms():
    fall = falls("1" * 200, "1" * 8 + "0" * 12)[0]
    assert (fall.field, fall.before, fall.now) == ("kicker", 1.0, 0.4)
    assert (fall.pages_before, fall.pages_now) == (200, 20)
    assert fall.since == START + timedelta(days=208)
    assert fall.example.at == START + timedelta(days=219)


def test_since_reaches_back_into_the_history():
    fall = falls("1" * 180 + "0" * 20, "0" * 20)[0]
    assert fall.since == START + timedelta(days=180)


def test_a_field_that_came_up_or_was_rare_means_nothing():
    assert not falls("0" * 200, "1" * 20)
    assert not falls("10" * 100, "0" * 20)  # half of the pages is not "usually"
    assert not falls("1" * 200, "1" * 11 + "0" * 9)  # more than half still has it


def test_without_history_nothing_is_judged():
    assert not falls("", "0" * 300)
    assert not falls("1" * 200, "")


def test_pages_that_cannot_have_a_field_do_not_count():
    assert not falls("1" * 200, "-" * 300 + "0" * 7)
    assert falls("1" * 200, "-" * 300 + "0" * 8)


def test_a_new_state_becomes_history():
    lengths = [n for n in range(201) if falls("1" * (200 - n) + "0" * n, "0" * 20)]
    assert lengths == list(range(81))


def test_texts_that_became_short_alarm():
    before = [Observation(f"b{n}", START + timedelta(days=n), {}, 100 + n % 50) for n in range(200)]
    now = [Observation(f"n{n}", START + timedelta(days=300 + n), {}, 40) for n in range(20)]
    assert [fall.field for fall in find_falls(now, before)] == ["text of 56 characters or more"]
    assert not find_falls(before[:40], before)


def test_the_probability_is_that_of_drawing():
    # All ways to draw 3 of 3 + 4 pages, of which 5 have the field: one in 35 draws only 1.
    assert isclose(chance_of(1, 3, 4, 4), 1 / 7)
    assert chance_of(3, 3, 4, 4) == 1.0


@given(
    whole=st.integers(1, 60),
    whole_before=st.integers(1, 200),
    share=st.floats(0.0, 1.0),
)
def test_chance_alarms_in_fewer_than_one_of_a_thousand_runs(whole, whole_before, share):
    """Summed up exactly over everything that could be drawn, not simulated."""
    now = [binomial(count, whole, share) for count in range(whole + 1)]
    before = [binomial(count, whole_before, share) for count in range(whole_before + 1)]
    alarm = sum(
        chance * chance_before
        for part, chance in enumerate(now)
        for part_before, chance_before in enumerate(before)
        if chance * chance_before > 1e-12 and has_fallen(part, whole, part_before, whole_before)
    )
    assert alarm < CHANCE
    assert WATCHED * alarm < 1 / 1000


@given(whole=st.integers(20, 300), whole_before=st.integers(30, 200), share=st.floats(0.6, 1.0))
def test_losing_a_usual_field_altogether_always_alarms(whole, whole_before, share):
    part_before = round(share * whole_before)
    if part_before / whole_before >= 0.6:
        assert has_fallen(0, whole, part_before, whole_before)


def test_hundreds_of_runs_over_an_unchanged_newsroom_are_silent():
    dice = random.Random(4)
    shares = {f"field {n}": n / WATCHED for n in range(1, WATCHED + 1)}

    def page(n):
        has = {name: dice.random() < share for name, share in shares.items()}
        return Observation(str(n), START, has, int(dice.lognormvariate(6, 0.8)))

    pages = [page(n) for n in range(500)]
    for at in range(220, 500):
        assert not find_falls(pages[at - 20 : at], pages[at - 220 : at - 20])
