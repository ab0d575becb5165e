"""Whether two texts are copies of each other but for local additions. Pure.

What two texts share is told by their shingles, runs of four words. A sketch, the smallest hashes of
a text's shingles, finds candidates (Broder 1997, "bottom-k"); then both whole texts are compared:
half of the shingles of the shorter one must stand in the other, and most of its figures, too.
Releases of a series, such as weekly roadworks, share their words and differ in days and numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from heapq import nsmallest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

RECIPE = "1"
"""Version of what is below; another one makes all sketches anew."""
SKETCH_SIZE = 24
"""Hashes in a sketch."""
SHARED_HASHES = 5
"""So many hashes of two sketches are the same before the texts are compared."""
LEAST_SIMILARITY = 0.5
"""Share of the shorter text's shingles that the other one has; see tests/archive/copies."""
LEAST_FIGURES = 0.6
"""Share of the figures of the text with fewer that the other one has."""

_WORDS = 4
_LEAST_SHINGLES = 20  # a line or two may be the same anywhere
_LONGEST_TEXT = 200_000
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a text is compared by."""

    shingles: frozenset[bytes]
    """Hashes of runs of four words, without regard to case."""
    figures: frozenset[str]
    """Numbers in digits, such as days, times, amounts."""


def likeness(text: str) -> Likeness:
    """What a text is compared by."""
    words = _WORD.findall(text[:_LONGEST_TEXT].casefold())
    runs = (" ".join(words[at : at + _WORDS]) for at in range(len(words) - _WORDS + 1))
    shingles = frozenset(blake2b(run.encode(), digest_size=8).digest() for run in runs)
    return Likeness(shingles, frozenset(word for word in words if word.isdigit()))


def sketch(shingles: Iterable[bytes]) -> list[int]:
    """The smallest hashes, as signed integers of 64 bits."""
    smallest = nsmallest(SKETCH_SIZE, shingles)
    return [int.from_bytes(value, "big", signed=True) for value in smallest]


def similarity(one: Likeness, other: Likeness) -> float:
    """The share of the shorter text that the other one has, from 0 to 1; 0 of a very short one."""
    shorter = min(len(one.shingles), len(other.shingles))
    if shorter < _LEAST_SHINGLES:
        return 0.0
    return len(one.shingles & other.shingles) / shorter


def are_copies(one: Likeness, other: Likeness) -> bool:
    """Whether two texts are near-copies."""
    if similarity(one, other) < LEAST_SIMILARITY:
        return False
    fewer = min(len(one.figures), len(other.figures))
    return not fewer or len(one.figures & other.figures) >= LEAST_FIGURES * fewer
