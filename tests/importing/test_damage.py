"""Records that cannot be read: listed with their place, and what stands behind them comes in."""

import gzip

import pytest

from tests.importing.captures import OLD_PAGE, Warc, bring_in, old_page, rows, stamp


def url(number):
    return f"{OLD_PAGE}?nid={number}"


def member(number):
    return Warc().response(url(number), old_page(number), stamp(number)).buffer.getvalue()


def spoilt(number, before, after):
    plain = gzip.decompress(member(number))
    assert plain.count(before) == 1
    return gzip.compress(plain.replace(before, after))


def length_of(number):
    plain = gzip.decompress(member(number))
    return next(line for line in plain.splitlines(keepends=True) if b"Content-Length" in line)


BAD = {
    "a length of 23 digits": lambda: spoilt(2, length_of(2), b"Content-Length: 9%022d\r\n" % 1),
    "a length that Python refuses": lambda: spoilt(
        2, length_of(2), b"Content-Length: " + b"9" * 5_000 + b"\r\n"
    ),
    "a head line without end": lambda: spoilt(
        2, length_of(2), b"X: " + b"a" * 9_000_000 + b"\r\n" + length_of(2)
    ),
    "no record": lambda: gzip.compress(b"<html>" * 9_000),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_stands_around_a_bad_record_comes_in(tmp_path, kind, capfd):
    first = member(1)
    (tmp_path / "a.warc.gz").write_bytes(first + BAD[kind]() + member(3))
    report = bring_in(tmp_path / "a", tmp_path / "a.warc.gz")
    assert (report.new, report.failed, report.exit_code) == (2, 1, 3)
    assert report.failures[0][0].endswith(f"a.warc.gz, byte {len(first):,}")
    titles = [row["title"] for row in rows(tmp_path / "a", "SELECT title FROM articles")]
    assert titles == ["Meldung 1", "Meldung 3"]
    assert capfd.readouterr() == ("", "")


def test_a_bad_record_of_a_file_that_is_not_packed_ends_it(tmp_path):
    plain = gzip.decompress(BAD["a length of 23 digits"]())
    parts = (gzip.decompress(member(1)), plain, gzip.decompress(member(3)))
    (tmp_path / "a.warc").write_bytes(b"".join(parts))
    report = bring_in(tmp_path / "a", tmp_path / "a.warc")
    assert (report.new, report.failed) == (1, 1)


def test_a_record_without_an_address_spoils_none(tmp_path):
    nameless = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\nHTTP/1.1 \r\n\r\n"
    (tmp_path / "a.warc").write_bytes(nameless + gzip.decompress(member(1)))
    report = bring_in(tmp_path / "a", tmp_path / "a.warc")
    assert (report.new, report.failed) == (1, 0)


@pytest.mark.parametrize("scheme", ["HTTPS", "Http"])
def test_the_scheme_may_be_in_capitals(tmp_path, scheme):
    address = url(1).replace("https", scheme)
    for number, target in enumerate(
        (address, f"https://web.archive.org/web/20190401101112/{address}")
    ):
        warc = Warc().response(target, old_page(1), stamp(0))
        warc.save(tmp_path / f"{number}.warc.gz")
    report = bring_in(tmp_path / "a", tmp_path / "0.warc.gz", tmp_path / "1.warc.gz")
    assert (report.read, report.new, report.failures, report.skipped) == (2, 1, [], {})
    assert [row["url"] for row in rows(tmp_path / "a", "SELECT url FROM articles")] == [url(1)]
