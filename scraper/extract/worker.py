"""Reading pages: in this process, or in one beside it that reads while this one does other things.

Reading is a pure function of a capture, and a third of the work that a page makes. The other
process starts in the time that some thirty pages take; a run does not wait for it.
"""

from __future__ import annotations

import dataclasses
import os
import pickle
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Self

from scraper.errors import ParseError
from scraper.extract.extract import extract
from scraper.records import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.records import Capture
    from scraper.sites import Site

READY_AFTER = 30
"""So many pages are read before the other process is relied on: by then it has started."""

Reading = Callable[[], Article]
"""Waits until a page is read; raises what `extract` raises."""

_BUFFER_BYTES = 1 << 20  # two pages
_PATIENCE_SECONDS = 5.0  # for a page that nobody waits for any more
_ENDED = (OSError, EOFError, pickle.UnpicklingError)
"""What reading from the other side raises when that has ended, perhaps within a page."""

_SIGNALS = {signal.SIGINT, signal.SIGTERM}
_CODE = "import sys; sys.path[:] = {path!r}; from scraper.extract.worker import serve; serve({fd})"


class Reader:
    """Reads the pages of one run. Use as a context manager.

    Args:
        site: whose pages.
        beside: whether to use a second process.
    """

    def __init__(self, site: Site, *, beside: bool) -> None:
        self._site = site
        self._beside = beside and os.name == "posix"
        self._pages = 0
        self._worker: _Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._worker is not None:
            self._worker.close()

    @property
    def is_beside(self) -> bool:
        """Whether pages are read while this process does other things."""
        return self._worker is not None and self._pages > READY_AFTER

    def begin(self, capture: Capture) -> Reading:
        """Begin to read a page. What is begun is waited for in the same order."""
        here = partial(extract, capture, self._site)
        self._pages += 1
        if self._beside and self._worker is None:
            self._worker = self._started()
        worker = self._worker
        if worker is None or not self.is_beside:
            return here
        if self._pages == READY_AFTER + 1 and not worker.is_ready():
            self._give_up()
            return here
        try:
            worker.send(capture)
        except OSError:  # it has ended; over which page is seen by whoever waits for that
            return here
        return partial(self._wait, worker, capture.url, here)

    def _started(self) -> _Worker | None:
        try:
            return _Worker(self._site)
        except OSError:  # no more processes, no memory
            self._give_up()
            return None

    def _give_up(self) -> None:
        """Read all pages in this process from now on."""
        if self._worker is not None:
            self._worker.close()
        self._worker, self._beside = None, False

    def _wait(self, worker: _Worker, url: str, here: Reading) -> Article:
        if worker is not self._worker:
            return here()  # it crashed over another page
        try:
            article = worker.receive()
        except _ENDED as error:
            self._worker, self._pages = None, 0
            reason = f"the process that was to read it has ended (code {worker.close()})"
            raise ParseError(url, reason) from error
        # What went wrong there is seen when it goes wrong here, too.
        return here() if article is None else article


class _Worker:
    """The other process. It ends when its input does, so also when this one is killed.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, site: Site) -> None:
        # Not `multiprocessing`: its children load the whole command, and outlive a killed parent.
        # To send a page through pipes takes three times as long as through sockets.
        self._socket, its = socket.socketpair()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
        self._input, self._output = self._socket.makefile("wb"), self._socket.makefile("rb")
        try:
            with its, _no_signals():
                self._process = subprocess.Popen(  # noqa: S603 - our own code
                    [sys.executable, "-c", _CODE.format(path=sys.path, fd=its.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=[its.fileno()],
                )
        except OSError:
            self._hang_up()
            raise
        with suppress(OSError):  # one that ends at once is found to be so by `is_ready`
            self.send(dataclasses.replace(site))  # what it has computed for itself stays here

    def is_ready(self) -> bool:
        """Wait for its sign that it has started; False if it never will."""
        try:
            self.receive()
        except _ENDED:
            return False
        return True

    def send(self, value: Any) -> None:
        """Hand over a page; returns as soon as there is room for it.

        Raises:
            OSError: it has ended.
        """
        pickle.dump(value, self._input, pickle.HIGHEST_PROTOCOL)
        self._input.flush()

    def receive(self) -> Article | None:
        """The next article in order; None if that page could not be read."""
        found: Article | None = pickle.load(self._output)  # noqa: S301 - our own
        return found

    def close(self) -> int:
        """End it; returns its exit code, or minus the number of the signal that had ended it."""
        self._hang_up()
        try:
            return self._process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # nothing waits for room any more
        for stream in (self._input, self._output, self._socket):
            with suppress(OSError):  # what was not written yet is of no use
                stream.close()


@contextmanager
def _no_signals() -> Iterator[None]:
    """Children that are started within it do not hear of these signals: the run ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve(descriptor: int) -> None:
    """What the other process does: read a site and then captures, write an article for each.

    Args:
        descriptor: of the socket to the run.
    """
    other = socket.socket(fileno=descriptor)
    source, output = other.makefile("rb"), other.makefile("wb")
    captures: queue.SimpleQueue[Any] = queue.SimpleQueue()
    # Read on while an answer waits to be taken: else both ends could wait for each other.
    threading.Thread(target=_listen, args=(source, captures), daemon=True).start()
    site, found = captures.get(), None
    if site is None:
        return
    with suppress(OSError):  # nobody listens any more
        while True:
            pickle.dump(found, output, pickle.HIGHEST_PROTOCOL)  # the first says: here I am
            output.flush()
            capture = captures.get()
            if capture is None:
                return
            try:
                found = extract(capture, site)
            except Exception:  # noqa: BLE001 - it is raised again where it can be told
                found = None


def _listen(source: IO[bytes], found: queue.SimpleQueue[Any]) -> None:
    with suppress(*_ENDED):
        try:
            while True:
                found.put(pickle.load(source))  # noqa: S301 - our own
        finally:
            found.put(None)
