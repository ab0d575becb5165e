"""Full-text search over the articles, exact before fuzzy.

First the article whose title the query is; then articles that have every word in some inflection,
the better the more they have it in title, kicker and lead; then those that have a word only as a
part of a compound.
"""

from __future__ import annotations

import json
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.cities_schema import SITE_NAME
from scraper.archive.search.attachments import AttachmentFinder
from scraper.archive.search.filters import Filters, conditions, few_members
from scraper.archive.search.query import parse_query
from scraper.archive.search.snippet import Highlighter, Snippet, joined, make_snippet
from scraper.archive.search.widen import related_stems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.connection import Archive
    from scraper.archive.search.query import Query

# Among so many of the best, forms as typed come before other inflections.
_POOL = 20
_TYPED_BONUS = 0.5
_IN_TITLE_BONUS = 0.5


def search(
    archive: Archive,
    query: str,
    filters: Filters,
    *,
    sort: Literal["relevance", "date"] = "relevance",
    limit: int = 20,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """Articles in which all words of a query occur, in any inflection or in compounds.

    Args:
        archive: where.
        query: what the user typed, see `scraper.archive.search.query`.
        filters: see `Filters`. Days are inclusive.
        sort: best match first, or newest first.
        limit: at most so many.
        offset: after so many others, for which no snippets are made.

    Returns:
        Rows with `id url title published district online site site_name snippet`, see `Snippet`,
        and `attachment`: of a release that was found by an attached file `url title page`, else
        None.

    Raises:
        UsageError: the query has no word to look for, or too many, or a filter is empty.
        ArchiveError: the archive cannot be read.
    """
    finder = _Finder(archive, parse_query(query), filters)
    ids = (finder.newest if sort == "date" else finder.best)(offset + limit)
    return finder.these(ids[offset:])


def newest_ids(archive: Archive, query: str, filters: Filters, limit: int) -> list[int]:
    """Ids of the newest articles that `search` finds, newest first.

    Raises:
        UsageError: the query has no word to look for, or too many, or a filter is empty.
        ArchiveError: the archive cannot be read.
    """
    return _Finder(archive, parse_query(query), filters).newest(limit)


def count_matches(archive: Archive, query: str, filters: Filters) -> int:
    """How many articles `search` would find without a limit.

    Raises:
        UsageError: the query has no word to look for, or too many, or a filter is empty.
        ArchiveError: the archive cannot be read.
    """
    return _Finder(archive, parse_query(query), filters).count()


def matching(archive: Archive, query: str) -> list[int]:
    """Ids of all articles that `search` finds without filters, in no order.

    Raises:
        UsageError: the query has no word to look for.
        ArchiveError: the archive cannot be read.
    """
    return _Finder(archive, parse_query(query), Filters()).all()


def among(archive: Archive, query: str | None, filters: Filters, ids: Iterable[int]) -> set[int]:
    """Which of some articles a search finds; without a query, which its filters let through.

    Raises:
        UsageError: the query has no word to look for, or too many, or a filter is empty.
        ArchiveError: the archive cannot be read.
    """
    some = json.dumps(sorted(ids))
    if query is not None:
        return _Finder(archive, parse_query(query), filters).among(some)
    sql, values = conditions(archive, filters)
    where = " AND ".join([_AMONG, *sql])
    rows = archive.rows(f"SELECT a.id FROM articles a WHERE {where}", values | {"among": some})
    return {row["id"] for row in rows}


def shown(archive: Archive, query: str, ids: list[int]) -> list[dict[str, Any]]:
    """Articles that are known to match, as `search` gives them, in the order of their ids.

    Raises:
        UsageError: the query has no word to look for.
        ArchiveError: the archive cannot be read.
    """
    return _Finder(archive, parse_query(query), Filters()).these(ids)


def is_found(archive: Archive, query: str, filters: Filters) -> bool:
    """Whether `search` finds anything.

    Raises:
        UsageError: the query has no word to look for, or too many, or a filter is empty.
        ArchiveError: the archive cannot be read.
    """
    return _Finder(archive, parse_query(query), filters).finds()


def best_of(archive: Archive, query: Query, filters: Filters, limit: int) -> list[int]:
    """Ids of the articles that match a query best, words in compounds left out.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    return _Finder(archive, query, filters).ranked(limit)


def shown_for(archive: Archive, query: Query, ids: list[int]) -> list[dict[str, Any]]:
    """As `shown`, for a query that was read already."""
    return _Finder(archive, query, Filters()).these(ids)


def newest(archive: Archive, filters: Filters, limit: int) -> list[dict[str, Any]]:
    """The newest releases that some filters leave.

    Returns:
        Rows with `id url title published district online site site_name`.

    Raises:
        UsageError: a filter is empty.
    """
    terms, values = conditions(archive, filters)
    rows = archive.rows(
        "SELECT a.id, a.url, a.title, a.published, a.district, a.gone_at IS NULL AS online, "
        f"a.site, {SITE_NAME.format(site='a.site')} AS site_name FROM articles a "
        f"WHERE {' AND '.join(terms or ['true'])} ORDER BY a.published DESC, a.id LIMIT :limit",
        values | {"limit": limit},
    )
    for row in rows:
        row["online"] = bool(row["online"])
    return rows


def count_all(archive: Archive, filters: Filters) -> int:
    """How many releases `newest` would find without a limit."""
    terms, values = conditions(archive, filters)
    where = " AND ".join(terms or ["true"])
    return int(archive.rows(f"SELECT count(*) AS n FROM articles a WHERE {where}", values)[0]["n"])


class _Finder:
    """One search."""

    def __init__(self, archive: Archive, query: Query, filters: Filters) -> None:
        self._archive = archive
        self._query = query
        self._conditions, self._values = conditions(archive, filters)
        self._sites = filters.sites
        self._marker = Highlighter(query)
        self._words: dict[int, set[str]] = {}
        self._pool: dict[int, dict[str, Any]] = {}
        self._files = AttachmentFinder(archive, query, filters, self._wide)

    def best(self, limit: int) -> list[int]:
        """Best match first."""
        titled = self._titled(limit)
        inflected = self._ranked(self._query.expression(), max(limit, _POOL) + len(titled))
        found = titled + self._reordered(inflected, set(titled))
        if len(found) < limit:
            seen = set(found)
            wide = self._ranked(self._wide(), limit + len(seen))
            found += [number for number in wide if number not in seen]
        if len(found) < limit:
            seen = set(found)
            attached = self._files.best(limit + len(seen))
            found += [number for number in attached if number not in seen]
        return found[:limit]

    def newest(self, limit: int) -> list[int]:
        """Newest first, however well they match."""
        values: dict[str, Any] = {"match": self._wide(), "limit": limit}
        if not self._files.has_any:
            return self._ids(
                "SELECT a.id FROM articles_fts f JOIN articles a ON a.id = f.rowid "
                "WHERE articles_fts MATCH :match",
                "a.published DESC, a.id",
                values,
            )
        return self._ids(
            "SELECT a.id FROM articles a WHERE a.id IN (SELECT rowid FROM articles_fts "
            f"WHERE articles_fts MATCH :match UNION {self._files.sql})",
            "a.published DESC, a.id",
            values | self._files.values,
        )

    def count(self) -> int:
        """How many match."""
        where = "".join(f" AND {condition}" for condition in self._conditions)
        attached, values = "", {}
        if self._files.has_any:
            attached = f"UNION SELECT a.id FROM articles a WHERE a.id IN ({self._files.sql}){where}"
            values = self._files.values
        rows = self._archive.rows(
            f"SELECT count(*) AS n FROM (SELECT f.rowid FROM {self._matches()} UNION "
            "SELECT a.id FROM article_stems s JOIN articles a ON a.id = s.id "
            f"WHERE s.title_key = :key{where} {attached})",
            self._values | values | {"match": self._wide(), "key": self._query.title_key},
        )
        return int(rows[0]["n"])

    def these(self, ids: list[int]) -> list[dict[str, Any]]:
        """Some articles as results."""
        known = self._pool
        rows = known | {row["id"]: row for row in self._read(n for n in ids if n not in known)}
        return [self.shown(rows[number]) for number in ids if number in rows]

    def finds(self) -> bool:
        """Whether anything matches; none of what does is sorted."""
        sql = f"SELECT 1 FROM {self._matches()} LIMIT 1"
        ways = (self._query.expression(), self._wide())
        return any(self._archive.rows(sql, self._values | {"match": way}) for way in ways)

    def ranked(self, limit: int) -> list[int]:
        """The best matches of words in some inflection, the best first."""
        return list(self._ranked(self._query.expression(), limit))

    def all(self) -> list[int]:
        """Whatever matches: words within compounds include the words themselves."""
        sql = "SELECT rowid AS id FROM articles_fts WHERE articles_fts MATCH :match"
        rows = self._archive.rows(sql, {"match": self._wide()})
        found = {row["id"] for row in rows} | set(self._titled(-1))
        return list(found | set(self._files.all()))

    def among(self, ids: str) -> set[int]:
        """Which of some articles match; their ids as a JSON array."""
        self._conditions = [*self._conditions, _AMONG]
        self._values = self._values | {"among": ids}
        return {*self.newest(-1), *self._titled(-1)}

    def _wide(self) -> str:
        return self._query.expression(partial(related_stems, self._archive))

    def _titled(self, limit: int) -> list[int]:
        """Articles whose whole title the query is."""
        return self._ids(
            "SELECT a.id FROM article_stems s JOIN articles a ON a.id = s.id "
            "WHERE s.title_key = :key",
            "a.published DESC, a.id",
            {"key": self._query.title_key, "limit": limit},
        )

    def _ranked(self, expression: str, limit: int) -> dict[int, float]:
        """Ids of the best matches, and how good each is; higher is better."""
        # FTS5's own sorter (`ORDER BY rank`) ranks and copies whatever matches before filters are
        # asked; this way only what they let through is ranked, and only the best are kept.
        sql = f"SELECT f.rowid AS id, f.rank AS rank FROM {self._matches()} "
        values = self._values | {"match": expression, "limit": limit}
        rows = self._archive.rows(f"{sql} ORDER BY +f.rank, f.rowid LIMIT :limit", values)
        return {row["id"]: -row["rank"] for row in rows}

    def _matches(self) -> str:
        """SQL: `articles_fts f` that match `:match` and the filters, and `articles a` if asked."""
        terms = ["articles_fts MATCH :match", *self._members, *self._conditions]
        join = "JOIN articles a ON a.id = f.rowid" if self._conditions else ""
        return f"articles_fts f {join} WHERE {' AND '.join(terms)}"

    @cached_property
    def _members(self) -> list[str]:
        found = few_members(self._archive, self._sites, dict(self._values))
        return [found] if found else []

    def _ids(self, sql: str, order: str, values: dict[str, Any]) -> list[int]:
        where = "".join(f" AND {condition}" for condition in self._conditions)
        rows = self._archive.rows(
            f"{sql}{where} ORDER BY {order} LIMIT :limit", self._values | values
        )
        return [row["id"] for row in rows]

    def _read(self, ids: Iterable[int]) -> list[dict[str, Any]]:
        ids = list(ids)
        rows: dict[int, dict[str, Any]] = {}
        for at in range(0, len(ids), 500):
            batch = ids[at : at + 500]
            marks = ", ".join("?" * len(batch))
            sql = f"SELECT {_COLUMNS} FROM articles WHERE id IN ({marks})"
            rows |= {row["id"]: row for row in self._archive.rows(sql, tuple(batch))}
        return [rows[number] for number in ids if number in rows]

    def _reordered(self, ranks: dict[int, float], without: set[int]) -> list[int]:
        """Words as typed before other inflections, then the newer before the older."""
        found = [number for number in ranks if number not in without]
        pool, rest = self._read(found[:_POOL]), found[_POOL:]
        self._pool = {row["id"]: row for row in pool}
        marker = self._marker

        def worth(row: dict[str, Any]) -> float:
            title, text = marker.words(row["title"]), self._words_of(row)
            bonus = _TYPED_BONUS * marker.typed(title | text)
            return ranks[row["id"]] * (1 + bonus + _IN_TITLE_BONUS * marker.typed(title))

        # Stable: what is equally good stays newest first.
        pool.sort(key=lambda row: row["published"] or "", reverse=True)
        pool.sort(key=worth, reverse=True)
        return [row["id"] for row in pool] + rest

    def _words_of(self, row: dict[str, Any]) -> set[str]:
        if row["id"] not in self._words:
            self._words[row["id"]] = self._marker.words(row["text"])
        return self._words[row["id"]]

    def shown(self, row: dict[str, Any]) -> dict[str, Any]:
        """An article as a result, with its snippet."""
        hits = self._marker.hits(row["text"], self._words_of(row))
        snippet = make_snippet(row["text"], hits)
        if not hits:
            snippet = joined((self._headline(row), snippet))
        attached = None if snippet.highlights else self._files.passage(row["id"], self._marker)
        row["attachment"] = None
        if attached:
            row["attachment"], snippet = attached
        names = "id url title published district online site site_name attachment".split()
        row["online"] = row["gone_at"] is None
        return {name: row[name] for name in names} | {"snippet": snippet}

    def _headline(self, row: dict[str, Any]) -> Snippet:
        """Kicker or title, whichever holds a hit; empty if neither does."""
        for text in (row["kicker"] or "", row["title"]):
            hits = self._marker.hits(text, self._marker.words(text))
            if hits:
                return make_snippet(text, hits)
        return Snippet("")


_AMONG = "a.id IN (SELECT value FROM json_each(:among))"
_COLUMNS = (
    "id, url, title, published, district, kicker, text, gone_at, site, "
    f"{SITE_NAME.format(site='articles.site')} AS site_name"
)


def row_as_json(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `search` for JSON: the text of the snippet, and its `highlights` as offsets."""
    snippet: Snippet = row["snippet"]
    return {**row, "snippet": snippet.text, "highlights": list(map(list, snippet.highlights))}
