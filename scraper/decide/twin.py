"""Whether an attached file says what the release says, as the PDF of a press release does. Pure."""

from __future__ import annotations

import re
from collections import Counter

_WORD = re.compile(r"[^\W\d_]{2,}")
_SHARE = 0.9
"""So many of the release's words stand in its twin …"""
_LONGER = 1.5
"""… which has at most so many times as many words, and the imprint's besides."""
_IMPRINT_WORDS = 150
_FEWEST_WORDS = 20


def is_twin(release: str, file: str | None) -> bool:
    """Whether a file has the text of a release, and little else.

    Args:
        release: title and text of the release.
        file: text of the file; None if it has none.
    """
    said, written = _words(release), _words(file or "")
    total = said.total()
    if total < _FEWEST_WORDS or written.total() > _LONGER * total + _IMPRINT_WORDS:
        return False
    return (said & written).total() >= _SHARE * total


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))
