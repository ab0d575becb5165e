"""`newsroom export` as users call it."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile

import feedparser
import pytest
from pyarrow import parquet

from scraper import cli
from scraper.export import WHAT


@pytest.fixture
def newsroom(monkeypatch, capfdbinary, tmp_path):
    """Calls the command in an empty directory; returns exit code, standard output and error."""
    monkeypatch.chdir(tmp_path)

    def call(archive, *arguments):
        command = ["newsroom", "--data", archive.path.parent, *arguments]
        monkeypatch.setattr(sys, "argv", list(map(str, command)))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfdbinary.readouterr()
        return ended.value.code or 0, out, err.decode()

    return call


def test_a_table_for_excel_of_one_speaker(newsroom, lasting, tmp_path):
    code, out, err = newsroom(
        lasting, "export", "quotes", "--speaker", "Kalouti", "--excel", "-o", "k.csv"
    )
    assert (code, out.decode(), err) == (0, "1 rows written to k.csv\n", "")
    assert (tmp_path / "k.csv").read_bytes().startswith(b"\xef\xbb\xbfid;article_id;")


def test_filters_and_forms(newsroom, lasting):
    def ids(*options):
        code, out, err = newsroom(lasting, "export", "articles", "-o", "-", *options)
        assert (code, err) == (0, "")
        return [row["id"] for row in csv.DictReader(io.StringIO(out.decode(), newline=""))]

    assert ids() == ["1", "2", "3", "4"]
    assert ids("--since", "2026-09-02", "--until", "2.9.2026") == ["3"]
    assert ids("--tag", "bauen & wohnen") == ["1"]
    assert ids("--district", "eving") == ["2"]
    assert ids("--speaker", "yildiz") == ["3"]


def test_every_format_goes_through_a_pipe(newsroom, lasting):
    _code, out, _err = newsroom(lasting, "export", "tags", "-o", "-", "--format", "jsonl")
    assert [json.loads(line)["tag"] for line in out.splitlines()][1:] == ["Hörde", "Eving"]
    _code, out, _err = newsroom(lasting, "export", "tags", "-o", "-", "--format", "parquet")
    assert parquet.read_table(io.BytesIO(out)).num_rows == 3
    _code, out, _err = newsroom(lasting, "export", "dataset", "-o", "-")
    assert "datapackage.json" in zipfile.ZipFile(io.BytesIO(out)).namelist()
    _code, out, _err = newsroom(lasting, "export", "feed", "-o", "-", "--query", "Schule")
    assert len(feedparser.parse(out).entries) == 3
    _code, out, _err = newsroom(lasting, "export", "feed", "-o", "-", "--changes", "--limit", "1")
    assert feedparser.parse(out).entries == []


def test_raw_is_raw(newsroom, attacked):
    _code, safe, _err = newsroom(attacked, "export", "tags", "-o", "-")
    _code, raw, _err = newsroom(attacked, "export", "tags", "-o", "-", "--raw")
    assert b"\x1b" not in safe
    assert b"\x1b" in raw
    assert raw.count(b'"=cmd|') > safe.count(b'"=cmd|') == 0


def test_what_excel_cannot_hold_is_said(newsroom, attacked):
    code, out, err = newsroom(attacked, "export", "articles", "--excel", "-o", "a.csv")
    assert (code, out.decode().count("\n")) == (0, 1)
    assert "32,767" in err


def test_a_query_is_written_as_csv_is(newsroom, attacked):
    sql = "SELECT title, 1.5 AS x, NULL AS n FROM articles ORDER BY id LIMIT 1"
    code, out, _err = newsroom(attacked, "query", sql, "--csv")
    assert (code, out) == (0, b"title,x,n\r\n\"'=cmd|' /C calc'!A0\",1.5,\r\n")


@pytest.mark.parametrize("what", ["dataset", "feed", "revisions"])
def test_a_reader_that_has_had_enough_is_no_error(attacked, what):
    assert what in WHAT
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    data = str(attacked.path.parent)
    command = [sys.executable, "-m", "scraper", "--data", data, "export", what, "-o", "-"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        process.stdout.read(100)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
