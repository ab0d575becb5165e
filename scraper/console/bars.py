"""Horizontal bars of text, an eighth of a character exact."""

from __future__ import annotations

_EIGHTHS = " ▏▎▍▌▋▊▉"
_WIDTH = 40


def bar(value: float, largest: float, width: int = _WIDTH) -> str:
    """A bar for a value; the largest has the whole width, and what is more than nothing is seen.

    Args:
        value: not negative.
        largest: of all values that are shown together.
        width: characters of the longest bar.
    """
    if value <= 0 or largest <= 0:
        return ""
    eighths = max(1, round(8 * width * min(value, largest) / largest))
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")
