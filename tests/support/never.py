"""What a worker process does with a page whose reading never ends."""

from __future__ import annotations

import os
import signal
from pathlib import Path

ENV = "NEWSROOM_TEST_STARTED"


def read(*_page, **_more):
    """Say that reading has begun, and never come back."""
    if ENV in os.environ:  # a worker may have been started before it was set
        Path(os.environ[ENV]).touch()
    signal.pause()
