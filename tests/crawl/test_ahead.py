"""Pages are asked for before their turn only where no delay is kept, and change nothing by it."""

import pytest

from scraper.crawl.ahead import PAGES_AHEAD
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from tests.support.replica import Watcher, articles_asked, crawl, dump

SIZE = 9


@pytest.fixture(scope="module")
def replica():
    with ReplicaServer(Newsroom(SIZE), navigation_bytes=200) as server:
        yield server


class Counting(Watcher):
    """Remembers how many pages the server was asked for when each was stored."""

    def __init__(self, server):
        super().__init__()
        self.asked = []
        self._server = server
        self._before = len(articles_asked(server))

    def page(self, url, outcome, done, total):
        super().page(url, outcome, done, total)
        self.asked.append(len(articles_asked(self._server)) - self._before)


def test_with_a_delay_a_page_is_asked_for_in_its_turn(replica, tmp_path):
    watcher = Counting(replica)
    assert crawl(tmp_path, replica.base_url, watcher=watcher, delay_seconds=1.0).new == SIZE
    assert watcher.asked == list(range(1, SIZE + 1))


def test_without_one_two_pages_are_asked_for_before(replica, tmp_path):
    watcher = Counting(replica)
    assert crawl(tmp_path, replica.base_url, watcher=watcher).new == SIZE
    assert all(done <= asked <= done + PAGES_AHEAD for done, asked in enumerate(watcher.asked, 1))
    assert watcher.asked[-1] == SIZE
    assert any(asked > done for done, asked in enumerate(watcher.asked, 1))


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
    assert crawl(tmp_path, replica.base_url, limit=4).new == 4
    assert len(articles_asked(replica)) - before == 4


def test_the_order_is_that_of_the_pages_that_are_due(replica, tmp_path):
    crawl(tmp_path / "slowly", replica.base_url, watcher=(slowly := Watcher()), delay_seconds=1.0)
    crawl(tmp_path / "at-once", replica.base_url, watcher=(at_once := Watcher()))
    assert at_once.pages == slowly.pages
