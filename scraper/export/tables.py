"""Rows of the archive, one after another: whatever the archive's size, one row is in memory."""

from __future__ import annotations

import dataclasses
import sqlite3
from typing import TYPE_CHECKING, Any

from scraper.archive.changes import during
from scraper.archive.cities_schema import SITE_NAME
from scraper.archive.connection import guarded
from scraper.archive.fields import completed
from scraper.archive.read import read_record
from scraper.archive.search.filters import Filters, conditions, speaker_condition
from scraper.errors import ArchiveError
from scraper.records import (
    Article,
    Attachment,
    Block,
    Image,
    Link,
    Quote,
    Related,
    Section,
    Video,
    article_from_json,
    to_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.archive import Archive
    from scraper.export.columns import Table

Row = tuple[Any, ...]

# A release with everything in it, and what only the archive knows.
_RECORDS = f"""
SELECT r.record, a.id, a.word_count, a.first_seen, a.last_seen, a.gone_at,
  {SITE_NAME.format(site="a.site")} AS site_name
FROM articles a JOIN revisions r ON r.article_id = a.id
AND r.number = (SELECT max(number) FROM revisions WHERE article_id = a.id)
"""
_FACTS = ("id", "word_count", "first_seen", "last_seen", "gone_at", "site_name")

# What shows the versions, events, pictures and files of some releases.
_CAPTURES_OF = """
SELECT r.capture_id FROM revisions r JOIN articles a ON a.id = r.article_id{where} UNION
SELECT e.capture_id FROM events e JOIN articles a ON a.id = e.article_id{where} UNION
SELECT p.capture_id FROM pictures p JOIN images i ON i.src = p.src
JOIN articles a ON a.id = i.article_id{where} UNION
SELECT v.capture_id FROM file_versions v JOIN attachments f ON f.url = v.url
JOIN articles a ON a.id = f.article_id{where}
"""


def rows(
    archive: Archive,
    table: Table,
    filters: Filters,
    *,
    own_speaker: bool = True,
    encoded: bool = False,
) -> Iterator[Row]:
    """The rows of a table, in the order of its columns.

    Args:
        archive: where from.
        table: which.
        filters: which releases; only what belongs to them is given.
        own_speaker: of quotations, a speaker chooses those of that person; False gives all
            quotations of the releases in which the person speaks.
        encoded: text as its UTF-8, which spares making strings of it.

    Raises:
        UsageError: a filter is empty.
        ArchiveError: the archive cannot be read.
    """
    said = own_speaker and table.name == "quotes" and filters.speaker is not None
    narrowed = dataclasses.replace(filters, speaker=None) if said else filters
    if table.name == "events":
        events = dataclasses.replace(narrowed, since=None, until=None)
        terms, values = conditions(archive, events)
        days, more = during(archive, "t.at", narrowed.since, narrowed.until)
        terms, values = [*terms, *days], values | more
    else:
        terms, values = conditions(archive, narrowed)
    if said:
        term = speaker_condition(str(filters.speaker), values)
        terms.append(f"EXISTS (SELECT 1 FROM quote_stems s WHERE s.id = t.id AND {term})")
    if table.name == "captures" and terms:
        theirs = _CAPTURES_OF.format(where=where(terms))
        terms = [
            f"t.id IN ({theirs} UNION SELECT refers_to FROM captures WHERE id IN ({theirs}))",
        ]
    select = table.select(encoded=encoded)
    return _read(archive, f"{select}{where(terms)} ORDER BY {table.order}", values)


def records(
    archive: Archive, filters: Filters, *, article_id: int | None = None
) -> Iterator[dict[str, Any]]:
    """Whole releases as `newsroom show --json` has them, and what the archive knows of each.

    Args:
        archive: where from.
        filters: which releases.
        article_id: only this one.

    Raises:
        UsageError: a filter is empty.
        ArchiveError: the archive cannot be read, or a record is damaged.
    """
    terms, values = conditions(archive, filters)
    if article_id is not None:
        terms, values = [*terms, "a.id = :article_id"], {**values, "article_id": article_id}
    for row in _read(archive, f"{_RECORDS}{where(terms)} ORDER BY a.id", values):
        name = f"article {row[1]}"
        record = read_record(row[0], name)
        facts = dict(zip(_FACTS, row[1:], strict=True))
        try:
            record = completed(archive, row[1], record)
            if not _is_current(record):
                record = to_json(article_from_json(record))
        except (AttributeError, KeyError, TypeError) as error:
            raise ArchiveError(
                f"The stored record of {name} lacks what every record has ({error}). `newsroom "
                "reparse --write` makes it anew from the page; .csv does not need it."
            ) from error
        yield record | facts


def _is_current(record: dict[str, Any]) -> bool:
    """Whether a record has the fields of this version; making it anew would change nothing."""
    blocks = (block for section in record["sections"] for block in section["blocks"])
    return (
        list(record) == _NAMES[Article]
        and all(list(part) == names for key, names in _PARTS.items() for part in record[key])
        and all(list(block) == _NAMES[Block] for block in blocks)
    )


_NAMES = {
    kind: [field.name for field in dataclasses.fields(kind)]
    for kind in (Article, Attachment, Block, Image, Link, Quote, Related, Section, Video)
}
_PARTS = {
    "sections": _NAMES[Section],
    "images": _NAMES[Image],
    "quotes": _NAMES[Quote],
    "videos": _NAMES[Video],
    "links": _NAMES[Link],
    "attachments": _NAMES[Attachment],
    "related": _NAMES[Related],
}


def documents(table: Table, found: Iterator[Row]) -> Iterator[dict[str, Any]]:
    """Rows as objects; what is JSON in the archive becomes part of them.

    Raises:
        ArchiveError: such a value is damaged.
    """
    parsed = {field.name for field in table.fields if field.type == "object"}
    for row in found:
        document = dict(zip(table.columns, row, strict=True))
        for name in parsed:
            document[name] = read_record(document[name], f"{table.name} {row[0]}")
        yield document


def where(terms: list[str]) -> str:
    """A WHERE clause of conditions that all hold; empty if there are none."""
    return f" WHERE {' AND '.join(terms)}" if terms else ""


def _read(archive: Archive, sql: str, values: dict[str, Any]) -> Iterator[Row]:
    with guarded(archive.path):
        try:
            cursor = archive.connection.execute(sql, values)
            # Not from the cursor itself: leaving early would close it, perhaps after the archive.
            yield from iter(cursor.fetchone, None)
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
            raise ArchiveError(
                f"The archive {archive.path} holds text that is not UTF-8 ({error}). Another "
                "program wrote it; restore the archive from a backup, or correct that row."
            ) from error
