"""Tables of what verbs find: one set of options, every format."""

import csv
import gzip
import io
import json

import duckdb
import pandas as pd
import pytest
from openpyxl import load_workbook
from pyarrow import parquet

VERBS = {
    "search": ("search", "Schule"),
    "quotes": ("quotes",),
    "people": ("people",),
    "statements": ("people", "Kalouti"),
    "changes": ("changes", "--since", "10y"),
    "compare": ("compare", "Schule"),
    "years": ("compare", "Schule", "--by", "year"),
    "tags": ("tags",),
    "districts": ("districts",),
    "query": ("query", "SELECT id, title, 0.5 AS x FROM articles ORDER BY id"),
}


@pytest.fixture
def call(newsroom, lasting):
    def run(verb, *options):
        return newsroom("--data", lasting.path.parent, *VERBS[verb], *options)

    return run


@pytest.mark.parametrize("verb", VERBS)
def test_every_format_has_the_same_rows(call, verb, tmp_path):
    code, out, _err = call(verb, "--csv")
    expected = list(csv.DictReader(io.StringIO(out)))
    assert (code, bool(expected)) == (0, verb != "changes")
    header = out.splitlines()[0].split(",")
    names = "r.csv r.tsv r.csv.gz r.xlsx r.json r.jsonl r.ndjson r.parquet R.TSV.GZ".split()
    for name in names:
        code, out, err = call(verb, "-o", name)
        assert (code, out, err) == (0, f"{len(expected)} rows written to {name}\n", "")
    assert (
        gzip.decompress((tmp_path / "r.csv.gz").read_bytes()) == (tmp_path / "r.csv").read_bytes()
    )
    tabbed = list(csv.DictReader(io.StringIO((tmp_path / "r.tsv").read_text()), delimiter="\t"))
    assert tabbed == expected
    sheet = load_workbook(tmp_path / "r.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == header
    assert sheet.max_row == len(expected) + 1
    table = parquet.read_table(tmp_path / "r.parquet")
    assert (table.column_names, table.num_rows) == (header, len(expected))
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert len(lines) == len(expected)
    whole = json.loads((tmp_path / "r.json").read_text())
    assert whole == json.loads(call(verb, "--json")[1])
    assert lines == (whole["statements"] if verb == "statements" else whole)


def test_for_excel_on_a_german_machine(call, tmp_path):
    assert call("quotes", "--excel", "-o", "q.csv")[0] == 0
    data = (tmp_path / "q.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid;article_id;text;")
    assert b"published;published_de" in data
    assert call("quotes", "--excel")[1].startswith("\ufeffid;")
    assert call("quotes", "--excel", "-o", "q.xlsx")[0] == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--csv", "--json"), "--csv and --json"),
        (("--excel", "--json"), "--excel and --json"),
        (("-o", "x.zip"), "is not known"),
        (("-o", "x"), "is not known"),
        (("-o", "x.xlsx.gz"), "compressed already"),
        (("--json", "-o", "x.csv"), "contradict"),
        (("--csv", "-o", "x.json"), "contradict"),
        (("--excel", "-o", "x.jsonl"), "--excel"),
        (("-o", "missing/x.csv"), "missing/x.csv"),
    ],
)
def test_what_contradicts_itself_is_refused(call, options, said):
    code, out, err = call("quotes", *options)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())


def test_a_flag_says_the_format_of_a_file_without_an_end(call, tmp_path):
    assert call("quotes", "--csv", "-o", "quotes")[0] == 0
    assert (tmp_path / "quotes").read_text().startswith("id,article_id,")


def test_a_table_of_a_search_has_all_hits(newsroom, lived_archive):
    data = lived_archive
    total = int(newsroom("--data", data, "search", "Dortmund", "--count")[1])
    code, out, err = newsroom("--data", data, "search", "Dortmund", "--csv")
    assert (code, len(list(csv.DictReader(io.StringIO(out)))), err) == (0, total, "")
    code, out, err = newsroom("--data", data, "search", "Dortmund", "--csv", "--limit", "1")
    assert (len(list(csv.DictReader(io.StringIO(out)))), err) == (1, f"1 of {total}\n")


def test_types_of_a_statement(newsroom, lasting, tmp_path):
    sql = (
        "SELECT id, published, 1.5 AS x, NULL AS n, id AS id, "
        "CASE id WHEN 1 THEN 'a' ELSE 2 END AS m FROM articles ORDER BY id"
    )
    data = lasting.path.parent
    assert newsroom("--data", data, "query", sql, "-o", "q.parquet")[0] == 0
    rows = duckdb.sql(f"SELECT * FROM '{tmp_path / 'q.parquet'}'")
    assert list(map(str, rows.types)) == [
        "BIGINT",
        "VARCHAR",
        "DOUBLE",
        "VARCHAR",
        "BIGINT",
        "VARCHAR",
    ]
    assert newsroom("--data", data, "query", sql, "-o", "q.xlsx")[0] == 0
    frame = pd.read_excel(tmp_path / "q.xlsx")
    assert list(frame) == ["id", "published", "x", "n", "id_2", "m"]
    assert str(frame["published"][0]) == "2026-09-01 10:00:00"


def test_a_search_chooses_what_is_exported(newsroom, lasting):
    def rows(what, *options):
        code, out, err = newsroom(
            "--data", lasting.path.parent, "export", what, "-o", "-", *options
        )
        assert (code, err) == (0, "")
        return list(csv.DictReader(io.StringIO(out)))

    assert [row["id"] for row in rows("articles", "--query", "Schule")] == ["1", "2", "4"]
    assert [row["id"] for row in rows("articles", "--query", "Schule", "--since", "3.9.2026")] == [
        "2"
    ]
    assert [row["tag"] for row in rows("tags", "--query", "Unterricht")] == ["Eving"]
    assert rows("quotes", "--query", "Feuerwehr") == []
    assert {row["article_id"] for row in rows("revisions", "--query", "Linden")} == {"3"}
