"""The page on exports is true."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from scraper import cli
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.export import TABLES, Format
from tests.support.replica import crawl

SECTION = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")


def test_the_columns_are_those_that_are_written():
    rows = dict(re.findall(r"^\| `(\w+)` \| (\w+(?:, \w+)+) \|$", SECTION, re.M))
    assert rows == {name: ", ".join(table.columns) for name, table in TABLES.items()}


@pytest.mark.parametrize("name", Format)
def test_every_format_is_named(name):
    assert f"`.{name}`" in SECTION


def test_the_replica_gives_the_output_that_is_shown(monkeypatch, capfd, tmp_path):
    block = re.search(r"```console\n\$ newsroom (.+)\n(.+)\n\$ cut .+\n((?:.+\n)+)```", SECTION)
    with ReplicaServer(Newsroom(60), navigation_bytes=200) as server:
        crawl(tmp_path / "data" / "demo", server.base_url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["newsroom", *shlex.split(block[1])])
    with pytest.raises(SystemExit):
        cli.main()
    assert capfd.readouterr().out == block[2] + "\n"
    lines = (tmp_path / "wissmoeller.csv").read_text(encoding="utf-8-sig").splitlines()
    shown = [line.split(";") for line in lines[:3]]
    assert [";".join([*cells[3:7], cells[12]]) for cells in shown] == block[3].splitlines()
