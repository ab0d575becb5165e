"""A search and what it can be narrowed by, or a list of everything a filter lets through."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.search.articles import matching, search, shown
from scraper.archive.search.snippet import Snippet
from scraper.archive.search.suggest import suggestion
from scraper.browse.captures import held
from scraper.browse.selection import FACETS, PAGE_SIZE
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive import Archive
    from scraper.browse.cache import Cache
    from scraper.browse.captures import held
    from scraper.browse.columns import Columns
from scraper.browse.selection import Selection

RANKED_PAGES = 50
"""So many pages of a search can be turned; the better way on is to narrow it down."""

_SNIPPET_CHARS = 600
_VALUES = 12
"""Values shown of a facet."""


@dataclass(frozen=True)
class Facet:
    """What a search can be narrowed by."""

    name: str
    values: tuple[tuple[str, int], ...]
    """Value and number of results that have it: dates newest first, others by number."""
    others: int
    """How many values are not shown."""
    chosen: str | None


_Passage = tuple[Snippet | None, dict[str, Any] | None]
_NOWHERE: _Passage = (None, None)


@dataclass(frozen=True)
class Results:
    """One page of results."""

    total: int
    rows: list[dict[str, Any]]
    """`id title kicker published district gone_at site credit snippet`; the snippet has highlights
    if there were words to look for. `attachment`: the file it comes from (`url title page`), or
    None."""
    facets: list[Facet]
    last_page: int
    suggestion: str | None = None
    """A query that finds something, if this one does not."""


def find(cache: Cache, archive: Archive, selection: Selection) -> Results:
    """One page of what a selection selects, with the facets of all of it.

    Raises:
        UsageError: the query cannot be searched for, or there is no such page.
    """
    columns = cache.columns(archive)
    ids, facets = cache.kept(
        _state(archive, columns),
        ("facets", selection.query_string(sort="relevance")),
        lambda: _counted(cache, archive, columns, selection),
    )
    last = max(1, -(-len(ids) // PAGE_SIZE))
    if selection.q:
        last = min(last, RANKED_PAGES)
    if selection.page > last:
        raise UsageError(
            f"The search has {last} pages, none with number {selection.page}. Go back to the "
            "first, or narrow the search down."
        )
    first = (selection.page - 1) * PAGE_SIZE
    if not selection.q:
        snippets: dict[int, _Passage] = dict.fromkeys(ids[first : first + PAGE_SIZE], _NOWHERE)
    else:
        snippets = cache.kept(
            _state(archive, columns),
            ("page", selection.query_string(page=selection.page)),
            lambda: _snippets(archive, selection, ids, first),
        )
    rows = cards(archive, snippets)
    for row in rows:
        found, row["attachment"] = snippets[row["id"]]
        snippet = found or Snippet(row["lead"] or "")
        row["snippet"] = snippet.shortened(_SNIPPET_CHARS)
    meant = None
    if selection.q and not ids:
        meant = cache.kept(
            columns.version,
            ("suggestion", selection.query_string(sort="relevance")),
            lambda: suggestion(archive, selection.q, selection.filters),
        )
    return Results(len(ids), rows, facets, last, meant)


def _snippets(
    archive: Archive, selection: Selection, ids: array[int], first: int
) -> dict[int, _Passage]:
    """Snippets of a page, in its order, and the attached files they come from."""
    if selection.sort == "date":
        rows = shown(archive, selection.q, ids[first : first + PAGE_SIZE].tolist())
    else:
        rows = search(archive, selection.q, selection.filters, limit=PAGE_SIZE, offset=first)
    return {row["id"]: (row["snippet"], row["attachment"]) for row in rows}


def select(cache: Cache, archive: Archive, columns: Columns, selection: Selection) -> list[int]:
    """All that a selection selects, the newest first.

    Raises:
        UsageError: the query cannot be searched for.
    """
    if not selection.q:
        ids = columns.of_city(selection.site) if selection.site else columns.order
        return columns.narrowed(ids, selection)
    found = cache.kept(
        _state(archive, columns),
        ("matching", selection.q),
        lambda: array("q", matching(archive, selection.q)),
    )
    return sorted(columns.narrowed(found, selection), key=columns.rank.__getitem__)


def _state(archive: Archive, columns: Columns) -> tuple[object, int]:
    """What searches depend on: the releases, and the attached files, whose coming is no event."""
    files = archive.rows("SELECT coalesce(max(id), 0) AS n FROM file_versions")[0]["n"]
    return columns.version, files


def _counted(
    cache: Cache, archive: Archive, columns: Columns, selection: Selection
) -> tuple[array[int], list[Facet]]:
    ids = select(cache, archive, columns, selection)
    counts = columns.counts(ids)
    facets = []
    for name in FACETS:
        if name == "site" and len(columns.sites) < 2:
            continue
        values = counts[name]
        if name == "date":
            size = 7 if len(selection.date) >= 4 else 4  # months of a year, else years
            by_size: dict[str, int] = {}
            for month, number in values.items():
                by_size[month[:size]] = by_size.get(month[:size], 0) + number
            shown = sorted(by_size.items(), reverse=True)
            top = shown if size == 4 else shown[:_VALUES]
        else:
            shown = list(values.items())
            top = sorted(shown, key=lambda pair: (-pair[1], pair[0]))[:_VALUES]
        chosen = getattr(selection, name) or None
        facets.append(Facet(name, tuple(top), len(shown) - len(top), chosen))
    return array("q", ids), facets


def cards(archive: Archive, ids: Iterable[int]) -> list[dict[str, Any]]:
    """What lists show of some releases, in the order of the ids."""
    ids = list(ids)
    marks = ", ".join("?" * len(ids))
    rows = archive.rows(
        "SELECT a.id, a.title, a.kicker, a.published, a.district, a.gone_at, a.site, "
        "coalesce(a.lead, a.description, substr(a.text, 1, 400)) AS lead, i.credit, "
        "i.src AS picture, i.position AS picture_position "
        "FROM articles a LEFT JOIN images i ON i.article_id = a.id AND i.position = "
        "(SELECT min(position) FROM images WHERE article_id = a.id) "
        f"WHERE a.id IN ({marks})",
        tuple(ids),
    )
    have = held(archive, {row["picture"] for row in rows if row["picture"]})
    by_id = {row["id"]: row | {"picture_held": row["picture"] in have} for row in rows}
    return [by_id[number] for number in ids if number in by_id]
