"""Killed anywhere, out of space, locked out: run it again, and nothing is lost."""

import contextlib
import os
import random
import resource
import signal
import sqlite3
import subprocess
import time
from functools import partial

import pytest

from scraper import warc
from scraper.archive import Archive, connection
from scraper.archive.verify import verify
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import ArchiveError
from scraper.extract.reading import PageReader
from tests.evidence.warm import forking
from tests.support.replica import Watcher, crawl, logical_dump, rows

SIZE = 12


@pytest.fixture(scope="module")
def processes():
    """Runs crawls in processes of their own."""
    with forking() as process:
        yield process


@pytest.fixture
def replica():
    with ReplicaServer(Newsroom(SIZE), navigation_bytes=200) as server:
        yield server


def sound(directory):
    with Archive.open_existing(directory) as archive:
        assert verify(archive)["problems"] == []
    for path in warc.files(directory / "warc"):
        assert path.suffix == ".gz"


def test_kills_lose_nothing(processes, replica, tmp_path):
    least = 100
    first, edited = tmp_path / "first", tmp_path / "edited"

    def run(directory, seconds=None, **options):
        """A crawl, killed after so long; whether it came to its end."""
        ended = processes.run(crawl, directory, replica.base_url, seconds=seconds, **options)
        assert ended in {0, -signal.SIGKILL}
        return ended == 0

    assert run(first)
    usual = {}  # seconds; the first crawl has waited for the process that others are forked from
    for here in (True, False):
        began = time.monotonic()
        assert run(tmp_path / f"timed-{here}", here=here)
        usual[here] = time.monotonic() - began
    expected = {"first": logical_dump(first)}

    chance = random.Random(2026)
    kills = number = 0
    while kills < least:
        number += 1
        directory = tmp_path / str(number)
        for stage in ("first", "edited"):
            # Most crawls read in the process that is killed: starting workers takes longer.
            here = number % 10 != 0
            options = {"full": stage == "edited", "here": here}
            if stage == "edited":
                for n in (1, 4, 7):
                    replica.edit(n, text=f"Neu gefasst, zum {n}. Mal.")
            if stage not in expected:
                crawl(edited, replica.base_url)  # the edited pages are its first ones
                expected[stage] = logical_dump(edited)
            while not run(directory, chance.uniform(0, usual[here]), **options):
                kills += 1
            found = logical_dump(directory)
            if stage == "first":
                assert found == expected["first"]
            else:
                for table in ("articles", "images", "quotes", "tags", "links", "videos"):
                    assert found[table] == expected["edited"][table]
                assert [line.count("'changed'") for line in found["events"]].count(1) == 3
            sound(directory)
        for n in (1, 4, 7):
            replica.restore(n)
    assert kills >= least


def test_the_torn_record_is_reported(replica, tmp_path):
    crawl(tmp_path, replica.base_url, limit=3)
    (path,) = warc.files(tmp_path / "warc")
    path.rename(path.with_name(path.name + ".open"))
    with path.with_name(path.name + ".open").open("ab") as file:
        file.write(b"\x1f\x8b\x08\0\0")
    report = crawl(tmp_path, replica.base_url)
    assert any("a torn record of 5 bytes was cut off" in warning for warning in report.warnings)
    assert rows(tmp_path, "SELECT count(*) AS n FROM articles") == [{"n": SIZE}]
    sound(tmp_path)


def test_a_page_that_ends_the_process_does_not_keep_the_others_away(processes, replica, tmp_path):
    """As if the system ended it for want of memory: the page is on disk, and the process gone."""
    victim = replica.article(0).url
    for _ in range(3):
        assert processes.run(dies_of, tmp_path, replica.base_url, victim) == 9
    stored = {row["url"] for row in rows(tmp_path, "SELECT url FROM articles")}
    assert stored == {replica.article(n).url for n in range(1, SIZE)}
    (row,) = rows(tmp_path, f"SELECT failures, error FROM candidates WHERE url = '{victim}'")
    assert (row["failures"], "before it was read" in row["error"]) == (2, True)


def dies_of(directory, base_url, victim):
    begin = PageReader.begin
    PageReader.begin = lambda self, capture, listed=None: (
        partial(os._exit, 9) if capture.url == victim else begin(self, capture, listed)
    )
    crawl(directory, base_url)


def test_a_full_disk_ends_the_run_and_loses_nothing(replica, tmp_path):
    whole = tmp_path / "whole"
    crawl(whole, replica.base_url)
    with Archive.open(tmp_path / "empty"):
        pass
    empty = (tmp_path / "empty" / connection.DATABASE_NAME).stat().st_size // 1024
    with small_disk(tmp_path / "small", kilobytes=3 * empty + 300) as directory:
        with pytest.raises(ArchiveError, match="Make room"):
            crawl(directory, replica.base_url)
        (path,) = warc.files(directory / "warc")
        assert warc.check(path)[1] == []
        subprocess.run(["mount", "-o", "remount,size=20m", str(directory)], check=True)
        assert crawl(directory, replica.base_url).exit_code == 0
        assert logical_dump(directory) == logical_dump(whole)
        sound(directory)


@contextlib.contextmanager
def small_disk(directory, kilobytes):
    directory.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(directory)]
    try:
        done = subprocess.run(command, capture_output=True, check=False).returncode
    except FileNotFoundError:
        done = 1
    if done:
        pytest.skip("no small file system can be mounted here")
    try:
        yield directory
    finally:
        subprocess.run(["umount", str(directory)], check=True)


def test_files_that_may_not_grow_end_the_run_and_lose_nothing(processes, replica, tmp_path):
    whole = tmp_path / "whole"
    crawl(whole, replica.base_url)
    limited = tmp_path / "limited"
    assert processes.run(in_little_space, limited, replica.base_url) == 7
    assert crawl(limited, replica.base_url).exit_code == 0
    assert logical_dump(limited) == logical_dump(whole)
    sound(limited)


def in_little_space(directory, base_url):
    Archive.open(directory).db.close()
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))
    try:
        crawl(directory, base_url)
    except ArchiveError as error:
        raise SystemExit(error.exit_code) from error


def test_a_locked_database_ends_the_run_and_loses_nothing(replica, tmp_path, monkeypatch):
    whole = tmp_path / "whole"
    crawl(whole, replica.base_url)
    directory = tmp_path / "locked"
    monkeypatch.setattr(connection, "BUSY_MILLISECONDS", 1)

    class Locker(Watcher):
        def page(self, url, outcome, done, total):
            if done == 5:
                self.other = sqlite3.connect(directory / connection.DATABASE_NAME)
                self.other.execute("BEGIN IMMEDIATE")

    locker = Locker()
    with pytest.raises(ArchiveError, match="locked by another program"):
        crawl(directory, replica.base_url, watcher=locker)
    locker.other.close()
    assert rows(directory, "SELECT count(*) AS n FROM articles") == [{"n": 5}]
    assert crawl(directory, replica.base_url).exit_code == 0
    assert logical_dump(directory) == logical_dump(whole)
    sound(directory)
