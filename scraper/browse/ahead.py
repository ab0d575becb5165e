"""What is slow to find is found ahead, before somebody asks: the persons of several cities."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from scraper.archive import Archive
from scraper.archive.read_only import connect_read_only
from scraper.errors import NewsroomError

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.browse.cache import Cache

_GRACE_SECONDS = 5
_INSTRUCTIONS = 5_000  # of SQLite's machine, between two looks at whether it is to end


class ReadAhead:
    """A thread with a connection of its own that fills the cache once.

    Args:
        path: the archive's file.
        cache: what is filled. If reading fails, whoever asks is told then.
    """

    def __init__(self, path: Path, cache: Cache) -> None:
        self._cache = cache
        self._is_over = False
        self._thread = threading.Thread(target=self._read, args=(path,), daemon=True)
        self._thread.start()

    def _read(self, path: Path) -> None:
        with (
            suppress(NewsroomError, sqlite3.Error),
            closing(connect_read_only(path)) as connection,
        ):
            connection.set_progress_handler(lambda: self._is_over, _INSTRUCTIONS)
            archive = Archive(connection, path)
            if len(self._cache.columns(archive).sites) > 1:
                self._cache.everybody(archive)

    def close(self) -> None:
        """End it, wherever it is."""
        self._is_over = True
        self._thread.join(_GRACE_SECONDS)
