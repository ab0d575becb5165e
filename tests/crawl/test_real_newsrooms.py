"""Twelve newsrooms with real pages, crawled at once, killed ten times and resumed."""

from __future__ import annotations

import json
import random
import re
import select
from contextlib import ExitStack
from importlib import resources

import pytest

from scraper.archive import Archive
from scraper.archive.followed import follow
from scraper.archive.verify import verify
from scraper.sites import Registry
from tests.conftest import NOW, REAL
from tests.crawl.test_many import begin, crawl, delays
from tests.support.loopback import Answer, Loopback
from tests.support.replica import logical_dump, rows

KEYS = (
    "aachen ahlen berlin bielefeld gelsenkirchen hagen krefeld land-brandenburg moenchengladbach "
    "muelheim oberhausen wuppertal"
).split()
COPIES = 4  # of each real page, numbered in the title
DELAY_SECONDS = 0.1
KILLS = 10
_ELSEWHERE = re.compile(
    "(?m)^(url|aliases|other_hosts|identity|redirector|delay_seconds|page_id) =.*\n"
)
_URLSET = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"


pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the real pages are not at hand")


class Newsroom:
    """A server with some real pages of a newsroom, which its sitemap names."""

    def __init__(self, key: str, server: Loopback) -> None:
        self.key, self.server = key, server
        self.pages: dict[str, bytes] = {}
        for path in sorted((REAL / key).glob("*.html")):
            title = json.loads(path.with_suffix(".expected.json").read_bytes())["title"]
            start = " ".join(title.split()[:2])
            page = path.read_text(encoding="utf-8")
            assert start in page, path
            for number in range(COPIES):
                address = f"/meldung/{len(self.pages)}"
                self.pages[address] = page.replace(start, f"({number}) {start}").encode()
        server.script = self._answer

    def file(self) -> str:
        """The newsroom's file of facts, with this server's address and list."""
        head, _, rest = _facts(self.key).partition("[article]")
        layout = re.search(r"(?ms)^\[layout.*", rest)
        return (
            f'url = "http://{self.server.address}"\n'
            + _ELSEWHERE.sub("", head)
            + "[article]\npath = '^/meldung/'\n[[sources]]\nmethod = \"sitemap\"\n"
            + 'url = "/sitemap.xml"\ncomplete = true\n'
            + (_ELSEWHERE.sub("", layout[0]) if layout else "")
        )

    def _answer(self, ask):
        if ask.path == "/sitemap.xml":
            origin = f"http://{self.server.address}"
            urls = "".join(f"<url><loc>{origin}{path}</loc></url>" for path in self.pages)
            return Answer(200, {"Content-Type": "text/xml"}, f"{_URLSET}{urls}</urlset>".encode())
        if ask.path not in self.pages:
            return Answer(404)
        return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, self.pages[ask.path])


def _facts(key):
    return (resources.files("scraper.sites") / f"{key}.toml").read_text(encoding="utf-8")


@pytest.fixture
def newsrooms():
    with ExitStack() as stack:
        yield [
            Newsroom(key, stack.enter_context(Loopback(f"127.0.0.{n + 1}")))
            for n, key in enumerate(KEYS)
        ]


def archive_of(newsrooms, directory):
    """An archive that follows them, without a release yet."""
    (directory / "sites").mkdir(parents=True)
    for newsroom in newsrooms:
        (directory / "sites" / f"{newsroom.key}.toml").write_text(newsroom.file(), "utf-8")
    registry = Registry(directory / "sites")
    with Archive.open(directory) as archive:
        for newsroom in newsrooms:
            follow(archive, registry.get(newsroom.key), NOW)
    return directory


def test_killed_ten_times_nothing_is_lost_or_doubled_and_nobody_hurried(
    newsrooms, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    whole, killed = (archive_of(newsrooms, tmp_path / name) for name in ("whole", "killed"))
    pages = {newsroom.key: len(newsroom.pages) for newsroom in newsrooms}
    code, report, _err = crawl(whole, "--delay", "0")
    assert code == 0, report
    assert {run["site"]: run["new"] for run in report["runs"]} == pages
    servers = [newsroom.server for newsroom in newsrooms]
    for server in servers:
        server.asks.clear()
    chance = random.Random(12)
    kills = 0
    while kills < KILLS:
        enough = sum(len(server.asks) for server in servers) + chance.randrange(1, 30)
        process = begin(killed, "--delay", str(DELAY_SECONDS), "--quiet")
        while sum(len(server.asks) for server in servers) < enough and process.poll() is None:
            select.select([], [], [], 0.002)
        kills += process.poll() is None
        process.kill()
        process.communicate()
    code, _report, _err = crawl(killed, "--delay", str(DELAY_SECONDS), "--full")
    assert code == 0
    assert logical_dump(killed) == logical_dump(whole)
    count = rows(killed, "SELECT count(DISTINCT url) AS urls, count(*) AS n FROM articles")[0]
    assert count == {"urls": sum(pages.values()), "n": sum(pages.values())}
    with Archive.open_existing(killed) as archive:
        assert verify(archive)["problems"] == []
    for server in servers:
        assert min(delays(server.asks)) >= DELAY_SECONDS
