"""The attribute `srcset`: addresses with descriptors, as the HTML standard parses them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_GAP = re.compile(r"[\s,]*+")
_ADDRESS = re.compile(r"\S++")
_DESCRIPTORS = re.compile(r"(?:[^,(]++|\([^)]*+\)?)*+")
_WIDTH = re.compile(r"(?:^|\s)(\d{1,6})w(?:\s|$)")
_DENSITY = re.compile(r"(?:^|\s)(\d{1,4}(?:\.\d{0,6})?|\.\d{1,6})x(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One picture that a `srcset` offers."""

    url: str
    """As written."""
    width: int | None = None
    """Pixels, if a descriptor says so."""
    density: float = 1.0
    """Pixels of the picture for one of the page; 1 if no descriptor says."""


def parse_srcset(value: str) -> list[Candidate]:
    """The candidates of a `srcset` in order; what makes no sense is passed over.

    An address ends at white space, so it may hold commas, as those of `data:` do; only commas at
    its very end part it from the next.
    """
    found = []
    position = 0
    while address := _ADDRESS.match(value, _end(_GAP, value, position)):
        url, position = address[0], address.end()
        descriptors = ""
        if not url.endswith(","):
            end = _end(_DESCRIPTORS, value, position)
            descriptors, position = value[position:end], end
        width, density = _WIDTH.search(descriptors), _DENSITY.search(descriptors)
        found.append(
            Candidate(
                url.rstrip(","),
                int(width[1]) if width else None,
                float(density[1]) if density else 1.0,
            )
        )
    return found


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Where a pattern that may match nothing ends."""
    match = pattern.match(text, start)
    return match.end() if match else start
