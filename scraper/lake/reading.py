"""One task, in a worker: the records of a range of a WARC file, read and written as Parquet.

A task changes nothing but the files that are named after it. Done twice, it writes the same.
"""

from __future__ import annotations

import hashlib
import io
import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper import urls
from scraper.errors import ParseError
from scraper.export.parquet import write_parquet
from scraper.extract.extract import extract
from scraper.importing.found import Reason, Unreadable
from scraper.importing.response import MAX_BYTES, read_response
from scraper.importing.warcs import instant, is_html, only_a_part
from scraper.lake import places
from scraper.lake.broken import BrokenPages, Page
from scraper.lake.ranges import ENDS_WITHIN, records_of
from scraper.lake.tables import TABLES, Place, capture_row, rows_of, year_of
from scraper.markup.ending import BREAKS_OFF, breaks_off
from scraper.markup.wayback import original_address
from scraper.records import Capture
from scraper.warc import invented

if TYPE_CHECKING:
    from typing import Any

    from scraper.lake.plan import Task
    from scraper.lake.ranges import Found
    from scraper.lake.tables import Row
    from scraper.sites import Site

PAGE_SECONDS = 30
"""What reading one page may take; then the system ends the process."""
BUFFERED_CHARS = 16_000_000
"""When so much text waits to be written, it is."""
_OURS = frozenset({"response", "resource", "revisit"})
_MOST_FAILURES = 100


@dataclass
class Done:
    """What came of a task; small, whatever the task read."""

    source: str
    identity: str
    start: int
    end: int
    records: int = 0
    pages: int = 0
    """Pages of releases, read."""
    failed: int = 0
    failures: list[tuple[int, str, str]] = field(default_factory=list)
    """Place in the file, address and reason; the first hundred."""
    skipped: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    """How many, by table."""
    files: list[str] = field(default_factory=list)
    """What was written, relative to the target."""
    seconds: float = 0.0
    """Of processor time."""

    def fail(self, offset: int, url: str, reason: str) -> None:
        """Count a page, or a part of the file, that could not be read."""
        self.failed += 1
        if len(self.failures) < _MOST_FAILURES:
            self.failures.append((offset, url, reason[:300]))

    def skip(self, reason: str) -> None:
        """Count something that is no page to read."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1


def read_range(task: Task, sites: tuple[Site, ...], target: str, now: datetime) -> Done:
    """Read a task's pages and write its files, the manifest last.

    Args:
        task: what to read.
        sites: whose pages.
        target: folder of the extraction.
        now: the time of the run; captures that are dated later are not believed.

    Raises:
        OSError: the source cannot be read, or the target not be written.
        Unreadable: the source is no regular file.
    """
    began = time.process_time()
    done = Done(task.source, task.identity, task.start, task.end)
    output = _Output(target, task, done)
    index = _by_host(sites)
    for found in records_of(task, done, lambda record: _site_of(record, index)):
        site = _site_of(found.record, index) if found.block is not None else None
        if site is None:
            continue
        if found.record.rec_type == "revisit":
            done.skip(Reason.REVISIT)
            continue
        _read(found, site, done, output, now)
    for key, page in output.broken.broken():
        _fail(page.capture, page.place, key, BREAKS_OFF, done, output)
    output.close()
    done.seconds = round(time.process_time() - began, 3)
    places.write(places.join(target, manifest_name(task)), manifest_of(done))
    return done


def manifest_of(done: Done) -> bytes:
    """What a manifest holds."""
    return json.dumps(asdict(done), ensure_ascii=False, indent=1).encode() + b"\n"


def manifest_name(task: Task) -> str:
    """Where a task's manifest stands in the target."""
    return f"_manifest/{key_of(task)}.json"


