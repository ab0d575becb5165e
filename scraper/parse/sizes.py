"""How much text each element holds, and how much of it stands in links: in one walk."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scraper.markup.tree import SILENT

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


class Sizes:
    """Characters of text below an element, by element.

    Args:
        root: the element; each element inside it is looked at once.
    """

    def __init__(self, root: LexborNode) -> None:
        self._text: dict[int, int] = defaultdict(int)
        self._links: dict[int, int] = defaultdict(int)
        nodes = list(root.traverse(include_text=True))
        for node in reversed(nodes):
            tag = node.tag or ""
            if tag in SILENT:
                continue
            if tag == "-text":
                self._text[node.mem_id] = len((node.text_content or "").strip())
            size = self._text[node.mem_id]
            if tag == "a" and "href" in node.attributes:
                self._links[node.mem_id] = size
            parent = node.parent
            if parent is not None and node.mem_id != root.mem_id:
                self._text[parent.mem_id] += size
                self._links[parent.mem_id] += self._links[node.mem_id]

    def text(self, node: LexborNode) -> int:
        """Characters of text."""
        return self._text[node.mem_id]

    def links(self, node: LexborNode) -> float:
        """How much of the text stands in links: 0 to 1."""
        return self._links[node.mem_id] / max(1, self._text[node.mem_id])
