"""What a search that finds nothing may mean: misspelt words replaced by the archive's own.

Candidates are the words that begin or end like the misspelt one; so one mistake is always found,
wherever it is, and two if they are not at both ends.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.archive.search.articles import is_found
from scraper.archive.search.german import fold_word, unit
from scraper.archive.search.widen import related_stems
from scraper.errors import UsageError

if TYPE_CHECKING:
    from scraper.archive.connection import Archive
    from scraper.archive.search.filters import Filters

_WORD = re.compile(r"(?<![\w*])[^\W\d_]{4,40}(?![\w*:])")
_MOST_WORDS = 8  # of a query
_CANDIDATES = 20_000
_JUDGED = 8  # of the closest words, by how often they occur
_OFTEN = 200
_LAST = "\U0010ffff"


def suggestion(archive: Archive, query: str, filters: Filters) -> str | None:
    """A query that finds something in place of one that does not.

    Args:
        archive: where.
        query: what the user typed, and what nothing was found for.
        filters: what narrows the search down.

    Returns:
        The query with misspelt words replaced; None if no words are close enough, or it would find
        nothing either.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    replaced: dict[str, str] = {}
    for word in list(dict.fromkeys(_WORD.findall(query)))[:_MOST_WORDS]:
        if not _is_known(archive, word):
            closest = nearest(archive, word)
            if closest:
                replaced[word] = closest
    if not replaced:
        return None
    better = _WORD.sub(lambda found: replaced.get(found[0], found[0]), query)
    try:
        return better if is_found(archive, better, filters) else None
    except UsageError:  # longer than what can be searched for
        return None


def nearest(archive: Archive, word: str) -> str | None:
    """The archive's own word that is closest to a misspelt one, as it is written there.

    Of words that are equally close the one that more releases have.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    folded = fold_word(word)
    most = _mistakes(folded)
    found = extract(
        folded,
        _candidates(archive, folded, most),
        scorer=OSA.distance,
        score_cutoff=most,
        limit=_JUDGED,
    )
    counted = [(distance, -_occurrences(archive, shown), shown) for _, distance, shown in found]
    there = [one for one in counted if one[1]]
    return min(there)[2] if there else None


def _mistakes(word: str) -> int:
    """How many letters may be wrong, missing, too many or exchanged."""
    return 1 if len(word) < 6 else 2 if len(word) < 12 else 3


def _candidates(archive: Archive, word: str, most: int) -> dict[str, str]:
    """Words that begin or end like a word, and are about as long; each as it is shown."""
    begin, end = word[: max(2, len(word) // 3)], word[::-1][: max(2, len(word) // 2)]
    rows = archive.each(_NEAR, (begin, begin + _LAST, end, end + _LAST, _CANDIDATES))
    lengths = range(len(word) - most, len(word) + most + 1)
    return {row["shown"]: row["word"] for row in rows if len(row["word"]) in lengths}


_NEAR = """
SELECT word, shown FROM words WHERE word BETWEEN ? AND ?
UNION SELECT word, shown FROM words WHERE backwards BETWEEN ? AND ? LIMIT ?
"""


def _occurrences(archive: Archive, word: str) -> int:
    """How many releases have a word in some inflection; more than some are not counted."""
    sql = f"SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT {_OFTEN}"
    return len(archive.rows(sql, (f'"{unit(word).stems[0]}"',)))


def _is_known(archive: Archive, word: str) -> bool:
    """Whether any release has a word, or a compound with it."""
    stem, folded = unit(word).stems[0], fold_word(word)
    stems = [stem, *related_stems(archive, stem, folded)]
    expression = " OR ".join(f'"{one}"' for one in stems)
    sql = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1"
    return bool(archive.rows(sql, (expression,)))
