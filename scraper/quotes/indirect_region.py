"""The part of a sentence that may be reported speech, without a direct quotation at its edges."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.quotes.indirect_cues import SIGNALS
from scraper.quotes.tokens import BREAK, CAPITAL, LOWER, NUMBER, PUNCTUATION, Tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKS = frozenset({",", ";", ":", "–", "—"})
MOST_TOKENS = 200
"""Tokens of a sentence that are looked at: a longer one is a list."""


@dataclass(slots=True)
class Region:
    """A sentence, or what a direct quotation leaves of it."""

    tokens: Tokens
    first: int
    last: int
    """Token behind it."""
    paragraph: int
    quoted: list[int]
    """Tokens of the direct quotations in the whole sentence."""
    cut_left: bool
    """Whether a direct quotation stood before it in the sentence."""
    signals: list[tuple[int, int]]
    """Tokens that can show indirect speech, with what they can show."""
    tagged: bool = False
    """Whether who speaks stands behind the content: `…, sagt X`."""

    @property
    def words(self) -> list[str]:
        """The words of the whole text."""
        return self.tokens.words

    def clause_start(self, at: int) -> int:
        """First token of the clause around a token: behind the last comma, colon or dash."""
        while at > self.first and self.tokens.words[at - 1] not in _MARKS:
            at -= 1
        return at

    def clause_end(self, at: int) -> int:
        """The comma, colon or dash that ends the clause of a token, or the end."""
        while at < self.last and self.tokens.words[at] not in _MARKS:
            at += 1
        return at


def regions(tokens: Tokens, direct: frozenset[int], shift: int) -> Iterator[Region]:
    """Every sentence from offset `shift` on, in the order of the text.

    Args:
        tokens: the text.
        direct: tokens that are direct quotations.
        shift: offset at which the running text starts; a headline stands before it.
    """
    words, kinds, starts = tokens.words, tokens.kinds, tokens.starts
    count = len(starts)
    found = [(i, bits) for i, word in enumerate(words[:count]) if (bits := SIGNALS[word])]
    lines = "\n" in tokens.text
    position = paragraph = 0
    for first, last in pairwise(tokens.sentence_starts):
        closes = last > first and kinds[last - 1] == BREAK
        last -= closes
        if first < last and starts[first] >= shift:
            for begin, end in _lines(tokens, first, last) if lines else [(first, last)]:
                while position < len(found) and found[position][0] < begin:
                    position += 1
                stop = position
                while stop < len(found) and found[stop][0] < end:
                    stop += 1
                yield _region(tokens, begin, end, paragraph, direct, found[position:stop])
                position = stop
        paragraph += closes


def _lines(tokens: Tokens, first: int, last: int) -> list[tuple[int, int]]:
    """A sentence ends with its line at the latest."""
    if "\n" not in tokens.text[tokens.starts[first] : tokens.ends[last - 1]]:
        return [(first, last)]
    cuts = [first]
    cuts += [
        index
        for index in range(first + 1, last)
        if "\n" in tokens.text[tokens.ends[index - 1] : tokens.starts[index]]
    ]
    return list(pairwise([*cuts, last]))


def _region(
    tokens: Tokens,
    first: int,
    last: int,
    paragraph: int,
    direct: frozenset[int],
    signals: list[tuple[int, int]],
) -> Region:
    quoted: list[int] = []
    cut = False
    if direct:
        inside = [
            index for index in range(first, min(last, first + MOST_TOKENS)) if index in direct
        ]
        quoted = inside
        if inside and inside[0] == first:
            first += 1
            cut = True
            while first < last and tokens.kinds[first] == PUNCTUATION and first < inside[0] + 3:
                first += 1
            inside = inside[1:]
        for index in inside:
            if tokens.words[index - 1] == ":" and index > first:
                last = index
                break
    signals = [signal for signal in signals if first <= signal[0] < last]
    return Region(tokens, first, last, paragraph, quoted, cut, signals)


def has_words(region: Region, first: int, last: int) -> bool:
    """Whether a stretch holds at least two words, whatever their kind."""
    kinds = region.tokens.kinds[first:last]
    return sum(kind in {LOWER, CAPITAL, NUMBER} for kind in kinds) >= 2
