"""Writing pages that others captured at some time in the past, in the right place of a history."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper import __version__, urls
from scraper.archive.addresses import release_of
from scraper.archive.evidence import capture_row
from scraper.archive.runs import BACKFILL
from scraper.archive.store import article_row, insert_row, note_event, write_children
from scraper.archive.tombstones import tombstone_of, without_erased
from scraper.dates import utc_iso
from scraper.decide.outcome import Outcome
from scraper.decide.timeline import Version
from scraper.records import to_json

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from scraper.archive.connection import Archive
    from scraper.archive.evidence import Kept
    from scraper.decide.timeline import Placement
    from scraper.records import Article, Capture

_FROM_VERSIONS = (str(Outcome.NEW), str(Outcome.CHANGED))
"""Events that follow from an article's versions; the others are what a crawl has seen."""


@dataclass(frozen=True, slots=True)
class Find:
    """A page from elsewhere, read, with its place in its article's history."""

    article_id: int | None
    """None for an article that is new."""
    article: Article
    kept: Kept
    """The page, on disk."""
    placement: Placement
    is_retired: bool
    """Whether no crawl can ask for its address any more."""
    source: str | None = None
    """Address in a web archive from which the page was taken; None if it was from none."""


class Past:
    """What an archive knows of the past of a site's articles, and the way to add to it."""

    def __init__(self, archive: Archive, site: str) -> None:
        self._archive = archive
        self._site = site

    def has(self, capture: Capture) -> bool:
        """Whether this very capture is in the archive: same address, second and content."""
        known = self.contents(capture.url, capture.fetched_at)
        return bool(known) and hashlib.sha256(capture.body).hexdigest() in known

    def declines(self, capture: Capture, article: Article) -> bool:
        """Whether a page does not come in: it is there already, or its release was erased."""
        if self.has(capture):
            return True
        known = (article.url, capture.url)
        content_id = article.content_id
        found = tombstone_of(self._archive, *known, site=self._site, content_id=content_id)
        return found is not None

    def contents(self, url: str, at: datetime) -> frozenset[str]:
        """SHA-256 of the contents that the archive has of an address and a second."""
        rows = self._archive.rows(
            "SELECT sha256 FROM captures WHERE url = ? AND fetched_at = ? AND error IS NULL",
            (url, utc_iso(at)),
        )
        return frozenset(row["sha256"] for row in rows)

    def sightings(self, url: str) -> list[tuple[str, str | None]]:
        """Time and WARC-Payload-Digest of each page that is kept of an address."""
        rows = self._archive.rows(
            "SELECT fetched_at, digest FROM captures WHERE url = ? AND error IS NULL", (url,)
        )
        return [(row["fetched_at"], row["digest"]) for row in rows]

    def find(self, *addresses: str) -> int | None:
        """The article that has, or had, one of these canonical addresses."""
        return release_of(self._archive, *addresses)

    def district(self, *addresses: str) -> str | None:
        """The district that a listing gave for one of these addresses."""
        for url in addresses:
            rows = self._archive.rows(
                "SELECT district FROM candidates WHERE url = ? AND district IS NOT NULL", (url,)
            )
            if rows:
                return str(rows[0]["district"])
        return None

    def versions(self, article_id: int) -> tuple[Version, ...]:
        """The versions of an article in the order of time."""
        rows = self._archive.rows(
            "SELECT first_seen, last_seen, fingerprint, id FROM revisions WHERE article_id = ? "
            "ORDER BY number",
            (article_id,),
        )
        return tuple(Version(**row) for row in rows)

    def seen(self, article_id: int, last: int | None = None) -> list[str]:
        """The times at which pages of an article were captured, as far as they are kept.

        Args:
            article_id: of the article.
            last: the last capture that counts; None counts all.
        """
        rows = self._archive.rows(_SEEN, {"id": article_id, "last": last})
        return [row["fetched_at"] for row in rows]

    def add(self, find: Find, now: datetime) -> int:
        """Store a page and what it changes, in one transaction; returns the article's id.

        The article's own row changes only if its newest version does; `Store.index` then makes it
        searchable.

        Args:
            find: page, record and place.
            now: the present; nothing but the crawl's memory of addresses records it.
        """
        capture = find.kept.capture
        record = without_erased(self._archive, to_json(find.article))
        at = utc_iso(capture.fetched_at)
        versions = find.placement.versions
        with self._archive.transaction() as db:
            capture_id = insert_row(db, "captures", capture_row(capture, find.kept))
            if find.source:
                row = {"capture_id": capture_id, "archive": urls.host(find.source)}
                insert_row(db, "provenance", row | {"url": find.source})
            is_newest = find.placement.at == len(versions) - 1
            article_id = find.article_id
            values: dict[str, Any] = {}
            if article_id is None:
                article_id = insert_row(
                    db,
                    "articles",
                    article_row(record)
                    | {
                        "fingerprint": versions[-1].fingerprint,
                        "capture_id": capture_id,
                        "first_seen": at,
                        "last_seen": at,
                    },
                )
            elif is_newest and find.placement.outcome is Outcome.CHANGED:
                values = article_row(record)
                del values["url"]  # only a crawl changes addresses
                values |= {"fingerprint": versions[-1].fingerprint, "capture_id": capture_id}
                db.execute(_FORGET_VALIDATORS, [article_id])
            self._back_online(db, article_id, at, capture_id)
            _write_versions(db, article_id, find, record, capture_id)
            write_events(db, article_id)
            _update_article(db, article_id, values, versions)
            if is_newest and find.placement.outcome is not Outcome.UNCHANGED:
                write_children(db, article_id, record)
            if not find.is_retired:
                self._note_addresses(db, article_id, find, at, utc_iso(now))
        return article_id

    def _back_online(self, db: Database, article_id: int, at: str, capture_id: int) -> None:
        """A page captured after it was found to have disappeared: it is back."""
        cursor = db.execute(
            "UPDATE articles SET gone_at = NULL WHERE id = ? AND gone_at < ?", [article_id, at]
        )
        if cursor.rowcount:
            note_event(db, article_id, at, "back", capture_id=capture_id)

    def _note_addresses(self, db: Database, article_id: int, find: Find, at: str, now: str) -> None:
        """Let the next crawl look what has become of the page."""
        asked, canonical = find.kept.capture.url, find.article.url
        for url in dict.fromkeys((asked, canonical)):
            values = {
                "url": url,
                "site": self._site,
                "published": find.article.published,
                "at": at,
                "now": now,
                "alias_of": canonical if url != canonical else None,
                "article_id": article_id,
            }
            db.execute(_NOTE_ADDRESS, values)


