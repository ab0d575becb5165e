"""The documentation is run: each console block, in the order of its page, on a demo archive."""

import doctest
import re
from pathlib import Path

import pytest

from tests.support import console
from tests.support.console import Console, agrees, blocks, masked

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
# Why a block may be left out: what it needs is not on this machine.
REASONS = (
    "asks a city",
    "asks a web archive",
    "asks a time stamping authority",
    "installs",
    "needs",
    "runs until",
    "your own",
)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """A directory in which `newsroom demo` was run, and what it printed."""
    directory = tmp_path_factory.mktemp("documentation")
    code, output = console.demo(directory)
    assert code == 0, output
    return directory, output


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_console_blocks_of_a_page_run_and_print_what_it_shows(page, crawled, tmp_path):
    directory, printed = crawled
    run = console.opened(tmp_path, directory, page.name).with_demo((0, printed))
    for block in blocks(page.read_text(encoding="utf-8")):
        for command in () if block.reason else block.commands:
            code, came = run(command.line)
            assert code == 0 or command.shown.startswith("Error: "), (command.line, came)
            assert agrees(command.shown, came), f"{command.line}\n{masked(came)}"


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if "```python\n>>> " in page.read_text("utf-8")],
    ids=lambda page: page.stem,
)
def test_the_python_of_a_page_runs_and_prints_what_it_shows(page, crawled, tmp_path, monkeypatch):
    run = console.opened(tmp_path, crawled[0], page.name).run
    for block in blocks(page.read_text(encoding="utf-8")):
        for command in block.commands:
            if re.match(r"newsroom export \w+ -o", command.line):  # files that the page reads
                assert run(command.line)[0] == 0
    monkeypatch.chdir(tmp_path)
    ended = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert ended.attempted > (20 if page.stem == "python" else 2)
    assert ended.failed == 0


def test_whatever_is_not_run_says_why():
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in blocks(text):
            assert block.reason is None or block.reason.startswith(REASONS), (page, block)
        assert text.count("<!-- not run: ") == sum(bool(b.reason) for b in blocks(text)), page
        outside = re.sub(r"^```console\n.*?^```$", "", text, flags=re.M | re.S)
        assert not re.search(r"^\$ ", outside, re.M), page


def test_what_needs_nothing_is_run():
    for page in PAGES:
        for block in blocks(page.read_text(encoding="utf-8")):
            if block.reason and block.reason.startswith("asks a city"):
                asking = r"crawl|sites add|--live|backfill|sites check|schedule install"
                assert any(re.search(asking, command.line) for command in block.commands), page


@pytest.mark.parametrize(
    "line",
    [
        "python -m pip install x",
        "newsroom crawl",
        "newsroom --data a crawl",
        "newsroom doctor --live",
    ],
)
def test_nothing_is_installed_or_asked_by_a_page_that_forgot_to_say_so(tmp_path, line):
    with pytest.raises(AssertionError, match="not marked"):
        Console(tmp_path).run(line)


def test_a_page_that_shows_something_else_is_found_out(tmp_path):
    said = "```console\n$ echo one\none\n$ printf 'a\\nb\\nc\\n'\na\n…\n```\n"
    (block,) = blocks(said)
    shell = Console(tmp_path)
    assert [shell.run(command.line)[0] for command in block.commands] == [0, 0]
    assert all(agrees(command.shown, shell.run(command.line)[1]) for command in block.commands)
    assert not agrees("two", shell.run("echo one")[1])
    assert not agrees("b\n…", "a\nb\nc\n")
    assert agrees("at 2026-01-01T00:00:00+00:00", "at 2027-02-02T01:02:03+00:00")
    assert not agrees("published 2026-01-01", "published 2026-01-02")
    wrong = said.replace("one\none", "one\ntwo")
    assert console.as_it_runs(wrong, shell.run) == said
