"""CSV as its users read it: Python, pandas, DuckDB."""

import csv
import io
import re

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.archive import Archive
from scraper.archive.search.filters import Filters
from scraper.export import TABLES
from scraper.export.delimited import harmless, harmless_inside, write_csv
from scraper.export.tables import rows
from tests.export import hostile

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40) | st.sampled_from(
    hostile.EVERY
)
CELLS = st.none() | st.integers(-(2**63), 2**63 - 1) | TEXT
STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
DANGEROUS = re.compile(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def parsed(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_raw_cells_are_read_back_as_they_were(found):
    file = io.BytesIO()
    assert write_csv(file, ["a", "b"], iter(found), raw=True) == len(found)
    expected = [["" if c is None else str(c).replace("\0", "\ufffd") for c in row] for row in found]
    assert parsed(file.getvalue()) == [["a", "b"], *expected]


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_safe_cells_hold_no_formula_and_steer_nothing(found):
    file = io.BytesIO()
    write_csv(file, ["a", "b"], iter(found))
    data = file.getvalue()
    assert not STEERING.search(data.decode().replace("\r\n", ""))
    for row, line in zip(found, parsed(data)[1:], strict=True):
        for value, cell in zip(row, line, strict=True):
            if isinstance(value, int):
                assert cell == str(value)
            else:
                assert NUMBER.fullmatch(cell) or not DANGEROUS.match(cell)


@given(TEXT)
def test_an_apostrophe_taken_away_gives_the_text_back(text):
    safe = harmless(text)
    given_back = safe[1:] if safe[:1] == "'" and harmless(safe) != safe else safe
    assert given_back == text
    assert safe in {text, f"'{text}"}


SEPARATED = st.lists(
    st.sampled_from([*";,|\t\r\n=+-@'\" 5a", "\u200b", "＝", "ä", "-5", "+3,5", "\r\n"])
).map("".join)
INSIDE = re.compile(r"(?<=[;,|\t\r\n])'(?=(?:[^\S\t\r\n]|['\"\u200b])*[=+\-@＝])")


@given(SEPARATED)
def test_apostrophes_taken_away_inside_give_the_text_back(text):
    assert INSIDE.sub("", harmless_inside(text)) == text


@given(st.lists(st.tuples(st.one_of(TEXT, SEPARATED), SEPARATED), max_size=4))
@pytest.mark.parametrize("separator", [";", ",", "|", "\t"])
def test_no_separator_makes_a_formula_of_a_cell(separator, found):
    file = io.BytesIO()
    write_csv(file, ["id", "a", "b"], ((number, *row) for number, row in enumerate(found)))
    text = file.getvalue().decode()
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        for cell in row:
            begin = cell.lstrip(" \u200b\ufeff")
            assert not begin.startswith(("=", "+", "-", "@", "＝")) or NUMBER.fullmatch(
                begin.strip()
            )


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Bürgerfest;=1+1;mehr", "Bürgerfest;'=1+1;mehr"),
        ("Markt\n=1+1", "Markt\n'=1+1"),
        ("a\r\n+1+1|@x\t-y", "a\r\n'+1+1|'@x\t'-y"),
        ('a;"=1"', 'a;\'"=1"'),
        ("a; =1;-5;+3,5; '-5", "a;' =1;'-5;'+3,5;' '-5"),
        ("E-Mail, a@b.de; 3-4, Tel", "E-Mail, a@b.de; 3-4, Tel"),
        ("Märkte;\xa0＝1", "Märkte;'\xa0＝1"),
    ],
)
@pytest.mark.parametrize("form", [str, str.encode])
def test_formulas_within_a_cell_become_text(text, safe, form):
    assert harmless_inside(text) == safe
    file = io.BytesIO()
    write_csv(file, ["a"], [(form(text),)])
    assert parsed(file.getvalue())[1] == [safe]
    file = io.BytesIO()
    write_csv(file, ["a"], [(form(text),)], raw=True)
    assert parsed(file.getvalue())[1] == [text]


@pytest.mark.parametrize("text", hostile.FORMULAS)
def test_formulas_become_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Straße", "-5", "+3,5", "-0.25", "", "'n Abend", "1=1", "a@b.de"])
def test_what_is_no_formula_stays(text):
    assert harmless(text) == text


