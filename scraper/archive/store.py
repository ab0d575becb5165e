"""Writing: captures first, then what was decided about the article, one transaction per page."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from scraper import __version__
from scraper.archive.addresses import stored_at
from scraper.archive.evidence import capture_row
from scraper.archive.files import attachment_rows
from scraper.archive.search.index import catch_up
from scraper.archive.tombstones import without_erased
from scraper.dates import utc_iso
from scraper.decide.fingerprint import fingerprint
from scraper.decide.outcome import WITHDRAWN, Decision, Outcome, Stored
from scraper.records import Article, Capture, to_json
from scraper.text import word_count

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from scraper.archive.connection import Archive
    from scraper.archive.evidence import Kept

_JSON_COLUMNS = ("sections", "related")
_CHILD_TABLES = ("images", "quotes", "tags", "links", "videos", "attachments")
_NOT_READ = frozenset({"corrects"})
"""Columns that do not follow from the page alone, so that reading it again leaves them."""


class Store:
    """The writing side of an archive.

    Args:
        archive: where.
        pages_per_index: index so many pages for searching together, which costs half as much as one
            by one. What is still due when the process ends is indexed at the next opening.
    """

    def __init__(self, archive: Archive, pages_per_index: int = 1) -> None:
        self._archive = archive
        self._pages_per_index = pages_per_index
        self._due = 0

    def index(self) -> None:
        """Index for searching what is due."""
        self._due = 0
        with self._archive.transaction() as db:
            catch_up(db)

    def add_capture(self, capture: Capture, kept: Kept | None = None) -> int:
        """Index a response; returns its id.

        Args:
            capture: the response.
            kept: where it stands on disk; None puts the page itself into the database.
        """
        with self._archive.transaction() as db:
            return insert_row(db, "captures", capture_row(capture, kept))

    def keep_error(self, capture_id: int, url: str, error: str) -> None:
        """Mark a capture that could not be parsed; of several of one URL the last is indexed."""
        with self._archive.transaction() as db:
            db.execute("UPDATE captures SET error = ? WHERE id = ?", [error, capture_id])
            db.execute(
                "DELETE FROM captures WHERE url = ? AND error IS NOT NULL AND id <> ? "
                "AND id NOT IN (SELECT refers_to FROM captures WHERE refers_to IS NOT NULL)",
                [url, capture_id],
            )

    def apply(
        self,
        decision: Decision,
        article: Article,
        stored: Stored | None,
        capture_id: int | None,
        now: datetime,
    ) -> int:
        """Store what was decided about a page that was found; returns the article's id.

        Args:
            decision: what is new.
            article: what the page holds.
            stored: what the archive has; None if nothing.
            capture_id: the page; None if it is no event and its content is in the archive already.
            now: the present.
        """
        at, record = utc_iso(now), without_erased(self._archive, to_json(article))
        with self._archive.transaction() as db:
            if stored is None:
                article_id = insert_row(
                    db,
                    "articles",
                    article_row(record)
                    | {
                        "fingerprint": decision.fingerprint,
                        "capture_id": capture_id,
                        "first_seen": at,
                        "last_seen": at,
                    },
                )
                note_event(db, article_id, at, Outcome.NEW, capture_id=capture_id)
            else:
                article_id = stored.id
                at = _not_before(db, article_id, at)
                self._update(db, decision, record, stored, capture_id, at)
            if decision.content_changed:
                write_children(db, article_id, record)
                _add_revision(db, article_id, decision, record, capture_id, at)
                self._due += 1
                if self._due >= self._pages_per_index:
                    self.index()
            else:
                _see_revision(db, article_id, at)
        return article_id

    def _update(
        self,
        db: Database,
        decision: Decision,
        record: dict[str, Any],
        stored: Stored,
        capture_id: int | None,
        at: str,
    ) -> None:
        values: dict[str, Any] = {"last_seen": at, "gone_at": None}
        if decision.content_changed:
            values |= article_row(record)
            values |= {"fingerprint": decision.fingerprint, "capture_id": capture_id}
        if decision.outcome is Outcome.MOVED:
            values["url"] = record["url"]
            note_event(db, stored.id, at, Outcome.MOVED, stored.url, capture_id)
        if decision.is_back:
            note_event(db, stored.id, at, "back", capture_id=capture_id)
        if decision.content_changed:
            note_event(db, stored.id, at, Outcome.CHANGED, capture_id=capture_id)
        assignments = ", ".join(f"{name} = :{name}" for name in values)
        db.execute(
            f"UPDATE articles SET {assignments} WHERE id = :id",
            values | {"id": stored.id},
        )

    def reread(self, revision_id: int, article: Article, fields: list[str], now: datetime) -> None:
        """Replace our reading of a page that the city has not changed.

        The revision keeps its number, times and page; if it is the article's latest one, the
        article's row follows. The event tells which fields we now read differently.
        """
        found = fingerprint(article)
        record = without_erased(self._archive, to_json(article))
        with self._archive.transaction() as db:
            revision = next(
                db.query(
                    "SELECT article_id, number = (SELECT max(number) FROM revisions "
                    "WHERE article_id = r.article_id) AS is_latest FROM revisions r WHERE id = ?",
                    [revision_id],
                )
            )
            article_id = revision["article_id"]
            db.execute(
                "UPDATE revisions SET record = ?, fingerprint = ?, parser = ? WHERE id = ?",
                [json.dumps(record, ensure_ascii=False), found, __version__, revision_id],
            )
            if revision["is_latest"]:
                row = article_row(record) | {"fingerprint": found}
                del row["url"]  # only a crawl changes addresses
                assignments = ", ".join(f"{name} = :{name}" for name in row)
                db.execute(
                    f"UPDATE articles SET {assignments} WHERE id = :id", row | {"id": article_id}
                )
                write_children(db, article_id, record)
                catch_up(db)
            note_event(db, article_id, utc_iso(now), "reparsed", ", ".join(fields))

    def mark_gone(
        self,
        stored: Stored,
        now: datetime,
        capture_id: int | None = None,
        instead: str | None = None,
    ) -> None:
        """Note that an article has disappeared; everything about it is kept.

        Args:
            stored: the article.
            now: the present.
            capture_id: the answer that says so.
            instead: what its address shows instead; None if the server says that there is no page.
        """
        if stored.gone_at is not None:
            return
        with self._archive.transaction() as db:
            at = _not_before(db, stored.id, utc_iso(now))
            db.execute("UPDATE articles SET gone_at = ? WHERE id = ?", [at, stored.id])
            kind = WITHDRAWN if instead else Outcome.GONE
            note_event(db, stored.id, at, kind, instead, capture_id=capture_id)

    def seen_again(self, article_id: int, now: datetime) -> None:
        """Note that the page of an article is still as it was."""
        with self._archive.transaction() as db:
            at = _not_before(db, article_id, utc_iso(now))
            db.execute("UPDATE articles SET last_seen = ? WHERE id = ?", [at, article_id])
            _see_revision(db, article_id, at)

    def holds(self, article_id: int, url: str, sha256: str) -> bool:
        """Whether the page of an article that is online is the one that is kept, byte by byte."""
        rows = self._archive.rows(
            "SELECT c.sha256 FROM articles a JOIN captures c ON c.id = a.capture_id "
            "WHERE a.id = ? AND a.url = ? AND a.gone_at IS NULL",
            (article_id, url),
        )
        return bool(rows) and rows[0]["sha256"] == sha256

    def find(self, url: str, missing_since: datetime | None = None) -> Stored | None:
        """The article that has an address now; see `scraper.archive.addresses.stored_at`."""
        return stored_at(self._archive, url, missing_since)


def insert_row(db: Database, table: str, row: dict[str, Any]) -> int:
    """Add a row; returns its number."""
    cursor = db.execute(_insertion(table, tuple(row)), row)
    return int(cursor.lastrowid or 0)


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    values = ", ".join(f":{name}" for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"


def article_row(record: dict[str, Any]) -> dict[str, Any]:
    """The columns of `articles` that a record fills."""
    row = {
        name: value
        for name, value in record.items()
        if name not in _CHILD_TABLES and name not in _NOT_READ
    }
    for name in _JSON_COLUMNS:
        row[name] = json.dumps(row[name], ensure_ascii=False)
    return row | {"word_count": word_count(record["text"]), "parser": __version__}


def child_rows(record: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Pictures, quotations, tags, links and videos of a record, as rows of their tables."""
    return {
        "images": [
            image | {"credit_parts": json.dumps(image["credit_parts"], ensure_ascii=False)}
            for image in record["images"]
        ],
        "quotes": [_quote_row(quote) for quote in record["quotes"]],
        "tags": [{"tag": tag} for tag in record["tags"]],
        "links": record["links"],
        "videos": record["videos"],
    }


