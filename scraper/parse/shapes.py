"""What stands around the pictures of one page, each element looked at once.

A page may show a picture a thousand times in one element: asking every time what else that element
holds would take time that grows with the square.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from scraper.markup.tree import ancestors, is_large
from scraper.parse import components, images

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from scraper.parse.components import QuoteBlock
    from scraper.parse.images import Rendition
    from scraper.sites import Layout, Site

_MAX_CLIMB = 8
_MOST_NODES = 2_000  # no picture with its caption, and no quotation, has as many
_FRAME = frozenset({"main", "body", "section"})


class Shapes:
    """The elements around the images of a release.

    Args:
        root: the element that holds the release.
        site: how it names renditions, labels credits.
        layout: its selectors.
        url: address of the page.
    """

    def __init__(self, root: LexborNode, site: Site, layout: Layout, url: str) -> None:
        self._site = site
        self._layout = layout
        self._url = url
        self._too_large = f"h1, h2, h3, h4, ul, ol, table, {layout.lead_css}"
        self._renditions: dict[int, list[Rendition]] = {}
        self._images: dict[int, list[LexborNode]] = {}
        self._stems: dict[int, set[str]] = {}
        self._is_large: dict[int, bool] = {}
        self._blocks: dict[int, QuoteBlock | None] = {}
        for img in root.css("img"):
            for node in islice(ancestors(img), _MAX_CLIMB):
                self._images.setdefault(node.mem_id, []).append(img)

    @cached_property
    def crowded(self) -> frozenset[int]:
        """`mem_id` of elements around an image that hold another one, too."""
        return frozenset(node for node, inside in self._images.items() if len(inside) > 1)

    def renditions(self, img: LexborNode) -> list[Rendition]:
        """The sizes in which an image is offered."""
        if img.mem_id not in self._renditions:
            self._renditions[img.mem_id] = images.renditions(self._site, img, self._url)
        return self._renditions[img.mem_id]

    def around(self, img: LexborNode, root: LexborNode, stem: str) -> Iterator[LexborNode]:
        """The elements around an image that may be its component, innermost first.

        Ends where an element is too large to be one: it holds another picture, a heading, a list or
        a table, or it is part of the page's frame.
        """
        for node in islice(ancestors(img), _MAX_CLIMB):
            if node.mem_id == root.mem_id or node.tag in _FRAME:
                return
            if self._stems_in(node) - {stem} or self._has_structure(node):
                return
            yield node

    def quote_block(self, node: LexborNode) -> QuoteBlock | None:
        """The quotation that an element around a portrait sets apart."""
        if node.mem_id not in self._blocks:
            self._blocks[node.mem_id] = components.quote_block(
                node, self._site, self._layout, has_picture=True
            )
        return self._blocks[node.mem_id]

    def _stems_in(self, node: LexborNode) -> set[str]:
        """The pictures that the images in an element show; of several, two."""
        if node.mem_id not in self._stems:
            found = self._stems[node.mem_id] = set()
            for img in self._images[node.mem_id]:
                found |= {size.stem for size in self.renditions(img)[:1]}
                if len(found) > 1:  # more than one is all that matters
                    break
        return self._stems[node.mem_id]

    def _has_structure(self, node: LexborNode) -> bool:
        if node.mem_id not in self._is_large:
            self._is_large[node.mem_id] = node.css_first(self._too_large) is not None or is_large(
                node, _MOST_NODES
            )
        return self._is_large[node.mem_id]
