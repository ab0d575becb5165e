"""Reading in worker processes: the same results and errors as here, within a budget."""

from __future__ import annotations

import dataclasses
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.errors import BlockPage, Interrupted, OverBudget, ParseError
from scraper.extract.batches import in_order
from scraper.extract.extract import extract
from scraper.extract.reading import PageReader
from scraper.extract.workers import Budget, BudgetExceeded, WorkerProcesses, outcome
from tests.conftest import capture_of
from tests.support.replica import reading

NEWSROOM = Newsroom(4)
PAGES = [
    capture_of(render_article(article, navigation=b"[]"), article.url)
    for article in map(NEWSROOM.article, range(4))
]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def workers():
    """Those that all tests of this process share."""
    with reading() as shared:
        yield shared


@pytest.fixture
def own():
    """A worker of this test's own, with little time and memory."""
    with WorkerProcesses(1, Budget(seconds=0.5, memory_bytes=64 << 20)) as few:
        yield few


@pytest.fixture
def reader(workers, site):
    return PageReader(workers, site)


# --- the same as here ----------------------------------------------------------------------------


def test_pages_are_read_as_they_would_be_here(reader, site):
    assert [reader.article(page) for page in PAGES] == [extract(page, site) for page in PAGES]


def test_the_mirror_of_a_site_is_read_as_such(workers, site):
    mirror = site.mirrored("http://127.0.0.1:8000")
    assert PageReader(workers, mirror).article(PAGES[0]) == extract(PAGES[0], mirror)


def test_a_page_that_cannot_be_read_raises_what_it_would_raise_here(reader):
    with pytest.raises(ParseError, match="could not be parsed") as raised:
        reader.article(capture_of("<p>Kein Artikel", PAGES[0].url))
    assert raised.value.url == PAGES[0].url
    wall = "<title>Just a moment...</title><div id='challenge-running'></div>"
    with pytest.raises(BlockPage, match="Cloudflare") as raised:
        reader.article(capture_of(wall))
    assert "Cloudflare" in raised.value.kind
    assert reader.article(PAGES[1]).title == NEWSROOM.article(1).title


def test_a_bug_looks_like_one(reader):
    with pytest.raises(AttributeError, match="'int' object"):
        reader.article(dataclasses.replace(PAGES[0], body=7))
    assert reader.article(PAGES[0]).title == NEWSROOM.article(0).title


def test_large_pages_and_results_pass(workers):
    body = os.urandom(20_000_000)
    assert workers.submit(bytes.upper, body).result() == body.upper()


def test_results_come_in_the_order_of_the_tasks(workers):
    tasks = (lambda_free(number) for number in range(20))
    found = [future.result() for future in in_order(workers, tasks, lambda: False)]
    assert found == [abs(number) for number in range(20)]


def lambda_free(number):
    from functools import partial

    return partial(abs, -number)


# --- the budget ----------------------------------------------------------------------------------


def test_a_task_that_does_not_end_is_ended(own):
    with pytest.raises(BudgetExceeded, match=r"longer than 0\.5 s"):
        own.submit(time.sleep, 1000).result()
    assert own.submit(abs, -1).result() == 1


def no_answer():
    """What a library raises when a server keeps silent."""
    raise TimeoutError("read timed out")


def test_a_server_that_does_not_answer_is_not_the_budget(own):
    with pytest.raises(OSError, match="no answer came in time") as raised:
        own.submit(no_answer).result()
    assert not isinstance(raised.value, TimeoutError)


def test_a_task_that_takes_all_memory_is_ended(own):
    with pytest.raises(BudgetExceeded, match="more than 64 MiB of memory"):
        own.submit(bytes, 1 << 30).result()
    assert own.submit(abs, -1).result() == 1


@pytest.mark.parametrize(
    ("function", "argument", "reason"),
    [(os._exit, 3, "ended with code 3"), (signal.raise_signal, signal.SIGSEGV, "SIGSEGV")],
)
def test_a_task_that_ends_its_process_costs_itself_alone(own, function, argument, reason):
    with pytest.raises(BudgetExceeded, match=reason):
        own.submit(function, argument).result()
    assert own.submit(abs, -1).result() == 1


