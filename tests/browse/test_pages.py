"""What the server answers, seen without a browser."""

import csv
import hashlib
import io
import json
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import feedparser
import pytest
from openpyxl import load_workbook

from scraper.archive import Archive, Store
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.corrections import note_corrections
from scraper.archive.read import read_capture, read_picture
from scraper.browse import files
from scraper.browse.headers import PAGE_POLICY, SANDBOX_POLICY
from scraper.records import Attachment, Capture, Quote
from scraper.sites import get_site
from tests.archive.corpus import article, filled, store
from tests.browse.conftest import ARTICLES
from tests.browse.serving import get, web_view
from tests.conftest import NOW
from tests.support.replica import rows

VERSION_1 = Path(__file__).parents[1] / "fixtures" / "schema" / "version_1.sql"
OURS = (
    "/", "/search", "/search?q=Schule", "/search?q=Schule&sort=date", "/search?tag=Eving",
    "/release/{edited}", "/release/{gone}", "/people", "/people?q=a", "/people/{speaker}",
    "/changes", "/changes?kind=edited", "/changes?kind=removed", "/nowhere", "/search?page=0",
)  # fmt: skip
THEIRS = (
    "/newsroom", "/newsroom/articles", "/newsroom/articles.json", "/newsroom/articles/1",
    "/newsroom/articles?_facet=district", "/newsroom/people.csv", "/-/databases", "/-/nothing",
    "/assets/newsroom.css", "/assets/none", "/newsroom/none", "/newsroom.db",
)  # fmt: skip


def path_of(template, served):
    values = {"edited": served.edited, "gone": served.gone, "speaker": quote(served.speaker)}
    return template.format(**values)


def test_a_misspelt_word_leads_to_what_was_meant(served):
    html = get(served.address, "/search?q=Strassenbanh&date=2025").text
    assert "Did you mean:" in html
    href = re.search(r'class="meant">.*?href="([^"]+)"[^>]*>Straßenbahn<', html)
    assert href
    found = get(served.address, href[1].replace("&amp;", "&")).text
    assert 'class="hits"' in found


@pytest.mark.parametrize("template", OURS + THEIRS)
def test_every_answer_has_the_strict_headers(served, template):
    answer = get(served.address, path_of(template, served))
    assert answer.status < 500
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert "unsafe" not in PAGE_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "server" not in answer.headers


@pytest.mark.parametrize("template", OURS)
def test_our_pages_hold_no_script_no_style_and_nothing_of_others(served, template):
    html = get(served.address, path_of(template, served)).text
    assert not re.search(r"<script(?! src=\"/assets/)|<style|\sstyle=|\son\w+=|javascript:", html)
    for address in re.findall(r"<(?:link|script|img)[^>]*?(?:href|src)=\"([^\"]*)\"", html):
        assert address.startswith("/"), address


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404), ("/release/999999", 404), ("/people/Niemand", 404),
        ("/capture/999999", 404), ("/release/1/picture/99", 404), ("/changes?kind=x", 400),
        ("/search?date=gestern", 400), ("/search.csv?date=gestern", 400),
        ("/search?q=%22", 400), ("/search?q=Schule&page=900", 400), ("/people?q=%21", 400),
        ("/people?page=x", 400), ("/search?q=" + "x" * 3000, 400), ("/search?speaker=%21", 400),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_a_paragraph(served, path, status):
    answer = get(served.address, path)
    assert answer.status == status
    assert 'class="error"' in answer.text
    assert "Traceback" not in answer.text


def test_an_error_of_the_search_is_that_of_the_command_line(served):
    assert "There is no word to search for in" in get(served.address, "/search?q=%22").text


def test_pages_speak_the_language_of_the_browser(served):
    german = get(served.address, "/", Accept_Language="de-DE,de;q=0.9,en;q=0.5")
    assert '<html lang="de">' in german.text
    assert "Neueste Meldungen" in german.text
    assert "Accept-Language" in german.headers["vary"]
    english = get(served.address, "/")
    assert '<html lang="en">' in english.text
    assert "Newest releases" in english.text


def test_the_start_page_shows_the_state_of_the_archive(served):
    html = get(served.address, "/").text
    assert f"<dd>{ARTICLES}</dd>" in html
    assert "invented" in html
    assert '<a href="/changes?kind=edited">1</a>' in html
    assert '<a href="/changes?kind=removed">1</a>' in html
    assert "0 new, 0 changed, 0 failed" in html


