"""Imports sqlite-utils without pandas and numpy, for what writes; reading does not need it.

It imports both if they are installed, to know the types of their values: half a second and 70 MB
in each process, for nothing that the archive stores. A test compares what is imported.
"""

from scraper.hiding import hidden

with hidden("numpy", "pandas"):
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

__all__ = ["Database", "Migrations"]
