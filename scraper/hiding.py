"""Imports libraries without the others that they import if they are installed, and use for nothing.

That something is installed should not make each command slower: httpx imports its own command, with
pygments, where click is there; warcio imports fsspec; sqlite-utils imports pandas.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """Within it, modules that are not loaded yet cannot be imported."""
    hiding = [name for name in names if name not in sys.modules]
    for name in hiding:
        sys.modules[name] = None  # type: ignore[assignment]  # that is what makes it fail
    try:
        yield
    finally:
        for name in hiding:
            del sys.modules[name]
