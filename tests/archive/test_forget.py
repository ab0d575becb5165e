"""A release is erased everywhere, stays away, and nothing else is harmed; whenever it is killed."""

from __future__ import annotations

import html
import json
import multiprocessing
import os
import shutil
import signal
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from sqlite3 import connect

import pytest

from scraper import warc
from scraper.archive import Archive, crawl_lock, forget_files
from scraper.archive import forget as forgetting
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.forget_names import releases_naming
from scraper.archive.read import read_capture_by_id
from scraper.archive.verify import verify
from scraper.coding import decoded
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import ArchiveError, UsageError
from scraper.markup.redact import redact_page
from scraper.records import Link
from scraper.sites import SITES
from scraper.text.blackening import Blackening
from scraper.warc import rewrite
from scraper.warc.records import Records
from scraper.watch import feed, saved
from tests.support.lived import DAY
from tests.support.loopback import Answer
from tests.support.pdf import pdf
from tests.support.replica import crawl
from tests.support.small import FOLDER, ORIGIN

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
VICTIM = 1


def redact(body, content_type, url, addresses, titles, names):
    return redact_page(body, content_type, url, SITES.find(url), addresses, titles, names)


def erase(directory, *references, **options):
    with Archive.open(directory) as archive:
        return forgetting.forget(archive, references, redact, NOW, **options)


def checked(directory, noted=None):
    with Archive.open_to_check(directory) as archive:
        return verify(archive, noted=noted)


def rows(directory, sql, values=()):
    with Archive.open_existing(directory) as archive:
        return archive.rows(sql, values)


def marks(directory, article_id):
    """What a release alone says: its headline, the sentences of its body, its rare words."""
    records = rows(directory, "SELECT article_id AS id, record FROM revisions")
    rest = " ".join(row["record"] for row in records if row["id"] != article_id)
    found = set()
    for row in records:
        if row["id"] == article_id:
            record = json.loads(row["record"])
            texts = [block["text"] for each in record["sections"] for block in each["blocks"]]
            texts += [quote["text"] for quote in record["quotes"]]
            found |= {record["title"], *(text for text in texts if text not in rest)}
            found |= {image["src"].rsplit("/", 1)[-1] for image in record["images"]}
    return {mark for mark in found if len(mark) > 15}


def everything(directory):
    """Name and bytes of all files; those of WARC files record by record, unpacked."""
    for path in sorted(directory.rglob("*")):
        if not path.is_file():
            continue
        yield path.name, path.read_bytes()
        if path.suffix == ".gz":
            with path.open("rb") as file:
                for record in Records(file):
                    body = record.raw_stream.read()
                    coding = (record.http_headers or {}) and record.http_headers.get_header(
                        "content-encoding", ""
                    )
                    yield path.name, str(record.rec_headers).encode()
                    yield path.name, decoded(body, coding, 10**9) if coding else body


def traces(directory, wanted):
    """Where something stands; empty if nowhere."""
    return {
        (name, mark)
        for name, content in everything(directory)
        for mark in wanted
        if mark.encode() in content
    }


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """An archive of two runs, with pictures and an edit of the release that is to go."""
    directory = tmp_path_factory.mktemp("forget") / "data"
    with ReplicaServer(Newsroom(6), navigation_bytes=200) as server:
        crawl(directory, server.base_url, images=True)
        server.edit(0, text="Neu gefasst, aber der Termin bleibt.")
        crawl(directory, server.base_url, after=DAY, full=True)
    return directory


@pytest.fixture
def copied(filled, tmp_path):
    return shutil.copytree(filled, tmp_path / "data")


@pytest.fixture(scope="module")
def wanted(filled):
    return marks(filled, VICTIM)


def others(directory):
    """What other releases say, without their teasers."""
    found = {}
    for row in rows(directory, "SELECT id, url, title, text FROM articles WHERE id <> 1"):
        found[row["id"]] = row
    return found


