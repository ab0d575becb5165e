"""One page after the other: what a run does with each, and when it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scraper.archive import Archive, Store
from scraper.archive.verify import verify
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import ArchiveError
from tests.support.loopback import Answer
from tests.support.replica import Counter, articles_asked, crawl, rows
from tests.support.small import FOLDER

SIZE = 24
HOUR = timedelta(hours=1)


@pytest.fixture
def replica():
    with ReplicaServer(Newsroom(SIZE), navigation_bytes=200) as server:
        yield server


def test_a_page_is_finished_before_the_next(replica, tmp_path):
    counter = Counter(replica)
    assert crawl(tmp_path, replica.base_url, watcher=counter).new == SIZE
    assert counter.asked == list(range(1, SIZE + 1))


def test_another_name_of_a_page_on_its_way_is_no_page_of_its_own(small, tmp_path):
    for number in range(6):
        small.pages[f"{FOLDER}name-{number}.html"] = b""  # listed
        small.moved[f"{FOLDER}name-{number}.html"] = f"{FOLDER}ziel.html"
    small.put("ziel.html")
    report = crawl(tmp_path, small.url)
    assert (report.new, report.unchanged, report.missing, report.failed) == (1, 5, 0, 0)
    assert rows(tmp_path, "SELECT url FROM articles")[0]["url"].endswith("ziel.html")
    assert len(rows(tmp_path, "SELECT * FROM captures")) == 1


def test_a_move_is_seen_whichever_address_comes_first(small, tmp_path):
    for number in range(6):
        small.put(f"alt-{number}.html", title=f"Titel {number}", content_id=f"{number}")
    crawl(tmp_path, small.url)
    for number in range(6):
        del small.pages[f"{FOLDER}alt-{number}.html"]
        small.put(f"neu-{number}.html", title=f"Titel {number}", content_id=f"{number}")
    report = crawl(tmp_path, small.url, after=HOUR, full=True)
    assert (report.moved, report.new, report.missing, report.gone) == (6, 0, 0, 0)
    assert len(rows(tmp_path, "SELECT * FROM articles")) == 6


def test_an_error_of_the_archive_ends_the_run(replica, tmp_path, monkeypatch):
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
    monkeypatch.undo()
    assert crawl(tmp_path, replica.base_url, after=HOUR).new == SIZE - 4


def test_limit_counts_what_is_asked_for(replica, tmp_path):
    report = crawl(tmp_path, replica.base_url, limit=7)
    assert report.new == 7
    assert len(articles_asked(replica)) == 7


def test_what_is_kept_in_vain_does_no_harm(small, tmp_path):
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


def test_rechecks_that_find_nothing_new_leave_nothing(replica, tmp_path):
    """The bytes of each page differ each time, its words do not."""
    crawl(tmp_path, replica.base_url)
    before = sizes(tmp_path)
    for number in (1, 2):
        replica.touch_templates()
        report = crawl(tmp_path, replica.base_url, after=number * HOUR, full=True)
        assert (report.unchanged, report.exit_code) == (SIZE, 0)
    assert sizes(tmp_path) == before


def test_a_server_that_asks_to_be_left_alone_is(small, tmp_path):
    small.put(*(f"{n:02}.html" for n in range(20)))
    small.pages[f"{FOLDER}11.html"] = Answer(503, {"Retry-After": "3600"}, b"Spaeter")
    report = crawl(tmp_path, small.url)
    assert (report.new, report.failed) == (11, 1)
    assert "come back later" in report.ended_early
    assert len(small.fetched()) == 12


def test_block_pages_are_counted_in_order(small, tmp_path):
    small.put(*(f"{n:02}.html" for n in range(30)))
    wall = Answer(
        403, {"Content-Type": "text/html"}, b"<html><title>Just a moment...</title></html>"
    )
    for number in range(30):
        if number % 6 != 3:
            small.pages[f"{FOLDER}{number:02}.html"] = wall
    report = crawl(tmp_path, small.url)
    assert (report.exit_code, report.failed) == (4, 8)
    assert 9 <= len(small.fetched()) <= 10


@pytest.mark.parametrize("kind", ["template", "connection"])
def test_a_page_that_breaks_off_is_never_an_edit(small, tmp_path, kind):
    small.put("1.html", "2.html")
    assert crawl(tmp_path, small.url).new == 2
    whole = small.pages[FOLDER + "1.html"]
    half = whole[: whole.index(b"Es geht los.") + 5]
    headers = {"Content-Type": "text/html; charset=utf-8"}
    head = b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    cut = Answer(raw=[head + half]) if kind == "connection" else Answer(200, headers, half)
    small.pages[FOLDER + "1.html"] = small.pages[FOLDER + "3.html"] = cut
    report = crawl(tmp_path, small.url, after=HOUR, full=True)
    assert (report.exit_code, report.failed, report.changed, report.new) == (3, 2, 0, 0)
    assert {"breaks off" in reason for _url, reason in report.failures} == {True}
    assert [row["kind"] for row in rows(tmp_path, "SELECT kind FROM events")] == ["new", "new"]
    small.pages[FOLDER + "1.html"] = whole
    del small.pages[FOLDER + "3.html"]
    report = crawl(tmp_path, small.url, after=2 * HOUR, full=True)
    assert (report.unchanged, report.changed, report.failed) == (2, 0, 0)


def test_the_first_page_of_all_is_not_taken_in_half(small, tmp_path):
    small.put("1.html", "2.html")
    whole = small.pages[FOLDER + "1.html"]
    small.pages[FOLDER + "1.html"] = whole[: whole.index(b"Es geht los.") + 5]
    report = crawl(tmp_path, small.url)
    assert (report.exit_code, report.new, report.failed) == (3, 1, 1)
    assert "breaks off" in report.failures[0][1]
    small.pages[FOLDER + "1.html"] = whole
    report = crawl(tmp_path, small.url, after=6 * HOUR)
    assert (report.new, report.failed) == (1, 0)


def test_a_site_whose_pages_all_end_in_the_middle_is_read(small, tmp_path):
    names = [f"{number}.html" for number in range(6)]
    small.put(*names)
    for name in names:
        whole = small.pages[FOLDER + name]
        small.pages[FOLDER + name] = whole[: whole.index(b"</main>")] + b"<div>Stadt"
    assert crawl(tmp_path, small.url).new == 3
    assert crawl(tmp_path, small.url, after=6 * HOUR).new == 3


def test_a_site_whose_pages_have_no_end_tag_is_read(small, tmp_path):
    small.put("1.html")
    small.pages[FOLDER + "1.html"] = small.pages[FOLDER + "1.html"].replace(b"</html>", b"")
    assert crawl(tmp_path, small.url).new == 1
    small.put("1.html", text="Es geht weiter.")
    small.pages[FOLDER + "1.html"] = small.pages[FOLDER + "1.html"].replace(b"</html>", b"")
    assert crawl(tmp_path, small.url, after=HOUR, full=True).changed == 1
