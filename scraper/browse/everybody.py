"""All persons who speak, held in memory; after a crawl only those it was about are read again.

At 100,000 releases reading all takes seconds, and some of them milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scraper.archive.persons import in_order, people
from scraper.archive.search.filters import speaker_words
from scraper.archive.search.german import name_key

if TYPE_CHECKING:
    from scraper.archive import Archive
    from scraper.browse.columns import Columns

_REREAD_AT_MOST = 500
"""With more names than that, reading everybody is the faster way."""


@dataclass(frozen=True)
class Everybody:
    """The persons of an archive at one moment."""

    columns: Columns
    """The facts of that moment."""
    by_key: dict[str, list[dict[str, Any]]]
    """Rows of `scraper.archive.persons.people` of those who are called the same, by `name_key`."""

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """All of them, those quoted most first."""
        return in_order(row for rows in self.by_key.values() for row in rows)

    def named(self, name: str) -> list[dict[str, Any]]:
        """Those whose name has all words of a name, or parts that begin so.

        Raises:
            UsageError: there is no letter or digit in the name.
        """
        words = speaker_words(name)
        keys = [key for key in self.by_key if all(word in key for word in words)]
        return in_order(row for key in keys for row in self.by_key[key])


def read_everybody(archive: Archive, columns: Columns, before: Everybody | None) -> Everybody:
    """The persons as they are now.

    Args:
        archive: where.
        columns: the facts as they are now.
        before: an earlier reading; only who spoke in releases that have changed since is read.
    """
    if before is not None:
        keys = {name_key(name) for name in _names_anew(before.columns, columns)}
        if len(keys) <= _REREAD_AT_MOST:
            names = [name for name in columns.speaker_counts if name_key(name) in keys]
            by_key = {key: rows for key, rows in before.by_key.items() if key not in keys}
            return Everybody(columns, by_key | _by_key(people(archive, names=names)))
    return Everybody(columns, _by_key(people(archive)))


def _by_key(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(name_key(row["name"]), []).append(row)
    return found


def _names_anew(before: Columns, after: Columns) -> set[str]:
    """Who spoke, or speaks, in releases that were read again: their names are another object."""
    old, new = before.speakers, after.speakers
    return {
        name
        for number in old.keys() | new.keys()
        if old.get(number) is not new.get(number)
        for name in (*old.get(number, ()), *new.get(number, ()))
    }