_SEEN = """
SELECT DISTINCT fetched_at FROM captures WHERE status = 200 AND error IS NULL
AND (:last IS NULL OR id <= :last) AND url IN (
  SELECT url FROM articles WHERE id = :id
  UNION SELECT url FROM candidates WHERE article_id = :id
  UNION SELECT url FROM captures WHERE id IN
    (SELECT capture_id FROM revisions WHERE article_id = :id)
) ORDER BY fetched_at
"""

# They are of an earlier version: "not modified" would mean that the page is as it was then.
_FORGET_VALIDATORS = """
UPDATE candidates SET etag = NULL, last_modified = NULL WHERE article_id = ?
"""

_NOTE_ADDRESS = """
INSERT INTO candidates (url, site, original, source, published, first_listed, last_checked,
  next_check, alias_of, article_id)
VALUES (:url, :site, :url, 'import', :published, :now, :at, :now, :alias_of, :article_id)
ON CONFLICT (url) DO UPDATE SET
  article_id = coalesce(article_id, excluded.article_id),
  published = coalesce(published, excluded.published)
"""


def _write_versions(
    db: Database, article_id: int, find: Find, record: dict[str, Any], capture_id: int
) -> None:
    """Bring the revisions in line with a history; the numbers follow the order of time."""
    before = {
        row["id"]: row
        for row in db.query("SELECT * FROM revisions WHERE article_id = ?", [article_id])
    }
    # Numbers are unique; they make room for one another.
    db.execute("UPDATE revisions SET number = -number WHERE article_id = ?", [article_id])
    for number, version in enumerate(find.placement.versions, start=1):
        times = {"first_seen": version.first_seen, "last_seen": version.last_seen}
        if version.id is not None:
            db.execute(
                "UPDATE revisions SET number = :number, first_seen = :first_seen, "
                "last_seen = :last_seen WHERE id = :id",
                {"number": number, "id": version.id, **times},
            )
            continue
        row: dict[str, Any] = {"article_id": article_id, "number": number, **times}
        if version.like is not None:
            like = before[version.like]
            row |= {name: like[name] for name in ("parser", "fingerprint", "record")}
            row["capture_id"] = capture_at(db, article_id, version) or like["capture_id"]
        else:
            row |= {
                "parser": __version__,
                "fingerprint": version.fingerprint,
                "record": json.dumps(record, ensure_ascii=False),
                "capture_id": capture_id,
            }
        insert_row(db, "revisions", row)


