"""The table of runs, and the lock that lets only one crawl of a newsroom run at a time."""

from __future__ import annotations

import json
import os
import socket
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from scraper import __version__
from scraper.archive.chain import add_link, new_files
from scraper.archive.connection import Archive
from scraper.dates import utc_iso
from scraper.errors import ArchiveError, CrawlRunning, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

LOCKS = "locks"
"""In the directory of an archive: `KEY.lock` of each newsroom, held while it is crawled."""
DEMO, IMPORT, DEMO_IMPORT = "demo", "import", "demo-import"
"""`runs.source` of a crawl of the replica; of an import; of an import of the replica's pages."""
INVENTED = frozenset({DEMO, DEMO_IMPORT})
"""What `runs.source` says where releases are invented."""
BACKFILL = "backfill:"
"""What `runs.source` begins with where pages came from a web archive; its host follows."""
IS_CRAWL = f"(source NOT IN ('{IMPORT}', '{DEMO_IMPORT}') AND source NOT LIKE '{BACKFILL}%')"
"""SQL: whether a row of `runs` is a crawl, and no import of pages that others captured."""
_LEASE = timedelta(minutes=15)  # longer than any one page can take
_LISTING_HOLDS = timedelta(days=7)


@contextmanager
def crawl_lock(directory: Path, site: str) -> Iterator[None]:
    """Hold a newsroom for one crawl; the operating system frees it if the process dies.

    Args:
        directory: of the archive.
        site: key of the newsroom. Others may be crawled at the same time.

    Raises:
        CrawlRunning: another crawl holds it; the message says which and since when.
        ArchiveError: the directory cannot be written.
    """
    try:
        (directory / LOCKS).mkdir(parents=True, exist_ok=True)
        lock = FileLock(directory / LOCKS / f"{site}.lock")
        lock.acquire(timeout=0)
    except Timeout as error:
        raise _running(directory, site, _who(directory, site)) from error
    except OSError as error:
        raise ArchiveError(
            f"The directory {directory} cannot be written ({error.strerror or error}). Choose "
            "another one with --data, or change its permissions."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _running(directory: Path, site: str, who: str) -> CrawlRunning:
    return CrawlRunning(
        f"Another crawl of {site} is at work on {directory}{who}. Two at once would only double "
        "the load on the city's server. Wait until it is done, or stop it."
    )


def _who(directory: Path, site: str) -> str:
    try:
        with Archive.open_existing(directory) as archive:
            found = [run for run in open_runs(archive) if run["site"] == site]
    except ArchiveError:
        return ""
    return _since(found[0]) if found else ""


def open_runs(archive: Archive) -> list[dict[str, Any]]:
    """`site process host started_at` of crawls without an end, the newest first.

    They are at work if they hold the lock of their newsroom. One that was followed by another is
    left out.
    """
    return archive.rows(
        "SELECT site, process, host, started_at FROM runs AS r WHERE finished_at IS NULL "
        "AND id = (SELECT max(id) FROM runs WHERE site = r.site) ORDER BY id DESC"
    )


def is_locked(directory: Path, site: str) -> bool:
    """Whether a crawl holds a newsroom.

    The lock is taken for a moment: do not ask unless something hints at a crawl.
    """
    path = directory / LOCKS / f"{site}.lock"
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # not ours to write, so nobody here can say
        return False
    lock.release()
    return False


def _since(run: dict[str, Any]) -> str:
    where = f" on {run['host']}" if run["host"] else ""
    return f" since {run['started_at']} (process {run['process']}{where})"


def begin_run(archive: Archive, site: str, source: str, now: datetime) -> int:
    """Note that a crawl begins; returns the id of the run. Call it while holding the lock.

    Args:
        archive: where.
        site: key of the site.
        source: `live`, `demo`, `import`, `demo-import`, `backfill:` with the host of a web
            archive, or the address of a mirror; whether that is a replica, `settle_source` says
            when it has answered.
        now: the present.

    Raises:
        UsageError: invented releases of a replica would get mixed with real ones.
        CrawlRunning: another machine is at work on the archive, whose locks do not reach here.
    """
    if "://" not in source:
        refuse_mixing(archive, invented=source in INVENTED)
    host = socket.gethostname()
    # A dead process on this machine has lost its lock; one elsewhere has only its lease to show.
    leases = archive.rows(
        "SELECT process, host, started_at FROM runs WHERE finished_at IS NULL AND host <> ? "
        "AND seen_at BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
        (host, utc_iso(now - _LEASE), utc_iso(now + _LEASE)),
    )
    if leases:
        raise _running(archive.path.parent, site, _since(leases[0]))
    with archive.transaction() as db:
        cursor = db.execute(
            "INSERT INTO runs (site, source, version, process, host, started_at, seen_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [site, source, __version__, os.getpid(), host, utc_iso(now), utc_iso(now)],
        )
        return int(cursor.lastrowid or 0)


def refuse_mixing(archive: Archive, *, invented: bool, run_id: int | None = None) -> None:
    """See that nothing real comes among what is invented, or the other way round.

    Args:
        archive: where.
        invented: whether what comes is.
        run_id: of the run that brings it; others count.

    Raises:
        UsageError: it would.
    """
    if invented and not archive.rows("SELECT 1 FROM captures LIMIT 1"):
        return  # a run that has brought nothing
    others = archive.rows("SELECT 1 FROM runs WHERE id IS NOT ? LIMIT 1", (run_id,))
    if others and is_invented(archive, run_id) != invented:
        kinds = ("real", "invented") if invented else ("invented", "real")
        raise UsageError(
            f"The archive {archive.path} holds {kinds[0]} releases; {kinds[1]} ones must not be "
            "mixed into it. Choose another directory with --data."
        )


def settle_source(archive: Archive, run_id: int, *, invented: bool) -> None:
    """Note whether a crawl meets a replica, which its first answer has said.

    Raises:
        UsageError: invented releases of a replica would get mixed with real ones; the run is not
            in the log of runs any more.
    """
    try:
        refuse_mixing(archive, invented=invented, run_id=run_id)
    except UsageError:
        with archive.transaction() as db:
            db.execute("DELETE FROM runs WHERE id = ?", [run_id])
        raise
    if invented:
        with archive.transaction() as db:
            db.execute("UPDATE runs SET source = ? WHERE id = ?", [DEMO, run_id])


def renew_lease(archive: Archive, run_id: int, now: datetime) -> None:
    """Show that a run is still at work; do so more often than every quarter of an hour."""
    with archive.transaction() as db:
        db.execute("UPDATE runs SET seen_at = ? WHERE id = ?", [utc_iso(now), run_id])


def note_listing(archive: Archive, run_id: int, reach: str, since: date | None) -> None:
    """Note how far the listings were walked; call it when all they named is in the archive.

    Args:
        archive: where.
        run_id: from `begin_run`.
        reach: `complete`, to their end, or `newest`, as far as what was known.
        since: what is older was left out.
    """
    with archive.transaction() as db:
        db.execute(
            "UPDATE runs SET listing = ?, listing_since = ? WHERE id = ?",
            [reach, since.isoformat() if since else None, run_id],
        )


def is_listing_known(archive: Archive, site: str, now: datetime, since: date | None) -> bool:
    """Whether all listings were walked to their end within a week, so that news will do now.

    Args:
        archive: where.
        site: key of the site.
        now: the present.
        since: what is older need not be known.
    """
    rows = archive.rows(
        "SELECT 1 FROM runs WHERE site = ? AND listing = 'complete' AND started_at > ? "
        "AND started_at <= ? AND (listing_since IS NULL OR listing_since <= ?) LIMIT 1",
        (site, utc_iso(now - _LISTING_HOLDS), utc_iso(now), since.isoformat() if since else ""),
    )
    return bool(rows)


def is_invented(archive: Archive, run_id: int | None = None) -> bool:
    """Whether the archive holds the invented releases of a replica.

    Args:
        archive: which.
        run_id: of a run that does not count.
    """
    sql = "SELECT 1 FROM runs WHERE source IN (?, ?) AND id IS NOT ? LIMIT 1"
    return bool(archive.rows(sql, (*sorted(INVENTED), run_id)))


def end_run(
    archive: Archive,
    run_id: int,
    now: datetime,
    figures: dict[str, Any],
    arriving: Iterable[tuple[str, int, str]] = (),
) -> None:
    """Note how a crawl ended, and add it to the chain of runs.

    Args:
        archive: where.
        run_id: from `begin_run`.
        now: the present.
        figures: columns of `runs`; lists become JSON.
        arriving: name, size and SHA-256 of WARC files that are not in their places yet.
    """
    values = {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
        for name, value in figures.items()
    }
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    files = [*new_files(archive), *arriving]
    with archive.transaction() as db:
        db.execute(
            f"UPDATE runs SET finished_at = :at, {assignments} WHERE id = :id",
            values | {"at": utc_iso(now), "id": run_id},
        )
        add_link(archive, run_id, files)


def last_runs(
    archive: Archive, site: str | None, limit: int, now: datetime
) -> list[dict[str, Any]]:
    """The last crawls of a site, newest first: when each began and ended, how, and its figures.

    Args:
        archive: where.
        site: key of the site; None takes all.
        limit: at most so many.
        now: the present. A run that has no end and gave no sign of life for a quarter of an hour
            has the `state` "killed"; the others are "ended" or "at work".
    """
    rows = archive.rows(
        "SELECT site, started_at, finished_at, exit_code, found, new, changed, unchanged, gone, "
        "failed, seconds, coalesce(seen_at, started_at) AS seen_at FROM runs "
        "WHERE ? IS NULL OR site = ? ORDER BY id DESC LIMIT ?",
        (site, site, limit),
    )
    for row in rows:
        alive = utc_iso(now - _LEASE) < row.pop("seen_at") <= utc_iso(now + _LEASE)
        row["state"] = "ended" if row["finished_at"] else "at work" if alive else "killed"
    return rows
