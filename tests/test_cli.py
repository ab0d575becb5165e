"""The command as users call it: output, exit codes, and never a traceback."""

import csv
import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys

import pytest

from scraper import __version__
from scraper.archive import Archive, crawl_lock
from scraper.demo.faults import Faults
from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.demo.server import ReplicaServer
from tests.support.loopback import Answer, Loopback

NEWSROOM = Newsroom(12)


@pytest.fixture(scope="module")
def replica():
    with ReplicaServer(NEWSROOM, navigation_bytes=200) as server:
        yield server


@pytest.fixture
def filled(newsroom, replica):
    """A directory with an archive of the replica."""
    assert newsroom("crawl", "--base-url", replica.base_url, "--quiet")[0] == 0
    return newsroom


def test_version(newsroom):
    assert newsroom("--version") == (0, f"newsroom-archive {__version__}\n", "")


def test_no_verb_shows_the_verbs(newsroom):
    code, out, err = newsroom()
    assert code in {0, 2}
    assert "crawl" in out + err


def test_crawl_prints_a_summary(newsroom, replica):
    code, out, err = newsroom("crawl", "--base-url", replica.base_url)
    assert code == 0
    for word in ("found", "new", "changed", "unchanged", "failed", "requests", "seconds"):
        assert word in out
    assert err.count("new  ") == len(NEWSROOM)


def test_crawl_json_is_one_document(newsroom, replica):
    code, out, _err = newsroom("crawl", "--base-url", replica.base_url, "--json")
    report = json.loads(out)
    assert (code, report["new"], report["exit_code"]) == (0, len(NEWSROOM), 0)


def test_quiet_prints_only_trouble(newsroom, replica):
    assert newsroom("crawl", "--base-url", replica.base_url, "--quiet") == (0, "", "")


def test_dry_run_writes_nothing(newsroom, replica, tmp_path):
    code, out, _err = newsroom("crawl", "--base-url", replica.base_url, "--dry-run")
    assert code == 0
    assert out.count(".html") == len(NEWSROOM)
    assert not (tmp_path / "data").exists()


def test_dry_run_on_an_archive_names_what_is_new(filled, replica, tmp_path):
    before = (tmp_path / "data" / "newsroom.db").read_bytes()
    code, out, _err = filled("crawl", "--base-url", replica.base_url, "--dry-run", "--json")
    assert (code, json.loads(out)["would_fetch"]) == (0, [])
    assert (tmp_path / "data" / "newsroom.db").read_bytes() == before


def test_demo_fills_an_archive_and_names_four_commands(newsroom, tmp_path, monkeypatch):
    for name in ("UV", "UV_RUN_RECURSION_DEPTH"):
        monkeypatch.delenv(name, raising=False)
    code, out, err = newsroom("demo", "--articles", "12")
    assert (code, "a replica's" in err) == (0, True)
    commands = [line for line in out.splitlines() if line.startswith("  newsroom --data")]
    assert len(commands) == 4
    assert commands[-1].endswith(" changes")
    happened = json.loads(newsroom("--data", "data/demo", "changes", "--json")[1])
    kinds = [row["kind"] for row in happened]
    assert kinds == ["back", "gone", "gone", "changed", "changed"]
    assert all(row["title"] in out for row in happened)
    assert [row["fields"] for row in happened[3:]] == [["text"], ["title"]]
    for command in commands:
        code, _out, err = newsroom(*command.split()[1:])
        assert (code, err) == (0, "")
    assert (tmp_path / "data" / "demo" / "newsroom.db").exists()


def test_demo_uses_the_directory_it_is_given(newsroom, tmp_path, monkeypatch):
    monkeypatch.setenv("UV", "/usr/bin/uv")
    code, out, _err = newsroom("--data", tmp_path / "x", "demo", "--articles", "3")
    assert (code, out.count("\n  uv run newsroom --data ")) == (0, 4)
    assert "Then the replica" not in out
    assert (tmp_path / "x" / "newsroom.db").exists()


def test_parse_prints_the_record(newsroom, tmp_path):
    article = NEWSROOM.article(1)
    page = tmp_path / "page.html"
    page.write_bytes(render_article(article, navigation=b"[]"))
    code, out, err = newsroom("parse", page)
    record = json.loads(out)
    assert (code, err, record["title"], record["url"]) == (0, "", article.title, article.url)
    assert list(record)[:5] == ["url", "site", "content_id", "page_id", "title"]