def test_a_month_of_the_timeline_leads_to_its_releases(served):
    html = get(served.address, "/").text
    month, number = re.search(r'<a href="/search\?date=(\d{4}-\d\d)"[^>]*>(\d+)</a>', html).groups()
    assert f"<strong>{number} release" in get(served.address, f"/search?date={month}").text


def test_csv_holds_all_results(served):
    found = get(served.address, "/search?tag=Eving").text
    total = int(re.search(r"<strong>(\d+) release", found)[1])
    answer = get(served.address, "/search.csv?tag=Eving")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment;")
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(table) == total > 0
    assert all("Eving" in row["tags"] for row in table)
    every = list(csv.DictReader(io.StringIO(get(served.address, "/search.csv").text)))
    assert len(every) == ARTICLES
    assert [row["published"] for row in every] == sorted(
        (row["published"] for row in every), reverse=True
    )


def test_a_workbook_holds_all_results(served):
    assert 'href="/search.xlsx?tag=Eving" download' in get(served.address, "/search?tag=Eving").text
    answer = get(served.address, "/search.xlsx?tag=Eving")
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert answer.headers["content-disposition"] == 'attachment; filename="newsroom.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.body))["releases"]
    names, *rows = sheet.iter_rows(values_only=True)
    table = csv.DictReader(io.StringIO(get(served.address, "/search.csv?tag=Eving").text))
    assert [str(row[0]) for row in rows] == [row["id"] for row in table]
    assert list(names) == table.fieldnames
    assert sheet["B2"].is_date


def test_a_workbook_that_is_too_large_is_refused(served, monkeypatch):
    monkeypatch.setattr(files, "MOST_IN_A_WORKBOOK", ARTICLES - 1)
    answer = get(served.address, "/search.xlsx")
    assert (answer.status, "too many for a workbook" in answer.text) == (400, True)


def test_a_person_has_a_feed_and_tables(served):
    html = get(served.address, "/people").text
    name = re.search(r'href="(/people/[^"?]+)', html)[1]
    page = get(served.address, name).text
    found = {}
    for end in ("csv", "xlsx", "atom"):
        (where, *_) = re.findall(rf'<a href="(/search\.{end}[^"]+)"', page)
        found[end] = get(served.address, where.replace("&amp;", "&"))
        assert found[end].status == 200
    rows = list(csv.DictReader(io.StringIO(found["csv"].text)))
    assert rows
    assert len(rows) == load_workbook(io.BytesIO(found["xlsx"].body))["releases"].max_row - 1


def test_a_search_is_a_feed(served):
    html = get(served.address, "/search?q=Dortmund&tag=Eving").text
    assert 'href="/search.atom?q=Dortmund&amp;tag=Eving"' in html
    answer = get(served.address, "/search.atom?q=Dortmund&tag=Eving")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.body)
    assert not feed.bozo
    found = int(re.search(r"<strong>(\d+) release", html)[1])
    assert len(feed.entries) == min(found, 50) > 0
    assert feed.feed.links[-1].href.endswith("/search.atom?q=Dortmund&tag=Eving")
    days = [entry.published for entry in feed.entries]
    assert days == sorted(days, reverse=True)
    assert len(feedparser.parse(get(served.address, "/search.atom").body).entries) == ARTICLES
    assert get(served.address, "/search.atom?q=%22").status == 400


def test_changes_are_a_feed(served):
    feed = feedparser.parse(get(served.address, "/changes.atom").body)
    assert {entry.tags[0].term for entry in feed.entries} == {"changed", "gone"}


def test_the_raw_page_is_evidence_and_cannot_run(served):
    html = get(served.address, f"/release/{served.edited}").text
    digests = re.findall(r"<code>([0-9a-f]{64})</code>", html)
    captures = re.findall(r'<p><a href="(/capture/\d+)" download>', html)
    assert len(digests) == len(captures) == 2
    for digest, path in zip(digests, captures, strict=True):
        answer = get(served.address, path)
        assert hashlib.sha256(answer.body).hexdigest() == digest
        assert answer.headers["content-security-policy"] == SANDBOX_POLICY
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"
    with Archive.open_existing(served.directory) as archive:
        assert get(served.address, captures[0]).body == read_capture(archive, served.edited).body


def test_a_kept_picture_comes_from_the_archive(served):
    image = rows(
        served.directory,
        "SELECT article_id, position, i.src FROM images i JOIN pictures p ON p.src = i.src "
        "WHERE p.capture_id IS NOT NULL LIMIT 1",
    )[0]
    path = f"/release/{image['article_id']}/picture/{image['position']}"
    assert f'<img src="{path}"' in get(served.address, f"/release/{image['article_id']}").text
    answer = get(served.address, path)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["content-security-policy"] == SANDBOX_POLICY
    with Archive.open_existing(served.directory) as archive:
        assert answer.body == read_picture(archive, image["src"]).body


