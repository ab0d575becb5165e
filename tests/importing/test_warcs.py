"""WARC files of other tools, whole and damaged: what comes in, what is left out and why."""

import gzip
import io
import sys
import zipfile
from datetime import UTC, datetime

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from scraper.archive import Archive
from scraper.archive.read import read_capture
from scraper.archive.verify import verify
from scraper.errors import UsageError
from scraper.importing.files import Part
from scraper.importing.found import Broken, Unreadable
from scraper.importing.response import read_response
from scraper.importing.warcs import look_through
from scraper.sites import get_site
from tests.importing.captures import (
    OLD_PAGE,
    ORIGIN,
    SECTION,
    Warc,
    bring_in,
    chunked,
    deflated,
    lives,
    new_page,
    old_page,
    rows,
    stamp,
)

HTML = (("Content-Type", "text/html"),)


def one(path, directory):
    report = bring_in(directory, path)
    return report, rows(directory, "SELECT * FROM articles")


@pytest.mark.parametrize("compressed", [True, False], ids=["gz", "plain"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_crawl_of_wget_comes_in_with_its_own_time(tmp_path, compressed, version):
    warc = Warc(compressed=compressed, version=version).info()
    warc.record(
        "request", f"{OLD_PAGE}?nid=1", b"GET / HTTP/1.1\r\n\r\n", stamp(0), "application/http"
    )
    warc.response(f"{OLD_PAGE}?nid=1&print=1", old_page(1), "2022-05-18T12:00:00.123456Z")
    warc.response(f"{ORIGIN}/style.css", b"p {}", stamp(1), headers=(("Content-Type", "text/css"),))
    name = "wget.warc.gz" if compressed else "wget.warc"
    report, found = one(warc.save(tmp_path / name), tmp_path / "a")
    assert (report.read, report.new, report.failed, report.exit_code) == (1, 1, 0, 0)
    assert report.skipped == {"not an article of the site": 1}
    assert found[0]["url"] == f"{OLD_PAGE}?nid=1"
    assert found[0]["published"] == "2022-05-17"
    assert found[0]["first_seen"] == found[0]["last_seen"] == "2022-05-18T12:00:00+00:00"


def test_a_wacz_of_browsertrix(tmp_path):
    warc = Warc(version="1.1").info()
    warc.response(f"{SECTION}/a.html", new_page("a"), stamp(0))
    warc.record("resource", "urn:text:x", b"text of the page", stamp(0), "text/plain")
    report, found = one(warc.save_wacz(tmp_path / "crawl.wacz"), tmp_path / "a")
    assert (report.new, report.failed) == (1, 0)
    assert found[0]["title"] == "Titel a"


def test_addresses_of_the_wayback_machine_give_address_and_time(tmp_path):
    address = f"https://web.archive.org/web/20190401101112id_/{OLD_PAGE}?nid=7"
    warc = Warc().response(address, old_page(7), "2026-01-01T00:00:00Z")
    _report, found = one(warc.save(tmp_path / "w.warc.gz"), tmp_path / "a")
    assert (found[0]["url"], found[0]["first_seen"]) == (
        f"{OLD_PAGE}?nid=7",
        "2019-04-01T10:11:12+00:00",
    )


TWICE = gzip.compress(gzip.compress(old_page(1)))
CODINGS = {
    "chunked": (chunked(old_page(1)), (("Transfer-Encoding", "chunked"),)),
    "said to be chunked, but is not": (old_page(1), (("Transfer-Encoding", "chunked"),)),
    "gzip": (gzip.compress(old_page(1)), (("Content-Encoding", "gzip"),)),
    "said to be gzip, but is not": (old_page(1), (("Content-Encoding", "gzip"),)),
    "deflate": (deflated(old_page(1)), (("Content-Encoding", "deflate"),)),
    "gzip in chunks": (
        chunked(gzip.compress(old_page(1))),
        (("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")),
    ),
    "none": (old_page(1), (("Content-Encoding", "none"),)),
    "the charset as coding": (old_page(1), (("Content-Encoding", "UTF-8"),)),
    "identity": (old_page(1), (("Content-Encoding", "identity"),)),
    "unknown": (old_page(1), (("Content-Encoding", "bzip2"),)),
    "gzip twice": (
        gzip.compress(gzip.compress(old_page(1))),
        (("Content-Encoding", "gzip"), ("Content-Encoding", "gzip")),
    ),
    "said to be gzip twice": (gzip.compress(old_page(1)), (("Content-Encoding", "gzip, gzip"),)),
    "said to be gzip twice, but is not": (old_page(1), (("Content-Encoding", "gzip, gzip"),)),
    "br": (brotli.compress(old_page(1)), (("Content-Encoding", "br"),)),
    "said to be br, but is not": (old_page(1), (("Content-Encoding", "br"),)),
    "said to be deflate, but is not": (old_page(1), (("Content-Encoding", "deflate"),)),
    "empty": (old_page(1), (("Content-Encoding", ""),)),
    "gzip in capitals": (gzip.compress(old_page(1)), (("Content-Encoding", "GZIP"),)),
    "gzip and none": (gzip.compress(old_page(1)), (("Content-Encoding", "gzip, none"),)),
    "gzip twice, in one line": (TWICE, (("Content-Encoding", "gzip, gzip"),)),
    "gzip in two lines": (TWICE, (("Content-Encoding", "gzip"), ("Content-Encoding", "gzip"))),
    "gzip, and not said": (gzip.compress(old_page(1)), ()),
    "gzip, and called none": (gzip.compress(old_page(1)), (("Content-Encoding", "none"),)),
    "gzip, and called deflate": (gzip.compress(old_page(1)), (("Content-Encoding", "deflate"),)),
    "gzip with a weight": (gzip.compress(old_page(1)), (("Content-Encoding", "gzip;q=1.0"),)),
    "gzip as transfer coding": (
        gzip.compress(old_page(1)),
        (("Transfer-Encoding", "gzip, chunked"),),
    ),
    "gzip twice, said once": (TWICE, (("Content-Encoding", "gzip"),)),
    "gzip once, said twice": (gzip.compress(old_page(1)), (("Content-Encoding", "gzip, gzip"),)),
    "deflate, then gzip": (
        gzip.compress(deflated(old_page(1))),
        (("Content-Encoding", "deflate, gzip"),),
    ),
    "br, then gzip": (
        gzip.compress(brotli.compress(old_page(1))),
        (("Content-Encoding", "br, gzip"),),
    ),
}


@pytest.mark.parametrize("coding", CODINGS)
def test_codings_are_undone_and_the_page_can_be_read_back(tmp_path, coding):
    body, headers = CODINGS[coding]
    warc = Warc().response(f"{OLD_PAGE}?nid=1", body, stamp(0), headers=(*HTML, *headers))
    report, _found = one(warc.save(tmp_path / "c.warc.gz"), tmp_path / "a")
    assert (report.new, report.failures) == (1, [])
    with Archive.open_existing(tmp_path / "a") as archive:
        assert read_capture(archive, 1).body == old_page(1)
        assert verify(archive)["problems"] == []


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (chunked(old_page(1))[:-50], (("Transfer-Encoding", "chunked"),), "chunks"),
        (gzip.compress(old_page(1))[:-20], (("Content-Encoding", "gzip"),), "ends too early"),
        (brotli.compress(old_page(1))[:-9], (("Content-Encoding", "br"),), "br data"),
        (old_page(1), (("Content-Encoding", "zstd"),), "zstd"),
        (old_page(1), (("Content-Encoding", "gzip," * 9),), "packed 9 times"),
        (b"<h1>Wartung</h1>", (), "not an article page"),
        (b"", (), "empty"),
    ],
)
def test_a_page_that_cannot_be_read_is_listed_with_its_place(tmp_path, body, headers, reason):
    warc = Warc().response(f"{OLD_PAGE}?nid=1", body, stamp(0), headers=(*HTML, *headers))
    warc.response(f"{OLD_PAGE}?nid=2", old_page(2), stamp(0))
    report, found = one(warc.save(tmp_path / "c.warc.gz"), tmp_path / "a")
    assert (report.new, report.failed, report.exit_code) == (1, 1, 3)
    [(where, why)] = report.failures
    assert where == f"{tmp_path / 'c.warc.gz'}, byte 0"
    assert reason in why
    assert [row["title"] for row in found] == ["Meldung 2"]
    assert len(rows(tmp_path / "a", "SELECT * FROM captures")) == 1


