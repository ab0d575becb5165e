"""Where on a page that nobody has described the article stands: the element with its running text.

Each paragraph of running text counts for all elements around it. From the body of the page on, the
way leads down as long as one child holds nearly all of what its parent holds; what the article's
text in JSON-LD confirms counts more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.markup.tree import ancestors, inline_text
from scraper.parse.boilerplate import is_foreign, is_phrase, link_share
from scraper.text import fold

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_PARAGRAPH_CHARS = 60
_ITEM_CHARS = 100
_BLOCK_CHARS = 120
_LEAST_CHARS = 140
_NEARLY_ALL = 0.72
_MAX_LINKED = 0.5
_MAX_DEPTH = 60
_MOST_BLOCKS = 4_000
_NEVER_FOREIGN = 0.5
"""Whatever its name, an element with this share of the running text is not foreign."""
_BLOCKS = "p, li, blockquote"
_INLINE = frozenset({"b", "strong", "i", "em", "a", "span"})
_WORD = re.compile(r"\w+")


@dataclass
class Region:
    """The article's place on a page."""

    root: LexborNode
    """The element that holds the running text."""
    mass: dict[int, float] = field(default_factory=dict)
    """By `mem_id`: how much running text an element holds."""
    paragraphs: list[LexborNode] = field(default_factory=list)
    """The paragraphs of running text inside it, in order."""
    kept: frozenset[int] = frozenset()
    """`mem_id` of elements that are the article's, whatever their names say."""


def find_region(tree: LexborHTMLParser, stated: str, title: LexborNode | None) -> Region | None:
    """The element that holds the article; None if there is hardly any running text.

    Args:
        tree: the page.
        stated: the text that JSON-LD gives for the article; empty if it gives none.
        title: the headline, if it is known.
    """
    body = tree.body
    if body is None:
        return None
    finder = _Finder(stated)
    for strict in (True, False):
        finder.weigh(body, strict=strict)
        if finder.mass.get(body.mem_id, 0) >= _LEAST_CHARS:
            break
    else:
        return None
    root = finder.descend(_start(tree, finder.mass, title))
    inside = [
        node
        for node in finder.paragraphs
        if any(around.mem_id == root.mem_id for around in ancestors(node)) or node is root
    ]
    return Region(root, dict(finder.mass), inside, frozenset(finder.kept))


def _start(tree: LexborHTMLParser, mass: dict[int, float], title: LexborNode | None) -> LexborNode:
    """The element to begin with: what calls itself the article's text, else the body."""
    body = tree.body
    assert body is not None  # noqa: S101 - the caller has seen it
    whole = mass[body.mem_id]
    for selector in (
        "[itemprop=articleBody], [property=articleBody]",
        "article",
        "main, [role=main]",
    ):
        found = tree.css(selector)[:200]
        if not found:
            continue
        best = max(found, key=lambda node: mass.get(node.mem_id, 0))
        share = mass.get(best.mem_id, 0)
        is_alone = len(found) == 1 or selector.startswith("[")
        if title is not None and selector == "article":
            around = {node.mem_id for node in ancestors(title)}
            named = [node for node in found if node.mem_id in around]
            if named and mass.get(named[0].mem_id, 0) >= max(_LEAST_CHARS, 0.4 * share):
                return max(named, key=lambda node: mass.get(node.mem_id, 0))
        if share >= 0.6 * whole or (is_alone and share >= max(2 * _LEAST_CHARS, 0.35 * whole)):
            return best
    return body


