"""When known articles are due: a law, not a table."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scraper.decide.revisit import RevisitPolicy

NOW = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
PLAN = RevisitPolicy()
ages = st.timedeltas(timedelta(0), timedelta(days=20_000))


@given(ages)
def test_rechecks_grow_rare_but_never_end(age):
    published = NOW - age
    pause = PLAN.next_check(published, NOW) - NOW
    assert PLAN.shortest <= pause <= PLAN.longest
    assert PLAN.next_check(published, NOW + timedelta(days=1)) > PLAN.next_check(published, NOW)


@given(ages, ages)
def test_an_edit_makes_young_again_and_never_older(age, since_edit):
    published, changed = NOW - age, NOW - since_edit
    assert PLAN.next_check(published, NOW, changed) <= PLAN.next_check(published, NOW)
    assert PLAN.next_check(published, NOW, changed) >= NOW + PLAN.shortest


@given(ages, st.timedeltas(timedelta(minutes=1), timedelta(days=30)))
def test_the_bounds_are_the_users(age, shortest):
    plan = RevisitPolicy(shortest=shortest, longest=timedelta(days=30))
    assert shortest <= plan.next_check(NOW - age, NOW) - NOW <= timedelta(days=30)


def test_bounds_that_cross_still_give_a_pause():
    plan = RevisitPolicy(shortest=timedelta(days=2), longest=timedelta(days=1))
    assert plan.next_check(NOW, NOW) == NOW + timedelta(days=2)


@given(st.integers(1, 3))
def test_the_next_run_tries_again_at_first(failures):
    assert PLAN.next_try(failures, NOW) == NOW


@given(st.integers(4, 10_000))
def test_what_keeps_failing_is_tried_ever_less_often_but_for_ever(failures):
    this, next_one = (PLAN.next_try(n, NOW) - NOW for n in (failures, failures + 1))
    assert PLAN.shortest <= this <= next_one <= PLAN.longest


def test_every_fifth_check_asks_for_the_whole_page():
    assert [PLAN.wants_whole_page(n) for n in range(6)] == [False] * 4 + [True, True]
    assert RevisitPolicy(full_every=1).wants_whole_page(0)
