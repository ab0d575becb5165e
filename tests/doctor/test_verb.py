"""`newsroom doctor` as users call it."""

import json
import sys

import pytest

from scraper import cli
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer


@pytest.fixture
def doctor(monkeypatch, capfd, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSROOM_DATA", raising=False)
    monkeypatch.delenv("NEWSROOM_CONTACT", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))  # no scheduler to be asked

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["newsroom", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return ended.value.code or 0, out, err

    return call


def files(directory):
    return {path: path.stat().st_mtime_ns for path in directory.rglob("*") if path.is_file()}


def test_an_empty_directory_is_no_trouble_and_stays_empty(doctor, tmp_path):
    code, out, _err = doctor("doctor")
    assert code == 0
    for line in ("ok      python", "ok      sqlite", "note    archive", "note    contact"):
        assert line in out
    assert "No trouble" in out
    assert list(tmp_path.iterdir()) == []


def test_json_is_one_object(doctor):
    code, out, err = doctor("doctor", "--json", "--contact", "https://example.org/us")
    found = json.loads(out)
    assert (code, err, found["exit_code"]) == (0, "", 0)
    checks = {check["name"]: check for check in found["checks"]}
    assert checks["contact"] == {
        "name": "contact",
        "status": "ok",
        "detail": "https://example.org/us",
        "advice": None,
        "exit_code": 0,
    }


def test_a_crawled_archive_and_its_site_are_looked_at_and_left_alone(doctor, tmp_path):
    with ReplicaServer(Newsroom(20), navigation_bytes=200) as replica:
        address = replica.base_url
        assert doctor("crawl", "--base-url", address, "--quiet")[0] == 0
        before = files(tmp_path / "data")
        code, out, _err = doctor("doctor", "--live", "--base-url", address, "--site", "dortmund")
    after = files(tmp_path / "data")
    assert code == 0, out
    assert "20 articles" in out
    assert out.count("layout dtm-2023") == 3
    assert {path: before[path] for path in before if path.suffix == ".db"}.items() <= after.items()
    assert {path.name for path in after} - {path.name for path in before} <= {
        "newsroom.db-shm",
        "newsroom.db-wal",
    }


def test_a_damaged_archive_ends_in_exit_code_7(doctor, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "newsroom.db").write_bytes(b"\x00\x1b]0;x\x07" * 500)
    code, out, _err = doctor("doctor")
    assert code == 7
    assert "trouble archive" in out
    assert "1 of " in out


def test_a_city_nobody_knows_is_wrong_use(doctor):
    code, out, err = doctor("doctor", "--site", "atlantis")
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