def test_show_by_number_address_and_content_id(filled):
    expected = json.loads(filled("show", "1", "--json")[1])
    for reference in (expected["url"], expected["content_id"]):
        code, out, _err = filled("show", reference, "--json")
        assert (code, json.loads(out)) == (0, expected)
    code, out, _err = filled("show", "1")
    assert (code, expected["title"] in out) == (0, True)


def test_show_raw_is_the_page(filled):
    code, out, _err = filled("show", "1", "--raw")
    assert code == 0
    assert out.startswith("\n<!DOCTYPE html>")


def test_search_finds_and_filters(filled):
    title = NEWSROOM.article(0).title
    code, out, _err = filled("search", title, "--json")
    hits = json.loads(out)
    assert (code, hits[0]["title"]) == (0, title)
    published = NEWSROOM.article(0).published[:10]
    assert json.loads(filled("search", title, "--since", published, "--json")[1])
    assert json.loads(filled("search", title, "--until", "2001-01-01", "--json")[1]) == []


@pytest.mark.parametrize(
    "query", ['"', "AND", "*", "a OR", "title:", "x' --", "(((", "-", "ä" * 500]
)
def test_no_query_is_an_error_of_sql(filled, query):
    code, _out, err = filled("search", "--json", "--", query)
    assert code in {0, 2}
    assert "SQL" not in err


def test_a_filter_alone_lists_the_newest(filled):
    code, out, _err = filled("search", "--since", "2000-01-01", "--json")
    rows = json.loads(out)
    assert code == 0
    days = [row["published"] for row in rows]
    assert days == sorted(days, reverse=True)
    assert filled("search")[0] == 2


def test_quotes_lists_and_filters(filled):
    everything = json.loads(filled("quotes", "--json")[1])
    assert {"speaker", "role", "text", "kind", "published", "title", "url"} <= set(everything[0])
    assert [row["published"] for row in everything] == sorted(
        (row["published"] for row in everything), reverse=True
    )
    name = next(row["speaker"] for row in everything if row["speaker"])
    surname = name.split()[-1]
    for spelling in (surname.upper(), surname.lower()):
        found = json.loads(filled("quotes", "--speaker", spelling, "--json")[1])
        assert found
        assert all(surname in (row["speaker"] or "") for row in found)
    code, out, _err = filled("quotes", "--speaker", surname)
    assert (code, name in out) == (0, True)
    assert json.loads(filled("quotes", "--until", "2001-01-01", "--json")[1]) == []


def test_indirect_speech_is_called_so_and_has_no_quotation_marks(filled):
    everything = json.loads(filled("quotes", "--json")[1])
    kinds = {row["kind"] for row in everything}
    assert {"prose", "indirect"} <= kinds
    for kind in kinds:
        found = json.loads(filled("quotes", "--kind", kind, "--json")[1])
        assert {row["kind"] for row in found} == {kind}
    both = json.loads(filled("quotes", "--kind", "prose", "--kind", "block", "--json")[1])
    assert {row["kind"] for row in both} == kinds - {"indirect"}
    _code, out, _err = filled("quotes", "--kind", "indirect")
    said = out.splitlines()[1::3]
    assert said
    assert all(line.startswith(f"{' ' * 12}Indirect speech: ") for line in said)
    _code, out, _err = filled("quotes", "--kind", "prose", "--kind", "block")
    assert all(line.startswith(f"{' ' * 12}„") for line in out.splitlines()[1::3])
    row = next(row for row in everything if row["kind"] == "indirect")
    _code, out, _err = filled("show", str(row["article_id"]))
    assert f"Indirect speech: {row['text']} (" in out
    assert f"„{row['text']}“" not in out
    assert filled("quotes", "--kind", "hearsay")[0] == 2


def test_people_is_a_view(filled):
    rows = json.loads(filled("query", "SELECT * FROM people ORDER BY name", "--json")[1])
    quotes = json.loads(filled("quotes", "--json")[1])
    assert {row["name"] for row in rows} == {row["speaker"] for row in quotes if row["speaker"]}


def test_history_tells_versions_and_events(filled):
    code, out, _err = filled("history", "1", "--json")
    life = json.loads(out)
    assert (code, life["online"], [event["kind"] for event in life["events"]]) == (0, True, ["new"])
    assert [version["number"] for version in life["versions"]] == [1]
    code, out, _err = filled("history", "1", "--diff")
    assert (code, "first seen" in out) == (0, True)
    evidence = life["versions"][0]["evidence"]
    assert evidence == life["events"][0]["evidence"]
    raw = filled("show", "1", "--raw")[1]
    assert hashlib.sha256(raw.encode()).hexdigest() == evidence["sha256"]
    assert evidence["sha256"] in out
    assert evidence["warc_file"] in out


