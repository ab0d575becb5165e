"""What `backup` and `restore` did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.console.base import err, say
from scraper.console.reports import print_findings
from scraper.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.backup import BackupReport
    from scraper.archive.backup_list import BackupList


def print_backup(report: BackupReport) -> None:
    """What was copied, and what was left out."""
    say(
        f"Backup of {report.made_at} in {report.target}: {report.files:,} files, {report.copied:,} "
        f"of them copied now ({report.bytes:,} bytes). It was checked and is sound."
    )
    for sentence in report.left_out:
        err.print(printable(f"Left out: {sentence}"), soft_wrap=True)


def print_restored(made: BackupList, directory: Path, findings: dict[str, Any]) -> None:
    """What was restored, and what `verify` says of it."""
    say(f"{len(made.files):,} files of the backup of {made.made_at} restored to {directory}")
    print_findings(findings)
