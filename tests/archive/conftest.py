"""Archives that several tests share."""

from __future__ import annotations

import pytest

from scraper.archive import Archive
from tests.archive.corpus import filled


@pytest.fixture
def archive(tmp_path):
    """Four releases."""
    with Archive.open(tmp_path) as made:
        yield filled(made)


@pytest.fixture(scope="session")
def lasting(tmp_path_factory):
    """The same, for tests that only read."""
    with Archive.open(tmp_path_factory.mktemp("archive")) as made:
        yield filled(made)
