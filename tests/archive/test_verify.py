"""What `verify` finds: what was taken away, what others did; in bounded memory and few lines."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tracemalloc
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.digests import follow
from scraper.archive.index_digest import follow_index
from scraper.archive.verify import verify
from tests.support.read_only import read_only
from tests.support.replica import START, crawl
from tests.support.small import FOLDER

ROOT = Path(__file__).parents[2]
DAY = timedelta(days=1)
MANY = 20


@pytest.fixture
def known(small, tmp_path):
    """Two releases, one of them edited twice."""
    small.put("1.html", "2.html")
    crawl(tmp_path, small.url)
    for number in (1, 2):
        small.put("1.html", text=f"Neu gefasst, zum {number}. Mal.")
        crawl(tmp_path, small.url, after=number * DAY, full=True)
    return small


def change(directory, *statements):
    """What somebody does with another program."""
    with closing(sqlite3.connect(directory / DATABASE_NAME)) as db, db:
        for sql in statements:
            db.execute(sql)


def rewrite(directory, *statements):
    """What somebody does who knows of the digests, and has taken the chain of runs away."""
    with closing(sqlite3.connect(directory / DATABASE_NAME)) as db, db:
        follow(db)
        follow_index(db)
        for sql in (*statements, "DELETE FROM chain", "DELETE FROM warc_files"):
            db.execute(sql)


def problems(directory, now=None):
    with Archive.open_to_check(directory) as archive:
        return verify(archive, now)["problems"]


def notes(directory, now=None):
    with Archive.open_to_check(directory) as archive:
        found = verify(archive, now)
    assert found["problems"] == []
    return found["notes"]


class TestTakenAway:
    """Rows and records that somebody has removed."""

    def test_a_release_and_all_that_refers_to_it(self, known, tmp_path):
        assert problems(tmp_path) == []
        change(
            tmp_path,
            "DELETE FROM revisions WHERE article_id = 2",
            "DELETE FROM events WHERE article_id = 2",
            "DELETE FROM images WHERE article_id = 2",
            "DELETE FROM links WHERE article_id = 2",
            "UPDATE candidates SET article_id = NULL WHERE article_id = 2",
            "DELETE FROM articles WHERE id = 2",
        )
        (found,) = [line for line in problems(tmp_path) if "Capture" in line]
        assert "belongs to no release" in found
        assert FOLDER in found

    @pytest.mark.parametrize("candidates", ["article_id = NULL", None])
    def test_its_captures_too(self, known, tmp_path, candidates):
        known.put("3.html")
        crawl(tmp_path, known.url, after=3 * DAY)
        change(
            tmp_path,
            "UPDATE candidates SET article_id = NULL WHERE article_id = 1"
            if candidates
            else "DELETE FROM candidates WHERE article_id = 1",
            "DELETE FROM revisions WHERE article_id = 1",
            "DELETE FROM events WHERE article_id = 1",
            "DELETE FROM articles WHERE id = 1",
            "DELETE FROM captures WHERE url LIKE '%/1.html'",
        )
        found = problems(tmp_path)
        assert sum("belongs to no capture" in line for line in found) == 3

    @pytest.mark.parametrize(("number", "said"), [(1, "1 missing"), (2, "2 missing")])
    def test_a_version(self, known, tmp_path, number, said):
        rewrite(tmp_path, f"DELETE FROM revisions WHERE article_id = 1 AND number = {number}")
        (found,) = problems(tmp_path)
        assert "has 2 versions, and the last is number 3" in found
        assert said in found

    def test_a_number_of_a_version_beyond_all_bounds(self, known, tmp_path):
        change(tmp_path, f"UPDATE revisions SET number = {2**62} WHERE number = 3")
        assert "3, 4, 5, 6, 7 missing" in problems(tmp_path)[0]

    def test_the_page_that_another_one_refers_to(self, known, tmp_path):
        known.put("1.html")
        crawl(tmp_path, known.url, after=5 * DAY, full=True)  # as it had been at first
        change(
            tmp_path,
            "UPDATE revisions SET capture_id = NULL WHERE number = 1",
            "UPDATE events SET capture_id = NULL WHERE kind = 'new'",
            "DELETE FROM captures WHERE id = (SELECT refers_to FROM captures "
            "WHERE refers_to IS NOT NULL)",
        )
        assert any("was taken out" in line for line in problems(tmp_path))

    def test_the_last_records_of_a_run_that_was_killed_are_a_note(self, known, tmp_path):
        known.put("3.html")
        crawl(tmp_path, known.url, after=3 * DAY)
        rewrite(
            tmp_path,
            "DELETE FROM candidates WHERE url LIKE '%/3.html'",
            "DELETE FROM revisions WHERE article_id = 3",
            "DELETE FROM events WHERE article_id = 3",
            "DELETE FROM articles WHERE id = 3",
            "DELETE FROM captures WHERE url LIKE '%/3.html'",
        )
        assert "belongs to no capture" in problems(tmp_path)[0]
        rewrite(tmp_path, "UPDATE runs SET finished_at = NULL, exit_code = NULL WHERE id = 4")
        assert "was ended before it read it" in notes(tmp_path)[0]

    def test_what_a_crawl_does_leaves_nothing_to_say(self, known, tmp_path):
        known.pages[FOLDER + "leer.html"] = b"<html><p>Nichts</p></html>"
        crawl(tmp_path, known.url, after=3 * DAY)
        known.pages[FOLDER + "leer.html"] = b"<html><p>Immer noch nichts</p></html>"
        crawl(tmp_path, known.url, after=4 * DAY, full=True)
        del known.pages[FOLDER + "2.html"]
        known.moved = {FOLDER + "1.html": "/newsroom/"}
        known.pages["/newsroom/"] = b"<html><p>Alle Nachrichten</p></html>"
        for day in range(5, 8):  # an outage first, as all known ones are missing
            crawl(tmp_path, known.url, after=day * DAY, full=True, accept_gone=day == 7)
        assert notes(tmp_path) == []


class TestOthers:
    """Other programs and a wrong clock."""

    def test_triggers_of_others(self, known, tmp_path, newsroom):
        command = [sys.executable, "-m", "sqlite_utils", "enable-counts", DATABASE_NAME]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        code, out, err = newsroom("--data", tmp_path, "verify")
        assert (code, "All is well" in out) == (7, False)
        assert "DROP TRIGGER" in err
        assert "differs from" not in err
        code, out, _err = newsroom("--data", tmp_path, "doctor")
        assert code == 7
        assert "enable-counts" in out

    def test_triggers_that_are_gone(self, known, tmp_path, newsroom):
        command = [sys.executable, "-m", "sqlite_utils", "transform", DATABASE_NAME, "articles"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        before = (tmp_path / DATABASE_NAME).read_bytes()
        for verb, at in (("verify", 2), ("doctor", 1)):
            answer = newsroom("--data", tmp_path, verb)
            assert answer[0] == 7
            assert "articles_edited" in answer[at]
        assert (tmp_path / DATABASE_NAME).read_bytes() == before  # looking mends nothing
        assert newsroom("--data", tmp_path, "stats")[0] == 0
        assert newsroom("--data", tmp_path, "verify")[0] == 0

    def test_times_after_now_are_a_note(self, known, tmp_path):
        assert notes(tmp_path, START + 3 * DAY) == []
        assert "clock" in notes(tmp_path, START - 300 * DAY)[0]

    def test_headers_and_times_that_others_wrote(self, known, tmp_path):
        rewrite(
            tmp_path,
            "UPDATE captures SET headers = 'x' WHERE id = 1",
            "UPDATE captures SET fetched_at = 'x' WHERE id = 2",
        )
        assert [line[:10] for line in problems(tmp_path)] == ["Capture 1:", "Capture 2:"]


class TestManyOfAKind:
    """A sum, not a line for each."""

    @pytest.fixture
    def many(self, small, tmp_path):
        small.put(*(f"{number}.html" for number in range(MANY)))
        crawl(tmp_path, small.url)
        return tmp_path

    def test_a_missing_file(self, many):
        shutil.rmtree(many / "warc")
        (found,) = problems(many)
        assert found.startswith(f"{MANY} captures in dortmund-20261004120000-00000.warc.gz cannot")
        assert "Capture 1: " in found
        assert "is missing" in found

    def test_changed_records(self, many):
        change(many, "UPDATE captures SET sha256 = 'x'", "UPDATE articles SET title = 'x'")
        found = problems(many)
        assert [line.split(" ", 2)[:2] for line in found[:2]] == [
            [str(MANY), "pages"],
            [str(MANY), "articles"],
        ]


def test_memory_does_not_grow_with_the_archive(known, tmp_path):
    def peak():
        with Archive.open_to_check(tmp_path) as archive:
            tracemalloc.start()
            try:
                assert verify(archive)["checked"]["articles"] > 0
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    def fill(rows):
        copied = ", ".join(
            column for column in columns("articles") if column not in {"id", "url", "title", "text"}
        )
        change(
            tmp_path,
            f"INSERT INTO articles (url, title, text, {copied}) "
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n "
            f"WHERE n < {rows}) SELECT url || hex(randomblob(8)), title, "
            f"printf('%.20000c', 'x'), {copied} FROM articles, n WHERE id = 2",
            "INSERT INTO revisions (article_id, number, first_seen, last_seen, parser, "
            "fingerprint, record, capture_id) SELECT id, 1, first_seen, last_seen, parser, "
            "fingerprint, json_object('title', title, 'text', text), capture_id FROM articles "
            "WHERE id NOT IN (SELECT article_id FROM revisions)",
        )

    def columns(table):
        with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as db:
            return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]

    peak()  # what is imported once is none of it
    fill(1000)
    some = peak()
    fill(3000)
    assert peak() < 1.5 * some


def test_an_archive_on_a_medium_that_cannot_be_written(known, tmp_path, newsroom):
    for path in tmp_path.glob(f"{DATABASE_NAME}-*"):
        path.unlink()
    with read_only(tmp_path, tmp_path.with_name(tmp_path.name + "-mounted")) as directory:
        code, out, err = newsroom("--data", directory, "verify")
        assert (code, err) == (0, "")
        assert "All is well" in out
        code, out, _err = newsroom("--data", directory, "doctor")
        assert (code, "cannot be written" in out) == (0, True)
        # It is checked, too.
        change(tmp_path, "INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
        code, _out, err = newsroom("--data", directory, "verify")
        assert (code, "articles_fts differs from its table" in err) == (7, True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts open files as Linux does")
@pytest.mark.parametrize("handles", [4, 5, 6, 7, 8])
def test_few_file_handles_are_no_damage(known, tmp_path, handles):
    done = subprocess.run(
        [sys.executable, "-c", _IN_NEED, str(handles), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert (done.returncode, done.stdout) == (7, "")
        assert "No more files can be opened" in done.stderr
        assert "ulimit -n" in done.stderr


# All is imported first: Python itself does not start with so few.
_IN_NEED = """
import resource, sys
import scraper.archive.verify, scraper.console.reports
from scraper.archive import Archive
from scraper.cli import main
handles, directory = sys.argv[1:]
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (int(handles), most))
sys.argv = ["newsroom", "--data", directory, "verify"]
main()
"""


def test_a_reader_that_has_enough_changes_no_exit_code(known, tmp_path):
    shutil.rmtree(tmp_path / "warc")
    for arguments, closed in ((["verify", "--json"], "stdout"), (["verify"], "stderr")):
        process = subprocess.Popen(
            [sys.executable, "-m", "scraper", "--data", str(tmp_path), *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        getattr(process, closed).close()
        other = process.stderr if closed == "stdout" else process.stdout
        assert b"Traceback" not in other.read()
        other.close()
        assert process.wait() == 7
