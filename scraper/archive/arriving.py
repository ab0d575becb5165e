"""WARC files that take their places together with the rows that name them.

They lie complete in a directory beside `warc/`, and the transaction that adds their rows notes
their names. Whoever opens the archive next brings them where they belong, should the process have
been ended between the two.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from scraper.disk.atomic import sync_directory
from scraper.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from scraper.archive.database import Database

FOLDER = ".arriving"
"""In the directory of an archive: files that are about to go into `warc/`."""
WAITING = "backfill"
"""In the directory of an archive: captures that a backfill has fetched, and which come in next."""
MERGING, REBUILDING = ".merging", ".rebuilding"
"""In the directory of an archive: where merge and rebuild work; left there if they are killed."""
_NOTED = "arriving:"


def is_waiting(directory: Path) -> bool:
    """Whether files wait beside the archive in a directory."""
    return (directory / FOLDER).is_dir()


def note_arriving(db: Database, names: Iterable[str]) -> None:
    """Note the files that belong to the rows of the present transaction.

    They must be complete in `FOLDER` when it is stored.
    """
    for name in names:
        db.execute("INSERT INTO settings VALUES (?, '')", [_NOTED + name])


def take_places(directory: Path, transaction: AbstractContextManager[Database]) -> None:
    """Bring noted files into `warc/`; those that no transaction has noted go.

    Args:
        directory: of the archive.
        transaction: of the archive, not begun yet.

    Raises:
        ArchiveError: a file cannot be moved; the next command tries it again.
    """
    folder = directory / FOLDER
    if not folder.is_dir():
        return
    from scraper.warc import DIRECTORY_NAME  # which a search does not need

    pages = directory / DIRECTORY_NAME
    try:
        with transaction as db:  # who has put them there is done, or has not come to it
            sql = "SELECT name FROM settings WHERE substr(name, 1, ?) = ?"
            for (noted,) in db.execute(sql, [len(_NOTED), _NOTED]).fetchall():
                staged = folder / noted.removeprefix(_NOTED)
                if staged.exists():
                    pages.mkdir(exist_ok=True)
                    staged.replace(pages / staged.name)
                db.execute("DELETE FROM settings WHERE name = ?", [noted])
            if pages.exists():
                sync_directory(pages)
        shutil.rmtree(folder)
    except OSError as error:
        raise ArchiveError(
            f"Raw pages that another command has brought could not be moved from {folder} to "
            f"{pages} ({error}). Nothing is lost: check permissions and disk, and "
            "run any command again."
        ) from error
