"""The log of crawls, and the one that may be at work now."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from scraper import __version__
from scraper.archive.connection import Archive
from scraper.dates import utc_iso
from scraper.errors import ArchiveError, CrawlRunning, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

LOCK_NAME = "crawl.lock"


@contextmanager
def crawl_lock(directory: Path) -> Iterator[None]:
    """Hold the directory for one crawl; the operating system frees it if the process dies.

    Raises:
        CrawlRunning: another crawl holds it; the message says which and since when.
        ArchiveError: the directory cannot be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = FileLock(directory / LOCK_NAME)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise CrawlRunning(
            f"Another crawl is at work on {directory}{_who(directory)}. Two at once would only "
            "double the load on the city's server. Wait until it is done, or stop it."
        ) from error
    except OSError as error:
        raise ArchiveError(
            f"The directory {directory} cannot be written ({error.strerror or error}). Choose "
            "another one with --data, or change its permissions."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _who(directory: Path) -> str:
    try:
        with Archive.open_existing(directory) as archive:
            rows = archive.rows(
                "SELECT process, started_at FROM runs WHERE finished_at IS NULL "
                "ORDER BY id DESC LIMIT 1"
            )
    except ArchiveError:
        return ""
    return f" since {rows[0]['started_at']} (process {rows[0]['process']})" if rows else ""


def begin_run(archive: Archive, site: str, source: str, now: datetime) -> int:
    """Note that a crawl begins; returns the id of the run.

    Args:
        archive: where.
        site: key of the site.
        source: `live`, `demo`, or the address of a mirror.
        now: the present.

    Raises:
        UsageError: invented releases of a replica would get mixed with real ones.
    """
    others = {row["source"] for row in archive.rows("SELECT DISTINCT source FROM runs")}
    if others and ("demo" in others) != (source == "demo"):
        kinds = ("real", "invented") if source == "demo" else ("invented", "real")
        raise UsageError(
            f"The archive {archive.path} holds {kinds[0]} releases; {kinds[1]} ones must not be "
            "mixed into it. Choose another directory with --data."
        )
    with archive.transaction() as db:
        cursor = db.execute(
            "INSERT INTO runs (site, source, version, process, started_at) VALUES (?, ?, ?, ?, ?)",
            [site, source, __version__, os.getpid(), utc_iso(now)],
        )
        return int(cursor.lastrowid or 0)


def end_run(archive: Archive, run_id: int, now: datetime, figures: dict[str, Any]) -> None:
    """Note how a crawl ended.

    Args:
        archive: where.
        run_id: from `begin_run`.
        now: the present.
        figures: columns of `runs`; lists become JSON.
    """
    values = {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
        for name, value in figures.items()
    }
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    with archive.transaction() as db:
        db.execute(
            f"UPDATE runs SET finished_at = :at, {assignments} WHERE id = :id",
            values | {"at": utc_iso(now), "id": run_id},
        )
