"""The table `candidates`: which addresses were listed, and which are to be fetched now."""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scraper.archive import addresses
from scraper.archive.tombstones import add_address, erased
from scraper.dates import parse_instant, utc_iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.archive.connection import Archive
    from scraper.decide.revisit import RevisitPolicy
    from scraper.records import Article, Candidate


_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pending:
    """An address that is to be fetched, and what earlier checks left behind."""

    url: str
    first_listed: datetime
    district: str | None = None
    """According to the listing."""
    published: str | None = None
    """ISO date or date-time, according to the page or the listing."""
    article_id: int | None = None
    """The article of this address; None if the archive has none."""
    missing_since: datetime | None = None
    last_changed: datetime | None = None
    failures: int = 0
    """Failed checks in a row."""
    etag: str | None = None
    last_modified: str | None = None
    not_modified: int = 0
    """Answers of 304 in a row that were believed."""
    fetch_url: str | None = None
    """Where it is to be had, if not at its own address."""
    listed: tuple[tuple[str, str], ...] = ()
    """What else the listing said, see `Candidate.listed`."""

    @property
    def address(self) -> str:
        """What to ask for."""
        return self.fetch_url or self.url


@dataclass(frozen=True, slots=True)
class Validators:
    """What the server gave to ask with whether a page has changed (RFC 9110)."""

    etag: str | None = None
    last_modified: str | None = None


