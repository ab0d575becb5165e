"""New archives whose tables are copied: making them takes longer than most tests do.

The program makes an empty archive once in each process of tests, and its tables are copied into
each new one; everything else about a new archive happens as it does for users. Commands that tests
start as processes make their own tables.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path
from unittest import mock

from scraper.archive import Archive, upgrade
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.database import Database
from scraper.archive.schema import has_tables

make = upgrade.migrations.apply


def copied():
    """Within this context a new archive gets a copy of the tables."""
    return mock.patch.object(upgrade.migrations, "apply", _copy)


def made():
    """Within this context it is made as users make it."""
    return mock.patch.object(upgrade.migrations, "apply", make)


def _copy(db: Database, **options: str) -> None:
    if options or has_tables(db.conn):  # of an older version
        make(db, **options)
    else:
        _empty().backup(db.conn)


@cache
def _empty() -> sqlite3.Connection:
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with tempfile.TemporaryDirectory() as directory:
        with made():
            Archive.open(Path(directory)).close()
        with closing(sqlite3.connect(Path(directory) / DATABASE_NAME)) as archive:
            archive.backup(kept)
    return kept
