"""Writing the stems that searching reads, and telling whether they are right.

Triggers note in `unstemmed` which articles and quotations are due; `catch_up` works that list off,
inside the transaction that stores a page. When the recipe or the stemmer is another one than the
archive was written with, everything is stemmed again.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from scraper.archive import german
from scraper.archive.compounds import SHORTEST_COMPOUND
from scraper.archive.search_schema import FOLLOWING, INDEXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlite_utils import Database

    from scraper.archive.connection import Archive

_BATCH = 500
_ARTICLE = "SELECT id, title, kicker, lead, text FROM articles"
_QUOTE = "SELECT id, article_id, text, speaker, role FROM quotes"


def catch_up(db: Database) -> None:
    """Stem what is due; call it inside a transaction."""
    due = db.execute("SELECT kind, id FROM unstemmed").fetchall()
    if not due:
        return
    for kind, sql, write in (
        ("article", _ARTICLE, _write_articles),
        ("quote", _QUOTE, _write_quotes),
    ):
        ids = [row[1] for row in due if row[0] == kind]
        for at in range(0, len(ids), _BATCH):
            batch = ids[at : at + _BATCH]
            marks = ", ".join("?" * len(batch))
            write(db, db.execute(f"{sql} WHERE id IN ({marks})", batch).fetchall())
    db.execute("DELETE FROM unstemmed")


def ensure_current(db: Database) -> None:
    """Stem everything again if the recipe has changed, else what is due."""
    if _is_current(db):
        if db.execute("SELECT EXISTS (SELECT 1 FROM unstemmed)").fetchone()[0]:
            with db.atomic():
                catch_up(db)
        return
    with db.atomic():
        _rebuild(db)


def rebuild_index(archive: Archive) -> None:
    """Make all stems and full-text indexes again, from the articles and quotations.

    Raises:
        ArchiveError: the archive cannot be written.
    """
    with archive.transaction() as db:
        _rebuild(db)


def is_indexed(db: Database) -> bool:
    """Whether the archive was ever stemmed; not so if its upgrade was cut off."""
    return _made_by(db) is not None


def count_due(archive: Archive) -> int:
    """How many articles and quotations are yet to be stemmed; all if the recipe has changed."""
    if not _is_current(archive.db):
        sql = "SELECT (SELECT count(*) FROM articles) + (SELECT count(*) FROM quotes) AS n"
    else:
        sql = "SELECT count(*) AS n FROM unstemmed"
    return int(archive.rows(sql)[0]["n"])


def _is_current(db: Database) -> bool:
    return _made_by(db) == german.version()


def _made_by(db: Database) -> str | None:
    row = db.execute("SELECT value FROM settings WHERE name = 'stems'").fetchone()
    return str(row[0]) if row else None


def _rebuild(db: Database) -> None:
    # Without the triggers, one pass fills each full-text index: faster, and sound even if
    # it is damaged.
    for name in FOLLOWING:
        db.execute(f"DROP TRIGGER IF EXISTS {name}")
    for source in INDEXES:
        db.execute(f"DELETE FROM {source}")
    for rows in _batches(db, _ARTICLE):
        _write_articles(db, rows)
    for rows in _batches(db, _QUOTE):
        _write_quotes(db, rows)
    for index in INDEXES.values():
        db.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
    for sql in FOLLOWING.values():
        db.execute(sql)
    db.execute("DELETE FROM unstemmed")
    db.execute("INSERT OR REPLACE INTO settings VALUES ('stems', ?)", [german.version()])


def _batches(db: Database, sql: str) -> Iterator[list[Any]]:
    last = -(2**63)
    while rows := db.execute(f"{sql} WHERE id > ? ORDER BY id LIMIT {_BATCH}", [last]).fetchall():
        yield rows
        last = rows[-1][0]


def _article_stems(row: Any) -> tuple[int, str, str, str, str, str]:
    article_id, title, kicker, lead, text = row
    body = text.removeprefix(lead) if lead else text  # the text begins with the lead
    stemmed = german.stemmed
    return (
        article_id, stemmed(title), stemmed(kicker), stemmed(lead), stemmed(body),
        german.folded(title),
    )  # fmt: skip


def _quote_stems(row: Any) -> tuple[int, int, str, str, str]:
    quote_id, article_id, text, speaker, role = row
    who = german.stemmed(", ".join(filter(None, (speaker, role))))
    return quote_id, article_id, german.stemmed(text), who, german.name_key(speaker or "")


def _write_articles(db: Database, rows: Iterable[Any]) -> None:
    stems = [_article_stems(row) for row in rows]
    db.conn.executemany(
        "INSERT INTO article_stems VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "title = excluded.title, kicker = excluded.kicker, lead = excluded.lead, "
        "body = excluded.body, title_key = excluded.title_key",
        stems,
    )
    _note_compounds(db, stems)


def _write_quotes(db: Database, rows: Iterable[Any]) -> None:
    stems = [_quote_stems(row) for row in rows]
    db.conn.executemany(
        "INSERT INTO quote_stems VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "article_id = excluded.article_id, words = excluded.words, who = excluded.who, "
        "speaker_key = excluded.speaker_key",
        stems,
    )
    _note_compounds(db, stems)


def _compounds(rows: Iterable[tuple[Any, ...]]) -> set[str]:
    # The last column is a key, the others are stems or numbers.
    texts = (text for row in rows for text in row[:-1] if isinstance(text, str))
    stems = {stem for text in texts for stem in text.split()}
    return {stem for stem in stems if len(stem) >= SHORTEST_COMPOUND and not stem.isdigit()}


def _note_compounds(db: Database, stems: Iterable[tuple[Any, ...]]) -> None:
    rows = ((stem,) for stem in sorted(_compounds(stems)))
    db.conn.executemany("INSERT INTO compounds (stem) VALUES (?) ON CONFLICT DO NOTHING", rows)


def check_index(archive: Archive) -> list[str]:
    """What is wrong with the index, a sentence for each trouble; empty if it is sound.

    Everything is stemmed again and compared, so it takes as long as a rebuild, and writes nothing.
    An archive that is open for reading is opened once more, as SQLite checks an index only then.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    made_by = _made_by(archive.db)
    problems = []
    if made_by != german.version():
        problems.append(f"The index was made by {made_by}, not by {german.version()}.")
    needed: set[str] = set()
    for kind, noun, sql, table, make in (
        ("article", "article", _ARTICLE, "article_stems", _article_stems),
        ("quote", "quotation", _QUOTE, "quote_stems", _quote_stems),
    ):
        rows = archive.rows("SELECT id FROM unstemmed WHERE kind = ?", (kind,))
        due = {row["id"] for row in rows}  # a run that was killed has left them for the next one
        problems += _compare(archive, noun, sql, table, make, needed, due)
    known = {row["stem"] for row in archive.rows("SELECT stem FROM compounds")}
    if needed - known:
        problems.append(f"{len(needed - known)} words are not known as compounds.")
    return problems + _check_full_text(archive)


