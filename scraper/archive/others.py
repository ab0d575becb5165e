"""What other programs have done to the archive's triggers and indexes, and putting it right.

`sqlite-utils transform` makes a table anew and drops our triggers; `sqlite-utils enable-counts`
puts triggers of its own on the tables inside the full-text indexes, and SQLite crashes over them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scraper.archive.schema import VERSIONS
from scraper.archive.search_schema import FOLLOWING, INDEXES, NOTING
from scraper.errors import ArchiveError

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

_NAME = re.compile(r"CREATE TRIGGER (\w+)")
_INDEX = re.compile(r"CREATE INDEX (\w+) ON (\w+)")
_SHADOWS = ("", "_data", "_idx", "_content", "_docsize", "_config")


@cache
def _triggers() -> dict[str, str]:
    """Our triggers by name."""
    named = {}
    for sql in (*NOTING, *FOLLOWING.values()):
        found = _NAME.search(sql)
        if found:
            named[found[1]] = sql
    return named


@cache
def _indexes() -> dict[str, str]:
    """The indexes of all versions by name, less those of tables that were made anew."""
    return {
        found[1]: sql
        for statements in VERSIONS.values()
        for sql in statements
        if (found := _INDEX.search(sql))
    }


def refuse_foreign_triggers(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse to write where another program has put triggers on the tables of the search index.

    Raises:
        ArchiveError: there are such; the message has the command that removes them.
    """
    trouble = _foreign_trouble(connection, path)
    if trouble:
        sentence, command = trouble
        raise ArchiveError(f"{sentence}\n    {command}")


def trigger_troubles(connection: sqlite3.Connection, path: Path) -> list[str]:
    """What other programs have done to triggers and indexes, a sentence for each kind."""
    foreign = _foreign_trouble(connection, path)
    lost = sorted(missing_parts(connection))
    sentences = [" ".join(foreign)] if foreign else []
    if lost:
        sentences.append(
            f"Another program has removed or changed triggers or indexes of {path} "
            f"({', '.join(lost)}), as `sqlite-utils transform` does. What was written since then "
            "may be missing in the search index. The next command that opens the archive, such as "
            "`newsroom stats`, puts them back and indexes again."
        )
    return sentences


def _foreign_trouble(connection: sqlite3.Connection, path: Path) -> tuple[str, str] | None:
    """What is wrong, and the command that mends it."""
    foreign = foreign_triggers(connection)
    if not foreign:
        return None
    drops = " ".join(f'DROP TRIGGER "{name}";' for name in foreign)
    sentence = (
        f"Another program has put triggers on tables of the search index of {path} "
        f"({', '.join(foreign)}), as `sqlite-utils enable-counts` does. Writing would damage "
        "the archive, so nothing was written. Remove them:"
    )
    return sentence, f"sqlite3 {path} '{drops}'"


def foreign_triggers(connection: sqlite3.Connection) -> list[str]:
    """Names of triggers on the tables of the search index that are not ours."""
    tables = {index + end for index in INDEXES.values() for end in _SHADOWS} | set(INDEXES)
    marks = ", ".join("?" * len(tables))
    rows = connection.execute(
        f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks})",
        tuple(tables),
    )
    return sorted(name for (name,) in rows if name not in FOLLOWING)


def missing_parts(connection: sqlite3.Connection) -> dict[str, str]:
    """Our triggers and indexes that are gone, or are not as we made them: name → SQL."""
    there = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    wanted = {
        name: sql for name, sql in _triggers().items() if _plain(there.get(name)) != _plain(sql)
    }
    for name, sql in _indexes().items():
        found = _INDEX.search(sql)
        if name not in there and found and found[2] in tables:
            wanted[name] = sql
    return wanted


def put_back(connection: sqlite3.Connection, parts: dict[str, str]) -> bool:
    """Make triggers and indexes again; call it inside a transaction.

    Returns:
        Whether the search index may have missed changes, and everything is to be stemmed again.
    """
    for name, sql in parts.items():
        if name in _triggers():
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        connection.execute(sql)
    return any(name in _triggers() for name in parts)


def _plain(sql: str | None) -> str:
    return " ".join((sql or "").replace('"', "").split()).rstrip(";")
