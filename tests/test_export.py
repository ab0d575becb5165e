import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive import Archive
from scraper.errors import UsageError
from scraper.export import TABLES, export_table
from scraper.export.tables import harmless, write_csv, write_jsonl

CELLS = st.one_of(st.none(), st.integers(), st.text(st.characters(codec="utf-8")))


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_csv_is_read_back_as_it_was(rows):
    file = io.StringIO(newline="")
    assert write_csv(file, ["a", "b"], iter(rows)) == len(rows)
    read = list(csv.reader(io.StringIO(file.getvalue(), newline="")))[1:]
    expected = [["" if c is None else str(harmless(c)) for c in row] for row in rows]
    assert read == expected


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_become_text(start):
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    assert harmless(-5) == -5
    assert harmless("Straße") == "Straße"


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_json_lines_keep_every_value(rows):
    file = io.StringIO(newline="")
    write_jsonl(file, ["a", "b"], iter(rows))
    assert [tuple(json.loads(line).values()) for line in file.getvalue().split("\n")[:-1]] == rows


def test_a_failed_export_leaves_the_old_file(tmp_path):
    target = tmp_path / "tags.csv"
    target.write_text("old", encoding="utf-8")
    with Archive.open(tmp_path) as archive:
        with archive.transaction() as db:
            db.execute("ALTER TABLE tags RENAME TO labels")
        with pytest.raises(Exception, match="no such table"):
            export_table(archive, "tags", str(target))
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.glob("tags*")) == ["tags.csv"]


@pytest.mark.parametrize("what", TABLES)
def test_every_table_of_an_empty_archive_has_its_columns(tmp_path, what):
    with Archive.open(tmp_path) as archive:
        assert export_table(archive, what, str(tmp_path / "x.csv")) == 0
    assert (tmp_path / "x.csv").read_text(encoding="utf-8").count("\n") == 1


def test_an_unknown_table_is_refused(tmp_path):
    with Archive.open(tmp_path) as archive, pytest.raises(UsageError, match="secrets"):
        export_table(archive, "secrets", "-")
