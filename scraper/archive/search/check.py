"""Whether the search index is right, and how much of it is due."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from scraper.archive.connection import refuse_without_handles
from scraper.archive.copy_index import are_copies_current, wrong_sketches
from scraper.archive.others import foreign_triggers
from scraper.archive.search import german
from scraper.archive.search.index import (
    ARTICLES,
    ATTACHMENTS,
    QUOTES,
    article_stems,
    attachment_stems,
    batches,
    compound_stems,
    is_current,
    made_by,
    quote_stems,
    vocabulary,
)
from scraper.archive.search_schema import INDEXES

if TYPE_CHECKING:
    from scraper.archive.connection import Archive

_NAMED = 10
_SKETCHES_LEFT = (
    "SELECT DISTINCT article_id AS id FROM copy_hashes "
    "WHERE article_id NOT IN (SELECT id FROM articles)"
)
_MOST_UNKNOWN = 10_000
_NOT_WRITABLE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})


_DUE_OF_NOTHING = """
SELECT kind, id FROM unstemmed u WHERE NOT CASE kind
  WHEN 'article' THEN EXISTS (SELECT 1 FROM articles WHERE id = u.id)
  WHEN 'quote' THEN EXISTS (SELECT 1 FROM quotes WHERE id = u.id)
  WHEN 'attachment' THEN EXISTS (SELECT 1 FROM attachments WHERE id = u.id)
  ELSE 0 END LIMIT 12
"""


def count_due(archive: Archive) -> int:
    """How many articles and quotations are yet to be stemmed; all if the recipe has changed."""
    if not is_current(archive.connection):
        sql = (
            "SELECT (SELECT count(*) FROM articles) + (SELECT count(*) FROM quotes) "
            "+ (SELECT count(*) FROM attachments) AS n"
        )
    else:
        sql = "SELECT count(*) AS n FROM unstemmed"
    return int(archive.rows(sql)[0]["n"])


def check_index(archive: Archive) -> list[str]:
    """What is wrong with the index, a sentence for each trouble; empty if it is sound.

    Everything is stemmed again and compared, so it takes as long as a rebuild, and writes nothing.
    SQLite checks a full-text index only where it may write: the file is opened once more for that,
    or, on a medium that cannot be written, the index is copied into a temporary file.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    writer = made_by(archive.connection)
    problems = []
    if writer != german.version():
        problems.append(f"The index was made by {writer}, not by {german.version()}.")
    unknown = _Unknown(archive, "SELECT stem FROM compounds")
    unlisted = _Unknown(archive, "SELECT word FROM words")
    overdue: set[int] = set()
    for kind, noun, sql, table, make in (
        ("article", "article", ARTICLES, "article_stems", article_stems),
        ("quote", "quotation", QUOTES, "quote_stems", quote_stems),
        ("attachment", "attachment", ATTACHMENTS, "attachment_stems", attachment_stems),
    ):
        rows = archive.rows("SELECT id FROM unstemmed WHERE kind = ?", (kind,))
        due = {row["id"] for row in rows}  # a run that was killed has left them for the next one
        overdue |= due if kind == "article" else set()
        problems += _compare(archive, noun, sql, table, make, unknown, due)
    sketches = _Rows()
    for batch in batches(archive.connection, ARTICLES):
        rows = [row for row in batch if row[0] not in overdue]
        unlisted.look(set(vocabulary(rows)))
        for number in _wrong_sketches(archive, rows):
            sketches.add(number)
    for left in archive.each(_SKETCHES_LEFT):
        sketches.add(left["id"])
    problems += [
        f"The table unstemmed names {row['kind']} {row['id']}, which is not there (unstemmed.id)."
        for row in archive.each(_DUE_OF_NOTHING)
    ]
    if unknown.stems:
        problems.append(f"{unknown} words are not known as compounds.")
    if unlisted.stems:
        problems.append(f"{unlisted} words are missing in the vocabulary.")
    if sketches.count:
        problems.append(
            f"Article {sketches}: the sketch that finds near-copies (copy_hashes) is not that of "
            "the text."
        )
    return problems + _check_full_text(archive)


def _wrong_sketches(archive: Archive, rows: list[Any]) -> list[int]:
    if not rows or not are_copies_current(archive.connection):
        return []
    texts = [(number, title, text) for number, title, _kicker, _lead, text in rows]
    return wrong_sketches(archive.connection, texts)


