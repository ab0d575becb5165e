"""Two archives become one: each release once, the evidence of both, whatever ends it on the way."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from scraper import warc
from scraper.archive import Archive, arriving
from scraper.archive.forget import forget
from scraper.archive.verify import verify
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import ArchiveError, CrawlRunning, UsageError
from scraper.importing import merge as merging
from scraper.importing.merge import ASIDE, merge
from scraper.importing.rebuild import rebuild
from scraper.markup.redact import redact_page
from scraper.sites import SITES
from scraper.warc.records import Records
from tests.archive.corpus import RELEASES, store
from tests.support.replica import crawl, rows

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
CONTENT = (
    "SELECT a.url, a.title, a.text, a.gone_at IS NULL AS online, a.first_seen, a.last_seen, "
    "a.fingerprint FROM articles a ORDER BY 1"
)
VERSIONS = (
    "SELECT a.url, r.number, r.first_seen, r.last_seen, r.fingerprint, c.sha256, c.fetched_at "
    "FROM revisions r JOIN articles a ON a.id = r.article_id "
    "LEFT JOIN captures c ON c.id = r.capture_id ORDER BY 1, 2"
)
EVENTS = (
    "SELECT a.url, e.at, e.kind, e.detail, c.sha256 FROM events e JOIN articles a "
    "ON a.id = e.article_id LEFT JOIN captures c ON c.id = e.capture_id ORDER BY 1, 2, 3, 4"
)
REST = """
SELECT url, fetched_at, status, headers, sha256, digest, error FROM captures ORDER BY 1, 2, 5;
SELECT src, site, error FROM pictures ORDER BY 1;
SELECT v.url, v.first_seen, v.last_seen, c.sha256 FROM file_versions v
JOIN captures c ON c.id = v.capture_id ORDER BY 1, 2;
SELECT a.url, t.url, t.sha256, t.text, t.reason, t.is_twin FROM attachments t
JOIN articles a ON a.id = t.article_id ORDER BY 1, 2;
SELECT a.url, q.position, q.text, q.speaker FROM quotes q
JOIN articles a ON a.id = q.article_id ORDER BY 1, 2;
SELECT address, reason FROM tombstones ORDER BY 1;
SELECT key, file FROM sites ORDER BY 1""".split(";")


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Two archives of one newsroom, which looked at it on different days."""
    folder = tmp_path_factory.mktemp("both")
    one, two = folder / "one", folder / "two"
    kept = {"images": True, "attachments": True}
    with ReplicaServer(Newsroom(9), navigation_bytes=200) as server:
        server.delete(7)
        server.delete(8)
        crawl(one, server.base_url, **kept)
        server.edit(1, text="Der Termin ist verlegt: Er beginnt um 18 Uhr.")
        crawl(two, server.base_url, after=DAY, **kept)
        server.edit(1, text="Der Termin entfällt.")
        server.delete(2)
        server.delete(3)
        for day in (2, 3):
            crawl(one, server.base_url, after=day * DAY, full=True)
        for number in (3, 7, 8):
            server.restore(number)
        server.edit(1, text="Der Termin ist verlegt: Er beginnt um 18 Uhr.")
        crawl(two, server.base_url, after=4 * DAY, full=True)
        crawl(two, server.base_url, after=5 * DAY, full=True)
    return one, two


@pytest.fixture
def copied(both, tmp_path):
    return tuple(shutil.copytree(path, tmp_path / path.name) for path in both)


def merged(directory, other, **options):
    return merge(directory, other, lambda: NOW, **options)


def troubles(directory):
    with Archive.open_to_check(directory) as archive:
        return verify(archive)["problems"]


def records(directory):
    """The ids of all records with pages, of each file."""
    found = []
    for path in warc.files(directory / "warc"):
        with path.open("rb") as file:
            for record in Records(file):
                head = record.rec_headers
                found.append((record.rec_type, head.get_header("WARC-Record-ID")))
    return sorted(name for kind, name in found if kind in {"response", "revisit", "resource"})


