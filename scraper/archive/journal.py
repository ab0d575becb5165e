"""What no page shows, written into the WARC files of the run that noted it: the journal.

Pages say what a city published. Which run saw them, what a listing named, when a release was found
to be gone: that stands in the database alone, and would be lost with it. So each run that has kept
something adds `metadata` records to its last WARC file: lines of JSON with rows of the tables, as
they are then, of all that has changed since the last journal. `newsroom rebuild` reads them.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from scraper import warc
from scraper.archive.tombstones import told
from scraper.dates import utc_iso
from scraper.warc.files import is_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from scraper.archive.connection import Archive
    from scraper.archive.database import Database
    from scraper.warc import WarcWriter

ADDRESS = "urn:newsroom-archive:journal:"
"""WARC-Target-URI of a journal; the key of the newsroom follows."""
MEDIA_TYPE = "application/x-ndjson"
FORMAT = "newsroom-archive journal 1"
_ARCHIVE = "archive"
_MARK = "journal:{site}"
_LINES = 5_000
_NOTHING = {"run": 0, "event": 0, "capture": 0, "since": ""}

_TOUCHED = """
SELECT id FROM articles WHERE site = :site AND (
  id IN (SELECT article_id FROM candidates WHERE site = :site AND tried_in > :run)
  OR id IN (SELECT article_id FROM events WHERE id > :event)
  OR id IN (SELECT k.article_id FROM captures c JOIN candidates k ON k.url = c.url
            WHERE c.id > :capture)
  OR url IN (SELECT url FROM captures WHERE id > :capture)
) ORDER BY id
"""
_CANDIDATES = """
SELECT * FROM candidates WHERE site = :site AND (
  tried_in > :run OR (listed_in > :run AND last_checked IS NULL)
  OR article_id IN (SELECT value FROM json_each(:touched))
) ORDER BY rowid
"""
_SEEN = """
SELECT id, last_seen FROM articles WHERE site = :site
AND id IN (SELECT article_id FROM candidates WHERE site = :site AND listed_in > :run)
AND id NOT IN (SELECT value FROM json_each(:touched)) ORDER BY id
"""
_VERSIONS = """
SELECT id, number, first_seen, last_seen, parser, fingerprint, capture_id,
  json_extract(record, '$.url') AS url
FROM revisions WHERE article_id = ? ORDER BY number
"""
_RELEASE = "SELECT id, url, site, first_seen, last_seen, gone_at FROM articles WHERE id = ?"
_EVENTS = "SELECT id, at, kind, detail, capture_id FROM events WHERE article_id = ? ORDER BY id"
# As they are, by the table whose rows they are.
_ROWS = {
    "sites": "SELECT * FROM sites WHERE key = :site",
    "runs": "SELECT * FROM runs WHERE site = :site AND id >= :run ORDER BY id",
    "candidates": _CANDIDATES,
    "pictures": "SELECT * FROM pictures WHERE site = :site AND tried_at >= :since ORDER BY rowid",
    "files": "SELECT * FROM files WHERE site = :site AND tried_at >= :since ORDER BY rowid",
    "file_versions": "SELECT v.* FROM file_versions v JOIN files f ON f.url = v.url "
    "WHERE f.site = :site AND f.tried_at >= :since ORDER BY v.id",
}


def archive_name(archive: Archive) -> str:
    """What tells this archive, and copies of it, from any other."""
    rows = archive.rows("SELECT value FROM settings WHERE name = ?", (_ARCHIVE,))
    if rows:
        return str(rows[0]["value"])
    first = archive.rows("SELECT site, host, process, started_at FROM runs ORDER BY id LIMIT 1")
    return hashlib.sha256(json.dumps(first).encode()).hexdigest()[:32]


def write_journal(
    archive: Archive, writer: WarcWriter, site: str, run_id: int, now: datetime
) -> None:
    """Add to the WARC files of a run what no page shows; nothing if the run has kept nothing.

    What a run without anything to keep has noted comes with the next one that has.

    Args:
        archive: what is told of.
        writer: of the run's WARC files, still open.
        site: key of the newsroom.
        run_id: of the run.
        now: the present.

    Raises:
        ArchiveError: it could not be written.
    """
    if writer.has_kept:
        _tell(archive, writer, site, run_id, now)


def write_journals(archive: Archive, now: datetime) -> None:
    """Tell of everything, in a WARC file for each newsroom that has releases in any.

    An erasure takes journals out of all files, for they may tell of what was erased.

    Raises:
        ArchiveError: it could not be written.
    """
    for row in archive.rows(_LAST_RUNS):
        site, is_invented = row["site"], bool(row["is_invented"])
        with warc.WarcWriter(archive.warc_directory, site, warc.INFO, lambda: now) as writer:
            _tell(archive, writer, site, row["run"], now, is_invented=is_invented)


_LAST_RUNS = """
SELECT site, max(id) AS run, max(source = 'demo') AS is_invented FROM runs r
WHERE EXISTS (SELECT 1 FROM articles a JOIN captures c ON c.id = a.capture_id
              WHERE a.site = r.site AND c.warc_file IS NOT NULL)
