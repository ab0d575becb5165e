"""What differs between two records of one release: field by field, word by word. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

# Teasers are not the release's own; how it was read, and what follows from other fields, neither.
_FOREIGN = frozenset({"related", "layout", "language", "published_precision", "attachments"})
_IN_TEXT = frozenset({"lead", "sections"})  # shown by themselves only if the text is the same
_PIECE = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_PAIRS = 16_000_000  # of pieces to be compared with each other


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that both versions have, or only one."""

    kind: Literal["equal", "delete", "insert"]
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
    if len(old) * len(new) > _MOST_PAIRS:
        old, new = ["".join(old)], ["".join(new)]
    if start:
        yield Piece("equal", "".join(start))
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("equal", "".join(old[a:b]))
            continue
        if a < b:
            yield Piece("delete", "".join(old[a:b]))
        if c < d:
            yield Piece("insert", "".join(new[c:d]))
    if end:
        yield Piece("equal", "".join(end))


def _shared(old: list[str], new: list[str]) -> int:
    """With how many equal pieces both begin."""
    for number, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return number
    return min(len(old), len(new))
