"""Where tasks run: in worker processes of this machine, or on a Dask cluster.

Both are executors with a number of processes, so no task knows which. On a cluster, a task that
takes too long or ends its worker is tried again by Dask, and fails when that happens again.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import math
import os
import time
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import tenacity

from scraper import __version__
from scraper.errors import Interrupted, UsageError
from scraper.extract.workers import Budget, BudgetExceeded, WorkerProcesses, Workers, called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_T = TypeVar("_T")
_PATIENCE = "15s"
_ASK_SECONDS = 1.0


@contextmanager
def workers(
    cluster: str | None, processes: int | None = None, budget: Budget | None = None
) -> Iterator[Workers]:
    """Workers here or on a cluster.

    Args:
        cluster: address of a Dask scheduler, such as `tcp://10.0.0.5:8786`; None for this machine.
        processes: how many tasks at once on this machine; one per processor if None.
        budget: for each task.

    Raises:
        UsageError: nothing answers there, the library is missing, or the workers do not fit.
    """
    budget = budget or Budget()
    if cluster is None:
        with WorkerProcesses(processes or os.cpu_count() or 1, budget) as local:
            yield local
        return
    client = _connected(cluster)
    try:
        yield ClusterWorkers(client, budget)
    finally:
        with suppress(Exception):  # a scheduler that is gone cannot be told that we leave
            client.close(timeout=5)


class ClusterGone(Interrupted):
    """The scheduler does not answer any more, or has given a task up."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


def why_it_ended(error: Interrupted) -> str:
    """Why a run that was interrupted has ended, as reports say it."""
    return error.reason if isinstance(error, ClusterGone) else "it was interrupted"


class ClusterWorkers(Executor):
    """The workers of a Dask cluster.

    Args:
        client: a `distributed.Client`.
        budget: for each task; its memory is limited by Dask's own `--memory-limit`.
    """

    batch = 32
    """Small tasks that travel together: the way there and back takes as long as reading a page."""
    ahead = 3
    """Batches for each worker: one runs, one waits, one is on its way."""

    def __init__(self, client: Any, budget: Budget) -> None:
        self._client = client
        self._budget = budget
        self._executor = client.get_executor(pure=False)
        self._threads = 1
        self._asked_at = -math.inf

    @property
    def processes(self) -> int:
        """Threads of all workers; at least one, as workers may come later. Asked once a second."""
        if time.monotonic() - self._asked_at >= _ASK_SECONDS:
            self._asked_at = time.monotonic()
            try:
                self._threads = max(int(sum(self._client.nthreads().values())), 1)
            except Exception:  # noqa: BLE001 - whatever Dask raises: the run finds out by its tasks
                self._threads = 1
        return self._threads

    def with_budget(self, budget: Budget) -> ClusterWorkers:
        """The same workers, for tasks that may take more or less."""
        return ClusterWorkers(self._client, budget)

    def see(self, path: Path) -> None:
        """Make sure that all workers see a file.

        Raises:
            UsageError: one does not.
        """
        for worker, is_there in _steadily(self._client.run, os.path.exists, str(path)).items():
            if not is_there:
                raise UsageError(
                    f"The worker {worker} does not see {path}. The archive has to lie in storage "
                    "that all workers share, under the same path."
                )

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:
        """Run a task on the cluster; see `Workers`."""
        task: Future[_T] = Future()
        try:
            budget = self._budget.seconds
            inner = self._executor.submit(_within, __version__, budget, fn, args, kwargs)
        except RuntimeError as error:
            task.set_exception(ClusterGone(f"the cluster takes no more tasks ({error})"))
            return task

        def finished(inner: Future[_T]) -> None:
            if task.cancelled():
                return
            with suppress(Exception):  # cancelled just now
                try:
                    task.set_result(inner.result())
                except BaseException as error:  # noqa: BLE001 - raised where the result is wanted
                    task.set_exception(self._told(error))

        inner.add_done_callback(finished)
        return task

    def _told(self, error: BaseException) -> BaseException:
        name = type(error).__name__
        if name == "KilledWorker":
            return BudgetExceeded("the workers that read it were ended")
        if isinstance(error, MemoryError):
            return BudgetExceeded("it took more memory to read than its worker has")
        if isinstance(error, CancelledError | asyncio.CancelledError) or name in _GONE:
            detail = " ".join(str(error).split())[:200] or name
            return ClusterGone(f"the scheduler has ended, or does not answer any more ({detail})")
        return error


_GONE = {"CommClosedError", "FutureCancelledError", "TimeoutError", "ClosedClientError"}


def _connected(address: str) -> Any:
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise UsageError(
            "--cluster needs Dask, which is not installed. Install the extra, here and where the "
            'workers run: `python -m pip install "newsroom-archive[cluster]"`.'
        ) from error
    # What it writes about connections that end would be mixed into the report.
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] == "distributed":  # each has a level of its own
            logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError, ImportError) as error:
        raise UsageError(
            f"No Dask scheduler answers at {address} ({str(error)[:200]}). Start one with `dask "
            "scheduler`, workers with `dask worker ADDRESS --nthreads 1`, and give its address."
        ) from error
    try:
        _check(client, address)
    except BaseException:
        client.close(timeout=5)
        raise
    return client


def _check(client: Any, address: str) -> None:
    """See that workers are there, of this version, with one thread each."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as error:
        raise UsageError(
            f"The scheduler at {address} has no workers. Start some: `dask worker {address} "
            "--nthreads 1 --nworkers 4`."
        ) from error
    for worker, threads in client.nthreads().items():
        if threads != 1:
            raise UsageError(
                f"The worker {worker} runs {threads} tasks at once. It must be one, so that a task "
                "that hangs can be ended: start workers with `--nthreads 1`, and more of them with "
                "`--nworkers`."
            )
    try:
        versions = _steadily(client.run, _version)
    except Exception as error:
        raise UsageError(
            f"The workers at {address} cannot run newsroom-archive ({str(error)[:200]}). Install "
            f"version {__version__} where they run, with the extra `cluster`."
        ) from error
    others = {worker: found for worker, found in versions.items() if found != __version__}
    if others:
        worker, found = next(iter(others.items()))
        raise UsageError(
            f"The worker {worker} has version {found} of newsroom-archive, this machine "
            f"{__version__}. They would read pages differently. Install the same everywhere."
        )


# One that is just being started anew does not answer.
_steadily = tenacity.Retrying(
    stop=tenacity.stop_after_attempt(5),
    wait=tenacity.wait_fixed(1),
    retry=tenacity.retry_if_exception_type(OSError),
    reraise=True,
)


# --- in the worker -------------------------------------------------------------------------------


def _version() -> str:
    return __version__


def _within(version: str, seconds: float, fn: Callable[..., _T], args: Any, kwargs: Any) -> _T:
    """Run a task; a thread of the interpreter's ends this process if it takes too long.

    It does so even while a library holds the interpreter. Dask then starts another process.

    Raises:
        UsageError: this worker has another version than who sends the task; it has come later.
    """
    if version != __version__:
        raise UsageError(
            f"A worker that has joined the cluster has version {__version__} of newsroom-archive, "
            f"not {version}. It would read pages differently. Install the same everywhere."
        )
    with open(os.devnull, "w", encoding="ascii") as nowhere:  # noqa: PTH123 - no file on disk
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            return called(fn, args, kwargs)
        finally:
            faulthandler.cancel_dump_traceback_later()
