"""What happened in a span of time: by the time of the event, not of the publication."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

import pytest

from scraper.archive.changes import changes
from scraper.archive.connection import Archive
from scraper.archive.search.articles import count_matches, search
from scraper.archive.search.filters import Filters
from tests.support.loopback import Answer
from tests.support.replica import START, crawl, rows
from tests.support.small import FOLDER

DAY = timedelta(days=1)


@pytest.fixture
def lived(small, tmp_path):
    """Releases of 2020, one of which is edited, one deleted, one withdrawn in October 2026."""
    small.put(*(f"{n}.html" for n in range(9)), published="2020-05-01T10:00:00+02:00")
    crawl(tmp_path, small.url)
    small.put("1.html", published="2020-05-01T10:00:00+02:00", text="Neu gefasst.")
    del small.pages[FOLDER + "2.html"]
    small.pages[FOLDER + "3.html"] = Answer(302, {"Location": "/newsroom/"})
    crawl(tmp_path, small.url, after=10 * DAY, full=True)
    crawl(tmp_path, small.url, after=12 * DAY, full=True)
    return tmp_path


def found(directory, **filters):
    with Archive.open_existing(directory) as archive:
        return changes(archive, Filters(**filters))


def test_what_happened_is_told_by_the_time_of_the_event(lived):
    since = (START + 9 * DAY).date()
    kinds = [row["kind"] for row in found(lived, since=since)]
    assert sorted(kinds) == ["changed", "gone", "withdrawn"]
    assert found(lived, until=since) == []
    assert found(lived, since=date(2020, 1, 1), until=date(2020, 12, 31)) == []
    (edit,) = [row for row in found(lived, since=since) if row["kind"] == "changed"]
    assert edit["fields"] == ["text"]


def test_a_day_is_one_of_the_citys_calendar(lived):
    with Archive.open(lived) as archive, archive.transaction() as db:
        db.execute("UPDATE events SET at = '2026-10-13T22:30:00+00:00' WHERE kind = 'changed'")
    assert [row["kind"] for row in found(lived, since=date(2026, 10, 14), until=date(2026, 10, 14))]
    day_before = found(lived, since=date(2026, 10, 13), until=date(2026, 10, 13))
    assert "changed" not in [row["kind"] for row in day_before]


def test_the_verb_prints_text_json_and_csv(lived, newsroom):
    code, out, _ = newsroom("--data", lived, "changes", "--since", "2026-10-05")
    assert (code, "gone" in out, "withdrawn" in out, "leads to" in out) == (0, True, True, True)
    code, out, _ = newsroom("--data", lived, "changes", "--since", "2026-10-05", "--json")
    assert {row["kind"] for row in json.loads(out)} == {"changed", "gone", "withdrawn"}
    code, out, _ = newsroom("--data", lived, "changes", "--since", "2026-10-05", "--csv")
    table = list(csv.DictReader(io.StringIO(out)))
    assert {row["kind"]: row["fields"] for row in table}["changed"] == "text"
    code, out, _ = newsroom("--data", lived, "changes", "--since", "2030-01-01")
    assert (code, "Nothing happened" in out) == (0, True)


def test_feed_and_export_of_events_go_by_the_event(lived, newsroom, tmp_path):
    for name, what in (("e.csv", ["events"]), ("f.xml", ["feed", "--changes"])):
        arguments = ["export", what[0], "-o", tmp_path / name, "--since", "2026-10-05", *what[1:]]
        assert newsroom("--data", lived, *arguments)[0] == 0
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert all(word in text for word in ("gone", "withdrawn", "changed"))
        arguments[5] = "2020-01-01"
        assert newsroom("--data", lived, *arguments, "--until", "2020-12-31")[0] == 0
        assert "withdrawn" not in (tmp_path / name).read_text(encoding="utf-8")


def test_releases_can_be_narrowed_to_those_that_changed(lived, newsroom):
    with Archive.open_existing(lived) as archive:
        everything = count_matches(archive, "Überschrift", Filters())
        changed = Filters(changed_since=date(2026, 10, 5))
        hits = search(archive, "Überschrift", changed)
    assert (everything, len(hits)) == (9, 3)
    assert sorted(row["online"] for row in hits) == [False, False, True]
    code, out, _ = newsroom(
        "--data", lived, "search", "Überschrift", "--changed-since", "2026-10-05", "--count"
    )
    assert (code, out) == (0, "3\n")


def test_a_search_says_how_many_there_are(lived, newsroom):
    code, out, _ = newsroom("--data", lived, "search", "Überschrift", "--limit", "4")
    assert (code, "4 of 9" in out, out.count("https://")) == (0, True, 4)
    assert "no longer online" in newsroom("--data", lived, "search", "Überschrift")[1]
    code, out, err = newsroom("--data", lived, "search", "Überschrift", "--limit", "4", "--json")
    assert (len(json.loads(out)), err.strip()) == (4, "4 of 9")


@pytest.mark.parametrize("verb", [["search", "Schule"], ["quotes", "Schule"], ["changes"]])
def test_an_empty_archive_says_that_it_is(newsroom, tmp_path, verb):
    Archive.open(tmp_path).close()
    code, _, err = newsroom("--data", tmp_path, *verb)
    assert (code, "holds no releases yet" in err) == (0, True)


def test_json_carries_nothing_that_a_terminal_obeys(lived, newsroom):
    evil = "a\x9b31m\x7f\u202eb\u2028c"
    with Archive.open(lived) as archive, archive.transaction() as db:
        db.execute("UPDATE articles SET title = ? WHERE id = 1", [f"Überschrift {evil}"])
    out = newsroom("--data", lived, "search", "Überschrift", "--json")[1]
    assert not set(evil) & set(out) - set("a31mbc")
    assert f"Überschrift {evil}" in {row["title"] for row in json.loads(out)}


def test_a_column_of_a_query_is_printed_harmless(lived, newsroom):
    code, out, _ = newsroom("--data", lived, "query", 'SELECT 1 AS "a\x1b[2Jb"')
    assert (code, "\x1b" in out) == (0, False)
    assert rows(lived, "SELECT 1 AS n") == [{"n": 1}]


def test_the_edges_of_the_calendar_are_days_too(lived):
    everything = found(lived)
    assert everything
    assert found(lived, since=date.min, until=date.max) == everything
    assert found(lived, since=date.max) == found(lived, until=date.min) == []
