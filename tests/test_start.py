"""How a command starts: it imports what it needs, and nothing else (benchmarks/start.py)."""

import json
import subprocess
import sys

import pytest

from scraper.archive import Archive
from scraper.extract.workers import PRELOADED
from scraper.importing.run import PRELOADED as FOR_IMPORTS
from tests.archive.corpus import filled

RUN = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
from scraper.cli import main
main()
"""
FETCHING = {"httpx", "httpcore", "tenacity", "protego"}
READING_PAGES = {"selectolax", "charset_normalizer", "scraper.parse", "scraper.quotes"}
WRITING = {"sqlite_utils", "warcio", "filelock"}
SHOWING = {"datasette", "uvicorn", "pandas", "numpy", "pyarrow"}
CHECKING_VALUES = {"pydantic", "pydantic_core"}
HEAVY = FETCHING | READING_PAGES | WRITING | SHOWING | CHECKING_VALUES


def loaded(*arguments):
    """Modules that a command has imported by its end, and its standard output."""
    command = [sys.executable, "-c", RUN, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr)), done.stdout


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("crawl", "--help")])
def test_help_needs_neither_database_nor_tables(arguments):
    modules, _out = loaded(*arguments)
    assert not modules & (HEAVY | {"sqlite3", "rich", "scraper.archive.connection"})


def test_a_search_needs_no_crawler(tmp_path):
    with Archive.open(tmp_path) as archive:
        filled(archive)
    options = ("--limit", "5", "--sort", "date", "--since", "2020")
    modules, out = loaded("--data", tmp_path, "search", "Grundschule", *options)
    assert "Grundschule" in out
    assert not modules & (HEAVY | {"scraper.sites", "scraper.platforms"})


@pytest.mark.parametrize("verb", [("sites",), ("watch", "list"), ("schedule", "show")])
def test_groups_of_verbs_start_as_quickly(tmp_path, verb):
    Archive.open(tmp_path).close()
    modules, _out = loaded("--data", tmp_path, *verb)
    assert not modules & CHECKING_VALUES


@pytest.mark.parametrize(
    ("task", "unneeded"),
    [
        (", ".join(PRELOADED), WRITING | {"scraper.archive"}),
        # Pages are taken out of WARC files.
        (f"{', '.join(PRELOADED)}, {', '.join(FOR_IMPORTS)}", {"sqlite_utils", "sqlite3"}),
    ],
)
def test_a_worker_loads_nothing_but_what_reads_pages(task, unneeded):
    code = f"import json, sys, {task}; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(json.loads(done.stdout))
    assert modules >= READING_PAGES - {"charset_normalizer"}
    assert not modules & (FETCHING | SHOWING | CHECKING_VALUES | unneeded)


def test_each_verb_is_told_in_one_line(newsroom):
    verbs = newsroom("--help")[1].split("Commands:\n")[1].splitlines()
    assert len(verbs) > 10
    assert not [line for line in verbs if line.endswith("...")]
