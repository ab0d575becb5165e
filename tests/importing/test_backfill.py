"""What a backfill takes out of web archives: a real pywb, and servers that answer as others do."""

import json
import subprocess
import threading
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from scraper import warc
from scraper.archive import Archive
from scraper.archive.arriving import WAITING as FOLDER
from scraper.archive.history import history
from scraper.archive.read import statistics
from scraper.archive.verify import verify
from scraper.cli.app import app
from scraper.crawl.options import CrawlOptions, CrawlRequest
from scraper.crawl.start import run_crawl
from scraper.errors import SiteUnreachable, UsageError
from scraper.importing.backfill import BackfillRequest, run_backfill
from scraper.importing.rebuild import rebuild
from tests.browse.serving import get, web_view
from tests.importing.captures import OLD_PAGE, SECTION, Warc, lives, new_page, old_page, rows
from tests.support.loopback import Answer, Loopback
from tests.support.playback import MANAGER, PYWB, playing
from tests.support.replica import Watcher, dump
from tests.support.small import Small

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
BRIDGE, FAIR = f"{SECTION}/bruecke.html", f"{SECTION}/messe.html"
RETIRED = f"{OLD_PAGE}?nid=7"
IMAGE = (("Content-Type", "image/png"),)
SEEN = (
    (BRIDGE, "2019-05-18T12:00:00Z", new_page("bruecke", "Die Brücke ist offen.")),
    (BRIDGE, "2019-11-18T12:00:00Z", new_page("bruecke", "Die Brücke ist offen.")),
    (BRIDGE, "2021-05-18T12:00:00Z", new_page("bruecke", "Die Brücke ist gesperrt.")),
    (BRIDGE, "2022-05-18T12:00:00Z", new_page("bruecke", "Die Brücke ist gesperrt.")),
    (FAIR, "2021-06-01T08:00:00Z", new_page("messe", "Die Messe beginnt.")),
    (RETIRED, "2014-03-02T09:00:00Z", old_page(7)),
)


def captured():
    """A WARC file with old pages of the city, and others that are no releases."""
    made = Warc()
    for url, at, body in SEEN:
        made.response(url, body, at)
    made.response(f"{SECTION}/weg.html", b"", "2020-01-01T00:00:00Z", "404 Not Found")
    made.response(f"{SECTION}/bild.html", b"\x89PNG", "2020-01-01T00:00:00Z", headers=IMAGE)
    made.response("https://www.dortmund.de/rathaus/", b"<html>", "2020-01-01T00:00:00Z")
    return made


class Immediate(threading.Event):
    """A signal to end that nobody waits for; it keeps how long they would have waited."""

    def __init__(self):
        super().__init__()
        self.waits = []

    def wait(self, timeout=None):
        self.waits.append(timeout)
        return self.is_set()


def backfill(directory, archive, stop=None, progress=None, **options):
    request = BackfillRequest(directory, "dortmund", archive, **options)
    nothing = lambda _what, _done, _total: None  # noqa: E731
    return run_backfill(request, lambda: NOW, stop or Immediate(), progress or nothing)


def is_sound(directory):
    with Archive.open_existing(directory) as archive:
        return verify(archive)["problems"] == []


def texts(directory):
    """First day, last day and text of each version, by the end of the release's address."""
    return {
        url.rpartition("/")[2]: [
            (row[1][:10], row[2][:10], row[4].split(".")[0])
            for row in life
            if isinstance(row[0], int)
        ]
        for url, life in lives(directory).items()
    }


@pytest.fixture(scope="module")
def pywb(tmp_path_factory):
    """The address of a collection of a web archive that holds `captured()`."""
    home = tmp_path_factory.mktemp("pywb")
    file = captured().save(home / "old.warc.gz")
    for command in (["init", "city"], ["add", "city", str(file)]):
        subprocess.run([MANAGER, *command], cwd=home, check=True, capture_output=True)
    assert PYWB.exists()
    with playing(home) as url:
        yield f"{url}/city"


def test_a_rehearsal_counts_by_year_and_writes_nothing(pywb, tmp_path):
    report = backfill(tmp_path / "data", pywb, dry_run=True)
    assert (report.releases, report.listed, report.lacking) == (3, 6, 5)
    assert report.years == {2014: 1, 2019: 1, 2021: 2, 2022: 1}
    assert (report.fetched, report.exit_code) == (0, 0)
    assert not (tmp_path / "data").exists()


