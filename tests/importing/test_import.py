"""What an import makes of an archive: the order of time, nothing twice, nothing half."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.archive import Archive, Frontier, begin_run, crawl_lock
from scraper.archive.history import history
from scraper.archive.read import raw_page, revision_contents
from scraper.archive.search.articles import search
from scraper.archive.search.filters import Filters
from scraper.archive.verify import verify
from scraper.decide.revisit import RevisitPolicy
from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.demo.server import ReplicaServer
from scraper.errors import ArchiveError, CrawlRunning, UsageError
from scraper.extract.again import read_again
from scraper.sites import get_site
from tests.importing.captures import (
    NOW,
    OLD_PAGE,
    SECTION,
    Warc,
    bring_in,
    lives,
    new_page,
    old_page,
    rows,
    stamp,
)
from tests.support.replica import crawl, dump

URL = f"{OLD_PAGE}?nid=1"


def warc_of(path, *captures):
    """A file with captures `(number, minute, text)` of pages of the older site."""
    warc = Warc()
    for number, minute, text in captures:
        warc.response(f"{OLD_PAGE}?nid={number}", old_page(number, text), stamp(minute))
    return warc.save(path)


def life(directory):
    """Versions (number, from, to, words) of the only article."""
    return [
        (
            row["number"],
            row["first_seen"][14:16],
            row["last_seen"][14:16],
            row["text"].split(".")[0],
        )
        for row in rows(
            directory,
            "SELECT number, first_seen, last_seen, json_extract(record, '$.text') AS text "
            "FROM revisions ORDER BY number",
        )
    ]


def events(directory):
    return [
        (row["at"][14:16], row["kind"])
        for row in rows(directory, "SELECT at, kind FROM events ORDER BY at, id")
    ]


@pytest.fixture
def known(tmp_path):
    """An archive that knows one version, seen at minutes 20 and 40."""
    file = warc_of(tmp_path / "known.warc.gz", (1, 20, "Mitte."), (1, 40, "Mitte."))
    bring_in(tmp_path / "a", file)
    return tmp_path / "a"


def test_an_older_page_becomes_an_earlier_version(known, tmp_path):
    report = bring_in(known, warc_of(tmp_path / "o.warc.gz", (1, 10, "Früher.")))
    assert (report.new, report.changed, report.unchanged) == (0, 1, 0)
    assert life(known) == [(1, "10", "10", "Früher"), (2, "20", "40", "Mitte")]
    assert events(known) == [("10", "new"), ("20", "changed")]
    article = rows(known, "SELECT * FROM articles")[0]
    assert article["text"].startswith("Mitte")
    assert article["first_seen"][14:16] == "10"
    assert article["last_seen"][14:16] == "40"


def test_a_newer_page_becomes_the_present_one(known, tmp_path):
    report = bring_in(known, warc_of(tmp_path / "n.warc.gz", (1, 50, "Später.")))
    assert report.changed == 1
    assert life(known) == [(1, "20", "40", "Mitte"), (2, "50", "50", "Später")]
    assert rows(known, "SELECT text FROM articles")[0]["text"].startswith("Später")
    with Archive.open_existing(known) as archive:
        assert search(archive, "Später", Filters())
        assert not search(archive, "Mitte", Filters())


def test_a_page_between_parts_a_version(known, tmp_path):
    bring_in(known, warc_of(tmp_path / "b.warc.gz", (1, 30, "Anders.")))
    assert life(known) == [
        (1, "20", "20", "Mitte"),
        (2, "30", "30", "Anders"),
        (3, "40", "40", "Mitte"),
    ]
    assert events(known) == [("20", "new"), ("30", "changed"), ("40", "changed")]
    assert rows(known, "SELECT text FROM articles")[0]["text"].startswith("Mitte")
    captures = rows(
        known,
        "SELECT c.fetched_at FROM revisions r JOIN captures c ON c.id = r.capture_id "
        "ORDER BY number",
    )
    assert [row["fetched_at"][14:16] for row in captures] == ["20", "30", "40"]


def test_the_same_words_at_another_time_are_no_version(known, tmp_path):
    before = warc_of(tmp_path / "s.warc.gz", (1, 5, "Mitte."), (1, 30, "Mitte."), (1, 55, "Mitte."))
    report = bring_in(known, before)
    assert (report.changed, report.unchanged) == (0, 3)
    assert life(known) == [(1, "05", "55", "Mitte")]
    assert events(known) == [("05", "new")]


def test_importing_twice_changes_nothing(known, tmp_path):
    files = [
        warc_of(tmp_path / "1.warc.gz", (1, 10, "Früher."), (2, 10, "Zwei.")),
        warc_of(tmp_path / "2.warc.gz", (1, 30, "Anders."), (1, 50, "Später.")),
    ]
    bring_in(known, *files)
    before = dump(known)
    report = bring_in(known, *reversed(files))
    assert (report.new, report.changed, report.unchanged) == (0, 0, 4)
    assert dump(known) == before
    assert report.exit_code == 0


def test_everything_agrees_afterwards(known, tmp_path):
    bring_in(known, warc_of(tmp_path / "x.warc.gz", (1, 30, "Anders."), (2, 1, "Zwei.")))
    with Archive.open_existing(known) as archive:
        assert verify(archive)["problems"] == []
        told = history(archive, 1)
        contents = revision_contents(archive)
        readings = [
            read_again(raw_page(archive, each.revision_id), get_site("dortmund"))
            for each in contents
        ]
    assert [reading.changes for reading in readings] == [()] * 4
    assert [event["kind"] for event in told["events"]] == ["new", "changed", "changed"]
    assert [version["number"] for version in told["versions"]] == [1, 2, 3]


def test_a_dry_run_says_the_same_and_writes_nothing(known, tmp_path):
    file = warc_of(tmp_path / "d.warc.gz", (1, 30, "Anders."), (1, 31, "Anders."), (2, 1, "Zwei."))
    before = dump(known)
    rehearsed = bring_in(known, file, dry_run=True)
    nothing = bring_in(tmp_path / "none", file, dry_run=True)
    assert dump(known) == before
    assert not (tmp_path / "none").exists()
    done = bring_in(known, file)
    figures = [(r.new, r.changed, r.unchanged) for r in (rehearsed, done, nothing)]
    assert figures == [(1, 1, 1), (1, 1, 1), (2, 0, 1)]


def test_an_import_that_is_stopped_goes_on(tmp_path):
    file = warc_of(tmp_path / "s.warc.gz", *((n, n, f"Text {n}.") for n in range(6)))
    done = []
    first = bring_in(
        tmp_path / "a",
        file,
        progress=lambda number, _total: done.append(number),
        stop=lambda: len(done) >= 3,
    )
    assert (first.new, first.exit_code, first.ended_early) == (3, 3, "it was interrupted")
    nothing = bring_in(tmp_path / "b", file, stop=lambda: True)
    assert (nothing.new, nothing.exit_code) == (0, 3)
    second = bring_in(tmp_path / "a", file)
    assert (second.new, second.unchanged, second.exit_code) == (3, 3, 0)


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.importing.captures import bring_in
point, directory, file = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
import scraper.archive.past as past
write = past.note_event
def note(*args, **kwargs):
    note.calls += 1
    if note.calls == point:
        os.kill(os.getpid(), signal.SIGKILL)
    return write(*args, **kwargs)
note.calls = 0
past.note_event = note
bring_in(directory, file)
"""


