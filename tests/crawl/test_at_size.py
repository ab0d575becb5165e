"""A crawl goes through no table that grows with the archive: all it asks, it looks up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

from scraper.archive.connection import DATABASE_NAME
from tests.support.replica import crawl

GROWING = (
    "articles captures revisions events quotes candidates images links tags words compounds "
    "article_stems quote_stems row_digests copy_hashes copies runs"
).split()
KEPT_SHORT = ("runs_open",)  # an index of a few rows
ENDS_AT_ONCE = ("SELECT 1 FROM captures LIMIT 1", "SELECT 1 FROM runs WHERE id IS NOT ", "IN ()")


def asked(monkeypatch, action):
    """The statements that an archive is asked while something is done, each once."""
    statements = {}
    connect = sqlite3.connect

    def traced(database, *arguments, **options):
        connection = connect(database, *arguments, **options)
        if str(database).endswith(DATABASE_NAME):
            connection.set_trace_callback(lambda sql: statements.setdefault(sql))
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", traced)
        action()
    return list(statements)


def gone_through(directory, statements):
    """The steps that go through a table that grows, and their statements."""
    found = []
    with closing(sqlite3.connect(directory / DATABASE_NAME)) as db:
        for sql in statements:
            if any(part in sql for part in ENDS_AT_ONCE):
                continue
            try:
                plan = db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
            except sqlite3.Error:
                continue  # it names what only that connection has
            for *_numbers, step in plan:
                words = step.split()
                if words[0] == "SCAN" and words[1] in GROWING and words[-1] not in KEPT_SHORT:
                    found.append((step, " ".join(sql.split())))
    return found


def test_neither_one_with_nothing_new_nor_one_with_a_release(small, tmp_path, monkeypatch):
    small.put("1.html", "2.html")
    crawl(tmp_path, small.url, here=True)
    quiet = asked(monkeypatch, lambda: crawl(tmp_path, small.url, here=True))
    small.put("3.html")
    small.put("1.html", text="Neu gefasst.")
    later = timedelta(days=1)
    new = asked(monkeypatch, lambda: crawl(tmp_path, small.url, after=later, here=True))
    assert any("candidates" in sql for sql in quiet)
    assert any("INSERT INTO articles" in sql for sql in new)
    assert gone_through(tmp_path, ["SELECT count(*) FROM runs WHERE version = '1'"])
    assert gone_through(tmp_path, quiet + new) == []