def _compare(
    archive: Archive,
    noun: str,
    sql: str,
    table: str,
    make: Any,
    needed: set[str],
    due: set[int],
) -> list[str]:
    missing: list[int] = []
    stale: list[int] = []
    for batch in _batches(archive.db, sql):
        low, high = batch[0][0], batch[-1][0]
        stored = {
            row["id"]: tuple(row.values())
            for row in archive.rows(f"SELECT * FROM {table} WHERE id BETWEEN ? AND ?", (low, high))
        }
        for row in batch:
            if row[0] in due:
                continue
            stems = make(row)
            needed |= _compounds([stems])
            if row[0] not in stored:
                missing.append(row[0])
            elif stored[row[0]] != stems:
                stale.append(row[0])
    source = sql.rsplit(" ", 1)[1]
    left = archive.rows(f"SELECT id FROM {table} WHERE id NOT IN (SELECT id FROM {source})")
    found = {
        "missing in the index": missing,
        "indexed with other words than it has": stale,
        "indexed, but gone": [row["id"] for row in left],
    }
    return [
        f"{noun.capitalize()} {', '.join(map(str, ids[:10]))}"
        f"{f' and {len(ids) - 10} more' if len(ids) > 10 else ''}: {what}."
        for what, ids in found.items()
        if ids
    ]


def _check_full_text(archive: Archive) -> list[str]:
    problems = []
    for source, index in INDEXES.items():
        try:
            connection = sqlite3.connect(archive.path, timeout=10, isolation_level=None)
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(
                    f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)"
                )
            finally:
                connection.close()
        except sqlite3.DatabaseError as error:
            code = (error.sqlite_errorcode or 0) & 0xFF
            what = "differs from" if code == sqlite3.SQLITE_CORRUPT else "cannot be compared with"
            problems.append(f"The full-text index {index} {what} its table {source} ({error}).")
    return problems
