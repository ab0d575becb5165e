"""One stored page, read again with the present parser, and what that changes. Pure."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.decide.compare import compare
from scraper.errors import ParseError
from scraper.extract.extract import extract, with_listed_district
from scraper.records import article_from_json, to_json

if TYPE_CHECKING:
    from scraper.archive.read import RawPage
    from scraper.sites import Site

DAMAGED = "its stored record is damaged: it has not the form of one"


@dataclass(frozen=True, slots=True)
class Reparsed:
    """What the present parser makes of one page."""

    revision_id: int
    url: str
    record: dict[str, Any] | None = None
    """The new record; None when it is the same as before, not wanted, or the page failed."""
    changes: tuple[tuple[str, Any, Any], ...] = ()
    """Field, before, after."""
    error: str | None = None


def read_again(page: RawPage, site: Site) -> Reparsed:
    """Parse one stored page and compare; pure. A failure is in the result.

    Args:
        page: as it is stored.
        site: whose page.
    """
    try:
        old = article_from_json(page.record)
    except (AttributeError, KeyError, TypeError):
        return Reparsed(page.revision_id, page.capture.url, error=DAMAGED)
    try:
        article = extract(page.capture, site, listed=page.listed)
    except ParseError as error:
        return Reparsed(page.revision_id, page.capture.url, error=error.reason)
    # Which address a page has is the crawl's business: it may claim one that is not its own.
    article = dataclasses.replace(article, url=old.url)
    article = with_listed_district(article, page.listed_district)
    # Compared as this version writes records: a field that is new in it counts only with a value.
    changes = compare(to_json(old), to_json(article))
    if not changes:
        return Reparsed(page.revision_id, page.capture.url)
    brief = tuple((change.field, change.before, change.after) for change in changes)
    return Reparsed(page.revision_id, page.capture.url, to_json(article), brief)
