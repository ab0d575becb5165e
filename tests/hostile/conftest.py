"""A newsroom per test."""

from __future__ import annotations

import pytest

from tests.hostile.newsroom import HostileNewsroom
from tests.support.loopback import Loopback


@pytest.fixture
def newsroom(loopback: Loopback) -> HostileNewsroom:
    return HostileNewsroom(loopback)
