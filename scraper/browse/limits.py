"""What a request may cost: seconds, threads, and an end when its visitor has gone."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from scraper.archive import Archive
from scraper.errors import NewsroomError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable, Iterator, MutableMapping

    Message = MutableMapping[str, Any]
    Send = Callable[[Message], Awaitable[None]]
    Receive = Callable[[], Awaitable[Message]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

SECONDS = 10.0
"""That a request may take, its waiting for others included."""
THREADS = 8
LANES = {"search": 3, "data": 3}
"""Threads that requests of a kind may use at once; the rest is left for all other pages."""

_SEARCHES = frozenset(
    {
        "/search",
        "/search.csv",
        "/search.xlsx",
        "/search.atom",
        "/changes.atom",
        "/compare",
        "/compare.csv",
    }
)
_INSTRUCTIONS = 5_000  # of SQLite's machine, between two looks at the clock: about a millisecond
_FOREIGN = ("sql", "_where")
_here = threading.local()


class LimitError(NewsroomError):
    """A request took too long, or had to wait too long for others."""


class Work:
    """What one request may still do.

    Attributes:
        kind: a key of `LANES`, or `page`.
        foreign: SQL that the visitor has written.
    """

    def __init__(
        self,
        kind: str,
        *,
        seconds: float,
        is_stream: bool = False,
        foreign: tuple[str, ...] = (),
    ) -> None:
        self.kind = kind
        self.foreign = foreign
        self._seconds = seconds
        self._is_stream = is_stream
        self._deadline = time.monotonic() + seconds
        self._is_wanted = True
        self._lock = threading.Lock()
        self._connections: set[sqlite3.Connection] = set()

    @property
    def left(self) -> float:
        """Seconds left; for a file that is sent piece by piece, of the next piece."""
        if self._is_stream:
            self._deadline = time.monotonic() + self._seconds
        return max(0.0, self._deadline - time.monotonic())

    def is_over(self) -> bool:
        """Whether the request must end: its time is up, or nobody waits for it."""
        return not self._is_wanted or time.monotonic() > self._deadline

    def check(self) -> None:
        """End here if the request must.

        Raises:
            LimitError: it must.
        """
        if self.is_over():
            raise LimitError(
                f"The page took longer than {self._seconds:g} s and was given up. Look for fewer "
                "or rarer words, or narrow it down; if others are busy here, try again later."
            )

    def end(self) -> None:
        """Nobody waits for the answer any more: what SQLite is doing for it ends now."""
        self._is_wanted = False
        with self._lock:
            for connection in self._connections:
                connection.interrupt()

    @contextmanager
    def on(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Within it, SQLite works for this request only.

        Raises:
            LimitError: it must end, or had to.
        """
        self.check()
        with self._lock:
            self._connections.add(connection)
        connection.set_progress_handler(self.is_over, _INSTRUCTIONS)
        _here.work = self
        try:
            yield
        except Exception:
            self.check()
            raise
        finally:
            _here.work = None
            connection.set_progress_handler(None, 0)
            with self._lock:
                self._connections.discard(connection)

    def pause(self, seconds: float) -> None:
        """Give back the time that was spent for all requests together."""
        self._deadline += seconds


current: ContextVar[Work | None] = ContextVar("current", default=None)
"""The request that is being answered; None outside of requests."""


class LimitedArchive(Archive):
    """An archive that looks at the clock before each query, too."""

    def rows(
        self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()
    ) -> list[dict[str, Any]]:
        """The rows of a query, as dictionaries."""
        work: Work | None = getattr(_here, "work", None)
        if work is not None:
            work.check()
        return super().rows(sql, parameters)


@contextmanager
def for_everybody(connection: sqlite3.Connection) -> Iterator[None]:
    """Within it, what is read serves all requests: the clock of the present one stands still."""
    work: Work | None = getattr(_here, "work", None)
    if work is None:
        yield
        return
    begin = time.monotonic()
    connection.set_progress_handler(None, 0)
    _here.work = None
    try:
        yield
    finally:
        work.pause(time.monotonic() - begin)
        _here.work = work
        connection.set_progress_handler(work.is_over, _INSTRUCTIONS)


def limited(app: App, database: str) -> App:
    """The application with limits for each request, which may only read.

    Args:
        app: the application.
        database: name of the database in addresses.
    """

    async def wrapped(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        work = _work(scope, database)
        current.set(work)
        watcher = asyncio.create_task(_watch(receive, work))
        try:
            await app(scope, _nothing_more(watcher), send)
        finally:
            watcher.cancel()
            work.end()

    return wrapped


def _work(scope: Message, database: str) -> Work:
    path = scope["path"]
    kind = "page"
    if path in _SEARCHES:
        kind = "search"
    elif path == f"/{database}" or path.startswith((f"/{database}/", f"/{database}.")):
        kind = "data"
    given = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    texts = (text.strip().rstrip("; \t\r\n") for name in _FOREIGN for text in given.get(name, ()))
    return Work(
        kind,
        seconds=SECONDS,
        is_stream=path.endswith((".csv", ".xlsx")),
        foreign=tuple(filter(None, texts)),
    )


async def _watch(receive: Receive, work: Work) -> None:
    """Read what the visitor still sends, until he goes."""
    while (await receive())["type"] != "http.disconnect":
        pass
    work.end()


def _nothing_more(watcher: asyncio.Task[None]) -> Receive:
    """What the application receives: a request without a body, then the visitor's going."""
    is_first = True

    async def receive() -> Message:
        nonlocal is_first
        if is_first:
            is_first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.wait([watcher])
        return {"type": "http.disconnect"}

    return receive