class Frontier:
    """The table `candidates` of one site, during one run.

    Args:
        archive: where.
        site: key of the site.
        run_id: the present run; it tells what was listed and tried in it.
        policy: when to look again.
    """

    def __init__(self, archive: Archive, site: str, run_id: int, policy: RevisitPolicy) -> None:
        self._archive = archive
        self.site = site
        """Key of the site."""
        self._run_id = run_id
        self._policy = policy

    # --- what is listed ----------------------------------------------------------------------

    def add(self, candidates: Iterable[Candidate], now: datetime) -> None:
        """Note what a listing names. A page that had been missing is due at once.

        What was erased from the archive is passed over.
        """
        at = utc_iso(now)
        candidates = list(candidates)
        gone = erased(self._archive, [each.url for each in candidates])
        candidates = [each for each in candidates if each.url not in gone]
        rows = [
            {
                "url": candidate.url,
                "site": self.site,
                "original": candidate.original,
                "source": candidate.source,
                "published": candidate.published.isoformat() if candidate.published else None,
                "district": candidate.district,
                "fetch_url": candidate.fetch_url,
                "listed": json.dumps(dict(candidate.listed)) if candidate.listed else None,
                "at": at,
                "run": self._run_id,
            }
            for candidate in candidates
        ]
        with self._archive.transaction() as db:
            db.conn.executemany(_ADD, rows)

    def knows(self, url: str) -> bool:
        """Whether an address was ever listed."""
        return bool(self._archive.rows("SELECT 1 FROM candidates WHERE url = ?", (url,)))

    def unknown(self, candidates: list[Candidate]) -> list[Candidate]:
        """Those candidates whose addresses were never listed, and not erased."""
        rows = self._archive.rows(
            "SELECT value AS url FROM json_each(?) WHERE value NOT IN (SELECT url FROM candidates)",
            (json.dumps([candidate.url for candidate in candidates]),),
        )
        fresh = {row["url"] for row in rows}
        fresh -= erased(self._archive, fresh)
        return [candidate for candidate in candidates if candidate.url in fresh]

    def found(self) -> int:
        """How many addresses this run's listings have named."""
        sql = "SELECT count(*) AS n FROM candidates WHERE site = ? AND listed_in = ?"
        return int(self._archive.rows(sql, (self.site, self._run_id))[0]["n"])

    def seen(self, now: datetime) -> None:
        """Move `last_seen` of the articles that this run's listings have named."""
        with self._archive.transaction() as db:
            db.execute(
                "UPDATE articles SET last_seen = max(first_seen, ?) WHERE gone_at IS NULL "
                "AND id IN (SELECT article_id FROM candidates WHERE site = ? AND listed_in = ?)",
                [utc_iso(now), self.site, self._run_id],
            )

    # --- what is due -------------------------------------------------------------------------

    def due(
        self, now: datetime, since: date | None = None, *, full: bool = False
    ) -> Iterator[Pending]:
        """What to fetch: what is new, then what is due for another look, then what has failed.

        Newest first; addresses without a date come last. What fails comes last so that a page
        which ends the process cannot keep the others away. An address that was tried meanwhile,
        or turned out to be another name of one that was, is left out.

        Args:
            now: the present.
            since: leave out what was published before this day, as far as that is known.
            full: every known address is due.
        """
        rows = self._due("rowid", _FIRST_THINGS_FIRST, now, since, full=full)
        # Numbers only: a first crawl has many thousands of addresses before it.
        numbers = array("q", (row["rowid"] for row in rows))
        del rows
        for number in numbers:
            found = self._archive.rows(_PENDING, (number, self._run_id))
            if found:
                yield _pending(found[0])

    def count_due(self, now: datetime, since: date | None = None, *, full: bool = False) -> int:
        """How many addresses `due` would name."""
        return int(self._due("count(*) AS n", "", now, since, full=full)[0]["n"])

    def _due(
        self, what: str, order: str, now: datetime, since: date | None, *, full: bool
    ) -> list[dict[str, Any]]:
        values = {
            "site": self.site,
            "now": utc_iso(now),
            "since": since.isoformat() if since else "",
            # Later than any policy says: a clock was wrong when it was written.
            "beyond": utc_iso(now + self._policy.longest + _A_DAY),
        }
        when = "true" if full else f"rowid IN ({_TIMELY})"
        return self._archive.rows(f"SELECT {what} FROM {_DUE} AND {when} {order}", values)

    # --- how a check went --------------------------------------------------------------------

    def succeeded(
        self,
        pending: Pending,
        article_id: int,
        article: Article,
        now: datetime,
        *,
        edited: bool = False,
        validators: Validators = Validators(),
    ) -> None:
        """Note a check that found an article, under this address or by way of it.

        Args:
            pending: the address that was fetched.
            article_id: of the article.
            article: what was found.
            now: the present.
            edited: whether the archive had other words before.
            validators: of the page's own address, for the next check.
        """
        changed = now if edited else pending.last_changed
        published = article.published or pending.published
        values = {
            "at": utc_iso(now),
            "next": utc_iso(self._next_check(published, pending.first_listed, now, changed)),
            "changed": utc_iso(changed) if changed else None,
            "article_id": article_id,
            "published": article.published,
            "url": pending.url,
            "canonical": article.url,
            "site": self.site,
            "etag": validators.etag,
            "last_modified": validators.last_modified,
            "run": self._run_id,
        }
        with self._archive.transaction() as db:
            if article.url != pending.url:
                db.execute(_ADD_CANONICAL, values)
                db.execute("UPDATE candidates SET alias_of = :canonical WHERE url = :url", values)
            db.execute(_SUCCEEDED, values)

    def unchanged(self, pending: Pending, now: datetime, *, not_modified: bool) -> None:
        """Note a check that found the page as it was, without reading it.

        Args:
            pending: the address.
            now: the present.
            not_modified: the server only said so; False if it sent the same bytes again.
        """
        changed = pending.last_changed
        due = self._next_check(pending.published, pending.first_listed, now, changed)
        count = pending.not_modified + 1 if not_modified else 0
        with self._archive.transaction() as db:
            db.execute(
                "UPDATE candidates SET last_checked = ?, next_check = ?, missing_since = NULL, "
                "failures = 0, error = NULL, not_modified = ?, tried_in = ? WHERE url = ?",
                [utc_iso(now), utc_iso(due), count, self._run_id, pending.url],
            )

    def too_old(self, url: str, published: str | None) -> None:
        """Note the day of an article that a run with `--since` left out."""
        with self._archive.transaction() as db:
            db.execute(
                "UPDATE candidates SET published = ?, tried_in = ? WHERE url = ?",
                [published, self._run_id, url],
            )

    def failed(self, pending: Pending, error: str, now: datetime) -> None:
        """Note a check that failed; the address stays due."""
        due = self._policy.next_try(pending.failures + 1, now)
        with self._archive.transaction() as db:
            db.execute(
                "UPDATE candidates SET failures = failures + 1, error = ?, next_check = ?, "
                "tried_in = ? WHERE url = ?",
                [error, utc_iso(due), self._run_id, pending.url],
            )

    def erased(self, pending: Pending, tombstone_id: int) -> None:
        """Note that an address leads to a release that was erased: it is not asked for again."""
        with self._archive.transaction() as db:
            add_address(self._archive, tombstone_id, pending.url)
            db.execute("DELETE FROM candidates WHERE url = ?", [pending.url])

    def cut_off(self, url: str, fetched_at: str) -> None:
        """Note a page that a killed run had fetched, but not read before it ended."""
        with self._archive.transaction() as db:
            db.execute(
                "UPDATE candidates SET failures = failures + 1, error = ? WHERE url = ? "
                "AND (last_checked IS NULL OR last_checked < ?)",
                ["The run that fetched it ended before it was read.", url, fetched_at],
            )

    def missing(self, pending: Pending, now: datetime) -> None:
        """Note that the server says there is no such page."""
        if pending.article_id is None or pending.missing_since is not None:
            due = self._next_check(pending.published, pending.first_listed, now, None)
        else:
            due = now + self._policy.shortest  # whether it has really gone is news
        with self._archive.transaction() as db:
            db.execute(
                "UPDATE candidates SET last_checked = :at, next_check = :next, failures = 0, "
                "error = NULL, tried_in = :run, missing_since = "
                "CASE WHEN missing_since <= :at THEN missing_since ELSE :at END "
                "WHERE url = :url",
                {
                    "at": utc_iso(now),
                    "next": utc_iso(due),
                    "run": self._run_id,
                    "url": pending.url,
                },
            )

    # --- addresses of one article ------------------------------------------------------------

    def moved_from(self, url: str, article: Article) -> str | None:
        """The address an article had before; see `scraper.archive.addresses.moved_from`."""
        return addresses.moved_from(self._archive, self.site, url, article)

    def same_content(self, article: Article) -> str | None:
        """Another article's address; see `scraper.archive.addresses.same_content`."""
        return addresses.same_content(self._archive, self.site, article)

    def alias(self, url: str, canonical: str) -> None:
        """Note that an address leads to another one, or is what an article left behind."""
        with self._archive.transaction() as db:
            db.execute(
                "UPDATE candidates SET alias_of = :canonical "
                "WHERE url = :url AND url <> :canonical",
                {"url": url, "canonical": canonical},
            )

    def is_open(self, url: str) -> bool:
        """Whether an address that was due still is: not tried, and not known as another's name."""
        sql = "SELECT 1 FROM candidates WHERE url = ? AND alias_of IS NULL AND tried_in IS NOT ?"
        return bool(self._archive.rows(sql, (url, self._run_id)))

    def was_tried(self, url: str) -> bool:
        """Whether this run has fetched an address already."""
        sql = "SELECT 1 FROM candidates WHERE url = ? AND tried_in = ?"
        return bool(self._archive.rows(sql, (url, self._run_id)))

    def _next_check(
        self,
        published: str | None,
        first_listed: datetime,
        now: datetime,
        changed: datetime | None,
    ) -> datetime:
        return self._policy.next_check(_instant(published) or first_listed, now, changed)


