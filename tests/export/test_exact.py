"""JSON Lines and Parquet keep every character; a terminal meets none that steers it."""

import json
import re
from datetime import UTC, date, datetime

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from scraper.archive.read import read_article
from scraper.archive.search.filters import Filters
from scraper.errors import ArchiveError, UsageError
from scraper.export import TABLES
from scraper.export import parquet as ours
from scraper.export.jsonl import write_jsonl
from scraper.export.tables import rows
from scraper.records import to_json
from tests.export import hostile

STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
VALUES = st.recursive(
    st.none() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


class Collected(bytearray):
    def write(self, data):
        self.extend(data)
        return len(data)


@given(st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), max_size=4))
def test_json_lines_keep_every_value(documents):
    file = Collected()
    assert write_jsonl(file, iter(documents)) == len(documents)
    text = file.decode()
    assert not STEERING.search(text)
    assert [json.loads(line) for line in text.splitlines()] == documents


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_articles_are_whole_records(lasting, written):
    found = lines(written(lasting, "articles", "a.jsonl"))
    assert [row["id"] for row in found] == [1, 2, 3, 4]
    for row in found:
        record = to_json(read_article(lasting, row["id"]))
        assert {name: row[name] for name in record} == record
        assert list(row)[: len(record)] == list(record)
        assert list(row)[len(record) :] == (
            "id word_count first_seen last_seen gone_at site_name".split()
        )


@pytest.mark.parametrize(
    "path", ["$.videos", "$.quotes[0].start", "$.quotes[0].role", "$.tags", "$.lead"]
)
def test_records_of_an_earlier_version_get_what_they_lack(lasting, written, path):
    whole = lines(written(lasting, "articles", "a.jsonl"))
    assert whole[2]["quotes"]
    db = lasting.db
    db.execute("BEGIN")
    try:
        db.execute("UPDATE revisions SET record = json_remove(record, ?)", [path])
        found = lines(written(lasting, "articles", "b.jsonl"))
    finally:
        db.rollback()
    assert [list(row) for row in found] == [list(row) for row in whole]
    assert [[list(it) for it in row["quotes"]] for row in found] == [
        [list(it) for it in row["quotes"]] for row in whole
    ]


@pytest.mark.parametrize("what", [name for name in TABLES if name != "articles"])
def test_json_lines_of_a_table_are_its_rows(attacked, written, what):
    found = lines(written(attacked, what, "x.jsonl"))
    table = TABLES[what]
    expected = [
        dict(zip(table.columns, row, strict=True)) for row in rows(attacked, table, Filters())
    ]
    if what == "revisions":
        for row in expected:
            row["record"] = json.loads(row["record"])
    assert found == expected


def test_hostile_text_survives_in_json_lines(attacked, written):
    found = lines(written(attacked, "articles", "a.jsonl"))
    assert [row["title"] for row in found[:-1]] == list(hostile.EVERY)
    assert [row["quotes"][0]["speaker"] for row in found[:-1]] == list(hostile.EVERY)
    assert found[-1]["text"] == hostile.MEGABYTE


@pytest.mark.parametrize("what", TABLES)
def test_parquet_has_types_and_every_character(attacked, written, what):
    path = written(attacked, what, "x.parquet")
    table = TABLES[what]
    read = parquet.read_table(path)
    types = {
        "integer": pa.int64(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", tz="UTC"),
    }
    assert [(field.name, field.type) for field in read.schema] == [
        (field.name, types.get(field.type, pa.string())) for field in table.fields
    ]
    assert read.schema.field(0).metadata[b"description"].decode() == table.fields[0].description

    def archived(field, value):
        if value is None or field.type not in {"date", "datetime"}:
            return value
        return (date if field.type == "date" else datetime).fromisoformat(value)

    assert [tuple(row.values()) for row in read.to_pylist()] == [
        tuple(map(archived, table.fields, row)) for row in rows(attacked, table, Filters())
    ]


def test_parquet_in_pandas_and_duckdb(attacked, written):
    path = written(attacked, "articles", "a.parquet")
    frame = pd.read_parquet(path)
    assert frame["title"].tolist()[:-1] == list(hostile.EVERY)
    assert frame["first_seen"][0] == datetime(2026, 10, 4, 12, tzinfo=UTC)
    found = duckdb.sql(f"SELECT title, published_date FROM '{path}' ORDER BY id").fetchall()
    assert [title for title, _day in found[:-1]] == list(hostile.EVERY)
    assert found[-1][1] == date(2026, 9, 2)


def test_row_groups_are_small(monkeypatch, lasting, written):
    monkeypatch.setattr(ours, "_GROUP_ROWS", 3)
    assert parquet.ParquetFile(written(lasting, "articles", "a.parquet")).num_row_groups == 2
    monkeypatch.setattr(ours, "_GROUP_CHARS", 1)
    assert parquet.ParquetFile(written(lasting, "articles", "a.parquet")).num_row_groups == 4


def test_parquet_without_pyarrow_says_what_to_do(monkeypatch, lasting, written, tmp_path):
    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(ours, "import_module", missing)
    with pytest.raises(UsageError, match=r"newsroom-archive\[parquet\].*\.csv"):
        written(lasting, "tags", "t.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_value_of_the_wrong_type_is_named(lasting, written):
    db = lasting.db
    db.execute("BEGIN")
    try:
        db.execute("UPDATE events SET at = 'gestern' WHERE id = 2")
        with pytest.raises(ArchiveError, match=r"events\.at.*gestern"):
            written(lasting, "events", "e.parquet")
    finally:
        db.rollback()


@pytest.mark.parametrize("record", ["[]", "{", "1", '{"sections": [{}]}', '{"sections": 1}'])
def test_a_damaged_record_is_named(lasting, written, record):
    db = lasting.db
    db.execute("BEGIN")
    try:
        db.execute("UPDATE revisions SET record = ? WHERE article_id = 2", [record])
        with pytest.raises(ArchiveError, match="article 2"):
            written(lasting, "articles", "a.jsonl")
    finally:
        db.rollback()


def test_text_that_is_not_utf8_is_named(lasting, written):
    db = lasting.db
    db.execute("BEGIN")
    try:
        db.execute("UPDATE tags SET tag = CAST(x'ff41' AS TEXT) WHERE rowid = 1")
        with pytest.raises(ArchiveError, match="not UTF-8"):
            written(lasting, "tags", "t.jsonl")
    finally:
        db.rollback()
