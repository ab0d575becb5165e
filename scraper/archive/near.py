"""Names near one that was mistyped, by edit distance (rapidfuzz); the best first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.search.german import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEAST_SCORE = 75
"""Of 100. `Grünfläche` and `Grünflächen` have 95, words without a common part less than 60."""
_LONGEST = 80


def near(name: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """Those of some names that are nearest, without regard to case, accents and umlauts.

    A part of a name is near the name: a surname, one word of a tag.

    Args:
        name: what was typed.
        names: what there is.
        limit: at most so many.
    """
    from rapidfuzz import fuzz, process

    keys = {text: name_key(text[:_LONGEST]) for text in names}
    found = process.extract(
        name_key(name[:_LONGEST]), keys, scorer=fuzz.WRatio, limit=limit, score_cutoff=_LEAST_SCORE
    )
    return [text for _key, _score, text in found]


def did_you_mean(names: list[str]) -> str:
    """A question about near names, with a space in front; "" if there are none."""
    return f" Did you mean {' or '.join(map(repr, names))}?" if names else ""
