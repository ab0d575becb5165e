"""Whether the search index is right, how much of it is due, and making it again."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from scraper.archive.search import german
from scraper.archive.search.index import (
    ARTICLES,
    QUOTES,
    article_stems,
    batches,
    compound_stems,
    is_current,
    made_by,
    quote_stems,
    rebuild,
)
from scraper.archive.search_schema import INDEXES

if TYPE_CHECKING:
    from scraper.archive.connection import Archive


def rebuild_index(archive: Archive) -> None:
    """Make all stems and full-text indexes again, from the articles and quotations.

    Raises:
        ArchiveError: the archive cannot be written.
    """
    with archive.transaction() as db:
        rebuild(db)


def count_due(archive: Archive) -> int:
    """How many articles and quotations are yet to be stemmed; all if the recipe has changed."""
    if not is_current(archive.connection):
        sql = "SELECT (SELECT count(*) FROM articles) + (SELECT count(*) FROM quotes) AS n"
    else:
        sql = "SELECT count(*) AS n FROM unstemmed"
    return int(archive.rows(sql)[0]["n"])


def check_index(archive: Archive) -> list[str]:
    """What is wrong with the index, a sentence for each trouble; empty if it is sound.

    Everything is stemmed again and compared, so it takes as long as a rebuild, and writes nothing.
    An archive that is open for reading is opened once more, as SQLite checks an index only then.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    writer = made_by(archive.connection)
    problems = []
    if writer != german.version():
        problems.append(f"The index was made by {writer}, not by {german.version()}.")
    needed: set[str] = set()
    for kind, noun, sql, table, make in (
        ("article", "article", ARTICLES, "article_stems", article_stems),
        ("quote", "quotation", QUOTES, "quote_stems", quote_stems),
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
    for batch in batches(archive.connection, sql):
        low, high = batch[0][0], batch[-1][0]
        stored = {
            row["id"]: tuple(row.values())
            for row in archive.rows(f"SELECT * FROM {table} WHERE id BETWEEN ? AND ?", (low, high))
        }
        for row in batch:
            if row[0] in due:
                continue
            stems = make(row)
            needed |= compound_stems([stems])
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
