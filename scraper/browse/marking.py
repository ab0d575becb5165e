"""Archived text as HTML: escaped first, and only then marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.search.snippet import Snippet

_HIT = Markup("<mark>%s</mark>")
_DELETED, _INSERTED = Markup("<del>%s</del>"), Markup("<ins>%s</ins>")
_FIELD = re.compile(
    r'(?P<tag><(?:select|input|textarea))\b(?P<rest>[^<>]*?\bname="(?P<name>[^"<>]+)")'
)
_FIELD_NAMES = {
    "_filter_column": "Column",
    "_filter_op": "Comparison",
    "_filter_value": "Value",
    "_sort": "Sort",
    "sql": "SQL",
}
_CONTEXT_CHARS = 160
"""So much of what two versions share is shown before and behind a difference."""


def marked(snippet: Snippet) -> Markup:
    """A snippet of a search, its hits in `mark`."""
    return Markup("").join(
        _HIT % part if is_hit else escape(part) for part, is_hit in snippet.parts()
    )


def differences(pieces: Iterable[dict[str, str]], context: int = _CONTEXT_CHARS) -> Markup:
    """A word-level diff: `del` and `ins`, long runs that both versions have cut to their ends."""
    pieces = list(pieces)
    parts = []
    for number, piece in enumerate(pieces):
        text = piece["text"]
        if piece["kind"] == "equal":
            first, last = number == 0, number == len(pieces) - 1
            parts.append(escape(_cut(text, 0 if first else context, 0 if last else context)))
        else:
            parts.append(_DELETED % text if piece["kind"] == "delete" else _INSERTED % text)
    return Markup("").join(parts)


def _cut(text: str, after: int, before: int) -> str:
    """A run of text, cut to its first and last characters at spaces."""
    if len(text) <= after + before + 40:
        return text
    head = text[:after].rsplit(" ", 1)[0] if after else ""
    tail = text[len(text) - before :].split(" ", 1)[-1] if before else ""
    return f"{head} … {tail}".strip(" ") if head and tail else f"{head} …" if head else f"… {tail}"


def labelled(html: str) -> Markup:
    """Datasette's HTML with names for its form fields, which have none for a screen reader."""
    return Markup(_FIELD.sub(_with_label, html))  # noqa: S704 - it was escaped by Datasette


def _with_label(field: re.Match[str]) -> str:
    name = next((n for n in _FIELD_NAMES if field["name"].startswith(n)), None)
    if name is None or "aria-label" in field[0]:
        return field[0]
    return f'{field["tag"]} aria-label="{_FIELD_NAMES[name]}"{field["rest"]}'


def shortened(text: str | None, length: int = 300) -> str:
    """A text of at most so many characters, cut at a space where there is one."""
    text = text or ""
    if len(text) <= length:
        return text
    return f"{text[:length].rsplit(' ', 1)[0]} …"


def web_address(url: str | None) -> str | None:
    """The URL if a link may lead there; None for `javascript:` and other schemes."""
    try:
        return url if url and urlsplit(url).scheme.lower() in {"http", "https"} else None
    except ValueError:
        return None
