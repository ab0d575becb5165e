"""The directory that holds everything: whether it can be written, and for how long."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.archive.connection import DATABASE_NAME
from scraper.archive.runs import is_locked, open_runs
from scraper.dates import utc_iso
from scraper.doctor.check import Check, note, ok, trouble
from scraper.errors import ArchiveError
from scraper.warc import DIRECTORY_NAME, OPEN_SUFFIX, files, find

if TYPE_CHECKING:
    from scraper.archive import Archive

_NETWORK = frozenset(
    "9p afs beegfs ceph cifs davfs fuse.ceph fuse.davfs2 fuse.glusterfs fuse.rclone fuse.sshfs"
    " glusterfs lustre ncpfs nfs nfs4 smb3 smbfs".split()
)
_MOUNTS = Path("/proc/mounts")
_LEAST_FREE_BYTES = 100_000_000  # a run writes first and fails later: leave it room
_LITTLE_FREE_BYTES = 1_000_000_000
_GROWTH = timedelta(days=90)
_SOON_DAYS = 90
_FILES_NAMED = 3


def check_directory(directory: Path) -> Check:
    """Whether the data directory is there, or can be made, and can be written."""
    name = "directory"
    if not directory.exists():
        above = next(parent for parent in directory.absolute().parents if parent.exists())
        if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
            return note(name, f"{directory} does not exist yet; the first crawl makes it")
        return trouble(
            name,
            f"{directory} does not exist and cannot be made in {above}",
            "Choose another directory with --data, or change the permissions.",
            ArchiveError.exit_code,
        )
    if directory.is_dir() and _is_read_only(directory):
        return note(
            name,
            f"{directory} cannot be written",
            "What is in it can be searched, exported and checked. A crawl needs another directory "
            "(--data), or other permissions.",
        )
    if not directory.is_dir() or not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        return trouble(
            name,
            f"{directory} is no directory that can be written",
            "Choose another directory with --data, or change its permissions.",
            ArchiveError.exit_code,
        )
    return ok(name, str(directory.absolute()))


def _is_read_only(directory: Path) -> bool:
    """Whether an archive lies there that can be read, and nothing can be written."""
    database = directory / DATABASE_NAME
    readable = os.access(directory, os.R_OK | os.X_OK) and os.access(database, os.R_OK)
    return readable and not os.access(directory, os.W_OK)


def check_file_system(directory: Path, mounts: str | None = None) -> Check | None:
    """A hint if the directory lies on another machine; None where the system does not tell.

    Args:
        directory: the data directory.
        mounts: the system's table of mounts; None reads it.
    """
    if mounts is None:
        try:
            mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
    kind, where = _mount(directory.absolute(), mounts)
    if kind not in _NETWORK:
        return ok("file system", kind) if kind else None
    return note(
        "file system",
        f"{where} is {kind}, a file system of another machine",
        "SQLite's locks and its log are not safe there. Keep the archive on a local disk, and copy "
        "it.",
    )


def _mount(path: Path, mounts: str) -> tuple[str, str]:
    """Kind and place of the file system that holds a path: the longest mount point above it."""
    best = ("", "")
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        where = fields[1].replace("\\040", " ")
        if path.is_relative_to(where) and len(where) >= len(best[1]):
            best = (fields[2], where)
    return best


def check_disk(directory: Path, archive: Archive | None, now: datetime) -> Check:
    """Whether there is room, by what the archive has grown in the last days."""
    there = next(path for path in (directory, *directory.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    growth = _growth_per_day(archive, now) if archive else 0.0
    days = free / growth if growth else None
    rate = f", and the archive grows by {_size(growth * 30)} a month" if growth else ""
    detail = f"{_size(free)} are free{rate}"
    if free < _LEAST_FREE_BYTES:
        advice = "Make room: a crawl stops when the disk is full."
        return trouble("disk", detail, advice, ArchiveError.exit_code)
    if free < _LITTLE_FREE_BYTES or (days is not None and days < _SOON_DAYS):
        return note("disk", detail, "Make room soon, or move the directory.")
    return ok("disk", detail)


def _growth_per_day(archive: Archive, now: datetime) -> float:
    """Bytes of raw pages a day in the last days, less the first day, which brings years at once."""
    rows = archive.rows(
        "SELECT min(started_at) AS first FROM runs UNION ALL "
        "SELECT sum(coalesce(warc_length, length(body))) FROM captures WHERE fetched_at > max(?, "
        "(SELECT strftime('%Y-%m-%dT%H:%M:%S+00:00', min(started_at), '+1 day') FROM runs))",
        (utc_iso(now - _GROWTH),),
    )
    first, written = (row["first"] for row in rows)
    if first is None or not written:
        return 0.0
    age = now - datetime.fromisoformat(first) - timedelta(days=1)
    return float(written) / max(1.0, min(age, _GROWTH) / timedelta(days=1))


def check_raw_pages(directory: Path, archive: Archive | None) -> Check:
    """The WARC files, and whether a killed run has left one unfinished."""
    found = files(directory / DIRECTORY_NAME)
    lost = _lost(archive) if archive else []
    if lost:
        return trouble(
            "raw pages",
            f"{' '.join(lost[:_FILES_NAMED])}"
            f"{f' And {len(lost) - _FILES_NAMED} more files.' if len(lost) > _FILES_NAMED else ''}",
            "Without them the archive cannot prove what it says. Bring them back from a backup; "
            "`newsroom verify` then checks each page. A copy of an archive holds both newsroom.db "
            f"and the directory {DIRECTORY_NAME}/.",
            ArchiveError.exit_code,
        )
    left = [path.name for path in found if path.name.endswith(OPEN_SUFFIX)]
    size = sum(path.stat().st_size for path in found)
    detail = f"{len(found)} WARC file{'' if len(found) == 1 else 's'}, {_size(size)}"
    if left and not (archive and _is_at_work(directory, archive)):
        return note(
            "raw pages",
            f"{detail}; a run was killed and left {', '.join(left[:3])} unfinished",
            "Nothing to do: the next crawl cuts off a torn end and says so.",
        )
    return ok("raw pages", detail)


def _lost(archive: Archive) -> list[str]:
    """WARC files that the archive names and that are missing or too short, a sentence for each."""
    sentences = []
    for row in archive.each(
        "SELECT warc_file AS name, count(*) AS pages, max(warc_offset + warc_length) AS bytes "
        "FROM captures WHERE warc_file IS NOT NULL GROUP BY warc_file"
    ):
        path = find(archive.warc_directory, row["name"])
        size = path.stat().st_size if path else None
        pages = f"{row['pages']:,} page{'' if row['pages'] == 1 else 's'}"
        if size is None:
            sentences.append(f"{row['name']} is missing, and {pages} in it.")
        elif size < row["bytes"]:
            sentences.append(
                f"{row['name']} has {size:,} bytes, but its {pages} need {row['bytes']:,}."
            )
    return sentences


def check_lock(directory: Path, archive: Archive) -> Check:
    """Whether crawls are running, or one was killed."""
    runs = open_runs(archive)
    if not runs:
        return ok("crawl at work", "none")
    at_work = [run for run in runs if is_locked(directory, run["site"])]
    if at_work:
        prefixes = [f"{run['site']} " if len(at_work) > 1 else "" for run in at_work]
        told = [p + _since(run) for p, run in zip(prefixes, at_work, strict=True)]
        return ok("crawl at work", "; ".join(told))
    return note(
        "crawl at work",
        f"none; one that began ({_since(runs[0])}) was ended from outside",
        "Nothing to do: what it stored is safe, and the next crawl goes on from there.",
    )


def _since(run: dict[str, Any]) -> str:
    where = f" on {run['host']}" if run["host"] else ""
    return f"since {run['started_at']}, process {run['process']}{where}"


def _is_at_work(directory: Path, archive: Archive) -> bool:
    return any(is_locked(directory, run["site"]) for run in open_runs(archive))


def size_of(directory: Path) -> str:
    """What a backup has to hold: the database and the raw pages, for people."""
    database = sum(path.stat().st_size for path in directory.glob("newsroom.db*"))
    pages = sum(path.stat().st_size for path in files(directory / DIRECTORY_NAME))
    return f"{_size(database)} and {_size(pages)} of raw pages"


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB"
