"""Snippets: the passage of the original text that shows best why an article was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.compounds import is_part
from scraper.archive.german import places

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.archive.german import Place, Unit
    from scraper.archive.query import Query, Term

START, END = "\x02", "\x03"
"""Marks around a hit in a snippet; they occur in no text."""

_WORDS = 24
_BEFORE = 5
_MAX_HITS = 200
_ELLIPSIS = " … "


class Hit(NamedTuple):
    """A word of a text that is looked for."""

    place: int
    """Number of the unit in the text."""
    term: int
    """Number of the term in the query."""
    weight: int
    """3 as typed, 2 inflected, 1 as a part of a compound."""


class Highlighter:
    """Finds the words of a query in texts. Keep it for one query: it remembers words."""

    def __init__(self, query: Query) -> None:
        self._terms = query.terms
        self._known: dict[Unit, tuple[tuple[int, int], ...]] = {}
        self._phrases = [
            (number, term)
            for number, term in enumerate(self._terms)
            if len(term.stems) > 1 and (term.is_prefix or not term.joined)
        ]

    def hits(self, found: Sequence[Place]) -> list[Hit]:
        """The words among the units of a text that are looked for."""
        hits = [
            Hit(number, term, weight)
            for number, place in enumerate(found)
            for term, weight in self._matches(place.unit)
        ]
        for number, term in self._phrases:
            hits += _phrase_hits(found, term, number)
        return sorted(hits)

    def _matches(self, unit: Unit) -> tuple[tuple[int, int], ...]:
        known = self._known.get(unit)
        if known is None:
            weights = ((n, _weight(term, unit)) for n, term in enumerate(self._terms))
            known = self._known[unit] = tuple((n, weight) for n, weight in weights if weight)
        return known

    def exactness(self, hits: Iterable[Hit]) -> float:
        """Which share of the terms occurs just as typed."""
        exact = {hit.term for hit in hits if hit.weight > 2}
        return len(exact) / len(self._terms)

    def snippet(self, found: Sequence[Place], hits: Sequence[Hit], text: str) -> str:
        """About 24 words of a text around its hits, each between `START` and `END`."""
        if not found:
            return ""
        first = _best_start(hits)
        last = min(first + _WORDS, len(found))
        first = max(0, min(first, last - _WORDS))
        begin = found[first].start if first else 0
        end = found[last - 1].end if last < len(found) else len(text)
        marked = {hit.place for hit in hits if first <= hit.place < last}
        pieces: list[str] = [_ELLIPSIS.lstrip()] if first else []
        at = begin
        for number in sorted(marked):
            place = found[number]
            pieces += [_bare(text[at : place.start]), START, _bare(text[place.start : place.end])]
            pieces.append(END)
            at = place.end
        pieces.append(_bare(text[at:end]))
        if last < len(found):
            pieces.append(_ELLIPSIS.rstrip())
        return "".join(pieces)


def _weight(term: Term, unit: Unit) -> int:
    """How well a unit matches a term of one word or compound; 0 if not."""
    stems = (*unit.stems, unit.joined) if unit.joined else unit.stems
    words = (*unit.words, unit.joined_word)
    if term.is_prefix and len(term.stems) == 1:
        return 2 * any(word and word.startswith(term.words[0]) for word in words)
    if not term.word:
        return 0
    if len(term.stems) > 1 and unit.stems == term.stems:
        return 3 if unit.words == term.words else 2
    stem, word = term.word
    if stem in stems:
        return 3 if word in words else 2
    return int(any(is_part(stem, word, other) for other in stems))


def _phrase_hits(found: Sequence[Place], term: Term, number: int) -> list[Hit]:
    parts = [
        (stem, word, n)
        for n, place in enumerate(found)
        for stem, word in zip(place.unit.stems, place.unit.words, strict=True)
    ]
    length = len(term.stems)
    hits = []
    for at in range(len(parts) - length + 1):
        if parts[at][0] != term.stems[0]:
            continue
        here = parts[at : at + length]
        same = [part[0] == stem for part, stem in zip(here, term.stems, strict=True)]
        if term.is_prefix and here[-1][1].startswith(term.words[-1]):
            same[-1] = True
        if all(same):
            exact = all(part[1] == word for part, word in zip(here, term.words, strict=True))
            hits += [Hit(part[2], number, 3 if exact else 2) for part in here]
    return hits


def _best_start(hits: Sequence[Hit]) -> int:
    """Number of the unit to begin with: most terms first, then the best and most hits."""
    best, start = (0, 0), 0
    for number, hit in enumerate(hits[:_MAX_HITS]):
        first = max(0, hit.place - _BEFORE)
        terms: dict[int, int] = {}
        count = 0
        for other in hits[number : number + _WORDS]:
            if other.place >= first + _WORDS:
                break
            terms[other.term] = max(terms.get(other.term, 0), other.weight)
            count += 1
        score = (sum(terms.values()) + 3 * len(terms), min(count, 4))
        if score > best:
            best, start = score, first
    return start


def _bare(text: str) -> str:
    """Text without line breaks, and without marks that only a hostile page can hold."""
    return text.replace(START, "").replace(END, "").replace("\n\n", " ").replace("\n", " ")


def units_of(text: str | None) -> list[Place]:
    """The units of a text, with offsets."""
    return list(places(text or ""))
