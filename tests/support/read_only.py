"""A directory on a medium that nobody can write, root neither."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def read_only(directory: Path, at: Path) -> Iterator[Path]:
    """The directory, mounted read-only at another path; skips where that is not allowed."""
    mount = shutil.which("mount")
    if mount is None or not sys.platform.startswith("linux"):
        pytest.skip("mounting a directory read-only is for Linux")
    at.mkdir()
    bound = subprocess.run([mount, "--bind", directory, at], check=False, capture_output=True)
    if bound.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        subprocess.run([mount, "-o", "remount,ro,bind", at], check=True, capture_output=True)
        yield at
    finally:
        subprocess.run(["umount", at], check=True, capture_output=True)
