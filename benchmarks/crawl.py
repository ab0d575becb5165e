"""Pages per second through the whole pipeline, beside a bare download and beside Scrapy.

    python benchmarks/crawl.py [--articles 1000] [--memory 10000]

The replica is served by a process of its own, on loopback, with pages of the real size; each
contender fetches the same pages over one connection, without delay, in a process of its own:

- `bare` downloads and unpacks the pages with httpx, and throws them away;
- `ours` is `newsroom crawl`: robots.txt, listings, WARC, parsing, quotations, SQLite, with a worker
  process that reads, whose time and memory count, too;
- `scrapy` is a spider that stores as much as one writes by hand in an afternoon: the raw page as
  WARC, the fields and pictures that CSS selectors give, SQLite, one transaction per page. It knows
  the addresses, so it walks no listing, and it looks for no quotations.

What counts are the ratios: pages per second, and pages per second of processor time (user and
system, of all processes of a contender). With `--memory N` the peak memory of a crawl of N pages is
compared with that of a tenth of them; it is the sum over its processes, sampled ten times a second.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import importlib.util
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

COOKIE = "dtm-visitor"
SERVING: list[subprocess.Popen[str]] = []
"""The replicas that run: children of this process, and no contender's."""


@contextmanager
def replica(articles: int) -> Iterator[str]:
    """Serve so many articles; yields the address."""
    command = [sys.executable, "-m", "scraper", "demo", "--serve", "--articles", str(articles)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    SERVING.append(server)
    try:
        line = server.stdout.readline()
        yield line.split("at ", 1)[1].split("/newsroom", 1)[0]
    finally:
        SERVING.remove(server)
        server.terminate()
        server.wait(10)


def addresses(articles: int) -> list[str]:
    """Paths of all articles."""
    from scraper.demo.newsroom import Newsroom

    newsroom = Newsroom(articles)
    return [newsroom.head(n).url.split(".de", 1)[1] for n in range(articles)]


def bare(base_url: str, articles: int, _directory: Path) -> int:
    """Download everything; keep nothing."""
    import httpx

    with httpx.Client(base_url=base_url, timeout=30) as client:
        client.get("/robots.txt", follow_redirects=True)  # the cookie
        return sum(client.get(path).status_code == 200 for path in addresses(articles))


def ours(base_url: str, _articles: int, directory: Path) -> int:
    """`newsroom crawl` without delay, and without the optional second opinion on five pages."""
    sys.modules["trafilatura"] = None  # type: ignore[assignment]
    from scraper.console.progress import progress
    from scraper.crawl.options import CrawlOptions, CrawlRequest
    from scraper.crawl.start import run_crawl

    request = CrawlRequest(directory, "dortmund", base_url, 0.0, "bench", CrawlOptions())
    with progress(quiet=True) as shown:
        return run_crawl(request, shown, threading.Event()).new


def scrapy(base_url: str, articles: int, directory: Path) -> int:
    """A spider of the usual kind."""
    import scrapy as framework
    from scrapy.crawler import CrawlerProcess

    keeper = Keeper(directory)

    class Spider(framework.Spider):
        name = "newsroom"
        custom_settings = {  # noqa: RUF012 - Scrapy's way
            "CONCURRENT_REQUESTS": 1,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": True,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_LEVEL": "ERROR",
        }

        async def start(self) -> Any:
            for path in addresses(articles):
                yield framework.Request(base_url + path)

        def parse(self, response: Any) -> None:
            keeper.keep(response, fields(response))

    process = CrawlerProcess()
    process.crawl(Spider)
    process.start()
    return keeper.close()


def fields(response: Any) -> dict[str, Any]:
    """What selectors give without further thought."""
    return {
        "url": response.url,
        "title": response.css("#Einleitungstext h1::text").get(),
        "kicker": response.css(".heading__topline::text").get(),
        "lead": " ".join(response.css("p[slot=teaser] ::text").getall()),
        "published": " ".join(response.css("#Einleitungstext time ::text").getall()),
        "description": response.css("meta[name=description]::attr(content)").get(),
        "text": "\n".join(
            "".join(node.css("::text").getall())
            for node in response.css("main div[slot=content] p, main div[slot=content] li, main h2")
        ),
        "images": [
            {
                "src": figure.css("img::attr(src)").get(),
                "alt": figure.css("img::attr(alt)").get(),
                "caption": "".join(figure.css("[slot=text] ::text").getall()),
                "credit": "".join(figure.css("[slot=licence] ::text").getall()),
            }
            for figure in response.css("main figure")
        ],
        "links": response.css("main div[slot=content] a::attr(href)").getall(),
        "tags": response.css("dtm-category-badge-list a::text").getall(),
    }


class Keeper:
    """Stores what the spider finds."""

    def __init__(self, directory: Path) -> None:
        from warcio.warcwriter import WARCWriter

        directory.mkdir(parents=True, exist_ok=True)
        self.file = (directory / "pages.warc.gz").open("wb")
        self.writer = WARCWriter(self.file, gzip=True, warc_version="1.1")
        self.db = sqlite3.connect(directory / "pages.db")
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute(
            "CREATE TABLE pages "
            "(url, title, kicker, lead, published, description, text, links, tags)"
        )
        self.db.execute("CREATE TABLE images (url, src, alt, caption, credit)")
        self.db.execute("CREATE VIRTUAL TABLE pages_fts USING fts5 (title, text)")
        self.count = 0

    def keep(self, response: Any, found: dict[str, Any]) -> None:
        """One page: raw to disk, fields to the database."""
        from io import BytesIO

        from warcio.statusandheaders import StatusAndHeaders

        pairs = [(k.decode(), v[0].decode()) for k, v in response.headers.items()]
        head = StatusAndHeaders(f"{response.status} OK", pairs, protocol="HTTP/1.1")
        self.writer.write_record(
            self.writer.create_warc_record(
                response.url,
                "response",
                payload=BytesIO(response.body),
                length=len(response.body),
                http_headers=head,
            )
        )
        self.file.flush()
        images = found.pop("images")
        row = [json.dumps(v) if isinstance(v, list) else v for v in found.values()]
        with self.db:
            self.db.execute(f"INSERT INTO pages VALUES ({', '.join('?' * len(row))})", row)
            self.db.executemany(
                "INSERT INTO images VALUES (?, ?, ?, ?, ?)",
                [(found["url"], *image.values()) for image in images],
            )
            self.db.execute("INSERT INTO pages_fts VALUES (?, ?)", [found["title"], found["text"]])
        self.count += 1

    def close(self) -> int:
        """Number of pages kept."""
        self.file.close()
        self.db.close()
        return self.count


CONTENDERS = {"bare": bare, "ours": ours, "scrapy": scrapy}
NEEDED = {
    "bare": ["httpx"],
    "ours": ["scraper.console", "scraper.crawl.start"],
    "scrapy": ["scrapy.crawler", "warcio.warcwriter"],
}
"""What is imported before the clock starts; who lacks a library is left out."""


def measure(name: str, base_url: str, articles: int) -> tuple[float, float, float]:
    """Run a contender in a process of its own.

    Returns:
        Pages per second, pages per second of processor time, peak MB.
    """
    command = [sys.executable, __file__, "--child", name, base_url, str(articles)]
    before = processor_seconds()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
    assert process.returncode == 0
    wait_for_orphans()
    spent = processor_seconds() - before
    result = json.loads(output.splitlines()[-1])
    assert result["pages"] == articles, result
    return articles / result["seconds"], articles / spent, result["peak_mb"]


def processor_seconds() -> float:
    """Processor time of all processes that have ended below this one."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def adopt_orphans() -> None:
    """Have the workers of a contender that has ended become children of this process (Linux)."""
    pr_set_child_subreaper = 36
    ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)


def wait_for_orphans() -> None:
    """Wait until all that a contender has started has ended, so that its time counts."""
    replicas = {replica.pid for replica in SERVING}
    while children() - replicas:
        pid, _status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            time.sleep(0.02)


def children() -> set[int]:
    """Process ids of the children of this process."""
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    return {int(pid) for pid in path.read_text().split()}


def child(name: str, base_url: str, articles: int) -> None:
    """What `measure` runs: importing and interpreting are not timed."""
    contender = CONTENDERS[name]
    addresses(1)
    for module in NEEDED[name]:
        importlib.import_module(module)
    peak, over = [0.0], threading.Event()

    def sample() -> None:
        while not over.wait(0.1):
            peak[0] = max(peak[0], session_megabytes())

    sampler = threading.Thread(target=sample)
    sampler.start()
    with tempfile.TemporaryDirectory() as directory:
        began = time.perf_counter()
        pages = contender(base_url, articles, Path(directory) / "data")
        seconds = time.perf_counter() - began
    over.set()
    sampler.join()
    print(json.dumps({"pages": pages, "seconds": seconds, "peak_mb": peak[0]}))


def session_megabytes() -> float:
    """Memory in use by all processes of this session; what they share counts once each."""
    total = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError, ValueError):
            if os.getsid(int(folder.name)) == os.getsid(0):
                total += int((folder / "statm").read_text().split()[1])
    return total * os.sysconf("SC_PAGE_SIZE") / 1e6


def speed(articles: int, rounds: int) -> None:
    """Print pages per second; the best of some rounds, taken in turns so that load cancels out."""
    adopt_orphans()
    names = [name for name in CONTENDERS if installed(name)]
    best = dict.fromkeys(names, (0.0, 0.0))
    with replica(articles) as base_url:
        for _ in range(rounds):
            for name in names:
                wall, processor, _peak = measure(name, base_url, articles)
                best[name] = (max(best[name][0], wall), max(best[name][1], processor))
    bare_wall, bare_processor = best["bare"]
    for name, (wall, processor) in best.items():
        print(
            f"{name:<8}{wall:8.1f} pages/s {wall / bare_wall:5.2f} x bare"
            f"{processor:10.1f} pages/s of processor time {processor / bare_processor:5.2f} x bare"
        )
    if "scrapy" in best:
        print(f"ours is {best['ours'][0] / best['scrapy'][0]:.2f} x scrapy")
    else:
        print("Scrapy is not installed; without it.")


def installed(name: str) -> bool:
    """Whether all that a contender needs can be imported."""
    roots = {module.partition(".")[0] for module in NEEDED[name]}
    return all(importlib.util.find_spec(root) is not None for root in roots)


def memory(articles: int) -> None:
    """Print the peak memory of a large crawl against that of a small one."""
    adopt_orphans()
    peaks = []
    for size in (articles // 10, articles):
        with replica(size) as base_url:
            peaks.append(measure("ours", base_url, size)[2])
        print(f"{size:>7,} pages: peak {peaks[-1]:.0f} MB")
    print(f"ratio {peaks[1] / peaks[0]:.2f}")


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, default=0)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        name, base_url, articles = arguments.child
        child(name, base_url, int(articles))
    elif arguments.memory:
        memory(arguments.memory)
    else:
        speed(arguments.articles, arguments.rounds)


if __name__ == "__main__":
    main()
