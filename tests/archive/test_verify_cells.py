"""Every changed cell of every table is noticed, by name; every damaged byte, too."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from scraper.archive import Archive, Store
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.verify import verify
from scraper.errors import ArchiveError
from tests.support.lived import DAY
from tests.support.replica import START

# Inside of the full-text indexes: what is wrong there is named by index, not by cell.
_SHADOWS = "_data _idx _content _docsize _config".split()
# Derived tables are named by what they are derived from.
_NAMED_BY = {
    "article_stems": "Article ",
    "quote_stems": "Quotation ",
    "row_digests": "digest",
    "copy_hashes": "copy_hashes",  # all its columns are the key
}
_DAMAGED = 60


@pytest.fixture
def sound(lived_archive):
    return lived_archive


@pytest.fixture
def copied(sound, tmp_path):
    target = tmp_path / "data"
    shutil.copytree(sound, target)
    return target


def found(directory):
    """What is wrong; a refusal to open the file counts, a traceback does not."""
    try:
        with Archive.open_to_check(directory) as archive:
            return verify(archive)["problems"]
    except ArchiveError as error:
        return [str(error)]


def cells(path):
    """Each column of each table that has rows, and the key of a row that has a value there."""
    with closing(sqlite3.connect(path)) as db:
        for name, kind, without_rowid in db.execute(
            "SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' "
            "AND type IN ('table', 'shadow') AND name NOT GLOB 'sqlite_*' ORDER BY name"
        ).fetchall():
            if not db.execute(f"SELECT EXISTS (SELECT 1 FROM {name})").fetchone()[0]:
                continue
            info = db.execute(f"PRAGMA table_info({name})").fetchall()
            key = [row[1] for row in info if row[5]] if without_rowid else ["rowid"]
            for column in (row[1] for row in info):
                wanted = db.execute(
                    f'SELECT {", ".join(key)}, "{column}" FROM {name} '
                    f'ORDER BY "{column}" IS NULL, rowid LIMIT 1'
                    if not without_rowid
                    else f'SELECT {", ".join(key)}, "{column}" FROM {name} LIMIT 1'
                ).fetchone()
                yield name, kind, column, key, wanted[:-1], wanted[-1]


def others(value):
    """Other values that a cell may take; some columns refuse some kinds."""
    if isinstance(value, bytes):
        return [value[:-1] + bytes([value[-1] ^ 1]) if value else b"x"]
    if isinstance(value, str):
        return [value + "x", value[:-1]]
    if isinstance(value, int | float):
        return [value + 1, value + 1000]
    return ["x", 7, b"x"]


def change(path, table, column, key, where, value):
    """What another program does to one cell; returns whether SQLite took it."""
    condition = " AND ".join(f'"{name}" = ?' if name != "rowid" else "rowid = ?" for name in key)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        for other in others(value):
            try:
                with db:
                    db.execute(
                        f'UPDATE {table} SET "{column}" = ? WHERE {condition}', (other, *where)
                    )
            except sqlite3.Error:
                continue
            return True
    return False


def test_every_cell(sound, tmp_path):
    shutil.copytree(sound, tmp_path / "data")
    target, clean = tmp_path / "data" / DATABASE_NAME, sound / DATABASE_NAME
    assert found(tmp_path / "data") == []
    unnoticed, unnamed, tried = [], [], 0
    for table, kind, column, key, where, value in cells(clean):
        shutil.copyfile(clean, target)
        if not change(target, table, column, key, where, value):
            assert kind == "shadow", (table, column)
            continue
        tried += 1
        problems = found(tmp_path / "data")
        if not problems:
            unnoticed.append(f"{table}.{column}")
        wanted = _NAMED_BY.get(table, f"{table}.{column}")
        if kind == "shadow":
            wanted = table.removesuffix(next(filter(table.endswith, _SHADOWS)))
        if not any(wanted in line for line in problems):
            unnamed.append((table, column, problems[:2]))
    assert not unnoticed
    assert not unnamed, "\n".join(map(str, unnamed))
    assert tried > 150


def changed(directory, *statements):
    """What is wrong after another program has run some SQL."""
    with closing(sqlite3.connect(directory / DATABASE_NAME)) as db, db:
        for sql in statements:
            db.execute(sql)
    return found(directory)


def test_the_setting_that_all_rows_have_digests_cannot_hide_what_was_changed(copied, sound):
    """It is no older archive, which gets its digests at the upgrade."""
    for does in (
        "DELETE FROM settings",
        "DELETE FROM settings WHERE name = 'digests_of_schema'",
        "UPDATE settings SET value = '17' WHERE name = 'digests_of_schema'",
        "DELETE FROM settings WHERE name = 'stems'",
    ):
        shutil.copyfile(sound / DATABASE_NAME, copied / DATABASE_NAME)
        problems = changed(copied, does, "UPDATE captures SET status = 404 WHERE id = 1")
        assert any("captures.status" in line for line in problems), does
        assert any("settings" in line for line in problems), does


def test_what_is_due_and_not_there(copied):
    for kind, number in (("x", 1), ("article", 999), ("quote", 999), ("attachment", 999)):
        problems = changed(copied, f"INSERT INTO unstemmed VALUES ('{kind}', {number})")
        assert any(f"{kind} {number}" in line for line in problems)


def test_bytes_behind_the_last_page(copied):
    path = copied / DATABASE_NAME
    path.write_bytes(path.read_bytes() + b"x" * 5000)
    assert any("5,000 bytes more" in line for line in found(copied))


def rows_of(path):
    """Every cell of a database, as it can be read; None if it cannot."""
    with closing(sqlite3.connect(path)) as db:
        db.text_factory = bytes
        try:
            tables = db.execute("SELECT name, sql, type, tbl_name FROM sqlite_master").fetchall()
            assert db.execute("PRAGMA integrity_check").fetchall() == [(b"ok",)]
            return [
                tables,
                *(
                    db.execute(f'SELECT * FROM "{name.decode()}"').fetchall()
                    for name, _sql, kind, _table in tables
                    if kind == b"table"
                ),
            ]
        except (sqlite3.Error, AssertionError):
            return None


def test_damaged_bytes(sound, tmp_path):
    """60 archives, each with a flipped bit in the database or in a WARC file."""
    chance = random.Random(17)
    before = rows_of(sound / DATABASE_NAME)
    noticed = 0
    for number in range(_DAMAGED):
        directory = tmp_path / str(number)
        shutil.copytree(sound, directory)
        files = [directory / DATABASE_NAME, *sorted((directory / "warc").iterdir())]
        path = files[0] if number % 2 else chance.choice(files[1:])
        data = bytearray(path.read_bytes())
        at = chance.randrange(len(data))
        data[at] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        if found(directory):
            noticed += 1
        else:  # then no cell reads otherwise: nothing is stored at that place
            assert path == files[0], (path.name, at)
            assert rows_of(path) == before, at
        shutil.rmtree(directory)
    assert noticed > _DAMAGED / 2


def test_digests_follow_what_this_program_writes(copied):
    with Archive.open(copied) as archive:
        store = Store(archive)
        stored = store.find(archive.rows("SELECT url FROM articles WHERE id = 1")[0]["url"])
        store.mark_gone(stored, START + 30 * DAY)
        with archive.transaction() as db:
            db.execute("DELETE FROM pictures")
            db.execute("UPDATE candidates SET url = url || '?' WHERE article_id = 2")
            db.execute("INSERT OR REPLACE INTO settings VALUES ('a', 'b'), ('a', 'c')")
            db.execute("INSERT OR IGNORE INTO host_pauses VALUES ('a', 'b'), ('a', 'c')")
    lines = found(copied)
    assert not any("was written" in line or "digest" in line for line in lines), lines
