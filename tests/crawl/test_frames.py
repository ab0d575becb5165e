"""From the verb to the first request: how many functions somebody new to the code steps through."""

import sys
import traceback
from pathlib import Path

import httpcore
from typer.testing import CliRunner

import scraper
from scraper.cli import app

MOST_FRAMES = 8
PACKAGE = Path(scraper.__file__).parent
BESIDE_THE_WAY = {
    "fetch/transport.py:handle_request",  # stands in for httpx's own, which is where our way ends
    "extract/workers.py:outcome",  # waits for the thread that makes the request
}


def own_frames():
    """Module and function of the package's frames in all threads, the outermost first."""
    found = []
    for frame in sys._current_frames().values():
        stack = [(Path(each.f_code.co_filename), each) for each, _ in traceback.walk_stack(frame)]
        found += [
            f"{path.relative_to(PACKAGE).as_posix()}:{each.f_code.co_name}"
            for path, each in reversed(stack)
            if path.is_relative_to(PACKAGE)
        ]
    return [name for name in found if name not in BESIDE_THE_WAY]


def test_the_first_request_is_few_frames_from_the_verb(monkeypatch, tmp_path):
    requests = []

    def handle(_pool, request):
        requests.append((request.url.target, own_frames()))
        raise RuntimeError("far enough")

    monkeypatch.setattr(httpcore.ConnectionPool, "handle_request", handle)
    command = ["--data", str(tmp_path), "crawl", "--base-url", "http://127.0.0.1:9", "--quiet"]
    ended = CliRunner().invoke(app, command)
    ((target, frames),) = requests
    assert (str(ended.exception), target) == ("far enough", b"/robots.txt")
    assert {"cli/crawling.py:crawl", "fetch/exchange.py:exchange"} <= set(frames)
    assert len(frames) <= MOST_FRAMES, frames
