"""Reading stored pages again: in processes of their own, writing only when asked to."""

import gzip
import json
import os
from datetime import timedelta

import pytest

from scraper.archive import Archive
from scraper.archive.history import history
from scraper.archive.verify import verify
from scraper.console.reports import print_reparse
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.extract.reparse import read_revision, reparse
from tests.support.replica import START, crawl, dump, rows

SIZE = 8
# As archives of schema 2 held their pages.
_OLD_PAGE = "UPDATE captures SET warc_file = NULL, body = ? WHERE id = {}"


@pytest.fixture
def replica():
    with ReplicaServer(Newsroom(SIZE), navigation_bytes=200) as server:
        yield server


@pytest.fixture
def archive_dir(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    return tmp_path


def misread(directory):
    """Pretend that an older parser has read something else."""
    with Archive.open(directory) as archive, archive.transaction() as db:
        for row in list(db.query("SELECT id, article_id, record FROM revisions")):
            record = json.loads(row["record"])
            record["kicker"] = "falsch gelesen"
            db.execute(
                "UPDATE revisions SET record = ?, fingerprint = '0:old' WHERE id = ?",
                [json.dumps(record), row["id"]],
            )
        db.execute("UPDATE articles SET kicker = 'falsch gelesen', fingerprint = '0:old'")


def test_an_unchanged_parser_changes_nothing(archive_dir):
    before = dump(archive_dir)
    report = reparse(archive_dir, START, write=True, processes=2)
    assert (report.pages, report.changed, report.failed) == (SIZE, 0, 0)
    assert dump(archive_dir) == before


def test_a_better_parser_is_reported_and_written_only_on_request(archive_dir):
    correct = rows(archive_dir, "SELECT id, kicker, fingerprint FROM articles ORDER BY id")
    misread(archive_dir)
    report = reparse(archive_dir, START, processes=1)
    assert (report.changed, report.fields["kicker"]) == (SIZE, SIZE)
    assert len(report.examples["kicker"]) == 3
    assert report.examples["kicker"][0]["before"] == "falsch gelesen"
    assert rows(archive_dir, "SELECT DISTINCT kicker FROM articles") == [
        {"kicker": "falsch gelesen"}
    ]
    assert reparse(archive_dir, START, write=True, processes=1).changed == SIZE
    assert rows(archive_dir, "SELECT id, kicker, fingerprint FROM articles ORDER BY id") == correct
    with Archive.open_existing(archive_dir) as archive:
        assert verify(archive)["problems"] == []


def test_a_change_by_the_parser_is_no_edit_by_the_city(archive_dir):
    misread(archive_dir)
    reparse(archive_dir, START, write=True, processes=1)
    with Archive.open_existing(archive_dir) as archive:
        life = history(archive, 1)
    assert [event["kind"] for event in life["events"]] == ["new", "reparsed"]
    assert life["events"][1]["detail"] == "kicker"
    assert len(life["versions"]) == 1


def without_indirect_speech(directory):
    """Make an archive as versions made it that found no indirect speech; how much was there."""
    number = rows(directory, "SELECT count(*) AS n FROM quotes WHERE kind = 'indirect'")[0]["n"]
    with Archive.open(directory) as archive, archive.transaction() as db:
        for row in list(db.query("SELECT id, article_id, record FROM revisions")):
            record = json.loads(row["record"])
            record["quotes"] = [it for it in record["quotes"] if it["kind"] != "indirect"]
            old = [json.dumps(record), row["id"]]
            db.execute("UPDATE revisions SET record = ? WHERE id = ?", old)
        db.execute("DELETE FROM quotes WHERE kind = 'indirect'")
    return number


def test_indirect_speech_comes_into_an_older_archive_without_an_edit(archive_dir, replica):
    number = without_indirect_speech(archive_dir)
    assert number
    replica.touch_templates()
    report = crawl(archive_dir, replica.base_url, after=timedelta(hours=1), full=True)
    assert report.changed == 0
    reparse(archive_dir, START, write=True, processes=1)
    kinds = rows(archive_dir, "SELECT kind, count(*) AS n FROM quotes GROUP BY kind")
    assert {"kind": "indirect", "n": number} in kinds
    assert {row["kind"] for row in rows(archive_dir, "SELECT kind FROM events")} <= {
        "new",
        "reparsed",
    }
    assert rows(archive_dir, "SELECT max(number) AS n FROM revisions") == [{"n": 1}]


def test_a_crawl_with_a_better_parser_sees_no_edits(archive_dir, replica):
    misread(archive_dir)
    replica.touch_templates()
    report = crawl(archive_dir, replica.base_url, after=timedelta(hours=1), full=True)
    assert (report.changed, report.unchanged) == (0, SIZE)
    kinds = {row["kind"] for row in rows(archive_dir, "SELECT kind FROM events")}
    assert kinds == {"new", "reparsed"}


def test_a_crawl_with_a_better_parser_still_sees_the_citys_edit(archive_dir, replica):
    url = replica.edit(2, text="Neu gefasst.").url
    misread(archive_dir)
    report = crawl(archive_dir, replica.base_url, after=timedelta(hours=1), full=True)
    assert report.changed == 1
    number = rows(archive_dir, f"SELECT id FROM articles WHERE url = '{url}'")[0]["id"]
    with Archive.open_existing(archive_dir) as archive:
        versions = history(archive, number)["versions"]
    assert "kicker" not in {change["field"] for change in versions[1]["changes"]}
    assert "text" in {change["field"] for change in versions[1]["changes"]}


def test_a_page_that_no_longer_parses_is_reported_and_left(archive_dir):
    with Archive.open(archive_dir) as archive, archive.transaction() as db:
        db.execute(_OLD_PAGE.format(3), [gzip.compress(b"<p>Wartung")])
    before = dump(archive_dir)
    report = reparse(archive_dir, START, write=True, processes=1)
    assert (report.failed, report.changed) == (1, 0)
    assert "not an article" in report.failures[0][1]
    assert dump(archive_dir) == before


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("json_set(record, '$.site', 'atlantis')", "no site called 'atlantis'"),
        ("json_set(record, '$.site', json_array(json_object()))", "has not the form of one"),
        ("json_set(record, '$.sections', json_array(json_object()))", "has not the form of one"),
        ("json_set(record, '$.sections', 7)", "has not the form of one"),
        ("json_set(record, '$.images', json_array(1))", "has not the form of one"),
        ("'[]'", "has not the form of one"),
    ],
)
def test_a_record_that_is_not_ours_is_reported_and_the_others_are_read(
    archive_dir, newsroom, record, reason
):
    misread(archive_dir)
    with Archive.open(archive_dir) as archive, archive.transaction() as db:
        db.execute(f"UPDATE revisions SET record = {record} WHERE id = 3")
    kept = rows(archive_dir, "SELECT record FROM revisions WHERE id = 3")
    code, out, err = newsroom("--data", archive_dir, "reparse", "--write", "--processes", "1")
    assert (code, "Traceback" in err) == (3, False)
    assert err.count("Failed: ") == 1
    assert reason in err
    assert str(SIZE - 1) in out
    left = rows(archive_dir, "SELECT id FROM revisions WHERE record LIKE '%falsch gelesen%'")
    assert {row["id"] for row in left} <= {3}
    assert rows(archive_dir, "SELECT record FROM revisions WHERE id = 3") == kept
    with Archive.open_existing(archive_dir) as archive:
        assert verify(archive)["checked"]["articles"] == SIZE


