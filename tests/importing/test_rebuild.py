"""From WARC files alone comes the same archive."""

from __future__ import annotations

import gzip
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from scraper import warc
from scraper.archive import Archive
from scraper.archive.verify import verify
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import Interrupted, UsageError
from scraper.importing.rebuild import ASIDE, rebuild
from scraper.warc.records import Records
from tests.support.replica import crawl, dump, rows

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
# In which run an address was listed or tried last.
RUNS = {"listed_in", "tried_in"}


@pytest.fixture(scope="module")
def lived_long(tmp_path_factory):
    """An archive with edits, deletions, returns, pictures and attached files."""
    directory = tmp_path_factory.mktemp("long") / "data"
    with ReplicaServer(Newsroom(8), navigation_bytes=200) as server:
        both = {"images": True, "attachments": True}
        crawl(directory, server.base_url, **both)
        server.edit(1, text="Der Termin ist verlegt: Er beginnt um 18 Uhr.")
        server.delete(2)
        server.delete(3)
        for day in (1, 2):
            crawl(directory, server.base_url, after=day * DAY, full=True)
        crawl(directory, server.base_url, after=2.5 * DAY)
        server.restore(3)
        server.edit(1, text="Der Termin entfällt.")
        crawl(directory, server.base_url, after=3 * DAY, full=True, **both)
    return directory


def made(directory, source, *keys):
    return rebuild(directory, source, list(keys), lambda: NOW)


def troubles(directory):
    with Archive.open_to_check(directory) as archive:
        return verify(archive)["problems"]


def told(directory):
    """All that an archive says, in an order of its own."""
    found = dump(directory, RUNS)
    for table in ("attachments", "files", "file_versions", "sites"):
        found[table] = rows(directory, f"SELECT * FROM {table}")
    for table in ("quotes", "attachments"):
        for row in found[table]:
            row.pop("id")
    del found["videos"]
    return {table: sorted(map(repr, lines)) for table, lines in found.items()}


def test_the_same_archive(lived_long, tmp_path):
    report = made(tmp_path / "new", lived_long / "warc")
    assert (report.failures, report.read_differently) == ([], 0)
    before, after = told(lived_long), told(tmp_path / "new")
    assert [table for table, lines in before.items() if not lines] == []
    for table, wanted in before.items():
        assert after[table] == wanted, table
    assert troubles(tmp_path / "new") == []


def test_files_that_are_not_packed(lived_long, tmp_path):
    (tmp_path / "warc").mkdir()
    for path in warc.files(lived_long / "warc"):
        (tmp_path / "warc" / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    report = made(tmp_path / "new", tmp_path / "warc", "dortmund")
    assert report.failures == []
    wanted = "SELECT url, title, text FROM articles ORDER BY url"
    assert rows(tmp_path / "new", wanted) == rows(lived_long, wanted)
    assert troubles(tmp_path / "new") == []


def without_journals(source, target):
    """Copies of WARC files as an older version would have written them."""
    target.mkdir()
    for path in warc.files(source):
        whole = path.read_bytes()
        with path.open("rb") as file:
            records = Records(file)
            ends = [(records.offset, record.rec_type) for record in records]
        starts = [offset for offset, _kind in ends] + [len(whole)]
        kept = [
            whole[start:end]
            for (start, kind), end in zip(ends, starts[1:], strict=True)
            if kind != "metadata"
        ]
        (target / path.name).write_bytes(b"".join(kept))
    return target


def test_files_without_journals(lived_long, tmp_path):
    old = without_journals(lived_long / "warc", tmp_path / "old")
    report = made(tmp_path / "new", old, "dortmund")
    assert report.failures == []
    sql = "SELECT url, title, text FROM articles ORDER BY url"
    assert rows(tmp_path / "new", sql) == rows(lived_long, sql)
    versions = "SELECT a.url, r.number, r.first_seen, r.record FROM revisions r JOIN articles a "
    versions += "ON a.id = r.article_id ORDER BY 1, 2"
    assert rows(tmp_path / "new", versions) == rows(lived_long, versions)
    kept = "SELECT src FROM pictures ORDER BY src"
    assert rows(tmp_path / "new", kept) == rows(lived_long, kept)
    assert troubles(tmp_path / "new") == []


def test_cut_off_it_begins_again(lived_long, tmp_path, newsroom):
    data, pages = tmp_path / "data", tmp_path / "data" / "warc"
    shutil.copytree(lived_long / "warc", pages)  # only the database is lost
    asked = iter([False, False, True])
    with pytest.raises(Interrupted):
        rebuild(data, pages, [], lambda: NOW, stop=lambda: next(asked, True))
    assert not (data / "newsroom.db").exists()
    code, out, err = newsroom("--data", data, "rebuild", "--from", pages)
    assert (code, "All is well." in out) == (0, True), err
    assert "do not say what happened after the last run" in err
    assert told(data) == told(lived_long)
    assert not (data / ASIDE).exists()
    with pytest.raises(UsageError, match="already"):
        made(data, pages)
    with pytest.raises(UsageError, match="no WARC files"):
        made(tmp_path / "other", tmp_path)


def test_what_was_rebuilt_is_crawled_on(lived_long, tmp_path):
    data = tmp_path / "new"
    made(data, lived_long / "warc")
    with ReplicaServer(Newsroom(9), navigation_bytes=200) as server:
        crawl(data, server.base_url, after=4 * DAY, full=True)
    assert troubles(data) == []
    report = made(tmp_path / "again", data / "warc")
    assert report.failures == []
    assert told(tmp_path / "again") == told(data)


def test_after_an_erasure_it_is_made_again_and_keeps_it_out(lived_long, tmp_path, newsroom):
    data, new = shutil.copytree(lived_long, tmp_path / "data"), tmp_path / "new"
    assert newsroom("--data", str(data), "forget", "1", "--yes")[0] == 0
    assert troubles(data) == []
    assert made(new, data / "warc").failures == []
    before, after = told(data), told(new)
    # Pictures with the bytes of an erased one are kept in the database alone since.
    before["captures"] = [row for row in before["captures"] if "'warc_file': None" not in row]
    del before["pictures"], after["pictures"]
    assert after == before
    for table in ("tombstones", "tombstone_hashes"):
        kept = rows(data, f"SELECT * FROM {table} ORDER BY 1")
        assert rows(new, f"SELECT * FROM {table} ORDER BY 1") == kept != []
    assert troubles(new) == []
    with ReplicaServer(Newsroom(8), navigation_bytes=200) as server:
        again = crawl(new, server.base_url, after=4 * DAY, full=True)
    assert again.new == 0
    assert troubles(new) == []


def test_what_was_erased_stays_out_of_what_is_rebuilt(lived_long, tmp_path, newsroom):
    """The journal of the erasure tells of it, and that of the next run goes on."""
    data, new = shutil.copytree(lived_long, tmp_path / "data"), tmp_path / "new"
    assert newsroom("--data", str(data), "forget", "1", "--yes", "--reason", "Art. 17")[0] == 0
    with ReplicaServer(Newsroom(9), navigation_bytes=200) as server:
        assert crawl(data, server.base_url, after=4 * DAY, full=True).new == 1
        assert made(new, data / "warc").failures == []
        for table in ("tombstones", "tombstone_hashes"):
            kept = rows(data, f"SELECT * FROM {table} ORDER BY 1")
            assert rows(new, f"SELECT * FROM {table} ORDER BY 1") == kept != []
        assert crawl(new, server.base_url, after=5 * DAY, full=True).new == 0
    assert newsroom("--data", str(new), "import", str(lived_long / "warc"))[0] == 0
    address = rows(data, "SELECT address FROM tombstones")[0]["address"]
    assert rows(new, f"SELECT 1 FROM captures WHERE url = '{address}'") == []
    assert troubles(new) == []


def test_files_of_others_are_in_the_journal_of_the_next_run(lived_long, tmp_path):
    """So that it can be rebuilt once more: they keep their names."""
    old = without_journals(lived_long / "warc", tmp_path / "old")
    for number, path in enumerate(warc.files(old)):
        path.rename(old / f"captures-{number}.warc.gz")
    one, two = tmp_path / "one", tmp_path / "two"
    assert made(one, old, "dortmund").failures == []
    with ReplicaServer(Newsroom(9), navigation_bytes=200) as server:
        assert crawl(one, server.base_url, after=4 * DAY, full=True).new == 1
    assert made(two, one / "warc").failures == []
    assert told(two) == told(one)
    assert troubles(two) == []


def test_of_a_release_of_which_a_file_is_lost_the_rest_is_kept(lived_long, tmp_path):
    shutil.copytree(lived_long / "warc", tmp_path / "warc")
    wanted = rows(lived_long, "SELECT article_id AS id FROM events WHERE kind = 'changed'")
    first = rows(lived_long, "SELECT warc_file AS name FROM captures ORDER BY id LIMIT 1")
    lost = {row["name"] for row in first}
    (tmp_path / "warc" / lost.pop()).unlink()
    report = made(tmp_path / "new", tmp_path / "warc")
    assert report.failures
    assert not any("its journal is damaged" in why for _url, why in report.failures)
    there = {row["id"] for row in rows(tmp_path / "new", "SELECT id FROM articles")}
    assert {row["id"] for row in wanted} <= there


def test_a_file_that_two_archives_have_is_not_overwritten(lived_long, tmp_path, newsroom):
    old, new = tmp_path / "old", tmp_path / "new"
    shutil.copytree(lived_long, old)
    made(new, old / "warc")
    assert newsroom("--data", str(new), "forget", "1", "--yes")[0] == 0
    assert troubles(new) == []
    assert troubles(old) == []
