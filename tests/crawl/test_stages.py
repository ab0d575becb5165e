"""The stations one by one and all at once: what differs is the time it takes, not the archive."""

from __future__ import annotations

import os
import signal
import threading
from datetime import date, timedelta

import pytest

from scraper.archive import Archive, Store
from scraper.archive.verify import verify
from scraper.crawl import crawl as crawl_module
from scraper.crawl import stages
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import ArchiveError
from scraper.extract import worker
from tests.support.loopback import Answer
from tests.support.replica import Watcher, articles_asked, crawl, logical_dump, rows
from tests.support.small import FOLDER

SIZE = 24
HOUR = timedelta(hours=1)


@pytest.fixture
def replica():
    with ReplicaServer(Newsroom(SIZE), navigation_bytes=200) as server:
        yield server


class Counter(Watcher):
    """Notes how many articles were asked for when a page was finished."""

    def __init__(self, server):
        super().__init__()
        self._server = server
        self.asked = []

    def page(self, *args):
        super().page(*args)
        self.asked.append(len(articles_asked(self._server)))


def test_pages_are_asked_for_while_others_are_read(replica, at_once, tmp_path):
    counter = Counter(replica)
    assert crawl(tmp_path, replica.base_url, watcher=counter).new == SIZE
    ahead = [asked - done for done, asked in enumerate(counter.asked, start=1)]
    assert 2 <= max(ahead) <= 2 * stages.AHEAD
    assert ahead[-1] == 0
    assert [url for url, _ in counter.pages] == [replica.article(n).url for n in range(SIZE)]


def test_where_a_delay_is_kept_a_page_is_finished_before_the_next(replica, at_once, tmp_path):
    counter = Counter(replica)
    assert crawl(tmp_path, replica.base_url, watcher=counter, delay_seconds=5.0).new == SIZE
    assert counter.asked == list(range(1, SIZE + 1))


def test_small_runs_keep_to_one_process(replica, tmp_path):
    counter = Counter(replica)
    crawl(tmp_path, replica.base_url, watcher=counter)
    assert counter.asked == list(range(1, SIZE + 1))