GROUP BY site
"""


def _tell(
    archive: Archive,
    writer: WarcWriter,
    site: str,
    run_id: int,
    now: datetime,
    *,
    is_invented: bool | None = None,
) -> None:
    name = archive_name(archive)
    mark = _mark(archive, site)
    head = {"format": FORMAT, "archive": name, "site": site, "run": run_id, "at": utc_iso(now)}

    def write(lines: list[str]) -> None:
        body = "\n".join([json.dumps(head), *lines]).encode() + b"\n"
        writer.write_metadata(ADDRESS + site, body, now, MEDIA_TYPE, is_invented=is_invented)

    lines: list[str] = []
    for line in _lines(archive, site, mark):
        lines.append(line)
        if len(lines) == _LINES:
            write(lines)
            lines = []
    write(lines)
    set_mark(archive, site, run_id, name)


def set_mark(archive: Archive, site: str, run_id: int, name: str) -> None:
    """Note that all there is of a newsroom now is in journals.

    Args:
        archive: where.
        site: key of the newsroom.
        run_id: of the run that has written the last journal.
        name: of the archive.
    """
    mark = archive.rows(
        "SELECT coalesce((SELECT max(id) FROM events), 0) AS event, "
        "coalesce((SELECT max(id) FROM captures), 0) AS capture, "
        "coalesce((SELECT started_at FROM runs WHERE id = ?), '') AS since",
        (run_id,),
    )[0]
    with archive.transaction() as db:
        for setting, value in (
            (_ARCHIVE, name),
            (_MARK.format(site=site), json.dumps({"run": run_id, **mark})),
        ):
            db.execute(
                "INSERT INTO settings VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [setting, value],
            )


def forget_marks(db: Database) -> None:
    """Have the next run that keeps something write a journal of all there is."""
    db.execute(f"DELETE FROM settings WHERE name LIKE '{_MARK.format(site='%')}'")


def _mark(archive: Archive, site: str) -> dict[str, Any]:
    rows = archive.rows("SELECT value FROM settings WHERE name = ?", (_MARK.format(site=site),))
    return dict(json.loads(rows[0]["value"])) if rows else _NOTHING


def _lines(archive: Archive, site: str, mark: dict[str, Any]) -> Iterator[str]:
    values = {"site": site, **mark}
    touched = [row["id"] for row in archive.rows(_TOUCHED, values)]
    values["touched"] = json.dumps(touched)
    if mark["run"] == 0:  # after an erasure, it tells of everything
        for row in told(archive):
            yield _line("tombstones", row)
    for row in _captures(archive, site, mark["capture"]):
        yield _line("captures", row)
    for number in touched:
        (release,) = archive.rows(_RELEASE, (number,))
        release["versions"] = archive.rows(_VERSIONS, (number,))
        release["events"] = archive.rows(_EVENTS, (number,))
        yield _line("releases", release)
    for table, sql in _ROWS.items():
        for row in archive.each(sql, values):
            yield _line(table, row)
    for row in archive.each(_SEEN, values):
        yield _line("seen", row)


def _captures(archive: Archive, site: str, last: int) -> Iterator[dict[str, Any]]:
    """Captures whose records stand in WARC files that are not another newsroom's.

    Files that a rebuild or a merge has brought in keep the names that others gave them.
    """
    others = [row["key"] for row in archive.rows("SELECT key FROM sites WHERE key <> ?", (site,))]
    for row in archive.each("SELECT * FROM captures WHERE id > ? ORDER BY id", (last,)):
        name = row["warc_file"]
        if name is not None and not any(is_of(name, key) for key in others):
            del row["body"]
            yield row


def _line(kind: str, row: dict[str, Any]) -> str:
    kept = {name: value for name, value in row.items() if value is not None}
    return json.dumps([kind, kept], ensure_ascii=False)
