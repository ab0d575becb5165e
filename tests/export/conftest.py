"""Archives that the tests of exports share; they only read them."""

from __future__ import annotations

import pytest

from scraper.archive import Archive
from scraper.export import ExportRequest, export
from tests.archive.corpus import filled, store
from tests.export import hostile


@pytest.fixture(scope="session")
def lasting(tmp_path_factory):
    """Four releases."""
    with Archive.open(tmp_path_factory.mktemp("archive")) as made:
        yield filled(made)


@pytest.fixture(scope="session")
def attacked(tmp_path_factory):
    """Releases that mean harm."""
    with Archive.open(tmp_path_factory.mktemp("attacked")) as made:
        made.db.execute("PRAGMA synchronous = OFF")
        for release in hostile.releases():
            store(made, release)
        yield made


@pytest.fixture
def written(tmp_path):
    """Exports to a file of that name in an empty directory; returns its path."""

    def write(archive, what, name, **options):
        path = tmp_path / name
        export(archive, ExportRequest(what, str(path), **options))
        return path

    return write
