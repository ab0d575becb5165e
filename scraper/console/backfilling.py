"""What a web archive has, what was taken from it, and what could not be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from scraper.console.base import err, out, say
from scraper.text import one_line

if TYPE_CHECKING:
    from scraper.importing.backfill import BackfillReport


def print_backfill(report: BackfillReport) -> None:
    """The figures of a backfill on standard output."""
    say(
        f"{report.archive} lists {report.listed:,} captures of {report.releases:,} releases; "
        f"{report.lacking:,} of them would tell something new."
    )
    if report.left_out:
        say(f"{report.left_out:,} were left out: they could not be read earlier (--again).")
    if report.years:
        table = Table(box=None, pad_edge=False)
        table.add_column("year")
        table.add_column("captures", justify="right")
        for year, count in report.years.items():
            table.add_row(str(year), f"{count:,}")
        out.print(table)
    if report.dry_run:
        say("Nothing was fetched. The same command without --dry-run does it.")
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    for name in "fetched new changed unchanged failed".split():
        table.add_row(name, f"{getattr(report, name):,}")
    out.print(table)


def print_backfill_trouble(report: BackfillReport) -> None:
    """What could not be had, and what happens next, on standard error."""
    for warning in report.warnings:
        err.print(one_line(f"Warning: {warning}"), soft_wrap=True)
    for where, reason in report.failures:
        err.print(one_line(f"Failed: {where}: {reason}"), soft_wrap=True)
    if report.failures and not report.dry_run:
        err.print(
            "What failed was left out; the rest is in the archive. The same command asks again for "
            "what did not answer; what could not be read is left out until --again, or until a new "
            "version of this program.",
            soft_wrap=True,
        )
    if report.ended_early:
        err.print(
            f"The run ended before all captures were fetched: {report.ended_early}. The same "
            "command goes on where it stopped.",
            soft_wrap=True,
        )
