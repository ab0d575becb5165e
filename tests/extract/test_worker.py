"""Reading in another process: the same articles and errors, and no harm when it ends."""

from __future__ import annotations

import dataclasses
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.errors import BlockPage, ParseError
from scraper.extract import worker
from scraper.extract.extract import extract
from scraper.extract.worker import Reader
from tests.conftest import capture_of

NEWSROOM = Newsroom(8)
PAGES = [
    capture_of(render_article(article, navigation=b"[]"), article.url)
    for article in map(NEWSROOM.article, range(8))
]


@pytest.fixture
def beside(at_once, site):
    with Reader(site, beside=True) as found:
        yield found


def worker_of(beside):
    """The other process."""
    return beside._worker._process


def test_the_first_pages_do_not_wait_for_it(site, monkeypatch):
    monkeypatch.setattr(worker, "READY_AFTER", 3)
    with Reader(site, beside=True) as found:
        for number, page in enumerate(PAGES, start=1):
            found.begin(page)()
            assert found.is_beside == (number > 3)


def test_where_it_does_not_pay_there_is_none(at_once, site):
    with Reader(site, beside=False) as found:
        assert found.begin(PAGES[0])() == extract(PAGES[0], site)
        assert not found.is_beside


def test_it_reads_what_would_be_read_here(beside, site):
    waiting = [beside.begin(page) for page in PAGES]
    assert [article() for article in waiting] == [extract(page, site) for page in PAGES]
    assert beside.is_beside


def test_the_mirror_of_a_site_is_read_as_such(at_once, site):
    mirror = site.mirrored("http://127.0.0.1:8000")
    with Reader(mirror, beside=True) as found:
        assert found.begin(PAGES[0])() == extract(PAGES[0], mirror)


def test_a_page_that_cannot_be_read_raises_what_it_would_raise_here(beside):
    bad = beside.begin(capture_of("<p>Kein Artikel"))
    blocked = beside.begin(
        capture_of("<title>Just a moment...</title><div id='challenge-running'></div>")
    )
    good = beside.begin(PAGES[1])
    with pytest.raises(ParseError, match="could not be parsed"):
        bad()
    with pytest.raises(BlockPage, match="Cloudflare"):
        blocked()
    assert good().title == NEWSROOM.article(1).title


def test_a_bug_looks_like_one(beside):
    page = beside.begin(dataclasses.replace(PAGES[0], body=7))
    with pytest.raises(AttributeError, match="'int' object"):
        page()
    assert beside.begin(PAGES[0])().title == NEWSROOM.article(0).title


def test_its_end_costs_one_page(beside, site):
    beside.begin(PAGES[0])()
    first = worker_of(beside)
    os.kill(first.pid, signal.SIGSTOP)
    waiting = [beside.begin(page) for page in PAGES[1:4]]
    os.kill(first.pid, signal.SIGKILL)
    with pytest.raises(ParseError, match=r"has ended \(code -9\)") as raised:
        waiting[0]()
    assert raised.value.url == PAGES[1].url
    assert not beside.is_beside
    assert [article() for article in waiting[1:]] == [extract(page, site) for page in PAGES[2:4]]
    assert beside.begin(PAGES[4])() == extract(PAGES[4], site)
    assert worker_of(beside).pid != first.pid
    assert first.returncode == -signal.SIGKILL


def test_its_end_between_two_pages_costs_none(beside, site):
    beside.begin(PAGES[0])()
    worker_of(beside).kill()
    worker_of(beside).wait()
    assert beside.begin(PAGES[1])() == extract(PAGES[1], site)


def test_without_it_pages_are_read_here(at_once, site, monkeypatch):
    tried = []

    def refuse(*arguments, **_options):
        tried.append(arguments)
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with Reader(site, beside=True) as found:
        assert [found.begin(page)() for page in PAGES] == [extract(page, site) for page in PAGES]
    assert len(tried) == 1


def test_one_that_does_not_come_up_is_not_asked_for_again(at_once, site, monkeypatch):
    monkeypatch.setattr(worker, "_CODE", "raise SystemExit(3)")
    with Reader(site, beside=True) as found:
        assert [found.begin(page)() for page in PAGES] == [extract(page, site) for page in PAGES]
        assert not found.is_beside


def test_pages_larger_than_the_pipes_block_nobody(beside):
    """Both ends write before they read, and neither has room."""
    text = "<p>Es geht weiter und weiter.</p>" * 40_000
    pages = [
        capture_of(page.body.replace(b"</main>", text.encode() + b"</main>"), page.url)
        for page in PAGES[:3]
    ]
    waiting = [beside.begin(page) for page in pages]
    assert [article().title for article in waiting] == [
        NEWSROOM.article(number).title for number in range(3)
    ]


def test_ctrl_c_is_for_the_run_to_deal_with(beside, site):
    beside.begin(PAGES[0])()
    os.kill(worker_of(beside).pid, signal.SIGINT)
    assert beside.begin(PAGES[1])() == extract(PAGES[1], site)


def test_what_it_does_not_understand_ends_it(beside, site):
    beside.begin(PAGES[0])()
    beside._worker._input.write(b"no pickle at all")
    beside._worker._input.flush()
    assert worker_of(beside).wait(20) == 0
    assert beside.begin(PAGES[1])() == extract(PAGES[1], site)


def test_signals_to_the_whole_group_are_for_the_run_to_deal_with(beside, site):
    beside.begin(PAGES[0])()
    os.kill(worker_of(beside).pid, signal.SIGTERM)
    assert beside.begin(PAGES[1])() == extract(PAGES[1], site)


def test_nothing_is_left_when_the_run_ends(at_once, site):
    with Reader(site, beside=True) as found:
        found.begin(PAGES[0])
        worker = worker_of(found)
    assert worker.returncode == 0


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux can wait for strangers")
def test_nothing_is_left_when_the_run_is_killed():
    command = [sys.executable, "-c", RUN]
    top = Path(__file__).parents[2]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=top)
    worker = os.pidfd_open(int(run.stdout.readline()))
    try:
        run.kill()
        run.wait()
        ended, _, _ = select.select([worker], [], [], 20)
        assert ended
    finally:
        run.stdout.close()
        os.close(worker)


RUN = """
import signal
from scraper.extract import worker
from scraper.sites import get_site
from tests.conftest import capture_of

worker.READY_AFTER = 0
found = worker.Reader(get_site("dortmund"), beside=True)
found.begin(capture_of("<p>Eine Seite"))
print(found._worker._process.pid, flush=True)
signal.pause()
"""
