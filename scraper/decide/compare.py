"""What differs between two records of one release: field by field, word by word. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any, Literal

# Teasers are not the release's own; how it was read, and what follows from other fields, neither.
_FOREIGN = frozenset(
    {"related", "layout", "language", "published_precision", "attachments", "corrects"}
)
_IN_TEXT = frozenset({"lead", "sections"})  # shown by themselves only if the text is the same
_PIECE = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_STEPS = 4_000_000
"""Pairs of equal words that are looked at in one comparison; long texts need some 100,000."""

_Kind = Literal["equal", "delete", "insert"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that both versions have, or only one."""

    kind: _Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs."""

    field: str
    """Name as in the record."""
    before: Any
    after: Any
    words: tuple[Piece, ...]
    """Both values in one line, what was deleted before what was inserted."""


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """The fields in which two records (as JSON) differ, in the order of the record.

    A field that only one of them knows, because it was added to the record later, is no change
    unless it has a value.
    """
    changes = []
    for name in dict.fromkeys([*before, *after]):
        old, new = _plain(before.get(name)), _plain(after.get(name))
        if name not in _FOREIGN and old != new:
            words = tuple(word_diff(_shown(old), _shown(new)))
            changes.append(Change(name, old, new, words))
    if any(change.field == "text" for change in changes):
        return [change for change in changes if change.field not in _IN_TEXT]
    return changes


def compare_versions(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """What the city changed between two versions of a release: `compare` without indirect speech.

    Its sentences are our reading of the text, which shows an edit itself. A version that an older
    program has read holds none of them, and nobody has put them in.
    """
    return compare(without_indirect(before), without_indirect(after))


def without_indirect(record: dict[str, Any]) -> dict[str, Any]:
    """A record with the quotations that are word for word."""
    quotes = [quote for quote in record.get("quotes") or () if quote.get("kind") != "indirect"]
    return record | {"quotes": quotes}


def _plain(value: Any) -> Any:
    """Without what is empty: a missing field, null and an empty list say the same."""
    if isinstance(value, list):
        return [_plain(item) for item in value] or None
    if isinstance(value, dict):
        kept = {key: _plain(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None} or None
    return value if value != "" else None


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(_shown(item) for item in value)
    if isinstance(value, dict):
        return " · ".join(_shown(item) for item in value.values())
    return json.dumps(value, ensure_ascii=False)


def word_diff(before: str, after: str) -> Iterator[Piece]:
    """Two texts as one run of pieces; joining the kept ones gives either text back.

    What is rewritten at great length is taken as one piece: comparing it would take minutes.
    """
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    # Most edits are small: what is the same at both ends need not be searched.
    head = _shared(old, new)
    start, old, new = old[:head], old[head:], new[head:]
    tail = _shared(old[::-1], new[::-1])
    end, old, new = old[len(old) - tail :], old[: len(old) - tail], new[: len(new) - tail]
    runs = [("equal", start), *_differences(old, new), ("equal", end)]
    for kind, group in groupby(filter(itemgetter(1), runs), key=itemgetter(0)):
        yield Piece(kind, "".join(piece for _kind, pieces in group for piece in pieces))


def _differences(old: list[str], new: list[str]) -> Iterator[tuple[_Kind, list[str]]]:
    """Runs of pieces; words are matched, and white space only between words that are."""
    old_words = [at for at, piece in enumerate(old) if not piece.isspace()]
    new_words = [at for at, piece in enumerate(new) if not piece.isspace()]
    matches = _matches([old[at] for at in old_words], [new[at] for at in new_words])
    pairs = [
        (old_words[match.a + number], new_words[match.b + number])
        for match in matches
        for number in range(match.size)
    ]
    a = b = 0
    for old_at, new_at in [*pairs, (len(old), len(new))]:
        gone, added = old[a:old_at], new[b:new_at]
        head = _shared(gone, added)
        yield "equal", gone[:head]
        gone, added = gone[head:], added[head:]
        tail = _shared(gone[::-1], added[::-1])
        yield "delete", gone[: len(gone) - tail]
        yield "insert", added[: len(added) - tail]
        yield "equal", gone[len(gone) - tail :] + old[old_at : old_at + 1]
        a, b = old_at + 1, new_at + 1


def _matches(old: list[str], new: list[str]) -> list[Match]:
    """Equal runs in order, the longest found first, until `_MOST_STEPS` are used up.

    The searches of `SequenceMatcher`, with a limit: its own loop over them takes as many steps as
    there are pairs of equal words, times the number of runs.
    """
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    counts = Counter(new)
    steps_before = [0, *accumulate(1 + counts[piece] for piece in old)]
    left = _MOST_STEPS
    found: list[Match] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        a, a_end, b, b_end = waiting.pop()
        left -= steps_before[a_end] - steps_before[a]
        if left < 0:
            break
        match = matcher.find_longest_match(a, a_end, b, b_end)
        if match.size:
            found.append(match)
            waiting.append((match.a + match.size, a_end, match.b + match.size, b_end))
            waiting.append((a, match.a, b, match.b))
    return sorted(found)


def _shared(old: list[str], new: list[str]) -> int:
    """With how many equal pieces both begin."""
    for number, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return number
    return min(len(old), len(new))