def test_a_worker_that_ends_between_two_tasks_costs_none(own):
    pid = own.submit(os.getpid).result()
    os.kill(pid, signal.SIGKILL)
    assert own.submit(abs, -1).result() == 1


def test_a_page_beyond_the_budget_is_a_page_that_failed(site):
    class Tries:
        noted = ()

        def refusal(self, capture):
            return "it was given up" if self.noted else None

        def exceeded(self, capture, reason):
            self.noted += ((capture.url, reason),)

    tries = Tries()
    with WorkerProcesses(1, Budget(memory_bytes=16 << 20)) as few:
        reader = PageReader(few, site, tries=tries)
        page = dataclasses.replace(PAGES[0], body=PAGES[0].body + b"<p>x</p>" * 70_000)
        with pytest.raises(OverBudget) as raised:
            reader.article(page)
        assert (raised.value.url, raised.value.reason) == tries.noted[0]
        with pytest.raises(OverBudget, match="given up"):
            reader.article(page)


# --- the end -------------------------------------------------------------------------------------


def test_waiting_ends_when_the_run_does(own):
    stop = threading.Event()
    future = own.submit(signal.pause)
    threading.Timer(0.05, stop.set).start()
    with pytest.raises(Interrupted):
        outcome(future, stop.is_set)
    assert own.submit(abs, -1).result() == 1


def test_a_row_of_tasks_ends_when_the_run_does(own):
    done = []
    results = in_order(own, (lambda_free(n) for n in range(99)), lambda: len(done) > 2)
    with pytest.raises(Interrupted):
        done.extend(future.result() for future in results)
    assert done == [0, 1, 2]


def test_ctrl_c_is_for_the_run_to_deal_with(own):
    pid = own.submit(os.getpid).result()
    os.kill(pid, signal.SIGINT)
    assert own.submit(os.getpid).result() == pid


def test_nothing_is_left_when_the_run_ends():
    with WorkerProcesses() as few:
        handle = os.pidfd_open(few.submit(os.getpid).result())
    assert ended(handle)


def test_nothing_is_left_when_the_run_is_killed():
    """Not even a worker that is busy: it ends itself a little after its budget."""
    command = [sys.executable, "-c", RUN]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    handles = [os.pidfd_open(int(pid)) for pid in run.stdout.readline().split()]
    run.kill()
    run.wait()
    run.stdout.close()
    assert [ended(handle) for handle in handles] == [True, True]


def ended(handle):
    """Whether a process has ended, or does within some seconds."""
    try:
        return bool(select.select([handle], [], [], 20)[0])
    finally:
        os.close(handle)


RUN = """
import os, signal
from scraper.extract import workers
workers._ALONE_SECONDS = 1
def main():
    few = workers.WorkerProcesses(2, workers.Budget(seconds=1.0))
    idle = few.submit(os.getpid).result()
    busy = few.submit(os.getpid)
    while busy.result() == idle:
        busy = few.submit(os.getpid)
    few.submit(signal.pause)
    print(idle, busy.result(), flush=True)
    signal.pause()
if __name__ == "__main__":
    main()
"""


_IN_NEED = """
import resource
from scraper.errors import NoFileHandles
from scraper.extract.workers import WorkerProcesses
with WorkerProcesses() as workers:
    workers.submit(len, "a").result()  # all is imported
with WorkerProcesses() as workers:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (4, limits[1]))
    try:
        workers.submit(len, "a")
    except NoFileHandles as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("handles", [8, 10, 13])
def test_a_demo_with_too_few_file_handles_ends_with_a_sentence(tmp_path, handles):
    command = [sys.executable, "-m", "scraper", "--data", str(tmp_path), "demo", "--articles", "2"]
    done = subprocess.run(
        ["sh", "-c", f'ulimit -n {handles} && exec "$@"', "sh", *command],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 7
    assert "No more files can be opened (Too many open files)." in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_too_few_file_handles_are_said():
    done = subprocess.run(
        [sys.executable, "-c", _IN_NEED],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("No more files can be opened (Too many open files)."), done.stderr