def test_without_brotli_its_pages_fail_with_advice(monkeypatch):
    monkeypatch.setitem(sys.modules, "brotli", None)
    block = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x8b\x02"
    with pytest.raises(Unreadable, match="install the Python package brotli"):
        read_response(block)


def test_what_is_no_page_is_counted_by_reason(tmp_path):
    warc = Warc()
    warc.response(f"{OLD_PAGE}?nid=1", b"", stamp(0), status="404 Not Found")
    warc.response(f"{OLD_PAGE}?nid=2", b"", stamp(0), status="302 Found")
    warc.response(
        f"{OLD_PAGE}?nid=3", b"%PDF", stamp(0), headers=(("Content-Type", "application/pdf"),)
    )
    warc.response("https://www.example.org/a.html", old_page(1), stamp(0))
    warc.record("conversion", f"{OLD_PAGE}?nid=4", b"text", stamp(0), "text/plain")
    report, _found = one(warc.save(tmp_path / "s.warc.gz"), tmp_path / "a")
    assert (report.read, report.failed, report.exit_code) == (0, 0, 0)
    assert report.skipped == {
        "not answered with HTTP 200": 2,
        "not HTML": 1,
        "not an article of the site": 1,
    }


def digest_of(warc):
    record = next(ArchiveIterator(io.BytesIO(warc.buffer.getvalue())))
    return record.rec_headers.get_header("WARC-Payload-Digest")


