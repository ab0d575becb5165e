"""Where quotation marks open and close: the outermost quoted strings of a text.

One pass over the marks of each paragraph. Whether an ambiguous mark (`"`, `”`, `»`) opens or closes
is read from its neighbours: a mark before a word opens, a mark behind one closes. Inside an open
quotation a mark that opens again is nested if two closing marks follow, and otherwise shows that a
closing mark is missing. A quotation ends with its paragraph at the latest, so a quotation over
several paragraphs gives one span for each.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.quotes.unpaired import Unpaired

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MARKS = 20_000
"""Marks that are looked at in one text. No release has a tenth of them; a hostile page may."""

_SINGLE_MARKS = r"[„“”‟\"»«‹›‚〝〞＂]"
_MARK = re.compile(_SINGLE_MARKS)
_ANY_MARK = re.compile(_SINGLE_MARKS + r"|,,|''|``")
_SINGLE = re.compile(r"['’‘](?<![\w.'’‘].)(?=[^\W\d_])")  # the mark first: it is rare
_SINGLE_OR_ANY = re.compile(_ANY_MARK.pattern + r"|['’‘]")
_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_OPENERS = frozenset({"„", ",,", "‚", "``", "〝"})
# Which marks may close which: typists and converters mix them freely.
_STRAIGHT = frozenset({'"', "“", "”", "‟", "''", "„", "〞", "＂"})
_CLOSERS: dict[str, frozenset[str]] = {
    "„": _STRAIGHT,
    ",,": _STRAIGHT,
    '"': _STRAIGHT,
    "“": _STRAIGHT,
    "”": _STRAIGHT,
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
    "‘": frozenset("‘’"),
    "’": frozenset("’"),
    "'": frozenset("'’"),
}
_APOSTROPHES = frozenset("'’‘")
_INNER = frozenset("‚›‹") | _APOSTROPHES
# A loose mark, blanks on both sides, opens only what the other one closes: `« Wir bauen »`.
_LOOSE = {"«": frozenset("»"), "»": frozenset("«"), '"': frozenset('"“”'), "“": frozenset("”")}
_DEEPEST = 4  # marks that are open at once
_SINGLE_REACH = 400  # characters a quotation in single marks may have
_BEFORE_OPENING = frozenset('([{–—-/…|•*:„»«“"‚,')
_AFTER_CLOSING = frozenset(')]}.,;:!?–—-/…|“”«»"')


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
    marks = _marks(text)
    if not marks:
        return []
    found: list[Span] = []
    unpaired = Unpaired(text)
    position = 0
    pending = False
    for start, end in paragraphs(text):
        first = position
        while position < len(marks) and marks[position].start < end:
            position += 1
        own = marks[first:position]
        if not own:
            pending = False
            continue
        if pending and own[0].closes and not own[0].opens:
            # Opened in an earlier paragraph and not opened again in this one.
            found.extend(_span(text, start, start, own[0].start, own[0].end, closed=True))
            own = own[1:]
        goes_on = position < len(marks) and _continues(text, end, marks[position])
        spans = _paragraph_spans(text, unpaired, start, end, own, goes_on=goes_on)
        found.extend(spans)
        pending = bool(spans) and not spans[-1].closed and spans[-1].end >= end - 1
    return found


def _marks(text: str) -> list[_Mark]:
    marks: list[_Mark] = []
    for match in _pattern(text).finditer(text):
        mark = match.group()
        if mark == ",," and not _is_commas(text, match.start(), match.end()):
            continue
        marks.append(_mark(text, mark, match.start(), match.end()))
        if len(marks) >= MAX_MARKS:
            break
    return marks


def _pattern(text: str) -> re.Pattern[str]:
    """What to search for: a class of characters is several times faster than an alternation."""
    if ("'" in text or "’" in text or "‘" in text) and _SINGLE.search(text):
        return _SINGLE_OR_ANY
    return _ANY_MARK if ",," in text or "''" in text or "``" in text else _MARK


def _continues(text: str, end: int, mark: _Mark) -> bool:
    """Whether the first mark behind a paragraph goes on with what it left open."""
    return not text[end : mark.start].strip() if mark.opens else mark.closes


def _is_commas(text: str, start: int, end: int) -> bool:
    """Whether two commas stand for an opening mark: `,,Wir brauchen …''`."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or before == "," or after in {",", ""} or after.isspace())


def _mark(text: str, char: str, start: int, end: int) -> _Mark:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    opens, closes = _direction(char, before, after)
    return _Mark(char, start, end, opens=opens, closes=closes)


