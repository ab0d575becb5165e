"""Looking for quotations and indirect speech: who said what, and when."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from scraper.archive.cities_schema import SITE_NAME
from scraper.archive.search.filters import site_condition, speaker_condition
from scraper.archive.search.query import parse_query
from scraper.archive.search.widen import related_stems
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from scraper.archive.connection import Archive
    from scraper.records import QuoteKind

_SELECT = f"""
SELECT q.id, q.article_id, q.text, q.speaker, q.role, q.kind, a.published, a.title, a.url,
       q.start_offset, q.end_offset, a.site, {SITE_NAME.format(site="a.site")} AS site_name
FROM {{source}} JOIN quotes q ON q.id = s.id JOIN articles a ON a.id = q.article_id
WHERE {{where}} ORDER BY {{order}} LIMIT :limit
"""
_NEWEST = "a.published DESC, a.id, q.position"


def search_quotes(
    archive: Archive,
    query: str | None = None,
    *,
    speaker: str | None = None,
    kinds: Collection[QuoteKind] = (),
    since: date | None = None,
    until: date | None = None,
    sites: tuple[str, ...] = (),
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Quotations and indirect speech, the newest first; with a query the best match first.

    Args:
        archive: where.
        query: words of the quotation, its speaker or their office, as in a search for articles;
            None or blank lists all.
        speaker: any part of the speaker's name; case, accents and umlauts do not matter.
        kinds: only these; none given means all. `indirect` is nobody's own words.
        since: first day of publication.
        until: last day of publication.
        sites: keys of the cities whose releases are looked at; empty for all.
        limit: at most so many; None for all.

    Returns:
        Rows with `id article_id text speaker role kind published title url start_offset
        end_offset site site_name`.

    Raises:
        UsageError: the query or the name has no word to look for, or the query asks for titles.
        ArchiveError: the archive cannot be read.
    """
    conditions: list[str] = []
    values: dict[str, Any] = {"limit": -1 if limit is None else limit}
    if speaker is not None:
        conditions.append(speaker_condition(speaker, values))
    if kinds:
        named = {f"kind{number}": kind for number, kind in enumerate(kinds)}
        conditions.append(f"q.kind IN ({', '.join(f':{name}' for name in named)})")
        values |= named
    if since is not None:
        conditions.append("a.published >= :since")
        values["since"] = since.isoformat()
    if until is not None:
        conditions.append("substr(a.published, 1, 10) <= :until")
        values["until"] = until.isoformat()
    if sites:
        conditions.append(site_condition(sites, values))
    if query is None or not query.strip():
        sql = _SELECT.format(
            source="quote_stems s", where=" AND ".join(conditions or ["true"]), order=_NEWEST
        )
        return archive.rows(sql, values)
    return _matching(archive, query, conditions, values, limit)


def _matching(
    archive: Archive, text: str, conditions: list[str], values: dict[str, Any], limit: int | None
) -> list[dict[str, Any]]:
    query = parse_query(text)
    if any(term.in_title for term in (*query.terms, *query.excluded)):
        raise UsageError(
            "Quotations have no title: leave title: away, or look for articles with "
            "`newsroom search`."
        )
    sql = _SELECT.format(
        source="quotes_fts f JOIN quote_stems s ON s.id = f.rowid",
        where=" AND ".join(["quotes_fts MATCH :match", *conditions]),
        order=f"f.rank, {_NEWEST}",
    )
    rows = archive.rows(sql, values | {"match": query.expression()})
    if limit is not None and len(rows) >= limit:
        return rows
    # Exact before fuzzy: words within compounds come after words of their own.
    wide = query.expression(partial(related_stems, archive))
    seen = {row["id"] for row in rows}
    values |= {"match": wide, "limit": -1 if limit is None else limit + len(seen)}
    rows += [row for row in archive.rows(sql, values) if row["id"] not in seen]
    return rows if limit is None else rows[:limit]
