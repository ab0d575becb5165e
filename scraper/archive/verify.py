"""Checking an archive: file, keys, raw pages, records and index against each other."""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Any

from scraper.archive.attachments import check_attachments
from scraper.archive.chain import check_chain, erased_link, head, is_link
from scraper.archive.check_digests import check_digests, full_text_troubles
from scraper.archive.clock import clock_trouble
from scraper.archive.derived import check_records
from scraper.archive.index_digest import index_differs
from scraper.archive.others import trigger_troubles
from scraper.archive.raw_pages import check_captures, check_warc_files
from scraper.archive.schema import SCHEMA_VERSION
from scraper.archive.search.check import check_index
from scraper.archive.search_schema import INDEXES
from scraper.errors import ArchiveError
from scraper.warc.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scraper.archive.connection import Archive


_GAPS_NAMED = 5
WITHOUT_PAGES = frozenset(
    {"the file", "triggers", "articles", "versions", "attachments", "rows", "the search index"}
)
"""The checks that read no WARC file."""


def verify(
    archive: Archive,
    now: datetime | None = None,
    noted: str | None = None,
    only: frozenset[str] | None = None,
) -> dict[str, Any]:
    """Check everything that can be checked offline; nothing is written.

    Memory does not grow with the archive.

    Args:
        archive: what is checked; it may lie on a medium that cannot be written.
        now: the present, with time zone; None passes over whether times lie after it.
        noted: digest of a link of the chain of runs that somebody has noted elsewhere.
        only: names of checks, such as `WITHOUT_PAGES`; None makes all.

    Returns:
        `checked`: how many of each kind were looked at; `problems`: sentences, empty if all is
        well; `notes`: what is worth knowing, and no damage; `chain`: digest of the newest link of
        the chain of runs, or None.

    Raises:
        ArchiveError: the database cannot be read.
        NoFileHandles: the system lets the process open no more files.
    """
    problems, notes = Problems(), Problems()
    # Text that is damaged is compared, too.
    archive.connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    checked: dict[str, int] = {}
    for what, check in (
        ("the file", _file),
        ("triggers", _triggers),
        ("captures", check_captures),
        ("warc_records", partial(check_warc_files, notes=notes)),
        ("articles", check_records),
        ("versions", _versions),
        ("attachments", check_attachments),
        ("rows", check_digests),
        ("runs", partial(check_chain, notes=notes)),
        ("the noted digest", partial(_noted, notes=notes, noted=noted)),
        ("the search index", _index),
        ("tombstones", partial(_tombstones, notes=notes)),
        ("times", partial(_clock, notes=notes, now=now)),
    ):
        if only is not None and what not in only:
            continue
        count = _guarded(check, archive, problems, what)
        if count is not None:
            checked[what] = count
    return {
        "checked": checked,
        "problems": problems.sentences(),
        "notes": notes.sentences(),
        "chain": head(archive) if "runs" in checked else None,
    }


# What reading damaged bytes as rows, records and JSON can end in.
_DAMAGE = (
    ArchiveError,
    sqlite3.Error,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


def _guarded(
    check: Callable[[Archive, Problems], int | None],
    archive: Archive,
    problems: Problems,
    what: str,
) -> int | None:
    """One check, which damage may end, but not the others."""
    try:
        return check(archive, problems)
    except _DAMAGE as error:
        subject = what.replace("_", " ")
        problems.add(
            "checks could not come to their end",
            f"The check of {subject} could not come to its end ({type(error).__name__}: {error}). "
            f"The archive {archive.path} is damaged; restore it from a backup.",
        )
    return None


def _file(archive: Archive, problems: Problems) -> None:
    version = archive.rows("PRAGMA user_version")[0]["user_version"]
    if version != SCHEMA_VERSION:
        problems.add(
            "numbers of versions",
            f"The file says that its tables are of version {version}; they are of version "
            f"{SCHEMA_VERSION}.",
        )
    _size(archive, problems)
    for row in archive.each("PRAGMA integrity_check"):
        if row["integrity_check"] != "ok":
            problems.add("faults by SQLite's check", f"SQLite reports: {row['integrity_check']}")
    for row in archive.each("PRAGMA foreign_key_check"):
        problems.add(
            f"rows of {row['table']} point to rows that are missing",
            f"Row {row['rowid']} of {row['table']} points to a row of {row['parent']} that is "
            "missing.",
        )


def _size(archive: Archive, problems: Problems) -> None:
    """Bytes behind the last page, which SQLite passes over."""
    (pages,), (size,) = (
        archive.rows(f"PRAGMA {name}")[0].values() for name in ("page_count", "page_size")
    )
    left = archive.path.stat().st_size - pages * size
    log = archive.path.with_name(archive.path.name + "-wal")
    on_their_way = log.exists() and log.stat().st_size  # pages, into the file or out of it
    if left and not on_their_way:
        problems.add(
            "sizes of the file",
            f"{archive.path} has {abs(left):,} bytes {'more' if left > 0 else 'less'} than its "
            f"{pages:,} pages. The file is damaged.",
        )


def _noted(archive: Archive, problems: Problems, notes: Problems, noted: str | None) -> None:
    if noted is None or is_link(archive, noted):
        return
    day = erased_link(archive, noted)
    if day:
        notes.add(
            "digests from before an erasure",
            f"The noted digest {noted} is of a link from before the erasure of {day}, by which "
            "the chain of runs was computed anew. Note the present one.",
        )
    else:
        problems.add(
            "digests that are not in the chain",
            f"The noted digest {noted} is not in the chain of runs: the archive was rewritten "
            "since, or it is another one.",
        )


def _tombstones(archive: Archive, problems: Problems, notes: Problems) -> int:
    """Releases that were erased: worth knowing; erasures that were not completed: a problem."""
    count = 0
    for row in archive.each("SELECT address, day, reason, state FROM tombstones ORDER BY id"):
        count += 1
        what = (
            f"{row['address']} was erased on {row['day']} ({row['reason'] or 'no reason given'})."
        )
        if row["state"] == "done":
            notes.add("releases were erased", what)
        else:
            problems.add(
                "erasures are not complete",
                f"The erasure of {row['address']} was ended before it was complete. Run "
                f"`newsroom forget {row['address']} --yes` again.",
            )
    return count


def _triggers(archive: Archive, problems: Problems) -> None:
    for sentence in trigger_troubles(archive.connection, archive.path):
        problems.add("troubles with triggers and indexes", sentence)


def _clock(archive: Archive, _problems: Problems, notes: Problems, now: datetime | None) -> None:
    clock = clock_trouble(archive, now) if now else None
    if clock:
        notes.add("times after now", clock)


def _index(archive: Archive, problems: Problems) -> None:
    for sentence in (*check_index(archive), *full_text_troubles(archive, iter(INDEXES.values()))):
        problems.add("troubles of the search index", sentence)
    if index_differs(archive.connection):
        problems.add(
            "troubles of the search index",
            f"The inside of the full-text indexes {', '.join(sorted(INDEXES.values()))} is not as "
            "this program left it.",
        )


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
