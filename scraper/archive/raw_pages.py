"""Checking raw pages: captures against WARC files, and each against what should know of it."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from scraper import warc
from scraper.archive.evidence import capture_of, place_of
from scraper.archive.runs import IS_CRAWL
from scraper.dates import parse_instant, utc_iso
from scraper.errors import ArchiveError
from scraper.sites import SITES

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.connection import Archive
    from scraper.warc import RecordHead
    from scraper.warc.problems import Problems

BROUGHT = "brought:"
"""Begins the name of a setting for each WARC file that `rebuild` has brought in from elsewhere: it
may hold records that are no pages of releases."""
_CAPTURE_RECORDS = frozenset({"response", "revisit", "resource"})
_NOT_MODIFIED = 304
_FILE_NAME = re.compile(
    r"(?P<site>.+?)(?P<imported>-import)?-(?P<at>\d{14})-\d{5,}\.warc\.gz", re.ASCII
)
# What an import or a crawl ends with that came to its end; others may have left pages behind.
_CAME_TO_ITS_END = "(0, 3, 4, 5)"

# A capture has a release if one of these knows it, or a release was once at its address: a check
# that brought no news from an import, or the answer of an address that has moved, is no event. Of
# pictures and files that two archives had, `merge` shows one.
_WITHOUT_RELEASE = """
SELECT c.id, c.url, c.headers FROM captures c WHERE c.error IS NULL
AND NOT EXISTS (SELECT 1 FROM articles WHERE capture_id = c.id)
AND NOT EXISTS (SELECT 1 FROM revisions WHERE capture_id = c.id)
AND NOT EXISTS (SELECT 1 FROM events WHERE capture_id = c.id)
AND NOT EXISTS (SELECT 1 FROM pictures WHERE capture_id = c.id)
AND NOT EXISTS (SELECT 1 FROM file_versions WHERE capture_id = c.id)
AND NOT EXISTS (SELECT 1 FROM articles WHERE url = c.url)
AND NOT EXISTS (SELECT 1 FROM candidates k JOIN articles a ON a.id = k.article_id
                WHERE k.url = c.url)
AND NOT EXISTS (SELECT 1 FROM candidates k JOIN articles a ON a.url = k.alias_of
                WHERE k.url = c.url)
AND NOT EXISTS (SELECT 1 FROM captures s JOIN revisions r ON r.capture_id = s.id
                WHERE s.url = c.url)
AND NOT EXISTS (SELECT 1 FROM captures s JOIN pictures p ON p.capture_id = s.id
                WHERE s.url = c.url)
AND NOT EXISTS (SELECT 1 FROM captures s JOIN file_versions v ON v.capture_id = s.id
                WHERE s.url = c.url)
ORDER BY c.id
"""


def check_captures(archive: Archive, problems: Problems) -> int:
    """Read every stored page, and compare it with its digest; returns how many there are."""
    count = 0
    # One by one: bodies are large.
    for row in archive.each("SELECT * FROM captures ORDER BY id"):
        count += 1
        where = row["warc_file"] or "the database"
        try:
            body = capture_of(archive, row).body
            if row["refers_to"] is not None:  # its own record holds no body, but must be there
                warc.read_payload(archive.warc_directory, place_of(row))
        except (ArchiveError, ValueError, TypeError) as error:
            kind = f"captures in {where} cannot be read"
            problems.add(kind, f"Capture {row['id']}: {error}")
            continue
        if hashlib.sha256(body).hexdigest() != row["sha256"] or len(body) != row["size"]:
            problems.add(
                f"pages in {where} have changed",
                f"The page of capture {row['id']} ({row['url']}) is not the one that was "
                "stored: its SHA-256 has changed.",
            )
    _without_release(archive, problems)
    return count


def _without_release(archive: Archive, problems: Problems) -> None:
    """Pages whose release was taken out of the archive."""
    for row in archive.each(_WITHOUT_RELEASE):
        if _is_another_page(archive, row):
            continue
        problems.add(
            "captures belong to no release",
            f"Capture {row['id']} ({row['url']}) belongs to no release, and no event or error "
            "says why: its release was taken out of the archive.",
        )


def _is_another_page(archive: Archive, row: dict[str, Any]) -> bool:
    """Whether a capture shows where a release's address led to: an overview, the front page."""
    if "text/html" not in row["headers"].lower():
        return False
    if archive.rows("SELECT 1 FROM candidates WHERE url = ?", (row["url"],)):
        return False
    site = SITES.find(row["url"])
    return site is None or site.article_url(row["url"]) is None


