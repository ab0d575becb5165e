"""What an open archive tells about the health of its crawl, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scraper.archive.read import read_record
from scraper.archive.runs import IS_CRAWL
from scraper.dates import day_of, parse_instant, utc_iso
from scraper.decide.revisit import RevisitPolicy
from scraper.health.shares import Observation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive import Archive

LATEST = 20
"""Least number of pages that are judged: those of the run, filled up by the ones before it."""
MOST_LATEST = 300
"""Greatest number: of a large run, its newest pages."""
HISTORY = 200
"""Pages that they are judged by: those before, less the ones of the last `FRESH`."""
FRESH = timedelta(days=14)
"""What is younger is no history yet. A drift is therefore repeated for two weeks at least. It ends
by itself once fewer than 60 % of the history have the field, after some 80 pages without it."""
PARSED = "parsed"
"""The field that every page has, unless it could not be read at all."""


@dataclass(frozen=True, slots=True)
class Observed:
    """Everything the assessments look at."""

    latest: tuple[Observation, ...]
    """The pages to judge, newest first; all of them newer than the archive's first run."""
    earlier: tuple[Observation, ...]
    """The history to judge them by, newest first."""
    unreadable: Observation | None
    """The page that could not be read last; None if all could."""
    days: frozenset[date]
    """Days of publication in the 400 days before the newest."""
    watching_since: date
    """Day of the archive's first run."""
    source: str
    """Where the latest run took its pages: `live`, `demo`, or the address of a mirror."""


@dataclass(frozen=True, slots=True)
class _Page:
    """One state of one page; its fields are read only if it is judged."""

    url: str
    at: datetime
    """When it became what it is: its publication, or the check that found it changed."""
    read_at: datetime
    """When the archive read it."""
    revision_id: int | None = None
    """None if it could not be read."""
    capture_id: int | None = None


def observe(
    archive: Archive,
    site: str,
    now: datetime,
    *,
    run_started: datetime | None = None,
    with_pages: bool = True,
) -> Observed | None:
    """Collect what is needed; costs as much as a few hundred records, however large the archive.

    Each release counts once among the latest pages and once in the history, as what it last was at
    that time. A page found unchanged adds nothing: it has the fields it had. What was published
    before the archive's first run is history, whenever it is read: old releases that a run brings
    belatedly are no news about the layout. States that had passed before it come from elsewhere
    (`newsroom import`), and say nothing about what this archive can expect.

    Args:
        archive: where.
        site: key of the city.
        now: the present, with time zone.
        run_started: when the run to be judged began; None judges the latest pages alone.
        with_pages: False leaves the pages out; only the days are collected.

    Returns:
        None if there has been no crawl.
    """
    runs = archive.rows(
        "SELECT min(started_at) AS first, (SELECT source FROM runs WHERE site = :site AND "  # noqa: S608 - a constant
        f"{IS_CRAWL} ORDER BY id DESC LIMIT 1) AS source FROM runs "
        f"WHERE site = :site AND {IS_CRAWL}",
        {"site": site},
    )[0]
    first = parse_instant(runs["first"] or "")
    if first is None:
        return None
    unreadable: list[_Page] = []
    latest: list[_Page] = []
    earlier: list[_Page] = []
    if with_pages:
        unreadable = list(_unreadable_pages(archive, site))
        newest = [*_read_pages(archive, site, first, None, MOST_LATEST), *unreadable]
        latest = _latest(newest, first, run_started)
        until = min([now - FRESH, *(page.at for page in latest)])
        before = [*_read_pages(archive, site, first, until, HISTORY), *unreadable]
        earlier = _earlier(before, until, set(latest))
    last = max(unreadable, key=lambda page: page.read_at, default=None)
    return Observed(
        _readings(archive, latest),
        _readings(archive, earlier),
        _reading(last, None) if last else None,
        _days(archive, site, first, now),
        first.date(),
        runs["source"],
    )