@pytest.mark.parametrize("split", [True, False], ids=["two files", "one file"])
@pytest.mark.parametrize("by_digest", [True, False])
def test_a_revisit_is_the_page_it_refers_to_at_its_own_time(tmp_path, split, by_digest):
    url = f"{OLD_PAGE}?nid=1"
    first = Warc().response(url, old_page(1), stamp(0))
    second = Warc() if split else first
    second.revisit(url, digest_of(first) if by_digest else "sha1:X", url, stamp(0), stamp(30))
    paths = [second.save(tmp_path / "1.warc.gz"), first.save(tmp_path / "2.warc.gz")]
    report = bring_in(tmp_path / "a", *(paths if split else paths[1:]))
    assert (report.read, report.new, report.unchanged, report.failed) == (2, 1, 1, 0)
    article = rows(tmp_path / "a", "SELECT first_seen, last_seen FROM articles")[0]
    assert [value[11:16] for value in article.values()] == ["12:00", "12:30"]


def test_a_revisit_of_a_page_that_is_not_there_is_counted(tmp_path):
    warc = Warc().revisit(f"{OLD_PAGE}?nid=1", "sha1:X", f"{OLD_PAGE}?nid=1", stamp(0), stamp(1))
    report, _found = one(warc.save(tmp_path / "r.warc.gz"), tmp_path / "a")
    assert report.skipped == {"a revisit of a page that is not in these files": 1}


def test_evidence_is_the_response_as_the_source_had_it(tmp_path):
    headers = (*HTML, ("X-Served-By", "old machine"), ("Content-Encoding", "gzip"))
    body = gzip.compress(old_page(1), mtime=0)
    warc = Warc().response(f"{OLD_PAGE}?nid=1", body, "2022-05-18T12:00:00.5Z", headers=headers)
    one(warc.save(tmp_path / "e.warc.gz"), tmp_path / "a")
    [path] = (tmp_path / "a" / "warc").glob("*.warc.gz")
    with path.open("rb") as file:
        kept = [r for r in _whole(file) if r[0] not in {"warcinfo", "metadata"}]
    assert [(kind, date) for kind, date, *_ in kept] == [
        ("response", "2022-05-18T12:00:00.500000Z")
    ]
    _kind, _date, head, payload = kept[0]
    assert ("X-Served-By", "old machine") in head
    assert payload == body


def _whole(file):
    for record in ArchiveIterator(file, check_digests=True):
        head = record.http_headers.headers if record.http_headers else []
        payload = record.raw_stream.read()
        assert record.digest_checker.passed is not False
        yield record.rec_type, record.rec_headers.get_header("WARC-Date"), head, payload


