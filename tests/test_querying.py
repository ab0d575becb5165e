"""`newsroom query`: where a statement comes from, and what its rows look like."""

import io
import sys
from types import SimpleNamespace

import pytest
from rich.console import Console

from scraper.console import base, querying


@pytest.fixture
def asked(newsroom, lived_archive):
    return lambda *options: newsroom("--data", lived_archive, "query", *options)


def test_columns_are_called_as_they_are(asked):
    _code, out, _err = asked("SELECT id AS first_seen, 1 AS [a b], id FROM articles LIMIT 1")
    assert out.splitlines()[0].split("  ") == ["first_seen", "a b", "id"]


def test_a_statement_from_a_file_or_standard_input(asked, tmp_path, monkeypatch):
    (tmp_path / "f.sql").write_bytes(b"\xef\xbb\xbfSELECT count(*) AS n\nFROM articles -- all\n")
    expected = asked("SELECT count(*) AS n FROM articles", "--csv")
    assert asked("--file", "f.sql", "--csv") == expected
    monkeypatch.setattr(
        sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"SELECT count(*) AS n FROM articles"))
    )
    assert asked("-", "--csv") == expected


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "--tables"),
        (("SELECT 1", "--file", "f.sql"), "one statement"),
        (("--file", "none.sql"), "none.sql"),
        (("--file", "."), "could not be read"),
        (("--file", "latin.sql"), "UTF-8"),
        (("SELECT 1", "--tables"), "takes no statement"),
    ],
)
def test_what_is_no_statement_is_refused(asked, tmp_path, options, said):
    (tmp_path / "latin.sql").write_bytes("SELECT 'ä'".encode("latin-1"))
    code, out, err = asked(*options)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())


def test_tables_and_their_columns(asked):
    code, out, err = asked("--tables")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    columns = lines[lines.index("articles") + 1].split(", ")
    assert {"id", "title", "published_utc", "published_date"} <= {name.strip() for name in columns}
    assert "people (a view)" in lines
    assert not [line for line in lines if "_fts" in line or line.startswith(("sqlite", "_"))]
    _code, out, _err = asked("--tables", "--csv")
    assert out.splitlines()[0] == "table,kind,column,type"


def test_what_is_too_wide_for_a_terminal_is_shown_as_records(monkeypatch):
    file = io.StringIO()
    console = Console(file=file, width=60, force_terminal=True, no_color=True, highlight=False)
    monkeypatch.setattr(querying, "out", console)
    monkeypatch.setattr(base, "out", console)
    columns = [f"column_{n}" for n in range(8)]
    querying.print_rows([dict.fromkeys(columns, "words " * 100) | {"column_7": None}], columns)
    lines = file.getvalue().splitlines()
    assert "row 1" in lines[0]
    assert len([line for line in lines if "column_" in line]) == 7
    assert max(map(len, lines)) < 400
    file.truncate(0)
    querying.print_rows([{"a": 1, "b": "x"}], ["a", "b"])
    assert "row 1" not in file.getvalue()
