"""Several newsrooms at once: nothing lost, nobody asked too fast, none stops the others."""

from __future__ import annotations

import json
import random
import select
import signal
import subprocess
import sys
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from threading import Event

import pytest

from scraper.archive import Archive, crawl_lock
from scraper.archive.followed import follow
from scraper.archive.verify import verify
from scraper.crawl.log import LOG_NAME
from scraper.sites import Registry
from tests.conftest import NOW
from tests.support.loopback import Answer, Loopback
from tests.support.replica import logical_dump, rows
from tests.support.standins import Interface

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60  # for a busy machine
DELAY_SECONDS = 0.02
KILLS = 4
COUNT = 6


class Newsrooms:
    """Stand-ins on servers of their own, and an archive that knows them."""

    def __init__(self, stack: ExitStack, count: int) -> None:
        self.servers = [stack.enter_context(Loopback(f"127.0.0.{n + 1}")) for n in range(count)]
        self.all = [Interface(server, COUNT) for server in self.servers]
        self.keys = [f"city-{n}" for n in range(count)]

    def describe(self, directory: Path) -> Path:
        """An archive that follows them, without a release yet."""
        (directory / "sites").mkdir(parents=True)
        for key, newsroom in zip(self.keys, self.all, strict=True):
            (directory / "sites" / f"{key}.toml").write_text(newsroom.file(), encoding="utf-8")
        registry = Registry(directory / "sites")
        with Archive.open(directory) as archive:
            for key in self.keys:
                follow(archive, registry.get(key), NOW)
        return directory


