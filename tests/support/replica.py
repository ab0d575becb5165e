"""Crawls of the replica, as `newsroom crawl` does them but with a clock of our own."""

from __future__ import annotations

import atexit
import multiprocessing
import re
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scraper.archive import Archive, crawl_lock
from scraper.crawl.context import Context
from scraper.crawl.crawl import Crawl
from scraper.crawl.options import CrawlOptions
from scraper.crawl.report import RunReport
from scraper.decide.revisit import RevisitPolicy
from scraper.demo.server import ReplicaServer
from scraper.extract.workers import WorkerProcesses, Workers
from scraper.fetch.client import Client
from scraper.fetch.retry import Retry
from scraper.fetch.throttle import Throttle
from scraper.sites import get_site

START = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)


class Watcher:
    """A progress that remembers, and can ask for an end after some pages."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.pages: list[tuple[str, str]] = []
        self.sources: list[str] = []
        self.waits: list[str] = []
        self.stop = threading.Event()
        self._stop_after = stop_after

    def listed(self, source: str, found: int) -> None:
        self.sources.append(source)

    def waiting(self, what: str) -> None:
        self.waits.append(what)

    def page(self, url: str, outcome: str, done: int, total: int) -> None:
        self.pages.append((url, outcome))
        if self._stop_after is not None and len(self.pages) >= self._stop_after:
            self.stop.set()


class Counter(Watcher):
    """Notes how many articles a server was asked for, since then, when a page was finished."""

    def __init__(self, server: ReplicaServer) -> None:
        super().__init__()
        self.asked: list[int] = []
        self._server = server
        self._before = len(articles_asked(server))

    def page(self, url: str, outcome: str, done: int, total: int) -> None:
        super().page(url, outcome, done, total)
        self.asked.append(len(articles_asked(self._server)) - self._before)


def crawl(
    directory: Path,
    base_url: str,
    *,
    after: timedelta = timedelta(0),
    watcher: Watcher | None = None,
    max_tries: int = 4,
    policy: RevisitPolicy | None = None,
    delay_seconds: float = 0.0,
    here: bool = False,
    **options: object,
) -> RunReport:
    """One crawl; `after` is how long after the first one it happens. Nothing is waited for.

    Pages are read in worker processes, or in this one: `here`.
    """
    watcher = watcher or Watcher()
    site = get_site("dortmund").mirrored(base_url)
    moment = START + after
    client = Client(
        site,
        throttle=Throttle(delay_seconds, sleep=lambda _seconds: None),
        retry=Retry(max_tries=max_tries, base_seconds=0.0, sleep=lambda _seconds: None),
        base_url=base_url,
        now=lambda: moment,
    )
    locked = crawl_lock(directory, site.key)
    with reading(here=here) as workers, client, locked, Archive.open(directory) as archive:
        context = Context.of(
            site,
            client,
            workers,
            archive,
            CrawlOptions(source="demo", **options),  # type: ignore[arg-type]
            watcher,
            policy=policy,
            now=lambda: moment,
            stop=watcher.stop.is_set,
        )
        return run(context)


def run(context: Context) -> RunReport:
    """The run of a crawl, as `run_crawl` does it."""
    work = Crawl(context)
    with context.client, work.noted():
        context.client.robots()
        work.run()
    return context.report


_shared: list[WorkerProcesses] = []


class Here(Executor):
    """Runs tasks at once, in the thread that submits them: quicker than starting processes."""

    processes = 1

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def,override]
        task: Future[object] = Future()
        try:
            task.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - raised where the result is asked for
            task.set_exception(error)
        return task


@contextmanager
def reading(*, here: bool = False) -> Iterator[Workers]:
    """Worker processes to read in: those of this test process, which end with it."""
    if here:
        yield Here()
        return
    if multiprocessing.parent_process() is not None:  # it would wait for them for ever
        with WorkerProcesses() as own:
            yield own
        return
    if not _shared:
        _shared.append(WorkerProcesses())
        atexit.register(_shared[0].shutdown)
    yield _shared[0]


def articles_asked(server: ReplicaServer) -> list[str]:
    """Paths of the articles that the replica was asked for, in order."""
    return [path for _method, path, _status in server.requests if path.endswith(".html")]


def rows(directory: Path, sql: str) -> list[dict[str, object]]:
    """Rows of the archive in a directory."""
    with Archive.open_existing(directory) as archive:
        return archive.rows(sql)


def dump(directory: Path, without: set[str] = frozenset()) -> dict[str, list[dict[str, object]]]:
    """Everything in the archive by table, less some columns and the log of runs."""
    tables = (
        "articles images quotes tags links videos revisions events captures pictures candidates"
    ).split()
    return {
        table: [
            {name: value for name, value in row.items() if name not in without}
            for row in rows(directory, f"SELECT * FROM {table}")
        ]
        for table in tables
    }


_TIMES = "(first|last)_(seen|listed|checked|changed)|at|fetched_at|next_check|gone_at|missing_since"
_NUMBERS = r"(\w+_)?id|(listed|tried)_in|refers_to|warc_\w+"
_VOLATILE = re.compile(f"{_TIMES}|{_NUMBERS}")


def logical_dump(directory: Path) -> dict[str, list[str]]:
    """What the archive says, less times, row numbers and places on disk: the same for each way
    to get there."""
    found = {}
    for table, source in _SOURCES.items():
        lines = [
            repr(sorted((k, v) for k, v in row.items() if not _VOLATILE.fullmatch(k)))
            for row in rows(directory, source)
        ]
        found[table] = sorted(lines)
    return found


_BY_ARTICLE = "SELECT a.url AS article, t.* FROM {} t JOIN articles a ON a.id = t.article_id"
_SOURCES = {
    "articles": "SELECT a.*, c.sha256 FROM articles a JOIN captures c ON c.id = a.capture_id",
    "captures": "SELECT url, sha256, status, error FROM captures",
    "candidates": "SELECT * FROM candidates",
    "revisions": "SELECT a.url AS article, t.*, c.sha256 FROM revisions t "
    "JOIN articles a ON a.id = t.article_id JOIN captures c ON c.id = t.capture_id",
    **{
        table: _BY_ARTICLE.format(table)
        for table in "images quotes tags links videos events".split()
    },
}
