"""What fits together, and what is said about what does not."""

import csv

import pytest

from scraper.archive.search.filters import Filters
from scraper.dates import parse_date
from scraper.errors import UsageError
from scraper.export import TABLES, ExportRequest, FeedOptions, Format, export


@pytest.mark.parametrize(
    ("what", "name", "options", "said"),
    [
        ("everything", "x.csv", {}, "articles, images"),
        ("articles", "x.docx", {}, r"\.csv, \.jsonl"),
        ("articles", "x", {}, "--format"),
        ("articles", "x.zip", {}, r"\.csv or \.jsonl or \.parquet; `dataset`"),
        ("articles", "x.xml", {}, r"\.csv"),
        ("dataset", "x.csv", {}, r"\.zip, or choose a table: articles"),
        ("feed", "x.csv", {}, r"\.xml, or choose a table"),
        ("articles", "x.jsonl", {"excel": True}, r"\.csv"),
        ("articles", "x.csv", {"excel": True, "raw": True}, "Choose one"),
        ("articles", "x.parquet", {"raw": True}, "Leave it away"),
        ("articles", "x.csv", {"feed": FeedOptions(query="a")}, "export feed"),
        ("dataset", "x.zip", {"feed": FeedOptions(changes=True)}, "export feed"),
        ("feed", "x.xml", {"feed": FeedOptions(self_url="hier")}, "hier"),
        ("feed", "x.xml", {"feed": FeedOptions(query="-")}, "no word"),
        ("tags", "a\0b.csv", {}, "not a name"),
        ("quotes", "x.csv", {"filters": Filters(speaker="-")}, "no name"),
    ],
)
def test_what_cannot_be_is_refused(lasting, written, tmp_path, what, name, options, said):
    with pytest.raises(UsageError, match=said):
        written(lasting, what, name, **options)
    assert list(tmp_path.iterdir()) == []


def test_the_archive_is_not_replaced(lasting):
    before = lasting.path.read_bytes()
    with pytest.raises(UsageError, match="the archive itself"):
        export(lasting, ExportRequest("tags", str(lasting.path), Format.csv))
    assert lasting.path.read_bytes() == before


def test_the_format_may_be_given(lasting, written):
    path = written(lasting, "tags", "tags.txt", format=Format.jsonl)
    assert path.read_bytes().startswith(b"{")


@pytest.mark.parametrize("suffix", Format)
def test_the_suffix_may_be_in_capitals(lasting, written, suffix):
    what = {"zip": "dataset", "xml": "feed"}.get(suffix, "tags")
    assert written(lasting, what, f"x.{suffix.upper()}").stat().st_size > 100


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(), [1, 2, 3, 4]),
        (Filters(since=parse_date("2026-09-02")), [2, 3]),
        (Filters(until=parse_date("2026-09-02")), [1, 3]),
        (Filters(tag="bauen & wohnen"), [1]),
        (Filters(tag="HOERDE"), [1]),
        (Filters(district="eving"), [2]),
        (Filters(speaker="kalouti"), [3]),
        (Filters(tag="nirgends"), []),
    ],
)
def test_filters_choose_releases(lasting, written, filters, ids):
    found = read(written(lasting, "articles", "a.csv", filters=filters))
    assert [int(row["id"]) for row in found] == ids
    for what, table in TABLES.items():
        rows = read(written(lasting, what, "x.csv", filters=filters))
        if what == "events" and (filters.since or filters.until):
            continue  # their days are those of the events
        if "article_id" in table.columns:
            assert {int(row["article_id"]) for row in rows} <= set(ids)
        elif what == "captures":
            assert {row["url"] for row in rows} == {row["url"] for row in found}


def test_a_speaker_chooses_quotations(lasting, written):
    everything = read(written(lasting, "quotes", "q.csv"))
    assert len(everything) == 2
    path = written(lasting, "quotes", "q.csv", filters=Filters(speaker="Yildiz"))
    assert [row["speaker"] for row in read(path)] == ["Özgür Yıldız"]


def test_tags_are_joined_in_order(lasting, written):
    assert read(written(lasting, "articles", "a.csv"))[0]["tags"] == "Bauen & Wohnen; Hörde"


def test_it_says_how_much_was_written(lasting, tmp_path):
    for what, name, count in (
        ("quotes", "q.csv", 2),
        ("quotes", "q.jsonl", 2),
        ("quotes", "q.parquet", 2),
        ("dataset", "d.zip", 4),
        ("feed", "f.xml", 4),
    ):
        assert export(lasting, ExportRequest(what, str(tmp_path / name))).count == count


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_is_described_once(table):
    assert len(set(table.columns)) == len(table.columns)
    assert set(table.key) <= set(table.columns)
    for field in table.fields:
        assert field.description.endswith("."), field
        assert field.name.isidentifier()
    for column, other in table.references:
        assert column in table.columns
        assert "id" in TABLES[other].columns
