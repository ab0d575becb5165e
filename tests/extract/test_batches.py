"""Tasks in batches, as on a cluster: the same results in the same order, whatever one does."""

from __future__ import annotations

import itertools
import os
import signal
import time
from concurrent.futures import Future
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import Interrupted
from scraper.extract import batches
from scraper.extract.batches import in_order
from scraper.extract.cluster import ClusterGone
from scraper.extract.workers import BudgetExceeded
from tests.support.replica import reading


class Far:
    """Workers that are reached as those of a cluster are; it counts what is sent to them."""

    processes, ahead, batch = 2, 2, 4

    def __init__(self, workers):
        self._workers = workers
        self.sent = []
        self.most_under_way = 0
        self._under_way = 0

    def submit(self, work, /):
        tasks = getattr(work, "tasks", (work,))
        self.sent.append(len(tasks))
        self._under_way += 1
        self.most_under_way = max(self.most_under_way, self._under_way)
        future = self._workers.submit(work)
        future.add_done_callback(self._ended)
        return future

    def _ended(self, _future):
        self._under_way -= 1


@pytest.fixture
def far():
    with reading() as shared:
        yield Far(shared)


def results(far, tasks, **more):
    """Results, and errors as such, in their order."""
    return [
        future.exception() or future.result()
        for future in in_order(far, tasks, lambda: False, **more)
    ]


def double(number):
    """What most tasks do."""
    return 2 * number


def odd_fails(number):
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number


def deadly(number, victim):
    """A task that ends its worker if it is the one."""
    if number == victim:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_results_come_in_the_order_of_the_tasks(far):
    assert results(far, (partial(double, n) for n in range(30))) == [2 * n for n in range(30)]
    assert far.sent == [4] * 7 + [2]
    assert far.most_under_way <= far.processes * far.ahead


class Whimsical:
    """Workers that hand back what they like, and die of some tasks."""

    def __init__(self, processes, batch, kept):
        self.processes, self.batch, self.ahead = processes, batch, 2
        self._kept = itertools.cycle(kept)

    def submit(self, work, /):
        future = Future()
        try:
            done = work()
            future.set_result(done[: next(self._kept)] if isinstance(done, list) else done)
        except Died as error:
            future.set_exception(BudgetExceeded(str(error)))
        except ValueError as error:
            future.set_exception(error)
        return future


class Died(BaseException):
    """What ends a worker."""


def acts(number, kind):
    if kind == "deadly":
        raise Died("it ended its worker")
    if kind == "fails":
        raise ValueError(number)
    return number


@given(
    kinds=st.lists(st.sampled_from(["works"] * 6 + ["fails", "deadly"]), max_size=40),
    processes=st.integers(1, 3),
    batch=st.integers(1, 9),
    kept=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    suspects=st.sets(st.integers(0, 40)),
)
def test_whatever_workers_do_each_task_has_its_own_outcome(kinds, processes, batch, kept, suspects):
    workers = Whimsical(processes, batch, kept)
    tasks = (partial(acts, number, kind) for number, kind in enumerate(kinds))
    found = list(in_order(workers, tasks, lambda: False, suspects))
    assert len(found) == len(kinds)
    for number, (kind, future) in enumerate(zip(kinds, found, strict=True)):
        expected = {"works": type(None), "fails": ValueError, "deadly": BudgetExceeded}[kind]
        assert type(future.exception()) is expected
        if kind == "works":
            assert future.result() == number
        elif kind == "fails":
            assert future.exception().args == (number,)


def test_no_tasks_no_results(far):
    assert results(far, []) == []


def test_a_task_that_fails_costs_itself(far):
    found = results(far, [partial(odd_fails, n) for n in range(6)])
    assert [str(each) for each in found] == ["0", "1 is odd", "2", "3 is odd", "4", "5 is odd"]
    assert far.sent == [4, 2]


def test_a_task_that_ends_its_worker_costs_itself_alone(far):
    found = results(far, [partial(deadly, n, 5) for n in range(12)])
    assert isinstance(found[5], BudgetExceeded)
    assert "SIGKILL" in str(found[5])
    assert found[:5] + found[6:] == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]
    # The batch of the one, task by task; the others once.
    assert sorted(far.sent) == [1, 1, 1, 1, 4, 4, 4]


def test_one_that_is_known_goes_alone(far):
    found = results(far, [partial(deadly, n, 1) for n in range(6)], suspects={1})
    assert isinstance(found[1], BudgetExceeded)
    assert [*found[:1], *found[2:]] == [0, 2, 3, 4, 5]
    assert sorted(far.sent) == [1, 1, 2, 2]


def test_nothing_runs_beside_one_that_is_suspected(far):
    beside = []
    tasks = [partial(deadly, n, 2) for n in range(40)]
    send = far.submit

    def submit(work, /):
        if not hasattr(work, "tasks"):
            beside.append(far._under_way)
        return send(work)

    far.submit = submit
    assert len(results(far, tasks)) == 40
    assert beside == [0, 0, 0, 0]


def test_slow_tasks_are_shared_out(far):
    """What is left of a batch that took too long is cut into pieces of the size that was done."""
    found = results(Slow(far), [partial(double, n) for n in range(9)])
    assert found == [2 * n for n in range(9)]
    assert far.sent == [9, 2, 2, 2, 1]


class Slow(Far):
    """Workers that hand a batch back after two tasks."""

    batch = 1_000

    def __init__(self, far):
        self._far = far

    def submit(self, work, /):
        short = Future()
        short.set_result(self._far.submit(work).result()[:2])
        return short


@pytest.mark.parametrize(
    ("limit", "value"), [("BATCH_SECONDS", 0.0), ("BATCH_BYTES", 1)], ids=["time", "size"]
)
def test_a_worker_hands_back_what_is_long_or_large(limit, value, monkeypatch):
    monkeypatch.setattr(batches, limit, value)
    work = batches._Work(tuple(partial(double, n) for n in range(5)))
    assert [batches._outcome(each).result() for each in work()] == [0]


def test_memory_that_is_missing_is_not_the_fault_of_all():
    with pytest.raises(MemoryError):
        batches._Work((partial(double, 1), partial(bytes, 1 << 62)))()


def test_a_cluster_that_is_gone_ends_the_run(far):
    tasks = [partial(double, n) for n in range(20)]
    send, gone = far.submit, ClusterGone("it is gone")

    def submit(work, /):
        future = send(work)
        if len(far.sent) == 2:
            future = Future()
            future.set_exception(gone)
        return future

    far.submit = submit
    found = []
    with pytest.raises(ClusterGone):
        found.extend(future.result() for future in in_order(far, tasks, lambda: False))
    assert found == [0, 2, 4, 6]


def test_it_ends_when_the_run_does(far):
    done = []
    row = in_order(far, (partial(double, n) for n in range(99)), lambda: len(done) > 5)
    with pytest.raises(Interrupted):
        done.extend(future.result() for future in row)
    assert done == [0, 2, 4, 6, 8, 10]


def test_it_ends_while_a_task_hangs():
    stop = []
    with reading() as shared:
        far = Far(shared)
        row = in_order(far, [partial(time.sleep, 1_000)], lambda: bool(stop) or stop.append(1))
        with pytest.raises(Interrupted):
            next(row)
