"""Folders of anything: regular files only, other web archives by name, nothing waited for."""

import gzip
import os
import re
import socket
import zipfile
from functools import partial
from pathlib import Path

import pytest

from scraper.importing.found import Broken, Entry
from scraper.importing.kinds import Kind, kind_of
from scraper.importing.packages import Scratch
from scraper.importing.sources import by_workers, look_for_pages
from scraper.sites import get_site
from tests.importing.captures import OLD_PAGE, Warc, bring_in, old_page, rows, stamp
from tests.support.replica import reading

FAULTS = Path(__file__).parents[3] / "shared" / "faults"


def warc(number):
    return Warc().response(f"{OLD_PAGE}?nid={number}", old_page(number), stamp(number))


@pytest.fixture
def folder(tmp_path):
    """A folder with one good file."""
    warc(1).save(tmp_path / "f" / "good.warc.gz")
    return tmp_path / "f"


def bind(path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


ODD = {
    "pipe": os.mkfifo,
    "endless device": lambda path: path.symlink_to("/dev/zero"),
    "device that waits": lambda path: path.symlink_to("/dev/tty"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "link to nothing": lambda path: path.symlink_to("nothing"),
    "socket": bind,
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("name", ["a.warc.gz", "b.html", "c"])
def test_what_is_no_regular_file_is_left_alone(folder, odd, name, monkeypatch):
    monkeypatch.chdir(folder)  # paths of sockets are short
    odd(Path(name))
    report = bring_in(folder.parent / "a", folder)
    if name == "c":
        assert (report.new, report.failures, report.skipped) == (1, [], {"no regular file": 1})
    else:
        assert (report.new, report.exit_code) == (1, 3)
        assert [Path(where).name for where, _why in report.failures] == [name]


def test_a_pipe_that_is_named_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    report = bring_in(tmp_path / "a", tmp_path / "pipe")
    assert report.failures == [(str(tmp_path / "pipe"), "it is no regular file")]


def test_a_file_that_becomes_a_pipe_is_not_waited_for(folder):
    def stop():
        path = folder / "good.warc.gz"
        if path.is_file():
            path.unlink()
            os.mkfifo(path)
        return False

    report = bring_in(folder.parent / "a", folder, stop=stop)
    assert "no regular file" in report.failures[0][1]


def test_names_too_long_are_a_mistake_of_the_user(newsroom):
    for name in ("x" * 5_000, "link"):
        code, _out, err = newsroom("import", name)
        assert code == 2
        assert "There is nothing at" in err


def test_workers_find_what_is_found_here_in_the_same_order(folder, tmp_path):
    (folder / "a.html").write_bytes(old_page(7))
    warc(2).save(folder / "b" / "two.warc.gz")
    warc(3).save_wacz(folder / "c.wacz")
    torn = warc(4).buffer.getvalue()
    (folder / "d.warc.gz").write_bytes(torn[: len(torn) // 2])
    (folder / "e.jpg").write_bytes(b"\xff\xd8")
    site = get_site("dortmund")
    with Scratch() as scratch, reading() as workers:
        here = list(look_for_pages([folder], site, scratch))
        look_all = partial(by_workers, workers, lambda: False)
        there = list(look_for_pages([folder], site, scratch, look_all=look_all))
    unpacked = re.compile(r"path=PosixPath\('[^']*'\)|place=\('[^']*'")  # each time elsewhere
    told, expected = ([unpacked.sub("", repr(it)) for it in found] for found in (there, here))
    assert told == expected
    assert sum(isinstance(found, Entry) for found in there) == 3
    assert any(isinstance(found, Broken) for found in there)


def ends_its_worker():
    os.abort()


def test_a_file_that_ends_its_worker_is_listed(tmp_path):
    class Deadly:
        processes = 1

        def submit(self, task, /):
            deadly = task.file.path.name == "b.warc.gz"
            return workers.submit(ends_its_worker if deadly else task)

    for number, name in enumerate("abc"):
        warc(number).save(tmp_path / f"{name}.warc.gz")
    with Scratch() as scratch, reading() as workers:
        look_all = partial(by_workers, Deadly(), lambda: False)
        site = get_site("dortmund")
        found = list(look_for_pages([tmp_path], site, scratch, look_all=look_all))
    assert [type(each) for each in found] == [Entry, Broken, Entry]
    assert found[1].where == str(tmp_path / "b.warc.gz")


def test_folders_of_any_depth(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    levels = 1_100  # more than functions may call one another
    for _level in range(levels):
        Path("d").mkdir()
        os.chdir("d")
    Path("a.warc.gz").write_bytes(warc(1).buffer.getvalue())
    monkeypatch.chdir(tmp_path)
    report = bring_in(tmp_path / "a", Path("d"))
    assert (report.new, report.failed) == (1, 0)
    os.chdir("/".join("d" * levels))  # nobody else could take it away
    Path("a.warc.gz").unlink()
    for _level in range(levels):
        os.chdir("..")
        Path("d").rmdir()


def test_links_to_folders_are_not_followed(folder):
    (folder / "again").symlink_to(folder)
    report = bring_in(folder.parent / "a", folder)
    assert (report.read, report.failed, report.skipped) == (1, 0, {})


@pytest.mark.parametrize("suffix", [".open", ".OPEN", ".part", ".tmp", ".invalid"])
@pytest.mark.parametrize("packed", [True, False])
def test_a_file_that_a_crawler_left_unfinished_is_read(tmp_path, suffix, packed):
    found = Warc(compressed=packed).response(f"{OLD_PAGE}?nid=1", old_page(1), stamp(1))
    found.save(tmp_path / "f" / f"c.warc{'.gz' if packed else ''}{suffix}")
    report = bring_in(tmp_path / "a", tmp_path / "f")
    assert (report.new, report.failed) == (1, 0)


def test_a_packed_file_is_known_by_what_is_in_it(tmp_path):
    warc(1).save(tmp_path / "f" / "nameless")
    (tmp_path / "f" / "other.gz").write_bytes(gzip.compress(b"text"))
    (tmp_path / "f" / "odd.gz").write_bytes(b"\x1f\x8b\x08 odd")
    report = bring_in(tmp_path / "a", tmp_path / "f")
    assert (report.new, report.failed, report.skipped) == (1, 0, {"not HTML": 2})


ARC = b"filedesc://x.arc 0.0.0.0 20220518123456 text/plain 76\n1 0 InternetArchive\n"
FOREIGN = {
    "a.warc.zst": (b"\x28\xb5\x2f\xfd", "zst"),
    "A.WARC.ZST": (b"\x28\xb5\x2f\xfd", "zst"),
    "a.warc.bz2": (b"BZh", "bz2"),
    "a.warc.xz": (b"\xfd7zXZ", "xz"),
    "a.arc.gz": (gzip.compress(ARC), "ARC"),
    "a.arc": (ARC, "ARC"),
    "a.bin": (gzip.compress(ARC), "ARC"),
    "misnamed.warc.gz": (gzip.compress(ARC), "ARC"),
    "a.arc.gz.open": (gzip.compress(ARC), "ARC"),
    "a.webarchive": (b"bplist00", "Safari"),
    "a.maff": (b"PK\3\4", "MAFF"),
    "a.har": (b"{}", "HAR"),
    "a.zim": (b"ZIM\x04", "ZIM"),
    "a.har.gz": (b"\x1f\x8b\x08", "HAR"),
}
ARCHIVES = ("a.7z", "A.RAR", "a.tar", "a.tgz", "a.tar.gz", "a.tar.xz")


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("is_named", [True, False])
def test_web_archives_of_other_kinds_are_named(tmp_path, name, is_named):
    content, word = FOREIGN[name]
    path = tmp_path / "f" / name
    path.parent.mkdir()
    path.write_bytes(content)
    report = bring_in(tmp_path / "a", path if is_named else path.parent)
    [(where, why)] = report.failures
    assert where == str(path)
    assert "a web archive that cannot be read" in why
    assert word in why
    assert report.exit_code == 3


@pytest.mark.parametrize("name", ARCHIVES)
@pytest.mark.parametrize("is_named", [True, False])
def test_archives_that_are_not_looked_into_are_named(tmp_path, name, is_named):
    path = tmp_path / "f" / name
    path.parent.mkdir()
    path.write_bytes(gzip.compress(b"\0" * 600))
    warc(1).save(path.parent / "gut.warc.gz")
    report = bring_in(tmp_path / "a", path if is_named else path.parent)
    assert [where for where, why in report.failures if "unpack it" in why] == [str(path)]
    assert (report.new, report.exit_code) == (0 if is_named else 1, 3)


def test_an_unfinished_package_is_named(tmp_path):
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "a.wacz.part").write_bytes(b"PK\3\4 half")
    assert bring_in(tmp_path / "a", tmp_path / "f").failed == 1


def test_what_macos_puts_beside_files_is_passed_over(tmp_path):
    warc(1).save(tmp_path / "f" / "a.warc.gz")
    (tmp_path / "f" / "._a.warc.gz").write_bytes(b"\0\5\x16\7")
    with zipfile.ZipFile(tmp_path / "f" / "b.zip", "w") as package:
        package.write(tmp_path / "f" / "a.warc.gz", "b.warc.gz")
        package.writestr("__MACOSX/._b.warc.gz", b"\0\5\x16\7")
    report = bring_in(tmp_path / "a", tmp_path / "f")
    assert (report.read, report.failed) == (2, 0)


@pytest.mark.parametrize(
    "written", ["20220518120000", "2022-05-18t12:00:00z", "2022-05-18 12:00:00"]
)
def test_the_time_of_a_record_in_other_spellings(tmp_path, written):
    plain = gzip.decompress(warc(1).buffer.getvalue())
    stated = re.search(rb"WARC-Date: (\S+)", plain)[1]
    (tmp_path / "a.warc").write_bytes(plain.replace(stated, written.encode()))
    assert bring_in(tmp_path / "a", tmp_path / "a.warc").new == 1
    [row] = rows(tmp_path / "a", "SELECT first_seen FROM articles")
    assert row["first_seen"] == "2022-05-18T12:00:00+00:00"


def test_an_arc_file_by_name_that_is_a_warc_file_is_read(tmp_path):
    warc(1).save(tmp_path / "a.arc.gz")
    assert bring_in(tmp_path / "a", tmp_path / "a.arc.gz").new == 1


@pytest.mark.parametrize(
    "name", ["a.warc.gz.cdx", "a.warc.os.cdx.gz", "warc", "a.txt", "a.warc.md5"]
)
def test_what_lies_beside_web_archives_is_none(name):
    assert kind_of(name) is Kind.OTHER


def test_a_file_dated_beyond_the_calendar(tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes(old_page(1, head=f"<link rel=canonical href='{OLD_PAGE}?nid=1'>"))
    try:
        os.utime(path, (300_000_000_000, 300_000_000_000))
    except OSError:
        pytest.skip("the file system holds no such time")
    report = bring_in(tmp_path / "a", path)
    assert report.failed == 1
    assert "not credible" in report.failures[0][1]


def test_the_inputs_of_the_faults(tmp_path):
    if not FAULTS.exists():
        pytest.skip("they are not at hand")
    figures = {}
    for name in ("multi.wacz", "mixed_folder", "future.warc.gz", "warc_truncated.warc.gz"):
        report = bring_in(tmp_path / name, FAULTS / name)
        figures[name] = (report.read, report.new, report.changed, report.failed, report.exit_code)
    assert figures == {
        "multi.wacz": (1, 1, 0, 0, 0),
        "mixed_folder": (2, 2, 0, 2, 3),
        "future.warc.gz": (1, 1, 0, 1, 3),
        "warc_truncated.warc.gz": (2, 1, 0, 1, 3),
    }
