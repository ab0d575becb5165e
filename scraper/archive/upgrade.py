"""Making the tables of an archive, or upgrading those of an older version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.database import Migrations
from scraper.archive.schema import VERSIONS

if TYPE_CHECKING:
    from scraper.archive.database import Database

migrations = Migrations("newsroom-archive")


def _register(name: str, number: int, statements: tuple[str, ...]) -> None:
    @migrations(name=name)
    def make(db: Database) -> None:
        for statement in statements:
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {number}")


for _number, (_name, _statements) in enumerate(VERSIONS.items(), start=1):
    _register(_name, _number, _statements)