def test_null_and_empty_text_differ():
    file = io.BytesIO()
    write_csv(file, ["a", "b", "c"], [(None, "", 0)])
    assert file.getvalue() == b'a,b,c\r\n,"",0\r\n'


def test_rows_end_with_crlf_and_line_ends_in_cells_stay():
    file = io.BytesIO()
    write_csv(file, ["a"], [("1\n2",), ("3\r\n4",), ("5\r6",)])
    assert file.getvalue() == b'a\r\n"1\n2"\r\n"3\r\n4"\r\n"5\r6"\r\n'


def test_names_of_columns_that_are_no_identifiers_are_cells():
    file = io.BytesIO()
    write_csv(file, ['=1+1,"x"'], [])
    assert parsed(file.getvalue()) == [['\'=1+1,"x"']]


@pytest.fixture(scope="module")
def emptied(tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("empty")) as archive:
        yield archive


def archived(draw_rows, archive, path):
    """Rows of `quotes` that the archive holds for a moment; written to a file."""
    db = archive.db
    db.execute("BEGIN")
    try:
        db.execute(
            "INSERT INTO articles (id, url, site, title, sections, text, related, word_count, "
            "first_seen, last_seen, fingerprint, parser) "
            "VALUES (1, 'u', 's', 't', '[]', '', '[]', 0, '', '', '', '')"
        )
        for place, (text, speaker, role, start) in enumerate(draw_rows):
            db.execute(
                "INSERT INTO quotes (id, article_id, position, text, speaker, role, kind, "
                "start_offset) VALUES (?, 1, ?, ?, ?, ?, 'prose', ?)",
                [place + 1, place, text, speaker, role, start],
            )
        with path.open("wb") as file:
            table = TABLES["quotes"]
            write_csv(file, table.columns, rows(archive, table, Filters()), raw=True)
        return db.execute(
            "SELECT id, article_id, position, text, speaker, role, kind, start_offset, end_offset "
            "FROM quotes ORDER BY id"
        ).fetchall()
    finally:
        db.rollback()


ROWS = st.lists(
    st.tuples(TEXT, st.none() | TEXT, st.none() | TEXT, st.none() | st.integers(0, 2**53)),
    min_size=1,
    max_size=4,
)
NAMES = TABLES["quotes"].columns[:9]


def text_of(value):
    return None if value is None else str(value).replace("\0", "\ufffd")


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_pandas_reads_what_the_archive_holds(emptied, tmp_path_factory, found):
    path = tmp_path_factory.getbasetemp() / "pandas.csv"
    expected = archived(found, emptied, path)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    assert list(frame.columns) == TABLES["quotes"].columns
    frame = frame.astype(object).where(frame.notna(), None)
    # pandas knows one kind of nothing.
    assert frame[NAMES].values.tolist() == [
        [text_of(value) or None for value in row] for row in expected
    ]


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_duckdb_reads_what_the_archive_holds(emptied, tmp_path_factory, found):
    path = tmp_path_factory.getbasetemp() / "duckdb.csv"
    expected = archived(found, emptied, path)
    read = duckdb.read_csv(
        str(path), header=True, sep=",", quotechar='"', all_varchar=True, allow_quoted_nulls=False
    )
    assert read.columns == TABLES["quotes"].columns
    columns = ", ".join(NAMES)
    assert duckdb.sql(f"SELECT {columns} FROM read ORDER BY id::INT").fetchall() == [
        tuple(map(text_of, row)) for row in expected
    ]


@pytest.mark.parametrize("what", TABLES)
def test_pandas_and_duckdb_need_no_word_of_explanation(attacked, written, what):
    path = written(attacked, what, f"{what}.csv")
    count = attacked.rows(f"SELECT count(*) AS n FROM {what}")[0]["n"]
    frame = pd.read_csv(path)
    assert (len(frame), list(frame.columns)) == (count, TABLES[what].columns)
    if count:
        # Only the record of a release of a megabyte is longer than the lines DuckDB takes.
        longest = {"max_line_size": 8_000_000} if what == "revisions" else {}
        read = duckdb.read_csv(str(path), **longest)
        assert (len(read), read.columns) == (count, TABLES[what].columns)


@pytest.mark.parametrize("what", TABLES)
def test_every_table_of_an_empty_archive_has_its_columns(emptied, written, what):
    path = written(emptied, what, "x.csv")
    assert path.read_bytes() == (",".join(TABLES[what].columns) + "\r\n").encode()
