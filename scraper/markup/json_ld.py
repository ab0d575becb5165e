"""JSON-LD of a page: what `script` elements state in JSON, as carelessly as pages do.

Besides proper JSON: comments, `CDATA` sections, commas before a closing bracket, line breaks within
strings, HTML entities, backslashes that escape nothing, a semicolon at the end. One block may hold
a list, a `@graph`, or several values one after the other.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser

_TYPE = re.compile(r"\s*application/ld\+json\s*(?:;.*)?", re.I | re.S)
# One token after the other; each alternative takes all it has begun, so that nothing is read twice.
_TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\]++|\\.)*+"?)'
    r"|(?P<noise>//[ \t]*+(?:<!\[CDATA\[|\]\]>)|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?"
    r"|<!--|-->|<!\[CDATA\[|\]\]>|\ufeff)",
    re.S,
)
_DECODER = json.JSONDecoder(strict=False)
_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}|(.?))', re.S)
_LAST_COMMA = re.compile(r",(?=\s*+[}\]])")
_MAX_DEPTH = 6
_MAX_OBJECTS = 2_000


def read_objects(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Every object a page states, in order: those of lists and graphs, and what they are about."""
    for node in tree.css('script[type*="ld+json" i]'):
        if _TYPE.fullmatch(node.attributes.get("type") or ""):
            yield from _objects(loads(node.text()))


def loads(text: str) -> Any:
    """The value that a block states; None if it is no JSON, however kindly one reads it."""
    for form in (str, _tidy, lambda raw: _tidy(html.unescape(raw))):
        try:
            return _values(form(text))
        except (ValueError, RecursionError):
            continue
    return None


def _values(text: str) -> Any:
    """The value of a text; a list if there are several, one after the other.

    What stands behind the last of them is passed over.

    Raises:
        ValueError: it does not begin with a value.
    """
    text = text.strip()
    found: list[Any] = []
    at = 0
    while at < len(text) and len(found) < _MAX_OBJECTS:
        try:
            value, at = _DECODER.raw_decode(text, at)
        except ValueError:
            if not found:
                raise
            break
        found.append(value)
        if not isinstance(value, dict | list):
            break
        while text[at : at + 1].isspace():
            at += 1
    if not found or (at < len(text) and not isinstance(found[0], dict | list)):
        raise ValueError(text)
    return found if len(found) > 1 else found[0]


def _tidy(text: str) -> str:
    """JSON without what does not belong in it."""
    bare = _TOKEN.sub(lambda match: match["string"] or " ", text).strip().rstrip(";")
    pieces, last = [], 0
    for match in _TOKEN.finditer(bare):  # what is left are strings: commas in them stay
        pieces += [_LAST_COMMA.sub("", bare[last : match.start()]), _ESCAPE.sub(_escaped, match[0])]
        last = match.end()
    return "".join([*pieces, _LAST_COMMA.sub("", bare[last:])])


def _escaped(match: re.Match[str]) -> str:
    """An escape as JSON knows it; a backslash that escapes nothing is one."""
    return match[0] if match[1] is None else f"\\\\{match[1]}"


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    waiting, seen = [(data, 0)], 0
    while waiting and seen < _MAX_OBJECTS:
        item, depth = waiting.pop()
        seen += 1
        if isinstance(item, list) and depth < _MAX_DEPTH:
            waiting.extend((each, depth + 1) for each in reversed(item[:_MAX_OBJECTS]))
        elif isinstance(item, dict):
            yield item
            inner = [item.get(key) for key in ("@graph", "mainEntity", "mainEntityOfPage")]
            if depth < _MAX_DEPTH:
                waiting.extend((each, depth + 1) for each in reversed(inner) if each)


def has_type(item: dict[str, Any], ending: str | tuple[str, ...]) -> bool:
    """Whether an object is of a type whose name ends like that, or like one of those."""
    types = item.get("@type")
    names = types if isinstance(types, list) else [types]
    endings = (ending,) if isinstance(ending, str) else ending
    lower = tuple(each.lower() for each in endings)
    return any(isinstance(name, str) and name.strip().lower().endswith(lower) for name in names)


def text_of(item: dict[str, Any], key: str) -> str:
    """A property as text, with its HTML entities resolved; empty if there is none.

    Of several values the first counts, of a typed value its `@value`.
    """
    value = item.get(key)
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value")
    return html.unescape(value).strip() if isinstance(value, str) else ""
