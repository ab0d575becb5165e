"""Many newsrooms at once: pages per second with a delay, and what a host with nothing new costs.

    python benchmarks/many.py [--hosts 100] [--pages 20] [--delay 1] [--idle 100 1000]

The hosts are addresses of this machine (127.0.0.1, 127.0.0.2, …), all served by one process, each
with a sitemap and releases of 60 KB. Each contender runs in a process of its own, and asks all
hosts at once with the same delay between two requests to one of them:

- `bare` downloads the pages with httpx (asyncio), and throws them away;
- `ours` is `newsroom crawl --workers HOSTS`: robots.txt, sitemap, WARC, parsing, SQLite;
- `scrapy`, if it is installed, downloads them and keeps nothing but a few fields.

With the delay alone, there would be hosts ÷ delay pages per second: what counts is the share of
that, and once a processor is full, pages per second of processor time. Then archives of so many
newsrooms with nothing new are crawled, without a delay and eight at once: requests, time, processor
time and memory for each host, which should not depend on their number. The memory of the crawling
process and that of the workers, in which pages are read, are told apart.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE_BYTES = 60_000
SITE = """name = "Stadt {number}"
url = "http://{netloc}"
[article]
path = '^/presse/\\d+$'
[[sources]]
method = "sitemap"
url = "/sitemap.xml"
complete = true
[layout]
content = "main"
marker = ["main h1"]
title = ["main h1"]
published = ["main time@datetime"]
"""


def address(number: int) -> str:
    """The address of a host, counted from 0."""
    return f"127.0.{number // 250}.{number % 250 + 1}"


def page(path: str) -> bytes:
    """A release whose text no other has."""
    number = int(path.rsplit("/", 1)[1])
    day = f"2026-{number % 9 + 1:02}-{number % 27 + 1:02}"
    text = f"Am Standort {number} beginnen die Arbeiten, teilt das Amt {path} mit. " * 12
    links = "".join(f'<li><a href="/amt/{n}">Amt {n}</a></li>' for n in range(PAGE_BYTES // 40))
    return (
        '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">'
        f"<title>Arbeiten {number}</title></head><body>"
        f"<nav><ul>{links}</ul></nav>"
        f"<main><h1>Arbeiten am Standort {number}</h1>"
        f'<time datetime="{day}T10:00:00+02:00">{day}</time><p>{text}</p></main></body></html>'
    ).encode()


def answer(path: str, netloc: str, pages: int) -> tuple[str, bytes]:
    """Status and body."""
    if path == "/sitemap.xml":
        entries = "".join(f"<url><loc>http://{netloc}/presse/{n}</loc></url>" for n in range(pages))
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return "200 OK", f'<?xml version="1.0"?><urlset xmlns="{space}">{entries}</urlset>'.encode()
    if path.startswith("/presse/"):
        return "200 OK", page(path)
    if path == "/count":
        return "200 OK", str(REQUESTS[0] - 1).encode()
    return "404 Not Found", b""


REQUESTS = [0]


async def serve(hosts: int, pages: int) -> None:
    """Answer until the process is ended; prints the port."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                REQUESTS[0] += 1
                path = head.split(" ", 2)[1]
                netloc = head.lower().split("\r\nhost: ", 1)[1].split("\r\n", 1)[0]
                status, body = answer(path, netloc, pages)
                kind = "application/xml" if path.endswith(".xml") else "text/html; charset=utf-8"
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        writer.close()

    first = await asyncio.start_server(handle, address(0), 0, backlog=1000)
    port = first.sockets[0].getsockname()[1]
    for number in range(1, hosts):
        await asyncio.start_server(handle, address(number), port)
    print(port, flush=True)
    await asyncio.Event().wait()


