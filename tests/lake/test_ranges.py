"""One task over WARC files that are strange or damaged: what comes in, and what is said."""

from __future__ import annotations

import gzip
import random
import struct

import pytest

from scraper.lake.plan import Task
from scraper.lake.reading import read_range
from scraper.warc.records import Records
from tests.importing.captures import NOW, SECTION, chunked, new_page
from tests.lake.files import OTHERS, SITES

HTML = "Content-Type: text/html\r\n"
NOISE = random.Random(7).randbytes(60_000).hex().encode()


def http(body: bytes, status: str = "HTTP/1.1 200 OK", more: str = "") -> bytes:
    return f"{status}\r\n{HTML}{more}\r\n".encode() + body


def record(
    url: str, block: bytes, kind: str = "response", more: str = "", length: int | None = -1
) -> bytes:
    """A record; its length is that of the block unless another, or none, is given."""
    stated = "" if length is None else f"Content-Length: {len(block) if length < 0 else length}\r\n"
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2025-08-01T10:00:00Z\r\n{more}{stated}\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def page(slug: str, **how: object) -> bytes:
    """The record of a release."""
    return record(f"{SECTION}/{slug}.html", http(new_page(slug)), **how)


def other(**how: object) -> bytes:
    """The record of a page of another site, of the usual size."""
    return record(OTHERS, http(NOISE), **how)


@pytest.fixture
def read(tmp_path):
    def run(content: bytes, name: str = "a.warc.gz"):
        path = tmp_path / name
        path.write_bytes(content)
        task = Task(str(path), "x", 0, len(content))
        return read_range(task, SITES, str(tmp_path / "lake"), NOW)

    return run


def packed(*records: bytes) -> bytes:
    return b"".join(map(gzip.compress, records))


@pytest.mark.parametrize("status", ["HTTP/2 200", "HTTP/2 200 ", "HTTP/2.0 200 OK", "HTTP/3 200"])
def test_status_lines_without_words(read, status):
    done = read(packed(record(f"{SECTION}/a.html", http(new_page("a"), status))))
    assert (done.pages, done.failed) == (1, 0)


def test_a_body_in_chunks_and_packed(read):
    more = "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"
    body = chunked(gzip.compress(new_page("a")))
    done = read(packed(record(f"{SECTION}/a.html", http(body, more=more))))
    assert (done.pages, done.failed) == (1, 0)


@pytest.mark.parametrize("content", [b"", gzip.compress(b"", mtime=0)])
def test_nothing_is_in_an_empty_file(read, content):
    done = read(content)
    assert (done.records, done.pages, done.failed) == (0, 0, 0)


def test_revisits_are_counted(read):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    again = record(f"{SECTION}/a.html", head, "revisit", "WARC-Payload-Digest: sha1:ABC\r\n")
    done = read(packed(page("a"), again))
    assert (done.pages, done.failed) == (1, 0)
    assert done.skipped == {"a revisit, which holds no page": 1}


def test_records_without_a_length_are_read_if_each_is_packed_by_itself(read):
    assert read(packed(page("a", length=None), other(length=None), page("b"))).pages == 2


@pytest.mark.parametrize("first", [page("b", length=None), other(length=None)])
def test_records_without_a_length_end_what_can_be_read_else(read, first):
    done = read(page("a") + first + page("c"), "a.warc")
    assert done.pages == 1
    assert [(offset, "how long" in why) for offset, _url, why in done.failures] == [
        (len(page("a")), True)
    ]


def test_a_file_that_was_packed_as_a_whole_says_what_to_do(read):
    done = read(gzip.compress(page("a") + page("b")))
    ((offset, _url, reason),) = done.failures
    assert offset >= 0
    assert "`warcio recompress a.warc.gz NEW.warc.gz` and extract" in reason


@pytest.mark.parametrize("last", [page("b"), other()], ids=["ours", "another's"])
@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_a_file_that_ends_too_early_says_so_once(read, last, name):
    pack = packed if name.endswith("gz") else b"".join
    content = pack(page("a"), last) if pack is packed else page("a") + last
    done = read(content[:-100], name)
    assert (done.pages, done.failed) == (1, 1)
    assert "the file ends within this record" in done.failures[0][2]


@pytest.mark.parametrize("place", [0.001, 0.5, 0.9999], ids=["head", "middle", "checksum"])
@pytest.mark.parametrize("ours", [True, False])
def test_damage_costs_the_record_alone(read, place, ours):
    large = record(f"{SECTION}/b.html", http(new_page("b") + NOISE)) if ours else other()
    first, bad, last = packed(page("a")), bytearray(packed(large)), packed(page("c"))
    bad[int(len(bad) * place)] ^= 0xFF
    done = read(first + bytes(bad) + last)
    assert (done.pages, done.failed) == (2, 1)
    offset, url, reason = done.failures[0]
    assert offset == len(first)
    assert "this record is damaged" in reason
    assert url in {"", OTHERS, f"{SECTION}/b.html"}


def test_no_record_is_found_in_the_content_of_a_damaged_one(tmp_path):
    """Only what looks like a gzip member, and holds a record, is taken for the next one."""
    decoy = gzip.compress(b"nothing of ours")
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"\x1f\x8b\x08 damaged" + decoy + b"\x1f\x8b\x08" * 50_000 + packed(page("a")))
    with path.open("rb") as file:
        records = Records(file)
        assert records.skip_member() == path.stat().st_size - len(packed(page("a")))


class TestZstandard:
    """Where the library is there."""

    @pytest.fixture
    def zstandard(self):
        return pytest.importorskip("zstandard")

    def test_records_in_frames_or_in_one(self, read, zstandard):
        pack = zstandard.ZstdCompressor().compress
        frames = b"".join(pack(page(slug)) for slug in "abc")
        assert read(frames, "a.warc.zst").pages == 3
        assert read(pack(page("a") + page("b")), "a.warc.zst").pages == 2
        assert read(b"", "a.warc.zst").failed == 0

    def test_a_dictionary_at_the_beginning(self, read, zstandard):
        samples = [page(f"a-{number}") for number in range(200)]
        dictionary = zstandard.train_dictionary(2_000, samples)
        frame = zstandard.ZstdCompressor(dict_data=dictionary).compress(page("a"))
        raw = dictionary.as_bytes()
        for content in (raw, zstandard.ZstdCompressor().compress(raw)):
            head = b"\x5d\x2a\x4d\x18" + struct.pack("<I", len(content))
            assert read(head + content + frame, "a.warc.zst").pages == 1

    @pytest.mark.parametrize("damage", [slice(-30, None), slice(40, 60)])
    def test_damage_is_said(self, read, zstandard, damage):
        content = bytearray(zstandard.ZstdCompressor().compress(page("a")))
        del content[damage]
        done = read(bytes(content), "a.warc.zst")
        assert (done.pages, done.failed) == (0, 1)