@pytest.mark.parametrize("point", [1, 4])
def test_an_import_that_is_killed_in_a_page_loses_and_doubles_nothing(tmp_path, point):
    captures = [(1, 10, "A."), (1, 20, "B."), (2, 20, "Zwei."), (1, 15, "C."), (3, 1, "Drei.")]
    file = warc_of(tmp_path / "k.warc.gz", *captures)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(point), str(tmp_path / "a"), str(file)], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    bring_in(tmp_path / "a", file)
    bring_in(tmp_path / "b", file)
    assert lives(tmp_path / "a") == lives(tmp_path / "b")
    with Archive.open_existing(tmp_path / "a") as archive:
        assert verify(archive)["problems"] == []


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.integers(1, 2), st.integers(0, 9), st.sampled_from("ABC")),
        min_size=1,
        max_size=9,
    ),
    st.integers(1, 3),
    st.randoms(use_true_random=False),
)
def test_the_history_is_the_same_however_captures_are_spread(
    tmp_path_factory, captures, files, order
):
    base = tmp_path_factory.mktemp("spread")
    bring_in(base / "one", warc_of(base / "all.warc.gz", *captures))
    shuffled = list(captures)
    order.shuffle(shuffled)
    parts = [warc_of(base / f"{n}.warc.gz", *shuffled[n::files]) for n in range(files)]
    bring_in(base / "together", *reversed(parts))
    for part in parts:
        bring_in(base / "in-turn", part)
    expected = lives(base / "one")
    assert lives(base / "together") == expected
    assert lives(base / "in-turn") == expected


