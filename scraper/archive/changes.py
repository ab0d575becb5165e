"""What happened to releases in a span of time: edited, moved, taken down, put back, corrected."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scraper.archive.cities_schema import SITE_NAME
from scraper.archive.corrections import EVENT, correction_changes
from scraper.archive.read import read_record
from scraper.archive.search.filters import Filters, conditions
from scraper.dates import utc_iso
from scraper.decide.compare import compare_versions
from scraper.errors import UsageError
from scraper.sites import get_site

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from scraper.archive.connection import Archive

KINDS = ("changed", "moved", "gone", "withdrawn", "back", "corrected", "attachment")
"""Events that somebody who follows a city wants to hear of."""

COLUMNS = (
    "at", "kind", "article_id", "site", "title", "published", "url", "fields", "detail", "site_name"
)  # fmt: skip
"""Of a table of changes."""


def changes(
    archive: Archive, filters: Filters, *, limit: int | None = None
) -> list[dict[str, Any]]:
    """Events, the latest first.

    Args:
        archive: where.
        filters: which; `since` and `until` are days of the event, in the city's time, not of the
            release's publication.
        limit: at most so many; all if None.

    Returns:
        Rows with `COLUMNS` and `online`; `fields` are the fields that an edit has changed, or in
        which a correction differs, whose address is the `detail`.

    Raises:
        UsageError: a filter is empty.
        ArchiveError: the archive cannot be read.
    """
    terms, values = event_conditions(archive, filters)
    kinds = ", ".join(repr(kind) for kind in KINDS)
    rows = archive.rows(
        "SELECT e.at, e.kind, e.article_id, a.site, a.title, a.published, a.url, e.detail, "
        f"a.gone_at IS NULL AS online, {SITE_NAME.format(site='a.site')} AS site_name, "
        "(SELECT number FROM revisions r WHERE r.article_id = a.id AND r.first_seen = e.at "
        "ORDER BY number DESC LIMIT 1) AS number "
        "FROM events e JOIN articles a ON a.id = e.article_id "
        f"WHERE e.kind IN ({kinds}){''.join(f' AND {term}' for term in terms)} "
        "ORDER BY e.at DESC, e.id DESC LIMIT :limit",
        values | {"limit": -1 if limit is None else limit},
    )
    for row in rows:
        number = row.pop("number")
        row["online"] = bool(row["online"])
        is_edit = row["kind"] == "changed" and number
        if row["kind"] == EVENT:
            told = correction_changes(archive, row["article_id"], row["detail"] or "")
            row["fields"] = [change["field"] for change in told]
        else:
            row["fields"] = _fields(archive, row["article_id"], number) if is_edit else []
    return rows


def changed_fields(archive: Archive, article_id: int, at: str) -> list[str]:
    """The fields that an edit has changed.

    Args:
        archive: where.
        article_id: of the release.
        at: when the edit was noticed, as `events.at` has it.
    """
    rows = archive.rows(
        "SELECT max(number) AS number FROM revisions WHERE article_id = ? AND first_seen = ?",
        (article_id, at),
    )
    return _fields(archive, article_id, rows[0]["number"]) if rows[0]["number"] else []


def _fields(archive: Archive, article_id: int, number: int) -> list[str]:
    """The fields in which a version differs from the one before."""
    rows = archive.rows(
        "SELECT record FROM revisions WHERE article_id = ? AND number IN (?, ?) ORDER BY number",
        (article_id, number - 1, number),
    )
    if len(rows) < 2:
        return []
    before, after = (read_record(row["record"], f"article {article_id}") for row in rows)
    return [change.field for change in compare_versions(before, after)]


def event_conditions(archive: Archive, filters: Filters) -> tuple[list[str], dict[str, Any]]:
    """SQL conditions on `events e JOIN articles a`, and their values.

    Days are those of the event; everything else is about its release.

    Raises:
        UsageError: a name to filter by has no letter or digit.
        ArchiveError: the archive cannot be read.
    """
    undated = dataclasses.replace(filters, since=None, until=None)
    terms, values = conditions(archive, undated)
    between, more = during(archive, "e.at", filters.since, filters.until)
    return [*terms, *between], values | more


def during(
    archive: Archive, column: str, since: date | None, until: date | None, prefix: str = "event"
) -> tuple[list[str], dict[str, Any]]:
    """SQL conditions on a column of UTC times, for days of the city's own calendar.

    Args:
        archive: whose city's.
        column: the column, such as `e.at`.
        since: first day.
        until: last day.
        prefix: of the names of the values.
    """
    terms, values = [], {}
    zone = ZoneInfo(_zone(archive)) if since or until else UTC
    begin = _midnight(since, zone)
    if begin is not None:
        terms.append(f"{column} >= :{prefix}_since")
        values[f"{prefix}_since"] = begin
    end = _midnight(until, zone, days=1)
    if end is not None:
        terms.append(f"{column} < :{prefix}_until")
        values[f"{prefix}_until"] = end
    return terms, values


def _midnight(day: date | None, zone: tzinfo, days: int = 0) -> str | None:
    """When a day, or one some days later, begins; None at the edges of the calendar, too."""
    if day is None:
        return None
    try:
        return utc_iso(datetime.combine(day + timedelta(days=days), time(), zone))
    except OverflowError:
        return None


def _zone(archive: Archive) -> str:
    """The time zone of the archive's newsrooms; UTC if it knows none of them."""
    for row in archive.rows("SELECT DISTINCT site FROM runs ORDER BY site"):
        try:
            return get_site(row["site"]).zone
        except UsageError:
            continue
    return "UTC"