@contextmanager
def served(hosts: int, pages: int) -> Iterator[int]:
    """The port of a process that serves so many hosts."""
    command = [sys.executable, __file__, "--serve", str(hosts), str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def count_requests(port: int) -> int:
    """Requests that the server has answered so far, less those that asked for their number."""
    import httpx

    return int(httpx.get(f"http://{address(0)}:{port}/count", trust_env=False).text)


def addresses(hosts: int, pages: int, port: int) -> list[list[str]]:
    """The addresses of all pages, host by host."""
    return [
        [f"http://{address(host)}:{port}/presse/{n}" for n in range(pages)] for host in range(hosts)
    ]


def bare(urls: list[list[str]], delay: float) -> int:
    """Download everything, each host with its delay; keep nothing."""
    import httpx

    async def host(client: httpx.AsyncClient, own: list[str]) -> int:
        found = 0
        for url in own:
            found += (await client.get(url)).status_code == 200
            await asyncio.sleep(delay)
        return found

    async def all_hosts() -> int:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(timeout=60, limits=limits, trust_env=False) as client:
            return sum(await asyncio.gather(*(host(client, own) for own in urls)))

    return asyncio.run(all_hosts())


def scrapy(urls: list[list[str]], delay: float) -> int:
    """A spider that keeps a few fields in memory."""
    import scrapy as framework
    from scrapy.crawler import CrawlerProcess

    kept = []

    class Spider(framework.Spider):  # type: ignore[misc]
        name = "many"
        custom_settings = {  # noqa: RUF012 - Scrapy's way
            "CONCURRENT_REQUESTS": len(urls),
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": delay,
            "RANDOMIZE_DOWNLOAD_DELAY": False,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_LEVEL": "ERROR",
        }

        async def start(self):  # type: ignore[no-untyped-def]  # noqa: ANN202
            for turn in zip(*urls, strict=True):
                for url in turn:
                    yield framework.Request(url)

        def parse(self, response):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            kept.append((response.url, response.css("h1::text").get()))

    process = CrawlerProcess()
    process.crawl(Spider)
    process.start()
    return len(kept)


def described(directory: Path, hosts: int, port: int) -> list[str]:
    """Write a file of facts for each host; returns their keys."""
    (directory / "sites").mkdir(parents=True)
    keys = [f"host-{number}" for number in range(hosts)]
    for number, key in enumerate(keys):
        text = SITE.format(number=number, netloc=f"{address(number)}:{port}")
        (directory / "sites" / f"{key}.toml").write_text(text, encoding="utf-8")
    return keys


def ours(directory: Path, keys: list[str], delay: float, workers: int) -> int:
    """`newsroom crawl --workers N`; returns the number of new releases."""
    sys.modules["trafilatura"] = None  # type: ignore[assignment]
    from scraper.console.progress import progress
    from scraper.crawl.many import run_crawls
    from scraper.crawl.options import CrawlOptions, CrawlRequest

    options = CrawlOptions()
    requests = [CrawlRequest(directory, key, None, delay, "bench", options) for key in keys]
    with progress(quiet=True) as shown:
        reports = run_crawls(requests, shown, threading.Event(), workers)
    trouble = {report.exit_code: report.warnings for report in reports if report.exit_code}
    assert not trouble, trouble
    return sum(report.new for report in reports)


def work(name: str, hosts: int, pages: int, port: int, delay: float, directory: Path) -> int:
    """What a contender does in its process."""
    if name == "ours":
        return ours(directory, described(directory, hosts, port), delay, hosts)
    if name == "idle":
        keys = [f"host-{number}" for number in range(hosts)]
        return ours(directory, keys, delay, 8)
    urls = addresses(hosts, pages, port)
    return bare(urls, delay) if name == "bare" else scrapy(urls, delay)


def child(name: str, hosts: int, pages: int, port: int, delay: float, directory: Path) -> None:
    """Run a contender, and print how long it took and what it used."""
    peaks, over = [0.0, 0.0], threading.Event()

    def sample() -> None:
        while not over.wait(0.2):
            own, all_of_it = megabytes()
            peaks[:] = max(peaks[0], own), max(peaks[1], all_of_it)

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    began = time.perf_counter()
    found = work(name, hosts, pages, port, delay, directory)
    seconds = time.perf_counter() - began
    over.set()
    sampler.join()
    print(json.dumps({"pages": found, "seconds": seconds, "own": peaks[0], "all": peaks[1]}))


def megabytes() -> tuple[float, float]:
    """Memory of this process, and of all processes of its session."""
    own = total = 0
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if os.getsid(int(folder.name)) == os.getsid(0):
                size = int((folder / "statm").read_text().split()[1])
                total += size
                own += size if int(folder.name) == os.getpid() else 0
    unit = os.sysconf("SC_PAGE_SIZE") / 1e6
    return own * unit, total * unit


def measure(
    name: str, hosts: int, pages: int, port: int, delay: float, directory: Path
) -> dict[str, float]:
    """Run a contender in a session of its own; its figures, with processor time."""
    command = [sys.executable, __file__, "--child", name]
    command += [str(each) for each in (hosts, pages, port, delay, directory)]
    environment = os.environ | {"XDG_CACHE_HOME": str(directory.parent / "cache")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True, env=environment
    )
    assert ended.returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return figures | {"processor": spent}


def speed(hosts: int, pages: int, delay: float) -> None:
    """Print what each contender makes of many hosts with a delay."""
    ideal = hosts / delay
    names = ["bare", "ours", *(["scrapy"] if importlib.util.find_spec("scrapy") else [])]
    print(f"{hosts} hosts with {pages} pages each, delay {delay:g} s: ideally {ideal:g} pages/s")
    for name in names:
        with served(hosts, pages) as port, tempfile.TemporaryDirectory() as folder:
            found = measure(name, hosts, pages, port, delay, Path(folder) / "data")
        assert found["pages"] == hosts * pages, found
        rate = found["pages"] / found["seconds"]
        print(
            f"{name:<8}{rate:7.1f} pages/s {rate / ideal:5.2f} of the ideal, "
            f"{found['pages'] / found['processor']:7.1f} pages/s of processor time, "
            f"{found['own']:.0f} MB, {found['all']:.0f} MB with workers",
            flush=True,
        )


def idle(sizes: list[int]) -> None:
    """Print what a host costs on which there is nothing new."""
    costs = []
    for hosts in sizes:
        with served(hosts, 1) as port, tempfile.TemporaryDirectory() as folder:
            directory = Path(folder) / "data"
            described(directory, hosts, port)
            first = measure("idle", hosts, 1, port, 0.0, directory)
            assert first["pages"] == hosts, first
            before = count_requests(port)
            found = measure("idle", hosts, 1, port, 0.0, directory)
            requests = (count_requests(port) - before - 1) / hosts
        costs.append((found["seconds"] / hosts, found["processor"] / hosts, found["own"]))
        print(
            f"{hosts:>5} hosts with nothing new: {requests:.2f} requests, "
            f"{1000 * costs[-1][0]:.1f} ms and {1000 * costs[-1][1]:.1f} ms of processor time a "
            f"host; {found['own']:.0f} MB, {found['all']:.0f} MB with workers",
            flush=True,
        )
    if len(costs) > 1:
        few, many = costs[0], costs[-1]
        ratios = ", ".join(
            f"{name} {b / a:.2f}"
            for name, a, b in zip(("time", "processor time", "memory"), few, many, strict=True)
        )
        print(f"ratio {sizes[-1]:,}:{sizes[0]:,} of time a host, and of memory in all: {ratios}")


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--delay", type=float, default=1.0)
    parser.add_argument("--idle", type=int, nargs="*", default=[100, 1_000])
    parser.add_argument("--serve", type=int, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--child", nargs=6, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        asyncio.run(serve(*arguments.serve))
    elif arguments.child:
        name, hosts, pages, port, delay, directory = arguments.child
        child(name, int(hosts), int(pages), int(port), float(delay), Path(directory))
    else:
        if arguments.hosts:
            speed(arguments.hosts, arguments.pages, arguments.delay)
        if arguments.idle:
            idle(arguments.idle)


if __name__ == "__main__":
    main()
