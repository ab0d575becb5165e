"""A whole article page as one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import urls
from scraper.errors import ParseError
from scraper.markup.replay import base_url, live_address, restore
from scraper.markup.shown import as_shown
from scraper.markup.tree import Around, attribute, inline_text
from scraper.parse import components, metadata
from scraper.parse.body import BodyReader
from scraper.parse.images import Picture, Rendition, rendition
from scraper.parse.parts import locate
from scraper.parse.plain_page import lead_node as plain_lead
from scraper.parse.plain_page import opens_with_picture
from scraper.parse.plain_pictures import is_ornament, read_view
from scraper.parse.plausible import check_images, check_sizes
from scraper.parse.quotations import plain_quotation
from scraper.parse.shapes import Shapes
from scraper.records import Article, article_text
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from scraper.parse.place import Parts
    from scraper.records import Capture, Image, Quote
    from scraper.sites import Site


def parse_article(tree: LexborHTMLParser, capture: Capture, site: Site) -> Article:
    """The record of an article page, without prose quotations and teasers.

    Args:
        tree: the page, from `scraper.markup.tree.parse_html`; afterwards it is the page as visitors
            see it (`scraper.markup.shown`).
        capture: where and when it was fetched.
        site: whose page.

    Raises:
        ParseError: the page is no article in any layout the site has had.
    """
    restore(tree, capture.body, {layout.video_attributes[0] for layout in site.layouts})
    json_ld = metadata.read_json_ld(tree)
    as_shown(tree, _machine_read(site))
    parts = locate(tree, site, capture.fetched_at.date())
    if parts is None:
        title = metadata.document_title(tree, site)
        shown = f" (its title is {title!r})" if title else ""
        raise ParseError(capture.url, f"it is not an article page of {site.name}{shown}")
    layout = parts.layout
    title = metadata.read_title(parts.title, tree, site)
    if not title:
        raise ParseError(capture.url, "the page has no headline")
    published = metadata.read_published(parts.date_line, parts.date_hint, json_ld, site)
    tags = metadata.read_tags(tree, layout)
    beside = parts.introduction.css_first(layout.kicker) if parts.introduction is not None else None
    kicker = beside or tree.css_first(layout.kicker)
    where = live_address(capture.url)
    url = _canonical_url(tree, where, site)
    if not where.startswith("http"):  # a file has no address
        where = url if url.startswith("http") else site.origin + "/"
    check_images(capture.url, len(parts.root.css("img")))
    content = _Content(tree, parts, site, where)
    article = Article(
        url=url,
        site=site.key,
        content_id=metadata.read_content_id(tree, layout),
        page_id=metadata.read_page_id(tree, layout),
        title=title,
        kicker=(inline_text(kicker) or None) if kicker is not None else None,
        lead=content.lead,
        description=metadata.read_description(tree, json_ld),
        published=published.iso,
        published_raw=published.raw,
        modified=metadata.read_modified(json_ld, site),
        sections=tuple(content.body.sections),
        text=article_text(content.lead, tuple(content.body.sections)),
        images=content.images,
        quotes=content.quotes,
        videos=tuple(content.body.videos),
        links=tuple(content.body.links.values()),
        tags=tags,
        district=metadata.read_district(tree, tags, site, layout),
    )
    check_sizes(article, capture.url)
    return article


def _machine_read(site: Site) -> str:
    """Selector of what is read even where it is hidden: teasers, tags, the content's number."""
    names = {layout.content_id[0] for layout in site.layouts}
    return ", ".join(sorted(names.union(*(layout.foreign_elements for layout in site.layouts))))


def _canonical_url(tree: LexborHTMLParser, url: str, site: Site) -> str:
    """What the page says is its address, if that is an article's; else where it was fetched."""
    stated = attribute(tree.css_first("link[rel=canonical]"), "href")
    found = site.article_url(stated, base_url(tree, url)) if stated else None
    return found or site.article_url(url) or url


class _Content:
    """The parts of the release's own element: pictures first, then the text around them."""

    def __init__(self, tree: LexborHTMLParser, parts: Parts, site: Site, url: str) -> None:
        root = parts.root
        self._site = site
        self._layout = parts.layout
        self._is_plain = parts.layout.header_words is not None
        self._url = base_url(tree, url)
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
        for node in root.css(self._layout.lead):
            parent = node.parent
            if (parent is None or not is_foreign(parent)) and inline_text(node):
                return node
        return None

    def _read_image(self, img: LexborNode, root: LexborNode) -> None:
        sizes = self._shapes.renditions(img)
        if not sizes or any(urls.path(s.url).startswith(self._site.generic_images) for s in sizes):
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
        pictures = [node for node in around if components.is_picture_element(node)]
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
        for node in root.css("blockquote, dtm-quote, dtm-zitat, dtm-citation, dtm-testimonial"):
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
        if large is None or urls.path(large.url).startswith(self._site.generic_images):
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

    def _orphan_caption(self, caption: str | None, credit: str | None) -> None:
        if self._pictures:
            list(self._pictures.values())[-1].add(None, caption, credit)


def _parents(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent
