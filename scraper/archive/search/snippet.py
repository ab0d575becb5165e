"""Snippets: the passage of the original text that shows best why an article was found."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.search.compounds import is_related, needle, root
from scraper.archive.search.german import UNIT, fold_word, holding, letters, unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from scraper.archive.search.query import Query, Term

_WIDTH = 170  # characters, about 24 words
_BEFORE = 40  # of these before the first hit
_MAX_HITS = 200
_BEHIND = 10  # characters that tell whether a word ends, as in `Bürger*innen`, `A 45`
_ELLIPSIS = "…"

_TYPED, _INFLECTED, _PART, _OPENING = 3, 2, 1, 0
"""How well a word matches: as typed, inflected, as a part of a compound; or it opens a phrase."""


class Hit(NamedTuple):
    """A word of a text that is looked for."""

    start: int
    end: int
    term: int
    """Number of the term in the query."""
    weight: int
    """3 as typed, 2 inflected, 1 in a compound or as another form of the verb."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of a text, and which parts of it were looked for."""

    text: str
    highlights: tuple[tuple[int, int], ...] = ()
    """Offsets of the first character of a hit and of the one behind it; in order, none overlap."""

    def parts(self) -> Iterator[tuple[str, bool]]:
        """The text piece by piece, and whether a piece is a hit. No piece is empty."""
        at = 0
        for start, end in (*self.highlights, (len(self.text), len(self.text))):
            if at < start:
                yield self.text[at:start], False
            if start < end:
                yield self.text[start:end], True
            at = end

    def shortened(self, length: int) -> Snippet:
        """At most so many characters and an ellipsis, cut at a space where there is one."""
        if len(self.text) <= length:
            return self
        text = self.text[:length].rsplit(" ", 1)[0]
        inside = tuple((start, end) for start, end in self.highlights if end <= len(text))
        return Snippet(f"{text} {_ELLIPSIS}", inside)


def joined(snippets: Iterable[Snippet]) -> Snippet:
    """Snippets as one, with an ellipsis between them; empty ones are left out."""
    text, highlights = "", []
    for snippet in snippets:
        if not snippet.text:
            continue
        if text:
            text += f" {_ELLIPSIS} "
        highlights += [(len(text) + start, len(text) + end) for start, end in snippet.highlights]
        text += snippet.text
    return Snippet(text, tuple(highlights))


class Highlighter:
    """Finds the words of a query in texts. Keep it for one query: it remembers words."""

    def __init__(self, query: Query) -> None:
        self._terms = query.terms
        self._needles = [_needle(term) for term in self._terms]
        self._seen: set[str] = set()
        self._known: dict[str, list[tuple[int, int]]] = {}

    def words(self, text: str) -> set[str]:
        """The words of a text that may be hits."""
        words = set(UNIT.findall(text))
        fresh = words - self._seen
        for word in holding(self._needles, fresh):
            matches = self._matches(word)
            if matches:
                self._known[word] = matches
        self._seen |= fresh
        return words & self._known.keys()

    def typed(self, words: Iterable[str]) -> float:
        """Which share of the terms is among words in the form that was typed."""
        found = {n for word in words for n, weight in self._known[word] if weight == _TYPED}
        return len(found) / len(self._terms)

    def hits(self, text: str, words: Collection[str]) -> list[Hit]:
        """Where the words of a query stand in a text.

        Args:
            text: the text.
            words: what `words` gives for it.
        """
        hits: set[Hit] = set()
        for word in sorted(words, key=self._worth)[:_MAX_HITS]:
            for start in islice(_occurrences(text, word), _MAX_HITS):
                for number, weight in self._known[word]:
                    if weight == _OPENING:
                        hits.update(_phrase_hits(text, start, self._terms[number], number))
                    else:
                        hits.add(Hit(start, start + len(word), number, weight))
        return sorted(hits)

    def _worth(self, word: str) -> tuple[int, str]:
        """For sorting: words that match best come first."""
        return -max(weight for _number, weight in self._known[word]), word

    def _matches(self, word: str) -> list[tuple[int, int]]:
        # Stemming is slow: only for words that hold the beginning of what is looked for.
        folded = letters(fold_word(word))
        matches = []
        for number, (term, beginning) in enumerate(zip(self._terms, self._needles, strict=True)):
            if beginning in folded:
                if _is_phrase(term):
                    matches.append((number, _OPENING))
                elif weight := _weight(term, word):
                    matches.append((number, weight))
        return matches


def _occurrences(text: str, word: str) -> Iterator[int]:
    """Offsets of a word where it is not a part of another one."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not text[start - 1 : start].isalnum():
            # A longer word shows in a few characters; of one that goes on and on, no more is read.
            match = UNIT.match(text, start, end + _BEHIND)
            if match and match.end() == end:
                yield start
        start = text.find(word, end)


def _is_phrase(term: Term) -> bool:
    return len(term.stems) > 1 and not term.joined


def _needle(term: Term) -> str:
    """What every word that matches a term, or opens the phrase, has in it."""
    if _is_phrase(term):
        return root(term.stems[0])
    if term.is_prefix or not term.word:
        return term.words[0]
    # The parts of a compound with hyphens stand in it one by one, so the first will do.
    return needle(*term.word) if len(term.stems) == 1 else root(term.stems[0])


def _weight(term: Term, text: str) -> int:
    """How well a word or hyphenated compound matches a term; 0 if it does not."""
    found = unit(text)
    stems = (*found.stems, found.joined) if found.joined else found.stems
    words = (*found.words, found.joined_word)
    if term.is_prefix:
        return _INFLECTED * any(word and word.startswith(term.words[0]) for word in words)
    if not term.word:
        return 0
    if len(term.stems) > 1 and found.stems == term.stems:
        return _TYPED if found.words == term.words else _INFLECTED
    stem, word = term.word
    if stem in stems:
        return _TYPED if word in words else _INFLECTED
    return _PART if any(is_related(stem, word, other) for other in stems) else 0


def _phrase_hits(text: str, start: int, term: Term, number: int) -> list[Hit]:
    """The words of a phrase if it begins at an offset."""
    length = len(term.stems)
    parts = [
        (stem, word, match.span())
        for match in islice(UNIT.finditer(text, start), length)  # a word has at least one part
        for stem, word in zip(unit(match[0]).stems, unit(match[0]).words, strict=True)
    ]
    # It may begin within a hyphenated compound.
    for first in range(len(parts) - length + 1):
        here = parts[first : first + length]
        if here[0][2] != parts[0][2]:
            break
        same = [part[0] == stem for part, stem in zip(here, term.stems, strict=True)]
        if term.is_prefix and here[-1][1].startswith(term.words[-1]):
            same[-1] = True
        if all(same):
            return [Hit(*span, number, _INFLECTED) for _stem, _word, span in here]
    return []


def make_snippet(text: str, hits: Sequence[Hit]) -> Snippet:
    """About 24 words of a text around its hits."""
    first = best_start(hits, len(text))
    # Whole words: from the space before to the space behind.
    first = text.rfind(" ", 0, first) + 1 if first else 0
    last = text.find(" ", first + _WIDTH)
    last = len(text) if last < 0 else last
    shown, highlights = f"{_ELLIPSIS} " if first else "", []
    at = first
    for start, stop in sorted({(hit.start, hit.end) for hit in hits}):
        if at <= start and stop <= last:
            shown += _in_one_line(text[at:start])
            hit = _in_one_line(text[start:stop])
            highlights.append((len(shown), len(shown) + len(hit)))
            shown += hit
            at = stop
    shown += _in_one_line(text[at:last])
    if last < len(text):
        shown += f" {_ELLIPSIS}"
    return Snippet(shown, tuple(highlights))


def best_start(hits: Sequence[Hit], length: int) -> int:
    """Offset to begin a passage at: most terms first, then the best and most hits.

    Args:
        hits: in the order of the text.
        length: of the text.
    """
    best, start = (0, 0), 0
    for number, hit in enumerate(hits[:_MAX_HITS]):
        first = max(0, min(hit.start - _BEFORE, length - _WIDTH))
        terms: dict[int, int] = {}
        count = 0
        for other in hits[number : number + 20]:
            if other.end > first + _WIDTH:
                break
            terms[other.term] = max(terms.get(other.term, 0), other.weight)
            count += 1
        score = (sum(terms.values()) + _TYPED * len(terms), min(count, 4))
        if score > best:
            best, start = score, first
    return start


def _in_one_line(text: str) -> str:
    return text.replace("\n\n", " ").replace("\n", " ")
