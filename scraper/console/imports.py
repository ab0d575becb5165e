"""What an import brought in, and what it could not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from scraper.console.base import err, out, say
from scraper.text import one_line

if TYPE_CHECKING:
    from scraper.importing import ImportReport


def print_import(report: ImportReport) -> None:
    """The figures of an import on standard output."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for name in "read new changed unchanged failed".split():
        table.add_row(name, f"{getattr(report, name):,}")
    for reason, count in sorted(report.skipped.items()):
        table.add_row("skipped", f"{count:,} {reason}")
    out.print(table)
    if report.undated:
        say(
            f"{report.undated:,} pages do not say when they were captured; the times of their "
            "files were taken."
        )
    if report.dry_run:
        say("Nothing was written. The same command without --dry-run does it.")


def print_import_trouble(report: ImportReport) -> None:
    """What could not be read, and what happens next, on standard error."""
    for warning in report.warnings:
        err.print(one_line(f"Warning: {warning}"), soft_wrap=True)
    for where, reason in report.failures:
        err.print(one_line(f"Failed: {where}: {reason}"), soft_wrap=True)
    if report.failures:
        err.print(
            "What failed was left out; the rest is in the archive. The same command tries it again "
            "and changes nothing else.",
            soft_wrap=True,
        )
    if report.ended_early:
        err.print(
            f"The import ended before all pages were done: {report.ended_early}. The same command "
            "goes on where it stopped.",
            soft_wrap=True,
        )