def is_gone(directory, wanted):
    done = checked(directory)
    assert done["problems"] == []
    assert any("was erased on 2026-11-28" in note for note in done["notes"])
    assert traces(directory, wanted) == set()
    assert rows(directory, "SELECT state, plan FROM tombstones") == [
        {"state": "done", "plan": None}
    ]
    assert not list((directory / "warc").glob("*" + rewrite.NEW_SUFFIX))


def test_a_release_is_erased_everywhere(copied, wanted):
    before, noted = others(copied), checked(copied)["chain"]
    assert len(traces(copied, wanted)) > len(wanted)
    (plan,) = erase(copied, "1", reason="Art. 17", who="the person")
    assert plan.counts["versions"] == 2
    assert plan.counts["teasers in versions of other releases"]
    is_gone(copied, wanted)
    assert others(copied) == before
    (row,) = rows(copied, "SELECT address, site, day, reason, who FROM tombstones")
    assert row == {
        "address": plan.address,
        "site": "dortmund",
        "day": "2026-11-28",
        "reason": "Art. 17",
        "who": "the person",
    }
    told = checked(copied, noted)
    assert told["problems"] == []
    assert any("from before the erasure of 2026-11-28" in note for note in told["notes"])
    assert checked(copied, "0" * 64)["problems"]


def test_what_only_it_said_is_not_searchable(copied):
    (text,) = rows(copied, "SELECT text FROM articles WHERE id = 1")
    rest = " ".join(
        row["record"] for row in rows(copied, "SELECT record FROM revisions WHERE article_id <> 1")
    )
    alone = {w.lower() for w in text["text"].split() if w.isalpha() and len(w) > 7}
    alone = {word for word in alone if word not in rest.lower()}
    assert alone
    erase(copied, "1")
    for table, column in (("words", "word"), ("compounds", "stem"), ("article_stems", "body")):
        there = " ".join(row["x"] for row in rows(copied, f"SELECT {column} AS x FROM {table}"))
        assert not [word for word in alone if word in there.lower()]


def test_nothing_goes_without_a_plan_of_what_goes(copied):
    with Archive.open_existing(copied) as archive:
        plans, before = forgetting.look_up(archive, ["1", "1"])
        assert ([plan.article for plan in plans], before) == ([1], [])
        with pytest.raises(UsageError, match="no article '77'"):
            forgetting.look_up(archive, ["77"])
    assert rows(copied, "SELECT * FROM tombstones") == []


def test_reading_the_stored_pages_again_brings_nothing_back(copied, wanted, newsroom):
    erase(copied, "1")
    code, out, _err = newsroom("--data", str(copied), "reparse", "--write")
    assert (code, "0 would change" in out or "0 changed" in out) == (0, True)
    is_gone(copied, wanted)


def test_neither_a_crawl_nor_an_import_brings_it_back(filled, copied, wanted, newsroom):
    (plan,) = erase(copied, "1")
    with ReplicaServer(Newsroom(6), navigation_bytes=200) as server:
        report = crawl(copied, server.base_url, after=2 * DAY, full=True)
    assert (report.new, report.failed) == (0, 0)
    assert newsroom("--data", str(copied), "import", str(filled / "warc"))[0] == 0
    assert rows(copied, "SELECT 1 FROM articles WHERE url = ?", (plan.address,)) == []
    assert rows(copied, "SELECT 1 FROM captures WHERE url = ?", (plan.address,)) == []
    assert checked(copied)["problems"] == []
    gone = [row["record"] for row in rows(copied, "SELECT record FROM revisions")]
    assert not [record for record in gone if plan.address in record]


SEAMS = {
    "after the plan": (forgetting, "erase_rows"),
    "before a WARC file is made anew": (forget_files, "rewrite"),
    "before it takes its place": (forget_files, "put_in_place"),
    "while it takes its place": (os, "replace"),
    "before the log is cleaned": (forgetting, "clean_beside"),
    "before the chain is renewed": (forgetting, "renew_links"),
    "before free pages are emptied": (forgetting, "_empty_free_pages"),
}


