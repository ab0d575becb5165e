"""Full-text search over the articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from scraper.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from scraper.archive.connection import Archive

START, END = "\x02", "\x03"
"""Marks around a hit in a snippet; they occur in no text."""

_TERM = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"\w+")
_MAX_QUERY_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search down."""

    since: date | None = None
    until: date | None = None
    tag: str | None = None
    district: str | None = None
    speaker: str | None = None


def search(
    archive: Archive,
    query: str,
    filters: Filters,
    *,
    sort: Literal["relevance", "date"] = "relevance",
    limit: int = 20,
) -> list[dict[str, Any]]:
    """Articles in which all words of a query occur; `"…"` makes a phrase.

    Args:
        archive: where.
        query: what the user typed; nothing in it is SQL or FTS5 syntax.
        filters: see `Filters`. Days are inclusive.
        sort: best match first, or newest first.
        limit: at most so many.

    Returns:
        Rows with `id url title published district snippet`; hits in the snippet stand between
        `START` and `END`.

    Raises:
        UsageError: the query has no word, or is too long.
    """
    conditions = ["articles_fts MATCH :match"]
    values: dict[str, Any] = {"match": match_expression(query), "limit": limit}
    for name, sql in _FILTER_SQL.items():
        value = getattr(filters, name)
        if value is not None:
            conditions.append(sql)
            values[name] = str(value)
    order = "a.published DESC, a.id" if sort == "date" else "rank, a.published DESC"
    sql = f"""
        SELECT a.id, a.url, a.title, a.published, a.district,
               snippet(articles_fts, -1, '{START}', '{END}', ' … ', 24) AS snippet
        FROM articles_fts JOIN articles a ON a.id = articles_fts.rowid
        WHERE {" AND ".join(conditions)}
        ORDER BY {order} LIMIT :limit
    """
    return archive.rows(sql, values)


_FILTER_SQL = {
    "since": "a.published >= :since",
    "until": "substr(a.published, 1, 10) <= :until",
    "tag": "EXISTS (SELECT 1 FROM tags t WHERE t.article_id = a.id "
    "AND t.tag = :tag COLLATE NOCASE)",
    "district": "a.district = :district COLLATE NOCASE",
    "speaker": "EXISTS (SELECT 1 FROM quotes q WHERE q.article_id = a.id "
    "AND q.speaker LIKE '%' || :speaker || '%')",
}


def match_expression(query: str) -> str:
    """An FTS5 expression in which everything the user typed is quoted.

    Raises:
        UsageError: nothing to search for.
    """
    if len(query) > _MAX_QUERY_CHARS:
        raise UsageError(
            f"The query has {len(query):,} characters, more than the {_MAX_QUERY_CHARS:,} that are "
            "searched for. Shorten it to the words that matter."
        )
    terms = []
    for phrase, word in _TERM.findall(query):
        words = _WORD.findall(phrase or word)
        if words:
            terms.append('"' + " ".join(words) + '"')
    if not terms:
        raise UsageError(f"There is no word to search for in {query!r}.")
    return " ".join(terms)