_ADD = """
INSERT INTO candidates
  (url, site, original, source, published, district, fetch_url, listed, first_listed, next_check,
   listed_in)
VALUES (:url, :site, :original, :source, :published, :district, :fetch_url, :listed, :at, :at, :run)
ON CONFLICT (url) DO UPDATE SET
  published = coalesce(candidates.published, excluded.published),
  district = coalesce(candidates.district, excluded.district),
  fetch_url = coalesce(excluded.fetch_url, candidates.fetch_url),
  listed = coalesce(candidates.listed, excluded.listed),
  next_check = CASE WHEN missing_since IS NULL THEN next_check ELSE :at END,
  listed_in = :run
"""

_ADD_CANONICAL = """
INSERT INTO candidates (url, site, original, source, published, first_listed, next_check)
VALUES (:canonical, :site, :canonical, 'page', :published, :at, :at)
ON CONFLICT (url) DO NOTHING
"""

_SUCCEEDED = """
UPDATE candidates SET
  last_checked = :at, next_check = :next, last_changed = :changed, missing_since = NULL,
  failures = 0, error = NULL, not_modified = 0, etag = :etag, last_modified = :last_modified,
  tried_in = :run, article_id = :article_id, published = coalesce(:published, published)
WHERE url IN (:url, :canonical)
"""

_DUE = """
candidates WHERE site = :site AND alias_of IS NULL
  AND (published IS NULL OR substr(published, 1, 10) >= :since)
"""

# Two look-ups by index, where OR would have SQLite go through all addresses of the site.
_TIMELY = """
SELECT rowid FROM candidates WHERE site = :site AND next_check <= :now
UNION ALL SELECT rowid FROM candidates WHERE site = :site AND next_check > :beyond
"""

_FIRST_THINGS_FIRST = """
ORDER BY CASE WHEN failures > 0 THEN 2 WHEN last_checked IS NULL THEN 0 ELSE 1 END,
  published IS NULL, published DESC, rowid
"""

_PENDING = """
SELECT url, first_listed, district, published, article_id, missing_since, last_changed, failures,
  etag, last_modified, not_modified, fetch_url, listed
FROM candidates WHERE rowid = ? AND alias_of IS NULL AND tried_in IS NOT ?
"""


def _pending(row: dict[str, Any]) -> Pending:
    for name in ("first_listed", "missing_since", "last_changed"):
        row[name] = _instant(row[name])
    row["listed"] = tuple(json.loads(row["listed"] or "{}").items())
    return Pending(**row)


def _instant(iso: str | None) -> datetime | None:
    if not iso:
        return None
    moment = parse_instant(iso)
    return moment or datetime.fromisoformat(iso).replace(tzinfo=UTC)