def test_history_shows_what_was_edited(newsroom):
    with ReplicaServer(Newsroom(3), navigation_bytes=200) as server:
        newsroom("crawl", "--base-url", server.base_url, "--quiet")
        server.edit(1, text="Der Termin ist abgesagt.")
        newsroom("crawl", "--base-url", server.base_url, "--quiet", "--full")
        url = server.article(1).url
    code, out, _err = newsroom("history", url, "--diff")
    assert code == 0
    assert "edited by the city" in out
    assert "abgesagt" in out
    assert "{+" in out
    changes = json.loads(newsroom("history", url, "--json")[1])["versions"][1]["changes"]
    assert "text" in {change["field"] for change in changes}


def test_query_as_table_csv_and_json(filled):
    sql = "SELECT id, title FROM articles ORDER BY id LIMIT 2"
    rows = json.loads(filled("query", sql, "--json")[1])
    assert [row["id"] for row in rows] == [1, 2]
    code, out, _err = filled("query", sql, "--csv")
    assert (code, list(csv.reader(io.StringIO(out)))[1]) == (0, ["1", rows[0]["title"]])
    code, out, _err = filled("query", sql)
    assert (code, rows[0]["title"] in out) == (0, True)
    assert json.loads(filled("query", "SELECT x'00ff' AS b, 9e999 AS i", "--json")[1]) == [
        {"b": "AP8=", "i": "inf"}
    ]


def test_verify_and_reparse(filled):
    code, out, err = filled("verify")
    assert (code, "All is well" in out, err) == (0, True, "")
    report = json.loads(filled("reparse", "--json", "--processes", "1")[1])
    assert (report["pages"], report["changed"], report["failed"]) == (len(NEWSROOM), 0, 0)


def test_stats(filled):
    figures = json.loads(filled("stats", "--json")[1])
    assert figures["articles"] == len(NEWSROOM)
    code, out, _err = filled("stats")
    assert (code, f"{len(NEWSROOM)} articles" in out) == (0, True)


def test_export_to_a_file_and_to_standard_output(filled, tmp_path):
    assert filled("export", "articles", "-o", tmp_path / "a.csv")[0] == 0
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["url"] for row in rows} == {article.url for article in NEWSROOM}
    code, out, err = filled("export", "quotes", "-o", "-")
    assert (code, err) == (0, "")
    assert next(csv.reader(io.StringIO(out)))[:2] == ["id", "article_id"]
    assert filled("export", "images", "-o", tmp_path / "i.jsonl")[0] == 0
    for line in (tmp_path / "i.jsonl").read_text(encoding="utf-8").splitlines():
        json.loads(line)
    assert not list(tmp_path.glob("*.part"))


