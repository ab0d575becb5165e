"""The tables that tests copy are those that the program makes."""

import sqlite3
from contextlib import closing

from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.verify import verify
from tests.support.made import made

# What holds when the tables were made.
TIMES = (
    'INSERT INTO "_sqlite_migrations"',
    'INSERT INTO "settings"',
    "INSERT INTO \"row_digests\" VALUES('_sqlite_migrations'",
    "INSERT INTO \"row_digests\" VALUES('settings'",
)


def held(directory):
    """Everything in the file of an archive, less the time, and how the file is marked."""
    with closing(sqlite3.connect(directory / DATABASE_NAME)) as db:
        pragmas = ("application_id", "user_version", "journal_mode", "page_size", "encoding")
        marks = [db.execute(f"PRAGMA {name}").fetchone() for name in pragmas]
        lines = sorted(line for line in db.iterdump() if not line.startswith(TIMES))
        versions = db.execute("SELECT migration_set, name FROM _sqlite_migrations").fetchall()
        settings = db.execute("SELECT name FROM settings ORDER BY 1").fetchall()
        return marks, lines, versions, settings


def test_copied_tables_are_those_that_are_made(tmp_path):
    with Archive.open(tmp_path / "copied") as archive:
        assert verify(archive)["problems"] == []
    with made():
        Archive.open(tmp_path / "made").close()
    assert held(tmp_path / "copied") == held(tmp_path / "made")