def write_children(db: Database, article_id: int, record: dict[str, Any]) -> None:
    """Replace the pictures, quotations, tags, links, videos and attachments of an article."""
    rows = child_rows(record) | {"attachments": attachment_rows(db, record)}
    for table in _CHILD_TABLES:
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
        if rows[table]:
            numbered = [
                {"article_id": article_id, "position": position} | row
                for position, row in enumerate(rows[table])
            ]
            db.conn.executemany(_insertion(table, tuple(numbered[0])), numbered)


def _quote_row(record: dict[str, Any]) -> dict[str, Any]:
    # `end` is a keyword of SQL; a query should not have to quote it.
    return {
        {"start": "start_offset", "end": "end_offset"}.get(name, name): value
        for name, value in record.items()
    }


def _add_revision(
    db: Database,
    article_id: int,
    decision: Decision,
    record: dict[str, Any],
    capture_id: int | None,
    at: str,
) -> None:
    number = db.execute(
        "SELECT coalesce(max(number), 0) + 1 FROM revisions WHERE article_id = ?", [article_id]
    ).fetchone()[0]
    insert_row(
        db,
        "revisions",
        {
            "article_id": article_id,
            "number": number,
            "first_seen": at,
            "last_seen": at,
            "parser": __version__,
            "fingerprint": decision.fingerprint,
            "record": json.dumps(record, ensure_ascii=False),
            "capture_id": capture_id,
        },
    )


def _not_before(db: Database, article_id: int, at: str) -> str:
    """A time of an article, but not before its latest version: the clock may have gone back."""
    sql = "SELECT max(first_seen) FROM revisions WHERE article_id = ?"
    return max(at, db.execute(sql, [article_id]).fetchone()[0] or at)


def _see_revision(db: Database, article_id: int, at: str) -> None:
    db.execute(
        "UPDATE revisions SET last_seen = ? WHERE id = (SELECT id FROM revisions "
        "WHERE article_id = ? ORDER BY number DESC LIMIT 1)",
        [at, article_id],
    )


def note_event(
    db: Database,
    article_id: int,
    at: str,
    kind: str,
    detail: str | None = None,
    capture_id: int | None = None,
) -> None:
    """Note what happened to an article, and the page that shows it."""
    row = {"article_id": article_id, "at": at, "kind": str(kind), "detail": detail}
    insert_row(db, "events", row | {"capture_id": capture_id})
