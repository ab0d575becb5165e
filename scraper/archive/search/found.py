"""A search with what helps where it finds nothing: other spellings, and the closest releases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.copies import copies_of
from scraper.archive.search.articles import count_all, count_matches, newest, search
from scraper.archive.search.overlap import SHORTEST, closest
from scraper.archive.search.query import MARKS, parse_query
from scraper.archive.search.snippet import Snippet
from scraper.archive.search.suggest import suggestion

if TYPE_CHECKING:
    from scraper.archive.connection import Archive
    from scraper.archive.search.filters import Filters


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found, or what it might have meant."""

    total: int
    """How many articles match."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    """As of `search`."""
    closest: list[dict[str, Any]] = field(default_factory=list)
    """If none has a long phrase word for word: those that have the most of it, with `overlap`."""
    suggestion: str | None = None
    """If nothing matches: a query that does, in which words are spelt as the archive has them."""


def find(
    archive: Archive,
    query: str,
    quote: str | None,
    filters: Filters,
    *,
    sort: Literal["relevance", "date"] = "relevance",
    limit: int = 20,
) -> Found:
    """Search, and look for what helps if nothing is found.

    Args:
        archive: where.
        query: what the user typed; blank lists what the filters leave, the newest first.
        quote: words that are to stand side by side, as one phrase.
        filters: what narrows the search down.
        sort: best match first, or newest first.
        limit: at most so many; 0 only counts.

    Raises:
        UsageError: there are too many words, or a filter is empty.
        ArchiveError: the archive cannot be read.
    """
    whole = " ".join(filter(None, (query.strip(), _as_phrase(quote))))
    if not whole:
        rows = newest(archive, filters, limit) if limit else []
        rows = [{**row, "snippet": Snippet(""), "attachment": None} for row in rows]
        return Found(count_all(archive, filters), _with_copies(archive, filters, rows))
    total = count_matches(archive, whole, filters)
    if total:
        rows = search(archive, whole, filters, sort=sort, limit=limit) if limit else []
        return Found(total, _with_copies(archive, filters, rows))
    phrase = quote if quote is not None else _only_phrase(query)
    near = closest(archive, phrase, filters, limit) if phrase and limit else []
    return Found(0, closest=near, suggestion=None if near else suggestion(archive, whole, filters))


def _with_copies(
    archive: Archive, filters: Filters, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    if not filters.copies:
        return rows
    found = copies_of(archive, [row["id"] for row in rows])
    return [{**row, "copies": found.get(row["id"], [])} for row in rows]


def _as_phrase(quote: str | None) -> str:
    return f'"{quote.translate(MARKS).replace(chr(34), " ").strip()}"' if quote else ""


def _only_phrase(query: str) -> str | None:
    """The query if it is one long phrase; else None."""
    parsed = parse_query(query)
    is_one = len(parsed.terms) == 1 and len(parsed.terms[0].stems) >= SHORTEST
    return query if is_one and not parsed.excluded and not parsed.terms[0].in_title else None
