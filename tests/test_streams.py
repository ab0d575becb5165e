"""Standard streams that are closed, given away or read in part; exports into pipes; signals."""

import os
import signal
import subprocess
import sys

import pytest
import typer

from scraper.archive import Archive
from scraper.cli.app import DOING, app
from tests.archive.corpus import filled as fill

SHOWING = set(
    "changes compare districts doctor export history parse people query quotes search show "
    "stats tags verify".split()
)


@pytest.fixture
def filled(tmp_path):
    """A directory, in whose `data` there is an archive."""
    with Archive.open(tmp_path / "data") as archive:
        fill(archive)
    return tmp_path


def shell(directory, line):
    """A line for bash, in which `newsroom` is the command."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    function = f'newsroom() {{ "{sys.executable}" -m scraper "$@"; }}; '
    return subprocess.run(
        ["bash", "-c", function + line], cwd=directory, env=environment, capture_output=True,
        timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("words", ["stats", "show 1 --json", "export articles -o x.csv", "show 99"])
def test_closed_streams_change_nothing_else(filled, words, closed):
    done = shell(filled, f"newsroom {words} {closed}")
    assert done.returncode == (2 if "99" in words else 0)
    assert b"Traceback" not in done.stderr
    assert shell(filled, "newsroom verify").returncode == 0


def test_standard_error_that_nobody_reads(filled):
    done = shell(filled, "{ newsroom show 99 2>&1 >/dev/null; echo $? >code; } | true")
    assert done.stderr == b""
    assert (filled / "code").read_text() == "2\n"


@pytest.mark.parametrize(
    ("words", "sql"),
    [
        ("forget 1 --yes", "SELECT count(*) FROM tombstones"),
        ("watch add Brücke --name b", "SELECT count(*) FROM watches"),
    ],
)
def test_what_a_command_does_is_done_though_nobody_reads_what_it_says(filled, words, sql):
    shell(filled, f"newsroom {words} | true")
    assert shell(filled, f"newsroom query '{sql}' --csv").stdout.split()[-1] == b"1"


def test_each_verb_is_one_that_does_something_or_one_that_shows_something():
    verbs = set(typer.main.get_command(app).commands)
    assert verbs >= DOING
    assert verbs - DOING == SHOWING


def test_an_output_that_cannot_be_written_to_is_said(filled):
    done = shell(filled, "newsroom show 1 --json 1</dev/null")
    assert done.returncode == 7
    assert b"Standard output could not be written" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "where",
    [
        "-o - >x", "-o /dev/stdout >x", "-o /dev/fd/1 >x", "-o /dev/stdout | cat >x",
        "-o /proc/self/fd/1 >x", "-o >(cat >x; echo >done)", "-o /dev/fd/7 7>x",
        "-o /dev/stderr 2>x",
    ],
)  # fmt: skip
def test_an_export_goes_where_the_shell_says(filled, where):
    assert shell(filled, "newsroom export articles -o whole.csv").returncode == 0
    wait = "read <done" if "done" in where else "true"  # a named pipe
    line = f"mkfifo done; newsroom export articles {where}; code=$?; {wait}; exit $code"
    done = shell(filled, line)
    assert done.returncode == 0, done.stderr
    written = (filled / "x").read_bytes()
    whole = (filled / "whole.csv").read_bytes()
    assert written.startswith(whole) if "2>" in where else written == whole


def test_an_export_into_a_pipe_needs_no_other_format(filled):
    whole = "newsroom export articles -o whole.jsonl"
    piped = "newsroom export articles --format jsonl -o /dev/stdout >x"
    assert shell(filled, f"{whole} && {piped}").returncode == 0
    assert (filled / "x").read_bytes() == (filled / "whole.jsonl").read_bytes()


def test_an_export_does_not_replace_what_is_appended_to(filled):
    (filled / "x").write_bytes(b"before\n")
    assert shell(filled, "newsroom export articles -o /dev/stdout >>x").returncode == 0
    assert (filled / "x").read_bytes().startswith(b"before\nid,url,")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_an_export_ended_by_a_signal_leaves_nothing(filled, number):
    (filled / "x.csv").write_bytes(b"old")
    code = (
        "import os, sys\nfrom scraper import cli\nfrom scraper.export import table_files\n"
        "def write(sink, *_arguments, **_options):\n"
        f"    sink.write(b'half'); os.kill(os.getpid(), {int(number)})\n"
        "    [None for _ in range(10**9)]\n"
        "table_files.write_csv = write\n"
        "sys.argv = ['newsroom', 'export', 'articles', '-o', 'x.csv']\ncli.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=filled, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 128 + number
    assert b"Traceback" not in done.stderr
    assert (filled / "x.csv").read_bytes() == b"old"
    assert not list(filled.glob(".newsroom-*"))
