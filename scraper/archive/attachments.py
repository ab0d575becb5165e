"""The files that releases have for download: which are due, which are kept, and since when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.files import release_text
from scraper.archive.search.index import catch_up
from scraper.archive.store import Store, insert_row, note_event
from scraper.dates import utc_iso
from scraper.decide.twin import is_twin

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from scraper.archive.connection import Archive
    from scraper.archive.evidence import Kept
    from scraper.records import Capture
    from scraper.warc.problems import Problems

EVENT = "attachment"
"""Kind of the event of a release when another file is found at the address of an attachment;
`detail` is the address."""
MOST_OF_A_RELEASE = 20
"""So many files of one release are kept."""

_WANTED = """
SELECT t.url, max(a.published) AS published, min(a.first_seen) AS first_seen,
  max(t.capture_id IS NULL) AS is_new, f.etag, f.last_modified, coalesce(f.failures, 0) AS failures,
  (SELECT max(v.first_seen) FROM file_versions v WHERE v.url = t.url) AS version_since,
  (SELECT count(*) FROM file_versions v WHERE v.url = t.url) AS versions
FROM attachments t JOIN articles a ON a.id = t.article_id LEFT JOIN files f ON f.url = t.url
WHERE a.site = :site AND t.position < :most
  AND (f.url IS NULL OR (f.next_check <= :now AND a.gone_at IS NULL))
GROUP BY t.url ORDER BY max(a.published) DESC, min(t.article_id), min(t.position)
"""
_CHECKED = """
INSERT INTO files (url, site, tried_at, next_check, failures, error, etag, last_modified)
VALUES (:url, :site, :at, :next_check, :failures, :error, :etag, :last_modified)
ON CONFLICT (url) DO UPDATE SET tried_at = excluded.tried_at, next_check = excluded.next_check,
  failures = excluded.failures, error = excluded.error,
  etag = coalesce(excluded.etag, etag),
  last_modified = coalesce(excluded.last_modified, last_modified)
"""
_LATEST = """
SELECT v.id, c.sha256 FROM file_versions v JOIN captures c ON c.id = v.capture_id
WHERE v.url = ? ORDER BY v.id DESC LIMIT 1
"""
_LINKED = """
SELECT t.id, t.article_id, a.title, a.text FROM attachments t
JOIN articles a ON a.id = t.article_id WHERE t.url = ? ORDER BY t.id
"""


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file that is to be fetched."""

    url: str
    published: str | None
    """When the newest release that has it was published."""
    first_seen: str
    """When the archive first saw a release that has it."""
    is_new: bool
    """Whether some release lacks it, so that its text is needed."""
    etag: str | None
    last_modified: str | None
    failures: int
    """In a row."""
    version_since: str | None
    """When the file that is kept was first found; None if none is."""
    versions: int
    """How many different ones were found."""


@dataclass(frozen=True, slots=True)
class FileCheck:
    """How fetching a file went."""

    site: str
    url: str
    at: datetime
    next_check: datetime
    """When to look again."""
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0
    error: str | None = None


def wanted_files(archive: Archive, site: str, now: datetime) -> list[WantedFile]:
    """Files that were never fetched, or are due for another look; of the newest releases first.

    Args:
        archive: where.
        site: key of the site.
        now: the present.
    """
    values = {"site": site, "now": utc_iso(now), "most": MOST_OF_A_RELEASE}
    rows = archive.rows(_WANTED, values)
    return [WantedFile(**row | {"is_new": bool(row["is_new"])}) for row in rows]


def latest_sha256(archive: Archive, url: str) -> str | None:
    """SHA-256 of the file that was found last at an address; None if none was."""
    rows = archive.rows(_LATEST, (url,))
    return rows[0]["sha256"] if rows else None


def file_unchanged(archive: Archive, check: FileCheck) -> None:
    """Note that a file is still as it was."""
    with archive.transaction() as db:
        db.execute(
            "UPDATE file_versions SET last_seen = ? WHERE id = "
            "(SELECT max(id) FROM file_versions WHERE url = ?)",
            [utc_iso(check.at), check.url],
        )
        _note(db, check)