def test_a_full_disk_ends_the_import_and_the_next_one_goes_on(tmp_path, monkeypatch):
    file = warc_of(tmp_path / "f.warc.gz", (1, 1, "Eins."), (2, 2, "Zwei."), (3, 3, "Drei."))
    fsync, calls = os.fsync, count(1)

    def full(descriptor):
        if next(calls) > 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ArchiveError, match="No space left"):
        bring_in(tmp_path / "a", file)
    monkeypatch.undo()
    run = rows(tmp_path / "a", "SELECT exit_code, warnings FROM runs")[0]
    assert run["exit_code"] == 7
    assert "No space left" in run["warnings"]
    bring_in(tmp_path / "a", file)
    bring_in(tmp_path / "b", file)
    assert lives(tmp_path / "a") == lives(tmp_path / "b")


def test_a_folder_that_cannot_be_listed_is_reported(tmp_path, monkeypatch):
    (tmp_path / "f" / "closed").mkdir(parents=True)
    scandir = os.scandir

    def forbidden(path):
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", forbidden)
    report = bring_in(tmp_path / "a", tmp_path / "f")
    assert report.failures == [
        (str(tmp_path / "f" / "closed"), "it cannot be read (Permission denied)")
    ]
    assert report.exit_code == 3


def test_an_import_waits_for_no_crawl(known, tmp_path):
    with crawl_lock(known, "dortmund"), pytest.raises(CrawlRunning):
        bring_in(known, warc_of(tmp_path / "l.warc.gz", (1, 1, "X.")))


def test_real_pages_are_not_mixed_with_invented_ones(tmp_path):
    with Archive.open(tmp_path / "a") as archive:
        begin_run(archive, "dortmund", "demo", NOW)
    with pytest.raises(UsageError, match="invented"):
        bring_in(tmp_path / "a", warc_of(tmp_path / "l.warc.gz", (1, 1, "X.")))


def test_crawls_look_after_addresses_in_use_and_leave_the_others(tmp_path):
    warc = Warc().response(f"{SECTION}/a.html?x=1", new_page("a"), stamp(0))
    warc.response(URL, old_page(1), stamp(0))
    bring_in(tmp_path / "a", warc.save(tmp_path / "c.warc.gz"))
    with Archive.open(tmp_path / "a") as archive:
        frontier = Frontier(archive, "dortmund", 99, RevisitPolicy())
        due = list(frontier.due(NOW, full=True))
    known = rows(tmp_path / "a", f"SELECT id FROM articles WHERE url = '{SECTION}/a.html'")[0]["id"]
    assert [(pending.url, pending.article_id) for pending in due] == [(f"{SECTION}/a.html", known)]
    with Archive.open_existing(tmp_path / "a") as archive:
        online = {life["url"]: life["online"] for life in (history(archive, n) for n in (1, 2))}
    assert online == {f"{SECTION}/a.html": True, URL: False}


def test_pages_from_before_a_crawl_change_nothing_that_it_has_seen(tmp_path):
    """A crawl, then an import of older and of equal captures: the present stays."""
    invented = Newsroom(4)
    with ReplicaServer(invented, navigation_bytes=200) as server:
        crawl(tmp_path / "a", server.base_url)
    with Archive.open(tmp_path / "a") as archive, archive.transaction() as db:
        for sql in (
            "UPDATE runs SET source = 'live'",
            "DELETE FROM chain",
            "DELETE FROM warc_files",
        ):
            db.execute(sql)
    present = rows(
        tmp_path / "a", "SELECT url, text, capture_id, last_seen FROM articles ORDER BY id"
    )
    first = next(iter(invented))
    same = render_article(first, navigation=b"[]")
    other = same.replace(first.title.encode(), b"Ein anderer Titel")
    assert other != same
    warc = Warc().response(first.url, other, stamp(0)).response(first.url, same, stamp(1))
    report = bring_in(tmp_path / "a", warc.save(tmp_path / "c.warc.gz"))
    assert (report.new, report.changed, report.unchanged) == (0, 1, 1)
    after = rows(
        tmp_path / "a", "SELECT url, text, capture_id, last_seen FROM articles ORDER BY id"
    )
    assert after == present
    versions = rows(
        tmp_path / "a",
        "SELECT r.number, r.first_seen, json_extract(record, '$.title') AS title FROM revisions r "
        f"JOIN articles a ON a.id = r.article_id WHERE a.url = '{first.url}' ORDER BY number",
    )
    assert [(row["number"], row["title"]) for row in versions] == [
        (1, "Ein anderer Titel"),
        (2, first.title),
    ]
    assert versions[1]["first_seen"] == "2022-05-18T12:01:00+00:00"
    with Archive.open_existing(tmp_path / "a") as archive:
        assert verify(archive)["problems"] == []


