"""The lowest versions that pyproject.toml allows, as CI installs them."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scraper.doctor.environment import check_packages

ROOT = Path(__file__).parents[1]
LOWEST = ROOT / ".ci" / "lowest"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def lowest(*extras):
    if not LOWEST.exists():
        pytest.skip("a source distribution has no .ci")
    command = [sys.executable, LOWEST, *extras]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def test_every_dependency_has_a_lowest_version():
    found = dict(line.split("==") for line in lowest("browse"))
    assert len(found) == len(PROJECT["dependencies"]) + len(
        PROJECT["optional-dependencies"]["browse"]
    )
    assert found["httpx"] == "0.28"
    assert found["datasette"] == "0.65.5"


def test_known_bad_versions_are_below_them():
    """Protego before 0.7 hangs on wildcards; snowballstemmer 3.0.0 was withdrawn; Typer 0.26.0
    reads no environment, and older ones warn with the present click.
    """
    found = dict(line.split("==") for line in lowest())

    def version(name):
        return tuple(map(int, found[name].split(".")))

    assert version("protego") >= (0, 7)
    assert version("snowballstemmer") >= (3, 0, 1)
    assert version("typer") >= (0, 26, 1)


def test_doctor_reads_bounds_in_any_order():
    stated = ["httpx<1,>=0.28", "filelock>=3.16", "datasette<1,>=0.65.5; extra == 'browse'"]
    check = check_packages(stated, {"httpx": "0.27.2", "filelock": "3.16"}.__getitem__)
    assert check.detail == "httpx 0.27.2 is older than 0.28"
    assert check_packages(stated, lambda _name: "9").detail.startswith("2 libraries")