def test_history_shows_what_the_city_said_before_the_archive_began(pywb, tmp_path):
    report = backfill(tmp_path, pywb)
    assert (report.fetched, report.new, report.changed, report.failed) == (5, 3, 1, 0)
    assert texts(tmp_path)["bruecke.html"] == [
        ("2019-05-18", "2019-05-18", "Die Brücke ist offen"),
        ("2021-05-18", "2022-05-18", "Die Brücke ist gesperrt"),
    ]
    with Archive.open_existing(tmp_path) as archive:
        ids = {row["url"]: row["id"] for row in archive.rows("SELECT id, url FROM articles")}
        assert not history(archive, ids[RETIRED])["online"]
        came_from = archive.rows("SELECT * FROM provenance ORDER BY 1")
    assert len(came_from) == 5
    rebuild(tmp_path / "new", tmp_path / "warc", [], lambda: NOW)
    with Archive.open_existing(tmp_path / "new") as archive:
        assert archive.rows("SELECT * FROM provenance ORDER BY 1") == came_from
        versions = history(archive, ids[BRIDGE])["versions"]
        sources = [version["evidence"]["web_archive"] for version in versions]
        (origin,) = statistics(archive)["provenance"]
    stamps = "20190518120000", "20210518120000"
    assert sources == [f"{pywb}/{stamp}id_/{BRIDGE}" for stamp in stamps]
    assert (origin["origin"], origin["versions"], origin["articles"]) == ("127.0.0.1", 4, 3)
    assert rows(tmp_path, "SELECT source FROM runs") == [{"source": "backfill:127.0.0.1"}]
    assert sources[0] in stated_sources(tmp_path)
    assert is_sound(tmp_path)
    assert list((tmp_path / FOLDER).glob("*.warc*")) == []
    with web_view(tmp_path) as address:
        page = get(address, f"/release/{ids[BRIDGE]}").text
    assert page.count("from the web archive 127.0.0.1") == 2


def stated_sources(directory):
    """What the WARC records say of where they were taken from."""
    found = []
    for path in warc.files(directory / "warc"):
        with path.open("rb") as file:
            found += [r.rec_headers.get_header("WARC-Source-URI") for r in ArchiveIterator(file)]
    return found


def test_a_second_run_fetches_and_changes_nothing(pywb, tmp_path):
    backfill(tmp_path, pywb)
    before = dump(tmp_path)
    report = backfill(tmp_path, pywb)
    assert (report.lacking, report.fetched, report.exit_code) == (0, 0, 0)
    assert dump(tmp_path) == before
    forgotten = ["--data", str(tmp_path), "forget", BRIDGE, "--yes"]
    assert CliRunner().invoke(app, forgotten).exit_code == 0
    assert backfill(tmp_path, pywb).lacking == 0  # what was erased is not even asked for


def test_days_of_capture_and_the_number_per_release_narrow_it_down(pywb, tmp_path):
    options = {"since": date(2019, 6, 1), "until": date(2021, 5, 31), "dry_run": True}
    assert backfill(tmp_path, pywb, **options).years == {2019: 1, 2021: 1}
    assert backfill(tmp_path, pywb, per_release=1, dry_run=True).lacking == 3
    assert backfill(tmp_path, pywb, per_release=2, dry_run=True).years[2022] == 1


def test_with_a_limit_it_goes_on_where_it_stopped(pywb, tmp_path):
    backfill(tmp_path / "whole", pywb)
    for _ in range(3):
        assert backfill(tmp_path / "parts", pywb, limit=2).fetched <= 2
    assert lives(tmp_path / "parts") == lives(tmp_path / "whole")
    assert is_sound(tmp_path / "parts")


def test_the_next_crawl_finds_what_is_gone(pywb, tmp_path):
    backfill(tmp_path, pywb)
    with Loopback() as server:
        small = Small(server)
        small.put("neu.html")
        for _ in range(2):
            request = CrawlRequest(
                tmp_path, "dortmund", server.url, 0.0, "test@example.org", CrawlOptions(full=True)
            )
            run_crawl(request, Watcher(), threading.Event())
    (row,) = rows(tmp_path, f"SELECT id, gone_at FROM articles WHERE url = '{FAIR}'")
    with Archive.open_existing(tmp_path) as archive:
        life = history(archive, row["id"])
    assert [event["kind"] for event in life["events"]] == ["new", "gone"]
    assert not life["online"]
    assert life["versions"][0]["evidence"]["web_archive"].startswith(pywb)
    assert is_sound(tmp_path)


