"""Filling an archive in bulk with releases of `releases`, as the store would fill it.

Storing a million releases one by one takes many hours. Here a process prepares the rows by the
store's own functions, and another adds them without triggers and indexes, which are put back at the
end. `same_tables` compares such an archive with one that the store has filled.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from releases import Releases

from scraper import __version__
from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.copy_index import likeness_of, note_sketch
from scraper.archive.digests import digest_all, follow
from scraper.archive.evidence import capture_row
from scraper.archive.likeness import sketch
from scraper.archive.schema import SCHEMA_VERSION
from scraper.archive.search import german
from scraper.archive.search.index import article_stems, compound_stems, quote_stems, vocabulary
from scraper.archive.search_schema import INDEXES
from scraper.archive.store import article_row, child_rows
from scraper.dates import utc_iso
from scraper.decide.fingerprint import fingerprint
from scraper.records import Capture, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from scraper.records import Article

NOW = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
BATCH = 500
PROCESSES = 2
AHEAD = 6  # batches
_MADE_AT_ANY_TIME = ("settings", "_sqlite_migrations", "row_digests")
_SEGMENTS = ("_data", "_idx", "_docsize", "_config")  # of a full-text index: as it was written

_state: dict[str, Any] = {}


def page(article: Article) -> bytes:
    """What stands for the page of a release."""
    return b"<html><p>" + article.text.encode() + b"</html>"


def fill_in_bulk(directory: Path, releases: Releases, count: int) -> None:
    """Add releases to an archive until it has so many; those it has are the first ones."""
    Archive.open(directory).close()
    with closing(sqlite3.connect(directory / DATABASE_NAME, isolation_level=None)) as db:
        there = db.execute("SELECT count(*) FROM articles").fetchone()[0]
        if there >= count:
            return
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -2000000"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        parts = db.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL "
            "AND type IN ('trigger', 'index')"
        ).fetchall()
        for kind, name, _sql in parts:
            db.execute(f"DROP {kind} {name}")
        _add_all(db, _prepared(releases, there, count))
        for index in INDEXES.values():
            db.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
        _list(db)
        for _kind, _name, sql in parts:
            db.execute(sql)
        follow(db)
        db.execute("BEGIN")
        digest_all(db, SCHEMA_VERSION)
        db.execute("DELETE FROM settings WHERE name = 'index_digest'")
        db.execute("COMMIT")
    Archive.open(directory).close()


def list_all(archive: Archive) -> None:
    """Have all releases listed and checked, as after a crawl."""
    with archive.transaction() as db:
        _list(db.conn)


def _list(db: sqlite3.Connection) -> None:
    db.execute(
        "INSERT OR IGNORE INTO candidates (url, site, original, source, published, district, "
        "first_listed, last_checked, next_check, article_id) SELECT url, site, url, 'listing', "
        "published, district, first_seen, first_seen, ?, id FROM articles ORDER BY id",
        [utc_iso(NOW + timedelta(days=100))],
    )


def _prepared(releases: Releases, first: int, count: int) -> Iterator[list[dict[str, Any]]]:
    """The rows of releases, in batches, in order; a few batches are under way at once."""
    batches = iter([range(at, min(at + BATCH, count)) for at in range(first, count, BATCH)])
    given = (releases.count, releases.sites)
    with ProcessPoolExecutor(PROCESSES, initializer=_begin, initargs=given) as pool:
        waiting = deque(pool.submit(_rows_of, batch) for batch in islice(batches, AHEAD))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(_rows_of, batch) for batch in islice(batches, 1))


def _begin(count: int, sites: Sequence[str]) -> None:
    _state["releases"] = Releases(count, sites)
    _state["words"], _state["stems"] = set(), set()
    for name in ("unit", "fold_word", "stem"):  # every word is stemmed once
        setattr(german, name, cache(getattr(german, name).__wrapped__))


def _rows_of(numbers: range) -> list[dict[str, Any]]:
    """The rows of some releases, less the words and compounds that this process has had before."""
    found = []
    for n in numbers:
        rows = rows_of(_state["releases"].article(n))
        rows["words"] = [row for row in rows["words"] if row[0] not in _state["words"]]
        _state["words"].update(row[0] for row in rows["words"])
        for which, stems in enumerate(rows["compounds"]):
            rows["compounds"][which] = [stem for stem in stems if stem not in _state["stems"]]
            _state["stems"].update(stems)
        found.append(rows)
    return found


def rows_of(article: Article) -> dict[str, Any]:
    """The rows of a release by table, made as the store makes them, without their numbers."""
    record, at = to_json(article), utc_iso(NOW)
    row, found = article_row(record), fingerprint(article)
    stems = article_stems((0, *(record[name] for name in ("title", "kicker", "lead", "text"))))
    children = child_rows(record)
    quotes = [
        quote_stems((0, 0, *(row[name] for name in ("text", "speaker", "role"))))
        for row in children["quotes"]
    ]
    text = (0, *(record[name] for name in ("title", "kicker", "lead", "text")))
    words = vocabulary([text])
    return {
        "captures": capture_row(Capture(article.url, page(article), NOW), None),
        "articles": row | {"fingerprint": found, "first_seen": at, "last_seen": at},
        "events": {"at": at, "kind": "new", "detail": None},
        "children": children,
        "revisions": {
            "number": 1,
            "first_seen": at,
            "last_seen": at,
            "parser": __version__,
            "fingerprint": found,
            "record": json.dumps(record, ensure_ascii=False),
        },
        "stems": stems[1:],
        "quote_stems": [each[2:] for each in quotes],
        "compounds": [sorted(compound_stems([stems])), sorted(compound_stems(quotes))],
        "words": [(word, word[::-1], words[word]) for word in sorted(words)],
        "sketch": sketch(likeness_of(article.title, article.text).shingles),
    }


def _add_all(db: sqlite3.Connection, batches: Iterable[list[dict[str, Any]]]) -> None:
    article = db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0]
    for batch in batches:
        db.execute("BEGIN")
        for rows in batch:
            article += 1
            _add(db, article, rows)
            db.executemany("INSERT OR IGNORE INTO words VALUES (?, ?, ?)", rows["words"])
            for stems in rows["compounds"]:
                new = [(stem,) for stem in stems]
                db.executemany("INSERT OR IGNORE INTO compounds (stem) VALUES (?)", new)
        db.execute("COMMIT")


def _add(db: sqlite3.Connection, article: int, rows: dict[str, Any]) -> None:
    capture = _insert(db, "captures", rows["captures"])
    row = rows["articles"]
    _insert(db, "articles", {"id": article} | row | {"capture_id": capture})
    own = {"article_id": article, "capture_id": capture}
    _insert(db, "events", own | rows["events"])
    _insert(db, "revisions", own | rows["revisions"])
    for table, children in rows["children"].items():
        for position, child in enumerate(children):
            number = _insert(db, table, {"article_id": article, "position": position} | child)
            if table == "quotes":
                values = (number, article, *rows["quote_stems"][position])
                db.execute("INSERT INTO quote_stems VALUES (?, ?, ?, ?, ?)", values)
    db.execute("INSERT INTO article_stems VALUES (?, ?, ?, ?, ?, ?)", (article, *rows["stems"]))
    title, text = row["title"], row["text"]
    read = lambda: likeness_of(title, text)  # noqa: E731
    note_sketch(db, article, row["site"], rows["sketch"], read)


def _insert(db: sqlite3.Connection, table: str, row: dict[str, Any]) -> int:
    return int(db.execute(_insertion(table, tuple(row)), tuple(row.values())).lastrowid)


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def same_tables(one: Archive, other: Archive) -> list[str]:
    """The tables in which two archives differ.

    Of a full-text index its contents are compared, by SQLite's own check and word by word: how
    they lie in segments depends on the order of writing.
    """
    return [
        name
        for name in sorted(_tables(one) | _tables(other))
        if _content(one, name) != _content(other, name)
    ]


def _tables(archive: Archive) -> set[str]:
    shadows = {index + end for index in INDEXES.values() for end in _SEGMENTS}
    rows = archive.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {row["name"] for row in rows} - shadows - set(_MADE_AT_ANY_TIME[:2])


def _content(archive: Archive, table: str) -> str:
    db, found = archive.connection, hashlib.sha256()
    if table in INDEXES.values():
        db.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
        db.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_words "
            f"USING fts5vocab(main, {table}, row)"
        )
        table = f"temp.{table}_words"
    where = "WHERE table_name NOT IN ('settings', '_sqlite_migrations')"
    rows = db.execute(f"SELECT * FROM {table} {where if table == 'row_digests' else ''}")
    for row in sorted(map(repr, rows)):
        found.update(row.encode())
    return found.hexdigest()