class _Unknown:
    """Stems or words that are not listed though they should be; memory has a bound."""

    def __init__(self, archive: Archive, listed: str) -> None:
        self._archive = archive
        self._listed = listed
        self.stems: set[str] = set()

    def look(self, stems: set[str]) -> None:
        """Note those of some stems that are not known."""
        if len(self.stems) >= _MOST_UNKNOWN:
            return
        wanted = json.dumps(sorted(stems - self.stems))
        self.stems |= {
            row["value"]
            for row in self._archive.each(
                f"SELECT value FROM json_each(?) WHERE value NOT IN ({self._listed})",
                (wanted,),
            )
        }

    def __str__(self) -> str:
        more = "at least " if len(self.stems) >= _MOST_UNKNOWN else ""
        return f"{more}{len(self.stems):,}"


@dataclass
class _Rows:
    """Some rows: how many, and which are the first."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, row_id: int) -> None:
        self.count += 1
        if len(self.first) < _NAMED:
            self.first.append(row_id)

    def __str__(self) -> str:
        more = f" and {self.count - _NAMED} more" if self.count > _NAMED else ""
        return f"{', '.join(map(str, self.first))}{more}"


def _compare(
    archive: Archive,
    noun: str,
    sql: str,
    table: str,
    make: Any,
    unknown: _Unknown,
    due: set[int],
) -> list[str]:
    missing, stale, gone = _Rows(), _Rows(), _Rows()
    for batch in batches(archive.connection, sql):
        low, high = batch[0][0], batch[-1][0]
        stored = {
            row["id"]: tuple(row.values())
            for row in archive.rows(f"SELECT * FROM {table} WHERE id BETWEEN ? AND ?", (low, high))
        }
        needed = []
        for row in batch:
            if row[0] in due:
                continue
            stems = make(row)
            needed.append(stems)
            if row[0] not in stored:
                missing.add(row[0])
            elif stored[row[0]] != stems:
                stale.add(row[0])
        unknown.look(compound_stems(needed))
    source = sql.rsplit(" ", 1)[1]
    for left in archive.each(f"SELECT id FROM {table} WHERE id NOT IN (SELECT id FROM {source})"):
        gone.add(left["id"])
    found = {
        "missing in the index": missing,
        "indexed with other words than it has": stale,
        "indexed, but gone": gone,
    }
    return [f"{noun.capitalize()} {rows}: {what}." for what, rows in found.items() if rows.count]


def _check_full_text(archive: Archive) -> list[str]:
    problems = []
    for source, index in INDEXES.items():
        try:
            if not _checked_in_place(archive, index):
                _check_copy(archive, source, index)
        except sqlite3.DatabaseError as error:
            code = (error.sqlite_errorcode or 0) & 0xFF
            what = "differs from" if code == sqlite3.SQLITE_CORRUPT else "cannot be compared with"
            problems.append(f"The full-text index {index} {what} its table {source} ({error}).")
    return problems


def _integrity_check(connection: sqlite3.Connection, index: str) -> None:
    connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")


def _checked_in_place(archive: Archive, index: str) -> bool:
    """Check an index where it stands; False if the file cannot, or had better not, be written.

    Raises:
        sqlite3.DatabaseError: the index is damaged, or cannot be read.
        NoFileHandles: no file can be opened.
    """
    if foreign_triggers(archive.connection):
        return False
    connection = None
    try:
        uri = archive.path.absolute().as_uri() + "?mode=rw"
        connection = sqlite3.connect(uri, uri=True, timeout=10, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        _integrity_check(connection, index)
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode or 0) & 0xFF in _NOT_WRITABLE:
            refuse_without_handles()
            return False
        raise
    finally:
        if connection is not None:
            connection.close()
    return True


def _check_copy(archive: Archive, source: str, index: str) -> None:
    """Check a copy of an index and of its table, in a file of its own.

    Raises:
        sqlite3.DatabaseError: the index is damaged, or there is no room for the copy.
    """
    with TemporaryDirectory(prefix="newsroom-verify-") as directory:
        path = Path(directory) / "index.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous = OFF")
            copy.execute("BEGIN")
            for name in (source, index):
                sql = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"
                copy.execute(archive.connection.execute(sql, (name,)).fetchone()[0])
            inner = copy.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB ? || '_*'",
                (index,),
            ).fetchall()
            for (table,) in [(source,), *inner]:
                _copy_table(archive.connection, copy, table)
            copy.execute("COMMIT")
        # Opened again: what SQLite remembers of the index is that of an empty one.
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            _integrity_check(copy, index)


def _copy_table(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> None:
    target.execute(f"DELETE FROM {table}")
    rows = source.execute(f"SELECT * FROM {table}")
    marks = ", ".join("?" * len(rows.description))
    target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
