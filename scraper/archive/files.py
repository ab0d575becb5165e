"""What is known of attached files, for rows of `attachments` that are written anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.decide.twin import is_twin

if TYPE_CHECKING:
    from sqlite_utils import Database

READ = ("media_type", "size", "sha256", "text", "pages", "page_starts", "reason", "capture_id")
"""Columns that come from the file, not from the page that links it."""

_KNOWN = f"""
SELECT {", ".join(READ)} FROM attachments WHERE url = ? AND sha256 IS NOT NULL LIMIT 1
"""


def attachment_rows(db: Database, record: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a release's attachments, with what the archive knows of the files.

    Args:
        db: the archive; call it before the release's old rows are dropped.
        record: the release, as JSON.
    """
    rows = []
    for file in record["attachments"]:
        row: dict[str, Any] = dict.fromkeys(READ) | {
            name: file[name] for name in ("url", "title", "media_type")
        }
        known = next(iter(db.query(_KNOWN, [file["url"]])), None) or {}
        row |= known
        row["is_twin"] = int(is_twin(release_text(record), row["text"]))
        rows.append(row)
    return rows


def release_text(record: dict[str, Any]) -> str:
    """Title and text of a release: what its twin has."""
    return f"{record['title']}\n{record['text']}"
