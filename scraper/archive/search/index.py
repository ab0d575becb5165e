"""Writing the stems that searching reads, and telling whether they are right.

Triggers note in `unstemmed` which articles and quotations are due; `catch_up` works that list off,
inside the transaction that stores a page. When the recipe or the stemmer is another one than the
archive was written with, everything is stemmed again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.archive.search import german
from scraper.archive.search.compounds import SHORTEST_COMPOUND
from scraper.archive.search_schema import FOLLOWING, INDEXES
from scraper.archive.writing import writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from sqlite_utils import Database

_BATCH = 500
ARTICLES = "SELECT id, title, kicker, lead, text FROM articles"
QUOTES = "SELECT id, article_id, text, speaker, role FROM quotes"
ATTACHMENTS = "SELECT id, article_id, iif(is_twin, NULL, text) FROM attachments"


def catch_up(db: Database) -> None:
    """Stem what is due; call it inside a transaction."""
    due = db.execute("SELECT kind, id FROM unstemmed").fetchall()
    if not due:
        return
    for kind, sql, write in (
        ("article", ARTICLES, _write_articles),
        ("quote", QUOTES, _write_quotes),
        ("attachment", ATTACHMENTS, _write_attachments),
    ):
        ids = [row[1] for row in due if row[0] == kind]
        for at in range(0, len(ids), _BATCH):
            batch = ids[at : at + _BATCH]
            marks = ", ".join("?" * len(batch))
            write(db, db.execute(f"{sql} WHERE id IN ({marks})", batch).fetchall())
    db.execute("DELETE FROM unstemmed")


def ensure_current(db: Database) -> None:
    """Stem everything again if the recipe has changed, else what is due."""
    if is_current(db.conn):
        if db.execute("SELECT EXISTS (SELECT 1 FROM unstemmed)").fetchone()[0]:
            with writing(db.conn):
                catch_up(db)
        return
    with writing(db.conn):
        rebuild(db)


def forget_stems(db: Database) -> None:
    """Have everything stemmed again: other programs may have changed what they were made from."""
    db.execute("UPDATE settings SET value = '' WHERE name = 'stems'")


def is_indexed(db: sqlite3.Connection) -> bool:
    """Whether the archive was ever stemmed; not so if its upgrade was cut off."""
    return made_by(db) is not None


def is_current(db: sqlite3.Connection) -> bool:
    """Whether the stems were made by this recipe and stemmer."""
    return made_by(db) == german.version()


def made_by(db: sqlite3.Connection) -> str | None:
    """Recipe and stemmer that made the stems; None if the archive was never stemmed."""
    row = db.execute("SELECT value FROM settings WHERE name = 'stems'").fetchone()
    return str(row[0]) if row else None


def rebuild(db: Database) -> None:
    """Stem everything again; call it inside a transaction."""
    # Without the triggers, one pass fills each full-text index: faster, and sound even if
    # it is damaged.
    for name in FOLLOWING:
        db.execute(f"DROP TRIGGER IF EXISTS {name}")
    for source in INDEXES:
        db.execute(f"DELETE FROM {source}")
    for rows in batches(db.conn, ARTICLES):
        _write_articles(db, rows)
    for rows in batches(db.conn, QUOTES):
        _write_quotes(db, rows)
    for rows in batches(db.conn, ATTACHMENTS):
        _write_attachments(db, rows)
    for index in INDEXES.values():
        db.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
    for sql in FOLLOWING.values():
        db.execute(sql)
    db.execute("DELETE FROM unstemmed")
    db.execute("INSERT OR REPLACE INTO settings VALUES ('stems', ?)", [german.version()])


def batches(db: sqlite3.Connection, sql: str) -> Iterator[list[Any]]:
    """The rows of a query on one table, in batches, in the order of their ids."""
    last = -(2**63)
    while rows := db.execute(f"{sql} WHERE id > ? ORDER BY id LIMIT {_BATCH}", [last]).fetchall():
        yield rows
        last = rows[-1][0]


def article_stems(row: Any) -> tuple[int, str, str, str, str, str]:
    """A row of `article_stems`, made from one of `ARTICLES`."""
    article_id, title, kicker, lead, text = row
    body = text.removeprefix(lead) if lead else text  # the text begins with the lead
    stemmed = german.stemmed
    return (
        article_id, stemmed(title), stemmed(kicker), stemmed(lead), stemmed(body),
        german.folded(title),
    )  # fmt: skip


def quote_stems(row: Any) -> tuple[int, int, str, str, str]:
    """A row of `quote_stems`, made from one of `QUOTES`."""
    quote_id, article_id, text, speaker, role = row
    who = german.stemmed(", ".join(filter(None, (speaker, role))))
    return quote_id, article_id, german.stemmed(text), who, german.name_key(speaker or "")


def attachment_stems(row: Any) -> tuple[int, str, int]:
    """A row of `attachment_stems`, made from one of `ATTACHMENTS`."""
    attachment_id, article_id, text = row
    return attachment_id, german.stemmed(text), article_id


def _write_articles(db: Database, rows: Iterable[Any]) -> None:
    stems = [article_stems(row) for row in rows]
    db.conn.executemany(
        "INSERT INTO article_stems VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "title = excluded.title, kicker = excluded.kicker, lead = excluded.lead, "
        "body = excluded.body, title_key = excluded.title_key",
        stems,
    )
    _note_compounds(db, stems)


def _write_quotes(db: Database, rows: Iterable[Any]) -> None:
    stems = [quote_stems(row) for row in rows]
    db.conn.executemany(
        "INSERT INTO quote_stems VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "article_id = excluded.article_id, words = excluded.words, who = excluded.who, "
        "speaker_key = excluded.speaker_key",
        stems,
    )
    _note_compounds(db, stems)


def _write_attachments(db: Database, rows: Iterable[Any]) -> None:
    stems = [attachment_stems(row) for row in rows]
    db.conn.executemany(
        "INSERT INTO attachment_stems VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "words = excluded.words, article_id = excluded.article_id",
        stems,
    )
    _note_compounds(db, stems)


def compound_stems(rows: Iterable[tuple[Any, ...]]) -> set[str]:
    """The stems in rows of stems that may be compounds."""
    # The last column is a key or a number, the others are stems or numbers.
    texts = (text for row in rows for text in row[:-1] if isinstance(text, str))
    stems = {stem for text in texts for stem in text.split()}
    return {stem for stem in stems if len(stem) >= SHORTEST_COMPOUND and not stem.isdigit()}


def _note_compounds(db: Database, stems: Iterable[tuple[Any, ...]]) -> None:
    rows = ((stem,) for stem in sorted(compound_stems(stems)))
    db.conn.executemany("INSERT INTO compounds (stem) VALUES (?) ON CONFLICT DO NOTHING", rows)