# By index, not by a look at all: what the city has published last, what of it has no date, what
# changed last. The `+` keeps SQLite from going through all that a city has ever published.
_FIRST_STATES = """
SELECT r.id, a.url, r.first_seen, a.published AS at
FROM articles a JOIN revisions r ON r.article_id = a.id AND r.number = (
  SELECT min(number) FROM revisions WHERE article_id = a.id AND last_seen >= :first)
WHERE a.site = :site AND a.published <= :until ORDER BY a.published DESC LIMIT :number
"""

_UNDATED = """
SELECT r.id, a.url, r.first_seen, coalesce((SELECT min(coalesce(published, first_listed))
  FROM candidates WHERE article_id = a.id), r.first_seen) AS at
FROM articles a JOIN revisions r ON r.article_id = a.id AND r.number = (
  SELECT min(number) FROM revisions WHERE article_id = a.id AND last_seen >= :first)
WHERE a.site = :site AND a.published IS NULL ORDER BY a.id DESC LIMIT :number
"""

_LATER_STATES = """
SELECT r.id, a.url, r.first_seen, r.first_seen AS at
FROM events e CROSS JOIN articles a ON a.id = e.article_id
JOIN revisions r ON r.article_id = e.article_id AND r.number > 1 AND r.first_seen = e.at
  AND EXISTS (SELECT 1 FROM revisions o WHERE o.article_id = r.article_id
    AND o.number < r.number AND o.last_seen >= :first)
WHERE e.kind = 'changed' AND +a.site = :site AND e.at <= :until ORDER BY e.id DESC LIMIT :number
"""

_LAST_DAY = "9999-12-31"

# A page that was an article and no longer is one fails at each try; what counts is
# when that began, which is when it was due after its last good check.
_UNREADABLE_PAGES = """
SELECT c.url, c.last_checked, c.last_changed, c.first_listed, a.id AS article_id,
  coalesce(a.published, c.published) AS published, k.id AS capture_id,
  max(k.fetched_at) AS fetched_at
FROM candidates c JOIN captures k ON k.url = c.url AND k.error IS NOT NULL
LEFT JOIN articles a ON a.id = c.article_id
WHERE c.site = ? AND c.failures > 0 AND c.error LIKE '% could not be parsed: %' GROUP BY c.url
"""


def _read_pages(
    archive: Archive, site: str, first: datetime, until: datetime | None, number: int
) -> Iterable[_Page]:
    """The newest states of pages, and some more; twice as many, as some may be of one release."""
    # A day more: stored times carry the city's offset.
    bound = (until + timedelta(days=1)).isoformat() if until else _LAST_DAY
    values = {"site": site, "first": utc_iso(first), "until": bound, "number": 2 * number}
    for sql in (_FIRST_STATES, _UNDATED, _LATER_STATES):
        for row in archive.rows(sql, values):
            read_at = _instant(row["first_seen"])
            yield _Page(row["url"], min(_instant(row["at"]), read_at), read_at, row["id"])


def _unreadable_pages(archive: Archive, site: str) -> Iterable[_Page]:
    for row in archive.rows(_UNREADABLE_PAGES, (site,)):
        read_at = _instant(row["fetched_at"])
        at = listed = _instant(row["published"] or row["first_listed"])
        if row["article_id"] and row["last_checked"]:
            changed = _instant(row["last_changed"]) if row["last_changed"] else None
            at = RevisitPolicy().next_check(listed, _instant(row["last_checked"]), changed)
        yield _Page(row["url"], min(at, read_at), read_at, None, row["capture_id"])


def _latest(pages: list[_Page], first_run: datetime, run_started: datetime | None) -> list[_Page]:
    """The pages to judge: the run's newest ones, filled up by those before it."""
    watched = _newest_of_each([page for page in pages if page.at > first_run])
    of_run = 0
    for page in watched:
        if run_started is None or page.read_at < run_started:
            break
        of_run += 1
    return watched[: min(max(LATEST, of_run), MOST_LATEST)]


