"""What `merge` did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import urls
from scraper.console.base import err, say
from scraper.text import one_line

if TYPE_CHECKING:
    from scraper.importing.merge import MergeReport


def print_merged(report: MergeReport) -> None:
    """What came in, what does not fit, and what erasures have to do with it."""
    say(
        one_line(
            f"{'Would come' if report.dry_run else 'Came'} in from {report.other}: "
            f"{report.added:,} new releases, {report.changed:,} with more history "
            f"({report.unchanged:,} as they were), {report.captures:,} captures "
            f"({report.known:,} were here)"
        )
    )
    if report.newsrooms:
        say(one_line(f"New newsrooms: {', '.join(report.newsrooms)}"))
    for where, what in report.conflicts:
        say(one_line(f"Conflict: {urls.readable(where)}: {what}."))
    for address in report.kept_out:
        say(one_line(f"Kept out, as it was erased here: {urls.readable(address)}"))
    for row in report.forgotten_there:
        reason = f" ({row['reason']})" if row["reason"] else ""
        say(
            one_line(
                f"Erased there on {row['day']}{reason}, and still here: "
                f"{urls.readable(row['address'])}. `newsroom forget` erases it here, too."
            )
        )
    for note in report.notes:
        err.print(one_line(f"Note: {note}"), soft_wrap=True)
