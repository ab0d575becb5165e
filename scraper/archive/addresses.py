"""Which release has an address, or had it before.

`articles.url` is the present address of a release. The table `candidates` knows every address that
was ever listed or asked for, with the release that it led to. Addresses are canonical throughout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import urls
from scraper.decide.outcome import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from scraper.archive.connection import Archive
    from scraper.records import Article


def stored_at(archive: Archive, url: str, missing_since: datetime | None = None) -> Stored | None:
    """The release that has an address now.

    Args:
        archive: where.
        url: the address.
        missing_since: passed on to the result, see `Stored`.
    """
    sql = "SELECT id, url, fingerprint, gone_at FROM articles WHERE url = ?"
    rows = archive.rows(sql, (url,))
    return Stored(**rows[0], missing_since=missing_since) if rows else None


def release_of(archive: Archive, *addresses: str) -> int | None:
    """The id of the release that has, or had, the first of these addresses that is known."""
    for url in addresses:
        rows = archive.rows(
            "SELECT id FROM articles WHERE url = :url UNION ALL SELECT article_id FROM candidates "
            "WHERE url = :url AND article_id IS NOT NULL LIMIT 1",
            {"url": url},
        )
        if rows:
            return int(rows[0]["id"])
    return None


def named_by(archive: Archive, reference: str) -> int | None:
    """The id of the release that a user names by an address in any spelling, or by content id.

    It may also be the address under which a listing had it, or one that it had before.
    """
    for url in _spellings(reference):
        rows = archive.rows(
            "SELECT id FROM articles WHERE url IN (:reference, :url) OR content_id = :reference "
            "UNION ALL SELECT article_id FROM candidates WHERE article_id IS NOT NULL "
            "AND (original = :reference OR url = :url) LIMIT 1",
            {"reference": reference, "url": url},
        )
        if rows:
            return int(rows[0]["id"])
    return None


def _spellings(reference: str) -> Iterator[str]:
    """What may be meant: with another scheme or none, with `www.` or without it."""
    given = urls.canonical(reference)
    yield given or reference
    url = given or urls.canonical(f"https://{reference.lstrip('/')}")
    if url is None:
        return
    address = url.partition("://")[2].removeprefix("www.")
    for scheme in ("https", "http"):
        for begin in ("www.", ""):
            yield f"{scheme}://{begin}{address}"


def moved_from(archive: Archive, site: str, url: str, article: Article) -> str | None:
    """The address a release had before, if a page at `url` shows that it has moved.

    That is so if `url` itself led to the page and is a release's address, or if a release with the
    same content id is missing where it was. But headline or date must be the same: old addresses
    may lead to anything, and ids may be given twice.

    Args:
        archive: where.
        site: key of the site.
        url: the address that was asked for.
        article: what the page holds.
    """
    values = {
        "site": site,
        "url": url,
        "title": article.title,
        "published": article.published,
        "content_id": article.content_id,
    }
    for row in archive.rows(_MOVED_FROM, values):
        ids = {row["content_id"], article.content_id} - {None}
        if len(ids) < 2 or row["title"] == article.title:
            return str(row["url"])
    return None


# Two look-ups by index; OR in their place, or `site` without its plus sign, would have SQLite go
# through all articles of the site.
_MOVED_FROM = """
SELECT a.url, a.title, a.content_id
FROM articles a JOIN candidates c ON c.url = a.url
WHERE a.id IN (
    SELECT id FROM articles WHERE url = :url
    UNION SELECT id FROM articles WHERE site = :site AND content_id = :content_id
  )
  AND +a.site = :site AND (a.title = :title OR a.published IS :published)
  AND (a.url = :url OR c.missing_since IS NOT NULL)
ORDER BY a.url <> :url LIMIT 1
"""


def same_content(archive: Archive, site: str, article: Article) -> str | None:
    """The address of another release with the same content id, and headline or date."""
    rows = archive.rows(
        "SELECT url FROM articles WHERE site = ? AND content_id = ? AND url <> ? "
        "AND (title = ? OR published IS ?) ORDER BY id LIMIT 1",
        (site, article.content_id, article.url, article.title, article.published),
    )
    return rows[0]["url"] if rows else None
