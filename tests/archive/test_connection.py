"""Opening archives, and SQLite's errors in words."""

import sqlite3
import subprocess
import sys
from importlib.util import find_spec

import pytest

from scraper.archive import Archive, upgrade
from scraper.archive.connection import guarded
from scraper.archive.schema import SCHEMA_VERSION
from scraper.errors import ArchiveError


def test_a_new_archive_opens_in_stock_sqlite(tmp_path):
    with Archive.open(tmp_path) as archive:
        assert archive.rows("PRAGMA foreign_keys") == [{"foreign_keys": 1}]
    db = sqlite3.connect(tmp_path / "newsroom.db")
    assert db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    db.close()


def test_opening_twice_changes_nothing(tmp_path):
    Archive.open(tmp_path).db.close()
    before = (tmp_path / "newsroom.db").read_bytes()
    Archive.open(tmp_path).db.close()
    assert (tmp_path / "newsroom.db").read_bytes() == before


def test_reading_cannot_write(tmp_path):
    Archive.open(tmp_path).db.close()
    with (
        Archive.open_existing(tmp_path) as archive,
        pytest.raises(ArchiveError, match="writing"),
        archive.transaction() as db,
    ):
        db.execute("DELETE FROM articles")


def test_readers_see_one_moment_while_others_write(tmp_path):
    Archive.open(tmp_path).db.close()
    with Archive.open(tmp_path) as writer, Archive.open_existing(tmp_path) as reader:
        with reader.transaction():
            assert reader.rows("SELECT count(*) AS n FROM settings WHERE name = 'x'")[0]["n"] == 0
            writer.db.execute("INSERT INTO settings VALUES ('x', '1')")
            writer.connection.commit()
            assert reader.rows("SELECT count(*) AS n FROM settings WHERE name = 'x'")[0]["n"] == 0
        assert reader.rows("SELECT count(*) AS n FROM settings WHERE name = 'x'")[0]["n"] == 1


def test_a_locked_archive_says_so(tmp_path):
    Archive.open(tmp_path).db.close()
    other = sqlite3.connect(tmp_path / "newsroom.db")
    other.execute("BEGIN IMMEDIATE")
    with Archive.open(tmp_path) as archive:
        archive.db.execute("PRAGMA busy_timeout = 1")
        with (
            pytest.raises(ArchiveError, match="locked by another program"),
            archive.transaction() as db,
        ):
            db.execute(
                "INSERT INTO runs (site, source, version, process, started_at) "
                "VALUES ('a', 'b', 'c', 1, 'd')"
            )
    other.close()


def test_a_full_disk_says_so_and_keeps_what_was_stored(tmp_path):
    with Archive.open(tmp_path) as archive:
        pages = archive.rows("PRAGMA page_count")[0]["page_count"]
        archive.db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(ArchiveError, match="Make room"), archive.transaction() as db:
            db.execute(
                "INSERT INTO runs (site, source, version, process, started_at, warnings) "
                "VALUES ('a', 'b', 'c', 1, 'd', ?)",
                ["x" * 1_000_000],
            )
        assert archive.rows("SELECT count(*) AS n FROM runs") == [{"n": 0}]


def test_a_damaged_archive_says_so(tmp_path):
    with Archive.open(tmp_path) as archive:
        archive.db.execute("PRAGMA journal_mode = DELETE")
    path = tmp_path / "newsroom.db"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xaa" * (len(data) - 4096)
    path.write_bytes(data)
    with (
        pytest.raises(ArchiveError, match="damaged"),
        Archive.open_existing(tmp_path) as archive,
    ):
        archive.rows("SELECT * FROM articles")


def test_an_error_in_our_own_sql_is_a_bug(tmp_path):
    with pytest.raises(sqlite3.OperationalError), guarded(tmp_path):
        sqlite3.connect(":memory:").execute("SELEKT 1")


def test_an_archive_killed_in_the_making_is_made_the_next_time(tmp_path, monkeypatch):
    def killed(db):
        upgrade.migrations.ensure_migrations_table(db)  # what sqlite-utils does first
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(upgrade.migrations, "apply", killed)
        with pytest.raises(KeyboardInterrupt):
            Archive.open(tmp_path)
    with Archive.open(tmp_path) as archive:
        assert archive.rows("SELECT count(*) AS n FROM articles") == [{"n": 0}]


ANALYSTS_ONLY = {"pandas", "numpy", "pyarrow"}
NOBODY = {"fsspec", "httpx._main"}  # what warcio and httpx import if they can


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        # What hiding them saves: about half a second and 70 MB in each process that writes.
        pytest.param(
            "import sqlite_utils",
            {"pandas", "numpy", "pyarrow"},
            marks=pytest.mark.skipif(not find_spec("pandas"), reason="pandas is not installed"),
        ),
        pytest.param(
            "import httpx, warcio.utils",
            NOBODY,
            marks=pytest.mark.skipif(
                not (find_spec("click") and find_spec("fsspec")), reason="they are not installed"
            ),
        ),
        ("import scraper.archive.database", set()),
        ("import scraper.cli, scraper.crawl.start, scraper.importing, scraper.doctor", set()),
    ],
)
def test_no_command_loads_what_only_analysts_need(code, loaded):
    program = f"import sys; {code}; print(sorted({ANALYSTS_ONLY | NOBODY} & set(sys.modules)))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"{sorted(loaded)}\n"
