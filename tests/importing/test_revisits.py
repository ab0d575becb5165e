"""Revisits: by id, by digest, by place, of one another; never of a page that is not there."""

import gzip
import pickle

import pytest

from scraper.importing.files import Part
from scraper.importing.found import Entry
from scraper.importing.revisits import resolve
from scraper.importing.warcs import look_through
from scraper.sites import get_site
from tests.importing.captures import OLD_PAGE, Warc, bring_in, old_page, rows, stamp

URL = f"{OLD_PAGE}?nid=1"
PROFILE = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"


def page(number, minute, record_id, text="Text."):
    plain = Warc(compressed=False).response(
        f"{OLD_PAGE}?nid={number}", old_page(number, text), stamp(minute)
    )
    lines = plain.buffer.getvalue().split(b"\r\n")
    named = [
        f"WARC-Record-ID: {record_id}".encode() if line.startswith(b"WARC-Record-ID") else line
        for line in lines
    ]
    return gzip.compress(b"\r\n".join(named))


def revisit(minute, record_id, *more, block=b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n'):
    head = [
        "WARC/1.0",
        "WARC-Type: revisit",
        f"WARC-Target-URI: {URL}",
        f"WARC-Date: {stamp(minute)}",
        f"WARC-Record-ID: {record_id}",
        "Content-Type: application/http; msgtype=response",
        f"WARC-Profile: {PROFILE}",
        *more,
        f"Content-Length: {len(block)}",
    ]
    return gzip.compress("\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n")


def bring(tmp_path, *parts):
    path = tmp_path / "c.warc.gz"
    path.write_bytes(b"".join(parts))
    report = bring_in(tmp_path / "a", path)
    found = rows(tmp_path / "a", "SELECT last_seen FROM articles")
    return report, [row["last_seen"][14:16] for row in found]


@pytest.mark.parametrize("spelling", ["<urn:uuid:ab>", "urn:uuid:AB", " <URN:UUID:AB> "])
@pytest.mark.parametrize("block", [b"", b"HTTP/1.1 304 Not Modified\r\n\r\n"])
def test_a_revisit_may_name_nothing_but_the_record(tmp_path, spelling, block):
    again = revisit(30, "<urn:uuid:2>", f"WARC-Refers-To: {spelling}", block=block)
    report, last = bring(tmp_path, page(1, 0, "<urn:uuid:ab>"), again)
    assert (report.read, report.new, report.unchanged, report.failed) == (2, 1, 1, 0)
    assert last == ["30"]


@pytest.mark.parametrize("more", [(), (f"WARC-Refers-To-Target-URI: {URL}",)])
def test_a_revisit_that_names_no_record_means_the_newest_before_it(tmp_path, more):
    one, two = page(1, 0, "<urn:uuid:a>", "Eins."), page(1, 10, "<urn:uuid:b>", "Zwei.")
    between, early = revisit(5, "<urn:uuid:c>", *more), revisit(40, "<urn:uuid:d>", *more)
    report, last = bring(tmp_path, early, between, one, two)
    assert (report.new, report.changed, report.unchanged, report.skipped) == (1, 1, 2, {})
    assert last == ["40"]


@pytest.mark.parametrize(
    "more", [("WARC-Refers-To: <urn:uuid:z>",), (f"WARC-Refers-To-Date: {stamp(3)}",)]
)
def test_a_revisit_that_names_a_record_nobody_has_means_no_other(tmp_path, more):
    report, _last = bring(tmp_path, page(1, 0, "<urn:uuid:a>"), revisit(9, "<urn:uuid:b>", *more))
    assert sum(report.skipped.values()) == 1


def test_the_id_counts_more_than_the_digest(tmp_path):
    one, two = page(1, 0, "<urn:uuid:a>", "Eins."), page(1, 10, "<urn:uuid:b>", "Zwei.")
    digest = "WARC-Payload-Digest: sha1:UNKNOWN"
    back = revisit(20, "<urn:uuid:c>", "WARC-Refers-To: <urn:uuid:a>", digest)
    report, _last = bring(tmp_path, one, two, back)
    assert (report.new, report.changed) == (1, 2)
    texts = rows(tmp_path / "a", "SELECT json_extract(record, '$.text') AS t FROM revisions")
    assert [row["t"].split(".")[0] for row in texts] == ["Eins", "Zwei", "Eins"]


def test_a_revisit_of_a_revisit(tmp_path):
    chain = [
        revisit(minute, f"<urn:uuid:{minute}>", f"WARC-Refers-To: <urn:uuid:{minute - 1}>")
        for minute in range(1, 60)
    ]
    report, last = bring(tmp_path, *reversed(chain), page(1, 0, "<urn:uuid:0>"))
    assert (report.read, report.unchanged, report.skipped) == (60, 59, {})
    assert last == ["59"]


def test_revisits_of_one_another_are_counted(tmp_path):
    one = revisit(1, "<urn:uuid:1>", "WARC-Refers-To: <urn:uuid:2>")
    two = revisit(2, "<urn:uuid:2>", "WARC-Refers-To: <urn:uuid:1>")
    report, _last = bring(tmp_path, one, two)
    assert report.skipped == {"a revisit of a page that is not in these files": 2}


def test_a_long_chain_is_read_in_one_step(tmp_path):
    path = tmp_path / "c.warc.gz"
    chain = [
        revisit(0, f"<urn:uuid:{number}>", f"WARC-Refers-To: <urn:uuid:{number - 1}>")
        for number in range(1, 3_000)
    ]
    path.write_bytes(page(1, 0, "<urn:uuid:0>") + b"".join(chain))
    found = list(look_through(Part(path), get_site("dortmund")))
    entries = [item for item in found if isinstance(item, Entry)]
    resolved = list(resolve(found[1:], entries))
    assert len(resolved) == 2_999
    assert resolved[-1].load().capture.body == entries[0].load().capture.body
    assert pickle.loads(pickle.dumps(resolved[-1])).load().capture.url == URL
