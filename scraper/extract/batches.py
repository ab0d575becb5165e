"""Many small tasks in their order, side by side, and in batches where the way to a worker is long.

On a cluster a task alone takes longer to travel than to run. There, tasks go in batches, which a
worker hands back when they have taken a while or their results are large. If a worker dies over a
batch, its tasks are run one by one with nothing beside them, so the one that did it costs itself
alone.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from scraper.errors import Interrupted
from scraper.extract.workers import LOOK_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from scraper.extract.workers import Workers

_T = TypeVar("_T")

BATCH_SECONDS = 0.5
"""When a batch has taken so long, the worker hands back what it has done."""
BATCH_BYTES = 2 << 20
"""When its results have so many bytes together, as well."""
_AHEAD = 2  # batches for each worker: one that runs, one that waits


def in_order(
    executor: Workers,
    tasks: Iterable[Callable[[], _T]],
    stop: Callable[[], bool],
    suspects: Collection[int] = (),
) -> Iterator[Future[_T]]:
    """Run tasks side by side; their futures come back done, and in the order of the tasks.

    Tasks are taken a few batches ahead of the results, so memory does not grow with their number.

    Args:
        executor: where they run. Its `batch` says how many tasks travel together, one if it has
            none; its `ahead` how many batches are under way for each process, two if it has none.
        tasks: picklable callables without arguments.
        stop: says whether the run is to end.
        suspects: numbers, from 0, of tasks that may end a worker. In batches, they go alone.

    Raises:
        Interrupted: the run is to end; what was under way was given up.
    """
    row: _Row[_T] = _Row(executor, iter(tasks), stop, suspects)
    try:
        while row.fill():
            for future in row.next():
                if stop():
                    raise Interrupted
                yield future
    finally:
        row.give_up()


@dataclass
class _Batch(Generic[_T]):
    tasks: Sequence[Callable[[], _T]]
    future: Future[Any] | None = None
    """None before it runs, if it is to run alone."""
    done: list[Future[_T]] | None = None
    """The outcomes, as soon as they are there."""


class _Row(Generic[_T]):
    """The batches under way, in the order of their tasks."""

    def __init__(
        self,
        executor: Workers,
        coming: Iterator[Callable[[], _T]],
        stop: Callable[[], bool],
        suspects: Collection[int],
    ) -> None:
        self._executor = executor
        self._coming = enumerate(coming)
        self._stop = stop
        self._most = getattr(executor, "batch", 1)
        self._ahead = getattr(executor, "ahead", _AHEAD)
        self._suspects = suspects if self._most > 1 else ()
        self._row: deque[_Batch[_T]] = deque()

    def fill(self) -> bool:
        """Have as many batches under way as there may be; whether there are any."""
        free = self._ahead * self._executor.processes - len(self._row)
        while free > 0 and (taken := list(islice(self._coming, self._most))):
            batches = self._batches(taken)
            self._row.extend(batches)
            free -= len(batches)
        return bool(self._row)

    def next(self) -> Iterator[Future[_T]]:
        """The outcomes of the first batch."""
        first = self._row[0]
        while first.done is None and first.future is not None:
            self._wait()
        self._row.popleft()
        if first.done is not None:
            yield from first.done
            return
        while self._running():
            self._wait()
        for task in first.tasks:
            yield self._alone(task)

    def give_up(self) -> None:
        """Cancel what is under way."""
        for batch in self._row:
            if batch.future is not None:
                batch.future.cancel()

    def _batches(self, taken: list[tuple[int, Callable[[], _T]]]) -> list[_Batch[_T]]:
        """Tasks as batches under way; those under suspicion by themselves, for later."""
        batches: list[_Batch[_T]] = []
        others: list[Callable[[], _T]] = []
        for number, task in taken:
            if number not in self._suspects:
                others.append(task)
                continue
            if others:
                batches.append(self._started(others))
            batches.append(_Batch([task]))
            others = []
        if others:
            batches.append(self._started(others))
        return batches

    def _started(self, tasks: Sequence[Callable[[], _T]]) -> _Batch[_T]:
        work = tasks[0] if self._most == 1 else _Work(tuple(tasks))
        return _Batch(tasks, self._executor.submit(work))

    def _running(self) -> list[Future[Any]]:
        return [each.future for each in self._row if each.future and each.done is None]

    def _wait(self) -> None:
        """Wait until a batch is done, but not for long, and take what is done."""
        finished, _ = wait(self._running(), timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
        if self._stop():
            raise Interrupted
        row, self._row = self._row, deque()
        for batch in row:
            self._row.append(batch)
            if batch.future in finished and batch.done is None:
                self._row.extend(self._taken(batch, batch.future))

    def _taken(self, batch: _Batch[_T], future: Future[Any]) -> list[_Batch[_T]]:
        """Take the outcomes of a batch that has ended; start what it has not come to."""
        error = future.exception()
        if self._most == 1 or isinstance(error, Interrupted):
            batch.done = [future]
            return []
        if error is not None:  # one of its tasks has done it, or one of those beside it
            batch.future = None
            return []
        batch.done = [_outcome(each) for each in future.result()]
        count = len(batch.done)
        rest = batch.tasks[count:]
        return [self._started(rest[n : n + count]) for n in range(0, len(rest), count)]

    def _alone(self, task: Callable[[], _T]) -> Future[_T]:
        future = self._executor.submit(task)
        while not wait([future], timeout=LOOK_SECONDS).done:
            if self._stop():
                future.cancel()
                raise Interrupted
        return future


def _outcome(data: bytes) -> Future[Any]:
    future: Future[Any] = Future()
    is_result, value = pickle.loads(data)  # noqa: S301 - by `_Work`, in a worker of ours
    if is_result:
        future.set_result(value)
    else:
        future.set_exception(value)
    return future


# --- in the worker -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Work:
    """What runs the tasks of a batch."""

    tasks: tuple[Callable[[], Any], ...]

    def __call__(self) -> list[bytes]:
        """The outcomes of the first tasks, at least of one: whether it is a result, and what."""
        began = time.monotonic()
        outcomes: list[bytes] = []
        size = 0
        for task in self.tasks:
            try:
                outcome = True, task()
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001 - raised where the result is asked for
                outcome = False, error
            outcomes.append(pickle.dumps(outcome))
            size += len(outcomes[-1])
            if size >= BATCH_BYTES or time.monotonic() - began >= BATCH_SECONDS:
                break
        return outcomes
