"""The log of runs: one whole line for each, whatever happens."""

import errno
import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper import __version__
from scraper.archive import crawl_lock
from scraper.crawl import log
from scraper.crawl.log import LOG_NAME, log_run, logged
from scraper.crawl.options import CrawlOptions, CrawlRequest
from scraper.crawl.report import RunReport
from scraper.crawl.start import run_crawl
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import CrawlRunning, NewsroomError, SiteUnreachable, UsageError
from tests.support.replica import Watcher

NOW = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)


def entries(directory, name=LOG_NAME):
    lines = (directory / name).read_bytes().split(b"\n")
    assert lines.pop() == b""
    return [json.loads(line) for line in lines]


def crawl(directory, base_url, **options):
    request = CrawlRequest(
        directory, "dortmund", base_url, 0.0, "x@example.org", CrawlOptions(**options)
    )
    return run_crawl(request, Watcher(), threading.Event())


@pytest.fixture(scope="module")
def replica():
    with ReplicaServer(Newsroom(3), navigation_bytes=200) as server:
        yield server


class TestRuns:
    """What a crawl leaves in the log."""

    def test_figures_of_a_run(self, replica, tmp_path):
        reports = [crawl(tmp_path, replica.base_url) for _ in range(2)]
        logged = entries(tmp_path)
        assert [entry["new"] for entry in logged] == [3, 0]
        for entry, report in zip(logged, reports, strict=True):
            assert entry["started_at"] <= entry["finished_at"]
            assert (entry["site"], entry["source"]) == ("dortmund", replica.base_url)
            assert (entry["version"], entry["exit_code"]) == (__version__, 0)
            assert entry["requests"] == report.requests
            assert (entry["failures"], entry["warnings"]) == (0, [])

    def test_a_dry_run_leaves_none(self, replica, tmp_path):
        crawl(tmp_path, replica.base_url, dry_run=True)
        assert not list(tmp_path.iterdir())

    def test_another_crawl_at_work(self, replica, tmp_path):
        with crawl_lock(tmp_path, "dortmund"), pytest.raises(CrawlRunning):
            crawl(tmp_path, replica.base_url)
        (entry,) = entries(tmp_path)
        assert entry["exit_code"] == 6
        assert "Another crawl" in entry["error"]

    def test_a_site_out_of_reach(self, tmp_path):
        with pytest.raises(SiteUnreachable):
            crawl(tmp_path, "http://127.0.0.1:9")
        (entry,) = entries(tmp_path)
        assert (entry["exit_code"], entry["source"]) == (4, "http://127.0.0.1:9")
        assert "cannot be reached" in entry["error"]

    def test_wrong_use_makes_no_directory(self, tmp_path):
        with pytest.raises(UsageError):
            crawl(tmp_path / "data", "nowhere")
        assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("error", [NewsroomError("a"), ZeroDivisionError("b"), KeyboardInterrupt()])
def test_whatever_a_run_raises_is_noted_and_raised(tmp_path, error):
    report = RunReport("dortmund")
    noted = logged(tmp_path, report, source="live", now=lambda: NOW)
    with pytest.raises(type(error)) as raised, noted:
        raise error
    assert raised.value is error
    (entry,) = entries(tmp_path)
    assert (entry["exit_code"], str(error) in entry["error"]) == (1, True)
    assert entry["finished_at"] == "2026-10-04T12:00:00+00:00"


JSON = st.recursive(
    st.none() | st.integers() | st.text() | st.text("\udc80\udcffa"),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=30)
@given(st.lists(st.dictionaries(st.text(), JSON, max_size=3), max_size=4), st.binary(max_size=30))
def test_lines_are_whole_after_half_a_line(tmp_path_factory, written, torn):
    directory = tmp_path_factory.mktemp("log")
    for entry in written:
        assert log_run(directory, entry) is None
    path = directory / LOG_NAME
    path.parent.mkdir(exist_ok=True)
    half = torn.replace(b"\n", b"")
    with path.open("ab") as file:
        file.write(half)
    log_run(directory, {"last": 1})
    assert entries(directory) == [*written, {"last": 1}]


def test_a_log_that_grows_is_put_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "MAX_BYTES", 200)
    monkeypatch.setattr(log, "KEPT_FILES", 3)
    for number in range(40):
        log_run(tmp_path, {"number": number, "text": "x" * 30})
    names = sorted(path.name for path in (tmp_path / "log").glob("runs.jsonl*"))
    assert names == ["runs.jsonl", "runs.jsonl.1", "runs.jsonl.2", "runs.jsonl.3"]
    assert all((tmp_path / "log" / name).stat().st_size <= 200 for name in names)
    kept = [
        entry["number"] for name in reversed(names) for entry in entries(tmp_path, f"log/{name}")
    ]
    assert kept == list(range(40))[-len(kept) :]
    assert len(kept) > 9


def test_a_line_longer_than_the_limit_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "MAX_BYTES", 10)
    for number in range(2):
        log_run(tmp_path, {"number": number})
    assert entries(tmp_path) == [{"number": 1}]
    assert entries(tmp_path, f"{LOG_NAME}.1") == [{"number": 0}]


# In a process of its own: under the limit, pytest could not write its own output to a file either.
_LITTLE_SPACE = """
import json, pathlib, resource, signal, sys
from scraper.crawl.log import log_run

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
place = pathlib.Path(sys.argv[1])
warnings = [log_run(place, {"number": number, "text": "x" * 60}) for number in range(4)]
sys.stderr.write(json.dumps(warnings))
"""


def test_a_full_disk_is_a_warning_and_leaves_no_half_line(tmp_path):
    command = [sys.executable, "-c", _LITTLE_SPACE, str(tmp_path)]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True)
    warnings = json.loads(done.stderr)
    assert warnings[:2] == [None, None]
    assert all("could not be noted" in warning for warning in warnings[2:])
    assert [entry["number"] for entry in entries(tmp_path)] == [0, 1]


def test_a_log_that_another_process_holds_is_a_warning(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "_LOCK_SECONDS", 0)
    log_run(tmp_path, {})
    with FileLock(tmp_path / "log" / "runs.lock"):
        assert "another process" in log_run(tmp_path, {})
    assert entries(tmp_path) == [{}]


def test_a_place_that_cannot_be_written_is_a_warning(tmp_path):
    (tmp_path / "log").write_text("a file")
    assert os.strerror(errno.ENOTDIR) in log_run(tmp_path, {}) or "exists" in log_run(tmp_path, {})


def test_the_warning_reaches_the_report(replica, tmp_path):
    (tmp_path / "log").write_text("a file")
    report = crawl(tmp_path, replica.base_url)
    assert (report.new, report.exit_code) == (3, 0)
    assert "could not be noted" in report.warnings[-1]


def test_many_processes_at_once_lose_no_line(tmp_path):
    script = (
        "import sys; from pathlib import Path; from scraper.crawl.log import log_run\n"
        "for n in range(20): assert log_run(Path(sys.argv[1]), {'n': n}) is None"
    )
    root = Path(__file__).parents[2]
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=root) for _ in range(3)
    ]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert sorted(entry["n"] for entry in entries(tmp_path)) == sorted([*range(20)] * 3)