class Wayback:
    """Answers as the Wayback Machine does: a table in pages, originals behind `id_`.

    Attributes:
        first: answers to give once each instead, by what the address contains.
    """

    def __init__(self, server):
        self.address = f"{server.url}/cdx/search/cdx"
        self.first = {}
        self.asked = []
        self.stamped = {
            f"{at[:4]}{at[5:7]}{at[8:10]}{at[11:13]}{at[14:16]}{at[17:19]}": (url, body)
            for url, at, body in SEEN
        }
        server.script = self.answer

    def answer(self, ask):
        self.asked.append(ask.path)
        for part in list(self.first):
            if part in ask.path:
                return self.first.pop(part)
        if ask.path.startswith("/web/"):
            url, body = self.stamped[ask.path[5:19]]
            assert ask.path[19:] == f"id_/{url}"
            return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, body)
        query = parse_qs(urlsplit(ask.path).query)
        lines = [
            [stamp, url, "text/html", "200", warc.payload_digest(body)[5:], "9"]
            for stamp, (url, body) in self.stamped.items()
            if url.removeprefix("https://www.").startswith(query["url"][0])
        ]
        start = int(query.get("resumeKey", ["0"])[0])
        table = [["timestamp", "original", "mimetype", "statuscode", "digest", "length"]]
        table += lines[start : start + 2]
        if start + 2 < len(lines):
            table += [[], [str(start + 2)]]
        return Answer(200, {"Content-Type": "application/json"}, json.dumps(table).encode())

    def fetched(self):
        found = [path[5:19] for path in self.asked if path.startswith("/web/")]
        self.asked.clear()
        return found


@pytest.fixture
def wayback():
    with Loopback() as server:
        yield Wayback(server)


def test_pages_of_the_index_are_asked_for_until_the_last(wayback, tmp_path):
    report = backfill(tmp_path, wayback.address)
    assert (report.listed, report.fetched, report.exit_code) == (6, 5, 0)
    assert len(texts(tmp_path)["bruecke.html"]) == 2
    assert is_sound(tmp_path)


def test_who_is_asked_to_wait_waits_and_asks_again(wayback, tmp_path):
    stop = Immediate()
    wayback.first = {
        "/cdx/": Answer(429, {"Retry-After": "37"}),
        "/web/2014": Answer(503, {"Retry-After": "41"}),
    }
    report = backfill(tmp_path, wayback.address, stop)
    assert (report.fetched, report.failed, report.exit_code) == (5, 0, 0)
    assert {37, 41} <= {round(seconds) for seconds in stop.waits}


def test_an_answer_that_breaks_off_is_asked_for_again(wayback, tmp_path):
    cut = {"Content-Length": "5000", "Content-Type": "text/html"}
    wayback.first = {"/cdx/": Answer(200, cut, b"[["), "/web/2014": Answer(200, cut, b"<html>")}
    report = backfill(tmp_path, wayback.address)
    assert (report.fetched, report.failed) == (5, 0)


def test_a_long_pause_ends_the_run_and_what_was_fetched_comes_in(wayback, tmp_path):
    wayback.first = {"/web/2021": Answer(429, {"Retry-After": "86400"})}
    report = backfill(tmp_path, wayback.address)
    assert (report.fetched, report.new, report.exit_code) == (2, 2, 3)
    assert "86400" in report.ended_early
    assert is_sound(tmp_path)


def test_another_capture_than_the_one_asked_for_is_not_taken_for_it(wayback, tmp_path):
    head = {"Memento-Datetime": "Sat, 01 Feb 2014 00:00:00 GMT", "Content-Type": "text/html"}
    wayback.first = {"/web/2014": Answer(200, head, old_page(7))}
    report = backfill(tmp_path, wayback.address)
    ((where, reason),) = report.failures
    assert "/web/20140302090000id_/" in where
    assert "2014-02-01" in reason
    assert report.exit_code == 3
    # It is known now that it cannot be had, and not asked for each time.
    wayback.asked.clear()
    report = backfill(tmp_path, wayback.address)
    assert (wayback.fetched(), report.left_out, report.exit_code) == ([], 1, 0)
    assert backfill(tmp_path, wayback.address, again=True).new == 1
    assert wayback.fetched() == ["20140302090000"]


