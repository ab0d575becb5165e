"""Making the tables of an archive, or upgrading those of an older version."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from scraper.archive.database import Migrations
from scraper.archive.schema import APPLICATION_ID, SCHEMA_VERSION, VERSIONS, has_tables
from scraper.decide.fingerprint import fingerprint
from scraper.errors import ArchiveError
from scraper.records import article_from_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.archive.database import Database

migrations = Migrations("newsroom-archive")
_PATIENCE_SECONDS = 600
_WITH_MORE = """
SELECT id FROM revisions WHERE json_valid(record) AND
  coalesce(json_extract(record, '$.subtitle'), json_extract(record, '$.issuer')) IS NOT NULL
"""


def _refresh_fingerprints(db: Database) -> None:
    """Fingerprint again what has a subtitle or an issuer, which an older version left out.

    Else the next crawl would take each of these releases for edited.
    """
    for (revision_id,) in db.execute(_WITH_MORE).fetchall():
        sql = "SELECT record FROM revisions WHERE id = ?"
        (text,) = db.execute(sql, [revision_id]).fetchone()
        try:
            found = fingerprint(article_from_json(json.loads(text)))
        except (AttributeError, KeyError, TypeError, ValueError):
            continue  # damaged: `verify` names it
        db.execute("UPDATE revisions SET fingerprint = ? WHERE id = ?", [found, revision_id])
        db.execute(
            "UPDATE articles SET fingerprint = ? WHERE id = (SELECT article_id FROM revisions r "
            "WHERE id = ? AND number = (SELECT max(number) FROM revisions "
            "WHERE article_id = r.article_id))",
            [found, revision_id],
        )


_THEN: dict[str, Callable[[Database], None]] = {"0009_fields": _refresh_fingerprints}
"""What SQL alone cannot do, after the statements of a version."""


def _register(name: str, number: int, statements: tuple[str, ...]) -> None:
    @migrations(name=name)
    def make(db: Database) -> None:
        for statement in statements:
            db.execute(statement)
        if name in _THEN:
            _THEN[name](db)
        db.execute(f"PRAGMA user_version = {number}")


for _number, (_name, _statements) in enumerate(VERSIONS.items(), start=1):
    _register(_name, _number, _statements)


def upgrade(db: Database, path: Path) -> None:
    """Make the tables of a new archive, or bring those of an older version up to date.

    Of several processes one does it, the others wait. An older archive is copied first, beside the
    file, as `newsroom.db.schema-N`.

    Raises:
        ArchiveError: another process has been at it for ten minutes.
    """
    if _version(db) == SCHEMA_VERSION:
        return
    lock = FileLock(path.with_name(path.name + ".upgrade"))
    try:
        with lock.acquire(timeout=_PATIENCE_SECONDS):
            version = _version(db)
            if version == SCHEMA_VERSION:
                return
            if not has_tables(db.conn):
                # First of all: a run killed here must not leave a database of nobody's.
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            elif version:
                _copy(db, path.with_name(f"{path.name}.schema-{version}"))
            migrations.apply(db)
    except Timeout as error:
        raise ArchiveError(
            f"The archive {path} is being upgraded by another command for more than "
            f"{_PATIENCE_SECONDS // 60} minutes. Wait until it is done, and run this one again."
        ) from error


def _version(db: Database) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _copy(db: Database, target: Path) -> None:
    """A consistent copy; one that was cut off does not take the name."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    copy = sqlite3.connect(part)
    try:
        db.conn.backup(copy)
    finally:
        copy.close()
    part.replace(target)
