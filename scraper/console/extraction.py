"""What an extraction wrote, and what it could not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from scraper.console.base import err, out
from scraper.text import one_line

if TYPE_CHECKING:
    from scraper.lake.run import LakeReport


def print_extraction(report: LakeReport, *, quiet: bool) -> None:
    """The figures on standard output, trouble on standard error."""
    if not quiet:
        table = Table(box=None, show_header=False, pad_edge=False)
        tasks = f"{report.tasks_done:,} of {report.tasks:,}"
        if report.tasks_before:
            tasks += f", {report.tasks_before:,} done before"
        table.add_row("files", f"{report.files:,}")
        table.add_row("tasks", tasks)
        table.add_row("records", f"{report.records:,}")
        table.add_row("releases", f"{report.pages:,}")
        table.add_row("failed", f"{report.failed:,}")
        for name, count in report.rows.items():
            table.add_row(name, f"{count:,} rows")
        for reason, count in sorted(report.skipped.items()):
            table.add_row("skipped", f"{count:,} {reason}")
        out.print(table)
    for where, reason in report.failures:
        err.print(one_line(f"Failed: {where}: {reason}"), soft_wrap=True)
    more = report.failed - len(report.failures)
    if more > 0:
        err.print(f"… and {more:,} more; the files in _manifest name those of each task.")
    if report.failures:
        err.print(
            f"What failed was left out; the rest is in {one_line(report.target)}. Ranges of files "
            "that failed as a whole stand in _failed.json; the same command with --resume tries "
            "them again.",
            soft_wrap=True,
        )
    if report.ended_early:
        err.print(
            one_line(
                f"The extraction ended before all was done: {report.ended_early}. The same command "
                "with --resume goes on."
            ),
            soft_wrap=True,
        )