@pytest.fixture
def newsrooms():
    with ExitStack() as stack:
        yield Newsrooms(stack, 3)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    """The turns at hosts are kept in the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def begin(directory, *options):
    command = [sys.executable, "-m", "scraper", "--data", str(directory), "crawl", *options]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def crawl(directory, *options):
    """Exit code, the report and what was printed on standard error."""
    process = begin(directory, "--json", *options)
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert "Traceback" not in err
    return process.returncode, json.loads(out), err


def delays(asks):
    """Seconds from each request to the next."""
    return [after.at - before.at for before, after in pairwise(sorted(asks, key=lambda a: a.at))]


def test_killed_at_random_and_resumed_nothing_is_lost_or_doubled(newsrooms, tmp_path):
    whole, killed = (newsrooms.describe(tmp_path / name) for name in ("whole", "killed"))
    code, report, _err = crawl(whole, "--delay", "0")
    assert (code, report["total"]["new"]) == (0, 3 * COUNT)
    assert [run["site"] for run in report["runs"]] == newsrooms.keys
    for server in newsrooms.servers:
        server.asks.clear()
    chance = random.Random(15)
    for _ in range(KILLS):
        asked = sum(len(server.asks) for server in newsrooms.servers)
        process = begin(killed, "--delay", str(DELAY_SECONDS), "--quiet")
        enough = asked + chance.randrange(4, 14)
        while sum(len(server.asks) for server in newsrooms.servers) < enough:
            if process.poll() is not None:
                break
            select.select([], [], [], 0.002)
        process.kill()
        process.communicate()
    code, _report, _err = crawl(killed, "--delay", str(DELAY_SECONDS), "--full")
    assert code == 0
    assert logical_dump(killed) == logical_dump(whole)
    with Archive.open_existing(killed) as archive:
        assert verify(archive)["problems"] == []
    for server in newsrooms.servers:
        assert min(delays(server.asks)) >= DELAY_SECONDS


def test_two_names_of_one_server_share_its_delay_and_its_wishes(newsrooms, tmp_path):
    newsroom, server = newsrooms.all[0], newsrooms.servers[0]
    newsrooms.all = [newsroom, newsroom]
    newsrooms.keys = ["by-number", "by-name"]
    directory = newsrooms.describe(tmp_path / "data")
    by_name = directory / "sites" / "by-name.toml"
    text = by_name.read_text(encoding="utf-8").replace("//127.0.0.1:", "//localhost:")
    by_name.write_text(text, encoding="utf-8")
    code, report, _err = crawl(directory, "--delay", "0.1")
    assert (code, report["total"]["new"]) == (0, 2 * COUNT)
    assert {ask.headers["host"].split(":")[0] for ask in server.asks} == {"127.0.0.1", "localhost"}
    assert min(delays(server.asks)) >= 0.1
    server.asks.clear()
    server.robots = Answer(503, {"Retry-After": "3600"})
    code, report, _err = crawl(directory, "--delay", "0.1", "--workers", "1")
    assert [run["exit_code"] for run in report["runs"]] == [4, 4]
    assert len(server.asks) == 1


def test_trouble_of_one_newsroom_stops_no_other(newsrooms, tmp_path):
    directory = newsrooms.describe(tmp_path / "data")
    newsrooms.servers[0].robots = Answer(403, {}, b"")
    newsrooms.servers[0].script = lambda _ask: Answer(404)
    (directory / "sites" / "city-2.toml").write_text("name = 1\n", encoding="utf-8")
    with crawl_lock(directory, "city-1"):
        code, report, err = crawl(directory, "--delay", "0")
    assert [run["exit_code"] for run in report["runs"]] == [4, 6, 2]
    assert (code, report["exit_code"]) == (4, 4)
    assert "city-1: Another crawl of city-1 is at work" in err
    code, report, _err = crawl(directory, "--delay", "0", "--site", "city-1", "--site", "city-0")
    assert [(run["site"], run["new"]) for run in report["runs"]] == [
        ("city-1", COUNT),
        ("city-0", 0),
    ]
    lines = (directory / LOG_NAME).read_text(encoding="utf-8").splitlines()
    noted = sorted((json.loads(line)["site"], json.loads(line)["exit_code"]) for line in lines)
    assert noted == [("city-0", 4), ("city-0", 4), ("city-1", 0), ("city-1", 6)]


def test_only_if_all_are_busy_that_is_the_exit_code(newsrooms, tmp_path):
    directory = newsrooms.describe(tmp_path / "data")
    with ExitStack() as stack:
        for key in newsrooms.keys:
            stack.enter_context(crawl_lock(directory, key))
        code, _report, _err = crawl(directory, "--delay", "0")
        assert code == 6
    with crawl_lock(directory, "city-1"):
        assert crawl(directory, "--delay", "0")[0] == 0


def test_two_commands_crawl_different_newsrooms_at_the_same_time(newsrooms, tmp_path):
    directory = newsrooms.describe(tmp_path / "data")
    together = [begin(directory, "--delay", "0", "--site", key, "--json") for key in newsrooms.keys]
    ended = [process.communicate(timeout=PATIENCE_SECONDS) for process in together]
    assert [process.returncode for process in together] == [0, 0, 0], ended
    assert [json.loads(out)["new"] for out, _err in ended] == [COUNT] * 3
    with Archive.open_existing(directory) as archive:
        assert verify(archive)["problems"] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_all_and_keeps_what_is_stored(newsrooms, tmp_path, number):
    directory = newsrooms.describe(tmp_path / "data")
    asked, over = [Event() for _ in newsrooms.all], Event()

    def hanging(script, event):
        def answer(ask):
            if ask.path.endswith(str(newsrooms.all[0].releases[2].number)):
                event.set()
                over.wait(PATIENCE_SECONDS)
            return script(ask)

        return answer

    for server, event in zip(newsrooms.servers, asked, strict=True):
        server.script = hanging(server.script, event)
    process = begin(directory, "--delay", "0")
    assert all(event.wait(PATIENCE_SECONDS) for event in asked)
    process.send_signal(number)
    try:
        out, err = process.communicate(timeout=PATIENCE_SECONDS / 2)
    finally:
        process.kill()
        over.set()
    assert (process.returncode, "Traceback" in err) == (3, False)
    assert "total" in out
    stored = rows(directory, "SELECT site, count(*) AS n FROM articles GROUP BY site")
    assert stored == [{"site": key, "n": 2} for key in newsrooms.keys]
