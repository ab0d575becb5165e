"""An archive with a history, copied for each test."""

import shutil

import pytest

from tests.health.chronicle import BEFORE, Chronicle, release


@pytest.fixture(scope="session")
def history(tmp_path_factory):
    directory = tmp_path_factory.mktemp("history")
    chronicle = Chronicle(directory)
    verdict = chronicle.run(0, [release(day) for day in range(-BEFORE, 0)])
    chronicle.archive.db.close()
    assert (verdict.warnings, verdict.findings) == ([], [])  # nothing to judge by
    return directory


@pytest.fixture
def chronicle(history, tmp_path):
    directory = tmp_path / "data"
    shutil.copytree(history, directory)
    opened = Chronicle(directory)
    yield opened
    opened.archive.db.close()
