"""Where quotation marks open and close: the outermost quoted strings of a text.

One pass over the marks of each paragraph. Whether an ambiguous mark (`"`, `”`, `»`) opens or closes
is read from its neighbours: a mark before a word opens, a mark behind one closes. Inside an open
quotation a mark that opens again is nested if two closing marks follow, and otherwise shows that a
closing mark is missing. A quotation ends with its paragraph at the latest, so a quotation over
several paragraphs gives one span for each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MARKS = 20_000
"""Marks that are looked at in one text. No release has a tenth of them; a hostile page may."""

_SINGLE_MARKS = r"[„“”‟\"»«‹›‚〝〞＂]"
_MARK = re.compile(_SINGLE_MARKS)
_ANY_MARK = re.compile(_SINGLE_MARKS + r"|,,|''|``")
_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_OPENS = frozenset("„")
# Which marks may close which: typists and converters mix them freely.
_STRAIGHT = frozenset({'"', "“", "”", "‟", "''", "„", "〞", "＂"})
_CLOSERS: dict[str, frozenset[str]] = {
    "„": _STRAIGHT,
    ",,": _STRAIGHT,
    '"': _STRAIGHT - {"„"},
    "“": _STRAIGHT - {"„"},
    "”": _STRAIGHT - {"„"},
    "‟": _STRAIGHT - {"„"},
    "''": _STRAIGHT - {"„"},
    "``": _STRAIGHT - {"„"},
    "〝": _STRAIGHT,
    "〞": _STRAIGHT,
    "＂": _STRAIGHT,
    "»": frozenset("«»"),
    "«": frozenset("«»"),
    "›": frozenset("‹›"),
    "‹": frozenset("‹›"),
    "‚": frozenset("‘’"),
}
_INNER = frozenset("‚›‹")
_DEEPEST = 4  # marks that are open at once
_SINGLE_REACH = 400  # characters a quotation in single marks may have
_BEFORE_OPENING = frozenset('([{–—-/…|•*:„»«“"‚,')
_AFTER_CLOSING = frozenset(')]}.,;:!?–—-/…|“”«»"')
_SENTENCE_END = re.compile(r"[.!?…][)\]]?(?=\s|$)")
# Where a quotation without a closing mark most likely ends: `…, sagte Bürgermeister Müller`.
_TAG = re.compile(
    r",?\s(?=(?:so|sagte?|betonte?|erklärte?|meinte?|berichtete?|erläuterte?|ergänzte?|lobte?"
    r"|freute?\ssich|versprach|verspricht|fügte?|kündigte?)\s(?:[A-ZÄÖÜ]\w|d(?:er|ie)\s|sie\b|er\b))"
)


class Span(NamedTuple):
    """One quoted string."""

    start: int
    """Offset of the first character behind the opening mark and white space."""
    end: int
    """Offset behind the last character, white space left out."""
    outer_start: int
    """Offset of the opening mark."""
    outer_end: int
    """Offset behind the closing mark; equal to `end` when there is none."""
    closed: bool
    """False when the closing mark is missing."""


class _Mark(NamedTuple):
    char: str
    start: int
    end: int
    opens: bool
    closes: bool


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph; blank lines part them."""
    start = 0
    for match in _BREAK.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def find_spans(text: str) -> list[Span]:
    """The outermost quoted strings of a text, in order, without overlaps."""
    marks: list[_Mark] = []
    typed = ",," in text or "''" in text or "``" in text
    # A class of characters alone is searched several times faster than an alternation.
    for match in (_ANY_MARK if typed else _MARK).finditer(text):
        mark = match.group()
        if mark == ",," and not _is_commas(text, match.start(), match.end()):
            continue
        marks.append(_mark(text, mark, match.start(), match.end()))
        if len(marks) >= MAX_MARKS:
            break
    if not marks:
        return []
    found: list[Span] = []
    position = 0
    pending = False
    for start, end in paragraphs(text):
        first = position
        while position < len(marks) and marks[position].start < end:
            position += 1
        own = marks[first:position]
        if pending and own and not own[0].opens and own[0].closes:
            # Opened in an earlier paragraph and not opened again in this one.
            found.extend(_span(text, start, start, own[0].start, own[0].end, closed=True))
            own = own[1:]
        spans = _paragraph_spans(text, end, own)
        found.extend(spans)
        pending = bool(spans) and not spans[-1].closed and spans[-1].end >= end - 1
    return found


