"""Crawls of one user take turns at a host, by a clock that only moves when somebody sleeps."""

import subprocess
import sys
from datetime import timedelta

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.fetch.pace import throttle_for
from scraper.fetch.throttle import Throttle
from scraper.fetch.turns import HostTurns
from tests.fetch.conftest import PAGE, Clock
from tests.support.loopback import Answer

HOST = "www.dortmund.de"


@pytest.fixture
def make_throttle(tmp_path, clock):
    """Makes the throttles of several crawls, all by one clock."""

    def make(delay=1.0, host=HOST, directory=tmp_path / "hosts"):
        turns = HostTurns(directory, host, now=clock, sleep=clock.sleep)
        return Throttle(delay, clock=clock, sleep=clock.sleep, turns=turns)

    return make


def request(throttle, clock, took=0.25):
    """One request; returns when it started."""
    throttle.wait()
    started = clock.now
    clock.now += took
    throttle.answered(took)
    return started


def test_the_first_of_all_does_not_wait(make_throttle, clock):
    make_throttle().wait()
    assert clock.slept == []


def test_another_crawl_waits_from_the_end_of_the_last_request_of_any(make_throttle, clock):
    one, other = make_throttle(), make_throttle()
    request(one, clock)
    clock.now += 0.4
    request(other, clock)
    assert sum(clock.slept) == pytest.approx(0.6, abs=0.002)
    assert other.waited_seconds == pytest.approx(0.6, abs=0.002)
    assert one.waited_seconds == 0


def test_the_next_run_waits_too(make_throttle, clock):
    request(make_throttle(), clock)
    request(make_throttle(5.0), clock)
    assert sum(clock.slept) == pytest.approx(5.0, abs=0.002)


def test_another_host_is_not_waited_for(make_throttle, clock):
    request(make_throttle(), clock)
    request(make_throttle(host="www.example.org"), clock)
    request(make_throttle(host="www.dortmund.de:8443"), clock)
    assert clock.slept == []


def test_who_is_being_answered_is_waited_for(make_throttle, clock):
    one, other = make_throttle(), make_throttle()
    one.wait()
    slept = clock.sleep

    def answered_after_three_looks(seconds):
        slept(seconds)
        if len(clock.slept) == 3:
            one.answered(0.3)

    other.turns._sleep = answered_after_three_looks
    other.wait()
    assert clock.now - 1000.0 == pytest.approx(1.3, abs=0.002)


def test_a_delay_is_not_slept_with_the_turn_in_hand(make_throttle, clock):
    one, other = make_throttle(), make_throttle(30.0)
    request(one, clock)
    starts = []

    def somebody_else_asks(seconds):
        clock.now += seconds / 2
        starts.append(request(one, clock, took=0.0) if len(starts) == 0 else clock.now)
        clock.now += seconds / 2

    other.turns._sleep = somebody_else_asks
    began = clock.now
    other.wait()
    assert began < starts[0] < clock.now
    assert clock.now - starts[0] >= 30.0


@settings(deadline=None, max_examples=40)
@given(
    st.floats(0.1, 10),
    st.lists(st.tuples(st.integers(0, 2), st.floats(0, 20), st.floats(0, 5)), max_size=12),
)
def test_no_two_requests_of_any_crawls_are_closer_than_the_delay(tmp_path_factory, delay, steps):
    directory, clock = tmp_path_factory.mktemp("turns"), Clock()
    throttles = [
        Throttle(
            delay,
            clock=clock,
            sleep=clock.sleep,
            turns=HostTurns(directory, HOST, now=clock, sleep=clock.sleep),
        )
        for _ in range(3)
    ]
    ended = None
    for who, took, idle in steps:
        started = request(throttles[who], clock, took)
        assert ended is None or started - ended >= delay - 1e-6
        ended = clock.now
        clock.now += idle


@pytest.mark.parametrize("text", ["", "gestern", "nan", "inf", "\xff", "1e400"])
def test_what_somebody_else_wrote_there_keeps_nobody_for_long(make_throttle, clock, tmp_path, text):
    request(make_throttle(), clock)
    (tmp_path / "hosts" / f"{HOST}.ended").write_bytes(text.encode("latin-1"))
    request(make_throttle(), clock)
    assert sum(clock.slept) <= 1.0


def test_a_clock_that_was_put_back_costs_one_delay(make_throttle, clock):
    request(make_throttle(), clock)
    clock.now -= timedelta(days=400).total_seconds()
    request(make_throttle(), clock)
    assert sum(clock.slept) == pytest.approx(1.0, abs=0.002)


def test_who_never_comes_back_is_not_waited_for_for_ever(make_throttle, clock):
    stuck, other = make_throttle(), make_throttle()
    stuck.wait()
    other.wait()
    other.answered(0.1)
    assert 300 < clock.now - 1000 <= 601
    assert request(make_throttle(), clock)


def test_the_turn_of_a_process_that_dies_is_free(make_throttle, clock, tmp_path):
    request(make_throttle(), clock)
    lock = tmp_path / "hosts" / f"{HOST}.lock"
    code = "import sys, filelock; filelock.FileLock(sys.argv[1]).acquire(); print(1, flush=True)"
    command = [sys.executable, "-c", f"{code}; sys.stdin.read()", lock]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"1\n"
        clock.now += 100
        other = make_throttle()
        other.turns._sleep = lambda _seconds: (holder.kill(), holder.wait())
        other.wait()
    other.answered(0.1)
    with FileLock(lock).acquire(timeout=0):
        pass


def test_without_a_place_for_it_everybody_keeps_their_own_delay(make_throttle, clock, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    throttle = make_throttle(directory=tmp_path / "file" / "hosts")
    request(throttle, clock)
    request(throttle, clock)
    assert clock.slept == [1.0]


def test_a_client_gives_its_turn_back_whatever_happens(make_client, loopback, tmp_path, clock):
    loopback.script = lambda _ask: Answer(reset=True)
    client = make_client(delay_seconds=1.0)
    client._throttle.turns = HostTurns(tmp_path, HOST, now=clock, sleep=clock.sleep)
    with pytest.raises(Exception, match="connection failed"):
        client.get(PAGE)
    with FileLock(tmp_path / f"{HOST}.lock").acquire(timeout=0):
        pass


def test_crawls_of_one_user_meet_in_the_cache_directory(cache_directory):
    throttle = throttle_for("https://www.dortmund.de", 1.0)
    throttle.wait()
    throttle.answered(0.1)
    found = sorted((cache_directory / "newsroom-archive" / "hosts").glob("www.dortmund.de.*"))
    assert "www.dortmund.de.ended" in [path.name for path in found]
    for path in found:
        path.unlink()


def test_a_mirror_without_a_delay_is_not_taken_turns_at():
    assert throttle_for("http://127.0.0.1:8000", 0.0).turns is None
    assert throttle_for("http://127.0.0.1:8000", 0.5).turns is not None
