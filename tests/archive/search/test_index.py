from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.copy_index import rebuild_copies
from scraper.archive.schema import SCHEMA_VERSION
from scraper.archive.search import german
from scraper.archive.search.articles import search
from scraper.archive.search.check import check_index
from scraper.archive.search.filters import Filters
from scraper.archive.search.index import rebuild
from scraper.archive.search.quotations import search_quotes
from scraper.errors import ArchiveError
from tests.archive.corpus import RELEASES, article, filled, store

VERSION_1 = Path(__file__).parents[2] / "fixtures" / "schema" / "version_1.sql"


def ids(archive, query):
    return [row["id"] for row in search(archive, query, Filters())]


def by_another_tool(archive, sql, *values):
    """Write as any SQLite tool does: without this package, without foreign keys."""
    connection = sqlite3.connect(archive.path)
    connection.execute(sql, values)
    connection.commit()
    connection.close()


def rebuild_index(archive):
    with archive.transaction() as db:
        rebuild_copies(db.conn)
        rebuild(db)


def test_a_stored_archive_is_sound(archive):
    assert check_index(archive) == []


def test_changing_an_article_changes_what_finds_it(archive):
    store(archive, replace(RELEASES[0], title="Abriss einer Turnhalle"))
    assert ids(archive, "title:Grundschule") == []
    assert ids(archive, "Turnhallen") == [1]
    assert check_index(archive) == []


def test_an_edit_by_another_tool_is_due_and_mended(archive, tmp_path):
    by_another_tool(archive, "UPDATE articles SET title = 'Ein Planetarium' WHERE id = 1")
    assert check_index(archive) == []  # the next opening will see to it
    by_another_tool(archive, "DELETE FROM unstemmed")
    assert any("Article 1" in problem for problem in check_index(archive))
    by_another_tool(archive, "INSERT INTO unstemmed (kind, id) VALUES ('article', 1)")
    with Archive.open(tmp_path) as again:
        assert ids(again, "Planetarien") == [1]
        assert check_index(again) == []


def test_the_next_page_mends_an_edit_as_well(archive):
    by_another_tool(archive, "UPDATE articles SET title = 'Ein Planetarium' WHERE id = 1")
    store(archive, article("neu", "Etwas Neues"))
    assert ids(archive, "Planetarium") == [1]
    assert check_index(archive) == []


def test_deleting_by_another_tool_leaves_no_trace(archive):
    by_another_tool(archive, "DELETE FROM articles WHERE id = 1")
    assert ids(archive, "Grundschule") == []
    assert check_index(archive) == []


def test_replacing_by_another_tool_does_not_break_the_index(archive, tmp_path):
    # REPLACE deletes without running the triggers for deletion.
    by_another_tool(
        archive,
        "INSERT OR REPLACE INTO articles (id, url, site, content_id, page_id, title, kicker, lead, "
        "description, published, published_raw, modified, sections, text, district, related, "
        "word_count, first_seen, last_seen, gone_at, fingerprint, parser, capture_id) "
        "SELECT 99, url, site, content_id, page_id, 'Planetarium', "
        "kicker, lead, description, published, published_raw, modified, sections, text, district, "
        "related, word_count, first_seen, last_seen, gone_at, fingerprint, parser, capture_id "
        "FROM articles WHERE id = 1",
    )
    with Archive.open(tmp_path) as again:
        assert ids(again, "Planetarium") == [99]
        assert ids(again, "Neubau") == []
        rebuild_index(again)
        assert check_index(again) == []


def test_stems_changed_by_hand_are_told(archive):
    by_another_tool(archive, "UPDATE article_stems SET body = 'xyz' WHERE id = 2")
    assert check_index(archive) == ["Article 2: indexed with other words than it has."]
    rebuild_index(archive)
    assert check_index(archive) == []


def test_a_missing_row_and_a_leftover_are_told(archive):
    by_another_tool(archive, "DELETE FROM article_stems WHERE id = 2")
    by_another_tool(archive, "UPDATE article_stems SET id = 77 WHERE id = 3")
    told = check_index(archive)
    assert "Article 2, 3: missing in the index." in told
    assert "Article 77: indexed, but gone." in told