def state(directory):
    """What an archive says, less numbers of rows and places on disk."""
    return [rows(directory, sql) for sql in (CONTENT, VERSIONS, EVENTS, *REST)]


def tree(directory):
    """Every file of a directory with its content and time, to see that none is touched."""
    return {
        path: (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def test_into_an_empty_archive_it_is_the_same_one(both, tmp_path):
    _one, two = both
    before = tree(two)
    report = merged(tmp_path / "new", two)
    assert (report.conflicts, report.changed, report.known) == ([], 0, 0)
    assert (report.added, report.newsrooms) == (9, ["dortmund"])
    assert tree(two) == before
    assert state(tmp_path / "new") == state(two)
    assert troubles(tmp_path / "new") == []


def test_two_become_one(both, copied):
    before_one, (one, two) = both[0], copied
    kept = sorted(records(one) + records(two))
    before = tree(two)
    report = merged(one, two)
    assert tree(two) == before
    assert (report.added, report.known, report.newsrooms) == (2, 0, [])
    assert troubles(one) == []
    assert records(one) == kept
    addresses = [row["url"] for row in rows(one, "SELECT url FROM articles")]
    assert len(addresses) == len(set(addresses)) == 9
    (edited,) = {row["url"] for row in rows(before_one, EVENTS) if row["kind"] == "changed"}
    missed = {row["url"] for row in rows(before_one, EVENTS) if row["kind"] == "gone"}
    gone, back = sorted(
        missed, key=lambda url: max(row["at"] for row in rows(one, EVENTS) if row["url"] == url)
    )
    told = [row for row in rows(one, VERSIONS) if row["url"] == edited]
    assert [row["number"] for row in told] == [1, 2, 3, 4]
    assert [row["first_seen"][:10] for row in told] == [
        *("2026-10-04", "2026-10-05", "2026-10-06", "2026-10-09")
    ]
    words = [row["fingerprint"] for row in told]
    assert (words[1], len(set(words))) == (words[3], 3)
    happened = {
        url: [row["kind"] for row in rows(one, EVENTS) if row["url"] == url]
        for url in (edited, gone, back)
    }
    assert happened == {
        edited: ["new", *["changed"] * 3],
        gone: ["new", "gone"],
        back: ["new", "gone", "back"],
    }
    online = {row["url"]: row["online"] for row in rows(one, CONTENT)}
    assert (online[gone], online[back]) == (0, 1)


def test_again_it_changes_nothing(copied):
    one, two = copied
    merged(one, two)
    before, files = state(one), tree(one / "warc")
    again = merged(one, two)
    assert (again.added, again.changed, again.captures, again.conflicts) == (0, 0, 0, [])
    assert again.known == rows(two, "SELECT count(*) AS n FROM captures")[0]["n"]
    assert (state(one), tree(one / "warc")) == (before, files)
    back = merged(two, one)
    assert back.added == 0
    assert state(two) == before
    assert troubles(two) == []


def test_in_either_direction_the_same_comes_out(copied, tmp_path):
    one, two = copied
    other = shutil.copytree(two, tmp_path / "other")
    merged(other, one)
    merged(one, two)
    assert state(one) == state(other)
    assert troubles(other) == []


def test_a_copy_of_itself_brings_what_it_has_seen_since(copied, tmp_path):
    one, _two = copied
    twin = shutil.copytree(one, tmp_path / "twin")
    with ReplicaServer(Newsroom(8), navigation_bytes=200) as server:
        crawl(twin, server.base_url, after=6 * DAY, full=True)
    same = merged(one, shutil.copytree(one, tmp_path / "same"))
    assert (same.added, same.changed, same.captures) == (0, 0, 0)
    report = merged(one, twin)
    assert report.added == 1
    assert state(one) == state(twin)
    assert troubles(one) == []


def test_it_is_crawled_on_and_rebuilt(copied, tmp_path):
    one, two = copied
    merged(one, two)
    with ReplicaServer(Newsroom(10), navigation_bytes=200) as server:
        crawl(one, server.base_url, after=7 * DAY, full=True)
    assert len(rows(one, "SELECT id FROM articles")) == 10
    assert troubles(one) == []
    report = rebuild(tmp_path / "new", one / "warc", [], lambda: NOW)
    assert report.failures == []
    assert [rows(tmp_path / "new", sql) for sql in (VERSIONS, EVENTS)] == [
        rows(one, sql) for sql in (VERSIONS, EVENTS)
    ]
    assert troubles(tmp_path / "new") == []


def test_what_a_crawl_has_just_stored_there_comes_in(copied):
    one, two = copied
    with Archive.open(two) as writer:  # its log is not in the database yet
        with writer.transaction() as db:
            db.execute("UPDATE articles SET first_seen = '2026-10-01T00:00:00+00:00' WHERE id = 4")
        merged(one, two)
    sql = "SELECT first_seen FROM articles ORDER BY 1 LIMIT 1"
    assert rows(one, sql)[0]["first_seen"] == "2026-10-01T00:00:00+00:00"


def test_pages_that_stand_in_the_database_there_get_records(tmp_path):
    """As older versions have kept them, and erasures leave them."""
    two = tmp_path / "two"
    with Archive.open(two) as archive:
        for made in RELEASES:
            store(archive, made)
    for directory in ("one", "again"):
        report = merged(tmp_path / "one", two)
        assert report.added == (len(RELEASES) if directory == "one" else 0)
    assert report.captures == 0
    assert rows(tmp_path / "one", "SELECT 1 FROM captures WHERE body IS NOT NULL") == []
    assert rows(tmp_path / "one", VERSIONS) == rows(two, VERSIONS)
    assert rows(tmp_path / "one", EVENTS) == rows(two, EVENTS)
    assert troubles(tmp_path / "one") == []


def test_an_archive_of_the_first_version_is_read_and_stays_as_it_is(both, tmp_path):
    two = tmp_path / "two"
    two.mkdir()
    script = Path(__file__).parents[1] / "fixtures" / "schema" / "version_1.sql"
    with closing(sqlite3.connect(two / "newsroom.db")) as db:
        db.executescript(script.read_text("utf-8"))
    before = tree(two)
    report = merged(tmp_path / "one", two)
    assert [what for _where, what in report.conflicts] == [
        "it has no version there, and was left out"
    ] * 2
    assert tree(two) == before


def test_a_file_that_a_crawl_is_writing_there(copied):
    one, two = copied
    path = warc.files(two / "warc")[-1]
    whole = path.read_bytes()
    path.rename(path.with_name(path.name + warc.OPEN_SUFFIX))
    path.with_name(path.name + warc.OPEN_SUFFIX).write_bytes(whole + whole[:100])
    merged(one, two)
    assert troubles(one) == []
    assert len(rows(one, "SELECT 1 FROM articles")) == 9


def test_it_says_where_different_programs_have_read(copied):
    one, two = copied
    with Archive.open(two) as archive, archive.transaction() as db:
        db.execute("UPDATE revisions SET parser = '0.0.1'")
    (note,) = merged(one, two).notes
    assert note.startswith("1 releases have versions now that different versions")
    assert merged(one, two).notes == []


# --- erasures -------------------------------------------------------------------------------------


def erase(directory, number, **options):
    def redact(body, content_type, url, addresses, titles, names):
        return redact_page(body, content_type, url, SITES.find(url), addresses, titles, names)

    with Archive.open(directory) as archive:
        (row,) = archive.rows("SELECT url, title FROM articles WHERE id = ?", (number,))
        forget(archive, [str(number)], redact, NOW, **options)
    return row


def unpacked(directory):
    for path in warc.files(directory / "warc"):
        with path.open("rb") as file:
            for record in Records(file):
                yield record.content_stream().read()
    yield (directory / "newsroom.db").read_bytes()


def test_what_was_erased_here_does_not_come_back(copied):
    one, two = copied
    gone = erase(one, 4)
    before = tree(two)
    report = merged(one, two)
    assert report.kept_out == [gone["url"]]
    assert tree(two) == before
    assert rows(one, f"SELECT 1 FROM articles WHERE url = '{gone['url']}'") == []
    assert not any(gone["title"].encode() in found for found in unpacked(one))
    assert troubles(one) == []
    again = merged(one, two)
    assert (again.added, again.changed, again.captures) == (0, 0, 0)


def test_what_came_in_is_erased_with_the_rest(copied):
    one, two = copied
    merged(one, two)
    gone = erase(one, 4)
    assert not any(gone["title"].encode() in found for found in unpacked(one))
    assert troubles(one) == []
    before = state(one)
    report = merged(one, two)
    assert (report.kept_out, report.added, report.captures) == ([gone["url"]], 0, 0)
    assert state(one) == before
    assert troubles(one) == []


def test_what_was_erased_there_is_told_and_stays_out(copied, tmp_path):
    one, two = copied
    gone = erase(two, 4, reason="Art. 17")
    told = [{"address": gone["url"], "day": "2026-11-28", "reason": "Art. 17"}]
    assert merged(one, two).forgotten_there == told
    assert len(rows(one, f"SELECT 1 FROM articles WHERE url = '{gone['url']}'")) == 1
    assert rows(one, "SELECT 1 FROM tombstones") == []
    assert merged(tmp_path / "new", two).forgotten_there == []
    with ReplicaServer(Newsroom(7), navigation_bytes=200) as server:
        crawl(tmp_path / "new", server.base_url, after=8 * DAY, full=True)
    assert rows(tmp_path / "new", f"SELECT 1 FROM articles WHERE url = '{gone['url']}'") == []
    assert troubles(tmp_path / "new") == []


# --- conflicts ------------------------------------------------------------------------------------


def test_conflicts_are_named(copied, newsroom):
    one, two = copied
    with Archive.open(one) as archive, archive.transaction() as db:
        db.execute("UPDATE sites SET file = file || '# mine'")
        db.execute("UPDATE articles SET site = 'other' WHERE id = 5")
    (two / "sites").mkdir()
    (two / "sites" / "neustadt.toml").write_text("# a file of facts\n", "utf-8")
    code, out, err = newsroom("--data", one, "merge", two, "--json")
    assert code == 0, err
    told = json.loads(out)["conflicts"]
    assert any(row["where"] == "dortmund" and "file of facts" in row["what"] for row in told)
    assert any("filed under dortmund there, under other here" in row["what"] for row in told)
    assert (one / "sites" / "neustadt.toml").exists()
    code, out, _err = newsroom("--data", one, "merge", two)
    assert "Conflict: dortmund: its file of facts differs" in out


def test_one_saw_a_change_that_the_other_one_missed(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    with ReplicaServer(Newsroom(2), navigation_bytes=200) as server:
        crawl(one, server.base_url)
        server.edit(1, text="Kurz stand hier etwas anderes.")
        crawl(two, server.base_url, after=DAY)
    with ReplicaServer(Newsroom(2), navigation_bytes=200) as server:
        crawl(one, server.base_url, after=2 * DAY, full=True)
    (conflict,) = merged(one, two).conflicts
    assert "the history has both" in conflict[1]
    told = rows(
        one,
        "SELECT fingerprint AS f FROM revisions WHERE article_id = "
        "(SELECT article_id FROM events WHERE kind = 'changed') ORDER BY number",
    )
    assert (len(told), told[0] == told[2], told[0] == told[1]) == (3, True, False)
    assert troubles(one) == []


# --- refusals -------------------------------------------------------------------------------------


def test_refusals(copied, tmp_path):
    one, two = copied
    with pytest.raises(UsageError, match="no archive"):
        merged(one, tmp_path / "nothing")
    with pytest.raises(UsageError, match="this archive itself"):
        merged(one, one)
    with Archive.open(two) as archive, archive.transaction() as db:
        db.execute("UPDATE runs SET source = 'live'")
    before = state(one)
    with pytest.raises(UsageError, match="must not be mixed"):
        merged(one, two)
    assert state(one) == before
    assert not (one / ASIDE).exists()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE revisions SET record = '{}' WHERE id = 9",
        "UPDATE revisions SET record = 'x' WHERE id = 9",
        "UPDATE captures SET warc_file = '../newsroom.db' WHERE id = 3",
        "UPDATE captures SET warc_offset = 7 WHERE id = 3",
        "UPDATE captures SET warc_file = 'lost-00000.warc.gz' WHERE id = 3",
    ],
)
def test_a_damaged_archive_brings_nothing(copied, damage):
    one, two = copied
    with Archive.open(two) as archive, archive.transaction() as db:
        db.execute(damage)
    before = state(one)
    with pytest.raises(ArchiveError):
        merged(one, two)
    assert state(one) == before
    assert troubles(one) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE revisions SET record = replace(record, 'e', 'x') WHERE id = 9",
        "UPDATE events SET at = '2020-01-01T00:00:00+00:00' WHERE id = 3",
        "DELETE FROM captures WHERE id = (SELECT max(id) FROM captures)",
    ],
)
def test_what_another_program_changed_does_not_come_in(copied, change):
    """It would get digests here, and be sound from then on."""
    one, two = copied
    with closing(sqlite3.connect(two / "newsroom.db")) as db, db:
        db.execute(change)
    before = state(one)
    with pytest.raises(ArchiveError, match="nothing was brought in"):
        merged(one, two)
    assert state(one) == before