def test_data_may_come_from_the_environment(newsroom, replica, tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSROOM_DATA", str(tmp_path / "elsewhere"))
    newsroom("crawl", "--base-url", replica.base_url, "--quiet")
    assert (tmp_path / "elsewhere" / "newsroom.db").exists()


class TestBadInput:
    """Each ends in one paragraph and its exit code."""

    def check(self, result, code, *words):
        assert result[0] == code
        assert result[1] == ""
        for word in words:
            assert word in result[2]

    def test_unknown_verb(self, newsroom):
        self.check(newsroom("krawl"), 2, "krawl")

    def test_unknown_site(self, newsroom):
        self.check(newsroom("crawl", "--site", "atlantis"), 2, "atlantis", "dortmund")

    def test_unreadable_file(self, newsroom):
        self.check(newsroom("parse", "nowhere.html"), 2, "nowhere.html", "could not be read")

    def test_a_directory(self, newsroom, tmp_path):
        self.check(newsroom("parse", tmp_path), 2, "could not be read")

    def test_a_name_with_nul(self, newsroom):
        self.check(newsroom("parse", "a\0b"), 2, "could not be read")

    def test_an_empty_file(self, newsroom, tmp_path):
        (tmp_path / "empty.html").touch()
        self.check(newsroom("parse", "empty.html"), 3, "empty")

    def test_a_page_that_is_no_article(self, newsroom, tmp_path):
        (tmp_path / "page.html").write_text("<title>Suche</title><h1>Suche</h1>", encoding="utf-8")
        self.check(newsroom("parse", "page.html"), 3, "not an article", "Suche")

    def test_a_url_of_another_site(self, newsroom):
        self.check(newsroom("parse", "https://www.example.org/a.html"), 2, "not an address")

    def test_a_day_that_is_none(self, newsroom):
        self.check(newsroom("crawl", "--since", "vorgestern"), 2, "vorgestern", "2026-01-31")

    def test_a_short_delay_on_the_live_site(self, newsroom):
        self.check(newsroom("crawl", "--delay", "0"), 2, "--base-url")

    def test_a_base_url_that_is_none(self, newsroom):
        self.check(newsroom("crawl", "--base-url", "hier"), 2, "hier")

    def test_a_contact_that_fits_no_header(self, newsroom):
        self.check(newsroom("crawl", "--contact", "a\nb"), 2, "contact")

    def test_a_data_directory_that_is_a_file(self, newsroom, replica, tmp_path):
        (tmp_path / "file").touch()
        result = newsroom("--data", "file", "crawl", "--base-url", replica.base_url)
        self.check(result, 7, "file")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_read_only_directory(self, newsroom, replica, tmp_path):
        (tmp_path / "ro").mkdir(mode=0o500)
        result = newsroom("--data", "ro/data", "crawl", "--base-url", replica.base_url)
        self.check(result, 7, "ro")

    def test_a_read_only_place(self, newsroom, replica):
        result = newsroom("--data", "/proc/newsroom", "crawl", "--base-url", replica.base_url)
        self.check(result, 7, "/proc/newsroom")

    def test_two_crawls_at_once(self, filled, replica, tmp_path):
        with crawl_lock(tmp_path / "data", "dortmund"), Archive.open(tmp_path / "data") as archive:
            with archive.transaction() as db:
                db.execute("UPDATE runs SET finished_at = NULL, process = 4711")
            result = filled("crawl", "--base-url", replica.base_url)
        self.check(result, 6, "4711", "Another crawl")

    def test_a_file_that_is_no_database(self, newsroom, replica, tmp_path):
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "newsroom.db").write_bytes(b"not a database, but a text\n" * 100)
        for arguments in (("crawl", "--base-url", replica.base_url), ("stats",), ("search", "a")):
            self.check(newsroom(*arguments), 7, "not a SQLite database")

    def test_another_programs_database(self, newsroom, replica, tmp_path):
        (tmp_path / "data").mkdir()
        with sqlite3.connect(tmp_path / "data" / "newsroom.db") as db:
            db.execute("CREATE TABLE other (x)")
        db.close()
        self.check(newsroom("crawl", "--base-url", replica.base_url), 7, "not a newsroom archive")

    def test_an_archive_of_a_newer_version(self, filled, replica, tmp_path):
        path = tmp_path / "data" / "newsroom.db"
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA user_version = 999")
        db.close()
        before = path.read_bytes()
        for arguments in (("crawl", "--base-url", replica.base_url), ("stats",)):
            self.check(filled(*arguments), 7, "newer")
        assert path.read_bytes() == before

    def test_no_archive_yet(self, newsroom):
        for arguments in (
            ("stats",),
            ("search", "a"),
            ("show", "1"),
            ("export", "tags", "-o", "-"),
        ):
            self.check(newsroom(*arguments), 7, "no archive", "newsroom demo")

    def test_sql_that_is_wrong_or_writes(self, filled):
        self.check(filled("query", "SELEKT"), 2, "could not be run")
        self.check(filled("query", "DELETE FROM articles"), 2, "readonly")
        self.check(filled("query", "SELECT 1", "--csv", "--json"), 2, "Choose one")

    def test_a_tampered_archive(self, filled, tmp_path):
        with sqlite3.connect(tmp_path / "data" / "newsroom.db") as db:
            db.execute("UPDATE captures SET sha256 = 'x' WHERE id = 1")
        db.close()
        code, _out, err = filled("verify")
        assert (code, "SHA-256" in err) == (7, True)

    def test_an_article_that_is_not_there(self, filled):
        self.check(filled("show", "4711"), 2, "4711")

    def test_a_table_that_is_none(self, filled):
        self.check(filled("export", "everything", "-o", "x.csv"), 2, "everything", "articles")

    def test_a_format_that_is_none(self, filled):
        self.check(filled("export", "articles", "-o", "x.docx"), 2, ".docx", ".csv")

    def test_a_file_that_cannot_be_written(self, filled):
        self.check(
            filled("export", "articles", "-o", "no/such/dir/x.csv"), 2, "could not be written"
        )

    def test_nobody_listens(self, newsroom):
        result = newsroom("crawl", "--base-url", "http://127.0.0.1:9", "--delay", "0")
        self.check(result, 4, "cannot be reached")

    def test_robots_forbid(self, newsroom):
        with ReplicaServer(NEWSROOM, faults=Faults(forbid_robots=True)) as server:
            self.check(newsroom("crawl", "--base-url", server.base_url), 4, "robots.txt")

    @pytest.mark.parametrize(
        "target", ["https://www.example.org/", "http://127.0.0.1:1/", "file:///etc"]
    )
    def test_a_redirect_out_of_the_site(self, newsroom, target):
        with Loopback() as server:
            server.script = lambda _ask: Answer(302, {"Location": target})
            code, out, err = newsroom("crawl", "--base-url", server.url, "--delay", "0")
        assert (code, out) == (4, "")
        assert "not a page of the site" in err

    def test_an_endless_body(self, newsroom):
        with Loopback() as server:
            huge = {"Content-Length": str(2 * 1024**3)}
            server.script = lambda _ask: Answer(200, huge, chunks=[b"x" * 65536] * 10)
            code, _out, err = newsroom("crawl", "--base-url", server.url, "--delay", "0")
        assert code == 4
        assert "2,147,483,648" in err


