"""A package of evidence: whole, checked by public tools alone, and by `verify`."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.wacz.check import check_wacz
from tests.support.authority import Authority
from tests.support.loopback import Answer, Loopback
from tests.support.playback import MANAGER, PYWB, get, playing
from tests.support.replica import rows

RECORDS = "archive/evidence.warc.gz"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority") / "tsa")


@pytest.fixture
def package(lived_archive, tmp_path, newsroom):
    path = tmp_path / "release.wacz"
    code, out, err = newsroom("--data", lived_archive, "export", "evidence", 2, "-o", path)
    assert (code, err) == (0, "")
    assert hashlib.sha256(read(path)["datapackage.json"]).hexdigest() in out
    return path


def read(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path, **changes):
    """The package with other members; the names' dots and slashes are written as `__` and `_`."""
    members = read(path)
    for name in members:
        change = changes.get(name.replace("/", "_").replace(".", "__"))
        if change:
            members[name] = change(members[name])
    target = path.with_name("changed.wacz")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def test_it_holds_all_that_belongs_to_the_release(lived_archive, package):
    records = [
        (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
        for record in ArchiveIterator(io.BytesIO(read(package)[RECORDS]))
        if (record.raw_stream.read(), True)[1]
    ]
    wanted = rows(
        lived_archive,
        "SELECT url FROM captures WHERE id IN (SELECT capture_id FROM events WHERE article_id = 2 "
        "UNION SELECT capture_id FROM revisions WHERE article_id = 2) OR url IN "
        "(SELECT src FROM images WHERE article_id = 2)",
    )
    answers = [url for kind, url in records if kind in {"response", "revisit"}]
    assert len(wanted) > 3
    held_elsewhere = {url for kind, url in records if kind == "response"} - {
        row["url"] for row in wanted
    }
    named = [url for url in answers if url not in held_elsewhere]
    assert sorted(named) == sorted(row["url"] for row in wanted)
    assert len(held_elsewhere) <= [kind for kind, _url in records].count("revisit")
    assert [kind for kind, _url in records].count("request") == len(answers)


def test_its_index_names_every_answer(package):
    members = read(package)
    lines = gzip.decompress(members["indexes/index.cdx.gz"]).decode().splitlines()
    assert lines == sorted(lines)
    for line in lines:
        _key, _time, found = line.split(" ", 2)
        entry = json.loads(found)
        assert Path(entry["filename"]).name == Path(RECORDS).name
        at, length = int(entry["offset"]), int(entry["length"])
        record = next(ArchiveIterator(io.BytesIO(members[RECORDS][at : at + length])))
        assert record.rec_headers.get_header("WARC-Target-URI") == entry["url"]
    assert len(lines) > 3


def test_its_report_says_it_in_two_languages_and_loads_nothing(lived_archive, package):
    page = read(package)["report/report.html"].decode()
    for row in rows(
        lived_archive,
        "SELECT c.sha256 FROM captures c JOIN revisions r ON r.capture_id = c.id "
        "WHERE r.article_id = 2",
    ):
        assert row["sha256"] in page
    assert "Der Termin ist verlegt" in page
    assert "<ins>" in page
    assert "Prüfen ohne dieses Programm" in page
    assert "Checking it without this program" in page
    for outside in ("<script", "<img", "<link", "href=", "src="):
        assert outside not in page


def is_valid_for_wacz(path):
    command = [sys.executable, "-m", "wacz.main", "validate", "-f", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0 and "the passed WACZ is valid" in done.stdout


@pytest.mark.skipif(not PYWB.exists(), reason="pywb is not installed")
def test_public_tools_take_it(lived_archive, package, tmp_path):
    assert is_valid_for_wacz(package)
    for arguments in (["init", "city"], ["add", "--unpack-wacz", "city", package]):
        subprocess.run([MANAGER, *arguments], cwd=tmp_path, check=True, capture_output=True)
    (row,) = rows(
        lived_archive,
        "SELECT c.url, c.fetched_at, c.sha256 FROM revisions r JOIN captures c "
        "ON c.id = r.capture_id WHERE r.article_id = 2 AND r.number = 2",
    )
    moment = row["fetched_at"][:19].translate(str.maketrans("", "", "-:T"))
    with playing(tmp_path) as address:
        body = get(f"{address}/city/{moment}id_/{row['url']}")
    assert hashlib.sha256(body).hexdigest() == row["sha256"]


def test_verify_finds_what_was_changed(package, newsroom):
    code, out, err = newsroom("verify", package)
    assert (code, err) == (0, "")
    assert "All is well" in out
    for name, change, said in (
        ("report_report__html", lambda page: page + b"x", "report/report.html"),
        ("pages_pages__jsonl", lambda lines: lines.replace(b"2026", b"2025"), "pages.jsonl"),
        ("archive_evidence__warc__gz", lambda data: data[:-9] + b"x" + data[-8:], "evidence"),
        ("datapackage__json", lambda data: data.replace(b"created", b"Created"), "datapackage"),
        ("datapackage__json", lambda _data: b"[", "no WACZ"),
    ):
        code, _out, err = newsroom("verify", rewritten(package, **{name: change}))
        assert (code, said in err) == (7, True), name
    package.write_bytes(package.read_bytes()[:-100])
    assert newsroom("verify", package)[0] == 7
    assert newsroom("verify", package.with_name("none.wacz"))[0] == 2


def test_time_stamps(lived_archive, authority, tmp_path, newsroom):
    path = tmp_path / "stamped.wacz"
    with Loopback() as server:
        server.script = authority.answer
        url = f"{server.url}/tsr"
        arguments = ("--timestamp", url, "--timestamp", f"{server.url}/2")
        code, out, err = newsroom(
            "--data", lived_archive, "export", "evidence", 1, "-o", path, *arguments
        )
        assert (code, out.count("Time stamp by")) == (0, 2), err
        server.script = lambda _ask: Answer(200, {}, b"no time stamp")
        code, _out, err = newsroom(
            "--data", lived_archive, "export", "evidence", 1, "-o", tmp_path / "no", *arguments
        )
        assert (code, url in err, (tmp_path / "no").exists()) == (3, True, False)
    assert is_valid_for_wacz(path)
    found = check_wacz(path, authority.ca)
    assert (found["problems"], found["notes"]) == ([], [])
    assert [(entry["url"], entry["signer"]) for entry in found["timestamps"]] == [
        (url, "CN=Zeitstempel"),
        (f"{server.url}/2", "CN=Zeitstempel"),
    ]
    # A stranger's way: openssl alone.
    members = read(path)
    token, package = tmp_path / "token.tsr", tmp_path / "datapackage.json"
    stamp = json.loads(members["datapackage-digest.json"])["timestamps"][0]
    token.write_bytes(base64.b64decode(stamp["token"]))
    package.write_bytes(members["datapackage.json"])
    command = ("ts", "-verify", "-in", token, "-data", package, "-CAfile", authority.ca)
    assert "OK" in authority.run(*command)
    # Of another package, or by an authority that is not trusted.
    other = json.loads(members["datapackage.json"]) | {"title": "x"}
    changed = rewritten(path, datapackage__json=lambda _old: json.dumps(other).encode())
    assert any("Time stamp 1 does not hold" in line for line in check_wacz(changed)["problems"])
    stranger = Authority(tmp_path / "stranger").ca
    assert any("Time stamp 1" in line for line in check_wacz(path, stranger)["problems"])
    assert "--ca" in check_wacz(path)["notes"][0]


def test_a_citation_is_ready(lived_archive, newsroom):
    code, out, _err = newsroom("--data", lived_archive, "show", 1, "--cite", "--json")
    cited = json.loads(out)
    assert code == 0
    assert cited["city"] == "Stadt Dortmund"
    for name in ("title", "day", "url", "captured_on", "sha256"):
        assert cited[name]
        assert cited[name] in cited["text"]
    anchors = [quote["anchor"] for quote in cited["quotes"]]
    assert len(set(anchors)) == len(anchors) > 1
    _code, plain, _err = newsroom("--data", lived_archive, "show", 1, "--cite")
    assert plain.splitlines()[0] == cited["text"]


@pytest.mark.parametrize(
    "arguments",
    [("evidence",), ("evidence", 999), ("articles", 1), ("tags", "--timestamp", "http://a/")],
)
def test_wrong_use(lived_archive, tmp_path, newsroom, arguments):
    what, *rest = arguments
    code, _out, _err = newsroom(
        "--data", lived_archive, "export", what, *rest, "-o", tmp_path / "x.csv"
    )
    assert code == 2
