"""Pages are asked for before their turn only where no delay is kept, and nothing goes wrong."""

import pytest

from scraper.crawl.ahead import CALM_PAGES, PAGES_AHEAD
from scraper.demo.faults import Faults
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from tests.support.replica import Counter, Watcher, articles_asked, crawl, dump

SIZE = CALM_PAGES + 9


@pytest.fixture(scope="module")
def replica():
    with ReplicaServer(Newsroom(SIZE), navigation_bytes=200) as server:
        yield server


def test_with_a_delay_a_page_is_asked_for_in_its_turn(replica, tmp_path):
    watcher = Counter(replica)
    assert crawl(tmp_path, replica.base_url, watcher=watcher, delay_seconds=1.0).new == SIZE
    assert watcher.asked == list(range(1, SIZE + 1))


def test_without_one_two_pages_are_asked_for_before_after_some_that_were_well(replica, tmp_path):
    watcher = Counter(replica)
    assert crawl(tmp_path, replica.base_url, watcher=watcher).new == SIZE
    assert watcher.asked[:CALM_PAGES] == list(range(1, CALM_PAGES + 1))
    ahead = [asked - done for done, asked in enumerate(watcher.asked, 1)]
    assert max(ahead) in {1, PAGES_AHEAD}
    assert ahead[-1] == 0


def test_after_trouble_each_page_is_asked_for_in_its_turn_again(replica, tmp_path):
    class Trouble(Counter):
        def page(self, url, outcome, done, total):
            super().page(url, outcome, done, total)
            if done == CALM_PAGES + 2:
                replica.faults = Faults(fail_every=1)
            if outcome == "failed":
                replica.faults = Faults()

    watcher = Trouble(replica)
    report = crawl(tmp_path, replica.base_url, watcher=watcher, max_tries=1)
    assert report.failed >= 1
    assert watcher.asked[-3:] == [SIZE - 2, SIZE - 1, SIZE]


def test_what_is_stored_is_the_same(replica, tmp_path):
    for delay_seconds in (0.0, 1.0):
        directory = tmp_path / str(delay_seconds)
        crawl(directory, replica.base_url, delay_seconds=delay_seconds)
    # Dates in headers and numbers of WARC records are of the moment, and differ in length.
    own = {"headers", "warc_offset", "warc_length"}
    at_once, slowly = (dump(tmp_path / name, without=own) for name in ("0.0", "1.0"))
    assert at_once == slowly


def test_no_more_pages_are_asked_for_than_the_limit_says(replica, tmp_path):
    before = len(articles_asked(replica))
    limit = CALM_PAGES + 4
    assert crawl(tmp_path, replica.base_url, limit=limit).new == limit
    assert len(articles_asked(replica)) - before == limit


def test_a_run_that_ends_early_has_nothing_on_its_way(replica, tmp_path):
    watcher = Watcher(stop_after=CALM_PAGES + 3)
    report = crawl(tmp_path, replica.base_url, watcher=watcher)
    assert (report.new, report.ended_early) == (CALM_PAGES + 3, "it was interrupted")
    assert crawl(tmp_path, replica.base_url).new == SIZE - report.new


def test_the_order_is_that_of_the_pages_that_are_due(replica, tmp_path):
    crawl(tmp_path / "slowly", replica.base_url, watcher=(slowly := Watcher()), delay_seconds=1.0)
    crawl(tmp_path / "at-once", replica.base_url, watcher=(at_once := Watcher()))
    assert at_once.pages == slowly.pages
