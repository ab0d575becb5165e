"""A process that has crawled once, and forks others from it: they need not load anything again.

The process of the tests has threads, which a fork must not copy, and the one that
`multiprocessing` forks from is shared with the workers of other tests, which preload less.
"""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from tests.support.replica import crawl


class Forking:
    """Asks that process to run functions in others, one at a time."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def run(
        self, target: Callable[..., object], *args: object, seconds: float | None = None, **options
    ) -> int:
        """The exit code of a process that runs a function, and is killed after so long."""
        self._pipe.send((target, args, options, seconds))
        return self._pipe.recv()


@contextmanager
def forking() -> Iterator[Forking]:
    """Start the process; it ends with the block."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,))
    process.start()
    theirs.close()
    try:
        yield Forking(ours)
    finally:
        ours.close()
        process.join()
        process.close()


def _serve(pipe: Connection) -> None:
    _warm()
    fork = multiprocessing.get_context("fork")
    while True:
        try:
            target, args, options, seconds = pipe.recv()
        except EOFError:
            return
        process = fork.Process(target=target, args=args, kwargs=options)
        process.start()
        process.join(seconds)
        if process.is_alive():
            process.kill()
        process.join()
        pipe.send(process.exitcode)
        process.close()


def _warm() -> None:
    with (
        tempfile.TemporaryDirectory() as directory,
        ReplicaServer(Newsroom(3), navigation_bytes=200) as server,
    ):
        crawl(Path(directory), server.base_url, here=True)