@pytest.mark.parametrize("compressed", [True, False], ids=["gz", "plain"])
def test_what_stands_before_a_torn_tail_comes_in(tmp_path, compressed, capsys):
    warc = Warc(compressed=compressed).response(f"{OLD_PAGE}?nid=1", old_page(1), stamp(0))
    whole = len(warc.buffer.getvalue())
    warc.response(f"{OLD_PAGE}?nid=2", old_page(2), stamp(0))
    data = warc.buffer.getvalue()
    for cut in (whole + 5, whole + 40, (whole + len(data)) // 2, len(data) - 30):
        path = tmp_path / f"{cut}.warc{'.gz' if compressed else ''}"
        path.write_bytes(data[:cut])
        report = bring_in(tmp_path / str(cut), path)
        assert (report.new, report.failed, report.exit_code) == (1, 1, 3), cut
        assert str(path) in report.failures[0][0]
        assert f"{whole:,}" in report.failures[0][0]
    assert capsys.readouterr().err == ""


def test_a_file_compressed_as_a_whole_fails_with_advice(tmp_path):
    warc = Warc(compressed=False).response(f"{OLD_PAGE}?nid=1", old_page(1), stamp(0))
    warc.response(f"{OLD_PAGE}?nid=2", old_page(2), stamp(0))
    path = tmp_path / "big.warc.gz"
    path.write_bytes(gzip.compress(warc.buffer.getvalue()))
    report, _found = one(path, tmp_path / "a")
    assert "warcio recompress big.warc.gz" in report.failures[-1][1]
    assert report.exit_code == 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"plain text"])
def test_a_wacz_that_is_none(tmp_path, content):
    path = tmp_path / "x.wacz"
    path.write_bytes(content)
    report, _found = one(path, tmp_path / "a")
    assert "no WACZ that can be read" in report.failures[0][1]


def test_a_wacz_without_warc(tmp_path):
    path = tmp_path / "x.wacz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pages/pages.jsonl", "{}")
    report, _found = one(path, tmp_path / "a")
    assert report.failures == [(str(path), "there is no WARC file in it")]


def test_files_are_found_in_folders_and_by_their_content(tmp_path):
    for number, name in enumerate(("a/b/1.warc.gz", "a/2.warc", "a/c/3.bin", "a/4.wacz")):
        warc = Warc(compressed=not name.endswith((".warc", ".bin")))
        warc.response(f"{OLD_PAGE}?nid={number}", old_page(number), stamp(0))
        if name.endswith("wacz"):
            warc.save_wacz(tmp_path / name)
        else:
            warc.save(tmp_path / name)
    (tmp_path / "a" / "notes.txt").write_text("nothing")
    report = bring_in(tmp_path / "x", tmp_path / "a", tmp_path / "a" / "2.warc")
    assert (report.new, report.unchanged, report.failed) == (4, 0, 0)


def test_a_path_that_is_not_there_is_a_mistake_of_the_user(tmp_path):
    with pytest.raises(UsageError, match="nothing at"):
        bring_in(tmp_path / "a", tmp_path / "missing.warc.gz")


def sample(compressed):
    warc = Warc(compressed=compressed).info()
    for number in range(3):
        warc.response(f"{OLD_PAGE}?nid={number}", old_page(number), stamp(number))
    return warc.buffer.getvalue()


SAMPLES = {True: sample(True), False: sample(False)}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.booleans(), st.data())
def test_damage_anywhere_is_an_end_or_a_place_never_a_crash(tmp_path, compressed, data):
    content = bytearray(SAMPLES[compressed])
    for _change in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(content) - 1))
        content[position] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    path = tmp_path / "damaged.warc.gz"
    path.write_bytes(content)
    found = list(look_through(Part(path), get_site("dortmund")))
    assert all(item.where.startswith(str(path)) for item in found if isinstance(item, Broken))


def test_the_date_of_a_record_may_lack_a_zone_but_not_be_missing(tmp_path):
    warc = Warc().response(f"{OLD_PAGE}?nid=1", old_page(1), "2022-05-18T12:00:00")
    warc.response(f"{OLD_PAGE}?nid=2", old_page(2), "yesterday")
    report, found = one(warc.save(tmp_path / "d.warc.gz"), tmp_path / "a")
    assert "does not say when" in report.failures[0][1]
    assert datetime.fromisoformat(found[0]["first_seen"]) == datetime(2022, 5, 18, 12, tzinfo=UTC)
    assert list(lives(tmp_path / "a")) == [f"{OLD_PAGE}?nid=1"]