def test_a_crawl_at_work_comes_first(copied):
    one, two = copied
    with merging.crawl_lock(one, "dortmund"), pytest.raises(CrawlRunning):
        merged(one, two)


def test_a_dry_run_writes_nothing(copied, tmp_path, newsroom):
    one, two = copied
    before = state(one), tree(one / "warc")
    code, out, err = newsroom("--data", one, "merge", two, "--dry-run")
    assert (code, err) == (0, "")
    assert "Would come in" in out
    assert "2 new releases" in out
    assert (state(one), tree(one / "warc")) == before
    assert merged(tmp_path / "new", two, dry_run=True).added == 9
    assert not (tmp_path / "new").exists()


# --- killed ---------------------------------------------------------------------------------------


def _die(*_values, **_options):
    os.kill(os.getpid(), signal.SIGKILL)


def _merge_and_die(one, two, name):
    setattr(merging, name, _die)
    merged(one, two)


def _merge_and_die_moving(one, two):
    arriving.sync_directory = _die
    merged(one, two)


def test_killed_at_any_moment_nothing_is_lost_or_doubled(copied, tmp_path):
    one, two = copied
    whole = shutil.copytree(one, tmp_path / "whole")
    merged(whole, two)
    wanted, before = state(whole), state(one)
    context = multiprocessing.get_context("fork")
    cases = [
        partial(_merge_and_die, name="note_corrections"),  # in the transaction
        partial(_merge_and_die, name="take_places"),  # stored, and the files wait
        _merge_and_die_moving,
    ]
    for number, case in enumerate(cases):
        directory = shutil.copytree(one, tmp_path / str(number))
        process = context.Process(target=case, args=(directory, two))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        assert troubles(directory) == []
        assert state(directory) == (wanted if number else before)
        merged(directory, two)
        assert state(directory) == wanted
        assert records(directory) == records(whole)
        assert troubles(directory) == []
        assert not (directory / ASIDE).exists()