def test_a_damaged_full_text_index_is_told_and_mended(archive):
    by_another_tool(archive, "DELETE FROM articles_fts_data WHERE id > 1000")
    assert any("articles_fts" in problem for problem in check_index(archive))
    rebuild_index(archive)
    assert check_index(archive) == []
    assert ids(archive, "Neubau") == [1]


def test_an_archive_open_for_reading_can_be_checked(archive, tmp_path):
    with Archive.open_existing(tmp_path) as reading:
        assert check_index(reading) == []


def test_another_recipe_rebuilds_the_index(archive, tmp_path, monkeypatch):
    monkeypatch.setattr(german, "RECIPE", "another")
    assert check_index(archive)[0].startswith("The index was made by recipe ")
    with Archive.open(tmp_path) as again:
        assert check_index(again) == []
        rows = again.rows("SELECT value FROM settings WHERE name = 'stems'")
        assert rows[0]["value"] == german.version()


@settings(deadline=None, max_examples=15)
@given(st.data())
def test_any_mixture_of_writers_leaves_an_index_that_can_be_mended(tmp_path_factory, data):
    directory = tmp_path_factory.mktemp("mixed")
    words = st.text(st.sampled_from("abäuß -\0'\"é"), max_size=12)
    with Archive.open(directory) as archive:
        filled(archive)
        for _ in range(data.draw(st.integers(1, 6))):
            number = data.draw(st.integers(1, 5))
            match data.draw(st.sampled_from(["edit", "delete", "quote", "store"])):
                case "edit":
                    sql = "UPDATE articles SET title = ?, text = ? WHERE id = ?"
                    by_another_tool(archive, sql, data.draw(words), data.draw(words), number)
                case "delete":
                    by_another_tool(archive, "DELETE FROM articles WHERE id = ?", number)
                case "quote":
                    sql = "UPDATE quotes SET speaker = ? WHERE article_id = ?"
                    by_another_tool(archive, sql, data.draw(words), number)
                case "store":
                    store(archive, article("extra", data.draw(words) or "x", data.draw(words)))
    with Archive.open(directory) as again:
        assert check_index(again) == []


def test_version_1_is_upgraded_and_searchable(tmp_path):
    connection = sqlite3.connect(tmp_path / DATABASE_NAME)
    connection.executescript(VERSION_1.read_text(encoding="utf-8"))
    connection.close()
    with Archive.open_existing(tmp_path) as archive:
        assert ids(archive, "Haus") == [1]
        assert ids(archive, "Grundschule") == [1]
        assert ids(archive, "Baum") == [2]
        assert search_quotes(archive, speaker="grossjohann")[0]["article_id"] == 1
        assert check_index(archive) == []
        assert archive.rows("PRAGMA user_version") == [{"user_version": SCHEMA_VERSION}]
        assert {row["indirect"] for row in archive.rows("SELECT indirect FROM people")} == {0}


def test_an_upgrade_that_was_cut_off_is_finished(archive, tmp_path):
    by_another_tool(archive, "DELETE FROM article_stems")
    by_another_tool(archive, "DELETE FROM settings")
    # Had they been there before, they would have digests, and `verify` had to find that.
    by_another_tool(archive, "DELETE FROM row_digests WHERE table_name = 'settings'")
    with Archive.open_existing(tmp_path) as again:
        assert ids(again, "Neubau") == [1]


def test_stock_sqlite_finds_by_stems(archive):
    connection = sqlite3.connect(archive.path)
    sql = (
        "SELECT a.title FROM articles_fts f JOIN articles a ON a.id = f.rowid "
        "WHERE articles_fts MATCH 'schul*' ORDER BY rank"
    )
    assert connection.execute(sql).fetchone() == ("Schulen öffnen später",)
    connection.close()


def test_a_newer_schema_is_refused_and_nothing_is_written(archive, tmp_path):
    archive.db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    archive.db.execute("PRAGMA journal_mode = DELETE")
    archive.db.close()
    before = (tmp_path / DATABASE_NAME).read_bytes()
    for opening in (Archive.open, Archive.open_existing):
        with pytest.raises(ArchiveError, match="newer"):
            opening(tmp_path)
    assert (tmp_path / DATABASE_NAME).read_bytes() == before