@pytest.mark.parametrize("seam", SEAMS)
def test_ended_anywhere_the_same_command_completes_it(copied, wanted, monkeypatch, seam):
    where, name = SEAMS[seam]
    with monkeypatch.context() as broken:
        broken.setattr(where, name, partial(_fails, seam))
        with pytest.raises((RuntimeError, ArchiveError)):
            erase(copied, "1")
    if seam != "before free pages are emptied":
        assert checked(copied)["problems"]
    is_planned = rows(copied, "SELECT 1 FROM tombstones WHERE state = 'planned'")
    erase(copied, "1" if is_planned else _address(copied))
    is_gone(copied, wanted)


def _address(directory):
    return rows(directory, "SELECT address FROM tombstones")[0]["address"]


def _fails(seam, *_values, **_options):
    raise RuntimeError(seam)


def _erase_and_die(directory, steps):
    """Erase release 1, and be killed by the system before the given `fsync`."""
    left, real = [steps], os.fsync

    def dying(handle):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        real(handle)

    os.fsync = dying
    erase(directory, "1")


def test_killed_by_the_system_the_same_command_completes_it(copied, wanted, tmp_path):
    context = multiprocessing.get_context("spawn")
    for steps in (0, 2):
        directory = shutil.copytree(copied, tmp_path / str(steps))
        process = context.Process(target=_erase_and_die, args=(directory, steps))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        erase(directory, "1")
        is_gone(directory, wanted)


def test_other_pages_keep_what_a_shared_capture_holds(copied):
    """A page that another capture refers to, and that goes, is kept for that one."""
    with Archive.open(copied) as archive, archive.transaction() as db:
        holder, other = (
            archive.rows("SELECT capture_id FROM articles WHERE id = ?", (n,))[0]["capture_id"]
            for n in (1, 2)
        )
        db.execute(
            "UPDATE captures SET (refers_to, sha256, size) = "
            "(SELECT id, sha256, size FROM captures h WHERE h.id = ?) WHERE id = ?",
            [holder, other],
        )
    erase(copied, "1")
    (row,) = rows(copied, f"SELECT body, refers_to, warc_file FROM captures WHERE id = {other}")
    assert (row["refers_to"], row["warc_file"]) == (None, None)
    assert row["body"]


def test_copies_made_by_upgrades_and_examples_of_drift_go(copied, wanted):
    title = rows(copied, "SELECT title FROM articles WHERE id = 1")[0]["title"]
    (copied / "drift").mkdir()
    shows = copied / "drift" / "20261001T000000Z-a.html"
    shows.write_text(f"<h1>{title}</h1>", "utf-8")
    stays = copied / "drift" / "20261001T000000Z-b.html"
    stays.write_text("<h1>Anderes</h1>", "utf-8")
    shutil.copy(copied / DATABASE_NAME, copied / f"{DATABASE_NAME}.schema-9")
    (copied / "log").mkdir()
    line = json.dumps({"warnings": [title]}, ensure_ascii=False)
    (copied / "log" / "runs.jsonl").write_text(line + "\n", "utf-8")
    erase(copied, "1")
    is_gone(copied, wanted)
    assert (shows.exists(), stays.exists()) == (False, True)


def test_what_a_killed_merge_or_rebuild_left_goes(copied, wanted, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "kept.warc.gz").write_bytes(b"of another archive")
    for aside in (".merging/other", ".rebuilding"):
        (copied / aside).mkdir(parents=True)
        shutil.copy(copied / DATABASE_NAME, copied / aside / DATABASE_NAME)
        (copied / aside / "warc").symlink_to(other)
    shutil.copy(copied / DATABASE_NAME, copied / "warc" / ".newsroom-7.part")
    erase(copied, "1")
    is_gone(copied, wanted)
    assert (other / "kept.warc.gz").read_bytes() == b"of another archive"
    assert not list(copied.glob(".[mr]*"))


