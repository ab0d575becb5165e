"""The chain of runs: each link holds the digest of the one before and of all that its run made.

Whoever rewrites a capture, a WARC file or a run would have to rewrite all links since; the digest
of the newest one, noted elsewhere, shows that. A link holds the WARC files that were finished since
the one before, and the captures in them; those of another run at work come with that run's link.
Captures whose page could not be read are not in it: only the last of an address is kept.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from scraper import warc
from scraper.archive.digests import SINCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.connection import Archive
    from scraper.warc.problems import Problems

_CAPTURES = """
SELECT id, url, fetched_at, status, sha256, size, digest FROM captures WHERE error IS NULL
AND (warc_file IN (SELECT name FROM warc_files WHERE link = :number)
     OR (:number = 1 AND warc_file IS NULL)) ORDER BY id
"""


def new_files(archive: Archive) -> list[tuple[str, int, str]]:
    """Name, size and SHA-256 of the finished WARC files that no link holds yet.

    One that cannot be read now is left for the next link.
    """
    known = {row["name"] for row in archive.each("SELECT name FROM warc_files")}
    found = []
    for path in warc.files(archive.warc_directory):
        if path.name in known or path.name.endswith(warc.OPEN_SUFFIX):
            continue
        with suppress(OSError):
            found.append((path.name, path.stat().st_size, _sha256_of(path)))
    return found


def add_link(archive: Archive, run_id: int, files: list[tuple[str, int, str]]) -> None:
    """Add a run to the chain; call it inside the transaction that ends the run.

    Args:
        archive: where.
        run_id: of the run.
        files: from `new_files`. Those that a link of another run has taken since are left out.
    """
    known = {row["name"] for row in archive.each("SELECT name FROM warc_files")}
    files = [file for file in files if file[0] not in known]
    last = archive.rows("SELECT number, digest FROM chain ORDER BY number DESC LIMIT 1")
    number, previous = (last[0]["number"] + 1, last[0]["digest"]) if last else (1, "")
    with archive.transaction() as db:
        db.conn.executemany(
            "INSERT INTO warc_files VALUES (?, ?, ?, ?)", [(*file, number) for file in files]
        )
        _add(archive, _link(archive, number, run_id, previous))


def _link(archive: Archive, number: int, run_id: int, previous: str) -> dict[str, Any]:
    """A link as it follows from what the archive holds now."""
    sql = "SELECT name, size, sha256 FROM warc_files WHERE link = ?"
    files = archive.rows(sql, (number,))
    link = {
        "number": number,
        "run_id": run_id,
        "previous": previous,
        "run": _of_run(archive, run_id) if run_id > 0 else _of_erasure(archive, -run_id),
        "captures": _of_captures(archive, number),
        "files": _of_rows(sorted(tuple(row.values()) for row in files)),
    }
    return link | {"digest": _of_link(link)}


def _add(archive: Archive, link: dict[str, Any]) -> None:
    with archive.transaction() as db:
        db.execute(
            f"INSERT INTO chain ({', '.join(link)}) VALUES ({', '.join('?' * len(link))})",
            list(link.values()),
        )


def renew_links(archive: Archive, tombstone_id: int) -> None:
    """Compute all links again after an erasure, and add one that says that there was one.

    The digests that links had before are kept in `tombstone_links`. Call it inside a transaction.

    Args:
        archive: where.
        tombstone_id: of the erasure; the link says it as a `run_id` below 0.
    """
    previous, number = "", 0
    with archive.transaction() as db:
        for old in archive.rows("SELECT * FROM chain ORDER BY number"):
            number = old["number"]
            link = _link(archive, number, old["run_id"], previous)
            if link["digest"] != old["digest"]:
                db.execute(
                    "INSERT INTO tombstone_links VALUES (?, ?) ON CONFLICT DO NOTHING",
                    [old["digest"], tombstone_id],
                )
                values = ", ".join(f"{name} = :{name}" for name in link)
                db.execute(f"UPDATE chain SET {values} WHERE number = :number", link)
            previous = link["digest"]
        _add(archive, _link(archive, number + 1, -tombstone_id, previous))


def erased_link(archive: Archive, digest: str) -> str | None:
    """The day of the erasure before which a link had this digest; None if none had it."""
    rows = archive.rows(
        "SELECT t.day FROM tombstone_links l JOIN tombstones t ON t.id = l.tombstone_id "
        "WHERE l.digest = ?",
        (digest.lower(),),
    )
    return str(rows[0]["day"]) if rows else None


def head(archive: Archive) -> str | None:
    """The digest of the newest link; None if there is none yet."""
    rows = archive.rows("SELECT digest FROM chain ORDER BY number DESC LIMIT 1")
    return str(rows[0]["digest"]) if rows else None


def is_link(archive: Archive, digest: str) -> bool:
    """Whether a digest that was noted once is that of a link."""
    return bool(archive.rows("SELECT 1 FROM chain WHERE digest = ?", (digest.lower(),)))


def check_chain(archive: Archive, problems: Problems, notes: Problems) -> int:
    """Compute all links again, and compare; returns how many there are."""
    previous, number = "", 0
    for link in archive.each("SELECT * FROM chain ORDER BY number"):
        number += 1
        found = _link(archive, link["number"], link["run_id"], previous)
        found["number"] = number
        found["digest"] = _of_link({name: link[name] for name in found})
        differing = [f"chain.{name}" for name, value in found.items() if link[name] != value]
        if differing:
            problems.add(
                "links of the chain of runs do not fit",
                f"Link {link['number']} of the chain of runs, of run {link['run_id']}, does not "
                f"fit ({', '.join(differing)}): what that run made was rewritten later.",
            )
        previous = link["digest"]
    _files(archive, problems)
    _beginning(archive, notes)
    return number


def _files(archive: Archive, problems: Problems) -> None:
    for row in archive.each("SELECT name, size, sha256 FROM warc_files ORDER BY name"):
        name = row["name"]
        path = warc.find(archive.warc_directory, name)
        if problems.has_kind(name):
            continue  # said already, and more closely
        if path is None:
            problems.add("files are missing", f"The file {archive.warc_directory / name} is gone.")
        elif path.stat().st_size != row["size"] or _sha256_of(path) != row["sha256"]:
            problems.add(
                "files have changed",
                f"{name} is not the file that the run left behind: its SHA-256 or size has "
                "changed. Restore it from a backup.",
            )


def _beginning(archive: Archive, notes: Problems) -> None:
    """In an archive of an older version the chain begins at the upgrade."""
    rows = archive.rows(
        "SELECT count(*) AS n, min(r.id) AS first, s.value AS since FROM runs r, settings s "
        "WHERE s.name = ? AND r.finished_at < s.value "
        "AND r.id NOT IN (SELECT run_id FROM chain)",
        (SINCE,),
    )
    if rows[0]["n"] and archive.rows("SELECT 1 FROM runs WHERE id = ?", (rows[0]["first"],)):
        notes.add(
            "runs before the chain",
            f"{rows[0]['n']:,} runs are older than the chain of digests, which begins at the "
            f"upgrade or rebuild of {rows[0]['since']}: what was changed before that day is not "
            "noticed by it.",
        )


def _of_run(archive: Archive, run_id: int) -> str:
    rows = archive.rows("SELECT * FROM runs WHERE id = ?", (run_id,))
    return _of_rows(
        [sorted((k, v) for k, v in row.items() if v is not None and k != "id") for row in rows]
    )


def _of_erasure(archive: Archive, tombstone_id: int) -> str:
    rows = archive.rows(
        "SELECT id, address, site, day, reason, who FROM tombstones WHERE id = ?", (tombstone_id,)
    )
    return _of_rows(row.values() for row in rows)


def _of_captures(archive: Archive, number: int) -> str:
    return _of_rows(row.values() for row in archive.each(_CAPTURES, {"number": number}))


def _of_rows(rows: Iterable[Any]) -> str:
    found = hashlib.sha256()
    for row in rows:
        found.update(json.dumps(list(row)).encode() + b"\n")
    return found.hexdigest()


def _of_link(link: dict[str, Any]) -> str:
    return _of_rows([[link[name] for name in sorted(link) if name != "digest"]])


def _sha256_of(path: Any) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