class TestDamage:
    """One damaged row costs itself, not the command."""

    def damage(self, tmp_path, sql):
        with sqlite3.connect(tmp_path / "data" / "newsroom.db") as db:
            db.execute(sql)
        db.close()

    def test_a_damaged_record(self, filled, tmp_path):
        self.damage(tmp_path, "UPDATE revisions SET record = '{' WHERE article_id = 6")
        code, _out, err = filled("verify")
        assert (code, "record of Article 6" in err) == (7, True)
        for arguments in (("show", "6"), ("show", "6", "--json"), ("history", "6")):
            assert filled(*arguments)[0] == 7
        assert filled("reparse", "--processes", "1")[0] == 3

    def test_a_damaged_page(self, filled, tmp_path):
        self.damage(tmp_path, "UPDATE captures SET warc_offset = warc_offset + 7 WHERE id = 3")
        assert filled("show", "3", "--raw")[0] == 7
        code, out, err = filled("reparse", "--processes", "1")
        assert (code, "12 pages read again" in out) == (3, True)
        assert "cannot be read" in err

    def test_a_line_break_forges_no_line(self, filled, tmp_path):
        forged = "UPDATE articles SET title = 'a' || char(10) || 'forged' WHERE id = 1"
        self.damage(tmp_path, forged)
        _code, out, _err = filled("query", "SELECT title FROM articles WHERE id = 1")
        assert "a\\nforged" in out

    def test_a_write_protected_copy_is_read(self, filled, tmp_path):
        path = tmp_path / "data" / "newsroom.db"
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        for name in ("-wal", "-shm"):
            path.with_name(path.name + name).unlink(missing_ok=True)
        assert filled("stats")[0] == 0


def test_reparse_makes_no_archive_by_mistake(newsroom, tmp_path):
    assert newsroom("--data", "typo", "reparse", "--write")[0] == 7
    assert not (tmp_path / "typo").exists()


def test_columns_of_one_name_are_all_shown(filled):
    rows = json.loads(filled("query", "SELECT 1 AS a, 2 AS a, 3 AS a", "--json")[1])
    assert rows == [{"a": 1, "a_2": 2, "a_3": 3}]


def test_snippets_are_plain_text_with_offsets(filled):
    title = NEWSROOM.article(0).title
    row = json.loads(filled("search", title, "--json")[1])[0]
    assert "\x02" not in row["snippet"]
    for start, end in row["highlights"]:
        assert row["snippet"][start:end].strip()


@pytest.mark.parametrize("arguments", [("demo", "--serve"), ("demo",)])
def test_a_port_in_use_is_named(newsroom, arguments):
    with Loopback() as server:
        port = server.url.rsplit(":", 1)[1]
        code, _out, err = newsroom(*arguments, "--port", port)
    assert (code, port in err) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "a", "--limit", "9" * 20),
        ("quotes", "--limit", "9" * 20),
        ("crawl", "--delay", "1e400", "--base-url", "http://127.0.0.1:9"),
        ("show", "1", "--json", "--raw"),
    ],
)
def test_absurd_options_are_wrong_use(filled, arguments):
    assert filled(*arguments)[0] == 2


def test_a_reader_that_has_had_enough_is_no_error(filled, tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "scraper", "export", "revisions", "-o", "-"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
