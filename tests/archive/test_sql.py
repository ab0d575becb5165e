"""`query` reads, and does nothing else."""

import pytest

from scraper.archive import Archive
from scraper.archive.sql import read_only_query
from scraper.errors import UsageError


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path) as opened, opened.transaction() as db:
        db.execute(
            "INSERT INTO runs (site, source, version, process, started_at) "
            "VALUES ('dortmund', 'demo', '0', 1, '2026-10-04')"
        )
    with Archive.open_existing(tmp_path) as opened:
        yield opened


def run(archive, sql, **options):
    with read_only_query(archive, sql, **options) as (columns, rows):
        return columns, list(rows)


def test_it_reads(archive):
    assert run(archive, "SELECT site, process FROM runs") == (
        ["site", "process"],
        [("dortmund", 1)],
    )
    assert run(archive, "WITH x AS (SELECT 1 AS a) SELECT a FROM x")[1] == [(1,)]
    assert run(archive, "PRAGMA table_info(runs)")[1]
    tables = [
        row[0] for row in run(archive, "SELECT name FROM sqlite_master WHERE type='table'")[1]
    ]
    for table in tables:  # the full-text ones too
        run(archive, f'SELECT * FROM "{table}" LIMIT 1')


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM runs",
        "UPDATE runs SET site = 'x'",
        "INSERT INTO runs (id) VALUES (2)",
        "DROP TABLE runs",
        "CREATE TABLE t (x)",
        "CREATE TEMP TABLE t (x)",
        "ATTACH 'other.db' AS o",
        "DETACH main",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "VACUUM",
        "VACUUM INTO 'copy.db'",
        "REINDEX",
        "SELECT load_extension('x')",
        "SELECT 1; DELETE FROM runs",
        "BEGIN IMMEDIATE",
        "SELEKT 1",
        "",
        "SELECT '\0'",
        "SELECT * FROM nowhere",
        "SELECT zeroblob(1000000000)",
    ],
)
def test_nothing_else(archive, sql, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    content = archive.path.read_bytes()
    with pytest.raises(UsageError):
        run(archive, sql)
    assert sorted(path for path in tmp_path.iterdir() if "-" not in path.name) == [
        path for path in before if "-" not in path.name
    ]
    assert archive.path.read_bytes() == content


def test_an_endless_statement_is_ended(archive):
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    with pytest.raises(UsageError, match="ended after"):
        run(archive, endless, timeout_seconds=0.05)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT instr(zeroblob(20000000), zeroblob(10000000) || 'x')",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
    ],
)
def test_a_single_function_that_takes_for_ever_is_ended(archive, sql):
    with pytest.raises(UsageError, match="ended after"):
        run(archive, sql, timeout_seconds=1.5)


def test_a_result_without_measure_is_cut_off(archive, monkeypatch):
    endless = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
        "SELECT zeroblob(30000000) FROM n"
    )
    with (
        pytest.raises(UsageError, match="more than 512 MB"),
        read_only_query(archive, endless) as (_columns, rows),
    ):
        assert sum(len(row[0]) for row in rows) <= 512_000_000


def test_nothing_comes_after_the_end(archive):
    with read_only_query(archive, "SELECT 1") as (_columns, rows):
        pass
    assert list(rows) == []
