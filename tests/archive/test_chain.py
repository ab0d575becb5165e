"""The chain of runs shows what was rewritten, by somebody who knows of digests, too."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from contextlib import closing

import pytest

from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.digests import follow
from scraper.archive.verify import verify


@pytest.fixture
def sound(lived_archive):
    return lived_archive


@pytest.fixture
def copied(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "data")


def rewrite(directory, *statements):
    with closing(sqlite3.connect(directory / DATABASE_NAME)) as db, db:
        follow(db)
        for sql in statements:
            db.execute(sql)


def checked(directory, noted=None):
    with Archive.open_to_check(directory) as archive:
        return verify(archive, noted=noted)


def links(directory):
    with Archive.open_existing(directory) as archive:
        return archive.rows("SELECT * FROM chain ORDER BY number")


def test_each_run_has_a_link(sound):
    found = links(sound)
    assert [link["number"] for link in found] == [1, 2, 3, 4]
    assert [link["previous"] for link in found] == ["", *(link["digest"] for link in found[:-1])]
    done = checked(sound)
    assert (done["problems"], done["notes"]) == ([], [])
    assert (done["checked"]["runs"], done["chain"]) == (4, found[-1]["digest"])


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("UPDATE captures SET fetched_at = '2020-01-01T00:00:00+00:00' WHERE id = 1", "captures"),
        ("UPDATE runs SET seconds = 7 WHERE id = 2", "run"),
        ("UPDATE warc_files SET sha256 = 'x' WHERE link = 1", "files"),
        ("UPDATE chain SET previous = 'x' WHERE number = 3", "previous"),
        ("DELETE FROM chain WHERE number = 2", "number"),
        ("DELETE FROM runs WHERE id = 1", "run"),
    ],
)
def test_a_rewritten_database(copied, statement, field):
    rewrite(copied, statement)
    assert any("chain" in line and f"chain.{field}" in line for line in checked(copied)["problems"])


def test_a_chain_that_was_made_again_does_not_have_the_noted_digest(copied):
    noted = links(copied)[1]["digest"]
    assert checked(copied, noted.upper())["problems"] == []
    rewrite(copied, "DELETE FROM chain", "DELETE FROM warc_files")
    assert any(noted in line for line in checked(copied, noted)["problems"])


def test_a_file_packed_anew(copied):
    path = sorted((copied / "warc").iterdir())[-1]
    data = bytearray(path.read_bytes())
    data[4:8] = b"time"  # of a gzip member: the records are what they were
    assert gzip.decompress(data) == gzip.decompress(path.read_bytes())
    path.write_bytes(data)
    (line,) = checked(copied)["problems"]
    assert path.name in line


def test_an_older_archive_says_where_its_chain_begins(copied, newsroom):
    with closing(sqlite3.connect(copied / DATABASE_NAME)) as db, db:
        for table in ("chain", "warc_files", "row_digests"):
            db.execute(f"DELETE FROM {table}")
        db.execute("DELETE FROM settings WHERE name GLOB 'digests*'")
    done = checked(copied)  # upgraded on the way
    assert done["problems"] == []
    assert "4 runs are older than the chain" in done["notes"][0]


def test_the_command_says_the_digest_and_compares_one(sound, newsroom):
    noted = links(sound)[-1]["digest"]
    code, out, _err = newsroom("--data", sound, "verify")
    assert (code, noted in out) == (0, True)
    assert newsroom("--data", sound, "verify", "--head", noted)[0] == 0
    code, _out, err = newsroom("--data", sound, "verify", "--head", "abc")
    assert (code, "abc is not in the chain" in err) == (7, True)
