"""Releases that are taken down without a 404: an event of its own once it stays so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scraper.archive.connection import Archive
from scraper.archive.history import history
from tests.support.loopback import Answer
from tests.support.replica import crawl, rows
from tests.support.small import FOLDER

HOUR = timedelta(hours=7)
HTML = {"Content-Type": "text/html; charset=utf-8"}
OVERVIEW = (
    b"<!DOCTYPE html><html><head><link rel=canonical href='https://www.dortmund.de/newsroom/'>"
    b"<title>Newsroom</title></head><body><main><h1>Newsroom</h1></main></body></html>"
)
NOT_FOUND = b"<!DOCTYPE html><html><head><title>Seite nicht gefunden</title></head></html>"
WAYS = {
    "redirect to the overview": Answer(302, {"Location": "/newsroom/"}),
    "redirect to the front page": Answer(301, {"Location": "/"}),
    "the overview in its place": Answer(200, HTML, OVERVIEW),
    "not found, with 200": Answer(200, HTML, NOT_FOUND),
    "forbidden": Answer(403, HTML, b"<html><h1>Forbidden</h1></html>"),
    "for legal reasons": Answer(451, HTML, b"<html><h1>Nicht verf\xc3\xbcgbar</h1></html>"),
}


@pytest.fixture
def known(small, tmp_path):
    """Six releases in the archive."""
    small.pages["/"] = b"<!DOCTYPE html><html><h1>Stadt</h1></html>"
    small.put(*(f"{n}.html" for n in range(6)))
    assert crawl(tmp_path, small.url).new == 6
    return small


def life(directory, name="3.html"):
    (row,) = rows(directory, f"SELECT id FROM articles WHERE url LIKE '%{name}'")
    with Archive.open_existing(directory) as archive:
        return history(archive, row["id"])


def test_a_report_names_what_is_new_changed_or_gone(known, tmp_path):
    known.put("new.html")
    del known.pages[FOLDER + "2.html"]
    report = crawl(tmp_path, known.url, after=HOUR, full=True)
    assert [row["url"].rpartition("/")[2] for row in report.releases["new"]] == ["new.html"]
    assert (report.releases["gone"], report.missing) == ([], 1)
    for run in (2, 3):
        report = crawl(tmp_path, known.url, after=run * HOUR, full=True)
        gone = [row["url"].rpartition("/")[2] for row in report.releases["gone"]]
        assert gone == (["2.html"] if run == 2 else [])
    assert all(row["title"] for kind in report.releases.values() for row in kind)


@pytest.mark.parametrize("way", WAYS)
def test_taken_down_is_an_event_once_it_stays_so(known, tmp_path, way):
    before = known.pages[FOLDER + "3.html"]
    known.pages[FOLDER + "3.html"] = WAYS[way]
    report = crawl(tmp_path, known.url, after=HOUR, full=True)
    assert (report.exit_code, report.missing, report.failed) == (0, 1, 0)
    assert life(tmp_path)["online"]
    report = crawl(tmp_path, known.url, after=2 * HOUR, full=True)
    assert (report.exit_code, report.gone, report.failed) == (0, 1, 0)
    found = life(tmp_path)
    assert not found["online"]
    event = found["events"][-1]
    assert event["kind"] == "withdrawn"
    assert event["detail"]
    (kept,) = rows(tmp_path, "SELECT capture_id FROM events WHERE kind = 'withdrawn'")
    assert kept["capture_id"]
    report = crawl(tmp_path, known.url, after=3 * HOUR, full=True)
    assert [e["kind"] for e in life(tmp_path)["events"]].count("withdrawn") == 1
    known.pages[FOLDER + "3.html"] = before
    crawl(tmp_path, known.url, after=4 * HOUR, full=True)
    found = life(tmp_path)
    assert (found["online"], found["events"][-1]["kind"]) == (True, "back")
    assert len(found["versions"]) == 1


@pytest.mark.parametrize("way", WAYS)
def test_once_is_not_believed(known, tmp_path, way):
    before = known.pages[FOLDER + "3.html"]
    known.pages[FOLDER + "3.html"] = WAYS[way]
    crawl(tmp_path, known.url, after=HOUR, full=True)
    known.pages[FOLDER + "3.html"] = before
    crawl(tmp_path, known.url, after=2 * HOUR, full=True)
    assert [event["kind"] for event in life(tmp_path)["events"]] == ["new"]


def test_all_at_once_are_an_outage(known, tmp_path):
    for n in range(6):
        known.pages[f"{FOLDER}{n}.html"] = WAYS["redirect to the front page"]
    for number in (1, 2):
        report = crawl(tmp_path, known.url, after=number * HOUR, full=True)
        assert (report.exit_code, report.gone) == (5, 0)
    assert all(row["gone_at"] is None for row in rows(tmp_path, "SELECT gone_at FROM articles"))


@pytest.mark.parametrize("way", ["redirect to the overview", "not found, with 200", "forbidden"])
def test_a_page_never_seen_is_a_failure(known, tmp_path, way):
    known.pages[FOLDER + "neu.html"] = WAYS[way]
    report = crawl(tmp_path, known.url, after=HOUR, full=True)
    assert (report.exit_code, report.failed, report.missing) == (3, 1, 0)


def test_being_turned_away_everywhere_takes_nothing_down(known, tmp_path):
    for number in (1, 2):
        for n in range(6):
            known.pages[f"{FOLDER}{n}.html"] = WAYS["forbidden"]
        report = crawl(tmp_path, known.url, after=number * HOUR, full=True)
        assert (report.exit_code, report.gone, report.missing) == (4, 0, 0)
    assert [row["kind"] for row in rows(tmp_path, "SELECT DISTINCT kind FROM events")] == ["new"]
