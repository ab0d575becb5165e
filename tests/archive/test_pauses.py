"""What hosts have asked for, kept from run to run."""

import sqlite3
import threading
from datetime import timedelta

import pytest

from scraper.archive import Archive
from scraper.archive.pauses import keep_pause, paused_until
from scraper.errors import ArchiveError
from tests.conftest import NOW

HOST = "www.dortmund.de"


def test_what_was_kept_last_counts(tmp_path):
    Archive.open(tmp_path).db.close()
    assert paused_until(tmp_path, HOST) is None
    for minutes in (5, 60):
        keep_pause(tmp_path, HOST, NOW + timedelta(minutes=minutes))
    assert paused_until(tmp_path, HOST) == NOW + timedelta(minutes=60)
    assert paused_until(tmp_path, "www.example.org") is None


def test_another_thread_may_keep_it_while_the_archive_is_open(tmp_path):
    with Archive.open(tmp_path) as archive:
        writer = threading.Thread(target=keep_pause, args=(tmp_path, HOST, NOW))
        writer.start()
        writer.join()
        assert archive.rows("SELECT until FROM host_pauses") == [
            {"until": "2026-10-04T12:00:00+00:00"}
        ]


def test_without_an_archive_nothing_is_known_and_none_is_made(tmp_path):
    assert paused_until(tmp_path, HOST) is None
    assert list(tmp_path.iterdir()) == []


def test_an_archive_from_before_knows_nothing(tmp_path):
    db = sqlite3.connect(tmp_path / "newsroom.db")
    db.execute("PRAGMA user_version = 4")
    db.close()
    assert paused_until(tmp_path, HOST) is None


def test_a_database_that_is_none_says_so(tmp_path):
    (tmp_path / "newsroom.db").write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(ArchiveError, match="not a SQLite database"):
        paused_until(tmp_path, HOST)


def test_nonsense_that_somebody_wrote_there_is_not_believed(tmp_path):
    with Archive.open(tmp_path) as archive, archive.transaction() as db:
        db.execute("INSERT INTO host_pauses VALUES (?, 'morgen')", (HOST,))
    assert paused_until(tmp_path, HOST) is None
