"""Politeness, with a clock that only moves when somebody sleeps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.fetch.throttle import Throttle
from tests.fetch.conftest import PAGE, Clock
from tests.support.loopback import Answer


@pytest.fixture
def throttle(clock):
    return Throttle(1.0, clock=clock, sleep=clock.sleep)


def request(throttle, clock, took=0.0):
    throttle.wait()
    clock.now += took
    throttle.answered(took)


def test_the_first_request_does_not_wait(throttle, clock):
    throttle.wait()
    assert clock.slept == []


def test_the_next_request_waits_from_the_end_of_the_last(throttle, clock):
    request(throttle, clock, took=0.25)
    throttle.wait()
    assert clock.slept == [1.0]


def test_time_that_passed_otherwise_counts(throttle, clock):
    request(throttle, clock)
    clock.now += 0.75
    throttle.wait()
    request(throttle, clock)
    clock.now += 5
    throttle.wait()
    assert clock.slept == [0.25]


def test_a_slow_server_is_given_twice_the_time_it_took(throttle, clock):
    request(throttle, clock, took=4.0)
    throttle.wait()
    assert clock.slept == [8.0]


def test_a_server_that_recovers_is_asked_faster_again(throttle, clock):
    request(throttle, clock, took=4.0)
    request(throttle, clock, took=0.1)
    throttle.wait()
    assert clock.slept == [8.0, 1.0]


def test_slowness_alone_never_makes_us_wait_for_ever(throttle, clock):
    request(throttle, clock, took=100.0)
    throttle.wait()
    assert clock.slept == [30.0]


def test_a_crawl_delay_raises_the_delay_even_above_the_limit_of_slowness(throttle, clock):
    throttle.at_least(45.0)
    request(throttle, clock, took=100.0)
    throttle.wait()
    assert clock.slept == [45.0]


def test_a_crawl_delay_holds_from_the_next_wait_on(throttle, clock):
    request(throttle, clock)
    throttle.at_least(5.0)
    throttle.wait()
    assert clock.slept == [5.0]


def test_a_smaller_crawl_delay_changes_nothing(throttle, clock):
    throttle.at_least(0.5)
    request(throttle, clock)
    throttle.wait()
    assert clock.slept == [1.0]


def test_without_a_delay_nothing_waits_however_slow(clock):
    throttle = Throttle(0.0, clock=clock, sleep=clock.sleep)
    request(throttle, clock, took=10.0)
    throttle.wait()
    assert clock.slept == []
    assert throttle.waited_seconds == 0.0


@settings(deadline=None)
@given(
    st.floats(0.1, 10),
    st.lists(st.tuples(st.floats(0, 60), st.floats(0, 60)), max_size=20),
)
def test_two_requests_are_never_closer_than_the_delay(delay, steps):
    clock = Clock()
    throttle = Throttle(delay, clock=clock, sleep=clock.sleep)
    ended = None
    for took, idle in steps:
        throttle.wait()
        assert ended is None or clock.now - ended >= delay - 1e-6
        clock.now += took
        throttle.answered(took)
        ended = clock.now
        clock.now += idle
    assert throttle.waited_seconds == pytest.approx(sum(clock.slept))


def test_every_exchange_waits_robots_redirects_and_retries_too(make_client, loopback, clock):
    answers = iter([Answer(302, {"Location": "/b"}), Answer(503), Answer(200)])
    loopback.script = lambda _ask: next(answers)
    starts = []
    client = make_client(delay_seconds=2.0, max_tries=2)
    original = loopback.script

    def script(ask):
        starts.append(clock.now)
        return original(ask)

    loopback.script = script
    client.get(PAGE)
    assert [b - a >= 2.0 for a, b in zip([1000.0, *starts], starts, strict=False)] == [True] * 3


def test_a_failed_exchange_counts_as_one(make_client, loopback, clock):
    loopback.script = lambda _ask: Answer(reset=True)
    client = make_client(delay_seconds=2.0)
    for _ in range(2):
        with pytest.raises(Exception, match="connection failed"):
            client.get(PAGE)
    assert clock.slept == [2.0, 2.0]
