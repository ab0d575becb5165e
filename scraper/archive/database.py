"""Imports sqlite-utils without pandas and numpy, for what writes; reading does not need it.

It imports both if they are installed, to know the types of their values: half a second and 70 MB
in each process, for nothing that the archive stores. A test compares what is imported.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Within it, modules that are not loaded yet cannot be imported."""
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # that is what makes it fail
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _hidden("numpy", "pandas"):
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

__all__ = ["Database", "Migrations"]
