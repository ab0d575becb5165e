"""Retry-After is a promise to the host: whatever is asked for next, and in the next run."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import FetchError, RetryLater, RobotsForbid
from scraper.fetch.pause import LONGEST, HostPauses
from scraper.fetch.retry import TransientError
from scraper.records import Request
from tests.conftest import NOW
from tests.fetch.conftest import PAGE, Clock
from tests.support.loopback import Answer

API = "https://www.dortmund.de/api/search/proxy/search"
PICTURE = "https://www.dortmund.de/bilder/a.jpg"
HOST = "www.dortmund.de"


class Kept(dict):
    """What one run keeps for the next: when hosts may be asked again."""

    def pauses(self, clock, now=NOW):
        started = clock.now

        def present():
            return now + timedelta(seconds=clock.now - started)

        return HostPauses(self.get, self.__setitem__, now=present, clock=clock)


def busy(status=429, seconds=3600):
    return Answer(status, {"Retry-After": str(seconds)})


@pytest.mark.parametrize("status", [429, 503, 403, 500])
def test_after_a_long_pause_nothing_more_is_asked_for(make_client, loopback, clock, status):
    loopback.script = lambda ask: busy(status) if ask.method == "POST" else Answer(200)
    client = make_client(max_tries=4)
    if status == 403:
        assert client.send(Request(API, {"query": "*"})).capture.status == 403
    else:
        with pytest.raises(RetryLater, match="asks to wait 3600 s"):
            client.send(Request(API, {"query": "*"}))
    for url in (PAGE, PICTURE, API, PAGE):
        with pytest.raises(RetryLater, match="has asked to be left alone until") as caught:
            client.get(url)
        assert caught.value.url == url
    assert len(loopback.paths()) == 1
    assert client.paused_until == NOW + timedelta(hours=1)
    clock.now += 3601
    assert client.get(PAGE).capture.status == 200
    assert client.paused_until is None


def test_a_short_pause_is_waited_for_by_other_pages_too(make_client, loopback, clock):
    answers = iter([busy(seconds=120), Answer(200)])
    loopback.script = lambda _ask: next(answers)
    client = make_client(max_tries=1)
    with pytest.raises(TransientError):
        client.get(PAGE)
    clock.now += 20
    assert client.get(PICTURE).capture.status == 200
    assert clock.slept == [100.0]


def test_a_pause_that_is_cut_short_by_ctrl_c_is_kept_all_the_same(make_client, loopback, clock):
    loopback.script = lambda _ask: busy(seconds=120)
    client = make_client(max_tries=4, stopped=lambda: bool(loopback.paths()))
    client._retry.sleep = client._throttle.sleep = lambda _seconds: None  # as after Ctrl-C
    with pytest.raises(RetryLater, match="left alone until"):
        client.get(PAGE)
    assert len(loopback.paths()) == 1


def test_a_missing_page_pauses_nothing(client, loopback):
    loopback.script = lambda ask: busy(404)
    client.get(PAGE)
    assert client.get(PICTURE).capture.status == 404


def test_the_next_run_keeps_the_promise(make_client, loopback, clock):
    kept = Kept()
    loopback.robots = busy(503)
    with pytest.raises(RobotsForbid, match="asks to wait 3600 s"):
        make_client(pauses=kept.pauses(clock)).robots()
    netloc = loopback.url.removeprefix("http://")
    assert kept == {netloc: NOW + timedelta(hours=1)}
    loopback.asks.clear()
    later = kept.pauses(clock, NOW + timedelta(minutes=30))
    with pytest.raises(RobotsForbid, match=r"left alone until 2026-10-04T15:00.*Try again"):
        make_client(pauses=later).robots()
    assert loopback.asks == []
    loopback.robots = Answer(404)
    make_client(pauses=kept.pauses(clock, NOW + timedelta(minutes=61))).robots()
    assert len(loopback.asks) == 1


def test_what_is_left_of_a_pause_is_waited_for_if_it_is_short(make_client, loopback, clock):
    kept = Kept({loopback.url.removeprefix("http://"): NOW + timedelta(seconds=30)})
    make_client(pauses=kept.pauses(clock)).robots()
    assert clock.slept == [30.0]


def test_another_host_may_be_asked(clock):
    pauses = Kept().pauses(clock)
    pauses.note(HOST, 60)
    assert pauses.seconds_left(HOST) == 60
    assert pauses.seconds_left("www.example.org") == 0


def test_a_shorter_wish_does_not_shorten_an_earlier_one(clock):
    kept = Kept()
    pauses = kept.pauses(clock)
    pauses.note(HOST, 600)
    pauses.note(HOST, 5)
    assert pauses.seconds_left(HOST) == 600
    assert kept[HOST] == NOW + timedelta(seconds=600)


@pytest.mark.parametrize("ahead", [timedelta(days=8), timedelta(days=5000), -timedelta(seconds=1)])
def test_a_time_that_a_wrong_clock_has_written_is_not_believed(clock, ahead):
    assert Kept({HOST: NOW + ahead}).pauses(clock).seconds_left(HOST) == 0


@given(st.lists(st.tuples(st.floats(0, 1e12), st.floats(0, 1e6)), max_size=8))
def test_a_host_is_left_alone_as_long_as_it_asked_and_a_week_at_most(wishes):
    clock, kept, end = Clock(), Kept(), 0.0
    pauses = kept.pauses(clock)
    for seconds, passed in wishes:
        pauses.note(HOST, seconds)
        end = max(end, clock.now + min(seconds, LONGEST.total_seconds()))
        assert pauses.seconds_left(HOST) == pytest.approx(max(0.0, end - clock.now), abs=1e-3)
        assert kept.get(HOST, NOW) <= NOW + timedelta(seconds=clock.now - 1000 + 1) + LONGEST
        clock.now += passed


def test_a_pause_does_not_end_other_failures(make_client, loopback):
    answers = iter([Answer(500), Answer(200)])
    loopback.script = lambda _ask: next(answers)
    client = make_client()
    with pytest.raises(FetchError):
        client.get(PAGE)
    assert client.get(PAGE).capture.status == 200


def test_hosts_of_one_server_share_a_pause(clock):
    server = {"www.a.example": "192.0.2.7", "www.b.example": "192.0.2.7"}.get
    kept = {}
    pauses = HostPauses(kept.get, kept.__setitem__, server_of=server, now=lambda: NOW, clock=clock)
    assert pauses.seconds_left("www.b.example") == 0
    pauses.note("www.a.example", 60)
    assert pauses.seconds_left("www.b.example") == 60
    assert pauses.seconds_left("www.c.example") == 0
    assert set(kept) == {"www.a.example", "192.0.2.7"}


def test_a_thread_waits_while_another_reads_the_pause_of_a_host():
    reading, others_came = Event(), Event()

    def load(_host):
        reading.set()
        others_came.wait(10)

    pauses, found = HostPauses(load), []
    threads = [Thread(target=lambda: found.append(pauses.seconds_left(HOST))) for _ in range(2)]
    threads[0].start()
    assert reading.wait(10)
    threads[1].start()
    others_came.set()
    for thread in threads:
        thread.join()
    assert found == [0.0, 0.0]


def test_what_another_process_was_told_is_seen_soon(clock):
    kept = {}
    pauses = HostPauses(kept.get, now=lambda: NOW, clock=clock)
    assert pauses.seconds_left(HOST) == 0
    kept[HOST] = NOW + timedelta(seconds=60)
    clock.now += 10
    assert pauses.seconds_left(HOST) == 60
