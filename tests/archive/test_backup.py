"""A backup is consistent, checked, whole or none, and comes back as it was."""

from __future__ import annotations

import json
import shutil
import stat
from datetime import UTC, datetime, timedelta

import pytest

from scraper import warc
from scraper.archive import Archive, backup, backup_list
from scraper.archive.backup import back_up
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.restore import restore
from scraper.archive.verify import verify
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import ArchiveError, UsageError
from tests.support.replica import Watcher, crawl, dump, rows

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def data(lived_archive, tmp_path):
    directory = shutil.copytree(lived_archive, tmp_path / "data")
    (directory / "sites").mkdir()
    (directory / "sites" / "probeburg.toml").write_text("key = 'probeburg'\n")
    secret = directory / "watch-addresses.json"
    secret.write_text("{}")
    secret.chmod(0o600)
    return directory


def troubles(directory):
    with Archive.open_to_check(directory) as archive:
        return verify(archive)["problems"]


def content(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_comes_back_as_it_was(data, tmp_path, newsroom):
    code, out, _err = newsroom("--data", data, "backup", tmp_path / "copy", "--json")
    assert (code, json.loads(out)["left_out"]) == (0, [])
    assert troubles(tmp_path / "copy") == []
    shutil.rmtree(tmp_path / "copy" / "locks", ignore_errors=True)
    code, out, err = newsroom("--data", "back", "restore", tmp_path / "copy")
    assert code == 0, err
    assert "All is well." in out
    assert dump(tmp_path / "back") == dump(data)
    assert stat.S_IMODE((tmp_path / "back" / "watch-addresses.json").stat().st_mode) == 0o600
    assert (tmp_path / "back" / "sites" / "probeburg.toml").exists()
    assert newsroom("--data", "back", "verify")[0] == 0


def test_a_second_one_copies_what_is_new(data, tmp_path):
    first = back_up(data, tmp_path / "copy", NOW)
    pages = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "copy/warc").iterdir()}
    with ReplicaServer(Newsroom(5), navigation_bytes=200) as server:
        crawl(data, server.base_url, after=9 * DAY)
    second = back_up(data, tmp_path / "copy", NOW + DAY)
    new = {path.name for path in (data / "warc").iterdir()} - set(pages)
    assert new
    assert first.files < second.files
    assert second.copied <= len(new) + 2  # the database, and a line in the log
    for path in (tmp_path / "copy" / "warc").iterdir():
        assert path.name in new or path.stat().st_mtime_ns == pages[path.name]
    assert troubles(tmp_path / "copy") == []
    assert back_up(data, tmp_path / "copy", NOW).copied <= 1


class BacksUp(Watcher):
    """A progress that has a backup made in the middle of a crawl."""

    def __init__(self, data, target):
        super().__init__()
        self._where = (data, target)

    def page(self, url, outcome, done, total):
        super().page(url, outcome, done, total)
        if len(self.pages) == 3:
            back_up(*self._where, NOW)


def test_while_a_crawl_runs(tmp_path):
    data, copy, back = (tmp_path / name for name in ("data", "copy", "back"))
    with ReplicaServer(Newsroom(6), navigation_bytes=200) as server:
        crawl(data, server.base_url, watcher=BacksUp(data, copy))
        assert [path.suffix for path in (copy / "warc").iterdir()] == [".open"]
        restore(copy, back)
        assert troubles(back) == []
        assert 0 < len(rows(back, "SELECT id FROM articles")) < 6
        # Whoever crawls with it goes on as after a crash.
        report = crawl(back, server.base_url, after=DAY)
        assert any("ended from outside" in sentence for sentence in report.warnings)
    assert len(rows(back, "SELECT id FROM articles")) == 6
    assert troubles(back) == []
    with pytest.raises(UsageError, match="not empty"):
        restore(copy, back)
    back_up(data, copy, NOW)
    assert [path.suffix for path in (copy / "warc").iterdir()] == [".gz"]


class Killed(BaseException):
    pass


