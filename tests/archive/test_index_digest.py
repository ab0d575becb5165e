"""The digest of the full-text indexes: noted piece by piece, the same as if all were read."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from scraper.archive import Archive
from scraper.archive import index_digest as index_digest_module
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.index_digest import index_differs, index_digest, noted_index
from tests.archive.corpus import filled

BLOCK = 4096  # documents in a piece


def write(directory, dice, rounds):
    """Add, edit and remove stems as the triggers of the archive see it; in many transactions."""
    with Archive.open(directory) as archive:
        for _ in range(rounds):
            with archive.transaction() as db:
                for _ in range(dice.randrange(1, 12)):
                    number = dice.choice((dice.randrange(10, 90), BLOCK - 1, BLOCK, BLOCK + 7))
                    words = " ".join(f"w{dice.randrange(3_000)}" for _ in range(120))
                    if dice.random() < 0.3:
                        db.execute("DELETE FROM article_stems WHERE id = ?", [number])
                        continue
                    db.execute(
                        "INSERT INTO article_stems VALUES (?, '', '', '', ?, '') "
                        "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                        [number, words],
                    )


def check(directory):
    """What is noted, after comparing it with what reading everything gives."""
    with closing(sqlite3.connect(directory / DATABASE_NAME)) as db:
        noted = noted_index(db)
        assert noted == index_digest(db)
        assert not index_differs(db)
    return noted


def change(directory, *statements):
    """What somebody does with another program."""
    with closing(sqlite3.connect(directory / DATABASE_NAME)) as db, db:
        for sql in statements:
            assert db.execute(sql).rowcount > 0


def differs(directory):
    with closing(sqlite3.connect(directory / DATABASE_NAME)) as db:
        return index_differs(db)


@pytest.mark.parametrize("bits", [0, 1, 8])
def test_pieces_that_are_kept_are_what_reading_gives(tmp_path, monkeypatch, bits):
    monkeypatch.setattr(index_digest_module, "_PAGE_BITS", bits)
    dice = random.Random(1)
    seen = set()
    for rounds in (1, 3, 20, 1, 40, 2):  # segments are merged on the way
        write(tmp_path, dice, rounds)
        seen.add(check(tmp_path))
    assert len(seen) == 6


def test_two_programs_in_turns(tmp_path):
    dice = random.Random(2)
    with Archive.open(tmp_path) as one:
        filled(one)
        write(tmp_path, dice, 3)  # it notes the digest while the other is still open
    check(tmp_path)


def test_a_killed_program_leaves_none(tmp_path):
    write(tmp_path, random.Random(3), 3)
    archive = Archive.open(tmp_path)
    filled(archive)
    archive.connection.close()
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as db:
        assert noted_index(db) is None
    Archive.open(tmp_path).close()
    check(tmp_path)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE articles_fts_docsize SET sz = x'0102' WHERE id = 11",
        "UPDATE articles_fts_data SET block = zeroblob(20) WHERE id % 4096 = 2 AND id > 1 << 37",
        "UPDATE articles_fts_idx SET pgno = pgno + 2",
    ],
)
def test_what_others_change_is_found_though_more_is_written(tmp_path, sql):
    dice = random.Random(4)
    write(tmp_path, dice, 30)
    with Archive.open(tmp_path) as archive, archive.transaction() as db:
        db.execute(
            "INSERT INTO article_stems VALUES (11, '', '', '', 'x y z', '') ON CONFLICT DO NOTHING"
        )
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
    check(tmp_path)
    change(tmp_path, sql)
    assert differs(tmp_path)
    with Archive.open(tmp_path) as archive, archive.transaction() as db:
        db.execute("INSERT INTO article_stems VALUES (9000, '', '', '', 'a b c', '')")
    assert differs(tmp_path)  # not taken for right with what came later


def test_pages_of_any_number_end_it(tmp_path):
    write(tmp_path, random.Random(5), 1)
    for number in (2**63 - 1, -(2**63)):
        change(
            tmp_path,
            f"INSERT INTO articles_fts_data VALUES ({number}, x'00')",
            f"INSERT INTO articles_fts_docsize (id, sz) VALUES ({number}, x'00')",
        )
    assert differs(tmp_path)
