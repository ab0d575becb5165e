"""Attached files: fetched once, read, looked at again, and what is said of those that fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from scraper.archive import Archive
from scraper.archive.read import read_article, read_capture_by_id
from scraper.archive.verify import verify
from scraper.crawl import attachments
from scraper.extract.attached import NOT_READ_BEFORE, OTHER_KIND
from scraper.extract.file_text import FileText
from scraper.extract.pdf import NOT_INSTALLED
from scraper.extract.reading import PageReader
from scraper.records import Link
from scraper.sites import get_site
from tests.support import replica
from tests.support.loopback import Answer
from tests.support.office import docx, odt
from tests.support.pdf import pdf, scan
from tests.support.replica import crawl, rows
from tests.support.small import ORIGIN

HOUR = timedelta(hours=1)
TEXT = "Die Stadt baut am Hafen. " + " ".join(f"Satz {n} handelt vom Hafen." for n in range(12))


def link(name):
    return Link(f"{ORIGIN}/downloads/{name}", f"Datei {name}", "download")


def served(body, kind="application/pdf", **headers):
    return Answer(200, {"Content-Type": kind, **headers}, body)


def put(small, name, *links, text=TEXT):
    small.put(name, text=text, links=links)


def files(directory):
    return rows(
        directory,
        "SELECT url, media_type, size, text, pages, reason, is_twin FROM attachments "
        "ORDER BY article_id, position",
    )


def sound(directory):
    with Archive.open_existing(directory) as archive:
        return verify(archive)["problems"] == []


def test_files_are_fetched_after_the_pages_and_read(small, tmp_path):
    body = pdf("Der Plan", "Parkplätze")
    put(small, "a.html", link("plan.pdf"), link("liste.ods"))
    small.pages["/downloads/plan.pdf"] = served(body)
    small.pages["/downloads/liste.ods"] = served(b"PK", "application/octet-stream")
    report = crawl(tmp_path, small.url, attachments=True)
    assert (report.exit_code, report.attachments, report.failed) == (0, 2, 0)
    assert [path for path, _status in small.asked][-2:] == [
        "/downloads/plan.pdf",
        "/downloads/liste.ods",
    ]
    plan, liste = files(tmp_path)
    assert (plan["text"], plan["pages"], plan["reason"]) == ("Der Plan\n\nParkplätze", 2, None)
    assert (liste["text"], liste["size"]) == (None, 2)
    assert liste["reason"] == OTHER_KIND
    with Archive.open_existing(tmp_path) as archive:
        kept = archive.rows("SELECT capture_id FROM attachments ORDER BY position")[0]
        assert read_capture_by_id(archive, kept["capture_id"]).body == body
        assert read_article(archive, 1).attachments[0].text == "Der Plan\n\nParkplätze"
    assert sound(tmp_path)


def test_without_being_asked_for_no_file_is_fetched(small, tmp_path, monkeypatch):
    put(small, "a.html", link("plan.pdf"))
    small.pages["/downloads/plan.pdf"] = served(pdf("Der Plan"))
    assert crawl(tmp_path, small.url).attachments == 0
    site = replace(get_site("dortmund"), attachments=True)
    monkeypatch.setattr(replica, "get_site", lambda _key: site)
    assert crawl(tmp_path, small.url, after=HOUR).attachments == 1


def test_one_content_is_kept_once(small, tmp_path):
    put(small, "a.html", link("plan.pdf"), link("kopie.pdf"))
    put(small, "b.html", link("plan.pdf"))
    body = pdf("Der Plan")
    small.pages |= {f"/downloads/{name}.pdf": served(body) for name in ("plan", "kopie")}
    assert crawl(tmp_path, small.url, attachments=True).attachments == 2
    assert [row["text"] for row in files(tmp_path)] == ["Der Plan"] * 3
    held = rows(tmp_path, "SELECT refers_to FROM captures WHERE url LIKE '%/downloads/%'")
    assert sorted(row["refers_to"] is None for row in held) == [False, True]


def test_another_file_at_the_same_address_is_an_event(small, tmp_path, newsroom):
    put(small, "a.html", link("plan.pdf"))
    small.pages["/downloads/plan.pdf"] = served(pdf("Erster Plan"), ETag='"1"')
    crawl(tmp_path, small.url, attachments=True)
    # Not due yet, then due and unchanged, then changed.
    small.asked.clear()
    crawl(tmp_path, small.url, after=HOUR, attachments=True)
    assert not [path for path, _status in small.asked if "downloads" in path]
    assert crawl(tmp_path, small.url, after=60 * HOUR, attachments=True).attachments == 0
    small.pages["/downloads/plan.pdf"] = served(pdf("Zweiter Plan"))
    report = crawl(tmp_path, small.url, after=900 * HOUR, attachments=True)
    assert report.attachments == 1
    assert files(tmp_path)[0]["text"] == "Zweiter Plan"
    (event,) = rows(tmp_path, "SELECT detail, capture_id FROM events WHERE kind = 'attachment'")
    assert event["detail"] == f"{ORIGIN}/downloads/plan.pdf"
    versions = rows(tmp_path, "SELECT first_seen, last_seen FROM file_versions ORDER BY id")
    assert len(versions) == 2
    assert versions[0]["first_seen"] < versions[0]["last_seen"] < versions[1]["first_seen"]
    out = newsroom("--data", tmp_path, "changes", "--since", "2026-01-01")[1]
    assert "new file" in out
    assert "plan.pdf" in out
    assert sound(tmp_path)


def test_an_edit_of_the_release_keeps_what_is_known_of_its_files(small, tmp_path):
    put(small, "a.html", link("plan.pdf"))
    small.pages["/downloads/plan.pdf"] = served(pdf(TEXT))
    crawl(tmp_path, small.url, attachments=True)
    assert files(tmp_path)[0]["is_twin"] == 1
    put(small, "a.html", link("neu.pdf"), link("plan.pdf"), text="Der Hafen bleibt, wie er ist.")
    small.asked.clear()
    crawl(tmp_path, small.url, after=60 * HOUR, full=True)
    new, plan = files(tmp_path)
    assert (new["text"], new["size"]) == (None, None)
    assert plan["text"].startswith("Die Stadt baut")
    assert plan["is_twin"] == 0
    assert sound(tmp_path)


def test_the_twin_of_a_release_is_recognised(small, tmp_path):
    put(small, "a.html", link("pm.pdf"), link("scan.pdf"))
    title = "Überschrift von a.html"
    small.pages["/downloads/pm.pdf"] = served(pdf(f"{title}\n{TEXT}\nPressestelle"))
    small.pages["/downloads/scan.pdf"] = served(scan())
    crawl(tmp_path, small.url, attachments=True)
    twin, scanned = files(tmp_path)
    assert twin["is_twin"] == 1
    assert (scanned["text"], scanned["reason"], scanned["is_twin"]) == (None, "no text layer", 0)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(404, {}, b""), "HTTP 404"),
        (served(b""), "it is empty"),
        (served(b"<html>Anmelden</html>", "text/html; charset=utf-8"), "a web page"),
        (Answer(302, {"Location": "https://elsewhere.example/x.pdf"}), "not a page of the site"),
    ],
)
def test_a_file_that_cannot_be_had_says_why(small, tmp_path, answer, reason):
    put(small, "a.html", link("plan.pdf"))
    small.pages["/downloads/plan.pdf"] = answer
    report = crawl(tmp_path, small.url, attachments=True)
    assert (report.exit_code, report.failed) == (3, 1)
    assert reason in files(tmp_path)[0]["reason"]
    small.pages["/downloads/plan.pdf"] = served(pdf("Der Plan"))
    assert crawl(tmp_path, small.url, after=HOUR, attachments=True).attachments == 1
    assert files(tmp_path)[0]["reason"] is None
    assert sound(tmp_path)


def test_files_of_other_hosts_are_left_alone(small, tmp_path):
    put(small, "a.html", Link("https://elsewhere.example/x.pdf", "Fremd", "download"))
    for after in (0, 1):
        report = crawl(tmp_path, small.url, after=after * HOUR, attachments=True)
        assert (report.exit_code, report.failures) == (0, [])
    assert "not the city's" in files(tmp_path)[0]["reason"]


def test_a_run_asks_for_so_many_files_at_most(small, tmp_path, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_OF_A_RUN", 1)
    put(small, "a.html", link("1.pdf"), link("2.pdf"))
    small.pages |= {f"/downloads/{n}.pdf": served(pdf(f"Plan {n}")) for n in (1, 2)}
    report = crawl(tmp_path, small.url, attachments=True)
    assert report.attachments == 1
    assert "1 more attached files wait" in " ".join(report.warnings)
    assert crawl(tmp_path, small.url, after=HOUR, attachments=True).attachments == 1


def test_what_was_kept_without_the_extra_is_read_once_it_is_installed(small, tmp_path, monkeypatch):
    put(small, "a.html", link("plan.pdf"))
    small.pages["/downloads/plan.pdf"] = served(pdf("Der Plan"))
    with monkeypatch.context() as patch:
        patch.setattr(attachments, "can_read", lambda: False)
        patch.setattr(PageReader, "file", lambda _self, _capture: FileText(reason=NOT_INSTALLED))
        report = crawl(tmp_path, small.url, attachments=True)
    assert "extra `attachments`" in " ".join(report.warnings)
    assert files(tmp_path)[0]["reason"] == NOT_INSTALLED
    small.asked.clear()
    report = crawl(tmp_path, small.url, after=HOUR, attachments=True)
    assert (report.warnings, report.attachments) == ([], 0)
    assert (files(tmp_path)[0]["text"], files(tmp_path)[0]["reason"]) == ("Der Plan", None)
    assert not [path for path, _status in small.asked if "downloads" in path]
    assert sound(tmp_path)


def test_word_processing_files_are_searched_like_pdfs(small, tmp_path, newsroom):
    put(small, "a.html", link("plan.docx"), link("plan.odt"))
    small.pages["/downloads/plan.docx"] = served(docx("Anlass", "Radschnellweg"), "text/plain")
    small.pages["/downloads/plan.odt"] = served(odt("Brückensanierung"), "text/plain")
    assert crawl(tmp_path, small.url, attachments=True).failed == 0
    told = files(tmp_path)
    assert [(row["text"], row["pages"], row["reason"]) for row in told] == [
        ("Anlass\n\nRadschnellweg", 2, None),
        ("Brückensanierung", None, None),
    ]
    assert "officedocument" in told[0]["media_type"]
    assert told[1]["media_type"] == "application/vnd.oasis.opendocument.text"
    code, out, _err = newsroom("--data", tmp_path, "search", "Radschnellweg")
    assert (code, "im Anhang, Seite 2 (Datei plan.docx)" in out) == (0, True)
    code, out, _err = newsroom("--data", tmp_path, "search", "Brückensanierung")
    assert (code, "im Anhang (Datei plan.odt)" in out) == (0, True)
    assert sound(tmp_path)


def test_what_an_older_version_did_not_read_is_read(small, tmp_path, monkeypatch):
    put(small, "a.html", link("plan.docx"))
    small.pages["/downloads/plan.docx"] = served(docx("Der Plan"))
    with monkeypatch.context() as patch:
        told = FileText(reason=NOT_READ_BEFORE[1])
        patch.setattr(PageReader, "file", lambda _self, _capture: told)
        crawl(tmp_path, small.url, attachments=True)
    crawl(tmp_path, small.url, after=HOUR, attachments=True)
    assert files(tmp_path)[0]["text"] == "Der Plan"
