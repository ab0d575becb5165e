"""One table of the newsrooms that an archive follows, the worst first."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from scraper.archive import Archive
from scraper.archive.followed import follow
from scraper.archive.runs import begin_run, end_run
from scraper.doctor.newsrooms import check_newsrooms, standings
from scraper.sites import get_site
from tests.conftest import NOW

RUNS = {
    "aachen": (0, [], None, 0),
    "bonn": (5, ["Nothing new for 60 days."], [{"kind": "silence"}], 0),
    "essen": (4, ["The site turns the crawler away. " * 9], None, 0),
    "koeln": (5, ["The titles are gone."], [{"kind": "field"}, {"kind": "silence"}], 0),
    "mainz": (3, [], None, 0),
    "hamm": (0, [], None, 9),
}


@pytest.fixture
def directory(tmp_path):
    with Archive.open(tmp_path / "data") as archive:
        for key in [*RUNS, "hagen"]:
            follow(archive, get_site(key), NOW)
        for key, (code, warnings, findings, days) in RUNS.items():
            began = NOW - timedelta(days=days, hours=2)
            number = begin_run(archive, key, "live", began)
            figures = {"exit_code": code, "warnings": warnings, "findings": findings}
            end_run(archive, number, began, figures)
        begin_run(archive, "aachen", "live", NOW - timedelta(hours=1))
    return tmp_path / "data"


def test_the_worst_comes_first_and_says_why(directory):
    with Archive.open_existing(directory) as archive:
        found = standings(archive, NOW)
        check = check_newsrooms(archive, NOW)
    assert [(each.newsroom, each.state) for each in found] == [
        ("essen", "blocked"),
        ("koeln", "drifted"),
        ("bonn", "silent"),
        ("aachen", "killed"),
        ("hagen", "not crawled"),
        ("hamm", "not crawled"),
        ("mainz", "some pages failed"),
    ]
    assert found[0].why.startswith("The site turns")
    assert len(found[0].why) <= 160
    assert found[2].why == "Nothing new for 60 days."
    assert (check.status, check.exit_code) == ("trouble", 4)
    assert check.detail == "3 of 7 need a look: 1 blocked, 1 drifted, 1 silent"
    assert [row["newsroom"] for row in check.rows] == [each.newsroom for each in found]


def test_doctor_prints_the_table(newsroom, directory):
    code, out, _err = newsroom("doctor", "--json")
    (check,) = [each for each in json.loads(out)["checks"] if each["name"] == "newsrooms"]
    assert code == 4
    assert check["rows"][0] | {"why": None} == {
        "newsroom": "essen",
        "state": "blocked",
        "releases": 0,
        "newest": None,
        "last_run": (NOW - timedelta(hours=2)).isoformat(),
        "why": None,
    }
    code, out, _err = newsroom("doctor")
    lines = [line.split()[0] for line in out.splitlines() if line.strip()]
    assert lines.index("essen") < lines.index("koeln") < lines.index("mainz")
    code, _out, err = newsroom("doctor", "--live")
    assert (code, "Say which with --site" in " ".join(err.split())) == (2, True)
