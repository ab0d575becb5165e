"""Looks at a site outside of a crawl: a budget for reading, and an end at Ctrl-C."""

import select
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from scraper.crawl.one_page import polite_client
from scraper.doctor.look import Look
from scraper.errors import FetchError, OverBudget
from scraper.extract.workers import Budget
from scraper.records import Request
from tests.support import never
from tests.support.loopback import Answer

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30  # for a busy machine
RUN = """
import sys
from tests.support import never
{patch}
from scraper.cli import main
sys.argv = ["newsroom", *sys.argv[1:]]
main()
"""
PAGE = Answer(200, {"Content-Type": "text/html"}, b"<h1>Presse</h1>")


@pytest.fixture
def look(loopback):
    loopback.script = lambda ask: PAGE if ask.path == "/" else Answer(404)
    site, client = polite_client("dortmund", loopback.url, "test")
    with client, Look(client, budget=Budget(seconds=0.2)) as there:
        yield site, there


def test_a_page_that_is_read_for_ever_costs_its_budget(look, monkeypatch, tmp_path):
    monkeypatch.setenv(never.ENV, str(tmp_path / "started"))
    _site, there = look
    with pytest.raises(OverBudget) as raised:
        there.read("https://x/", never.read)
    assert "longer than" in str(raised.value)
    assert there.read("https://x/", abs, -1) == 1


def test_only_pages_that_are_there_are_read(look):
    site, there = look
    assert there.fetched(Request(site.origin + "/")).body == PAGE.body
    with pytest.raises(FetchError):
        there.fetched(Request(site.origin + "/fehlt"))
    assert there.requests == 3  # with robots.txt


def begin(patch, directory, *arguments):
    command = [sys.executable, "-c", RUN.format(patch=patch), *map(str, arguments)]
    return subprocess.Popen(
        command,
        cwd=directory,
        env={"PYTHONPATH": str(ROOT), "HOME": str(directory), "XDG_CACHE_HOME": str(directory)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )


def ended(process):
    process.send_signal(signal.SIGINT)
    try:
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert b"Traceback" not in err
    return process.returncode


@pytest.mark.parametrize("verb", [("sites", "check", "bonn", "--live"), ("doctor", "--live")])
def test_a_server_that_does_not_answer_keeps_nobody(loopback, tmp_path, verb):
    asked, over = Event(), Event()
    loopback.robots = None

    def slow(_ask):
        asked.set()
        over.wait(60)
        return PAGE

    loopback.script = slow
    run = begin("", tmp_path, *verb, "--base-url", loopback.url)
    try:
        assert asked.wait(PATIENCE_SECONDS)
        assert ended(run) == 130
    finally:
        over.set()


def test_a_page_that_is_read_for_ever_keeps_nobody(loopback, tmp_path, monkeypatch):
    loopback.script = lambda _ask: PAGE
    started = tmp_path / "started"
    patch = (
        "import os, scraper.doctor.explore as explore\n"
        f"os.environ[never.ENV] = {str(started)!r}\n"
        "explore.see = never.read"
    )
    run = begin(patch, tmp_path, "sites", "add", loopback.url, "--key", "x", "--yes")
    for _ in range(PATIENCE_SECONDS * 20):
        if started.exists():
            break
        assert run.poll() is None
        select.select([], [], [], 0.05)
    assert ended(run) == 130
    assert not (tmp_path / "data").exists()
