"""What is kept between requests: the columns, and answers that are slow to find.

Everything here belongs to one snapshot of the archive; when a crawl has written, the next request
sees it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, TypeVar

from scraper.browse.columns import read_columns
from scraper.browse.everybody import Everybody, read_everybody
from scraper.browse.limits import for_everybody

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from scraper.archive import Archive
    from scraper.browse.columns import Columns

_T = TypeVar("_T")
_KEPT = 64


class Cache:
    """The memory of the web view; one for all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._columns: Columns | None = None
        self._seen = threading.local()
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._everybody: Everybody | None = None
        self._reading = threading.Lock()  # of its own: other pages need not wait for it

    def columns(self, archive: Archive) -> Columns:
        """The facts about all releases as they are now.

        Args:
            archive: always the same one in the same thread.
        """
        # SQLite changes this number when another connection has written.
        version = archive.connection.execute("PRAGMA data_version").fetchone()[0]
        columns = self._columns
        if columns is not None and getattr(self._seen, "version", None) == version:
            return columns
        with self._lock, for_everybody(archive.connection):
            self._columns = columns = read_columns(archive, self._columns)
        self._seen.version = version
        return columns

    def everybody(self, archive: Archive) -> Everybody:
        """All persons who speak, as they are now; see `scraper.archive.persons.people`.

        Args:
            archive: always the same one in the same thread.
        """
        columns = self.columns(archive)
        with self._reading, for_everybody(archive.connection):
            found = self._everybody
            if found is None or found.columns.version != columns.version:
                self._everybody = found = read_everybody(archive, columns, found)
        return found

    def kept(self, version: Hashable, key: Hashable, find: Callable[[], _T]) -> _T:
        """An answer found before for the same version, or a new one.

        Args:
            version: what the answer depends on; an answer for another one is never given.
            key: what was asked.
            find: finds the answer.
        """
        full = (version, key)
        with self._lock:
            if full in self._answers:
                self._answers.move_to_end(full)
                found: _T = self._answers[full]
                return found
        found = find()
        with self._lock:
            self._answers[full] = found
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return found
