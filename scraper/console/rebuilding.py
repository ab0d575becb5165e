"""What `rebuild` did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.console.base import err, say
from scraper.console.reports import print_findings
from scraper.text import printable

if TYPE_CHECKING:
    from scraper.importing.rebuild import RebuildReport


def print_rebuilt(report: RebuildReport, findings: dict[str, Any]) -> None:
    """What came out of which files, and what `verify` says of it."""
    say(
        f"{report.releases:,} releases, {report.captures:,} captures and {report.events:,} events "
        f"from {report.files:,} WARC files"
    )
    if report.read_differently:
        say(f"{report.read_differently:,} versions are read differently by this program now")
    for where, reason in report.failures:
        err.print(printable(f"Failed: {where}: {reason}"), soft_wrap=True)
    for note in report.notes:
        err.print(printable(f"Note: {note}"), soft_wrap=True)
    print_findings(findings)
