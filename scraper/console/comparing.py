"""A subject compared across cities, as a table with bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.console.bars import bar
from scraper.console.base import print_table, say

if TYPE_CHECKING:
    from scraper.archive.comparison import By


def print_comparison(rows: list[dict[str, Any]], by: By) -> None:
    """Releases that match, of how many, and a bar for the share; months without any are left out.

    Args:
        rows: as `scraper.archive.comparison.compare` gives them.
        by: what was counted.
    """
    said = [row for row in rows if row["releases"] or by == "site"]
    largest = max((row["share"] for row in rows), default=0)
    shown = [
        {
            **row,
            "city": row["site_name"],
            "of": f"{row['total']:,}",
            "share": f"{row['share']:.1%}",
            "": bar(row["share"], largest),
        }
        for row in said
    ]
    columns = ["city", "releases", "of", "share", ""]
    if shown:
        print_table(shown, columns if by == "site" else [by, *columns])
    found, total = (sum(row[name] for row in rows) for name in ("releases", "total"))
    share = f", {found / total:.1%}" if total else ""
    say(f"{found:,} of {total:,} releases{share}")