@lru_cache(maxsize=1 << 12)
def _direction(char: str, before: str, after: str) -> tuple[bool, bool]:
    """Whether a mark can open, and whether it can close, by the characters around it."""
    opens_left = before.isspace() or before in _BEFORE_OPENING
    closes_right = after.isspace() or after in _AFTER_CLOSING
    if char in _OPENERS:
        # „ is met as a closing mark too, but only glued to the end of a word.
        closes = char == "„" and not opens_left and closes_right
        return not closes, closes
    if char in _APOSTROPHES:
        opens = opens_left and after.isalnum()
        return opens, not (opens or after.isalnum())
    if char in _LOOSE and before.isspace() and after.isspace():
        return True, True
    if opens_left != closes_right:
        return opens_left, closes_right
    return _undecided(char, before, after, glued=opens_left)


def _undecided(char: str, before: str, after: str, *, glued: bool) -> tuple[bool, bool]:
    """A mark between two marks, or between two words: `„Los“,`, `wort"wort`."""
    if glued and not before.isspace() and char in _CLOSERS.get(before, ()):
        return False, True
    if before in ",:" and after.isspace():
        return False, True
    return not after.isspace(), True


def _paragraph_spans(
    text: str, unpaired: Unpaired, start: int, end: int, marks: list[_Mark], *, goes_on: bool
) -> list[Span]:
    """The spans of one paragraph; `goes_on`: the next one opens or closes what this leaves open."""
    spans: list[Span] = []
    stack: list[_Mark] = []
    last_closer: _Mark | None = None
    skip = 0
    for number, mark in enumerate(marks):
        if mark.start < skip:
            continue
        if not stack:
            last_closer = None
            skip = _outside(text, unpaired, (start, end), marks, number, spans, stack)
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
                spans.extend(_unclosed(text, unpaired, stack[0], mark.start, last_closer))
                stack[:] = [mark]
                last_closer = None
    if stack:
        spans.extend(_unclosed(text, unpaired, stack[0], end, last_closer, goes_on=goes_on))
    return spans


def _outside(
    text: str,
    unpaired: Unpaired,
    paragraph: tuple[int, int],
    marks: list[_Mark],
    number: int,
    spans: list[Span],
    stack: list[_Mark],
) -> int:
    """Take a mark that stands in no quotation: it opens one, or its partner is missing.

    Returns where to go on, 0 for right behind it.
    """
    mark, (start, end) = marks[number], paragraph
    if mark.char in _INNER:
        return _add_single(text, mark, end, spans)
    if mark.opens and (not mark.closes or _has_partner(text, marks, number)):
        stack.append(mark)
    elif mark.closes:
        since = spans[-1].outer_end if spans else start
        spans.extend(_unopened(text, unpaired, since, mark))
    return 0


def _unopened(text: str, unpaired: Unpaired, since: int, closer: _Mark) -> Iterator[Span]:
    """The span of words whose opening mark is missing: `Das geht jetzt“, sagt Moll`."""
    begin = unpaired.opening(since, closer.start)
    if begin is None:
        return iter(())
    while text[begin].isspace():
        begin += 1
    return _span(text, begin, begin, closer.start, closer.end, closed=True)


def _add_single(text: str, mark: _Mark, end: int, spans: list[Span]) -> int:
    """Add the quotation in single marks that opens here; where to go on behind it."""
    closer = _single_closer(text, mark, end) if mark.opens else None
    if closer is None:
        return 0
    spans.extend(_span(text, mark.start, mark.end, closer, closer + 1, closed=True))
    return closer + 1


def _has_partner(text: str, marks: list[_Mark], number: int) -> bool:
    """Whether a mark that may open or close is closed by a later one of its paragraph."""
    mark = marks[number]
    if mark.char not in _LOOSE or not text[mark.end : mark.end + 1].isspace():
        return True
    partners = _LOOSE[mark.char]
    return any(other.char in partners and other.closes for other in marks[number + 1 : number + 9])


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
        closes = char in _CLOSERS[mark.char] and not text[index - 1].isspace()
        if closes and not text[index + 1 : index + 2].isalnum():
            return index
        if char == mark.char and char not in _APOSTROPHES:
            return None
    return None


def _between(text: str, opener: _Mark, closer: _Mark) -> Iterator[Span]:
    return _span(text, opener.start, opener.end, closer.start, closer.end, closed=True)


def _unclosed(
    text: str,
    unpaired: Unpaired,
    opener: _Mark,
    end: int,
    last_closer: _Mark | None,
    *,
    goes_on: bool = False,
) -> Iterator[Span]:
    """The span of words without a closing mark; `goes_on`: they do in the next paragraph."""
    if last_closer is not None and text[last_closer.end : last_closer.end + 1] in {
        ",",
        ".",
        " ",
        "",
    }:
        return _between(text, opener, last_closer)
    cut = end < len(text) and not text[end].isspace()
    stop = end if goes_on else unpaired.closing(opener.end, end, cut=cut)
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
