"""Trying again: how often, after how long, and when to stop."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import FetchError, RetryLater
from scraper.fetch.retry import Retry, TransientError, parse_retry_after
from tests.conftest import NOW

URL = "https://www.dortmund.de/"


class Attempt:
    """Fails a number of times, then succeeds."""

    def __init__(self, failures, **error):
        self.left = failures
        self.error = error
        self.calls = 0

    def __call__(self):
        self.calls += 1
        if self.left > 0:
            self.left -= 1
            raise TransientError(URL, f"failure {self.calls}", **self.error)
        return "done"


def call(retry, work):
    """The result of a function that is tried as a client tries a request."""
    for attempt in retry.attempts():
        with attempt:
            result = work()
    return result


@pytest.fixture
def make_retry(clock):
    return lambda **options: Retry(sleep=clock.sleep, **options)


def test_success_needs_no_pause(make_retry, clock):
    retry = make_retry()
    assert call(retry, Attempt(0)) == "done"
    assert (clock.slept, retry.retries) == ([], 0)


def test_pauses_grow_and_stay_near_powers_of_two(make_retry, clock):
    retry = make_retry(max_tries=6, max_pause_seconds=8.0)
    assert call(retry, Attempt(5)) == "done"
    for pause, expected in zip(clock.slept, [1, 2, 4, 8, 8], strict=True):
        assert expected <= pause <= expected + 0.25
    assert retry.retries == 5


def test_pauses_are_not_all_alike(make_retry, clock):
    retry = make_retry(max_tries=2)
    for _ in range(20):
        call(retry, Attempt(1))
    assert len(set(clock.slept)) > 1


@pytest.mark.parametrize("max_tries", [1, 2, 4])
def test_tries_are_capped_and_the_last_failure_is_raised(make_retry, max_tries):
    attempt = Attempt(99)
    with pytest.raises(TransientError, match=f"failure {max_tries}"):
        call(make_retry(max_tries=max_tries), attempt)
    assert attempt.calls == max_tries


@pytest.mark.parametrize("error", [FetchError(URL, "no"), RetryLater(URL, "no"), KeyError("bug")])
def test_other_failures_are_not_tried_again(make_retry, clock, error):
    calls = []

    def attempt():
        calls.append(1)
        raise error

    with pytest.raises(type(error)):
        call(make_retry(), attempt)
    assert (len(calls), clock.slept) == (1, [])


def test_the_budget_ends_retrying_for_the_run(make_retry):
    retry = make_retry(max_tries=4, budget=5)
    calls = []
    for _ in range(4):
        attempt = Attempt(99)
        with pytest.raises(TransientError):
            call(retry, attempt)
        calls.append(attempt.calls)
    assert calls == [4, 3, 1, 1]
    assert retry.retries == 5


def test_each_success_gives_back_one_retry(make_retry):
    retry = make_retry(max_tries=4, budget=3)
    with pytest.raises(TransientError):
        call(retry, Attempt(99))
    attempt = Attempt(1)
    with pytest.raises(TransientError):
        call(retry, attempt)
    call(retry, Attempt(0))
    assert call(retry, Attempt(1)) == "done"


def test_the_budget_never_grows_above_what_it_was(make_retry):
    retry = make_retry(max_tries=9, budget=3)
    for _ in range(10):
        call(retry, Attempt(0))
    attempt = Attempt(99)
    with pytest.raises(TransientError):
        call(retry, attempt)
    assert attempt.calls == 4


def test_a_server_that_fails_at_every_first_try_is_served_to_the_end(make_retry):
    retry = make_retry(max_tries=4, budget=3)
    assert [call(retry, Attempt(1)) for _ in range(100)] == ["done"] * 100


def test_what_the_server_asks_for_is_waited_for_exactly(make_retry, clock):
    retry = make_retry(max_tries=3, max_pause_seconds=10.0)
    call(retry, Attempt(2, retry_after_seconds=120.0))
    assert clock.slept == [120.0, 120.0]


def test_no_pause_is_asked_for_with_zero(make_retry, clock):
    call(make_retry(), Attempt(1, retry_after_seconds=0.0))
    assert clock.slept == [0.0]


def test_too_long_a_pause_is_for_another_run(make_retry, clock):
    attempt = Attempt(9, retry_after_seconds=301.0, status=503)
    with pytest.raises(RetryLater, match="asks to wait 301 s, longer than one run waits") as caught:
        call(make_retry(), attempt)
    assert (caught.value.status, attempt.calls, clock.slept) == (503, 1, [])


def test_the_longest_pause_one_run_waits_is_waited(make_retry, clock):
    call(make_retry(max_retry_after_seconds=300.0), Attempt(1, retry_after_seconds=300.0))
    assert clock.slept == [300.0]


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(0, 20), st.lists(st.integers(0, 8), max_size=12))
def test_tries_and_retries_add_up_and_keep_to_both_limits(max_tries, budget, failures):
    retry = Retry(max_tries=max_tries, budget=budget, sleep=lambda _seconds: None)
    tries = successes = 0
    for count in failures:
        attempt = Attempt(count)
        try:
            call(retry, attempt)
            successes += 1
        except TransientError:
            pass
        assert attempt.calls <= max_tries
        tries += attempt.calls
    assert tries == len(failures) + retry.retries
    assert retry.retries <= budget + successes


# --- Retry-After -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Sun, 04 Oct 2026 12:01:30 GMT", 90.0),
        ("Sunday, 04-Oct-26 12:01:30 GMT", 90.0),
        ("Sun Oct  4 12:01:30 2026", 90.0),
        ("Sun, 04 Oct 2026 14:01:30 +0200", 90.0),
        ("Sun, 04 Oct 2026 11:00:00 GMT", 0.0),
        (None, None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("9" * 400, None),
        ("Sun, 99 Oct 2026 99:99:99 GMT", None),
        ("Mon, 20 Nov 9999999999 12:00:00 +0000", None),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999", None),
    ],
)
def test_retry_after_in_both_forms(value, seconds):
    assert parse_retry_after(value, NOW) == seconds


@settings(deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(-9999, 9999))  # noqa: DTZ001
def test_an_http_date_is_as_good_as_seconds(moment, seconds):
    now = moment.replace(tzinfo=UTC, microsecond=0)
    text = format_datetime(now + timedelta(seconds=seconds), usegmt=True)
    assert parse_retry_after(text, now) == max(0, seconds)


@settings(deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.from_regex(
            r"\w{0,4},? ?\d{0,3}[ -]\w{3}[ -]\d{0,6} \d{0,4}:\d\d(:\d\d)? ?([+-]\d{0,8}|\w{0,4})",
            fullmatch=True,
        ),
    )
)
def test_no_header_crashes_the_parser(text):
    asked = parse_retry_after(text, NOW)
    assert asked is None or asked >= 0
