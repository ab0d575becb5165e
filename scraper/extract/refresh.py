"""Bringing a stored record up to date before a new one is compared with it.

A parser that has got better since must not look like an edit by the city: before a difference is
taken for one, the stored page is read again with the present parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.read import raw_page
from scraper.records import article_from_json

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.archive import Archive, Store
    from scraper.extract.reading import PageReader
    from scraper.records import Article


def refresh(
    archive: Archive, store: Store, reader: PageReader, revision_id: int, now: datetime
) -> Article | None:
    """Read a stored page again, and store the record if it differs.

    Args:
        archive: open for writing.
        store: writes to it.
        reader: reads the page.
        revision_id: of the version.
        now: the present, with time zone.

    Returns:
        The new record; None if it is as before, or the page is not kept or no longer parses.

    Raises:
        ArchiveError: page or record are missing or damaged.
    """
    page = raw_page(archive, revision_id)
    reading = reader.again(page) if page else None
    if reading is None or reading.record is None:
        return None
    article = article_from_json(reading.record)
    fields = [name for name, _before, _after in reading.changes]
    store.reread(revision_id, article, fields, now)
    return article
