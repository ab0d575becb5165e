"""Times at the edge of the calendar, as older versions have let them in: nothing falls over."""

import shutil
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from scraper.archive import Archive
from scraper.dates import at_zone, to_zone, utc_iso
from scraper.decide.revisit import RevisitPolicy
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from tests.browse.conftest import ARTICLES
from tests.browse.serving import get, web_view
from tests.support.replica import crawl, rows

FAR = {"the last day": "9999-12-31T23:59:59+00:00", "the first day": "0001-01-01T00:00:00+00:00"}
COLUMNS = {
    "articles": "first_seen last_seen modified",
    "revisions": "first_seen last_seen",
    "events": "at",
    "captures": "fetched_at",
    "candidates": "last_checked last_changed",
}
EXPORTS = [
    ("articles", "csv", "--excel"),
    ("events", "csv", "--excel"),
    ("captures", "csv", "--excel"),
    ("revisions", "csv"),
    ("captures", "parquet"),
    ("articles", "jsonl"),
    ("feed", "xml"),
    ("feed", "xml", "--changes"),
    ("dataset", "zip"),
]


@pytest.fixture(params=FAR)
def far(request, archived, tmp_path):
    """An archive in which many times lie at an edge."""
    directory = tmp_path / "far"
    shutil.copytree(archived, directory)
    with Archive.open(directory) as archive, archive.transaction() as db:
        for table, columns in COLUMNS.items():
            for column in columns.split():
                db.execute(
                    f"UPDATE {table} SET {column} = ? WHERE rowid % 2 = 1", [FAR[request.param]]
                )
        db.execute("UPDATE articles SET gone_at = ? WHERE id = 1", [FAR[request.param]])
        db.execute("UPDATE articles SET published = ? WHERE id = 1", [FAR[request.param]])
    return directory


def test_every_verb_that_shows_times_works(far, newsroom):
    for command in (
        ("show", "1"), ("history", "1"), ("history", "1", "--json"), ("stats",), ("search", "Die"),
        ("quotes",), ("query", "SELECT * FROM articles"),
    ):  # fmt: skip
        code, _out, err = newsroom("--data", far, *command)
        assert code in {0, 3, 5}, (command, err)
        assert "Traceback" not in err
    for command in ("verify", "doctor"):  # which calls a time in the future trouble
        assert newsroom("--data", far, command)[0] in {0, 7}


def test_every_export_works(far, newsroom):
    for what, suffix, *options in EXPORTS:
        code, _out, err = newsroom(
            "--data", far, "export", what, "-o", f"{what}.{suffix}", *options
        )
        assert (code, "Traceback" in err) == (0, False), (what, err)


def test_every_page_of_the_web_view_works(far):
    ids = [row["id"] for row in rows(far, "SELECT id FROM articles ORDER BY id LIMIT 4")]
    paths = ["/", "/changes", "/changes.atom", "/people", "/search?q=die", "/search.atom?q=die"]
    paths += [f"/release/{number}" for number in ids]
    with web_view(far) as address:
        for path in paths:
            assert get(address, path).status == 200, path


def test_another_crawl_works(far):
    with ReplicaServer(Newsroom(ARTICLES), navigation_bytes=200) as server:
        assert crawl(far, server.base_url, full=True).failed == 0


def test_a_time_that_has_no_local_form_stays_as_it_is():
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    first = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    assert at_zone(last, ZoneInfo("Europe/Berlin")) is last
    assert to_zone(last, "Europe/Berlin") == "9999-12-31T23:59:59+00:00"
    assert utc_iso(first) == "0001-01-01T00:00:00+14:00"
    assert RevisitPolicy().next_check(last, last).year == 9999
    assert RevisitPolicy().next_try(9, last).year == 9999
