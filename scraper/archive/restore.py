"""An archive back from a backup, into an empty directory, each file compared with its digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.backup_list import (
    LIST_NAME,
    BackedUp,
    BackupList,
    copy_file,
    present,
    sha256_of,
    stored,
)
from scraper.archive.connection import DATABASE_NAME
from scraper.disk.atomic import sync_directory
from scraper.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

_MARK = ".restoring"
"""In a directory into which a backup is being brought back."""


def restore(source: Path, directory: Path) -> BackupList:
    """Bring a backup back; the source is only read. Cut off, the same call goes on.

    Args:
        source: directory of the backup.
        directory: where the archive is to be; it must be empty, or not exist.

    Returns:
        The list of the backup.

    Raises:
        UsageError: there is no backup, or the directory is not empty.
        ArchiveError: a file of the backup is missing or damaged, or cannot be written.
    """
    made = present(source) if source.is_dir() else None
    if made is None:
        raise UsageError(
            f"There is no complete backup in {source}: it has no {LIST_NAME}. Say the directory "
            "that `newsroom backup` was given."
        )
    mark = directory / _MARK
    try:
        if directory.exists() and any(directory.iterdir()) and not mark.exists():
            raise UsageError(
                f"{directory} is not empty, so nothing was written. Choose a directory that does "
                "not exist yet with --data."
            )
        directory.mkdir(parents=True, exist_ok=True)
        mark.touch()
        # The database last: before, there is no archive.
        for name in sorted(made.files, key=lambda name: (name == DATABASE_NAME, name)):
            _bring(stored(source, name), directory / name, made.files[name])
        mark.unlink()
        sync_directory(directory)
    except OSError as error:
        raise ArchiveError(
            f"The backup could not be restored to {directory} ({error}). Make room or check the "
            "permissions, and run the same command again: it goes on where it stopped."
        ) from error
    return made


def _bring(source: Path, target: Path, wanted: BackedUp) -> None:
    if target.exists() and sha256_of(target) == wanted.sha256:
        target.chmod(wanted.mode)
        return
    if not source.exists():
        raise ArchiveError(
            f"The backup is damaged: {source} is missing. The archive is not restored. Use another "
            "copy of the backup."
        )
    found = copy_file(source, target, wanted.mode, None)
    if found != wanted:
        target.unlink()
        raise ArchiveError(
            f"The backup is damaged: {source} is not the file that was backed up (its SHA-256 has "
            "changed). The archive is not restored. Use another copy of the backup."
        )
