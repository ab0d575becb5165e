"""Worker processes that run functions on somebody else's bytes, with a budget of time and memory.

A page can make a parser loop, take all memory, or crash. In a worker that costs the page: the
worker is ended and replaced, the caller gets `BudgetExceeded`, and the run goes on.
`WorkerProcesses` is a `concurrent.futures.Executor`, so the tasks do not know whether they run here
or on a cluster.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
from concurrent.futures import CancelledError, Executor, Future, InvalidStateError, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pebble import ProcessExpired, ProcessPool

from scraper.errors import Interrupted, raise_if_no_handles, refuse_too_few_handles

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import BaseContext

_T = TypeVar("_T")

PRELOADED = ("scraper.extract.quiet", "scraper.extract.reading", "scraper.quotes")
"""What every worker knows from its start."""
LOOK_SECONDS = 0.1
"""How often a caller that waits looks whether the run is to end."""
_preloaded = list(PRELOADED)
_ALONE_SECONDS = 5  # after which a worker whose parent does not end it ends itself


class BudgetExceeded(Exception):
    """A task took more than it may, or ended its process; the message is the reason."""


_LEAST_HANDLES = 12
"""Files, pipes and connections that reading pages takes at least, beside those open already."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What one task may take."""

    seconds: float = 30.0
    memory_bytes: int = 1 << 30
    """Address space beside what the worker itself takes."""

    def __str__(self) -> str:
        return f"{self.seconds:g} s, {self.memory_bytes >> 20:,} MiB"


class Workers(Protocol):
    """Runs tasks as an `Executor` does, here or elsewhere, and says how many at once."""

    @property
    def processes(self) -> int:
        """How many tasks run at once."""

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:
        """Run a task; its future raises `BudgetExceeded` if it takes too much."""


class WorkerProcesses(Executor):
    """Runs functions in processes that may be ended at any moment. Use as a context manager.

    The processes start with the first task. What is submitted must be picklable, and so must what
    the function returns or raises.

    Args:
        processes: how many at once.
        budget: for each task.

    Raises:
        NoFileHandles: the system lets this process open hardly any more files. Whoever begins to
            read pages then would wait for connections that nobody can accept.
    """

    def __init__(self, processes: int = 1, budget: Budget | None = None) -> None:
        refuse_too_few_handles(_LEAST_HANDLES)
        self._processes = processes
        self._budget = budget or Budget()
        self._lock = Lock()
        self._pool: ProcessPool | None = None

    @property
    def processes(self) -> int:
        """How many tasks run at once."""
        return self._processes

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:
        """Run a function in a worker.

        The future raises what the function raises, or `BudgetExceeded`. Cancelling it ends the
        worker, also in the middle of the task.
        """
        task = _Task((fn, args, kwargs), self._budget, self._schedule)
        self._schedule(task)
        return task

    def _schedule(self, task: _Task) -> None:
        with self._lock:
            for is_last in (False, True):
                try:
                    task.follow(
                        self._started().schedule(
                            _within,
                            (self._budget.seconds, *task.work),
                            timeout=self._budget.seconds,
                        )
                    )
                except (RuntimeError, BrokenProcessPool) as error:
                    self._close()  # the pool ended with its last worker
                    if is_last:
                        raise_if_no_handles(error)
                        raise
                except OSError as error:
                    raise_if_no_handles(error)
                    raise
                else:
                    return

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - Executor's
        """End the workers; tasks that run are ended with them."""
        with self._lock:
            self._close()

    def _started(self) -> ProcessPool:
        if self._pool is None:
            self._pool = ProcessPool(
                self._processes,
                initializer=_begin,
                initargs=(self._budget.memory_bytes,),
                context=_context(),
            )
        return self._pool

    def _close(self) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None