def _is_commas(text: str, start: int, end: int) -> bool:
    """Whether two commas stand for an opening mark: `,,Wir brauchen …''`."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or before == "," or after in {",", ""} or after.isspace())


def _mark(text: str, char: str, start: int, end: int) -> _Mark:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    opens_left = before.isspace() or before in _BEFORE_OPENING
    closes_right = after.isspace() or after in _AFTER_CLOSING
    if char in {"„", ",,", "‚", "``", "〝"}:
        # „ is met as a closing mark too, but only glued to the end of a word.
        closes = char == "„" and not opens_left and closes_right
        return _Mark(char, start, end, opens=not closes, closes=closes)
    if opens_left and not closes_right:
        return _Mark(char, start, end, opens=True, closes=False)
    if not opens_left and closes_right:
        return _Mark(char, start, end, opens=False, closes=True)
    if opens_left and not before.isspace() and char in _CLOSERS.get(before, ()):
        return _Mark(char, start, end, opens=False, closes=True)
    if before in ",:" and after.isspace():
        return _Mark(char, start, end, opens=False, closes=True)
    return _Mark(char, start, end, opens=not after.isspace(), closes=True)


def _paragraph_spans(text: str, end: int, marks: list[_Mark]) -> list[Span]:
    spans: list[Span] = []
    stack: list[_Mark] = []
    last_closer: _Mark | None = None
    skip = 0
    for number, mark in enumerate(marks):
        if mark.start < skip:
            continue
        if not stack:
            if mark.char in _INNER:
                skip = _add_single(text, mark, end, spans)
            elif mark.opens:
                stack.append(mark)
                last_closer = None
            continue
        depth = _closes_at(stack, mark)
        if depth == 0:
            spans.extend(_between(text, stack[0], mark))
            stack.clear()
        elif depth is not None:
            del stack[depth:]
            last_closer = mark
        elif mark.opens and mark.char not in _INNER:
            if len(stack) < _DEEPEST and _is_nested(stack[0], marks, number):
                stack.append(mark)
            else:
                spans.extend(_unclosed(text, stack[0], mark.start, last_closer))
                stack[:] = [mark]
                last_closer = None
    if stack:
        spans.extend(_unclosed(text, stack[0], end, last_closer))
    return spans


def _add_single(text: str, mark: _Mark, end: int, spans: list[Span]) -> int:
    """Add the quotation in single marks that opens here; where to go on behind it."""
    closer = _single_closer(text, mark, end) if mark.opens else None
    if closer is None:
        return 0
    spans.extend(_span(text, mark.start, mark.end, closer, closer + 1, closed=True))
    return closer + 1


def _closes_at(stack: list[_Mark], mark: _Mark) -> int | None:
    """Index of the open mark that this one closes."""
    if not mark.closes or (mark.opens and len(stack) > 1):
        return None
    for depth in range(len(stack) - 1, -1, -1):
        if mark.char in _CLOSERS.get(stack[depth].char, ()):
            return depth
    return None


def _is_nested(outer: _Mark, marks: list[_Mark], number: int) -> bool:
    """Whether the mark at `number`, met inside `outer`, opens a quotation within it."""
    following = marks[number + 1 : number + 3]
    if not following or not following[0].closes:
        return False
    if marks[number].char not in _CLOSERS.get(outer.char, ()) and outer.char != marks[number].char:
        return True
    return len(following) > 1 and following[1].closes and not following[1].opens


def _single_closer(text: str, mark: _Mark, end: int) -> int | None:
    """Where a single mark that nothing surrounds closes; else it is an apostrophe or a slip."""
    for index in range(mark.end, min(end, mark.end + _SINGLE_REACH)):
        char = text[index]
        if char in _CLOSERS[mark.char] and not text[index + 1 : index + 2].isalnum():
            return index
        if char == mark.char:
            return None
    return None


def _between(text: str, opener: _Mark, closer: _Mark) -> Iterator[Span]:
    return _span(text, opener.start, opener.end, closer.start, closer.end, closed=True)


def _unclosed(text: str, opener: _Mark, end: int, last_closer: _Mark | None) -> Iterator[Span]:
    if last_closer is not None and text[last_closer.end : last_closer.end + 1] in {
        ",",
        ".",
        " ",
        "",
    }:
        return _between(text, opener, last_closer)
    stop = end
    tag = _TAG.search(text, opener.end, min(end, opener.end + 2000))
    if tag:
        stop = tag.start()
    elif end < len(text) and not text[end].isspace():
        # Another quotation opens: this one ends with the last full sentence before it.
        for match in _SENTENCE_END.finditer(text, opener.end, end):
            stop = match.end()
    return _span(text, opener.start, opener.end, stop, stop, closed=False)


def _span(
    text: str, outer_start: int, start: int, end: int, outer_end: int, *, closed: bool
) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end, outer_start, max(outer_end, end), closed)
