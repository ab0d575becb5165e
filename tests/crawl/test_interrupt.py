"""Ctrl-C and SIGTERM end a run wherever it stands, and keep what was stored so far."""

from __future__ import annotations

import select
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from scraper.archive.connection import Archive
from scraper.crawl.context import Context
from scraper.crawl.options import CrawlOptions
from scraper.fetch.client import Client
from scraper.fetch.retry import Retry
from scraper.fetch.throttle import Throttle
from scraper.sites import get_site
from tests.support import never
from tests.support.loopback import Answer
from tests.support.replica import START, Watcher, reading, rows
from tests.support.replica import run as run_of
from tests.support.small import FOLDER, Small

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30  # for a busy machine; a request alone is waited for longer than that
NEVER = """
import sys
from scraper.extract import reading
from tests.support import never
{patch}
from scraper.cli import main
sys.argv = ["newsroom", "--data", *sys.argv[1:]]
main()
"""


@pytest.fixture
def hanging(loopback):
    """A newsroom that keeps its second page back for as long as the test runs."""
    small = Small(loopback)
    small.put("1.html", "2.html", "3.html")
    asked, over = Event(), Event()
    answer = loopback.script

    def slow(ask):
        if ask.path == FOLDER + "2.html":
            asked.set()
            over.wait(60)
        return answer(ask)

    loopback.script = slow
    yield small, asked
    over.set()


def begin(patch, *arguments):
    command = [sys.executable, "-c", NEVER.format(patch=patch), *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)


def ended(process, number):
    """Exit code and last words of a run that gets a signal."""
    process.send_signal(number)
    try:
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert b"Traceback" not in err
    return process.returncode, err.decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_does_not_answer_keeps_nobody(hanging, tmp_path, number):
    small, asked = hanging
    run = begin("", tmp_path, "crawl", "--base-url", small.url)
    assert asked.wait(PATIENCE_SECONDS)
    code, err = ended(run, number)
    assert (code, "interrupted" in err) == (3, True)
    assert [row["n"] for row in rows(tmp_path, "SELECT count(*) AS n FROM articles")] == [1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_page_that_is_read_for_ever_keeps_nobody(small, tmp_path, monkeypatch, number):
    small.put("1.html")
    started = tmp_path / "started"
    monkeypatch.setenv(never.ENV, str(started))
    run = begin("reading.extract = never.read", tmp_path / "data", "crawl", "--base-url", small.url)
    wait_for(started, run)
    code, err = ended(run, number)
    assert (code, "interrupted" in err) == (3, True)
    assert rows(tmp_path / "data", "SELECT * FROM captures") == []


def wait_for(path, process):
    """Wait until a file is there, in steps that a process's end cuts short."""
    for _ in range(PATIENCE_SECONDS * 20):
        if path.exists():
            return
        assert process.poll() is None
        select.select([], [], [], 0.05)
    raise AssertionError(f"{path} did not come")


def test_an_answer_that_fails_does_not_end_a_run(small, tmp_path):
    small.put("1.html", "2.html")
    small.pages[FOLDER + "2.html"] = Answer(500, {}, b"")
    run = begin("", tmp_path, "crawl", "--base-url", small.url, "--quiet")
    _, err = run.communicate(timeout=2 * PATIENCE_SECONDS)
    assert (run.returncode, b"HTTP 500" in err) == (3, True)


def test_a_run_that_waits_is_alive_and_says_what_it_waits_for(hanging, tmp_path):
    """A crawl of a site that keeps it waiting for hours, by a clock of our own."""
    small, _asked = hanging
    hours = iter(range(10**9))
    watcher = Watcher()
    watcher.waiting = lambda what: (watcher.waits.append(what), watcher.stop.set())
    moments = []

    def now():
        moments.append(START + timedelta(hours=next(hours)))
        return moments[-1]

    site = get_site("dortmund").mirrored(small.url)
    client = Client(
        site,
        throttle=Throttle(0.0),
        retry=Retry(max_tries=1),
        base_url=small.url,
    )
    with reading() as workers, client, Archive.open(tmp_path) as archive:
        context = Context.of(
            site,
            client,
            workers,
            archive,
            CrawlOptions(source="demo"),
            watcher,
            now=now,
            clock=lambda: next(hours) * 3600.0,
            stop=watcher.stop.is_set,
        )
        report = run_of(context)
    assert report.ended_early == "it was interrupted"
    assert "waiting for the site for" in watcher.waits[0]
    (run,) = rows(tmp_path, "SELECT started_at, seen_at FROM runs")
    assert run["seen_at"] > run["started_at"]