class _Task(Future[Any]):
    """The future of a task; it speaks of budgets where the pool speaks of processes."""

    def __init__(
        self,
        work: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]],
        budget: Budget,
        schedule: Callable[[_Task], None],
    ) -> None:
        super().__init__()
        self.work = work
        self._budget = budget
        self._schedule = schedule
        self._inner: Future[Any] | None = None
        self._was_lost = False

    def follow(self, inner: Future[Any]) -> None:
        """Take over the outcome of the pool's own future."""
        self._inner = inner
        inner.add_done_callback(self._finished)

    def cancel(self) -> bool:
        """Give the task up, and end its worker."""
        if self._inner is not None:
            self._inner.cancel()
        return super().cancel()

    def _finished(self, inner: Future[Any]) -> None:
        if self.cancelled():
            return
        try:
            result = inner.result()
        except BrokenProcessPool as error:
            if self._was_lost:
                self._failed(BudgetExceeded(_how_it_ended(error)))
            else:  # a worker ended between two tasks: this one is not to blame
                self._was_lost = True
                Thread(target=self._again, name="again", daemon=True).start()
        except CancelledError:
            self._failed(BudgetExceeded("it was given up"))
        except TimeoutError:
            self._failed(BudgetExceeded(f"it took longer than {self._budget.seconds:g} s to read"))
        except MemoryError:
            memory = f"{self._budget.memory_bytes >> 20:,} MiB"
            self._failed(BudgetExceeded(f"it took more than {memory} of memory to read"))
        except ProcessExpired as error:
            self._failed(BudgetExceeded(_how_it_ended(error)))
        except BaseException as error:  # noqa: BLE001 - raised where the result is asked for
            self._failed(error)
        else:
            with suppress(InvalidStateError):  # cancelled just now
                self.set_result(result)

    def _again(self) -> None:
        try:
            self._schedule(self)
        except (RuntimeError, OSError) as error:
            self._failed(BudgetExceeded(f"no process can be started to read it ({error})"))

    def _failed(self, error: BaseException) -> None:
        with suppress(InvalidStateError):
            self.set_exception(error)


def _how_it_ended(error: Exception) -> str:
    code = getattr(error, "exitcode", None)
    if isinstance(code, int) and code < 0:
        with suppress(ValueError):
            return f"the process that read it was ended by {signal.Signals(-code).name}"
    return "the process that read it has ended" + (f" with code {code}" if code else "")


def outcome(future: Future[_T], stop: Callable[[], bool]) -> _T:
    """Wait for a task.

    Args:
        future: of the task.
        stop: says whether the run is to end; asked ten times a second.

    Raises:
        Interrupted: the run is to end; the task was given up.
    """
    while not stop() and not wait([future], timeout=LOOK_SECONDS).done:
        pass
    if not future.done():
        future.cancel()
        raise Interrupted
    return future.result()


def preload(*modules: str) -> None:
    """Have all workers know these modules from their start; call it before the first one starts.

    Else each of them would import what a task needs when it gets the task.
    """
    _preloaded.extend(name for name in modules if name not in _preloaded)


# --- in the worker -------------------------------------------------------------------------------


def _context() -> BaseContext:
    """Workers come from a server process that has loaded what they need, and nothing else.

    A forked worker would share this process's database connection and locks held by its threads.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_preloaded)
    return context


def _begin(memory_bytes: int) -> None:
    """What a worker does first: limit its memory, and leave signals to their defaults."""
    if os.name != "posix":
        return
    import resource  # only POSIX has it

    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # ends it even while a library is at work
    limit = _address_space() + memory_bytes
    with suppress(ValueError, OSError):  # a lower limit is in force already
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    """Bytes of address space that this process takes now; a guess where the system hides it."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - not a file on disk
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 1 << 30


def called(fn: Callable[..., _T], args: Any, kwargs: Any) -> _T:
    """Call a task; that something did not answer it in time must not look like its own lateness."""
    try:
        return fn(*args, **kwargs)
    except TimeoutError as error:
        raise OSError(f"no answer came in time ({str(error) or type(error).__name__})") from error


def _within(seconds: float, fn: Callable[..., _T], args: Any, kwargs: Any) -> _T:
    """Run a task; the system ends this process if nobody else does in time."""
    if not hasattr(signal, "alarm"):
        return called(fn, args, kwargs)
    signal.alarm(math.ceil(seconds) + _ALONE_SECONDS)
    try:
        return called(fn, args, kwargs)
    finally:
        signal.alarm(0)
