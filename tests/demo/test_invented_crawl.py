"""A crawl that meets a replica, by whatever address, is one of invented releases."""

import re
import subprocess
import sys

import pytest

from scraper.archive import Archive
from scraper.archive.runs import is_invented
from tests.importing.captures import Warc, bring_in, new_page, rows, stamp


def sources(directory):
    return [row["source"] for row in rows(directory, "SELECT source FROM runs ORDER BY id")]


def real(tmp_path):
    url = "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/echt.html"
    return Warc().response(url, new_page("echt"), stamp(0)).save(tmp_path / "real.warc.gz")


def test_a_crawl_that_meets_a_replica_is_one_of_invented_releases(newsroom, replica, tmp_path):
    for _again in range(2):
        code, _out, err = newsroom("crawl", "--base-url", replica.base_url, "--quiet")
        assert (code, err) == (0, "")
    assert sources(tmp_path / "data") == ["demo", "demo"]


def test_a_crawl_brings_nothing_invented_among_what_is_real(newsroom, replica, tmp_path):
    bring_in(tmp_path / "data", real(tmp_path))
    code, _out, err = newsroom("crawl", "--base-url", replica.base_url)
    assert code == 2
    assert "holds real releases; invented ones must not be mixed" in " ".join(err.split())
    assert sources(tmp_path / "data") == ["import"]
    assert len(rows(tmp_path / "data", "SELECT * FROM articles")) == 1


def test_nor_does_one_of_a_real_mirror_the_other_way_round(newsroom, demo, small, tmp_path):
    bring_in(tmp_path / "data", demo / "warc")
    small.put("a.html")
    code, _out, err = newsroom("crawl", "--base-url", small.url)
    assert code == 2
    assert "holds invented releases; real ones must not be mixed" in " ".join(err.split())
    assert small.fetched() == []


def test_a_crawl_that_came_too_early_keeps_nobody_out(newsroom, replica, tmp_path):
    assert newsroom("crawl", "--base-url", "http://127.0.0.1:9", "--delay", "0")[0] == 4
    assert newsroom("crawl", "--base-url", replica.base_url)[0] == 0
    with Archive.open_existing(tmp_path / "data") as archive:
        assert is_invented(archive)


@pytest.mark.parametrize("after_demo", [True, False])
def test_the_command_that_demo_serve_prints_works(newsroom, tmp_path, after_demo):
    if after_demo:
        assert newsroom("demo", "--articles", "6")[0] == 0
    command = [sys.executable, "-m", "scraper", "demo", "--serve", "--articles", "6"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        server.stdout.readline()
        printed = server.stdout.readline()
        try:
            words = re.fullmatch(r"  newsroom (.+)\n", printed)[1].split()
            code, out, err = newsroom(*words)
        finally:
            server.terminate()
    assert (code, "Error" in err) == (0, False)
    assert sources(tmp_path / "data" / "demo") == ["demo"] * (1 + after_demo)
    assert re.search(r"^new +0 *$" if after_demo else r"^new +6 *$", out, re.M)


def test_the_printed_command_names_the_directory_that_demo_would_use(tmp_path):
    command = [sys.executable, "-m", "scraper", "--data", str(tmp_path / "x"), "demo", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        server.stdout.readline()
        printed = server.stdout.readline()
        server.terminate()
    assert f"--data {tmp_path / 'x'} crawl" in printed
