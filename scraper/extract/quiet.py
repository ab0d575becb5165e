"""Loaded by the process that workers are forked from: ending one early writes no traceback.

When a run ends while a worker is being started, what that worker needs is gone already, and Ctrl-C
reaches the workers of a terminal, too. Nobody waits for them any more. What a task raises is sent
to the one who asked for it, and does not come here.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

_ENDED_EARLY = (FileNotFoundError, ConnectionError, EOFError, KeyboardInterrupt)
_usual = sys.excepthook


def _hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, _ENDED_EARLY):
        _usual(kind, error, trace)


sys.excepthook = _hook
