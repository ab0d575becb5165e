"""How much text each element holds, and how much of it stands in links: in one walk."""

from __future__ import annotations

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
        self._text: dict[int, int] = {}
        self._links: dict[int, int] = {}
        text, links, root_id = self._text, self._links, root.mem_id
        for node in reversed(list(root.traverse(include_text=True))):
            tag, own = node.tag or "", node.mem_id
            if tag == "-text":
                size, linked = len((node.text_content or "").strip()), 0
            elif tag in SILENT:
                continue
            else:
                size, linked = text.get(own, 0), links.get(own, 0)
                if tag == "a" and "href" in node.attrs:
                    links[own] = linked = size
            if not size or own == root_id or (parent := node.parent) is None:
                continue
            around = parent.mem_id
            text[around] = text.get(around, 0) + size
            if linked:
                links[around] = links.get(around, 0) + linked

    def text(self, node: LexborNode) -> int:
        """Characters of text."""
        return self._text.get(node.mem_id, 0)

    def links(self, node: LexborNode) -> float:
        """How much of the text stands in links: 0 to 1."""
        return self._links.get(node.mem_id, 0) / max(1, self.text(node))
