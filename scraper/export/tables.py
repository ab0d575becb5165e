"""One table as CSV or JSON Lines, row by row, at constant memory."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from scraper.archive.connection import guarded
from scraper.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from scraper.archive import Archive

_ARTICLE = "a.url AS article_url, a.title AS article_title, a.published AS article_published"

# Columns and their order are fixed here, whatever the rows hold.
TABLES: dict[str, str] = {
    "articles": """
        SELECT a.id, a.url, a.site, a.content_id, a.page_id, a.title, a.kicker, a.lead,
               a.description, a.published, a.published_raw, a.modified, a.text, a.district,
               (SELECT group_concat(tag, '; ') FROM
                 (SELECT tag FROM tags WHERE article_id = a.id ORDER BY position)) AS tags,
               a.word_count, a.first_seen, a.last_seen, a.gone_at
        FROM articles a""",
    "images": f"""
        SELECT t.article_id, t.position, t.src, t.alt, t.caption, t.credit, t.role, t.width,
               t.height, {_ARTICLE} FROM images t JOIN articles a ON a.id = t.article_id""",
    "quotes": f"""
        SELECT t.id, t.article_id, t.position, t.text, t.speaker, t.role, t.kind, t.start_offset,
               t.end_offset, {_ARTICLE} FROM quotes t JOIN articles a ON a.id = t.article_id""",
    "tags": f"""
        SELECT t.article_id, t.position, t.tag, {_ARTICLE}
        FROM tags t JOIN articles a ON a.id = t.article_id""",
    "links": f"""
        SELECT t.article_id, t.position, t.url, t.text, t.kind, {_ARTICLE}
        FROM links t JOIN articles a ON a.id = t.article_id""",
    "revisions": f"""
        SELECT t.id, t.article_id, t.number, t.first_seen, t.last_seen, t.parser, t.fingerprint,
               t.record, {_ARTICLE} FROM revisions t JOIN articles a ON a.id = t.article_id""",
}
_ORDER = {"articles": "a.id", "revisions": "t.article_id, t.number"}

Writer = Callable[[TextIO, list[str], Iterator[tuple[Any, ...]]], int]


def export_table(
    archive: Archive, what: str, output: str, since: date | None = None, until: date | None = None
) -> int:
    """Write a table to a file; returns the number of rows.

    The file appears under its name when it is complete; if the export fails, an older file of
    that name stays as it was.

    Args:
        archive: where from.
        what: a key of `TABLES`.
        output: a path that ends in `.csv` or `.jsonl`; `-` is standard output, as CSV.
        since: first day of publication.
        until: last day of publication.

    Raises:
        UsageError: no such table, no such format, the file cannot be written.
        ArchiveError: the archive cannot be read.
    """
    if what not in TABLES:
        raise UsageError(f"There is no table {what!r} to export. There are: {', '.join(TABLES)}.")
    write = _writer(output)
    days = {"since": str(since or "0000"), "until": str(until or "9999")}
    sql = (
        f"{TABLES[what]} WHERE coalesce(substr(a.published, 1, 10), '0000') >= :since "
        "AND coalesce(substr(a.published, 1, 10), '9999') <= :until "
        f"ORDER BY {_ORDER.get(what, 't.article_id, t.position')}"
    )
    with guarded(archive.path), _open(output) as file:
        cursor = archive.db.execute(sql, days)
        return write(file, [column[0] for column in cursor.description], iter(cursor))


def _writer(output: str) -> Writer:
    suffix = ".csv" if output == "-" else Path(output).suffix.lower()
    writers: dict[str, Writer] = {".csv": write_csv, ".jsonl": write_jsonl}
    if suffix not in writers:
        raise UsageError(
            f"The format of {output!r} is not known. The end of the name decides: "
            f"{' or '.join(writers)}."
        )
    return writers[suffix]


@contextmanager
def _open(output: str) -> Iterator[TextIO]:
    if output == "-":
        yield sys.stdout
        return
    path = Path(output)
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            yield file
        partial.replace(path)
    except OSError as error:
        raise UsageError(
            f"{path} could not be written: {error.strerror or error}. Nothing of it was kept."
        ) from error
    finally:
        if partial.is_file():
            partial.unlink()


def write_csv(file: TextIO, columns: list[str], rows: Iterator[tuple[Any, ...]]) -> int:
    """Rows as CSV of RFC 4180: UTF-8, CRLF, quoted where needed, formulas made harmless."""
    writer = csv.writer(file)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([harmless(value) for value in row])
        count += 1
    return count


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula, as OWASP advises; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def write_jsonl(file: TextIO, columns: list[str], rows: Iterator[tuple[Any, ...]]) -> int:
    """Rows as JSON Lines."""
    count = 0
    for row in rows:
        file.write(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n")
        count += 1
    return count