def test_what_a_web_archive_does_not_show_is_left_out(wayback, tmp_path):
    elsewhere = {"Location": wayback.address.replace("/cdx/search/cdx", "/web/20210601080000id_/")}
    elsewhere["Location"] += FAIR
    wayback.first = {"/web/2014": Answer(404), "/web/2019": Answer(302, elsewhere)}
    report = backfill(tmp_path, wayback.address)
    reasons = sorted(reason for _where, reason in report.failures)
    assert "HTTP 404" in reasons[0]
    assert "the capture of 2021-06-01" in reasons[1]
    assert (report.fetched, backfill(tmp_path, wayback.address).left_out) == (3, 2)


def test_the_command_tells_what_it_does(wayback, tmp_path):
    def run(*words):
        line = ["--data", str(tmp_path), "backfill", "--site", "dortmund", *words]
        return CliRunner().invoke(app, [*line, "--from", wayback.address])

    wayback.first = {"/web/2014": Answer(404)}
    assert "lists 6 captures of 3 releases; 5 of them" in run("--dry-run").stdout
    done = run()
    assert done.exit_code == 3
    assert "Failed: " in done.stderr
    again = run("--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["left_out"] == 1
    told = CliRunner().invoke(app, ["--data", str(tmp_path), "stats"]).stdout
    assert "127.0.0.1" in told
    refused = run("--since", "2020-01-01", "--until", "1.1.2019").exception
    assert isinstance(refused, UsageError)
    assert "is before --since" in str(refused)


def test_what_was_fetched_before_an_interruption_is_not_fetched_again(wayback, tmp_path):
    stop = Immediate()

    def end(what, done, _total):
        if what == "fetched" and done == 2:
            stop.set()

    report = backfill(tmp_path, wayback.address, stop, end)
    assert (report.ended_early, report.exit_code) == ("it was interrupted", 3)
    first = wayback.fetched()
    # As after a power cut: the file has no name yet, and its last record is torn.
    (file,) = (tmp_path / FOLDER).glob("*.warc.gz")
    torn = file.rename(file.with_name(file.name + ".open"))
    with torn.open("ab") as written:
        written.write(b"\x1f\x8b\x08\x00torn")
    report = backfill(tmp_path, wayback.address)
    assert (len(first), report.fetched, report.exit_code) == (2, 3, 0)
    assert not set(first) & set(wayback.fetched())
    backfill(tmp_path / "whole", wayback.address)
    assert lives(tmp_path) == lives(tmp_path / "whole")
    assert is_sound(tmp_path)


def test_where_nothing_is_listed_a_wrong_address_is_thought_of(pywb, tmp_path):
    # pywb answers like this for a collection that it does not have.
    line = ["--data", str(tmp_path), "backfill", "--site", "dortmund", "--dry-run"]
    told = CliRunner().invoke(app, [*line, "--from", f"{pywb}-of-somebody-else"])
    assert "lists 0 captures" in told.stdout
    assert "look whether the address" in told.stdout


def test_an_index_that_does_not_answer_changes_nothing(tmp_path):
    with Loopback() as server:
        server.script = lambda _ask: Answer(404, {"Content-Type": "text/html"}, b"<html>none")
        with pytest.raises(SiteUnreachable, match="HTTP 404"):
            backfill(tmp_path, server.url + "/city")
        server.script = lambda _ask: Answer(200, {}, b"<html>a page</html>")
        with pytest.raises(SiteUnreachable, match="not a CDX index"):
            backfill(tmp_path, server.url + "/city")
        server.robots = Answer(200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /\n")
        with pytest.raises(SiteUnreachable, match=r"robots\.txt"):
            backfill(tmp_path, server.url + "/city")
    assert rows(tmp_path, "SELECT * FROM runs") == []


@pytest.mark.parametrize("name", ["archive", "ftp://a.example/", "https://a.example/?q=1"])
def test_a_web_archive_that_is_none_is_refused(name, tmp_path):
    with pytest.raises(UsageError, match="is not a web archive"):
        backfill(tmp_path, name)


class CommonCrawl:
    """Serves an index for each of two crawls, and ranges of one WARC file."""

    def __init__(self, server):
        self.address = f"{server.url}/collinfo.json"
        self.url = server.url
        self.ranges = []
        self.less = 0
        made = Warc()
        self.lines = {"CC-MAIN-2019-22": [], "CC-MAIN-2021-25": []}
        for url, at, body in SEEN[:5]:
            start = made.buffer.tell()
            made.response(url, body, at)
            stamp = "".join(filter(str.isdigit, at))
            line = {"url": url, "timestamp": stamp, "mime": "text/html", "status": "200"}
            line |= {"digest": warc.payload_digest(body)}
            line |= {"filename": "crawl-data/a.warc.gz", "offset": str(start)}
            line |= {"length": str(made.buffer.tell() - start)}
            crawl = "CC-MAIN-2019-22" if at < "2020" else "CC-MAIN-2021-25"
            self.lines[crawl].append(line)
        self.file = made.buffer.getvalue()
        server.script = self.answer

    def answer(self, ask):
        parts = urlsplit(ask.path)
        if parts.path == "/collinfo.json":
            found = [{"id": i, "cdx-api": f"{self.url}/{i}-index"} for i in self.lines]
            return Answer(200, {}, json.dumps(found).encode())
        if parts.path == "/crawl-data/a.warc.gz":
            self.ranges.append(ask.headers["range"])
            first, last = map(int, ask.headers["range"].removeprefix("bytes=").split("-"))
            part = self.file[first : last + 1 - self.less]
            return Answer(206, {"Content-Type": "application/gzip"}, part)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        lines = [
            line
            for line in self.lines[parts.path[1:].removesuffix("-index")]
            if line["url"].removeprefix("https://www.").startswith(query["url"])
        ]
        if not lines:
            return Answer(404, {}, b'{"message": "No Captures found for: x"}')
        if "showNumPages" in query:
            return Answer(200, {}, json.dumps({"pages": len(lines)}).encode())
        return Answer(200, {}, json.dumps(lines[int(query["page"])]).encode())


@pytest.fixture
def common_crawl():
    with Loopback() as server:
        yield CommonCrawl(server)


def test_ranges_of_warc_files_come_in_as_pages_do(common_crawl, tmp_path):
    report = backfill(tmp_path, common_crawl.address)
    assert (report.fetched, report.new, report.changed, report.failed) == (4, 2, 1, 0)
    assert len(texts(tmp_path)["bruecke.html"]) == 2
    (source,) = rows(tmp_path, "SELECT url FROM provenance ORDER BY capture_id LIMIT 1")
    end = int(common_crawl.lines["CC-MAIN-2019-22"][0]["length"]) - 1
    assert source["url"] == f"{common_crawl.url}/crawl-data/a.warc.gz#bytes=0-{end}"
    assert is_sound(tmp_path)
    common_crawl.ranges.clear()
    assert backfill(tmp_path, common_crawl.address).fetched == 0
    assert common_crawl.ranges == []


def test_only_crawls_of_the_time_are_asked(common_crawl, tmp_path):
    report = backfill(tmp_path, common_crawl.address, since=date(2021, 1, 1), dry_run=True)
    assert report.years == {2021: 2, 2022: 1}


def test_less_than_was_asked_for_is_no_page(common_crawl, tmp_path):
    common_crawl.less = 7
    report = backfill(tmp_path, common_crawl.address)
    assert (report.fetched, report.failed, report.exit_code) == (0, 4, 3)
    common_crawl.less = 0
    assert backfill(tmp_path, common_crawl.address).new == 2  # that may have passed


def test_a_record_of_something_else_is_listed_once(common_crawl, tmp_path):
    line = common_crawl.lines["CC-MAIN-2021-25"][-1]
    other = common_crawl.lines["CC-MAIN-2019-22"][0]
    line |= {"offset": other["offset"], "length": other["length"]}
    report = backfill(tmp_path, common_crawl.address)
    assert [reason for _where, reason in report.failures] == [
        "the record is that of another address"
    ]
    assert backfill(tmp_path, common_crawl.address).left_out == 1
