"""The line with the date that marks a release in plain markup: `Nachricht vom 17.05.2022`.

It may be an element of its own, some inline elements beside each other, or bare text between two
line breaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from scraper import dates
from scraper.markup.tree import SILENT, ancestors, short_text
from scraper.text import fold

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

TOPS = frozenset({"main", "article", "body", "html", "-document"})
"""Elements above which nothing belongs to a release alone."""
_INLINE = frozenset("span b strong em i u time small font".split())
_MAX_LINE_CHARS = 120
_MOST_PLACES = 200  # a page that repeats the word forever must not cost forever


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """Where the line stands, and what it says."""

    node: LexborNode
    """The smallest element around the line; the release's own if the line is bare text in it."""
    date: str
    """The date as printed."""
    hidden: frozenset[int]
    """`mem_id` of the nodes that make up the line."""


def header_line(body: LexborNode, words: str | None) -> HeaderLine | None:
    """The first line that begins with some words and a date; None if there is none.

    Args:
        body: where to look.
        words: as a layout states them; None finds nothing.
    """
    if words is None:
        return None
    pattern = re.compile(rf"{re.escape(words)}\b[:,]?\s*(.+)", re.I)
    first = words.split()[0].lower()
    named = (
        node
        for node in body.traverse(include_text=True)
        if node.tag == "-text" and first in (node.text_content or "").lower()
    )
    dates_in: dict[int, str | None] = {}
    for node in islice(named, _MOST_PLACES):
        if not any(around.tag in SILENT for around in ancestors(node)):
            found = _line_around(node, pattern, dates_in) or _line_of(node, pattern)
            if found:
                return found
    return None


def _line_around(
    node: LexborNode, pattern: re.Pattern[str], dates_in: dict[int, str | None]
) -> HeaderLine | None:
    """The line as an element of its own, at most three levels above its first word."""
    for around in islice(ancestors(node), 3):
        if around.mem_id not in dates_in:
            text = short_text(around, _MAX_LINE_CHARS)
            dates_in[around.mem_id] = _date_in(text, pattern) if text else None
        date = dates_in[around.mem_id]
        if date:
            return HeaderLine(around, date, frozenset({around.mem_id}))
        if around.tag in TOPS:
            break
    return None


def _line_of(node: LexborNode, pattern: re.Pattern[str]) -> HeaderLine | None:
    """The line as a run of text and inline elements within something larger."""
    start = node
    while start.parent is not None and start.parent.tag in _INLINE:
        start = start.parent
    if start.parent is None:
        return None
    text, hidden = "", set()
    piece: LexborNode | None = start
    while piece is not None and len(text) <= _MAX_LINE_CHARS and piece.tag in {"-text", *_INLINE}:
        is_text = piece.tag == "-text"
        added = piece.text_content or "" if is_text else short_text(piece, _MAX_LINE_CHARS)
        if added is None:
            return None
        text += " " + added
        hidden.add(piece.mem_id)
        date = _date_in(fold(text), pattern)
        if date:
            anchor = start if start.tag != "-text" else start.parent
            return HeaderLine(anchor, date, frozenset(hidden))
        piece = piece.next
    return None


def _date_in(text: str, pattern: re.Pattern[str]) -> str | None:
    match = pattern.match(text) if len(text) <= _MAX_LINE_CHARS else None
    return match[1] if match and dates.parse_date(match[1]) else None
