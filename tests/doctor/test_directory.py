"""The data directory, fit and unfit."""

import os
import shutil
from datetime import timedelta
from typing import NamedTuple

import pytest

from scraper.archive import crawl_lock
from scraper.archive.runs import begin_run
from scraper.doctor import directory as places
from scraper.records import Capture
from tests.health.chronicle import FIRST_RUN, SITE, Chronicle, release


class Usage(NamedTuple):
    total: int
    used: int
    free: int


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/srv /mnt/city\\040archive nfs4 rw 0 0
/dev/sdb1 /mnt/city\\040archive/local xfs rw 0 0
broken line
"""


@pytest.fixture
def chronicle(tmp_path):
    opened = Chronicle(tmp_path / "data")
    with opened.archive:
        yield opened


def test_a_directory_that_the_first_crawl_makes(tmp_path):
    assert places.check_directory(tmp_path).status == "ok"
    check = places.check_directory(tmp_path / "a" / "b")
    assert (check.status, check.exit_code) == ("note", 0)
    assert not (tmp_path / "a").exists()


def test_a_file_in_the_place_of_the_directory(tmp_path):
    (tmp_path / "data").write_text("")
    assert places.check_directory(tmp_path / "data").exit_code == 7
    assert places.check_directory(tmp_path / "data" / "below").exit_code == 7


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_cannot_be_written(tmp_path):
    tmp_path.chmod(0o500)
    try:
        assert places.check_directory(tmp_path).exit_code == 7
        assert places.check_directory(tmp_path / "below").exit_code == 7
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("place", "status"),
    [("/srv/data", "ok"), ("/mnt/city archive/data", "note"), ("/mnt/city archive/local/x", "ok")],
)
def test_a_file_system_of_another_machine_is_hinted_at(tmp_path, place, status):
    check = places.check_file_system(type(tmp_path)(place), MOUNTS)
    assert check.status == status
    if status == "note":
        assert "/mnt/city archive is nfs4" in check.detail


def test_without_a_table_of_mounts_nothing_is_said(tmp_path):
    assert places.check_file_system(tmp_path, "") is None


@pytest.mark.parametrize(
    ("free", "status", "code"), [(10**7, "trouble", 7), (5 * 10**8, "note", 0), (10**11, "ok", 0)]
)
def test_the_disk(monkeypatch, tmp_path, free, status, code):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**12, 0, free))
    check = places.check_disk(tmp_path / "not" / "yet", None, FIRST_RUN)
    assert (check.status, check.exit_code) == (status, code)


def test_the_disk_against_the_growth_of_the_archive(monkeypatch, chronicle):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**12, 0, 2 * 10**9))
    chronicle.run(0, [release(day) for day in range(-5, 0)])
    later = FIRST_RUN + timedelta(days=11)
    directory = chronicle.directory
    assert "grows" not in places.check_disk(directory, chronicle.archive, later).detail
    # 300 kB that do not compress, in the ten days after the first.
    page = Capture("https://x/", os.urandom(300_000), FIRST_RUN + timedelta(days=3))
    chronicle.store.add_capture(page)
    check = places.check_disk(directory, chronicle.archive, later)
    assert check.status == "ok"
    assert "grows by 900 kB a month" in check.detail
    with chronicle.archive.transaction() as db:
        db.execute("UPDATE captures SET warc_length = 1000000000 WHERE url = 'https://x/'")
    assert places.check_disk(directory, chronicle.archive, later).status == "note"


def test_raw_pages_of_a_killed_run(chronicle):
    folder = chronicle.directory / "warc"
    folder.mkdir()
    (folder / "a.warc.gz").write_bytes(b"x" * 2000)
    assert places.check_raw_pages(chronicle.directory, chronicle.archive).status == "ok"
    (folder / "b.warc.gz.open").write_bytes(b"")
    check = places.check_raw_pages(chronicle.directory, chronicle.archive)
    assert check.status == "note"
    assert check.detail.startswith("2 WARC files, 2 kB; a run was killed and left b.warc.gz.open")
    begin_run(chronicle.archive, SITE.key, "live", FIRST_RUN)
    with crawl_lock(chronicle.directory, SITE.key):
        assert places.check_raw_pages(chronicle.directory, chronicle.archive).status == "ok"


def test_a_crawl_at_work_and_a_dead_one(chronicle):
    def looked():
        return places.check_lock(chronicle.directory, chronicle.archive)

    assert looked().detail == "none"
    begin_run(chronicle.archive, SITE.key, "live", FIRST_RUN)
    with crawl_lock(chronicle.directory, SITE.key):
        assert looked().status == "ok"
        assert looked().detail.startswith("since 2026-03-02T12:00:00+00:00, process ")
    assert looked().status == "note"
    assert "ended from outside" in looked().detail
    with crawl_lock(chronicle.directory, SITE.key):  # looking has not kept it
        assert looked().status == "ok"
