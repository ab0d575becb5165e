"""Invented releases never become real: the replica says what it is, crawl and import listen."""

import os
import urllib.request
from urllib.error import HTTPError

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.archive import Archive
from scraper.archive.runs import is_invented
from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.errors import UsageError
from scraper.warc import invented
from tests.importing.captures import Warc, bring_in, new_page, rows, stamp

HEADER = invented.HEADER


def sources(directory):
    return [row["source"] for row in rows(directory, "SELECT source FROM runs ORDER BY id")]


def real(tmp_path):
    url = "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/echt.html"
    return Warc().response(url, new_page("echt"), stamp(0)).save(tmp_path / "real.warc.gz")


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/robots.txt", "GET"),
        ("/newsroom/", "HEAD"),
        ("/nothing.html", "GET"),
        ("/sitemap.xml", "GET"),
        ("/robots.txt", "POST"),
        ("/api/search/proxy/search", "POST"),
        ("/x y", "GET"),
    ],
)
def test_every_answer_says_that_it_is_a_replica(replica, path, method):
    request = urllib.request.Request(
        replica.base_url + path.replace(" ", "%20"),
        method=method,
        data=b"{}" if method == "POST" else None,
    )
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    try:
        with opener.open(request) as answer:
            headers = answer.headers
    except HTTPError as error:
        headers = error.headers
        error.close()
    assert headers[HEADER] == "1"


def test_every_record_says_so_too(demo):
    kinds = set()
    for path in (demo / "warc").glob("*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                kinds.add(record.rec_type)
                assert record.rec_headers.get_header(HEADER) == "1"
                text = record.raw_stream.read()
                if record.rec_type == "warcinfo":
                    assert f"{HEADER}: 1".encode() in text
    assert kinds >= {"warcinfo", "request", "response"}


def test_a_real_record_does_not(tmp_path):
    bring_in(tmp_path / "a", real(tmp_path))
    for path in (tmp_path / "a" / "warc").glob("*.warc.gz"):
        with path.open("rb") as file:
            assert all(r.rec_headers.get_header(HEADER) is None for r in ArchiveIterator(file))
    assert sources(tmp_path / "a") == ["import"]


def test_imported_into_a_new_archive_they_stay_invented(demo, tmp_path):
    report = bring_in(tmp_path / "a", demo / "warc")
    assert report.new == 6
    assert sources(tmp_path / "a") == ["demo-import"]
    with Archive.open_existing(tmp_path / "a") as archive:
        assert is_invented(archive)
    again = bring_in(tmp_path / "b", tmp_path / "a" / "warc")  # of an import's own files
    assert (again.new, sources(tmp_path / "b")) == (6, ["demo-import"])


def test_an_import_brings_nothing_invented_among_what_is_real(demo, tmp_path):
    bring_in(tmp_path / "a", real(tmp_path))
    before = rows(tmp_path / "a", "SELECT * FROM articles")
    for options in ({}, {"dry_run": True}):
        with pytest.raises(UsageError, match="holds real releases; invented ones"):
            bring_in(tmp_path / "a", demo / "warc", **options)
    assert rows(tmp_path / "a", "SELECT * FROM articles") == before
    assert sources(tmp_path / "a") == ["import"]


def test_nor_anything_real_among_what_is_invented(demo, tmp_path):
    bring_in(tmp_path / "a", demo / "warc")
    for options in ({}, {"dry_run": True}):
        with pytest.raises(UsageError, match="holds invented releases; real ones"):
            bring_in(tmp_path / "a", real(tmp_path), **options)


def test_an_import_of_nothing_is_of_no_kind(demo, tmp_path):
    bring_in(tmp_path / "a", demo / "warc")
    (tmp_path / "empty").mkdir()
    assert bring_in(tmp_path / "a", tmp_path / "empty").exit_code == 0
    assert sources(tmp_path / "a") == ["demo-import", "demo-import"]


def test_files_of_both_kinds_are_refused_together(demo, tmp_path):
    with pytest.raises(UsageError, match=r"real\.warc\.gz"):
        bring_in(tmp_path / "a", demo / "warc", real(tmp_path))
    assert not (tmp_path / "a").exists()


def test_a_saved_page_of_the_replica_is_known_by_its_mark(replica, tmp_path):
    path = replica.article(1).url.split(".de", 1)[1]
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(replica.base_url + path) as answer:
        (tmp_path / "page.html").write_bytes(answer.read())
    os.utime(tmp_path / "page.html", (1_700_000_000, 1_700_000_000))
    bring_in(tmp_path / "a", tmp_path / "page.html")
    assert sources(tmp_path / "a") == ["demo-import"]
    again = bring_in(tmp_path / "b", tmp_path / "a" / "warc")
    assert (again.new, sources(tmp_path / "b")) == (1, ["demo-import"])


def test_what_marks_a_page():
    assert invented.in_headers([("x-newsroom-replica", "1")])
    assert not invented.in_headers([("x-newsroom", "1")])
    assert invented.in_head(b"HTTP/1.1 200 OK\r\nx-newsroom-REPLICA: 1\r\n\r\n")
    assert not invented.in_head(b"HTTP/1.1 200 OK\r\nX: x-newsroom-replica: 1\r\n\r\n")
    assert not invented.in_page(render_article(Newsroom(1).article(0), navigation=b"[]"))