def test_a_release_that_is_gone_says_so(served):
    html = get(served.address, f"/release/{served.gone}").text
    assert "No longer online since" in html


def test_an_address_out_of_use_is_told(tmp_path):
    old = "https://www.dortmund.de/de/leben_in_dortmund/nachrichtenportal/alle_nachrichten/nachricht.jsp?nid=1"
    with Archive.open(tmp_path) as archive:
        store(archive, replace(article("alt", "Aus alter Zeit"), url=old))
    with web_view(tmp_path) as address:
        assert "out of use since the relaunch" in get(address, "/release/1").text


def test_other_names_of_this_machine_get_no_answer(served):
    port = served.address.rstrip("/").rpartition(":")[2]
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", "[::1]", "LOCALHOST"):
        assert get(served.address, "/", Host=host).status == 200
    for host in (f"example.org:{port}", "127.0.0.1.example.org", ""):
        answer = get(served.address, "/", Host=host)
        assert (answer.status, "archive" in answer.text) == (421, False)
        assert answer.headers["content-security-policy"] == PAGE_POLICY


def test_a_question_for_the_head_has_no_body(served):
    answer = get(served.address, "/", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")


def test_sql_is_off_unless_asked_for(served, archived):
    for path in ("/newsroom?sql=select+1", "/newsroom.json?sql=select+1"):
        assert get(served.address, path).status == 403
    with web_view(archived, sql=True) as address:
        answer = get(address, "/newsroom.json?sql=select+count(*)+as+n+from+articles")
        assert json.loads(answer.body)["rows"] == [[ARTICLES]]
        for statement in (
            "delete+from+articles", "attach+'x.db'+as+x", "select+1;drop+table+articles",
            "with+a+as+(select+1)+delete+from+articles", "pragma+user_version=9",
        ):  # fmt: skip
            assert get(address, f"/newsroom.json?sql={statement}").status == 400
    assert rows(archived, "SELECT count(*) AS n FROM articles") == [{"n": ARTICLES}]


def test_inner_tables_are_out_of_sight(served):
    tables = json.loads(get(served.address, "/newsroom.json").body)["tables"]
    shown = {table["name"] for table in tables if not table["hidden"]}
    assert {"articles", "quotes", "captures", "events"} <= shown
    assert not shown & {"article_stems", "quotes_fts", "unstemmed", "settings", "compounds_fts"}


def test_the_database_is_not_given_away(served):
    assert get(served.address, "/newsroom.db").status == 403
    assert get(served.address, "/_internal").status == 403


def test_what_a_crawl_stores_is_shown_at_once(tmp_path):
    with Archive.open(tmp_path) as archive, web_view(tmp_path) as address:
        assert "still empty" in get(address, "/").text
        for path in ("/search", "/people", "/changes", "/newsroom"):
            assert get(address, path).status == 200
        filled(archive)
        assert "Neubau einer Grundschule" in get(address, "/").text
        store(archive, article("spaet", "Spät gemeldet", "Text", published="2026-10-01"))
        assert "Spät gemeldet" in get(address, "/").text
        assert "Spät gemeldet" in get(address, "/search?q=gemeldet").text


def test_an_older_archive_is_upgraded_first(tmp_path):
    connection = sqlite3.connect(tmp_path / DATABASE_NAME)
    connection.executescript(VERSION_1.read_text(encoding="utf-8"))
    connection.close()
    with web_view(tmp_path) as address:
        assert get(address, "/").status == 200
        assert "<mark>" in get(address, "/search?q=Grundschule").text
        without_versions = get(address, "/release/1")
        assert without_versions.status == 503
        assert "holds no version of article 1" in without_versions.text


def test_a_damaged_archive_is_told_and_not_traced(tmp_path, capfd):
    with Archive.open(tmp_path) as archive:
        filled(archive)
        archive.db.execute("UPDATE revisions SET record = '{' WHERE article_id = 1")
    with web_view(tmp_path) as address:
        answer = get(address, "/release/1")
    assert answer.status == 503
    assert "is damaged" in answer.text
    assert "Traceback" not in capfd.readouterr().err


def test_directories_with_special_characters(tmp_path):
    directory = tmp_path / "100% #1? & ä"
    with Archive.open(directory) as archive:
        filled(archive)
    with web_view(directory) as address:
        assert get(address, "/release/1").status == 200


def test_indirect_speech_is_marked_differently_and_counted_apart(tmp_path):
    text = "Das Geld sei da, sagte Moll. „Wir bauen“, sagte Moll."
    quotes = (
        Quote("Das Geld sei da, sagte Moll.", "Jana Moll", "Kämmerin", "indirect", 0, 28),
        Quote("Wir bauen", "Jana Moll", None, "prose", 30, 39),
        Quote("Es werde gut.", "Bo Reck", None, "indirect"),
    )
    with Archive.open(tmp_path) as archive:
        number = store(archive, article("bad", "Bad", text, published="2026-10-01", quotes=quotes))
    with web_view(tmp_path) as address:
        release = get(address, f"/release/{number}").text
        people, moll, start = (
            get(address, path, Accept_Language="de").text
            for path in ("/people", "/people/Jana%20Moll", "/")
        )
    assert '<span class="indirect" id="said-0">Das Geld sei da, sagte Moll.</span>' in release
    assert '<q id="said-1">Wir bauen</q>' in release
    assert re.findall(r"<blockquote><p>(.*?)</p>", release) == ["Wir bauen"]
    assert re.findall(r'<figure id="quote-(\d)" class="indirect">', release) == ["0", "2"]
    assert "1 Zitat · 1 Aussage in indirekter Rede" in people
    assert re.search(r"Bo Reck</a>\s*<span class=\"figures\">1 Aussage in indirekter Rede", people)
    assert "<strong>1 Zitat · 1 Aussage in indirekter Rede</strong>" in moll
    assert re.findall(r'<blockquote lang="de"><p>(.*?)</p>', moll) == ["Wir bauen"]
    assert re.search(r'<p class="label">In indirekter Rede</p>\s*<p lang="de">Das Geld', moll)
    assert "Kämmerin</span> <small>Oktober 2026 · 1 Aussage in indirekter Rede" in moll
    assert "/people/Jana%20Moll" in start
    assert "/people/Bo%20Reck" not in start  # who is quoted most


def test_a_correction_and_what_it_corrects_are_linked_with_the_difference(tmp_path):
    first = article("park", "Neuer Park", "Er öffnet am Montag.", published="2026-10-01")
    again = article("p2", "Korrektur: Neuer Park", "Er öffnet am Dienstag.", published="2026-10-02")
    with Archive.open(tmp_path) as archive:
        for made in (first, replace(again, subtitle="<b>Plan</b>", issuer="Amt", contact="Jo")):
            store(archive, made)
        site = replace(get_site("dortmund"), correction_prefixes=("Korrektur: ",))
        assert note_corrections(archive, site) == 1
    with web_view(tmp_path) as address:
        old, new = (get(address, f"/release/{number}").text for number in (1, 2))
        listed = get(address, "/changes?kind=corrected").text
    assert re.search(r'Corrected by: <a href="/release/2" lang="de">Korrektur: Neuer Park', old)
    assert re.search(r'This release corrects: <a href="/release/1" lang="de">Neuer Park', new)
    assert "<del>Montag</del>" in old
    assert "<ins>Dienstag</ins>" in listed
    assert '<a href="/release/2">' in listed
    assert '<p class="subtitle">&lt;b&gt;Plan&lt;/b&gt;</p>' in new
    assert '<dd lang="de">Jo</dd>' in new


def test_attached_files_are_for_download_only(tmp_path):
    name = "https://www.dortmund.de/downloads/Plan%20%22B%22;x.HTML"
    made = article("plan", "Plan", "Er liegt aus.", attachments=(Attachment(name, "<i>Plan</i>"),))
    body = b"<script>alert(1)</script>"
    with Archive.open(tmp_path) as archive:
        store(archive, made)
        with archive.transaction() as db:
            capture = Store(archive).add_capture(Capture(name, body, NOW))
            db.execute(
                "UPDATE attachments SET capture_id = ?, size = 25, pages = 2, is_twin = 1, "
                "text = '<b>Seite</b>'",
                [capture],
            )
    with web_view(tmp_path) as address:
        page = get(address, "/release/1").text
        answer = get(address, "/release/1/file/0")
        missing = get(address, "/release/1/file/1")
    assert "&lt;i&gt;Plan&lt;/i&gt;" in page
    assert "&lt;b&gt;Seite&lt;/b&gt;" in page
    assert "2 pages, the same release as a file" in page
    assert '<a href="/release/1/file/0" download' in page
    assert (answer.status, answer.body, missing.status) == (200, body, 404)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="Plan-B-x.html"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == SANDBOX_POLICY