def key_of(task: Task) -> str:
    """A name for a task; the same for the same work."""
    text = "\n".join([task.source, task.identity, str(task.start), str(task.end)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def offsets_of(task: Task) -> list[int]:
    """Where the records of a range begin; nothing is read but their heads.

    Raises:
        OSError, Unreadable: the source cannot be read.
    """
    done = Done(task.source, task.identity, task.start, task.end)
    return [found.offset for found in records_of(task, done)]


def _by_host(sites: tuple[Site, ...]) -> dict[str, list[Site]]:
    index: dict[str, list[Site]] = {}
    for site in sites:
        for host in site.hosts:
            index.setdefault(host, []).append(site)
    return index


def _site_of(record: Any, index: dict[str, list[Site]]) -> Site | None:
    """Whose page a record holds; None if it is none. Its content is not looked at."""
    if record.rec_type not in _OURS:
        return None
    target, _stamp = original_address(record.rec_headers.get_header("WARC-Target-URI") or "")
    if not urls.is_absolute(target):
        return None
    there = index.get(urls.host(target) or "", ())
    return next((site for site in there if site.article_url(target)), None)


def _read(found: Found, site: Site, done: Done, output: _Output, now: datetime) -> None:
    record, offset = found.record, found.offset
    head = record.rec_headers
    target, stamp = original_address(head.get_header("WARC-Target-URI") or "")
    url = site.article_url(target) or target
    at = stamp or instant(head.get_header("WARC-Date"))
    if at is None or not datetime(1991, 1, 1, tzinfo=UTC) <= at <= now:
        done.fail(offset, url, "the time of its capture is missing or cannot be true")
        return
    part = only_a_part(record)
    if part:
        done.fail(offset, url, part)
        return
    place = Place(task_file(output.task), offset, invented.in_headers(head.headers))
    capture = None
    try:
        capture = _capture(record, found.block or b"", url, at, done)
        if capture is None:
            return
        if invented.in_headers(capture.headers):
            place = Place(place.warc, offset, is_invented=True)
        with _limited():
            article = extract(capture, site)
            rows = rows_of(article, capture, place)
            page = Page(place, capture, article, rows, breaks_off(capture))
        for whole in output.broken.whole(site.key, page):
            done.pages += 1
            output.add(site.key, year_of(whole.article, whole.capture), whole.rows)
    except (Unreadable, ParseError, MemoryError) as error:
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        if capture is None:
            done.fail(offset, url, reason)
        else:
            _fail(capture, place, site.key, reason, done, output)


def _fail(
    capture: Capture, place: Place, site: str, reason: str, done: Done, output: _Output
) -> None:
    """Count a page that is none, and list its capture."""
    done.fail(place.offset, capture.url, reason)
    row = capture_row(capture.url, capture, place, reason)
    output.add(site, capture.fetched_at.year, {"captures": [row]})


def task_file(task: Task) -> str:
    """The name of the file that a task reads, without what may be private in its address."""
    return task.source.partition("?")[0]


def _capture(record: Any, block: bytes, url: str, at: datetime, done: Done) -> Capture | None:
    if len(block) > MAX_BYTES:
        raise Unreadable(f"it has more than {MAX_BYTES:,} bytes")
    if record.length is not None and len(block) < record.length:
        raise Unreadable(ENDS_WITHIN)
    if record.rec_type == "resource":
        kind = record.content_type or "text/html"
        if not is_html(kind):
            done.skip(Reason.NOT_HTML)
            return None
        return Capture(url, block, at, 200, (("content-type", kind),))
    response = read_response(block)
    kind = dict(reversed(response.headers)).get("content-type")
    if response.status != 200 or not is_html(kind):
        done.skip(Reason.NOT_OK if response.status != 200 else Reason.NOT_HTML)
        return None
    return Capture(url, response.body, at, response.status, response.headers)


@contextmanager
def _limited() -> Iterator[None]:
    """Within it, the system ends this process after `PAGE_SECONDS`, whatever hangs."""
    if not hasattr(signal, "alarm"):
        yield
        return
    before = signal.alarm(PAGE_SECONDS)
    try:
        yield
    finally:
        signal.alarm(before)


class _Output:
    """The Parquet files of a task; what waits to be written is in memory, within bounds."""

    def __init__(self, target: str, task: Task, done: Done) -> None:
        self.task = task
        self.broken = BrokenPages()
        self._target = target
        self._key = key_of(task)
        self._done = done
        self._waiting: dict[tuple[str, str, int], list[Row]] = {}
        self._chars = 0
        self._number = 0

    def add(self, site: str, year: int, rows: dict[str, list[Row]]) -> None:
        """Take rows by table, for the folders of a site and a year."""
        for table, some in rows.items():
            if some:
                self._waiting.setdefault((table, site, year), []).extend(some)
                self._done.rows[table] = self._done.rows.get(table, 0) + len(some)
                self._chars += sum(len(v) for row in some for v in row if isinstance(v, str))
        if self._chars >= BUFFERED_CHARS:
            self.close()

    def close(self) -> None:
        """Write what waits."""
        for (table, site, year), rows in sorted(self._waiting.items()):
            sink = io.BytesIO()
            write_parquet(sink, TABLES[table], rows)
            folder = f"{table}/site={site}/year={year:04}"
            name = f"{folder}/{self._key}-{self._number}.parquet"
            places.write(places.join(self._target, *name.split("/")), sink.getvalue())
            self._done.files.append(name)
        self._waiting.clear()
        self._chars = 0
        self._number += 1
