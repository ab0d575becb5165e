"""The tables of docs/schema.md: every table, view and column of a new archive, with its meaning.

The meaning of what is exported stands in `export.columns`; of anything else in the page itself, at
first as the comment beside the column in the SQL says it.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from scraper.archive import Archive
from scraper.archive.schema import VERSIONS
from scraper.export.columns import TABLES

_TABLE = re.compile(r"^### `(\w+)`\n(.*?)(?=^#|\Z)", re.M | re.S)
_ROW = re.compile(r"^\| `(\w+)` \| ([^|]*) \| (.*?) \|$", re.M)
_MADE = re.compile(r"CREATE (?:VIRTUAL )?(?:TABLE|VIEW) (\w+)")
_COMMENTED = re.compile(r"^\s*(\w+)\b[^-\n]*--\s*(.+)$", re.M)
_SHADOW = re.compile(r"_fts_(data|idx|content|docsize|config)$")


def tables() -> dict[str, list[tuple[str, str]]]:
    """Name and type of each column of each table and view of a new archive."""
    with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder)) as archive:
        db = archive.connection
        names = [
            name
            for (name,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
                " AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
            if not _SHADOW.search(name)
        ]
        return {
            name: [
                (row[1], row[2]) for row in db.execute(f"PRAGMA table_xinfo({name})") if row[6] != 1
            ]
            for name in names
        }


def commented() -> dict[tuple[str, str], str]:
    """What the comment beside a column says, by table and column."""
    said = {}
    for statements in VERSIONS.values():
        for statement in statements:
            if made := _MADE.search(statement):
                table = made[1].removesuffix("_3")
                said |= {(table, found[1]): found[2] for found in _COMMENTED.finditer(statement)}
    return said


def exported() -> dict[tuple[str, str], str]:
    """What `export` says of a column, by table and column."""
    return {
        (table.name, field.name): field.description
        for table in TABLES.values()
        for field in table.fields
    }


def stated(page: str) -> dict[str, dict[str, str]]:
    """The meaning of each column, by table, as a page has it."""
    return {
        found[1]: {row[1]: row[3] for row in _ROW.finditer(found[2])}
        for found in _TABLE.finditer(page)
    }


def _sentence(comment: str) -> str:
    comment = re.sub(r"^\w+\.\w+", r"`\g<0>`", comment.rstrip(".").replace(" | ", ", "))
    return comment and f"{comment[0].upper()}{comment[1:]}."


def with_tables(page: str) -> str:
    """The page with all columns; tables that it does not have yet at its end."""
    there, comments, descriptions = stated(page), commented(), exported()
    now = tables()
    for name in now.keys() - there.keys():
        page = page.rstrip("\n") + f"\n\n### `{name}`\n"

    def filled(found: re.Match[str]) -> str:
        name, text = found[1], found[2]
        if name not in now:
            return ""
        about = text.split("| column |")[0].strip("\n")
        rows = [
            f"| `{column}` | {kind.lower()} | "
            + (
                descriptions.get((name, column))
                or there.get(name, {}).get(column)
                or _sentence(comments.get((name, column), ""))
            )
            + " |"
            for column, kind in now[name]
        ]
        head = "| column | type | meaning |\n| --- | --- | --- |"
        parts = [f"### `{name}`", *([about] if about else []), "\n".join([head, *rows])]
        return "\n\n".join(parts) + "\n\n"

    return _TABLE.sub(filled, page).rstrip("\n") + "\n"