def test_the_command_asks_and_says_what_remains(copied, newsroom):
    data = ("--data", str(copied))
    code, out, _err = newsroom(*data, "forget", "1", "--dry-run", "--json")
    assert (code, json.loads(out)["erased"]) == (0, False)
    code, _out, err = newsroom(*data, "forget", "1")
    assert code == 2
    assert "nobody can be asked here" in err
    (copied / "exports").mkdir()
    (copied / "exports" / "all.csv").write_text("x")
    code, out, _err = newsroom(*data, "forget", "1", "--yes", "--reason", "Art. 17")
    assert code == 0
    assert "all.csv" in out
    address = _address(copied)
    code, out, _err = newsroom(*data, "forget", address, "--yes", "--json")
    assert (code, json.loads(out)["before"][0]["state"]) == (0, "done")
    assert newsroom(*data, "verify")[0] == 0


def test_feeds_of_watches_are_made_anew_and_a_watch_for_the_name_is_told(copied, newsroom):
    data = ("--data", str(copied))
    (spoke,) = rows(
        copied, "SELECT speaker, article_id FROM quotes WHERE speaker LIKE '% %' LIMIT 1"
    )
    for name, what in (("all", ("--changes",)), ("who", ("--speaker", spoke["speaker"]))):
        assert newsroom(*data, "watch", "add", "--name", name, *what)[0] == 0
    with Archive.open(copied) as archive, archive.transaction() as db:
        db.execute("INSERT INTO watch_found SELECT 1, id FROM events")
        feed.write(archive, saved.find(archive, "all"))
    mark = rows(copied, f"SELECT title FROM articles WHERE id = {spoke['article_id']}")[0]["title"]
    told = copied / "exports" / "watch-all.xml"
    assert html.escape(mark, quote=False) in told.read_text("utf-8")
    code, out, err = newsroom(*data, "forget", "--speaker", spoke["speaker"], "--yes", "--json")
    assert (code, err) == (0, "")
    assert (json.loads(out)["exports"], json.loads(out)["watches"]) == ([], ["who"])
    assert html.escape(mark, quote=False) not in told.read_text("utf-8")
    assert "<entry>" in told.read_text("utf-8")
    assert checked(copied)["problems"] == []


