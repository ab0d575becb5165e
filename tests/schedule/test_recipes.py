"""The recipes for other schedulers are complete: they parse, and so do their commands."""

import plistlib
import re
import shlex
from pathlib import Path

import pytest
import typer

from scraper import cli
from scraper.schedule.cron import _BLOCK
from scraper.schedule.every import REGULAR_MINUTES, Every, slots_of_cron

SECTION = (Path(__file__).parents[2] / "docs" / "schedule.md").read_text(encoding="utf-8")


def block(language):
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", SECTION, re.M | re.S)
    return found


def parsed(words):
    """What `crawl` makes of a command line after the program's name."""
    app = typer.main.get_command(cli.app)
    assert words[0] == "--data"
    assert words[2] == "crawl"
    crawl = app.commands["crawl"]
    return crawl.make_context("crawl", list(words[3:])).params


def test_launchd():
    recipe = plistlib.loads(block("xml").encode())
    program, *words = recipe["ProgramArguments"]
    assert program.endswith("/newsroom")
    assert parsed(words)["contact"] == "https://example.org/who-we-are"
    assert {start["Minute"] for start in recipe["StartCalendarInterval"]} != {0}
    assert recipe["Label"] in SECTION.split("```xml")[0]


def test_windows():
    words = shlex.split(block("bat").replace("\\", "/"))
    options = dict(zip(words[2::2], words[3::2], strict=True))
    assert words[:2] == ["schtasks", "/Create"]
    assert len(options["/TR"]) <= 261, "schtasks takes no longer command"
    program, *rest = options["/TR"].split()
    assert program.endswith("newsroom.exe")
    assert parsed(rest)["quiet"]


def test_ci_runs_a_crawl():
    (line,) = re.findall(r"- run: (timeout .*)", block("yaml"))
    words = shlex.split(line.split("||")[0])
    assert parsed(words[words.index("newsroom") + 1 :])["quiet"]
    minutes, *_fields = re.search(r'cron: "(.*)"', block("yaml"))[1].split()
    assert minutes != "0"


def test_ci_is_yaml():
    yaml = pytest.importorskip("yaml", reason="no YAML library here")
    (job,) = yaml.safe_load(block("yaml"))["jobs"].values()
    assert all("uses" in step or "run" in step for step in job["steps"])


def test_the_crontab_that_is_shown_is_one_of_ours():
    shown = _BLOCK.search(SECTION.encode())
    *fields, command = shown["line"].decode().split(" ", 5)
    assert slots_of_cron(fields) is not None
    assert parsed(command.split(" -m scraper ")[1].split())["quiet"]


def test_the_intervals_that_cron_keeps_are_named():
    named = re.search(r"keeps ([\w, \n]+?), and names", SECTION)[1]
    spelt = re.findall(r"\d+[mhd]", named)
    assert spelt == [str(Every(minutes)) for minutes in REGULAR_MINUTES]
