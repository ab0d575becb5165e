"""Subtitle, issuer, contact and their like: columns, edits, and archives of an older version."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.database import Database
from scraper.archive.history import history
from scraper.archive.read import read_article
from scraper.archive.upgrade import migrations
from scraper.archive.verify import verify
from scraper.decide.fingerprint import fingerprint
from scraper.records import Article, Attachment, to_json
from tests.archive.corpus import article, store

FILES = (
    Attachment("https://www.dortmund.de/plan.pdf", "Der Plan", "application/pdf"),
    Attachment("https://www.dortmund.de/liste.ods"),
)
MADE = article(
    "plan",
    "Ein Plan",
    "Er liegt aus.",
    subtitle="Die Unterzeile",
    issuer="Senatskanzlei",
    contact="Jo Doe, 0231 500",
    published="2026-07-01T00:30:00+02:00",
    published_precision="minute",
    language="de",
    layout="dtm",
    attachments=FILES,
)
COLUMNS = (
    "subtitle, issuer, contact, published_precision, language, layout, corrects, "
    "published_utc, published_date"
)


def row_of(archive):
    return archive.rows(f"SELECT {COLUMNS} FROM articles")[0]


def files_of(archive):
    return [tuple(row.values()) for row in archive.rows(
        "SELECT position, url, title, media_type FROM attachments ORDER BY position"
    )]  # fmt: skip


def check_all(archive):
    assert row_of(archive) == {
        "subtitle": "Die Unterzeile",
        "issuer": "Senatskanzlei",
        "contact": "Jo Doe, 0231 500",
        "published_precision": "minute",
        "language": "de",
        "layout": "dtm",
        "corrects": None,
        "published_utc": "2026-06-30T22:30:00Z",
        "published_date": "2026-07-01",
    }
    assert files_of(archive) == [
        (0, FILES[0].url, "Der Plan", "application/pdf"),
        (1, FILES[1].url, None, None),
    ]


def test_every_field_has_a_column(tmp_path):
    with Archive.open(tmp_path) as archive:
        store(archive, MADE)
        check_all(archive)
        assert read_article(archive, 1) == MADE
        assert not [text for text in verify(archive)["problems"] if "differs from its" in text]


@pytest.mark.parametrize(
    ("published", "utc", "day"),
    [
        ("2026-07-01", None, "2026-07-01"),
        (None, None, None),
        ("2026-12-31T23:59:00-01:00", "2027-01-01T00:59:00Z", "2026-12-31"),
    ],
)
def test_a_day_is_no_time_in_utc(tmp_path, published, utc, day):
    with Archive.open(tmp_path) as archive:
        store(archive, replace(MADE, published=published))
        row = row_of(archive)
        assert (row["published_utc"], row["published_date"]) == (utc, day)


def test_a_changed_subtitle_or_issuer_is_an_edit_and_how_it_was_read_is_none(tmp_path):
    with Archive.open(tmp_path) as archive:
        for made in (
            MADE,
            replace(MADE, layout="generic", language="en", published_precision="day"),
            replace(MADE, subtitle="Neue Unterzeile"),
            replace(MADE, subtitle="Neue Unterzeile", issuer="Senat"),
            replace(MADE, subtitle=None, issuer=None),
        ):
            store(archive, made)
        changed = [
            [change["field"] for change in version["changes"]]
            for version in history(archive, 1)["versions"]
        ]
        assert changed == [[], ["subtitle"], ["issuer"], ["subtitle", "issuer"]]
        assert row_of(archive)["subtitle"] is None


def test_an_archive_of_schema_8_is_filled_from_its_records(tmp_path):
    old = replace(MADE, url=MADE.url.replace("plan", "alt"), subtitle="Früher")
    with version_8(tmp_path) as connection:
        add(connection, 1, [old, MADE])
        add(connection, 2, [replace(MADE, url="https://www.dortmund.de/2.html")])
        connection.execute("UPDATE revisions SET record = '{' WHERE article_id = 2")
    with Archive.open(tmp_path) as archive:
        assert archive.rows("PRAGMA foreign_key_check") == []
        check_all(archive)
        assert read_article(archive, 1) == MADE
        # Nothing looks edited to the next crawl.
        prints = [row["fingerprint"] for row in archive.rows("SELECT fingerprint FROM revisions")]
        assert prints == [fingerprint(old), fingerprint(MADE), "1:old"]
        assert store(archive, MADE) == 1
        assert len(history(archive, 1)["versions"]) == 2
        damaged = archive.rows(f"SELECT {COLUMNS} FROM articles WHERE id = 2")[0]
        assert (damaged["subtitle"], damaged["published_date"]) == (None, "2026-07-01")


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE articles SET subtitle = 'Anders'", "differs from its latest revision"),
        ("UPDATE articles SET contact = NULL", "differs from its latest revision"),
        ("UPDATE articles SET issuer = 'Wer'", "differs from its latest revision"),
        ("UPDATE articles SET layout = 'x'", "differs from its latest revision"),
        ("UPDATE attachments SET title = 'x' WHERE position = 1", "differs from its latest"),
        ("DELETE FROM attachments WHERE position = 1", "differs from its latest revision"),
        ("UPDATE attachments SET text = 'x' WHERE position = 1", "differs from the file behind"),
        ("UPDATE attachments SET size = 7 WHERE position = 0", "differs from the file behind"),
    ],
)
def test_verify_notices_what_was_changed_by_hand(tmp_path, sql, what):
    with Archive.open(tmp_path) as archive:
        store(archive, MADE)
        before = verify(archive)["problems"]
        with archive.transaction() as db:
            db.execute(sql)
        (found,) = [sentence for sentence in verify(archive)["problems"] if sentence not in before]
        assert what in found


@contextmanager
def version_8(directory: Path) -> Iterator[sqlite3.Connection]:
    """A new archive as the version before made it."""
    connection = sqlite3.connect(directory / DATABASE_NAME)
    migrations.apply(Database(connection), stop_before="0009_fields")
    yield connection
    connection.commit()
    connection.close()


def add(connection: sqlite3.Connection, article_id: int, versions: list[Article]) -> None:
    """A release as that version wrote it."""
    newest = versions[-1]
    connection.execute(
        "INSERT INTO articles (id, url, site, title, published, sections, text, related, "
        "word_count, first_seen, last_seen, fingerprint, parser) VALUES "
        "(?, ?, 'dortmund', ?, ?, '[]', ?, '[]', 3, '2026-07-02', '2026-07-02', '1:old', '0')",
        [article_id, newest.url, newest.title, newest.published, newest.text],
    )
    for number, made in enumerate(versions, 1):
        connection.execute(
            "INSERT INTO revisions (article_id, number, first_seen, last_seen, parser, "
            "fingerprint, record) VALUES (?, ?, '2026-07-02', '2026-07-02', '0', '1:old', ?)",
            [article_id, number, json.dumps(to_json(made))],
        )