def test_a_reader_that_holds_the_log_is_named(copied):
    with closing(connect(copied / DATABASE_NAME)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        with Archive.open(copied) as archive:
            archive.connection.execute("PRAGMA busy_timeout = 50")
            with pytest.raises(ArchiveError, match="Close the program"):
                forgetting.forget(archive, ["1"], redact, NOW)
    erase(copied, _address(copied))
    assert checked(copied)["problems"] == []


def test_files_that_others_have_too_stay(small, tmp_path):
    def link(name):
        return Link(f"{ORIGIN}/downloads/{name}", f"Datei {name}", "download")

    own, twin, shared = (pdf(text) for text in ("Nur hier zu lesen", "Zweimal da", "Für beide"))
    bodies = {"own.pdf": own, "twin-a.pdf": twin, "twin-b.pdf": twin, "both.pdf": shared}
    for name, body in bodies.items():
        headers = {"Content-Type": "application/pdf"}
        small.pages[f"/downloads/{name}"] = Answer(200, headers, body)
    small.put("a.html", links=tuple(map(link, ("own.pdf", "twin-a.pdf", "both.pdf"))))
    small.put("b.html", links=tuple(map(link, ("twin-b.pdf", "both.pdf"))))
    assert crawl(tmp_path, small.url, attachments=True).attachments == 4
    sql = "SELECT id FROM articles WHERE url LIKE '%/a.html'"
    erase(tmp_path, str(rows(tmp_path, sql)[0]["id"]))
    assert checked(tmp_path)["problems"] == []
    there = "SELECT url, text, sha256 FROM attachments ORDER BY position"
    assert [row["text"] for row in rows(tmp_path, there)] == ["Zweimal da", "Für beide"]
    with Archive.open_existing(tmp_path) as archive:
        kept = archive.rows("SELECT capture_id FROM attachments ORDER BY position")
        found = [read_capture_by_id(archive, row["capture_id"]).body for row in kept]
    assert found == [twin, shared]
    assert traces(tmp_path, {"Nur hier", "own.pdf", "twin-a.pdf"}) == set()


def test_a_release_that_moved_while_it_was_listed_stays_away(small, tmp_path):
    """Under another address its content id, or a redirect to where it was, gives it away."""
    small.put("alt.html", content_id="11111111-2222-4333-8444-555555555555")
    small.put("andere.html")
    crawl(tmp_path, small.url)
    erase(tmp_path, f"{ORIGIN}{FOLDER}alt.html")
    small.pages[f"{FOLDER}neu.html"] = small.pages.pop(f"{FOLDER}alt.html")
    for day in (1, 2):
        report = crawl(tmp_path, small.url, after=day * DAY, full=True)
        assert (report.new, report.failed) == (0, 0)
    asked = [path for path, _status in small.asked if path.endswith("neu.html")]
    assert len(asked) <= 1
    assert len(rows(tmp_path, "SELECT * FROM articles")) == 1
    assert checked(tmp_path)["problems"] == []


def test_a_page_that_could_not_be_read_goes_by_its_address(small, tmp_path, newsroom):
    """And by the name of a person in it; another archive does not bring it in again."""
    data, other = tmp_path / "data", tmp_path / "other"
    small.put("a.html", title="Etwas ganz anderes steht hier")
    for name in ("kaputt-eins.html", "aenne-gruenwald-ost-kaputt.html"):
        body = f"<html><main><p>{name}</p></main></html>".encode()
        small.pages[FOLDER + name] = Answer(200, {"Content-Type": "text/html"}, body)
    for directory in (data, other):
        assert crawl(directory, small.url).failed == 2
    wanted = {"kaputt-eins", "aenne-gruenwald-ost"}
    assert {mark for _name, mark in traces(data, wanted)} == wanted
    asked = (
        "--data",
        str(data),
        "forget",
        f"{ORIGIN}{FOLDER}kaputt-eins.html",
        "--speaker",
        PERSON,
    )
    code, out, err = newsroom(*asked, "--yes", "--json")
    assert (code, err) == (0, "")
    assert [row["id"] for row in json.loads(out)["releases"]] == [None, None]
    for _again in range(2):
        assert checked(data)["problems"] == []
        # The tombstones' addresses stand in the database and in the journal, which is the newest.
        rest = {name for name, _mark in traces(data, wanted)}
        assert rest == {DATABASE_NAME, warc.files(data / "warc")[-1].name}
        assert rows(data, "SELECT 1 FROM captures WHERE url LIKE '%kaputt%'") == []
        assert crawl(data, small.url, after=DAY, full=True).failed == 0
        assert newsroom("--data", str(data), "merge", str(other))[0] == 0
    assert newsroom(*asked, "--yes")[0] == 0
    code, _out, err = newsroom("--data", str(data), "forget", f"{ORIGIN}{FOLDER}nie.html", "--yes")
    assert (code, "no article" in err) == (2, True)


def test_several_go_at_once(copied, wanted):
    both = wanted | marks(copied, 2)
    assert [plan.article for plan in erase(copied, "1", "2")] == [1, 2]
    assert checked(copied)["problems"] == []
    assert traces(copied, both) == set()


def test_while_a_crawl_is_at_work_nothing_goes(copied, newsroom):
    with crawl_lock(copied, "dortmund"):
        code, _out, err = newsroom("--data", str(copied), "forget", "1", "--yes")
    assert (code, "Another crawl" in err) == (6, True)
    assert rows(copied, "SELECT * FROM tombstones") == []


# --- persons --------------------------------------------------------------------------------------

PERSON = "Änne Grünwald-Ost"


def named(directory, where):
    """Write a person's name into the record of a release, as a crawl may have read it."""
    with Archive.open(directory) as archive, archive.transaction() as db:
        (row,) = archive.rows("SELECT id, record FROM revisions WHERE article_id = 2")
        record = json.loads(row["record"])
        where(record)
        text = json.dumps(record, ensure_ascii=False)
        db.execute("UPDATE revisions SET record = ? WHERE id = ?", [text, row["id"]])


@pytest.mark.parametrize(
    "where",
    [
        lambda record: record["sections"][0]["blocks"][0].update(text=f"Es sprach {PERSON}."),
        lambda record: record.update(contact=PERSON.upper()),
        lambda record: record["quotes"].append({"speaker": PERSON}),
        lambda record: record["images"].append({"caption": f"({PERSON})"}),
    ],
)
def test_a_release_that_names_a_person_is_found(copied, where):
    named(copied, where)
    with Archive.open_existing(copied) as archive:
        assert releases_naming(archive, [PERSON, "Gibt Es Nicht"]) == [2]
        assert releases_naming(archive, ["nne Grünwald-Ost"]) == []
        assert releases_naming(archive, []) == []


def test_a_teaser_of_another_release_names_nobody(copied):
    named(copied, lambda record: record["related"].append({"url": "x", "title": PERSON}))
    with Archive.open_existing(copied) as archive:
        assert releases_naming(archive, [PERSON]) == []
        with pytest.raises(UsageError, match="too short"):
            releases_naming(archive, ["Ost"])


def test_a_person_is_named_nowhere_any_more(copied, newsroom):
    data = ("--data", str(copied))
    spoke = "SELECT speaker, count(DISTINCT article_id) AS n FROM quotes WHERE speaker IS NOT NULL "
    person = rows(copied, f"{spoke} GROUP BY 1 ORDER BY 2, 1 LIMIT 1")[0]["speaker"]
    with Archive.open_existing(copied) as archive:
        naming = releases_naming(archive, [person])
    count = len(rows(copied, "SELECT 1 FROM articles"))
    assert 0 < len(naming) < count
    code, out, err = newsroom(*data, "forget", "--speaker", person, "--dry-run")
    assert (code, err) == (0, "")
    assert all(f"Release {number}:" in out for number in naming)
    assert newsroom(*data, "forget", "--speaker", person)[0] == 2
    code, out, err = newsroom(*data, "forget", "--speaker", person, "--yes", "--json")
    assert code == 0, err
    assert [row["id"] for row in json.loads(out)["releases"]] == naming
    assert len(rows(copied, "SELECT 1 FROM articles")) == count - len(naming)
    named = Blackening([person])
    for name, content in everything(copied):
        assert not named.is_in(content.decode("utf-8", "replace")), name
    assert checked(copied)["problems"] == []
    code, out, _err = newsroom(*data, "quotes", "--speaker", person, "--json")
    assert json.loads(out) == []
    code, out, err = newsroom(*data, "forget", "--speaker", person, "--yes")
    assert (code, err) == (0, "")
    assert "0 releases" in out
    assert newsroom(*data, "forget")[0] == 2


def test_a_name_in_the_frame_of_other_pages_is_blackened():
    page = "<p>&Auml;nne&nbsp;Gr&#252;nwald-Ost, ÄNNE  GRÜNWALD-OST, Änne Grünwald-Osten</p>"
    found = redact(page.encode(), "text/html; charset=utf-8", ORIGIN, [], [], [PERSON]).decode()
    assert "Gr&#252;nwald" not in found
    assert "GRÜNWALD" not in found
    assert "Änne Grünwald-Osten" in found
    told = json.dumps({"a": f"\n{PERSON}"}).encode()
    found = redact(told, "application/json", ORIGIN, [], [], [PERSON])
    assert json.loads(found)["a"].strip("█") == "\n"
    assert redact(b"<p>Niemand</p>", "text/html", ORIGIN, [], [], [PERSON]) is None


@pytest.mark.parametrize("shown", ["address", "name", "damaged", "nothing"])
def test_captures_that_wait_for_a_backfill_are_looked_at(copied, shown):
    (row,) = rows(copied, "SELECT url, title FROM articles WHERE id = 1")
    info = {"software": "x"}
    with warc.WarcWriter(copied / "backfill", "dortmund-import", info, lambda: NOW) as writer:
        url = row["url"] if shown == "address" else f"{ORIGIN}/other.html"
        body = f"<h1>{row['title'] if shown == 'name' else 'Anderes'}</h1>"
        writer.write_file(url, body.encode(), NOW, "text/html")
    (path,) = warc.files(copied / "backfill")
    if shown == "damaged":
        path.write_bytes(path.read_bytes()[:-20])
    erase(copied, "1")
    assert path.exists() == (shown == "nothing")