def capture_at(db: Database, article_id: int, version: Version) -> int | None:
    """The page that shows a version at its beginning, if it is kept."""
    sql = f"SELECT id FROM captures WHERE fetched_at = :at AND url IN ({_URLS}) AND status = 200"
    values = {"id": article_id, "at": version.first_seen}
    found = [row["id"] for row in db.query(f"{sql} AND error IS NULL", values)]
    return found[0] if len(found) == 1 else None


_URLS = """
SELECT url FROM articles WHERE id = :id UNION SELECT url FROM candidates WHERE article_id = :id
"""


def write_events(db: Database, article_id: int) -> None:
    """Bring `new` and `changed` in line with the versions; other events stay as they are."""
    wanted = {
        (_FROM_VERSIONS[row["number"] > 1], row["first_seen"]): row["capture_id"]
        for row in db.query(
            "SELECT number, first_seen, capture_id FROM revisions WHERE article_id = ? "
            "ORDER BY number",
            [article_id],
        )
    }
    marks = ", ".join("?" for _ in _FROM_VERSIONS)
    for row in list(
        db.query(
            f"SELECT id, kind, at FROM events WHERE article_id = ? AND kind IN ({marks})",
            [article_id, *_FROM_VERSIONS],
        )
    ):
        key = (row["kind"], row["at"])
        if key in wanted:
            del wanted[key]
        else:
            db.execute("DELETE FROM events WHERE id = ?", [row["id"]])
    for (kind, at), capture_id in wanted.items():
        note_event(db, article_id, at, kind, capture_id=capture_id)


def _update_article(
    db: Database, article_id: int, values: dict[str, Any], versions: tuple[Version, ...]
) -> None:
    values = values | {
        "id": article_id,
        "oldest": versions[0].first_seen,
        "newest": versions[-1].last_seen,
    }
    assignments = [f"{name} = :{name}" for name in values if name not in {"id", "oldest", "newest"}]
    assignments += [
        "first_seen = min(first_seen, :oldest)",
        "last_seen = max(last_seen, :newest)",
    ]
    db.execute(f"UPDATE articles SET {', '.join(assignments)} WHERE id = :id", values)


def unreadable_before(archive: Archive, site: str) -> frozenset[str]:
    """Where captures stand in web archives that this version of the program could not read.

    Args:
        archive: where.
        site: key of the newsroom.
    """
    rows = archive.rows(
        "SELECT DISTINCT json_extract(f.value, '$[0]') AS place FROM runs r, "
        "json_each(CASE WHEN json_valid(r.failures) THEN r.failures ELSE '[]' END) f "
        "WHERE r.site = ? AND r.version = ? AND r.source LIKE ?",
        (site, __version__, f"{BACKFILL}%"),
    )
    return frozenset(str(row["place"]) for row in rows)
