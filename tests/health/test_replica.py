"""Health at the end of real crawls: exit codes, report, example page."""

import dataclasses
import json
from datetime import timedelta

import pytest

from scraper.demo.faults import Faults
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from tests.support.replica import Watcher, crawl, rows

SIZE = 30
LATER = timedelta(days=200)


@pytest.fixture
def replica():
    with ReplicaServer(Newsroom(SIZE), navigation_bytes=200) as server:
        yield server


@pytest.fixture
def drifted(replica, tmp_path):
    """An archive of a healthy newsroom, whose kickers have then been dropped everywhere."""
    report = crawl(tmp_path, replica.base_url)
    assert (report.exit_code, report.findings) == (0, [])
    for n in range(SIZE):
        replica.replace(n, dataclasses.replace(replica.article(n), kicker=None))
    return tmp_path


def test_an_unchanged_newsroom_stays_healthy(replica, tmp_path):
    for after in (timedelta(0), timedelta(hours=6), LATER):
        report = crawl(tmp_path, replica.base_url, after=after, full=True)
        assert (report.exit_code, report.findings, report.warnings) == (0, [], [])
    assert not (tmp_path / "drift").exists()


def test_a_field_dropped_from_all_pages_ends_in_exit_code_5(replica, drifted):
    report = crawl(drifted, replica.base_url, after=LATER)
    assert report.exit_code == 5
    assert [(found["kind"], found["field"]) for found in report.findings] == [("field", "kicker")]
    assert "kicker was found on" in report.warnings[0]
    assert "\n" not in report.warnings[0]
    # What was read is stored, and the run's log says how it ended.
    assert rows(drifted, "SELECT count(kicker) AS n FROM articles") == [{"n": 0}]
    log = rows(drifted, "SELECT exit_code, warnings FROM runs ORDER BY id DESC LIMIT 1")[0]
    assert (log["exit_code"], json.loads(log["warnings"])) == (5, report.warnings)
    json.dumps(dataclasses.asdict(report))
    (path,) = (drifted / "drift").iterdir()
    assert b"</h1>" in path.read_bytes()
    # It goes on until the new state is history.
    assert crawl(drifted, replica.base_url, after=LATER + timedelta(hours=6)).exit_code == 5


def test_drift_outweighs_failed_pages(replica, drifted):
    class Spoiler(Watcher):
        def page(self, url, outcome, done, total):
            super().page(url, outcome, done, total)
            replica.faults = Faults(fail_every=1 if done == SIZE - 1 else 0)

    watcher = Spoiler()
    report = crawl(drifted, replica.base_url, after=LATER, watcher=watcher, full=True, max_tries=1)
    assert report.failed
    assert report.exit_code == 5


def test_a_site_that_does_not_answer_outweighs_drift(replica, drifted):
    assert crawl(drifted, replica.base_url, after=LATER).exit_code == 5

    class Spoiler(Watcher):
        def listed(self, source, found):
            super().listed(source, found)
            if source == "sitemap":
                replica.faults = Faults(drop_every=1)

    after = LATER + timedelta(days=1)
    report = crawl(
        drifted, replica.base_url, after=after, watcher=Spoiler(), full=True, max_tries=1
    )
    assert (report.exit_code, report.stored) == (4, 0)
    assert report.findings


def test_a_dry_run_judges_nothing(replica, drifted):
    crawl(drifted, replica.base_url, after=LATER)
    report = crawl(drifted, replica.base_url, after=LATER, dry_run=True)
    assert (report.exit_code, report.findings) == (0, None)


def test_a_rebuilt_site_leaves_an_example(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    replica.faults = Faults(drifted=True)
    report = crawl(tmp_path, replica.base_url, after=LATER)
    assert report.exit_code == 5
    found = next(found for found in report.findings if found["kind"] == "parsing")
    assert (found["share_before"], found["share_now"]) == (1.0, 0.0)
    (path,) = (tmp_path / "drift").iterdir()
    assert found["example"] == str(path)
    kept = rows(tmp_path, "SELECT size FROM captures WHERE error IS NOT NULL")
    assert path.stat().st_size in {row["size"] for row in kept}
