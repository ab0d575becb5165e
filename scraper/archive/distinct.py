"""The values of a column, found by steps through its index instead of a look at each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.archive.connection import Archive

# A step from each value to the next one: as many look-ups as there are values, not rows.
_DISTINCT = """
WITH RECURSIVE known (value) AS (
  SELECT min({column}) FROM {table}
  UNION ALL
  SELECT (SELECT min({column}) FROM {table} WHERE {column} > known.value) FROM known
  WHERE known.value IS NOT NULL
)
SELECT value FROM known WHERE value IS NOT NULL
"""


def distinct(archive: Archive, table: str, column: str) -> list[str]:
    """The values of a column that has an index, each once."""
    rows = archive.rows(_DISTINCT.format(table=table, column=column))
    return [row["value"] for row in rows]
