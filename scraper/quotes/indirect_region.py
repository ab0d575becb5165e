"""The part of a sentence that may be reported speech, without a direct quotation at its edges."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.quotes.features import SIGNAL, SIGNALS_FROM, finder
from scraper.quotes.tokens import BREAK, CAPITAL, LOWER, NUMBER, PUNCTUATION, Tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNALS = finder(SIGNAL)
_MARKS = frozenset({",", ";", ":", "–", "—"})
MOST_TOKENS = 200
"""Tokens of a sentence that are looked at: a longer one is a list."""


@dataclass(slots=True)
class Region:
    """A sentence, or what a direct quotation leaves of it."""

    tokens: Tokens
    words: list[str]
    """The words of the whole text."""
    first: int
    last: int
    """Token behind it."""
    paragraph: int
    quoted: list[int]
    """Tokens of the direct quotations in the whole sentence."""
    signals: list[tuple[int, int]]
    """Tokens that can show indirect speech, with what they can show."""
    bits: int
    """What all of them can show."""
    cut_left: bool = False
    """Whether a direct quotation stood before it in the sentence."""
    tagged: bool = False
    """Whether who speaks stands behind the content: `…, sagt X`."""

    def clause_start(self, at: int) -> int:
        """First token of the clause around a token: behind the last comma, colon or dash."""
        words, first = self.words, self.first
        while at > first and words[at - 1] not in _MARKS:
            at -= 1
        return at

    def clause_end(self, at: int) -> int:
        """The comma, colon or dash that ends the clause of a token, or the end."""
        words, last = self.words, self.last
        while at < last and words[at] not in _MARKS:
            at += 1
        return at


def regions(tokens: Tokens, direct: list[int], shift: int) -> Iterator[Region]:
    """Every sentence from offset `shift` on, in the order of the text.

    Args:
        tokens: the text.
        direct: tokens that are direct quotations, in their order.
        shift: offset at which the running text starts; a headline stands before it.
    """
    words, kinds, starts = tokens.words, tokens.kinds, tokens.starts
    count = len(starts)
    features = tokens.features
    found = [(i, features[i] >> SIGNALS_FROM) for i in tokens.having(_SIGNALS, count)]
    found.append((count, 0))
    quotes = [*direct, count]
    lines = "\n" in tokens.text.replace("\n\n", "")
    position = quote = paragraph = 0
    for first, last in pairwise(tokens.sentence_starts):
        closes = last > first and kinds[last - 1] == BREAK
        last -= closes
        if first < last and starts[first] >= shift:
            for begin, end in _lines(tokens, first, last) if lines else [(first, last)]:
                while found[position][0] < begin:
                    position += 1
                stop, bits = position, 0
                while found[stop][0] < end:
                    bits |= found[stop][1]
                    stop += 1
                while quotes[quote] < begin:
                    quote += 1
                inside = quote
                while quotes[inside] < end:
                    inside += 1
                region = Region(
                    tokens, words, begin, end, paragraph, quotes[quote:inside],
                    found[position:stop], bits,
                )  # fmt: skip
                if quote < inside:
                    _cut(region)
                yield region
                position, quote = stop, inside
        paragraph += closes


def _lines(tokens: Tokens, first: int, last: int) -> list[tuple[int, int]]:
    """A sentence ends with its line at the latest."""
    if "\n" not in tokens.text[tokens.starts[first] : tokens.end(last - 1)]:
        return [(first, last)]
    cuts = [first]
    cuts += [
        index
        for index in range(first + 1, last)
        if "\n" in tokens.text[tokens.end(index - 1) : tokens.starts[index]]
    ]
    return list(pairwise([*cuts, last]))


def _cut(region: Region) -> None:
    """Cut off a direct quotation that opens the sentence, or closes it behind a colon."""
    inside = region.quoted
    first, last = region.first, region.last
    if inside[0] == first:
        first += 1
        region.cut_left = True
        while first < last and region.tokens.kinds[first] == PUNCTUATION and first < inside[0] + 3:
            first += 1
        inside = inside[1:]
    for index in inside:
        if region.words[index - 1] == ":" and index > first:
            last = index
            break
    region.first, region.last = first, last
    region.signals = [signal for signal in region.signals if first <= signal[0] < last]
    region.bits = 0
    for _, bits in region.signals:
        region.bits |= bits


def has_words(region: Region, first: int, last: int) -> bool:
    """Whether a stretch holds at least two words, whatever their kind."""
    kinds = region.tokens.kinds[first:last]
    return sum(kind in {LOWER, CAPITAL, NUMBER} for kind in kinds) >= 2