def file_failed(archive: Archive, check: FileCheck) -> None:
    """Note that a file could not be had; one that is kept stays."""
    with archive.transaction() as db:
        db.execute(
            "UPDATE attachments SET reason = ? WHERE url = ? AND sha256 IS NULL",
            [check.error, check.url],
        )
        _note(db, check)


def keep_attachment(
    archive: Archive,
    check: FileCheck,
    capture: Capture,
    kept: Kept,
    read: dict[str, Any],
) -> bool:
    """Store a file that is new, or another one than before.

    Args:
        archive: where.
        check: how fetching it went.
        capture: the response.
        kept: where it stands on disk.
        read: what was read in it: `media_type text pages page_starts reason`.

    Returns:
        Whether it takes the place of another one; each release that has it gets an event then.
    """
    at = utc_iso(check.at)
    with archive.transaction() as db:
        capture_id = Store(archive).add_capture(capture, kept)
        before = latest_sha256(archive, check.url)
        is_change = before is not None and before != kept.sha256
        version = {"url": check.url, "capture_id": capture_id, "first_seen": at, "last_seen": at}
        insert_row(db, "file_versions", version)
        values = _read_values(read) | {
            "size": len(capture.body),
            "sha256": kept.sha256,
            "capture_id": capture_id,
        }
        _fill(db, archive, check.url, values)
        if is_change:
            for article_id in {row["article_id"] for row in archive.rows(_LINKED, (check.url,))}:
                note_event(db, article_id, at, EVENT, check.url, capture_id)
        _note(db, check)
        catch_up(db)
    return is_change


def files_without_text(archive: Archive, site: str, reason: str) -> list[tuple[str, int]]:
    """Address and capture of the files of a site that are kept and have no text for a reason."""
    rows = archive.rows(
        "SELECT DISTINCT t.url, t.capture_id FROM attachments t "
        "JOIN articles a ON a.id = t.article_id "
        "WHERE a.site = ? AND t.reason = ? AND t.capture_id IS NOT NULL ORDER BY t.id",
        (site, reason),
    )
    return [(row["url"], row["capture_id"]) for row in rows]


def fill_text(archive: Archive, url: str, read: dict[str, Any]) -> None:
    """Store what was read in a file that is kept already.

    Args:
        archive: where.
        url: of the file.
        read: as for `keep_attachment`.
    """
    with archive.transaction() as db:
        _fill(db, archive, url, _read_values(read))
        catch_up(db)


def _read_values(read: dict[str, Any]) -> dict[str, Any]:
    starts = json.dumps(read["page_starts"]) if read["text"] is not None else None
    return read | {"page_starts": starts}


def _fill(db: Database, archive: Archive, url: str, values: dict[str, Any]) -> None:
    """Tell the rows of all releases that have a file what is in it."""
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    for row in archive.rows(_LINKED, (url,)):
        twin = int(is_twin(release_text(row), values["text"]))
        db.execute(
            f"UPDATE attachments SET {assignments}, is_twin = :twin WHERE id = :id",
            values | {"twin": twin, "id": row["id"]},
        )


def _note(db: Database, check: FileCheck) -> None:
    db.execute(
        _CHECKED,
        {
            "url": check.url,
            "site": check.site,
            "at": utc_iso(check.at),
            "next_check": utc_iso(check.next_check),
            "failures": check.failures,
            "error": check.error,
            "etag": check.etag,
            "last_modified": check.last_modified,
        },
    )


_WRONG = """
SELECT t.article_id, t.url FROM attachments t LEFT JOIN captures c ON c.id = t.capture_id
WHERE t.sha256 IS NOT c.sha256 OR t.size IS NOT c.size
  OR (t.sha256 IS NULL AND coalesce(t.text, t.pages, t.page_starts) IS NOT NULL)
  OR (t.text IS NULL) IS NOT (t.page_starts IS NULL)
ORDER BY t.article_id, t.position
"""


def check_attachments(archive: Archive, problems: Problems) -> None:
    """Compare what is known of each file with the capture that holds it."""
    for row in archive.each(_WRONG):
        problems.add(
            "attachments differ from the files behind them",
            f"Attachment {row['url']} of article {row['article_id']} differs from the file behind "
            "it: it was changed by hand.",
        )