def _earlier(pages: list[_Page], until: datetime, judged: set[_Page]) -> list[_Page]:
    """The pages to judge by: the newest that are old enough and not judged themselves."""
    old = [page for page in pages if page.at <= until and page not in judged]
    return _newest_of_each(old)[:HISTORY]


def _newest_of_each(pages: list[_Page]) -> list[_Page]:
    """Newest first, each release once."""
    found: dict[str, _Page] = {}
    for page in sorted(pages, key=lambda page: page.at, reverse=True):
        found.setdefault(page.url, page)
    return list(found.values())


def _readings(archive: Archive, pages: list[_Page]) -> tuple[Observation, ...]:
    marks = ", ".join("?" * len(pages))
    ids = tuple(page.revision_id for page in pages)
    stored = {
        row["id"]: row
        for row in archive.rows(
            f"SELECT id, record, capture_id FROM revisions WHERE id IN ({marks})",  # noqa: S608 - marks
            ids,
        )
    }
    return tuple(_reading(page, stored.get(page.revision_id)) for page in pages)


def _reading(page: _Page, row: dict[str, Any] | None) -> Observation:
    if row is None:
        return Observation(page.url, page.at, {PARSED: False}, None, page.capture_id)
    record = read_record(row["record"], page.url)
    has, length = fields_of(record), len(record["text"])
    return Observation(page.url, page.at, has, length, row["capture_id"], row["id"])


def fields_of(record: dict[str, Any]) -> dict[str, bool]:
    """Which fields a record has; those that cannot apply to it are left out.

    Args:
        record: JSON object of an article.
    """
    plain = (
        "content_id page_id kicker lead description published modified district images tags"
        " links videos related text"
    )
    has = {name: bool(record.get(name)) for name in plain.split()} | {PARSED: True}
    # Word for word: pages that an older version has read hold no indirect speech.
    has["quotes"] = any(quote["kind"] != "indirect" for quote in record.get("quotes") or ())
    has["section_headings"] = any(section["heading"] for section in record["sections"])
    if record["published"]:
        has["time_of_day"] = "T" in record["published"]
    if record["images"]:
        has["image_captions"] = any(image["caption"] for image in record["images"])
        has["image_credits"] = any(image["credit"] for image in record["images"])
    return has


def was_healthy(archive: Archive, site: str) -> bool:
    """Whether the run before the present one came to its end and found nothing wrong."""
    rows = archive.rows(
        "SELECT finished_at, findings FROM runs WHERE site = ? ORDER BY id DESC LIMIT 2", (site,)
    )
    at_work = bool(rows) and rows[0]["finished_at"] is None
    before = rows[1:] if at_work else rows
    return bool(before) and before[0]["findings"] == "[]"


def _days(archive: Archive, site: str, first_run: datetime, now: datetime) -> frozenset[date]:
    rows = archive.rows(
        "SELECT DISTINCT substr(published, 1, 10) AS day FROM articles WHERE site = :site AND "
        "published >= (SELECT date(published, '-402 days') FROM articles WHERE site = :site "
        "AND published <= :now ORDER BY published DESC LIMIT 1)"
        # What is listed and could not be had is no silence, nor is a release without a date.
        " UNION SELECT max(published) FROM candidates WHERE +site = :site AND article_id IS NULL "
        "AND published <= :now"
        " UNION SELECT max(substr(first_seen, 1, 10)) FROM articles WHERE site = :site "
        "AND published IS NULL AND first_seen > :first",
        {"site": site, "first": first_run.isoformat(), "now": now.isoformat()},
    )
    return frozenset(day for row in rows if (day := day_of(row["day"])))


def _instant(iso: str) -> datetime:
    """A stored time; a date alone is the beginning of that day."""
    moment = datetime.fromisoformat(iso)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
