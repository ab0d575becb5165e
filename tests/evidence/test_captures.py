"""What a crawl keeps as evidence, and how the archive finds it again."""

import gzip
import hashlib
import shutil
import sqlite3
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper import warc
from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.read import find_article_id, read_capture, read_capture_by_id, read_picture
from scraper.archive.verify import verify
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import UsageError
from scraper.records import Image
from tests.support.playback import MANAGER, PYWB, get, playing
from tests.support.replica import START, crawl, rows
from tests.support.small import FOLDER, ORIGIN

SIZE = 12
LATER = timedelta(days=200)


@pytest.fixture
def replica():
    with ReplicaServer(Newsroom(SIZE), navigation_bytes=200) as server:
        yield server


def responses(directory):
    """Type and address of every response that is kept."""
    found = []
    for path in warc.files(directory / "warc"):
        with path.open("rb") as file:
            found += [
                (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
                for record in ArchiveIterator(file)
                if record.rec_type in {"response", "revisit"}
            ]
    return found


def sound(directory):
    with Archive.open_existing(directory) as archive:
        return verify(archive)["problems"] == []


def events(directory, url):
    return rows(
        directory,
        "SELECT e.kind, c.status, c.refers_to FROM events e JOIN articles a ON a.id = e.article_id "
        f"LEFT JOIN captures c ON c.id = e.capture_id WHERE a.url = '{url}' ORDER BY e.id",
    )


def test_every_first_capture_is_kept_as_it_came(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    expected = sorted(("response", replica.article(n).url) for n in range(SIZE))
    assert sorted(responses(tmp_path)) == expected
    assert [path.suffix for path in warc.files(tmp_path / "warc")] == [".gz"]
    with Archive.open_existing(tmp_path) as archive:
        for n in range(SIZE):
            url = replica.article(n).url
            capture = read_capture(archive, find_article_id(archive, url))
            assert capture.body == replica.site.content(url).body()
            assert capture.header("content-encoding") == "gzip"
        assert verify(archive)["problems"] == []


def test_a_check_without_news_writes_nothing(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    before = {path: path.read_bytes() for path in warc.files(tmp_path / "warc")}
    crawl(tmp_path, replica.base_url, after=timedelta(hours=1), full=True)
    replica.touch_templates()
    crawl(tmp_path, replica.base_url, after=timedelta(hours=2), full=True)
    assert {path: path.read_bytes() for path in warc.files(tmp_path / "warc")} == before
    assert sound(tmp_path)


def test_edit_disappearance_and_return_each_have_their_response(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    url = replica.edit(2, text="Der Termin ist verschoben.").url
    crawl(tmp_path, replica.base_url, after=LATER)
    replica.delete(2)
    crawl(tmp_path, replica.base_url, after=2 * LATER)
    crawl(tmp_path, replica.base_url, after=3 * LATER)
    replica.restore(2)
    crawl(tmp_path, replica.base_url, after=4 * LATER)
    found = events(tmp_path, url)
    assert [event["kind"] for event in found] == ["new", "changed", "gone", "back", "changed"]
    assert [event["status"] for event in found] == [200, 200, 404, 200, 200]
    # It came back as it had been at first: the body is kept once.
    assert found[3]["refers_to"] is not None
    assert found[3]["refers_to"] == found[4]["refers_to"]
    kinds = [kind for kind, target in responses(tmp_path) if target == url]
    assert kinds == ["response", "response", "response", "revisit"]
    with Archive.open_existing(tmp_path) as archive:
        number = find_article_id(archive, url)
        assert read_capture(archive, number).body == replica.site.content(url).body()
    assert sound(tmp_path)


def test_a_move_keeps_the_redirect_that_shows_it(small, tmp_path):
    small.put("alt.html", content_id="0b9d3e52-7f64-4f0e-9c51-2f6f5f0d7a11")
    crawl(tmp_path, small.url)
    small.pages.clear()
    small.put("neu.html", content_id="0b9d3e52-7f64-4f0e-9c51-2f6f5f0d7a11")
    small.moved = {FOLDER + "alt.html": FOLDER + "neu.html"}
    report = crawl(tmp_path, small.url, after=LATER)
    assert (report.moved, report.new) == (1, 0)
    targets = [target.rpartition("/")[2] for _kind, target in responses(tmp_path)]
    assert targets == ["alt.html", "neu.html", "alt.html", "neu.html"]
    found = events(tmp_path, ORIGIN + FOLDER + "neu.html")
    assert [event["kind"] for event in found] == ["new", "moved", "changed"]
    assert sound(tmp_path)


def test_a_page_that_cannot_be_read_is_kept_with_its_error(small, tmp_path):
    small.pages[FOLDER + "leer.html"] = b"<html><p>Nichts</p></html>"
    assert crawl(tmp_path, small.url).failed == 1
    (row,) = rows(tmp_path, "SELECT id, error FROM captures")
    assert "could not be parsed" in row["error"]
    with Archive.open_existing(tmp_path) as archive:
        assert read_capture_by_id(archive, row["id"]).body == b"<html><p>Nichts</p></html>"
    assert sound(tmp_path)


def test_pictures_are_kept_once_each(replica, tmp_path):
    report = crawl(tmp_path, replica.base_url, images=True)
    sources = {row["src"] for row in rows(tmp_path, "SELECT src FROM images")}
    assert report.pictures == len(sources) > 0
    asked = len(replica.requests)
    again = crawl(tmp_path, replica.base_url, after=timedelta(hours=1), images=True)
    assert again.pictures == 0
    assert not any(".webp" in path for _method, path, _status in replica.requests[asked:])
    with Archive.open_existing(tmp_path) as archive:
        for src in sources:
            picture = read_picture(archive, src)
            assert picture.header("content-type") == "image/webp"
            assert picture.body.startswith(b"RIFF")
        assert read_picture(archive, "https://www.dortmund.de/none.webp") is None
    # All pictures of the replica are one and the same.
    kinds = [kind for kind, target in responses(tmp_path) if target in sources]
    assert sorted(kinds) == ["response"] + ["revisit"] * (len(sources) - 1)
    assert sound(tmp_path)


def test_a_picture_that_is_none_is_tried_three_times(small, tmp_path):
    src = "/bilder/bild_w460h192.webp"
    small.put("bild.html", images=(Image(ORIGIN + src, role="lead"),))
    small.pages[src] = b"<html>not found</html>"
    for number in range(5):
        report = crawl(tmp_path, small.url, after=timedelta(minutes=number), images=True)
        assert report.exit_code == (3 if number < 3 else 0)
    (row,) = rows(tmp_path, "SELECT capture_id, failures, error FROM pictures")
    assert (row["capture_id"], row["failures"]) == (None, 3)
    assert "no picture" in row["error"]


def test_a_missing_warc_file_is_a_problem_of_each_page_in_it(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    shutil.rmtree(tmp_path / "warc")
    with Archive.open_existing(tmp_path) as archive:
        problems = verify(archive)["problems"]
    assert len(problems) == SIZE
    assert all("missing" in problem for problem in problems)


def test_a_capture_that_does_not_exist(replica, tmp_path):
    crawl(tmp_path, replica.base_url, limit=1)
    with Archive.open_existing(tmp_path) as archive, pytest.raises(UsageError, match="number 9"):
        read_capture_by_id(archive, 9)


def test_pages_of_schema_2_are_read_after_the_upgrade(tmp_path):
    script = Path(__file__).parents[1] / "fixtures" / "schema" / "version_1.sql"
    body = b"<html>as it was</html>"
    connection = sqlite3.connect(tmp_path / DATABASE_NAME)
    connection.executescript(script.read_text(encoding="utf-8"))
    connection.execute(
        "INSERT INTO captures (id, url, fetched_at, status, headers, body, sha256, size) "
        "SELECT 7, url, first_seen, 200, '[]', ?, ?, ? FROM articles WHERE id = 1",
        [gzip.compress(body), hashlib.sha256(body).hexdigest(), len(body)],
    )
    for table in ("articles SET capture_id = 7 WHERE id", "revisions SET capture_id = 7 WHERE id"):
        connection.execute(f"UPDATE {table} = 1")
    connection.commit()
    connection.close()
    Archive.open(tmp_path).db.close()
    with Archive.open_existing(tmp_path) as archive:
        assert archive.rows("PRAGMA foreign_key_check") == []
        assert archive.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert read_capture(archive, 1).body == body
        assert verify(archive)["checked"]["captures"] == 1


@pytest.mark.skipif(not PYWB.exists(), reason="pywb is not installed")
def test_pywb_plays_the_pages_back(small, tmp_path):
    small.put("a.html")
    crawl(tmp_path, small.url)
    small.put("a.html", text="Neu gefasst.")
    crawl(tmp_path, small.url, after=LATER)
    web = tmp_path / "web"
    web.mkdir()
    files = [str(path) for path in warc.files(tmp_path / "warc")]
    manager = str(MANAGER)
    for arguments in (["init", "news"], ["add", "news", *files]):
        subprocess.run([manager, *arguments], cwd=web, check=True, capture_output=True)
    with playing(web) as address, Archive.open_existing(tmp_path) as archive:
        for number, moment in enumerate((START, START + LATER), 1):
            stamp = f"{moment:%Y%m%d%H%M%S}"
            body = get(f"{address}/news/{stamp}id_/{ORIGIN}{FOLDER}a.html")
            assert body == read_capture_by_id(archive, number).body
    assert b"Neu gefasst." in body
