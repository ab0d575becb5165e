"""What there is to narrow a search down by, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.console.base import print_table, say

if TYPE_CHECKING:
    from collections.abc import Iterable


def print_labels(rows: list[dict[str, Any]], name: str, *, with_city: bool) -> None:
    """Tags or districts: each with its number of releases, and from when to when.

    Args:
        rows: as `scraper.archive.labels` gives them.
        name: the column that holds the tag or district.
        with_city: whether to say which cities they are from.
    """
    if not rows:
        say(f"No release has a {name}.")
        return
    columns = [name, "releases", "first_date", "last_date"]
    if with_city:
        columns.append("cities")
        rows = [{**row, "cities": ", ".join(_cities(row))} for row in rows]
    print_table(rows, columns)


def _cities(row: dict[str, Any]) -> Iterable[str]:
    return row["sites"] if "sites" in row else [row["site_name"]]