def test_a_crash_of_the_parser_costs_one_page(archive_dir, monkeypatch):
    monkeypatch.setattr("scraper.extract.reparse.read_revision", crashes_over_5)
    victim = rows(archive_dir, "SELECT url FROM captures WHERE id = 5")[0]["url"]
    report = reparse(archive_dir, START, processes=2)
    assert (report.pages, report.failed) == (SIZE, 1)
    assert report.failures == [(victim, "the process that read it was ended by SIGABRT")]


def crashes_over_5(directory, revision_id):
    """What a worker does, until it meets the page that ends it."""
    if revision_id == 5:
        os.abort()
    return read_revision(directory, revision_id)


def test_a_page_that_exceeds_its_budget_is_tried_three_times_in_its_life(archive_dir, monkeypatch):
    monkeypatch.setattr("scraper.extract.reparse.read_revision", crashes_over_5)
    for _ in range(3):
        report = reparse(archive_dir, START, write=True, processes=1)
        assert report.failures[0][1] == "the process that read it was ended by SIGABRT"
    report = reparse(archive_dir, START, write=True, processes=1)
    assert (report.pages, report.failed) == (SIZE, 1)
    assert "given up after 3 tries" in report.failures[0][1]
    assert [row["tries"] for row in rows(archive_dir, "SELECT tries FROM over_budget")] == [3]


def test_an_interrupted_run_ends_at_once_and_keeps_what_was_written(archive_dir, capsys):
    stopped = []
    report = reparse(
        archive_dir,
        START,
        progress=lambda done, _total: stopped.append(done),
        processes=1,
        stop=lambda: len(stopped) >= 3,
    )
    assert report.ended_early == "it was interrupted"
    assert 3 <= report.pages < SIZE
    print_reparse(report)
    assert f"{report.pages} of {SIZE}: it was interrupted." in capsys.readouterr().err


class TestVerify:
    def problems(self, directory, sql, *values):
        with Archive.open(directory) as archive:
            archive.db.execute("PRAGMA foreign_keys = OFF")
            with archive.transaction() as db:
                db.execute(sql, values)
            return verify(archive)["problems"]

    def test_a_sound_archive_has_none(self, archive_dir):
        with Archive.open_existing(archive_dir) as archive:
            findings = verify(archive)
        assert findings["problems"] == []
        assert findings["checked"]["captures"] == findings["checked"]["articles"] == SIZE

    def test_a_tampered_page_is_found(self, archive_dir):
        found = self.problems(archive_dir, _OLD_PAGE.format(2), gzip.compress(b"other"))
        assert len(found) == 1
        assert "SHA-256" in found[0]

    def test_a_broken_page_is_found(self, archive_dir):
        found = self.problems(archive_dir, _OLD_PAGE.format(2), b"\0")
        assert "cannot be unpacked" in found[0]

    def test_a_missing_row_is_found(self, archive_dir):
        assert self.problems(archive_dir, "DELETE FROM captures WHERE id = 2")

    def test_a_text_changed_by_hand_is_found(self, archive_dir):
        found = self.problems(archive_dir, "UPDATE articles SET title = 'x' WHERE id = 2")
        assert any("changed by hand" in problem for problem in found)
