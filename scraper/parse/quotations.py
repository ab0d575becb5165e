"""Quotations in plain HTML: `blockquote` with the speaker in `footer`, `cite` or `figcaption`.

Unlike a quotation block with a portrait (`scraper.parse.components`), such a quotation is part of
the running text. It is written out as the text of a release writes it: the words between marks,
then a line that says whose they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from scraper.markup.tree import BLOCKS, SILENT, ancestors, inline_text, slot
from scraper.parse.components import person_name
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from selectolax.lexbor import LexborNode

_MAX_INSIDE = 1_000
"""Elements and texts of one quotation; what has more is a part of the page."""
_MAX_DEPTH = 50
_MAX_WRAPPERS = 3
"""Elements between a quotation and its figure."""
_MAX_SOURCE_CHARS = 200
_SOURCES = frozenset({"footer", "cite", "small", "address"})
_DASH = re.compile(r"[—–―-]{1,3}\s*")
_SEPARATOR = re.compile(r"\s*(?:\s[|/·•–—-]|:)\s+")
_OUTER_MARKS = re.compile(r"[„“”»«\"].*[„“”»«\"][.,!?…]?", re.S)
_SPEECH_BEFORE_MARKS = re.compile(r"[^„“”»«\"]{1,200}:\s[„“»«\"]")
_SINGLE_MARKS = re.compile("[‚‘›‹]([^‚‘’›‹]{1,2000})[‘’›‹]")
_INNER = str.maketrans("„“”»«", "‚‘‘›‹")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation that stands in the running text."""

    words: str
    """With marks around them."""
    source: str
    """Whose words they are, as one line: `Maria Muster, Bürgermeisterin`."""
    nodes: tuple[LexborNode, ...]
    """The elements it is made of."""


def plain_quotation(node: LexborNode) -> Quotation | None:
    """The quotation a `blockquote` holds; None if nothing tells whose words they are.

    Args:
        node: a `blockquote`.
    """
    inside = list(islice(node.traverse(include_text=True), _MAX_INSIDE))
    if slot(node) or len(inside) == _MAX_INSIDE or any(each.tag == "img" for each in inside):
        return None
    source = _source_inside(node, inside) or _source_beside(node)
    skipped = {source.mem_id} if source is not None else set[int]()
    lines = list(_lines(node, skipped))
    named = _one_line(source) if source is not None else ""
    if source is None and len(lines) > 1 and (named := _stated_source(lines[-1])):
        lines.pop()
    words = " ".join(lines)
    if not words or not named or len(named) > _MAX_SOURCE_CHARS:
        return None
    nodes = (node,) if source is None or source.mem_id in _ids(inside) else (node, source)
    return Quotation(_with_marks(words), named, nodes)


def quotation_in_figure(figure: LexborNode) -> Quotation | None:
    """The quotation that a `figure` shows instead of a picture."""
    node = figure.css_first("blockquote") or figure.css_first("q")
    if node is None or figure.css_first("img") is not None:
        return None
    return plain_quotation(node)


def _stated_source(line: str) -> str:
    """The last line of a quotation if it says whose words they are; else nothing."""
    if re.match("[—–―]|- ", line):
        return _joined([line])
    bare = line[1:-1] if line.startswith("(") and line.endswith(")") else line
    name, comma, office = bare.partition(",")
    is_office = 2 < len(office) <= _MAX_SOURCE_CHARS and office[-1] not in ".!?:…“”«»"
    return bare if comma and is_office and person_name(name.strip()) else ""


def _ids(nodes: list[LexborNode]) -> set[int]:
    return {node.mem_id for node in nodes}


def _source_inside(node: LexborNode, inside: list[LexborNode]) -> LexborNode | None:
    """The last `footer`; else the element at the end that is, or begins with, a `cite`."""
    footers = [each for each in inside if each.tag in {"footer", "figcaption"}]
    if footers:
        return footers[-1]
    for _ in range(_MAX_DEPTH):
        last = _edge(node, at_end=True)
        if last is None or last.tag == "-text":
            return None
        if last.tag in _SOURCES:
            return last
        first, begin = _edge(last, at_end=False), _edge(node, at_end=False)
        is_only = begin is not None and begin.mem_id == last.mem_id
        if first is not None and first.tag == "cite" and not is_only:
            return last
        node = last
    return None


def _source_beside(node: LexborNode) -> LexborNode | None:
    """The `figcaption` of the figure around, or what follows and is a `footer` or a `cite`."""
    for parent in islice(ancestors(node), _MAX_WRAPPERS):
        if parent.tag == "figure":
            captions = [child for child in parent.iter() if child.tag == "figcaption"]
            if captions:
                return captions[0]
            break
    after = node.next
    while after is not None and (after.tag or "-").startswith("-"):
        if after.tag == "-text" and fold(after.text_content or ""):
            return None
        after = after.next
    if after is None or after.tag in {"footer", "cite", "figcaption"}:
        return after
    first = _edge(after, at_end=False) if after.tag in {"p", "div"} else None
    return after if first is not None and first.tag == "cite" else None


def _edge(node: LexborNode, *, at_end: bool) -> LexborNode | None:
    """The first or last child that is more than white space."""
    child = node.last_child if at_end else node.first_child
    while child is not None:
        tag = child.tag or "-"
        if not tag.startswith("-") or (tag == "-text" and fold(child.text_content or "")):
            return child
        child = child.prev if at_end else child.next
    return None


def _lines(node: LexborNode, skipped: Container[int]) -> Iterator[str]:
    """The lines an element shows, less some of its elements."""
    text = "".join(_pieces(node, skipped, 0))
    return (line for line in map(fold, text.split("\0")) if line)


def _pieces(node: LexborNode, skipped: Container[int], depth: int) -> Iterator[str]:
    for child in node.iter(include_text=True):
        tag = child.tag or "-"
        if tag == "-text":
            yield (child.text_content or "").replace("\0", "")
        elif tag == "br":
            yield "\0"
        elif not (tag.startswith("-") or tag in SILENT or child.mem_id in skipped):
            edge = "\0" if tag in BLOCKS else ""
            yield edge
            if depth < _MAX_DEPTH:
                yield from _pieces(child, skipped, depth + 1)
            yield edge


def _one_line(source: LexborNode) -> str:
    """Name and office in one line, however many elements they stand in."""
    parts = list(_lines(source, ()))
    if len(parts) == 1:  # `<cite>Name</cite> <span>Office</span>`, `Name <cite>Office</cite>`
        first = _edge(source, at_end=False)
        name = fold(_text_of(first)) if first is not None else ""
        rest = parts[0].removeprefix(name).strip()
        if rest and _is_name(name) and rest[0].isalpha():
            parts = [name, rest]
    return _joined(parts)


def _text_of(node: LexborNode) -> str:
    return (node.text_content or "") if node.tag == "-text" else inline_text(node)


def _is_name(text: str) -> bool:
    return person_name(_DASH.sub("", text, count=1)) is not None


def _joined(parts: list[str]) -> str:
    """Parts of a source as a release writes them: commas between, whatever parts them there."""
    line = ", ".join(part for part in (part.strip(" ,;|") for part in parts) if part)
    match = _SEPARATOR.search(line, 1)
    if match and _is_name(line[: match.start()]):
        return f"{line[: match.start()]}, {line[match.end() :]}"
    return line


def _with_marks(words: str) -> str:
    if single := _SINGLE_MARKS.fullmatch(words):
        words = single[1]
    if _OUTER_MARKS.fullmatch(words) or _SPEECH_BEFORE_MARKS.match(words):
        return words
    return f"„{words.translate(_INNER)}“"
