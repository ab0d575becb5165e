"""Checking an archive: file, keys, raw pages, records and index against each other."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from scraper import warc
from scraper.archive.evidence import capture_of, place_of
from scraper.archive.search.check import check_index
from scraper.errors import ArchiveError

if TYPE_CHECKING:
    from scraper.archive.connection import Archive


def verify(archive: Archive) -> dict[str, Any]:
    """Check everything that can be checked offline.

    Returns:
        `checked`: how many of each kind were looked at; `problems`: sentences, empty if all is
        well.
    """
    problems: list[str] = []
    problems += _file(archive)
    checked = {
        "captures": _captures(archive, problems),
        "warc_records": _warc_records(archive, problems),
        "articles": _records(archive, problems),
    }
    problems += check_index(archive)
    return {"checked": checked, "problems": problems}


def _file(archive: Archive) -> list[str]:
    found = [row["integrity_check"] for row in archive.rows("PRAGMA integrity_check")]
    problems = [f"SQLite reports: {line}" for line in found if line != "ok"]
    problems += [
        f"Row {row['rowid']} of {row['table']} points to a row of {row['parent']} that is missing."
        for row in archive.rows("PRAGMA foreign_key_check")
    ]
    return problems


def _captures(archive: Archive, problems: list[str]) -> int:
    count = 0
    # One by one: bodies are large.
    for row in archive.rows("SELECT id FROM captures ORDER BY id"):
        stored = archive.rows("SELECT * FROM captures WHERE id = ?", (row["id"],))[0]
        count += 1
        try:
            body = capture_of(archive, stored).body
            if stored["refers_to"] is not None:  # its own record holds no body, but must be there
                warc.read_payload(archive.warc_directory, place_of(stored))
        except ArchiveError as error:
            problems.append(f"Capture {row['id']}: {error}")
            continue
        if hashlib.sha256(body).hexdigest() != stored["sha256"] or len(body) != stored["size"]:
            problems.append(
                f"The page of capture {row['id']} ({stored['url']}) is not the one that was "
                "stored: its SHA-256 has changed."
            )
    return count


def _warc_records(archive: Archive, problems: list[str]) -> int:
    """Read all WARC files; one that a crawl is writing just now may end in the middle."""
    count = 0
    for path in warc.files(archive.warc_directory):
        if path.name.endswith(warc.OPEN_SUFFIX):
            continue
        records, troubles = warc.check(path)
        count += records
        problems += troubles
    return count


def _records(archive: Archive, problems: list[str]) -> int:
    rows = archive.rows(
        "SELECT a.id, a.title, a.text, a.fingerprint, a.capture_id, r.record, "
        "r.fingerprint AS latest FROM articles a LEFT JOIN revisions r ON r.article_id = a.id "
        "AND r.number = (SELECT max(number) FROM revisions WHERE article_id = a.id)"
    )
    for row in rows:
        name = f"Article {row['id']}"
        if row["record"] is None:
            problems.append(f"{name} has no revision.")
            continue
        if row["capture_id"] is None:
            problems.append(f"{name} has no page behind it.")
        try:
            record = json.loads(row["record"])
        except ValueError as error:
            problems.append(f"The record of {name} cannot be read ({error}).")
            continue
        if row["latest"] != row["fingerprint"] or any(
            record.get(field) != row[field] for field in ("title", "text")
        ):
            problems.append(f"{name} differs from its latest revision: it was changed by hand.")
    return len(rows)
