"""A server that asks to be left alone is left alone: by the rest of the run, and by the next."""

import sqlite3
import threading

import pytest

from scraper.archive import Archive
from scraper.crawl.one_page import polite_client
from scraper.crawl.options import CrawlOptions, CrawlRequest
from scraper.crawl.start import run_crawl
from scraper.errors import RobotsForbid, SiteUnreachable
from tests.support.loopback import Answer
from tests.support.replica import Watcher
from tests.support.small import SEARCH

BUSY = Answer(429, {"Retry-After": "3600"})


def crawl(directory, base_url, **options):
    request = CrawlRequest(
        directory, "dortmund", base_url, 0.0, "test@example.org", CrawlOptions(**options)
    )
    return run_crawl(request, Watcher(), threading.Event())


def kept(directory):
    with Archive.open_existing(directory) as archive:
        return archive.rows("SELECT host, until FROM host_pauses")


def test_a_busy_search_interface_is_the_last_that_is_asked_for(small, tmp_path):
    small.put("a.html", "b.html", "c.html")
    crawl(tmp_path, small.url, images=True)
    small.server.asks.clear()
    small.pages[SEARCH] = BUSY
    script = small.server.script
    small.server.script = lambda ask: BUSY if ask.path == SEARCH else script(ask)
    with pytest.raises(SiteUnreachable, match="left alone until"):
        crawl(tmp_path, small.url, full=True, images=True)
    assert small.server.paths() == [SEARCH]
    assert [row["host"] for row in kept(tmp_path)] == [small.url.removeprefix("http://")]


@pytest.mark.parametrize("options", [{}, {"dry_run": True}, {"full": True}])
def test_the_next_run_asks_for_nothing(small, tmp_path, options):
    small.put("a.html")
    small.server.robots = Answer(503, {"Retry-After": "3600"})
    with pytest.raises(RobotsForbid, match="asks to wait 3600 s"):
        crawl(tmp_path, small.url)
    small.server.robots = Answer(404)
    small.server.asks.clear()
    with pytest.raises(RobotsForbid, match=r"asked to be left alone until .* and was not asked"):
        crawl(tmp_path, small.url, **options)
    _site, client = polite_client("dortmund", small.url, "test", tmp_path)
    with client, pytest.raises(RobotsForbid, match="left alone until"):
        client.robots()
    assert small.server.asks == []
    db = sqlite3.connect(tmp_path / "newsroom.db")
    db.execute("UPDATE host_pauses SET until = '2020-01-01T00:00:00+00:00'")
    db.commit()
    db.close()
    assert crawl(tmp_path, small.url).new == 1


def test_a_dry_run_keeps_nothing(small, tmp_path):
    small.put("a.html")
    crawl(tmp_path, small.url)
    small.server.robots = BUSY
    with pytest.raises(RobotsForbid):
        crawl(tmp_path, small.url, dry_run=True)
    assert kept(tmp_path) == []
