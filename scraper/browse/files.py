"""A search as files: all of its results as CSV, the newest of them as an Atom feed."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from scraper import urls
from scraper.archive.cities_schema import SITE_NAME
from scraper.export.columns import TABLES, Field, Table
from scraper.export.delimited import write_csv
from scraper.export.feed import write_feed
from scraper.export.request import FeedOptions
from scraper.export.xlsx import write_xlsx

if TYPE_CHECKING:
    from scraper.archive import Archive
    from scraper.browse.columns import Columns
    from scraper.browse.selection import Selection
    from scraper.export.tables import Row

CSV_COLUMNS = (
    "id published kicker title lead district tags speakers url gone_at site site_name".split()
)
CSV_BATCH = 500
"""Releases read at once."""
MOST_IN_A_WORKBOOK = 50_000
"""Releases; a workbook is made before it is sent."""
_DESCRIBED = {field.name: field for field in TABLES["articles"].fields}
_RELEASES = Table(
    "releases",
    "release that was found, the newest first",
    "",
    "",
    tuple(
        _DESCRIBED.get(name) or Field(name, "string", "Who speaks in it, joined by `; `.")
        for name in CSV_COLUMNS
    ),
    (),
)

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


def file_name(selection: Selection, end: str) -> str:
    """The name of the file for the results of a search, with an end such as `csv`."""
    words = _UNSAFE.sub("-", selection.q)[:60].strip("-")
    return f"newsroom-{words}.{end}" if words else f"newsroom.{end}"


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
    """The lines of `result_rows`."""
    file = io.BytesIO()
    write_csv(file, CSV_COLUMNS, result_rows(archive, columns, gone, ids))
    return file.getvalue().removeprefix(csv_header())


def workbook(rows: list[Row]) -> bytes:
    """Rows of `result_rows` as an Excel workbook."""
    file = io.BytesIO()
    write_xlsx(file, _RELEASES, rows)
    return file.getvalue()


def result_rows(
    archive: Archive, columns: Columns, gone: dict[int, str], ids: list[int]
) -> list[Row]:
    """`CSV_COLUMNS` of each of some releases, at most `CSV_BATCH`, in the order of the ids.

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
    return [tuple(by_id[n][name] for name in CSV_COLUMNS) for n in ids if n in by_id]


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
