"""A digest of the inside of the full-text indexes, which SQLite's own check passes over in part.

Our connections forget it with the first change of the stems, and note it anew when they are closed;
a process that was killed between leaves none, and the next one notes it.

It is made of the digests of pieces: the segments of an index, which do not change once they are
written, and blocks of documents. Those of pieces that are as they were are kept, so that noting it
costs what was written since, however large the archive is.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from scraper.archive.search_schema import INDEXES

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

_NAME = "index_pieces"
_OLD_NAME = "index_digest"  # of versions that read the whole index each time
_SEGMENT_BITS = 37  # of FTS5's page numbers: the segment stands above them
_BOUNDS = (36, _SEGMENT_BITS)  # of the leaves of a segment, and of all its pages
_BLOCK_BITS = 12  # documents in a block
_PAGE_BITS = 8  # pages in one
_LAST_ID = 2**63 - 1
_PARTS = ("data", "idx", "docsize", "config")
_PIECES = f"SELECT name, value FROM settings WHERE name GLOB '{_NAME}:*'"


def follow_index(connection: sqlite3.Connection) -> None:
    """Have this connection forget the digest when it changes what the indexes are made of."""
    for source, index in INDEXES.items():
        for event, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old")):
            block = f"'{_NAME}:{index}:docs:' || ({row}.id >> {_BLOCK_BITS})"
            connection.execute(
                f"CREATE TEMP TRIGGER IF NOT EXISTS forget_{source}_{event} AFTER {event} "
                f"ON main.{source} BEGIN "
                f"DELETE FROM settings WHERE name IN ('{_NAME}', '{_OLD_NAME}', {block}); END"
            )


def noted_index(connection: sqlite3.Connection) -> str | None:
    """The digest as it was noted; None if none is."""
    row = connection.execute("SELECT value FROM settings WHERE name = ?", (_NAME,)).fetchone()
    return str(row[0]) if row else None


def note_index(connection: sqlite3.Connection) -> None:
    """Note the digest as it is now; call it inside a transaction."""
    before = dict(connection.execute(_PIECES))
    known = {name: json.loads(value) for name, value in before.items()}
    pieces = dict(_pieces(connection, known))
    after = {name: json.dumps(piece) for name, piece in pieces.items()}
    connection.executemany(
        "DELETE FROM settings WHERE name = ?", [(name,) for name in before.keys() - after.keys()]
    )
    changed = [(name, value) for name, value in after.items() if before.get(name) != value]
    connection.executemany(
        "INSERT OR REPLACE INTO settings VALUES (?, ?)", [*changed, (_NAME, _together(pieces))]
    )


def index_differs(connection: sqlite3.Connection) -> bool:
    """Whether the indexes are not as their digest says; False if none is noted."""
    connection.execute("BEGIN")  # both are read at one moment, though a crawl may be at work
    try:
        noted = noted_index(connection)
        return noted is not None and noted != index_digest(connection)
    finally:
        connection.rollback()


def index_digest(connection: sqlite3.Connection) -> str:
    """SHA-256 of the digests of all pieces of the full-text indexes, each of them read."""
    return _together(dict(_pieces(connection, {})))


def _together(pieces: Mapping[str, list[Any]]) -> str:
    whole = json.dumps(sorted((name, piece[-1]) for name, piece in pieces.items()))
    return hashlib.sha256(whole.encode()).hexdigest()


def _pieces(
    connection: sqlite3.Connection, known: Mapping[str, list[Any]]
) -> Iterator[tuple[str, list[Any]]]:
    """Name of each piece, what it is told by, and its digest, which is read only if need be."""
    for index in sorted(INDEXES.values()):
        tables = {part: f"{index}_{part}" for part in _PARTS}
        there = {part for part, table in tables.items() if _has(connection, table)}
        if "data" in there:
            yield from _segments(connection, index, known, with_words="idx" in there)
        if "docsize" in there:
            yield from _documents(connection, index, known)
        if "config" in there:
            sql = f"SELECT * FROM {index}_config ORDER BY k"
            yield f"{_NAME}:{index}:config", [_digest(connection, sql)]


def _segments(
    connection: sqlite3.Connection,
    index: str,
    known: Mapping[str, list[Any]],
    *,
    with_words: bool,
) -> Iterator[tuple[str, list[Any]]]:
    words = f"SELECT term, pgno FROM {index}_idx WHERE segid = ? ORDER BY term"
    for first, last in _stretches(connection, f"{index}_data", _SEGMENT_BITS):
        segment = first >> _SEGMENT_BITS
        name = f"{_NAME}:{index}:segment:{segment}"
        ends = [segment << _SEGMENT_BITS | (1 << bits) - 1 for bits in _BOUNDS]
        marks = [_mark(connection, index, first, end) for end in ends]
        piece = known.get(name, [])
        # Its number may be another's by now; 0 is the list of the segments, which is no segment.
        if segment == 0 or piece[:-1] != marks:
            blocks = dict(_blocks(connection, index, first, last, known))
            yield from blocks.items()
            found = _together(blocks)
            if with_words:
                found += _digest(connection, words, segment)
            piece = [*marks, found]
        else:
            yield from ((part, known[part]) for part in known if part.startswith(f"{name}:"))
        yield name, piece


def _blocks(
    connection: sqlite3.Connection,
    index: str,
    begin: int,
    end: int,
    known: Mapping[str, list[Any]],
) -> Iterator[tuple[str, list[Any]]]:
    """Blocks of a segment: while it is merged into another, most of them stay as they are."""
    rows = f"SELECT id, block FROM {index}_data WHERE id BETWEEN ? AND ? ORDER BY id"
    for first, last in _stretches(connection, f"{index}_data", _PAGE_BITS, begin, end):
        name = f"{_NAME}:{index}:segment:{first >> _SEGMENT_BITS}:{first >> _PAGE_BITS}"
        mark = _mark(connection, index, first, last)
        piece = known.get(name, [])
        if piece[:-1] != [mark] or first >> _SEGMENT_BITS == 0:
            piece = [mark, _digest(connection, rows, first, last)]
        yield name, piece


def _mark(connection: sqlite3.Connection, index: str, first: int, end: int) -> list[Any]:
    """What tells some pages from others that have taken their numbers: both ends of them."""
    row = f"SELECT id, block FROM {index}_data WHERE id = ?"
    sql = f"SELECT max(id) FROM {index}_data WHERE id <= ?"
    last = connection.execute(sql, (end,)).fetchone()[0]
    return [first, last, _digest(connection, row, first), _digest(connection, row, last)]


def _documents(
    connection: sqlite3.Connection, index: str, known: Mapping[str, list[Any]]
) -> Iterator[tuple[str, list[Any]]]:
    """Blocks of documents; those with one that was changed are not among the known ones."""
    rows = f"SELECT id, sz FROM {index}_docsize WHERE id BETWEEN ? AND ? ORDER BY id"
    for first, last in _stretches(connection, f"{index}_docsize", _BLOCK_BITS):
        name = f"{_NAME}:{index}:docs:{first >> _BLOCK_BITS}"
        yield name, known.get(name) or [_digest(connection, rows, first, last)]


def _stretches(
    connection: sqlite3.Connection,
    table: str,
    bits: int,
    begin: int = -_LAST_ID - 1,
    end: int = _LAST_ID,
) -> Iterator[tuple[int, int]]:
    """Of each block of 2 ** bits ids that has rows: the first id, and the last there may be."""
    sql = f"SELECT min(id) FROM {table} WHERE id BETWEEN ? AND ?"
    while begin <= end:
        first = connection.execute(sql, (begin, end)).fetchone()[0]
        if first is None:
            return
        last = first | (1 << bits) - 1
        yield first, last
        begin = last + 1


def _digest(connection: sqlite3.Connection, sql: str, *values: int) -> str:
    found = hashlib.sha256()
    for row in connection.execute(sql, values):
        found.update(repr(row).encode("utf-8", "surrogateescape"))
    return found.hexdigest()[:32]


def _has(connection: sqlite3.Connection, table: str) -> bool:
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(sql, (table,)).fetchone() is not None
