"""Archives that other programs have worked on, wrong clocks, and two commands at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.archive.clock import clock_trouble
from scraper.archive.connection import DATABASE_NAME, Archive
from scraper.archive.history import history
from scraper.archive.search.articles import search
from scraper.archive.search.filters import Filters
from scraper.errors import ArchiveError
from tests.support.replica import START, crawl, rows
from tests.support.small import FOLDER

ROOT = Path(__file__).parents[2]
VERSION_1 = ROOT / "tests" / "fixtures" / "schema" / "version_1.sql"
DAY = timedelta(days=1)


def sqlite_utils(directory, *arguments):
    command = [sys.executable, "-m", "sqlite_utils", arguments[0], DATABASE_NAME, *arguments[1:]]
    subprocess.run(command, cwd=directory, check=True, capture_output=True)


@pytest.fixture
def known(small, tmp_path):
    small.put("1.html", "2.html")
    crawl(tmp_path, small.url)
    return small


def test_triggers_of_others_on_the_index_are_refused(known, tmp_path, newsroom):
    sqlite_utils(tmp_path, "enable-counts")
    code, _, err = newsroom("--data", tmp_path, "crawl", "--base-url", known.url)
    assert (code, "enable-counts" in err) == (7, True)
    command = err[err.index("sqlite3 ") :].replace("\n", " ")
    assert 'DROP TRIGGER "' in command
    with sqlite3.connect(tmp_path / DATABASE_NAME) as db:
        db.executescript(command.split("'")[1])
    db.close()
    known.put("3.html")
    assert crawl(tmp_path, known.url, after=DAY).new == 1


def test_lost_triggers_are_put_back_and_everything_is_indexed_again(known, tmp_path):
    sqlite_utils(tmp_path, "transform", "articles")
    known.put("3.html", title="Sternwarte öffnet")
    crawl(tmp_path, known.url, after=DAY)
    with Archive.open_existing(tmp_path) as archive:
        assert [row["title"] for row in search(archive, "Sternwarte", Filters())] == [
            "Sternwarte öffnet"
        ]


def test_what_was_changed_without_triggers_is_found(known, tmp_path):
    with sqlite3.connect(tmp_path / DATABASE_NAME) as db:
        db.execute("DROP TRIGGER articles_edited")
        db.execute("UPDATE articles SET title = 'Sternwarte' WHERE id = 1")
    db.close()
    with Archive.open_existing(tmp_path) as archive:
        assert len(search(archive, "Sternwarte", Filters())) == 1


def test_two_commands_upgrade_an_archive_once(tmp_path):
    with sqlite3.connect(tmp_path / DATABASE_NAME) as db:
        db.executescript(VERSION_1.read_text(encoding="utf-8"))
    db.close()
    command = [sys.executable, "-m", "scraper", "--data", str(tmp_path), "stats"]
    runs = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [(run.communicate()[1], run.returncode) for run in runs] == [(b"", 0)] * 4
    with sqlite3.connect(tmp_path / f"{DATABASE_NAME}.schema-1") as before:
        assert before.execute("PRAGMA user_version").fetchone() == (1,)
    before.close()


class TestClock:
    """One run with the clock years ahead."""

    @pytest.fixture
    def jumped(self, small, tmp_path):
        small.put("1.html", "2.html")
        crawl(tmp_path, small.url, after=5000 * DAY)
        return small

    def test_the_archive_is_not_silent_until_then(self, jumped, tmp_path):
        jumped.put("3.html")
        jumped.fetched()
        report = crawl(tmp_path, jumped.url, after=DAY)
        assert report.new == 1
        assert len(jumped.fetched()) == 3
        assert any("clock is or was wrong" in warning for warning in report.warnings)

    def test_an_edit_is_not_before_the_version_it_edits(self, jumped, tmp_path):
        jumped.put("1.html", text="Neu gefasst.")
        assert crawl(tmp_path, jumped.url, after=DAY, full=True).changed == 1
        (row,) = rows(
            tmp_path, "SELECT id, first_seen, last_seen FROM articles WHERE url LIKE '%1.html'"
        )
        assert row["first_seen"] <= row["last_seen"]
        with Archive.open_existing(tmp_path) as archive:
            versions = history(archive, row["id"])["versions"]
        assert versions[0]["first_seen"] <= versions[1]["first_seen"]

    def test_what_vanishes_is_still_noticed(self, jumped, tmp_path):
        del jumped.pages[FOLDER + "1.html"]
        crawl(tmp_path, jumped.url, after=5000 * DAY, full=True)
        crawl(tmp_path, jumped.url, after=DAY, full=True)
        assert crawl(tmp_path, jumped.url, after=2 * DAY, full=True).gone == 1

    def test_it_is_said(self, jumped, tmp_path):
        with Archive.open_existing(tmp_path) as archive:
            assert "2040" in clock_trouble(archive, START)
            assert clock_trouble(archive, START + 5001 * DAY) is None


def test_an_archive_of_a_newer_version_is_not_copied(tmp_path):
    with Archive.open(tmp_path) as archive:
        archive.db.execute("PRAGMA user_version = 999")
    with pytest.raises(ArchiveError, match="newer"):
        Archive.open(tmp_path)
    assert not list(tmp_path.glob("*.schema-*"))
