"""Checking an archive: file, keys, raw pages, records and index against each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.archive.attachments import check_attachments
from scraper.archive.clock import clock_trouble
from scraper.archive.others import trigger_troubles
from scraper.archive.raw_pages import check_captures, check_warc_files
from scraper.archive.search.check import check_index
from scraper.warc.problems import Problems

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.archive.connection import Archive


_GAPS_NAMED = 5
_COMPARED = ("title", "text", "subtitle", "issuer", "contact", "language", "layout")
"""Columns that say what the newest version's record says."""
_FILES = """(
SELECT json_group_array(json_array(f.url, f.title)) FROM
  (SELECT url, title FROM attachments WHERE article_id = a.id ORDER BY position) f)"""


def verify(archive: Archive, now: datetime | None = None) -> dict[str, Any]:
    """Check everything that can be checked offline; nothing is written.

    Memory does not grow with the archive.

    Args:
        archive: what is checked; it may lie on a medium that cannot be written.
        now: the present, with time zone; None passes over whether times lie after it.

    Returns:
        `checked`: how many of each kind were looked at; `problems`: sentences, empty if all is
        well; `notes`: what is worth knowing, and no damage.

    Raises:
        ArchiveError: the database cannot be read.
        NoFileHandles: the system lets the process open no more files.
    """
    problems, notes = Problems(), Problems()
    _file(archive, problems)
    for sentence in trigger_troubles(archive.connection, archive.path):
        problems.add("troubles with triggers and indexes", sentence)
    checked = {
        "captures": check_captures(archive, problems),
        "warc_records": check_warc_files(archive, problems, notes),
        "articles": _records(archive, problems),
    }
    _versions(archive, problems)
    check_attachments(archive, problems)
    for sentence in check_index(archive):
        problems.add("troubles of the search index", sentence)
    clock = clock_trouble(archive, now) if now else None
    if clock:
        notes.add("times after now", clock)
    return {"checked": checked, "problems": problems.sentences(), "notes": notes.sentences()}


def _file(archive: Archive, problems: Problems) -> None:
    for row in archive.each("PRAGMA integrity_check"):
        if row["integrity_check"] != "ok":
            problems.add("faults by SQLite's check", f"SQLite reports: {row['integrity_check']}")
    for row in archive.each("PRAGMA foreign_key_check"):
        problems.add(
            f"rows of {row['table']} point to rows that are missing",
            f"Row {row['rowid']} of {row['table']} points to a row of {row['parent']} that is "
            "missing.",
        )


def _records(archive: Archive, problems: Problems) -> int:
    count = 0
    for row in archive.each(
        f"SELECT a.id, {', '.join(f'a.{name}' for name in _COMPARED)}, a.fingerprint, "
        f"a.capture_id, {_FILES} AS files, r.record, "
        "r.fingerprint AS latest FROM articles a LEFT JOIN revisions r ON r.article_id = a.id "
        "AND r.number = (SELECT max(number) FROM revisions WHERE article_id = a.id) ORDER BY a.id"
    ):
        count += 1
        name = f"Article {row['id']}"
        if row["record"] is None:
            problems.add("articles have no revision", f"{name} has no revision.")
            continue
        if row["capture_id"] is None:
            problems.add("articles have no page behind them", f"{name} has no page behind it.")
        try:
            record = json.loads(row["record"])
        except ValueError as error:
            sentence = f"The record of {name} cannot be read ({error})."
            problems.add("records cannot be read", sentence)
            continue
        if not isinstance(record, dict):
            problems.add("records cannot be read", f"The record of {name} is none.")
        elif (
            row["latest"] != row["fingerprint"]
            or any(record.get(field) != row[field] for field in _COMPARED)
            or not _has_files(record, row["files"])
        ):
            problems.add(
                "articles differ from their latest revisions",
                f"{name} differs from its latest revision: it was changed by hand.",
            )
    return count


def _has_files(record: dict[str, Any], files: str) -> bool:
    """Whether the table of attachments has the files of a record: JSON of `[[url, title], …]`."""
    listed = record.get("attachments") or []
    try:
        return bool([[file["url"], file["title"]] for file in listed] == json.loads(files))
    except (KeyError, TypeError):
        return False


def _versions(archive: Archive, problems: Problems) -> None:
    """Versions are numbered 1, 2, 3 …: one that is missing was taken out."""
    for row in archive.each(
        "SELECT article_id, count(*) AS there, max(number) AS last FROM revisions "
        "GROUP BY article_id HAVING min(number) <> 1 OR max(number) <> count(*) "
        "ORDER BY article_id"
    ):
        gone: list[int] = []
        wanted = 1
        for found in archive.each(
            "SELECT number FROM revisions WHERE article_id = ? ORDER BY number",
            (row["article_id"],),
        ):
            while wanted < found["number"] and len(gone) < _GAPS_NAMED:
                gone.append(wanted)
                wanted += 1
            wanted = max(wanted, found["number"] + 1)
        missing = f"{', '.join(map(str, gone))} missing" if gone else "one below 1 is too many"
        problems.add(
            "articles have versions with gaps in their numbers",
            f"Article {row['article_id']} has {row['there']} versions, and the last is number "
            f"{row['last']}: {missing}. Versions were taken out or put in by hand.",
        )