class _Finder:
    """Weighs the elements of one page."""

    def __init__(self, stated: str) -> None:
        self.mass: dict[int, float] = {}
        self.paragraphs: list[LexborNode] = []
        self.kept: set[int] = set()
        self._foreign: dict[int, bool] = {}
        self._stated = frozenset(_WORD.findall(stated)) if len(stated) > 300 else frozenset()

    def weigh(self, body: LexborNode, *, strict: bool) -> None:
        """Give each element the running text inside it."""
        tags = _BLOCKS if strict else f"{_BLOCKS}, div, td, section, article"
        weighed: list[tuple[float, list[LexborNode]]] = []
        for node in body.css(tags)[:_MOST_BLOCKS]:
            weight = self._weight(node)
            around = [node, *ancestors(node)] if weight else []
            if around and len(around) <= _MAX_DEPTH:
                weighed.append((weight, around))
        whole = _sum(weighed)
        most = _NEVER_FOREIGN * whole.get(body.mem_id, 0)
        self._keep_parts(weighed, most)
        own = [
            (weight, around)
            for weight, around in weighed
            if not any(self._is_foreign(each) and whole[each.mem_id] < most for each in around)
        ]
        self.paragraphs = [around[0] for _weight, around in own]
        self.mass = _sum(own)

    def _keep_parts(self, weighed: list[tuple[float, list[LexborNode]]], most: float) -> None:
        """Find elements of one name that hold the text between them, such as entries of a ticker.

        Args:
            weighed: weight of each paragraph, and the elements around it.
            most: so much text is never foreign.
        """
        parts: dict[str, dict[int, float]] = {}
        for weight, around in weighed:
            for each in around:
                name = each.attributes.get("class")
                if name and self._is_foreign(each):
                    named = parts.setdefault(name, {})
                    named[each.mem_id] = named.get(each.mem_id, 0) + weight
        for named in parts.values():
            if len(named) > 1 and sum(named.values()) >= most:
                self.kept |= named.keys()
                self._foreign.update(dict.fromkeys(named, False))

    def _weight(self, node: LexborNode) -> float:
        tag = node.tag
        if tag in {"p", "li", "blockquote"}:
            if tag != "p" and node.css_first("p, li, div, blockquote") is not None:
                return 0
            text = inline_text(node)
            least = _PARAGRAPH_CHARS if tag == "p" else _ITEM_CHARS
        else:
            text = _own_text(node)
            least = _BLOCK_CHARS
        if len(text) < least or is_phrase(text, node) or link_share(node, text) > _MAX_LINKED:
            return 0
        if not self._stated:
            return float(len(text))
        words = _WORD.findall(text)
        known = sum(word in self._stated for word in words) / max(1, len(words))
        return len(text) * (4.0 if known > 0.9 else 0.5)

    def _is_foreign(self, node: LexborNode) -> bool:
        known = self._foreign.get(node.mem_id)
        if known is None:
            known = self._foreign[node.mem_id] = is_foreign(node)
        return known

    def descend(self, node: LexborNode) -> LexborNode:
        """The innermost element that still holds nearly all."""
        for _step in range(_MAX_DEPTH):
            whole = self.mass.get(node.mem_id, 0)
            children = [child for child in node.iter() if child.mem_id in self.mass]
            if not children or node.tag in {"p", "li", "blockquote"}:
                break
            best = max(children, key=lambda child: self.mass[child.mem_id])
            if (
                best.tag in {"p", "li", "blockquote", "span"}
                or self.mass[best.mem_id] < _NEARLY_ALL * whole
            ):
                break
            node = best
        return node


def _sum(weighed: list[tuple[float, list[LexborNode]]]) -> dict[int, float]:
    """By `mem_id`: the weight of all paragraphs inside an element."""
    mass: dict[int, float] = defaultdict(float)
    for weight, around in weighed:
        for each in around:
            mass[each.mem_id] += weight
    return mass


def _own_text(node: LexborNode) -> str:
    """Text that stands in an element itself, or in inline elements directly inside it."""
    pieces: list[str] = []
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            pieces.append(child.text_content or "")
        elif child.tag in _INLINE:
            inner = child.iter(include_text=True)
            pieces += [each.text_content or "" for each in inner if each.tag == "-text"]
        else:
            pieces.append(" ")
    return fold(" ".join(pieces))
