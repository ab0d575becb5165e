"""Which language a text is in, by its function words: no model, nothing to download.

The rules for speech know German grammar only; in other languages they would put words into the
mouths of people who never said them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

from scraper.quotes.lexicon import LANGUAGES
from scraper.quotes.spans import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.quotes.spans import Span

GERMAN = "de"
_LEAST = 4
"""Function words of a language that are needed to tell it."""
_MARGIN = 2
"""How many times as many as of any other language."""
_GERMAN = LANGUAGES[GERMAN]
_FOREIGN = (
    frozenset().union(*(words for tag, words in LANGUAGES.items() if tag != GERMAN)) - _GERMAN
)
_TAGS: dict[str, tuple[str, ...]] = {
    word: tuple(tag for tag, words in LANGUAGES.items() if word in words)
    for word in _FOREIGN | _GERMAN
}


def language_of(text: str) -> str | None:
    """BCP 47 tag of the language of a text; None when too few words tell.

    Known are German, English, French, Italian, Spanish, Dutch, Polish, Turkish, Ukrainian and
    Russian.
    """
    return _language(text.lower().split())


def is_german(text: str) -> bool:
    """Whether nothing says that a text is in another language than German."""
    words = text.lower().split()
    # Most texts have no word of another language, which is told without counting.
    return _FOREIGN.isdisjoint(words) or _language(words) in {GERMAN, None}


def has_foreign(words: Iterable[str]) -> bool:
    """Whether any of some words is one of another language, and none in German."""
    return not _FOREIGN.isdisjoint(words)


def foreign_spans(text: str, spans: list[Span]) -> frozenset[int]:
    """Numbers of the quoted strings that stand in a paragraph of another language than German.

    What is quoted does not count: an English sentence may be quoted in a German one. A paragraph
    whose own words tell nothing is in the language of the whole.
    """
    if not spans:
        return frozenset()
    words = text.lower().split()
    if sum(map(_FOREIGN.__contains__, words)) < _LEAST:
        return frozenset()
    own_words = _outside(text, 0, len(text), spans)
    whole = _language(own_words)
    if whole is None and _says_foreign(own_words):
        whole = _language(words)  # `“…,” said Moll.`: all but two words are quoted
    starts = [span.outer_start for span in spans]
    found: set[int] = set()
    for start, end in paragraphs(text):
        first, last = bisect_right(starts, start - 1), bisect_right(starts, end - 1)
        if first < last:
            own = _language(_outside(text, start, end, spans[first:last])) or whole
            if own not in {GERMAN, None}:
                found.update(range(first, last))
    return frozenset(found)


def _outside(text: str, start: int, end: int, spans: list[Span]) -> list[str]:
    """The words of a part of a text that are not quoted, in lower case."""
    words: list[str] = []
    for span in spans:
        words += text[start : span.outer_start].lower().split()
        start = max(start, span.outer_end)
    return words + text[start:end].lower().split()


def _says_foreign(words: list[str]) -> bool:
    return any(map(_FOREIGN.__contains__, words)) and not any(map(_GERMAN.__contains__, words))


def _language(words: list[str]) -> str | None:
    counts: Counter[str] = Counter()
    for word in words:
        counts.update(_TAGS.get(word, ()))
    (best, most), (_, second) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    return best if most >= _LEAST and most >= _MARGIN * second else None
