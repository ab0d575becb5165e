"""Finding near-copies among the releases of several cities, as they are stored.

What a new release costs does not depend on how many there are: of each hash the newest releases are
kept, `_BUCKET` at most, and `_CANDIDATES` texts at most are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.likeness import (
    RECIPE,
    SHARED_HASHES,
    Likeness,
    are_copies,
    likeness,
    similarity,
    sketch,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

_BUCKET = 200
_CANDIDATES = 20
_TRIM = """
DELETE FROM copy_hashes WHERE hash = :hash AND article_id <= (
  SELECT article_id FROM copy_hashes WHERE hash = :hash ORDER BY article_id DESC LIMIT 1 OFFSET :n)
"""
_NEWER = "SELECT 1 FROM copy_hashes WHERE hash = ? AND article_id > ? LIMIT 1 OFFSET ?"
_LIKE_IT = """
SELECT o.id, o.title, o.text FROM (
  SELECT article_id, count(*) AS shared FROM copy_hashes WHERE hash IN ({hashes})
  GROUP BY article_id HAVING shared >= ?) c
JOIN articles o ON o.id = c.article_id WHERE +o.site <> ? ORDER BY c.shared DESC, o.id DESC LIMIT ?
"""


def note_copies(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Look for near-copies of some releases in other cities; call it inside a transaction.

    Args:
        db: the archive.
        ids: releases that are new, or whose text is another one now.
    """
    for number in ids:
        row = db.execute("SELECT site, title, text FROM articles WHERE id = ?", [number]).fetchone()
        for column in ("article_id", "other_id"):
            db.execute(f"DELETE FROM copies WHERE {column} = ?", [number])
        db.execute("DELETE FROM copy_hashes WHERE article_id = ?", [number])
        if row is not None:
            site, title, text = row
            _note(db, number, site, likeness_of(title, text))


def rebuild_copies(db: sqlite3.Connection) -> None:
    """Look at all releases anew; call it inside a transaction."""
    db.execute("DELETE FROM copies")
    db.execute("DELETE FROM copy_hashes")
    last = -(2**63)
    while rows := db.execute(
        "SELECT id, site, title, text FROM articles WHERE id > ? ORDER BY id LIMIT 500", [last]
    ).fetchall():
        for number, site, title, text in rows:
            _note(db, number, site, likeness_of(title, text))
        last = rows[-1][0]
    db.execute("INSERT OR REPLACE INTO settings VALUES ('copies', ?)", [RECIPE])


def are_copies_current(db: sqlite3.Connection) -> bool:
    """Whether all releases were looked at, by this recipe."""
    row = db.execute("SELECT value FROM settings WHERE name = 'copies'").fetchone()
    return row is not None and row[0] == RECIPE


def wrong_sketches(db: sqlite3.Connection, texts: Sequence[tuple[int, str, str]]) -> list[int]:
    """The releases, of some in the order of their numbers, whose sketch is not that of their text.

    A hash may be missing where newer releases have taken its place.

    Args:
        db: the archive.
        texts: number, title and text of each.
    """
    stored: dict[int, set[int]] = {number: set() for number, _title, _text in texts}
    sql = "SELECT article_id, hash FROM copy_hashes WHERE article_id BETWEEN ? AND ?"
    for number, value in db.execute(sql, [texts[0][0], texts[-1][0]]):
        if number in stored:
            stored[number].add(value)
    wrong = []
    for number, title, text in texts:
        needed = set(sketch(likeness_of(title, text).shingles))
        if stored[number] - needed or any(
            db.execute(_NEWER, [value, number, _BUCKET // 2]).fetchone() is None
            for value in needed - stored[number]
        ):
            wrong.append(number)
    return wrong


def likeness_of(title: str, text: str) -> Likeness:
    """What a release is compared by."""
    return likeness(f"{title}\n{text}")


def _note(db: sqlite3.Connection, number: int, site: str, one: Likeness) -> None:
    note_sketch(db, number, site, sketch(one.shingles), lambda: one)


def note_sketch(
    db: sqlite3.Connection,
    number: int,
    site: str,
    hashes: list[int],
    read: Callable[[], Likeness],
) -> None:
    """Look for near-copies of a release by its sketch, and note that.

    Args:
        db: the archive; call it inside a transaction.
        number: the release.
        site: its city.
        hashes: its sketch.
        read: gives what its text is compared by, if there is any other to compare it with.
    """
    sql = _LIKE_IT.format(hashes=", ".join("?" * len(hashes)))
    found = db.execute(sql, [*hashes, SHARED_HASHES, site, _CANDIDATES]).fetchall()
    one = read() if found else None
    for other_id, title, text in found:
        other = likeness_of(title, text)
        if one and are_copies(one, other):
            share = round(similarity(one, other), 4)
            pairs = [(number, other_id, share), (other_id, number, share)]
            db.executemany("INSERT OR REPLACE INTO copies VALUES (?, ?, ?)", pairs)
    rows = [(value, number) for value in hashes]
    db.executemany("INSERT OR IGNORE INTO copy_hashes VALUES (?, ?)", rows)
    db.executemany(_TRIM, [{"hash": value, "n": _BUCKET} for value in hashes])
