"""Finding the release that a sentence is from when no release has it word for word.

Releases are compared by pairs of neighbouring stems: the share of the sentence's pairs they have.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from scraper.archive.search.articles import best_of, shown_for
from scraper.archive.search.german import units
from scraper.archive.search.query import Query, Term

if TYPE_CHECKING:
    from scraper.archive.connection import Archive
    from scraper.archive.search.filters import Filters

SHORTEST = 4
"""Words of a phrase that is worth comparing."""

_PAIRS = 60  # that are looked for
_POOL = 50  # releases that are compared
_LEAST = 0.3  # of the pairs


def closest(
    archive: Archive, phrase: str, filters: Filters, limit: int = 20
) -> list[dict[str, Any]]:
    """Releases that have the most of a phrase, the closest first.

    Args:
        archive: where.
        phrase: a sentence, or a part of one.
        filters: what narrows the search down.
        limit: at most so many.

    Returns:
        Rows as of `search`, with `overlap`: the share of the phrase's pairs of words that a
        release has, 0 to 1. Empty if the phrase is too short, or no release has enough of it.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    pairs = _pairs(phrase)
    if len(pairs) < SHORTEST - 1:
        return []
    query = Query((tuple(pairs[:: 1 + (len(pairs) - 1) // _PAIRS]),), (), "")
    shares = {
        number: _share(text, pairs)
        for number, text in _texts(archive, best_of(archive, query, filters, _POOL))
    }
    # Stable: what is equally close stays as it was ranked.
    ids = sorted((one for one in shares if shares[one] >= _LEAST), key=lambda one: -shares[one])
    rows = shown_for(archive, query, ids[:limit])
    return [{**row, "overlap": round(shares[row["id"]], 4)} for row in rows]


def _pairs(phrase: str) -> list[Term]:
    """Neighbouring words of a phrase, each pair once, as terms that stand side by side."""
    parts = [part for found in units(phrase) for part in zip(found.stems, found.words, strict=True)]
    pairs = pairwise(parts)
    return list(dict.fromkeys(Term((one[0], two[0]), (one[1], two[1])) for one, two in pairs))


def _share(text: str, pairs: list[Term]) -> float:
    return sum(f" {' '.join(pair.stems)} " in text for pair in pairs) / len(pairs)


def _texts(archive: Archive, ids: list[int]) -> list[tuple[int, str]]:
    """The stems of some releases, in their order."""
    marks = ", ".join("?" * len(ids))
    rows = archive.rows(
        "SELECT id, ' ' || title || ' ' || kicker || ' ' || lead || ' ' || body || ' ' AS text "
        f"FROM article_stems WHERE id IN ({marks})",
        tuple(ids),
    )
    found = {row["id"]: row["text"] for row in rows}
    return [(number, found[number]) for number in ids if number in found]