def check_warc_files(archive: Archive, problems: Problems, notes: Problems) -> int:
    """Read all WARC files, and look for records that no capture names.

    One that a crawl is writing just now may end in the middle, and is passed over.

    Returns:
        How many records there are.
    """
    count = 0
    for path in warc.files(archive.warc_directory):
        if path.name.endswith(warc.OPEN_SUFFIX):
            continue
        records, troubles = warc.check(path, _Unnamed(archive, path, problems, notes).see)
        count += records
        for sentence in troubles:
            problems.add(f"troubles in {path.name}", sentence)
    return count


class _Unnamed:
    """Finds the records of one file that no capture names; it is told of them in their order."""

    def __init__(self, archive: Archive, path: Path, problems: Problems, notes: Problems) -> None:
        self._archive = archive
        self._name = path.name
        self._problems = problems
        self._notes = notes
        self._named = archive.each(
            "SELECT warc_offset FROM captures WHERE warc_file = ? ORDER BY warc_offset",
            (path.name,),
        )
        self._next = self._offset()
        self._last = archive.rows(
            "SELECT max(warc_offset) AS at FROM captures WHERE warc_file = ?", (path.name,)
        )[0]["at"]
        self._is_brought = bool(
            archive.rows("SELECT 1 FROM settings WHERE name = ?", (BROUGHT + path.name,))
        )
        self._was_cut_off = _was_cut_off(archive, path.name)

    def _offset(self) -> int | None:
        row = next(self._named, None)
        return int(row["warc_offset"]) if row else None

    def see(self, record: RecordHead) -> None:
        """Look at the next record of the file."""
        if record.kind not in _CAPTURE_RECORDS:
            return
        while self._next is not None and self._next < record.offset:
            self._next = self._offset()
        if self._next == record.offset or self._is_explained(record):
            return
        if self._is_brought:
            self._notes.add(
                f"records of {self._name}, which was not written by this archive, are of no "
                "release",
                f"The record at byte {record.offset:,} of {self._name} ({record.url}), a file that "
                "was not written by this archive, is of no release.",
            )
            return
        at = f"at byte {record.offset:,} of {self._name} ({record.url})"
        if self._was_cut_off and (
            record.status != 200 or self._last is None or record.offset > self._last
        ):
            self._notes.add(
                f"records of {self._name} were kept by a run that was ended before it read them",
                f"The record {at} was kept by a run that was ended before it read it.",
            )
            return
        self._problems.add(
            f"records of {self._name} belong to no capture",
            f"The record {at} belongs to no capture: it was taken out of the archive.",
        )

    def _is_explained(self, record: RecordHead) -> bool:
        """Whether there is a reason why no capture names it.

        It is a redirect on the way to a page; or its page failed, and failed again later; or the
        database holds the page itself.
        """
        if record.status and 300 <= record.status < 400 and record.status != _NOT_MODIFIED:
            return True
        at = parse_instant(record.date)
        return bool(
            self._archive.rows(
                "SELECT 1 FROM captures WHERE url = ? AND (error IS NOT NULL "
                "OR (warc_file IS NULL AND fetched_at = ?)) LIMIT 1",
                (record.url, utc_iso(at) if at else None),
            )
        )


def _was_cut_off(archive: Archive, name: str) -> bool:
    """Whether the run that wrote a file was ended: it has kept more than it could index."""
    found = _FILE_NAME.fullmatch(name)
    if found is None:
        return False
    at = found["at"]
    moment = f"{at[:4]}-{at[4:6]}-{at[6:8]}T{at[8:10]}:{at[10:12]}:{at[12:]}+00:00"
    # Of runs that began at the same time any may have written it.
    (row,) = archive.rows(
        f"SELECT max(exit_code IS NULL OR exit_code NOT IN {_CAME_TO_ITS_END}) AS cut "
        f"FROM runs WHERE site = :site AND {IS_CRAWL} <> :imported "
        "AND started_at = (SELECT max(started_at) FROM runs WHERE site = :site "
        f"AND {IS_CRAWL} <> :imported AND started_at <= :moment)",
        {"site": found["site"], "imported": bool(found["imported"]), "moment": moment},
    )
    return bool(row["cut"])
