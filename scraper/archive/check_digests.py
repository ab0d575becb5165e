"""Whether each row is as this program wrote it: rows against the table `row_digests`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.archive.digests import (
    SCHEMA,
    decoded_key,
    differing,
    digest,
    schema_rows,
    tables,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.archive.connection import Archive
    from scraper.archive.digests import Digested
    from scraper.warc.problems import Problems

# What a row is called, and the release it belongs to.
_NAMES = {
    "articles": ("Article {key}", "url"),
    "captures": ("Capture {key}", "url"),
    "candidates": ("The listed address", "url"),
    "revisions": ("Version {number} of article {article_id}", ""),
    "events": ("Event {key} of article {article_id}", ""),
    "quotes": ("Quotation {position} of article {article_id}", ""),
    "pictures": ("The picture", "src"),
    "sites": ("The newsroom", "key"),
    "runs": ("Run {key}", ""),
}
_CHANGED = "Another program changed it, or the file is damaged"


def check_digests(archive: Archive, problems: Problems) -> int:
    """Compare all rows with their digests; returns how many there are."""
    count = 0
    known = {SCHEMA}
    _schema(archive, problems)
    for table in tables(archive.connection):
        known.add(table.name)
        rows, digested = _rows(archive, table, problems)
        count += rows
        sql = "SELECT count(*) AS n FROM row_digests WHERE table_name = ?"
        if archive.rows(sql, (table.name,))[0]["n"] != digested:
            _taken_out(archive, table, problems)
    marks = ", ".join("?" * len(known))
    for row in archive.each(
        f"SELECT DISTINCT table_name FROM row_digests WHERE table_name NOT IN ({marks})",
        tuple(known),
    ):
        problems.add(
            "tables were taken out",
            f"There are digests of the table {row['table_name']}, which is not there.",
        )
    return count


def _rows(archive: Archive, table: Digested, problems: Problems) -> tuple[int, int]:
    """How many rows there are, and how many of them have digests."""
    count = digested = 0
    columns = ", ".join(f't."{name}"' for name in table.columns)
    cursor = archive.connection.execute(
        f'SELECT d.digest, {columns} FROM "{table.name}" t LEFT JOIN row_digests d '
        f"ON d.table_name = '{table.name}' AND d.row_key = {table.key_sql('t')}"
    )
    for stored, *values in cursor:
        count += 1
        digested += stored is not None
        found = digest(*values)
        if stored == found:
            continue
        row = dict(zip(table.columns, values, strict=True))
        if stored is None:
            what = f"{_name(archive, table, row)} has no digest. Another program put it in."
            problems.add(f"rows of {table.name} were put in by another program", what)
            continue
        fields = differing(table.columns, stored, found)
        if fields:
            problems.add(
                f"rows of {table.name} have changed",
                f"{_name(archive, table, row)} is not as it was written: "
                f"{', '.join(f'{table.name}.{name}' for name in fields)}. {_CHANGED}.",
            )
    return count, digested


def _taken_out(archive: Archive, table: Digested, problems: Problems) -> None:
    """Digests whose rows are not there any more."""
    for row in archive.each(
        "SELECT row_key FROM row_digests d WHERE table_name = ? AND NOT EXISTS "
        f'(SELECT 1 FROM "{table.name}" t WHERE {table.key_sql("t", sign="")} = d.row_key)',
        (table.name,),
    ):
        key = decoded_key(row["row_key"])
        problems.add(
            f"rows of {table.name} were taken out",
            f"The row {key} of {table.name} is missing, or its key ({table.name}."
            f"{', '.join(table.key)}) was changed. {_CHANGED}.",
        )


def _name(archive: Archive, table: Digested, row: dict[str, Any]) -> str:
    """What people call a row: with the address of the release, if it has one."""
    key = ", ".join(str(row.get(name, "?")) for name in table.key)
    pattern, address = _NAMES.get(table.name, (f"The row {key} of {table.name}", ""))
    name = pattern.format(key=key, **{k: v for k, v in row.items() if k != "key"})
    url = row.get(address) if address else _address(archive, row.get("article_id"))
    return f"{name} ({url})" if url else name


def _address(archive: Archive, article_id: Any) -> str | None:
    if not isinstance(article_id, int):
        return None
    rows = archive.rows("SELECT url FROM articles WHERE id = ?", (article_id,))
    return str(rows[0]["url"]) if rows else None


def _schema(archive: Archive, problems: Problems) -> None:
    """Tables, views and indexes against what was noted when they were made."""
    there = schema_rows(archive.connection)
    noted = {
        row["row_key"]: row["digest"]
        for row in archive.each(
            "SELECT row_key, digest FROM row_digests WHERE table_name = ?", (SCHEMA,)
        )
    }
    for name, stored in noted.items():
        row = there.get(name)
        if row is None or stored != digest(*row):
            problems.add(
                "tables, views or indexes have changed",
                f"{name} is not the table, view or index that this program made. {_CHANGED}.",
            )


def full_text_troubles(archive: Archive, indexes: Iterator[str]) -> Iterator[str]:
    """Sentences about what SQLite's own check of full-text indexes passes over."""
    for index in indexes:
        rows = archive.rows(f"SELECT k, v FROM {index}_config ORDER BY k")
        found = {row["k"]: row["v"] for row in rows}
        wanted: dict[str, Any] = {"version": 4}
        if index == "articles_fts":
            wanted["rank"] = "bm25(10.0, 4.0, 3.0, 1.0)"
        if found != wanted:
            yield f"The settings of the full-text index {index} are {found}, not {wanted}."
        # Where FTS5 keeps a leaf: the segment above 37 bits, of the page 31 (and a flag below).
        for row in archive.each(
            f"SELECT segid, pgno FROM {index}_idx i WHERE NOT EXISTS "
            f"(SELECT 1 FROM {index}_data WHERE id = (i.segid << 37) + (i.pgno >> 1)) LIMIT 1"
        ):
            yield f"The full-text index {index} has no page {row['pgno']} of {row['segid']}."
