"""The crawl's memory: which addresses were listed, and which are to be fetched now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from scraper.dates import parse_instant, utc_iso
from scraper.recheck import next_check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.connection import Archive
    from scraper.records import Article, Candidate


@dataclass(frozen=True, slots=True)
class Pending:
    """An address that is to be fetched."""

    url: str
    district: str | None = None
    """According to the listing."""
    missing_since: datetime | None = None
    is_known: bool = False
    """Whether the archive has an article of this address."""


class Frontier:
    """The table `candidates` of one site."""

    def __init__(self, archive: Archive, site: str) -> None:
        self._archive = archive
        self._site = site

    def add(self, candidates: Iterable[Candidate], now: datetime) -> None:
        """Note what a listing names; known articles in it were seen just now."""
        at = utc_iso(now)
        rows = [
            {
                "url": candidate.url,
                "site": self._site,
                "original": candidate.original,
                "source": candidate.source,
                "published": candidate.published.isoformat() if candidate.published else None,
                "district": candidate.district,
                "at": at,
            }
            for candidate in candidates
        ]
        with self._archive.transaction() as db:
            db.conn.executemany(_ADD, rows)

    def seen(self, listed: Iterable[str], now: datetime) -> None:
        """Move `last_seen` of the articles whose addresses were listed."""
        at = utc_iso(now)
        with self._archive.transaction() as db:
            db.conn.executemany(
                "UPDATE articles SET last_seen = ? WHERE gone_at IS NULL AND id = "
                "(SELECT article_id FROM candidates WHERE url = ?)",
                [(at, url) for url in listed],
            )

    def due(self, now: datetime, since: date | None = None, *, full: bool = False) -> list[Pending]:
        """What to fetch: what is new or has failed, then what is due for another look.

        Newest first; addresses without a date come last.

        Args:
            now: the present.
            since: leave out what was published before this day, as far as that is known.
            full: every known article is due.
        """
        rows = self._archive.rows(_DUE, (self._site,))
        new: list[Pending] = []
        known: list[Pending] = []
        for row in rows:
            if since and row["published"] and row["published"][:10] < since.isoformat():
                continue
            pending = Pending(
                row["url"],
                row["district"],
                parse_instant(row["missing_since"]) if row["missing_since"] else None,
                row["article_id"] is not None,
            )
            if row["last_checked"] is None or row["failures"]:
                new.append(pending)
            elif full or _is_due(row, now):
                known.append(pending)
        return new + known

    def succeeded(self, url: str, article_id: int, article: Article, now: datetime) -> None:
        """Note a check that found an article, under this address or by way of it."""
        values = {
            "at": utc_iso(now),
            "article_id": article_id,
            "published": article.published,
            "url": url,
            "canonical": article.url,
            "site": self._site,
        }
        with self._archive.transaction() as db:
            if article.url != url:
                db.execute(_ADD_CANONICAL, values)
                db.execute("UPDATE candidates SET alias_of = :canonical WHERE url = :url", values)
            db.execute(_SUCCEEDED, values)

    def too_old(self, url: str, published: str | None) -> None:
        """Note the day of an article that a run with `--since` left out."""
        with self._archive.transaction() as db:
            db.execute("UPDATE candidates SET published = ? WHERE url = ?", [published, url])

    def moved_from(self, url: str, content_id: str | None) -> str | None:
        """The address an article had before, if a page at `url` shows that it has moved.

        That is so if `url` itself led to the page and is an article's address, or if an article
        with the same content id is missing where it was. The same content id alone is no proof.
        """
        rows = self._archive.rows(
            "SELECT a.url FROM articles a JOIN candidates c ON c.url = a.url WHERE a.site = ? "
            "AND (a.url = ? OR (a.content_id = ? AND c.missing_since IS NOT NULL)) "
            "ORDER BY a.url <> ? LIMIT 1",
            (self._site, url, content_id, url),
        )
        return rows[0]["url"] if rows else None

    def same_content(self, article: Article) -> str | None:
        """The address of another article with the same content id."""
        rows = self._archive.rows(
            "SELECT url FROM articles WHERE site = ? AND content_id = ? AND url <> ? "
            "ORDER BY id LIMIT 1",
            (self._site, article.content_id, article.url),
        )
        return rows[0]["url"] if rows else None

    def alias(self, url: str, canonical: str) -> None:
        """Note that an address leads to another one, or is what an article left behind."""
        with self._archive.transaction() as db:
            db.execute(
                "UPDATE candidates SET alias_of = :canonical "
                "WHERE url = :url AND url <> :canonical",
                {"url": url, "canonical": canonical},
            )

    def checked(self) -> frozenset[str]:
        """Addresses that were fetched at least once, or that lead to another one."""
        rows = self._archive.rows(
            "SELECT url FROM candidates WHERE site = ? "
            "AND (last_checked IS NOT NULL OR alias_of IS NOT NULL)",
            (self._site,),
        )
        return frozenset(row["url"] for row in rows)

    def failed(self, url: str, error: str) -> None:
        """Note a check that failed; the address stays for the next run."""
        with self._archive.transaction() as db:
            db.execute(
                "UPDATE candidates SET failures = failures + 1, error = ? WHERE url = ?",
                [error, url],
            )

    def missing(self, url: str, now: datetime) -> None:
        """Note that the server says there is no such page."""
        with self._archive.transaction() as db:
            db.execute(
                "UPDATE candidates SET last_checked = :at, failures = 0, error = NULL, "
                "missing_since = coalesce(missing_since, :at) WHERE url = :url",
                {"at": utc_iso(now), "url": url},
            )


_ADD = """
INSERT INTO candidates (url, site, original, source, published, district, first_listed)
VALUES (:url, :site, :original, :source, :published, :district, :at)
ON CONFLICT (url) DO UPDATE SET
  published = coalesce(candidates.published, excluded.published),
  district = coalesce(candidates.district, excluded.district)
"""

_ADD_CANONICAL = """
INSERT INTO candidates (url, site, original, source, published, first_listed)
VALUES (:canonical, :site, :canonical, 'page', :published, :at)
ON CONFLICT (url) DO NOTHING
"""

_SUCCEEDED = """
UPDATE candidates SET
  last_checked = :at, missing_since = NULL, failures = 0, error = NULL,
  article_id = :article_id, published = coalesce(:published, published)
WHERE url IN (:url, :canonical)
"""

_DUE = """
SELECT c.url, c.district, c.missing_since, c.article_id, c.failures, c.last_checked,
       coalesce(a.published, c.published) AS published, c.first_listed
FROM candidates c LEFT JOIN articles a ON a.id = c.article_id
WHERE c.site = ? AND c.alias_of IS NULL
ORDER BY coalesce(a.published, c.published) IS NULL, 7 DESC, c.rowid
"""


def _is_due(row: dict[str, Any], now: datetime) -> bool:
    last = parse_instant(row["last_checked"] or "")
    if last is None:
        return True
    published = _instant(row["published"]) or _instant(row["first_listed"]) or last
    return next_check(published, last) <= now


def _instant(iso: str | None) -> datetime | None:
    if not iso:
        return None
    moment = datetime.fromisoformat(iso)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