@pytest.mark.parametrize("name", ["write_whole", "replacing", "sync_directory", "copy_file"])
@pytest.mark.parametrize("nth", [1, 2, 4])
def test_cut_off_the_older_one_is_as_it_was(data, tmp_path, monkeypatch, name, nth):
    copy = tmp_path / "copy"
    back_up(data, copy, NOW)
    before = dump(copy)
    with Archive.open(data) as archive, archive.transaction() as db:
        db.execute("UPDATE candidates SET failures = 3")
    for path in (data / "sites").iterdir():
        path.write_text("key = 'another'\n")
    now = dump(data)
    calls = iter(range(1, 100))
    module = backup if name == "copy_file" else backup_list
    real = getattr(module, name)

    def cut(*arguments, **options):
        if next(calls) == nth:
            raise Killed
        return real(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(module, name, cut)
        try:
            back_up(data, copy, NOW)
        except Killed:
            restore(copy, tmp_path / "back")
            assert dump(tmp_path / "back") in (before, now)
            assert troubles(tmp_path / "back") == []
    back_up(data, copy, NOW)
    assert dump(copy) == now
    assert not (copy / backup_list.NEXT).exists()


def test_a_first_one_cut_off_is_none(data, tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(backup_list.BackupList, "write", lambda *_: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            back_up(data, tmp_path / "copy", NOW)
    with pytest.raises(UsageError, match="no complete backup"):
        restore(tmp_path / "copy", tmp_path / "back")
    back_up(data, tmp_path / "copy", NOW)
    restore(tmp_path / "copy", tmp_path / "back")
    assert dump(tmp_path / "back") == dump(data)


def test_nothing_else_is_overwritten(data, tmp_path, newsroom):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"miau")
    (tmp_path / "file").touch()
    for target in ("photos", "file", "data", "data/copy", "."):
        code, _out, err = newsroom("--data", "data", "backup", target)
        assert (code, err.startswith("Error: ")) == (2, True), err
    assert content(tmp_path / "photos") == {"cat.jpg": b"miau"}
    with ReplicaServer(Newsroom(1), navigation_bytes=200) as server:
        crawl(tmp_path / "other", server.base_url, after=DAY)
    assert newsroom("--data", "data", "backup", "copy")[0] == 0
    before = content(tmp_path / "copy")
    code, _out, err = newsroom("--data", "other", "backup", "copy")
    assert (code, "another archive" in err) == (2, True)
    assert content(tmp_path / "copy") == before


def test_a_damaged_archive_takes_no_backups_place(data, tmp_path, newsroom):
    back_up(data, tmp_path / "copy", NOW)
    before = content(tmp_path / "copy")
    (page, *_) = warc.files(data / "warc")
    page.write_bytes(page.read_bytes()[:-40])
    code, _out, err = newsroom("--data", data, "backup", "copy")
    assert (code, page.name in err) == (7, True)
    after = content(tmp_path / "copy")
    assert {name: after.get(name) for name in before} == before
    code, _out, err = newsroom("--data", "empty", "backup", "elsewhere")
    assert (code, "no archive" in err) == (7, True)


def test_a_damaged_backup_is_not_restored(data, tmp_path):
    copy = tmp_path / "copy"
    back_up(data, copy, NOW)
    (page, *_) = warc.files(copy / "warc")
    whole = page.read_bytes()
    page.write_bytes(whole[:50] + b"?" + whole[51:])
    with pytest.raises(ArchiveError, match=r"SHA-256"):
        restore(copy, tmp_path / "back")
    assert not (tmp_path / "back" / DATABASE_NAME).exists()
    page.write_bytes(whole)
    restore(copy, tmp_path / "back")
    assert dump(tmp_path / "back") == dump(data)


@pytest.mark.parametrize("name", ["../escaped", "/escaped", "a/../../escaped"])
def test_a_list_names_no_file_outside(data, tmp_path, name):
    back_up(data, tmp_path / "copy", NOW)
    path = tmp_path / "copy" / backup_list.LIST_NAME
    document = json.loads(path.read_text())
    document["files"][name] = {"size": 0, "sha256": "", "mode": 0o644}
    path.write_text(json.dumps(document))
    with pytest.raises(ArchiveError, match="lies outside"):
        restore(tmp_path / "copy", tmp_path / "back")


def test_what_is_left_out_is_said(data, tmp_path):
    shutil.copytree(data, data / "demo")
    (data / "hosts").symlink_to("/etc/hosts")
    report = back_up(data, tmp_path / "copy", NOW)
    assert len(report.left_out) == 2
    for words in ("hosts is no ordinary file", "demo is an archive of its own"):
        assert words in " ".join(report.left_out)
    assert not (tmp_path / "copy" / "demo").exists()
    assert not (tmp_path / "copy" / "hosts").exists()
