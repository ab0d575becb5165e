"""Releases that are found by the words of their attached files, and where these stand."""

from __future__ import annotations

import json
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scraper.archive.search.filters import Filters, conditions
from scraper.archive.search.snippet import Highlighter, Snippet, best_start, make_snippet

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.archive.connection import Archive
    from scraper.archive.search.query import Query

_MATCHING = "FROM attachments_fts f JOIN attachment_stems s ON s.id = f.rowid"


class AttachmentFinder:
    """Searches the attached files of an archive.

    All words of a query must stand in one file. What is ruled out may stand in neither the file
    nor the release. Words that are looked for in headlines are in no file.

    Args:
        archive: where.
        query: what is looked for.
        filters: which releases, and whether their files count.
        wide: gives the query in FTS5's language, with compounds.
    """

    def __init__(
        self, archive: Archive, query: Query, filters: Filters, wide: Callable[[], str]
    ) -> None:
        self._archive = archive
        self._query = query
        self._conditions, self._values = conditions(archive, filters)
        self._may_be_any = filters.attachments and not query.asks_for_titles
        self._wide = wide

    @cached_property
    def has_any(self) -> bool:
        """Whether there is a file to search in."""
        sql = "SELECT EXISTS (SELECT 1 FROM attachment_stems WHERE words <> '') AS found"
        return self._may_be_any and bool(self._archive.rows(sql)[0]["found"])

    @property
    def sql(self) -> str:
        """SELECT of the releases whose files match; `values` are its values."""
        return (
            f"SELECT s.article_id {_MATCHING} WHERE attachments_fts MATCH :attached{self._without}"
        )

    @property
    def _without(self) -> str:
        if not self._query.excluded:
            return ""
        return (
            " AND s.article_id NOT IN "
            "(SELECT rowid FROM articles_fts WHERE articles_fts MATCH :without)"
        )

    @cached_property
    def values(self) -> dict[str, Any]:
        """What `sql` names."""
        values = {"attached": self._wide()}
        if self._query.excluded:
            values["without"] = self._query.exclusion()
        return values

    def best(self, limit: int) -> list[int]:
        """Releases by their best matching file; all if the limit is -1."""
        if not self.has_any:
            return []
        where = "".join(f" AND {condition}" for condition in self._conditions)
        rows = self._archive.rows(
            "SELECT a.id FROM (SELECT rowid AS file, rank FROM attachments_fts "
            "WHERE attachments_fts MATCH :attached) f JOIN attachment_stems s ON s.id = f.file "
            f"JOIN articles a ON a.id = s.article_id WHERE TRUE{self._without}{where} "
            "GROUP BY a.id ORDER BY min(f.rank), a.id LIMIT :limit",
            self._values | self.values | {"limit": limit},
        )
        return [row["id"] for row in rows]

    def all(self) -> list[int]:
        """All of them, whatever the filters; in no order."""
        if not self.has_any:
            return []
        return [row["article_id"] for row in self._archive.rows(self.sql, self.values)]

    def passage(
        self, article_id: int, marker: Highlighter
    ) -> tuple[dict[str, Any], Snippet] | None:
        """Where a release's file has the words: `url title page`, and the passage; None if nowhere.

        `page` is None where the file does not tell its pages.

        Args:
            article_id: the release.
            marker: of the query.
        """
        if not self.has_any:
            return None
        rows = self._archive.rows(
            "SELECT url, title, text, pages, page_starts FROM attachments WHERE id IN "
            f"(SELECT s.id {_MATCHING} WHERE attachments_fts MATCH :attached "
            "AND s.article_id = :id) ORDER BY position",
            {"attached": self._wide(), "id": article_id},
        )
        for row in rows:
            text = row["text"] or ""
            hits = marker.hits(text, marker.words(text))
            if hits:
                begin = best_start(hits, len(text))
                first = next(hit.start for hit in hits if hit.start >= begin)
                page = None
                if row["pages"] is not None:
                    page = bisect_right(json.loads(row["page_starts"] or "[0]"), first)
                found = {"url": row["url"], "title": row["title"], "page": page}
                return found, make_snippet(text, hits)
        return None
