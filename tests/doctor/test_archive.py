"""The archive, its runs and its health, as `doctor` sees them."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.archive import begin_run, end_run
from scraper.archive.schema import SCHEMA_VERSION
from scraper.crawl.report import RunReport, figures
from scraper.doctor import archive as archive_check
from tests.health.chronicle import FIRST_RUN, SITE, Chronicle, release

SCHEMA_1 = Path(__file__).parents[1] / "fixtures" / "schema" / "version_1.sql"


@pytest.fixture
def chronicle(tmp_path):
    opened = Chronicle(tmp_path)
    with opened.archive:
        yield opened


def looked_at(directory):
    checks = []
    with archive_check.opened(directory, checks) as archive:
        return archive is not None, checks


def ran(chronicle, *codes, after_days=0):
    for number, code in enumerate(codes):
        at = FIRST_RUN + timedelta(days=after_days, hours=number)
        run = begin_run(chronicle.archive, SITE.key, "live", at)
        end_run(chronicle.archive, run, at, figures(RunReport(SITE.key, exit_code=code)))


def runs(chronicle, days=0.5):
    return archive_check.check_runs(chronicle.archive, SITE, FIRST_RUN + timedelta(days=days))


def test_no_archive_is_no_trouble(tmp_path):
    is_open, checks = looked_at(tmp_path)
    assert (is_open, [check.status for check in checks]) == (False, ["note"])
    assert list(tmp_path.iterdir()) == []


def test_an_archive_is_opened_and_sound(chronicle, tmp_path):
    chronicle.run(0, [release(-1)])
    assert looked_at(tmp_path) == (True, [])
    check = archive_check.check_database(chronicle.archive)
    assert check.status == "ok"
    assert check.detail.startswith(f"1 articles, schema {SCHEMA_VERSION}; to back up: ")


@pytest.mark.parametrize("content", [b"no database at all, but long enough " * 40, b"SQLite"])
def test_a_file_that_is_no_archive_is_trouble(tmp_path, content):
    (tmp_path / "newsroom.db").write_bytes(content)
    is_open, checks = looked_at(tmp_path)
    assert (is_open, [check.exit_code for check in checks]) == (False, [7])


def test_an_archive_of_a_newer_version_is_trouble(chronicle, tmp_path):
    with chronicle.archive.transaction() as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    is_open, checks = looked_at(tmp_path)
    assert (is_open, checks[0].exit_code) == (False, 7)
    assert "newer" in checks[0].detail


def test_an_older_archive_is_not_upgraded_by_looking(tmp_path):
    path = tmp_path / "newsroom.db"
    db = sqlite3.connect(path)
    db.executescript(SCHEMA_1.read_text(encoding="utf-8"))
    db.close()
    before = path.read_bytes()
    is_open, checks = looked_at(tmp_path)
    assert (is_open, checks[0].status) == (False, "note")
    assert path.read_bytes() == before


def test_rows_without_their_article_are_trouble(chronicle):
    chronicle.run(0, [release(-1)])
    chronicle.archive.db.execute("PRAGMA foreign_keys = OFF")
    with chronicle.archive.transaction() as db:
        db.execute("INSERT INTO tags VALUES (99, 0, 'Bauen')")
    check = archive_check.check_database(chronicle.archive)
    assert check.exit_code == 7
    assert "1 rows point to rows that are missing" in check.detail


def test_articles_that_other_programs_wrote_are_due_for_the_index(chronicle):
    chronicle.run(0, [release(-1)])
    assert archive_check.check_search(chronicle.archive).status == "ok"
    with chronicle.archive.transaction() as db:
        db.execute("UPDATE articles SET title = 'Neu'")
    assert archive_check.check_search(chronicle.archive).detail.startswith(
        "1 articles or quotations"
    )
    with chronicle.archive.transaction() as db:
        db.execute("UPDATE settings SET value = 'another stemmer' WHERE name = 'stems'")
    assert archive_check.check_search(chronicle.archive).status == "note"


def test_runs_that_went_well(chronicle):
    assert runs(chronicle).status == "note"  # none yet
    ran(chronicle, 4, 4, 4, 3, 0, 4, 4)
    check = runs(chronicle)
    assert check.status == "ok"
    assert "newest first: 4, 4, 0, 3, 4" in check.detail
    assert "ended at 2026-03-02T16:00:00+00:00" in check.detail


def test_a_streak_of_failures_is_trouble(chronicle):
    ran(chronicle, 0, 4, 5, 7, 4)
    check = runs(chronicle)
    assert (check.status, check.exit_code) == ("trouble", 4)
    assert check.detail.startswith("the last 4 failed")


def test_runs_that_never_went_well_are_trouble(chronicle):
    ran(chronicle, 7, 7, 7)
    assert runs(chronicle).exit_code == 7
    assert "none of them ended well" in runs(chronicle).detail


def test_nobody_has_crawled_for_long(chronicle):
    ran(chronicle, 0)
    assert runs(chronicle, days=7).status == "ok"
    check = runs(chronicle, days=9)
    assert check.status == "note"
    assert "9 days ago" in check.detail


def test_health_is_that_of_the_runs(chronicle):
    def health(day):
        return list(
            archive_check.check_health(chronicle.archive, SITE, FIRST_RUN + timedelta(days=day))
        )

    chronicle.run(0, [release(day) for day in range(-30, 0)])
    assert [check.status for check in health(1)] == ["ok"]
    assert "nothing to judge yet" in health(1)[0].detail
    chronicle.run(1, [release(1)])
    assert "the latest 1 pages have what" in health(1)[0].detail
    chronicle.run(21, [release(day, kicker=None) for day in range(2, 22)])
    (check,) = health(21)
    assert (check.status, check.exit_code) == ("trouble", 5)
    assert "kicker was found on" in check.detail
    assert [check.exit_code for check in health(40)] == [5, 5]  # and silent


def test_shares_are_those_of_the_latest_pages(chronicle):
    assert archive_check.usual_shares(chronicle.archive, SITE, FIRST_RUN) == {}
    articles = [release(day, kicker=None if day % 2 else "Bauen") for day in range(-40, 0)]
    chronicle.run(0, articles)
    shares = archive_check.usual_shares(chronicle.archive, SITE, FIRST_RUN + timedelta(days=20))
    assert (shares["kicker"], shares["tags"], shares["videos"]) == (0.5, 1.0, 0.0)