def test_what_counts_is_how_much_is_due(replica, tmp_path, monkeypatch):
    """Not what is listed: a run that goes on where another one stopped lists little."""
    monkeypatch.setattr(crawl_module, "MANY", SIZE // 2)
    monkeypatch.setattr(worker, "READY_AFTER", 0)
    for limit, is_ahead in [(SIZE // 4, False), (None, True), (None, False)]:
        counter, before = Counter(replica), len(articles_asked(replica))
        crawl(tmp_path, replica.base_url, watcher=counter, limit=limit)
        ahead = [asked - before - done for done, asked in enumerate(counter.asked, start=1)]
        assert any(ahead) is is_ahead


def test_the_archive_is_the_same(replica, tmp_path, monkeypatch):
    """New, edited, gone, back and moved pages, and pages that only a slider names."""
    stages = [
        lambda: None,
        lambda: [replica.edit(n, text=f"Neu, zum {n}. Mal.") for n in (2, 3, 11)],
        lambda: [replica.delete(n) for n in (5, 6)],
        lambda: None,
        lambda: [replica.restore(n) for n in (3, 5)],
    ]
    for number, change in enumerate(stages):
        change()
        options = {"after": number * HOUR, "full": number > 0}
        crawl(tmp_path / "one by one", replica.base_url, **options)
        with monkeypatch.context() as patch:
            patch.setattr(crawl_module, "MANY", 0)
            patch.setattr(worker, "READY_AFTER", 0)
            crawl(tmp_path / "at once", replica.base_url, **options)
        assert logical_dump(tmp_path / "at once") == logical_dump(tmp_path / "one by one")


def test_another_name_of_a_page_on_its_way_is_no_page_of_its_own(small, stations, tmp_path):
    for number in range(6):
        small.pages[f"{FOLDER}name-{number}.html"] = b""  # listed
        small.moved[f"{FOLDER}name-{number}.html"] = f"{FOLDER}ziel.html"
    small.put("ziel.html")
    report = crawl(tmp_path, small.url)
    assert (report.new, report.unchanged, report.missing, report.failed) == (1, 5, 0, 0)
    assert rows(tmp_path, "SELECT url FROM articles")[0]["url"].endswith("ziel.html")
    assert len(rows(tmp_path, "SELECT * FROM captures")) == 1


def test_a_move_is_seen_whichever_address_comes_first(small, stations, tmp_path):
    for number in range(6):
        small.put(f"alt-{number}.html", title=f"Titel {number}", content_id=f"{number}")
    crawl(tmp_path, small.url)
    for number in range(6):
        del small.pages[f"{FOLDER}alt-{number}.html"]
        small.put(f"neu-{number}.html", title=f"Titel {number}", content_id=f"{number}")
    report = crawl(tmp_path, small.url, after=HOUR, full=True)
    assert (report.moved, report.new, report.missing, report.gone) == (6, 0, 0, 0)
    assert len(rows(tmp_path, "SELECT * FROM articles")) == 6


def test_a_run_goes_on_when_the_reading_process_ends(replica, at_once, tmp_path, monkeypatch):
    workers = []

    class Noted(worker._Worker):
        def __init__(self, site):
            super().__init__(site)
            workers.append(self._process)

    class Killer(Watcher):
        def page(self, *args):
            super().page(*args)
            if len(self.pages) == 10:
                os.kill(workers[0].pid, signal.SIGKILL)
                workers[0].wait()

    monkeypatch.setattr(worker, "_Worker", Noted)
    report = crawl(tmp_path, replica.base_url, watcher=Killer())
    assert len(workers) == 2
    assert report.failed <= 1  # what it was at
    assert report.new == SIZE - report.failed
    crawl(tmp_path, replica.base_url, after=HOUR)
    assert len(rows(tmp_path, "SELECT * FROM articles")) == SIZE


def test_an_error_of_the_archive_ends_all_stations(replica, at_once, tmp_path, monkeypatch):
    apply = Store.apply
    stored = []

    def full(*args):
        stored.append(args)
        if len(stored) == 5:
            raise ArchiveError("The disk is full.")
        return apply(*args)

    monkeypatch.setattr(Store, "apply", full)
    with pytest.raises(ArchiveError):
        crawl(tmp_path, replica.base_url)
    assert not any(thread.name.startswith("fetch") for thread in threading.enumerate())
    monkeypatch.undo()
    assert crawl(tmp_path, replica.base_url, after=HOUR).new == SIZE - 4


def test_limit_counts_what_is_asked_for(replica, at_once, tmp_path):
    report = crawl(tmp_path, replica.base_url, limit=7)
    assert report.new == 7
    assert len(articles_asked(replica)) == 7


def test_what_is_kept_in_vain_does_no_harm(small, at_once, tmp_path):
    """Pages that turn out to be too old once others were kept behind them."""
    for number in range(12):
        small.put(f"{number}.html", published=f"20{20 + number % 2 * 6}-05-01T10:00:00+02:00")
    report = crawl(tmp_path, small.url, since=date(2026, 1, 1))
    assert (report.new, report.older) == (6, 6)
    with Archive.open_existing(tmp_path) as archive:
        assert verify(archive)["problems"] == []
    assert len(rows(tmp_path, "SELECT * FROM captures")) == 6


def sizes(directory):
    return sum(path.stat().st_size for path in (directory / "warc").iterdir())


def test_rechecks_that_find_nothing_new_leave_nothing(replica, at_once, tmp_path):
    """The bytes of each page differ each time, its words do not."""
    crawl(tmp_path, replica.base_url)
    before = sizes(tmp_path)
    for number in (1, 2):
        replica.touch_templates()
        report = crawl(tmp_path, replica.base_url, after=number * HOUR, full=True)
        assert (report.unchanged, report.exit_code) == (SIZE, 0)
    assert sizes(tmp_path) == before


def test_a_server_that_asks_to_be_left_alone_is(small, stations, tmp_path):
    small.put(*(f"{n:02}.html" for n in range(20)))
    small.pages[f"{FOLDER}11.html"] = Answer(503, {"Retry-After": "3600"}, b"Spaeter")
    report = crawl(tmp_path, small.url)
    assert (report.new, report.failed) == (11, 1)
    assert "come back later" in report.ended_early
    assert len(small.fetched()) == 12


def test_block_pages_are_counted_in_order(small, stations, tmp_path):
    small.put(*(f"{n:02}.html" for n in range(30)))
    wall = Answer(
        403, {"Content-Type": "text/html"}, b"<html><title>Just a moment...</title></html>"
    )
    for number in range(30):
        if number % 6 != 3:
            small.pages[f"{FOLDER}{number:02}.html"] = wall
    report = crawl(tmp_path, small.url)
    more = 0 if stations == "one by one" else 2 * stages.AHEAD  # on their way by then
    assert report.exit_code == 4
    assert 8 <= report.failed <= 8 + more
    assert 9 <= len(small.fetched()) <= 9 + more + 1
