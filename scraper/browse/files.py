"""A search as files: all of its results as CSV, the newest of them as an Atom feed."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from scraper import urls
from scraper.archive.cities_schema import SITE_NAME
from scraper.export.delimited import write_csv
from scraper.export.feed import write_feed
from scraper.export.request import FeedOptions

if TYPE_CHECKING:
    from scraper.archive import Archive
    from scraper.browse.columns import Columns
    from scraper.browse.selection import Selection

CSV_COLUMNS = (
    "id published kicker title lead district tags speakers url gone_at site site_name".split()
)
CSV_BATCH = 500
"""Releases read at once."""

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


def csv_name(selection: Selection) -> str:
    """The name of the file for the results of a search."""
    words = _UNSAFE.sub("-", selection.q)[:60].strip("-")
    return f"newsroom-{words}.csv" if words else "newsroom.csv"


def csv_header() -> bytes:
    """The first line."""
    file = io.BytesIO()
    write_csv(file, CSV_COLUMNS, [])
    return file.getvalue()


def gone_since(archive: Archive) -> dict[int, str]:
    """When releases were found to have disappeared, by id."""
    rows = archive.rows("SELECT id, gone_at FROM articles WHERE gone_at IS NOT NULL")
    return {row["id"]: row["gone_at"] for row in rows}


def csv_lines(archive: Archive, columns: Columns, gone: dict[int, str], ids: list[int]) -> bytes:
    """A line for each of some releases, at most `CSV_BATCH`, in the order of the ids.

    Args:
        archive: where.
        columns: facts that are known without reading.
        gone: from `gone_since`.
        ids: the releases.
    """
    marks = ", ".join("?" * len(ids))
    # What stands behind the texts in a row is slow to read; the columns have it.
    rows = archive.rows(
        "SELECT id, published, kicker, title, lead, url, site, "
        f"{SITE_NAME.format(site='articles.site')} AS site_name "
        f"FROM articles WHERE id IN ({marks})",
        tuple(ids),
    )
    by_id: dict[int, dict[str, Any]] = {row["id"]: row for row in rows}
    for number, row in by_id.items():
        row["district"] = columns.district.get(number)
        row["tags"] = "; ".join(columns.tags.get(number, ()))
        row["speakers"] = "; ".join(columns.speakers.get(number, ()))
        row["gone_at"] = gone.get(number)
    file = io.BytesIO()
    lines = [tuple(by_id[n][name] for name in CSV_COLUMNS) for n in ids if n in by_id]
    write_csv(file, CSV_COLUMNS, lines)
    return file.getvalue().removeprefix(csv_header())


def search_feed(archive: Archive, selection: Selection, address: str) -> bytes:
    """An Atom feed of the newest results of a search.

    Args:
        archive: where.
        selection: the search.
        address: where the feed is.

    Raises:
        UsageError: the query cannot be searched for.
    """
    return _feed(archive, selection, FeedOptions(selection.q or None, self_url=_known(address)))


def changes_feed(archive: Archive, selection: Selection, address: str) -> bytes:
    """An Atom feed of what was edited, moved, removed.

    Args:
        archive: where.
        selection: only releases that it selects.
        address: where the feed is.

    Raises:
        UsageError: the query cannot be searched for.
    """
    options = FeedOptions(selection.q or None, changes=True, self_url=_known(address))
    return _feed(archive, selection, options)


def _feed(archive: Archive, selection: Selection, options: FeedOptions) -> bytes:
    file = io.BytesIO()
    write_feed(file, archive, selection.filters, options)
    return file.getvalue()


def _known(address: str) -> str | None:
    return address if urls.canonical(address) else None
