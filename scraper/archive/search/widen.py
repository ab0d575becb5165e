"""Widening a search: the stems in the archive that are related to a word of the query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.connection import guarded
from scraper.archive.search.compounds import SHORTEST_PART, is_part, root, verb_forms

if TYPE_CHECKING:
    from scraper.archive.connection import Archive


_CANDIDATES = 5_000

_EXPANSIONS = 150


def related_stems(archive: Archive, stem: str, word: str) -> list[str]:
    """Stems related to a word: forms of the verb, then compounds, the likeliest first."""
    return [*verb_forms(stem, word), *_compounds(archive, stem, word)]


def _compounds(archive: Archive, stem: str, word: str) -> list[str]:
    if len(stem) < SHORTEST_PART or not stem.isalpha():
        return []
    # A stem holds letters and digits only: nothing in the pattern needs escaping.
    sql = f"SELECT stem FROM compounds_fts WHERE stem LIKE ? LIMIT {_CANDIDATES}"
    with guarded(archive.path):
        rows = archive.connection.execute(sql, (f"%{root(stem)}%",)).fetchall()
    found = [whole for (whole,) in rows if is_part(stem, word, whole)]
    found.sort(key=lambda whole: (not whole.endswith(stem), len(whole), whole))
    return found[:_EXPANSIONS]
