"""Packages in packages, packed and stored, odd and hostile: what is in them comes in, once read."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from scraper.importing import packages
from scraper.importing.files import Part
from scraper.importing.packages import Scratch, warc_files
from tests.importing.captures import OLD_PAGE, Warc, bring_in, old_page, stamp


def warc(number):
    return Warc().response(f"{OLD_PAGE}?nid={number}", old_page(number), stamp(number))


def data(number):
    return warc(number).buffer.getvalue()


def packed(members, how=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def saved(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


HOWS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED, "bz2": zipfile.ZIP_BZIP2}
NAMES = {
    "as WACZ has it": "archive/rec.warc.gz",
    "in capitals": "ARCHIVE/REC.WARC.GZ",
    "a folder in front": "my crawl/archive/rec.warc.gz",
    "plain": "rec.warc.gz",
    "unfinished": "archive/rec.warc.gz.open",
}


@pytest.mark.parametrize("how", HOWS.values(), ids=HOWS)
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("package", ["crawl.wacz", "CRAWL.WACZ", "crawls.zip"])
def test_a_warc_file_is_found_wherever_it_lies(tmp_path, how, name, package):
    members = {name: data(1), "pages/pages.jsonl": b"{}", "indexes/index.cdx.gz": b"x"}
    path = saved(tmp_path / "f" / package, packed(members, how))
    for given in (path, path.parent):
        report = bring_in(tmp_path / given.name, given)
        assert (report.new, report.failures, report.exit_code) == (1, [], 0)


@pytest.mark.parametrize("inner", HOWS.values(), ids=HOWS)
@pytest.mark.parametrize("outer", HOWS.values(), ids=HOWS)
def test_packages_in_packages(tmp_path, inner, outer):
    one, two = packed({"archive/a.warc.gz": data(1)}, inner), packed({"b.warc.gz": data(2)}, inner)
    zipped = packed({"crawl-0.wacz": one, "x/two.zip": two, "c.WARC": plain(3)}, outer)
    path = saved(tmp_path / "multi.wacz", packed({"all.zip": zipped, "datapackage.json": b"{}"}))
    report = bring_in(tmp_path / "a", path)
    assert (report.new, report.failures) == (3, [])


def plain(number):
    found = Warc(compressed=False).response(
        f"{OLD_PAGE}?nid={number}", old_page(number), stamp(number)
    )
    return found.buffer.getvalue()


def test_a_package_in_itself_ends(tmp_path):
    content = packed({"a.warc.gz": data(1)})
    for _layer in range(9):
        content = packed({"in.zip": content})
    report = bring_in(tmp_path / "a", saved(tmp_path / "deep.zip", content))
    assert (report.new, report.failed, report.exit_code) == (0, 1, 3)
    assert "deep" in report.failures[0][1]


def test_where_a_failure_lies_is_told_through_all_packages(tmp_path):
    first = data(1)
    inner = packed({"a.warc.gz": first + data(2)[:200]}, zipfile.ZIP_DEFLATED)
    path = saved(tmp_path / "multi.wacz", packed({"in.wacz": inner}))
    report = bring_in(tmp_path / "a", path)
    assert report.new == 1
    [(where, _why)] = report.failures
    assert where == f"{path}/in.wacz/a.warc.gz, byte {len(first):,}"


def spoilt(content, marks, offset, value):
    """A zip file with a number changed in the headers that begin with some marks."""
    found = bytearray(content)
    for mark, at in zip(marks, offset, strict=True):
        place = found.index(mark) + at
        found[place : place + 2] = struct.pack("<H", value)
    return bytes(found)


BOTH = (b"PK\3\4", b"PK\1\2")
ODD = {
    "a version that is not known": lambda c: spoilt(c, BOTH, (4, 6), 112),
    "encrypted": lambda c: spoilt(c, BOTH, (6, 8), 1),
    "a way of packing that is not known": lambda c: spoilt(c, BOTH, (8, 10), 77),
    "a header elsewhere": lambda c: c.replace(b"PK\3\4", b"PK\3\5", 1),
    "cut": lambda c: c[:-30],
}


@pytest.mark.parametrize("how", ODD.values(), ids=ODD)
def test_an_odd_package_is_listed_and_the_others_come_in(tmp_path, how):
    good = packed({"a.warc.gz": data(1)})
    saved(tmp_path / "f" / "a.wacz", how(packed({"b.warc.gz": data(2)})))
    saved(tmp_path / "f" / "b.wacz", good)
    report = bring_in(tmp_path / "a", tmp_path / "f")
    assert (report.new, report.failed, report.exit_code) == (1, 1, 3)
    assert report.failures[0][0].startswith(str(tmp_path / "f" / "a.wacz"))


def test_an_encrypted_member_spoils_none_beside_it(tmp_path):
    content = packed({"a.warc.gz": data(1), "b.warc.gz": data(2)})
    path = saved(tmp_path / "a.wacz", spoilt(content, BOTH, (6, 8), 1))
    report = bring_in(tmp_path / "a", path)
    assert (report.new, report.failed) == (1, 1)
    [(where, why)] = report.failures
    assert where == f"{path}/a.warc.gz"
    assert "it is encrypted" in why


def test_of_a_damaged_member_comes_in_what_can_be_unpacked(tmp_path):
    many = b"".join(map(plain, range(1, 120)))
    content = bytearray(packed({"a.warc": many}, zipfile.ZIP_DEFLATED))
    content[content.index(b"PK\1\2") - 3] ^= 255
    report = bring_in(tmp_path / "a", saved(tmp_path / "a.wacz", bytes(content)))
    assert report.new > 40
    assert any("cannot be unpacked" in why for _where, why in report.failures)


def test_what_is_packed_is_unpacked_once_and_goes(tmp_path, monkeypatch):
    captures = Warc()
    for number in range(30):
        captures.response(f"{OLD_PAGE}?nid={number}", old_page(number), stamp(number))
    content = packed({"a.warc.gz": captures.buffer.getvalue()}, zipfile.ZIP_DEFLATED)
    lists, unpacked = [], []
    opened, unpack = zipfile.ZipFile._RealGetContents, packages._unpack
    monkeypatch.setattr(
        zipfile.ZipFile, "_RealGetContents", lambda self: lists.append(1) or opened(self)
    )
    monkeypatch.setattr(
        packages, "_unpack", lambda *args: unpacked.append(args[2]) or unpack(*args)
    )
    report = bring_in(tmp_path / "a", saved(tmp_path / "a.wacz", content))
    assert report.new == 30
    assert (len(lists), len(unpacked)) == (1, 1)
    assert not unpacked[0].exists()
    assert not unpacked[0].parent.exists()


def test_what_has_no_room_is_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(packages.shutil, "disk_usage", lambda _path: Room(10))
    content = packed({"a.warc.gz": data(1)}, zipfile.ZIP_DEFLATED)
    report = bring_in(tmp_path / "a", saved(tmp_path / "a.wacz", content))
    assert "set TMPDIR" in report.failures[0][1]


class Room:
    def __init__(self, free):
        self.free = free


def test_zip_files_of_other_things_are_no_trouble_in_a_folder(tmp_path):
    saved(tmp_path / "f" / "letter.docx", packed({"word/document.xml": b"<x/>"}))
    saved(tmp_path / "f" / "broken.zip", b"PK\3\4 no zip")
    saved(tmp_path / "f" / "pictures.zip", packed({"a.png": b"x"}))
    report = bring_in(tmp_path / "a", tmp_path / "f")
    assert (report.failed, report.skipped) == (0, {"not HTML": 3})
    named = bring_in(tmp_path / "b", tmp_path / "f" / "pictures.zip")
    assert named.failures == [(str(tmp_path / "f" / "pictures.zip"), "there is no WARC file in it")]


def test_a_part_of_a_file_is_a_file(tmp_path):
    path = saved(tmp_path / "x", bytes(range(100)))
    with Part(path, "x", 10, 50).open() as part:
        assert part.read() == bytes(range(10, 60))
        assert part.seek(-3, io.SEEK_END) == 47
        assert part.read(9) == bytes([57, 58, 59])
        assert part.seek(5) == 5
        assert part.seek(2, io.SEEK_CUR) == 7
        assert part.tell() == 7
        with pytest.raises(OSError, match="before its beginning"):
            part.raw.seek(-1)
    with Part(path, "x", 90, 50).open() as part:
        assert part.read() == bytes(range(90, 100))
    with Part(path, "x", 900, 50).open() as part:
        assert part.read() == b""


def test_nothing_is_left_behind_when_reading_ends_early(tmp_path):
    content = packed({"a.warc.gz": data(1), "b.warc.gz": data(2)}, zipfile.ZIP_DEFLATED)
    with Scratch() as scratch:
        part = next(warc_files(Part(saved(tmp_path / "a.wacz", content)), scratch))
        directory = Path(part.path).parent
        assert directory.exists()
    assert not directory.exists()
