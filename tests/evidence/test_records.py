"""Records that no tool should write: heads without an end, damage, addresses in capitals."""

import gzip
import io
import logging
import random
import tracemalloc

import pytest
from warcio.exceptions import ArchiveLoadFailed

from scraper.warc.records import Records

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"


def record(block=PAGE, length=None, url=b"https://example.org/a b", extra=b""):
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\n%sContent-Length: %s\r\n\r\n"
    return head % (url, extra, length or b"%d" % len(block)) + block + b"\r\n\r\n"


def read(data):
    return [
        (found.rec_headers.get_header("WARC-Target-URI"), found.raw_stream.read())
        for found in Records(io.BytesIO(data))
    ]


@pytest.mark.parametrize(
    ("piece", "times", "where"),
    [
        (b"X: a", 12_500_000, "WARC"),
        (b"X: a", 12_500_000, "HTTP"),
        (b"X: " + b"a" * 99 + b"\r\n", 50_000, "WARC"),
        (b"X: " + b"a" * 99 + b"\r\n", 50_000, "HTTP"),
    ],
    ids=["one line", "one line of HTTP", "many lines", "many lines of HTTP"],
)
def test_a_head_without_end_takes_no_memory(piece, times, where):
    head = piece * times
    block = PAGE if where == "WARC" else b"HTTP/1.1 200 OK\r\n" + head
    data = gzip.compress(record(block, extra=head if where == "WARC" else b""), 1)
    del block
    tracemalloc.start()
    try:
        with pytest.raises(ArchiveLoadFailed, match="longer than"):
            read(data)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 48_000_000


def test_damage_is_raised_and_not_printed(capfd):
    noise = random.Random(7).choices(range(64), k=200_000)
    data = bytearray(gzip.compress(record(PAGE + bytes(noise))))
    data[len(data) // 2 : len(data) // 2 + 400] = bytes(400)
    with pytest.raises(ArchiveLoadFailed, match="compressed data are damaged"):
        read(bytes(data) + gzip.compress(record()))
    assert capfd.readouterr() == ("", "")


def test_what_warcio_would_say_is_kept_from_the_terminal(capfd):
    logging.getLogger("warcio").setLevel(logging.WARNING)
    too_short = record(length=b"%d" % (len(PAGE) - 3))
    assert read(too_short)[0][0] == "https://example.org/a%20b"
    assert capfd.readouterr() == ("", "")


def test_the_scheme_of_an_address_may_be_in_capitals():
    assert read(record(url=b"HTTPS://Example.org/A")) == [("https://Example.org/A", b"<html>")]


@pytest.mark.parametrize("url", [b"dns:example.org", b""])
def test_an_address_may_have_no_head_of_http(url):
    assert read(record(url=url))[0][1] == PAGE


@pytest.mark.parametrize("length", [b"9" * 23, b"9" * 9_000, b"-5", b"1e3", b"ten"])
def test_a_length_that_no_file_can_have(length, capfd):
    with pytest.raises(ArchiveLoadFailed, match="its Content-Length is"):
        read(record(length=length))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "data", [b"\r\n", b"\nWARC/1.0\r\n\r\n", gzip.compress(b"\n" + record(), mtime=0)]
)
def test_no_record_begins_with_an_empty_line(data):
    with pytest.raises(ArchiveLoadFailed, match="no record begins there"):
        read(data)


def members(*parts):
    packed = [gzip.compress(part) for part in parts]
    starts = [sum(map(len, packed[:number])) for number in range(len(packed) + 1)]
    return b"".join(packed), starts


def test_the_next_record_is_found_behind_one_that_cannot_be_read():
    data, starts = members(b"no record at all\r\n" * 9_000, record(PAGE))
    stream = io.BytesIO(data)
    records = Records(stream)
    with pytest.raises(ArchiveLoadFailed):
        next(records)
    assert records.skip_member() == starts[1]
    stream.seek(starts[1])
    assert next(Records(stream)).raw_stream.read() == b"<html>"


def test_nothing_is_found_behind_the_last_one_or_without_packing():
    for data in (
        gzip.compress(b"no record"),
        b"no record\r\n" + record(),
        gzip.compress(b"x")[:15],
    ):
        records = Records(io.BytesIO(data))
        with pytest.raises((ArchiveLoadFailed, EOFError, StopIteration)):
            next(records)
        assert records.skip_member() is None
