"""Text, pictures and quotation blocks in markup that is read by its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.markup.tree import Around, attribute, inline_text
from scraper.parse import components
from scraper.parse.body import BodyReader
from scraper.parse.content import Content
from scraper.parse.images import Picture, Rendition, rendition
from scraper.parse.plain_page import lead_node as plain_lead
from scraper.parse.plain_page import opens_with_picture
from scraper.parse.plain_pictures import is_ornament, read_view
from scraper.parse.quotations import plain_quotation
from scraper.parse.shapes import Shapes
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from scraper.parse.page import Page
    from scraper.parse.place import Parts
    from scraper.records import Image, Quote
    from scraper.sites import Site


def read_shaped(page: Page, parts: Parts, site: Site, url: str) -> Content:
    """What the release's own element holds, in markup whose parts are known by their shape.

    Args:
        page: the page.
        parts: where its parts stand.
        site: whose page.
        url: its address.
    """
    content = _Content(page, parts, site, url)
    return Content(
        lead=content.lead,
        sections=tuple(content.body.sections),
        images=content.images,
        quotes=content.quotes,
        videos=tuple(content.body.videos),
        links=tuple(content.body.links.values()),
    )


class _Content:
    """The parts of the release's own element: pictures first, then the text around them."""

    def __init__(self, page: Page, parts: Parts, site: Site, url: str) -> None:
        root, tree = parts.root, page.tree
        self._site = site
        self._layout = parts.layout
        self._is_plain = parts.layout.header_words is not None
        self._url = page.base(url)
        self._pictures: dict[str, Picture] = {}
        self._quotes: dict[tuple[str, str | None], Quote] = {}
        self._taken: set[int] = set(parts.foreign)
        self._shapes = Shapes(root, site, parts.layout, self._url)
        self._introduction = parts.introduction
        self._og = self._large_lead(tree)
        for img in components.image_nodes(root, parts.layout, parts.foreign):
            self._read_image(img, root)
        self._read_quotes_without_picture(root)
        self._add_lead_picture(tree)
        if self._introduction is not None:
            self._taken.add(self._introduction.mem_id)
        lead_node = self._lead_node(root)
        self.lead = inline_text(lead_node) if lead_node is not None else None
        if lead_node is not None:
            self._taken.add(lead_node.mem_id)
        reader = BodyReader(
            site, parts.layout, self._url, frozenset(self._taken), self._orphan_caption, page=url
        )
        if lead_node is not None:
            reader.read_links(lead_node)
        self.body = reader.read(root)
        self.quotes = tuple(self._quotes.values())

    @property
    def images(self) -> tuple[Image, ...]:
        return tuple(picture.record() for picture in self._pictures.values())

    def _lead_node(self, root: LexborNode) -> LexborNode | None:
        if self._is_plain:
            if self._pictures and opens_with_picture(root, self._taken):
                next(iter(self._pictures.values())).role = "lead"
            return plain_lead(root, self._taken)
        is_foreign = Around(lambda around: around.tag in self._layout.foreign_elements)
        for node in root.css(self._layout.lead_css):
            parent = node.parent
            if (parent is None or not is_foreign(parent)) and inline_text(node):
                return node
        return None

    def _read_image(self, img: LexborNode, root: LexborNode) -> None:
        sizes = self._shapes.renditions(img)
        if not sizes or any(self._site.is_generic_image(s.url) for s in sizes):
            return
        if self._is_plain and is_ornament(img):
            return
        stem = sizes[0].stem
        picture = self._pictures.setdefault(stem, Picture(stem))
        picture.renditions.extend(sizes)
        picture.add(components.image_alt(img), None, None)
        if self._is_plain:
            view = read_view(img, root, self._shapes.crowded, self._site, self._layout)
            self._taken |= view.taken
            picture.add(None, view.caption, view.credit)
            return
        component, block = self._component(img, root, stem)
        if component is None:
            self._taken.add(img.mem_id)
        elif component.mem_id not in self._taken:
            self._taken.add(component.mem_id)
            self._read_component(component, block, picture)
        if picture.role == "body" and self._is_lead(img, stem):
            picture.role = "lead"

    def _component(
        self, img: LexborNode, root: LexborNode, stem: str
    ) -> tuple[LexborNode | None, components.QuoteBlock | None]:
        """The element to read with an image: a quotation block if there is one, else a picture."""
        around = list(self._shapes.around(img, root, stem))
        for node in reversed(around):
            if node.mem_id in self._taken:
                return node, None
            block = self._shapes.quote_block(node)
            if block:
                return node, block
        pictures = [node for node in around if components.is_picture_element(node, self._layout)]
        return (pictures[-1] if pictures else None), None

    def _read_component(
        self, node: LexborNode, block: components.QuoteBlock | None, picture: Picture
    ) -> None:
        if block:
            self._add_quote(block.quote)
            picture.role = "portrait"
            picture.add(None, None, block.credit)
        else:
            picture.add(None, *components.caption_and_credit(node, self._site, self._layout))

    def _read_quotes_without_picture(self, root: LexborNode) -> None:
        # Outer ones come first, so that what they take is known before it is asked for.
        is_read = Around(
            lambda around: (
                around.mem_id in self._taken or around.tag in self._layout.foreign_elements
            )
        )
        for node in root.css(self._layout.quote_blocks):
            if node.mem_id in self._taken or (node.parent is not None and is_read(node.parent)):
                continue
            if node.tag == "blockquote" and plain_quotation(node):
                continue  # part of the text
            block = components.quote_block(node, self._site, self._layout, has_picture=False)
            if block:
                self._taken.add(node.mem_id)
                self._add_quote(block.quote)

    def _add_quote(self, quote: Quote) -> None:
        # A small and a full view say the same twice.
        self._quotes.setdefault((quote.text, quote.speaker), quote)

    def _is_lead(self, img: LexborNode, stem: str) -> bool:
        if self._og is not None and self._og.stem == stem:
            return True
        return any(
            parent.tag == "section" and "introduction" in (parent.attributes.get("class") or "")
            for parent in _parents(img)
        )

    def _large_lead(self, tree: LexborHTMLParser) -> Rendition | None:
        if self._is_plain:
            return None  # nobody knows what it stood for there
        address = attribute(tree.css_first('meta[property="og:image"]'), "content")
        large = rendition(self._site, address, self._url) if address else None
        if large is None or self._site.is_generic_image(large.url):
            return None
        return large

    def _add_lead_picture(self, tree: LexborHTMLParser) -> None:
        """`og:image` is the large rendition of the lead picture; at times its only trace."""
        if self._og is None:
            return
        known = self._pictures.get(self._og.stem)
        if known:
            known.renditions.append(self._og)
        elif not any(picture.role == "lead" for picture in self._pictures.values()):
            alt = attribute(tree.css_first('meta[property="og:image:alt"]'), "content")
            lead = Picture(self._og.stem, [self._og], fold(alt) if alt else None, role="lead")
            self._pictures = {lead.stem: lead, **self._pictures}

    def _orphan_caption(self, caption: str | None, credit: str | None) -> bool:
        if self._pictures:
            list(self._pictures.values())[-1].add(None, caption, credit)
        return True


def _parents(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent
