"""WARC files: what is written comes back, others read it, a crash tears one record at most."""

import gzip
import io
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from scraper import warc
from scraper.archive import Archive, Evidence, Store
from scraper.errors import ArchiveError
from scraper.records import Capture, Exchange

NOW = datetime(2026, 10, 4, 12, 0, 5, 250_000, tzinfo=UTC)
URL = "https://www.dortmund.de/newsroom/nachrichten/a.html"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Place: H\xc3\xb6rde\r\n\r\n"
ASKED = b"GET /newsroom/nachrichten/a.html HTTP/1.1\r\nHost: www.dortmund.de\r\n\r\n"


def exchange(body=b"<html>", head=HEAD, url=URL):
    return Exchange(url, NOW, ASKED, head, body)


def writer(directory, **options):
    return warc.WarcWriter(directory, "dortmund", {"software": "test"}, lambda: NOW, **options)


def stored(directory):
    with closing(sqlite3.connect(directory / "newsroom.db")) as db:
        return db.execute("SELECT count(*) FROM captures").fetchone()[0]


def records(path):
    with path.open("rb") as file:
        return [
            (record.rec_type, record.rec_headers, record.raw_stream.read())
            for record in ArchiveIterator(file, no_record_parse=True)
        ]


def warcio_check(path):
    command = [sys.executable, "-m", "warcio.cli", "check", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@given(bodies=st.lists(st.binary(max_size=300), min_size=1, max_size=6))
def test_every_body_comes_back(bodies):
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        with writer(directory) as file:
            places = [file.write(exchange(body)) for body in bodies]
            # While it is being written, too.
            assert [warc.read_payload(directory, place) for place in places] == bodies
        assert [warc.read_payload(directory, place) for place in places] == bodies
        assert warc.check(warc.files(directory)[0]) == (1 + 2 * len(bodies), [])


def test_request_and_response_stand_there_byte_by_byte(tmp_path):
    with writer(tmp_path) as file:
        file.write(exchange(b"\0\xff page"))
    info, response, request = records(warc.files(tmp_path)[0])
    assert (info[0], response[0], request[0]) == ("warcinfo", "response", "request")
    assert response[2] == HEAD + b"\0\xff page"
    assert request[2] == ASKED
    assert response[1].get_header("WARC-Target-URI") == URL
    assert response[1].get_header("WARC-Date") == "2026-10-04T12:00:05.250000Z"
    concurrent = request[1].get_header("WARC-Concurrent-To")
    assert concurrent == response[1].get_header("WARC-Record-ID")
    assert response[1].protocol == "WARC/1.1"


def test_warcio_accepts_the_file(tmp_path):
    packed = gzip.compress(b"<html>" * 1000)
    chunked = HEAD.replace(b"X-Place", b"Transfer-Encoding: chunked\r\ncontent-encoding: gzip\r\nX")
    with writer(tmp_path) as file:
        file.write(exchange(packed, chunked), [exchange(b"", b"HTTP/1.1 301 Moved\r\n\r\n")])
        file.write(exchange(packed, chunked), original=warc.Original(URL, NOW))
        file.write_file(URL, b"<p>", NOW, "text/html")
    (path,) = warc.files(tmp_path)
    done = warcio_check(path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with path.open("rb") as opened:
        found = [
            (record.http_headers, record.content_stream().read())
            for record in ArchiveIterator(opened)
            if record.rec_type == "response"
        ]
    (redirect, _nothing), (page, body) = found
    assert redirect.get_statuscode() == "301"
    assert body == b"<html>" * 1000
    assert page.get_header("X-Archive-Orig-Transfer-Encoding") == "chunked"


def test_a_changed_byte_is_found(tmp_path):
    with writer(tmp_path) as file:
        file.write(exchange(b"what was said"))
    (path,) = warc.files(tmp_path)
    members = io.BytesIO()
    for kind, headers, body in records(path):
        block = body.replace(b"what was said", b"what was sold") if kind == "response" else body
        text = headers.to_str().encode() + b"\r\n" + block + b"\r\n\r\n"
        members.write(gzip.compress(text))
    path.write_bytes(members.getvalue())
    count, problems = warc.check(path)
    assert count == 3
    assert any("has changed" in problem for problem in problems)


def test_a_revisit_refers_to_the_record_that_holds_the_body(tmp_path):
    with writer(tmp_path) as file:
        file.write(exchange(b"same"))
        place = file.write(exchange(b"same"), original=warc.Original(URL, NOW))
    _info, first, _asked, again, _asked_again = records(warc.files(tmp_path)[0])
    assert again[0] == "revisit"
    assert again[2] == HEAD
    digest = "WARC-Payload-Digest"
    assert again[1].get_header(digest) == first[1].get_header(digest)
    assert again[1].get_header("WARC-Refers-To-Target-URI") == URL
    assert again[1].get_header("WARC-Refers-To-Date") == first[1].get_header("WARC-Date")
    assert again[1].get_header("WARC-Profile").endswith("identical-payload-digest")
    assert warc.read_payload(tmp_path, place) == b""


def test_what_was_dropped_leaves_no_trace(tmp_path):
    with writer(tmp_path) as file:
        file.write(exchange(b"one"))
        before = warc.files(tmp_path)[0].read_bytes()
        place = file.write(exchange(b"two"), [exchange(b"redirect")])
        file.drop(place)
        assert warc.files(tmp_path)[0].read_bytes() == before
        kept = file.write(exchange(b"three"))
    assert warc.read_payload(tmp_path, kept) == b"three"
    assert warc.check(warc.files(tmp_path)[0]) == (5, [])


def test_what_stands_before_another_record_stays(tmp_path):
    with writer(tmp_path) as file:
        place = file.write(exchange(b"one"))
        behind = file.write(exchange(b"two"))
        file.drop(place)
        file.drop(behind)
        file.drop(behind)
    assert warc.read_payload(tmp_path, place) == b"one"
    assert warc.check(warc.files(tmp_path)[0]) == (3, [])


def test_a_full_file_is_followed_by_another(tmp_path):
    with writer(tmp_path, max_bytes=2_000) as file:
        places = [file.write(exchange(os.urandom(900))) for _ in range(6)]
    files = warc.files(tmp_path)
    assert [path.name for path in files] == sorted({place.file for place in places})
    assert len(files) > 1
    assert all(path.stat().st_size >= 2_000 for path in files[:-1])
    for path in warc.files(tmp_path):
        assert records(path)[0][0] == "warcinfo"
        assert warc.check(path)[1] == []


def test_while_it_is_written_the_name_says_so(tmp_path):
    with writer(tmp_path) as file:
        assert warc.files(tmp_path) == []  # nothing to keep, no file
        place = file.write(exchange())
        assert [path.suffix for path in warc.files(tmp_path)] == [".open"]
    assert [path.name for path in warc.files(tmp_path)] == [place.file]


def test_a_file_in_which_nothing_was_kept_goes(tmp_path):
    with writer(tmp_path) as file:
        file.drop(file.write(exchange()))
    assert list(tmp_path.iterdir()) == []


def test_runs_of_one_second_have_files_of_their_own(tmp_path):
    for _ in range(3):
        with writer(tmp_path) as file:
            file.write(exchange())
    assert len(warc.files(tmp_path)) == 3


@pytest.fixture(scope="module")
def torn():
    """An unfinished file: its name, its bytes, and where its responses stand."""
    with tempfile.TemporaryDirectory() as name, writer(Path(name)) as file:
        places = [file.write(exchange(bytes([65 + n]) * 200)) for n in range(3)]
        (path,) = Path(name).iterdir()
        return path.name, path.read_bytes(), places


class TestCrash:
    @settings(max_examples=200, deadline=None)
    @given(share=st.floats(0, 1), noise=st.binary(max_size=30))
    def test_nothing_before_the_tear_is_lost(self, torn, share, noise):
        name, whole, places = torn
        cut = int(len(whole) * share)
        with tempfile.TemporaryDirectory() as temporary:
            directory = Path(temporary)
            (directory / name).write_bytes(whole[:cut] + noise)
            (found,) = warc.recover(directory)
            intact = [place for place in places if place.offset + place.length <= cut]
            for number, place in enumerate(intact):
                payload = warc.read_payload(directory, place)
                assert payload == bytes([65 + number]) * 200
            for path in warc.files(directory):
                assert path.name == found.file
                assert warc.check(path)[1] == []
            assert warc.recover(directory) == []

    def test_what_is_left_when_nothing_was_whole(self, tmp_path):
        (tmp_path / "dortmund-1.warc.gz.open").write_bytes(b"\x1f\x8b\x08")
        assert warc.recover(tmp_path) == [warc.Recovered("dortmund-1.warc.gz", 3)]
        assert list(tmp_path.iterdir()) == []

    def test_a_whole_file_only_gets_its_name(self, tmp_path, torn):
        name, whole, _places = torn
        (tmp_path / name).write_bytes(whole)
        assert warc.recover(tmp_path) == [warc.Recovered(name.removesuffix(".open"), 0)]
        assert warc.files(tmp_path)[0].read_bytes() == whole

    def test_what_was_written_after_a_record_is_named(self, tmp_path, torn):
        name, whole, places = torn
        (tmp_path / name).write_bytes(whole)
        warc.recover(tmp_path)
        final = name.removesuffix(".open")
        behind = places[1].offset + places[1].length
        found = list(warc.responses_from(tmp_path, final, behind))
        assert found == [(URL, "2026-10-04T12:00:05.250000Z")]
        assert list(warc.responses_from(tmp_path, final, len(whole))) == []
        assert list(warc.responses_from(tmp_path, "no-such-file", 0)) == []


class TestTrouble:
    def test_a_full_disk_leaves_nothing_of_the_record(self, tmp_path, monkeypatch):
        with writer(tmp_path) as file:
            kept = file.write(exchange(b"one"))
            before = warc.files(tmp_path)[0].read_bytes()
            monkeypatch.setattr(os, "fsync", full_disk)
            with pytest.raises(ArchiveError, match="Make room"):
                file.write(exchange(b"two"))
            monkeypatch.undo()
            assert warc.files(tmp_path)[0].read_bytes() == before
            again = file.write(exchange(b"three"))
        assert warc.read_payload(tmp_path, kept) == b"one"
        assert warc.read_payload(tmp_path, again) == b"three"

    def test_a_record_that_is_waited_for_later_is_taken_back(self, tmp_path, monkeypatch):
        with writer(tmp_path) as file:
            kept = file.write(exchange(b"one"), wait=False)
            file.sync()
            before = warc.files(tmp_path)[0].read_bytes()
            monkeypatch.setattr(os, "fsync", full_disk)
            file.write(exchange(b"two"), wait=False)
            with pytest.raises(ArchiveError, match="Make room"):
                file.sync()
            monkeypatch.undo()
            assert warc.files(tmp_path)[0].read_bytes() == before
            again = file.write(exchange(b"three"), wait=False)
        assert warc.read_payload(tmp_path, kept) == b"one"
        assert warc.read_payload(tmp_path, again) == b"three"

    def test_nothing_is_stored_before_its_page_is_on_the_disk(self, tmp_path, monkeypatch):
        capture = Capture(URL, b"<html>", NOW)
        with Archive.open(tmp_path) as archive, writer(archive.warc_directory) as file:
            evidence = Evidence(archive, file)
            synced = []
            monkeypatch.setattr(os, "fsync", lambda _file: synced.append(stored(tmp_path)))
            kept = evidence.keep(capture, exchange())
            Store(archive).add_capture(capture, kept)
            assert (synced[-1], stored(tmp_path)) == (0, 1)
            monkeypatch.setattr(os, "fsync", full_disk)
            kept = evidence.keep(capture, exchange(b"two"))
            with pytest.raises(ArchiveError, match="Make room"):
                Store(archive).add_capture(capture, kept)
            monkeypatch.undo()
            assert stored(tmp_path) == 1

    def test_a_directory_that_is_a_file(self, tmp_path):
        (tmp_path / "warc").write_text("in the way")
        with (
            writer(tmp_path / "warc") as file,
            pytest.raises(ArchiveError, match="could not be written"),
        ):
            file.write(exchange())

    def test_a_missing_file_says_so(self, tmp_path):
        with pytest.raises(ArchiveError, match="missing"):
            warc.read_payload(tmp_path, warc.Place("a.warc.gz", 0, 10))

    @pytest.mark.parametrize("shift", [1, 40])
    def test_a_wrong_place_says_so(self, tmp_path, shift):
        with writer(tmp_path) as file:
            place = file.write(exchange())
        wrong = warc.Place(place.file, place.offset + shift, place.length)
        with pytest.raises(ArchiveError, match="cannot be read"):
            warc.read_payload(tmp_path, wrong)

    def test_a_wrong_place_at_a_line_end_says_so(self, tmp_path):
        (tmp_path / "a.warc.gz").write_bytes(b"\n)\xa6i and so on")  # warcio takes it for a record
        with pytest.raises(ArchiveError, match="no record begins there"):
            warc.read_payload(tmp_path, warc.Place("a.warc.gz", 0, 15))

    def test_a_torn_finished_file_is_a_problem(self, tmp_path):
        with writer(tmp_path) as file:
            file.write(exchange(b"x" * 500))
        (path,) = warc.files(tmp_path)
        path.write_bytes(path.read_bytes()[:-20])
        _count, problems = warc.check(path)
        assert problems

    def test_damage_is_told_in_sentences_and_nothing_else(self, tmp_path, capfd):
        with writer(tmp_path) as file:
            place = file.write(exchange(random.Random(1).randbytes(200_000)))
        (path,) = warc.files(tmp_path)
        data = bytearray(path.read_bytes())
        for position in range(100_000, len(data), 5_000):
            data[position] ^= 0xFF
        path.write_bytes(data)
        _count, problems = warc.check(path)
        assert problems
        with pytest.raises(ArchiveError, match=r"cannot be read \(no record begins there\)"):
            warc.read_payload(tmp_path, warc.Place(place.file, len(data) + 1, 10))
        assert capfd.readouterr() == ("", "")


def full_disk(_descriptor):
    raise OSError(28, "No space left on device")
