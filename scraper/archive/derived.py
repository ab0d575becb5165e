"""Whether releases show what their latest versions say: articles, pictures, quotations …."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.archive.digests import articles_derived
from scraper.archive.store import article_row, child_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.archive.connection import Archive
    from scraper.warc.problems import Problems

_PARTS = ("images", "quotes", "tags", "links", "videos")
_LATEST = """
SELECT a.*, r.record AS _record, r.fingerprint AS _latest
FROM articles a LEFT JOIN revisions r ON r.article_id = a.id
AND r.number = (SELECT max(number) FROM revisions WHERE article_id = a.id) ORDER BY a.id
"""
_EMPTY = (None, "", "[]", "{}", 0)
_BY_HAND = "it was changed by hand"


def check_records(archive: Archive, problems: Problems) -> int:
    """Compare every release with its latest version, field by field; returns how many there are."""
    count = 0
    derived = articles_derived(archive.connection)
    parts = {table: _Parts(archive, table) for table in _PARTS}
    for row in archive.each(_LATEST):
        count += 1
        name = f"Article {row['id']} ({row['url']})"
        there = {table: found.of(row["id"]) for table, found in parts.items()}
        record = _record(row, name, problems)
        if record is None:
            continue
        try:
            differing = _differing(row, record, derived, there)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            sentence = f"The record of {name} is none ({type(error).__name__}: {error})."
            problems.add("records cannot be read", sentence)
            continue
        if differing:
            problems.add(
                "articles differ from their latest revisions",
                f"{name} differs from its latest revision in {', '.join(differing)}: {_BY_HAND}.",
            )
    for table, found in parts.items():
        for article_id in found.left():
            problems.add(
                f"rows of {table} belong to no article",
                f"A row of {table} belongs to article {article_id}, which is missing: {_BY_HAND}.",
            )
    return count


def _record(row: dict[str, Any], name: str, problems: Problems) -> dict[str, Any] | None:
    """The record of the latest version; None if there is none that can be compared."""
    if row["_record"] is None:
        problems.add("articles have no revision", f"{name} has no revision.")
        return None
    if row["capture_id"] is None:
        problems.add("articles have no page behind them", f"{name} has no page behind it.")
    try:
        record = json.loads(row["_record"])
    except (ValueError, RecursionError) as error:
        sentence = f"The record of {name} cannot be read ({error})."
        problems.add("records cannot be read", sentence)
        return None
    if not isinstance(record, dict):
        problems.add("records cannot be read", f"The record of {name} is none.")
        return None
    return record


def _differing(
    row: dict[str, Any],
    record: dict[str, Any],
    derived: list[str],
    there: dict[str, list[dict[str, Any]]],
) -> list[str]:
    """The columns that are not as the record says, as `table.column`."""
    found = [] if row["_latest"] == row["fingerprint"] else ["articles.fingerprint"]
    wanted = article_row(record)
    for column in derived:
        if column not in wanted:
            if row[column] not in _EMPTY:
                found.append(f"articles.{column}")
        elif row[column] != wanted[column]:
            found.append(f"articles.{column}")
    for table, rows in child_rows(record).items():
        found += _differing_parts(table, rows, there[table])
    return found


def _differing_parts(
    table: str, wanted: list[dict[str, Any]], there: list[dict[str, Any]]
) -> list[str]:
    if len(wanted) != len(there):
        return [f"{table}.article_id ({len(there)} rows instead of {len(wanted)})"]
    found = {}
    for position, (part, row) in enumerate(zip(wanted, there, strict=True)):
        if row["position"] != position:
            found[f"{table}.position of number {position + 1}"] = True
        for name, value in part.items():
            if row.get(name) != value:
                found[f"{table}.{name} of number {position + 1}"] = True
    return list(found)


class _Parts:
    """The rows of one table that belong to articles, read along with these."""

    def __init__(self, archive: Archive, table: str) -> None:
        self._rows = self._sorted(archive, table)
        self._next = next(self._rows, None)
        self._orphans: list[int] = []

    @staticmethod
    def _sorted(archive: Archive, table: str) -> Iterator[dict[str, Any]]:
        return archive.each(f"SELECT * FROM {table} ORDER BY article_id, position")

    def of(self, article_id: int) -> list[dict[str, Any]]:
        """The rows of an article; those are asked for in the order of their ids."""
        found = []
        while self._next is not None and self._next["article_id"] <= article_id:
            if self._next["article_id"] == article_id:
                found.append(self._next)
            elif len(self._orphans) < 20:
                self._orphans.append(self._next["article_id"])
            self._next = next(self._rows, None)
        return found

    def left(self) -> list[int]:
        """Articles that rows belong to, and which are not there; some, if they are many."""
        if self._next is not None:
            self._orphans.append(self._next["article_id"])
        return list(dict.fromkeys(self._orphans))
