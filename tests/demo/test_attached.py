"""The attached files of the replica are PDFs that a crawl finds and reads."""

from scraper.archive import Archive
from scraper.archive.search.articles import search
from scraper.archive.search.filters import Filters
from scraper.demo.attached import pdf
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.extract.pdf import read_pdf
from tests.support.replica import crawl, rows


def test_what_is_written_can_be_read():
    long = "\n".join(f"Zeile {n} (mit Klammern) \\ „Größe“" for n in range(60))
    found = read_pdf(pdf(["Erste Seite", long]))
    assert (found.pages, len(found.page_starts)) == (3, 3)
    assert found.text.replace("\n\n", "\n") == f"Erste Seite\n{long}"


def test_a_crawl_reads_them_and_finds_the_twins(tmp_path):
    with ReplicaServer(Newsroom(30), navigation_bytes=200) as server:
        report = crawl(tmp_path, server.base_url, attachments=True)
    assert (report.exit_code, report.failed) == (0, 0)
    files = rows(tmp_path, "SELECT url, is_twin, pages, reason FROM attachments")
    assert files
    assert len({row["url"] for row in files}) == report.attachments
    assert all(row["pages"] and row["reason"] is None for row in files)
    twins = [row["url"].endswith("_pressemitteilung.pdf") for row in files]
    assert [bool(row["is_twin"]) for row in files] == twins
    assert any(twins)
    with Archive.open_existing(tmp_path) as archive:
        found = search(archive, "Gehweg Fernwärme", Filters())
        assert found
        assert {row["attachment"]["page"] for row in found} == {3}