def test_a_page_captured_after_it_was_found_gone_is_back(known, tmp_path):
    with Archive.open(known) as archive, archive.transaction() as db:
        db.execute("UPDATE articles SET gone_at = '2022-05-18T12:45:00+00:00'")
    bring_in(known, warc_of(tmp_path / "1.warc.gz", (1, 42, "Vorher.")))
    assert rows(known, "SELECT gone_at FROM articles")[0]["gone_at"] is not None
    bring_in(known, warc_of(tmp_path / "2.warc.gz", (1, 50, "Wieder da.")))
    assert rows(known, "SELECT gone_at FROM articles")[0]["gone_at"] is None
    assert ("50", "back") in events(known)


def test_after_a_newer_version_nobody_asks_with_the_validators_of_an_older_one(tmp_path):
    def bring(minute, text):
        warc = Warc().response(f"{SECTION}/a.html", new_page("a", text), stamp(minute))
        bring_in(tmp_path / "a", warc.save(tmp_path / f"{minute}.warc.gz"))
        return rows(tmp_path / "a", "SELECT etag, last_modified FROM candidates")[0]

    bring(10, "Eins.")
    with Archive.open(tmp_path / "a") as archive, archive.transaction() as db:
        db.execute("UPDATE candidates SET etag = 'x', last_modified = 'y'")
    assert set(bring(5, "Null.").values()) == {"x", "y"}
    assert set(bring(20, "Zwei.").values()) == {None}


def test_order_does_not_depend_on_names(tmp_path):
    minutes = list(range(10))
    random.Random(7).shuffle(minutes)
    for name, minute in enumerate(minutes):
        warc_of(tmp_path / "w" / f"{name}.warc.gz", (1, minute, f"Text {minute}."))
    bring_in(tmp_path / "a", tmp_path / "w")
    assert [row[0] - 1 for row in life(tmp_path / "a")] == list(range(10))
    assert [row[3] for row in life(tmp_path / "a")] == [f"Text {n}" for n in range(10)]


def test_the_command_reports_what_came_in_and_what_did_not(newsroom, tmp_path):
    file = warc_of(tmp_path / "c.warc.gz", (1, 1, "Eins."))
    file.write_bytes(file.read_bytes() + b"\x1f\x8b\x08torn")
    (tmp_path / "page.html").write_bytes(
        old_page(2, head=f"<link rel=canonical href={OLD_PAGE}?nid=2>")
    )
    code, out, err = newsroom("import", "c.warc.gz", "page.html", "--dry-run")
    assert (code, "Nothing was written" in out) == (3, True)
    code, out, err = newsroom("import", "c.warc.gz", "page.html")
    assert code == 3
    assert [line.split() for line in out.splitlines()[:5]] == [
        ["read", "2"],
        ["new", "2"],
        ["changed", "0"],
        ["unchanged", "0"],
        ["failed", "1"],
    ]
    assert "1 pages do not say when" in out
    assert "Failed: c.warc.gz, byte" in err
    assert "torn" not in err


def test_the_command_as_json_and_quiet(newsroom, tmp_path):
    warc_of(tmp_path / "c.warc.gz", (1, 1, "Eins."))
    code, out, err = newsroom("import", "c.warc.gz", "--json")
    report = json.loads(out)
    assert (code, err, report["read"], report["new"], report["failed"]) == (0, "", 1, 1, 0)
    assert newsroom("import", "c.warc.gz", "--quiet") == (0, "", "")


@pytest.mark.parametrize("name", ["leer.warc", "leer.html", "ordner/leer.txt"])
def test_nothing_to_import_is_said(newsroom, tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    code, out, err = newsroom("import", path if path.parent == tmp_path else path.parent)
    assert (code, "read       0" in out) == (0, True)
    assert "Warning: No release of Stadt Dortmund was found there" in err


def test_a_wrong_path_is_wrong_use(newsroom):
    code, _out, err = newsroom("import", "missing.warc.gz")
    assert code == 2
    assert "nothing at missing.warc.gz" in err


def test_hostile_names_are_printed_harmless(newsroom, tmp_path):
    (tmp_path / "a\x1b[2J.wacz").write_bytes(b"x")
    code, _out, err = newsroom("import", "a\x1b[2J.wacz")
    assert code == 3
    assert "\x1b" not in err


def test_the_time_of_the_source_is_kept(tmp_path):
    bring_in(tmp_path / "a", warc_of(tmp_path / "t.warc.gz", (1, 1, "Eins.")))
    found = rows(tmp_path / "a", "SELECT fetched_at FROM captures")[0]["fetched_at"]
    assert datetime.fromisoformat(found) == datetime(2022, 5, 18, 12, 1, tzinfo=UTC)
