"""The running text: sections, blocks, links, videos; what belongs to nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper import urls
from scraper.markup.tree import BLOCKS, SILENT, attribute, inline_text, slot
from scraper.parse.images import clean_credit
from scraper.parse.quotations import plain_quotation, quotation_in_figure
from scraper.platforms.layout import MOST_MATCHED
from scraper.records import Block, Link, Section, Video
from scraper.text import fold, fold_or_none

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from scraper.parse.quotations import Quotation
    from scraper.records import BlockKind, LinkKind
    from scraper.sites import Layout, Site

_SKIPPED = SILENT | {"form", "button", "nav", "header", "footer", "input", "select", "label"}
_SUBHEADINGS = frozenset({"h3", "h4", "h5", "h6"})
_MAX_DEPTH = 150
_MAX_ROW_CHARS = 200
_MAX_BOLD_HEADING = 160


@dataclass
class Body:
    """What the reader has collected."""

    sections: list[Section] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    videos: list[Video] = field(default_factory=list)


class BodyReader:
    """Walks a release's element once, in the order of the page.

    Args:
        site: facts of the city.
        layout: selectors.
        url: what relative addresses are relative to.
        taken: `mem_id` of elements read elsewhere: introduction, lead, pictures, quotation blocks.
        orphan_caption: called with caption and credit that stand outside any picture; they belong
            to the picture before. Whoever returns False does not take them: they stay text.
        page: address of the page; links to places in it are none.
        stops: `mem_id` of elements with which the release is over.
    """

    def __init__(
        self,
        site: Site,
        layout: Layout,
        url: str,
        taken: frozenset[int],
        orphan_caption: Callable[[str | None, str | None], bool],
        *,
        page: str,
        stops: frozenset[int] = frozenset(),
    ) -> None:
        self._site = site
        self._layout = layout
        self._is_plain = layout.header_words is not None
        # There, a form may hold the whole page; what is frame is taken already.
        self._skipped = _SKIPPED - {"form", "header"} if self._is_plain else _SKIPPED
        self._url = url
        self._page = site.canonical(page)
        self._taken = taken
        self._orphan_caption = orphan_caption
        self._stops = stops
        self._is_over = False
        self._body = Body()
        self._heading: str | None = None
        self._blocks: list[Block] = []
        self._inline: list[str] = []
        self._attachments = False
        self._quoted: set[int] = set()
        """`mem_id` of elements that are part of a quotation before them."""
        # Names, not bound methods: those would keep each page in a reference cycle.
        self._handlers: dict[str, str] = {
            "a": "_anchor",
            "br": "_line_break",
            "h1": "_section",
            "h2": "_section",
            "li": "_list_item",
            "dt": "_list_item",
            "dd": "_list_item",
            "tr": "_row",
            "blockquote": "_blockquote",
            "figure": "_figure",
            layout.video: "_video",
            **dict.fromkeys(_SUBHEADINGS, "_subheading"),
            **dict.fromkeys(layout.caption_elements, "_caption"),
        }

    def read(self, *roots: LexborNode) -> Body:
        """Everything below some elements, in their order."""
        for root in roots:
            handler = self._handlers.get(root.tag or "")
            if root.mem_id in self._taken or root.mem_id in self._stops:
                continue
            if handler and len(roots) > 1:
                self._element(root, root.tag or "", "paragraph", 0)
            else:
                self._children(root, "paragraph", 0)
            self._flush("paragraph")
        self._close_section()
        return self._body

    def read_links(self, node: LexborNode) -> None:
        """The links of an element whose text is read elsewhere."""
        for anchor in node.css("a[href]"):
            self._link(anchor)

    def _children(self, node: LexborNode, kind: BlockKind, depth: int) -> None:
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if child.mem_id in self._stops:
                self._flush(kind)
                self._is_over = True
            if self._is_over:
                return
            if tag == "-text":
                text = child.text_content or ""
                if self._is_plain and child.mem_id in self._taken:
                    continue
                if self._inline or not text.isspace():  # line breaks of the markup are no text
                    self._inline.append(text)
            elif not tag.startswith("-"):
                self._element(child, tag, kind, depth)

    def _element(self, node: LexborNode, tag: str, kind: BlockKind, depth: int) -> None:
        if (
            tag in self._skipped
            or tag in self._layout.foreign_elements
            or node.mem_id in self._taken
            or node.mem_id in self._quoted
            or depth > _MAX_DEPTH
        ):
            return
        fills = slot(node)
        if fills in self._layout.foreign_slots:
            return
        if fills in self._layout.link_slots:
            self._flush(kind)
            self.read_links(node)
            return
        handler = self._handlers.get(tag)
        if handler:
            getattr(self, handler)(node, kind, depth)
        elif tag == "p" and self._layout.bold_subheadings and self._is_bold_heading(node):
            self._subheading(node, kind, depth)
        elif tag in BLOCKS or fills or ("-" in tag and tag not in self._layout.inline_elements):
            self._flush(kind)
            self._children(node, kind, depth + 1)
            self._flush(kind)
        else:
            self._children(node, kind, depth + 1)

    def _flush(self, kind: BlockKind) -> None:
        """End the line: what has gathered becomes a block."""
        if not self._inline:
            return
        text = fold("".join(self._inline))
        self._inline.clear()
        if not text or self._attachments:
            return
        if self._is_plain and self._is_frame_line(text):
            return
        if len(text) < 200 and self._is_credit(text):
            if self._orphan_caption(None, clean_credit(text.lstrip("© "), self._site)):
                return
        elif self._is_dropped(text):
            return
        if not self._layout.shaped and text.rstrip(":") in self._layout.end_headings:
            self._is_over = True
            return
        self._blocks.append(Block(kind, text))

    def _is_dropped(self, text: str) -> bool:
        """Whether the site's facts say that a line is none of the release; a very long one is."""
        dropped = self._layout.dropped
        return bool(dropped and len(text) <= MOST_MATCHED and dropped.match(text))

    def _is_credit(self, text: str) -> bool:
        """Whether a line says who made a picture."""
        if self._site.credit_pattern.match(text):
            return True
        return not self._layout.shaped and text.startswith(("©", "(c) "))

    def _is_bold_heading(self, node: LexborNode) -> bool:
        """Whether a paragraph is a subheading that was only made bold; the first never is."""
        bold = node.css_first("strong, b")
        if bold is None or not (self._blocks or self._body.sections):
            return False
        text = inline_text(node)
        if not text or len(text) > _MAX_BOLD_HEADING or text[-1] in ".,;":
            return False
        return text == fold(" ".join(inline_text(each) for each in _outermost_bold(node)))

    def _is_frame_line(self, text: str) -> bool:
        """Whether a line consists of nothing but `Seite drucken`, `Nach oben` and the like."""
        parts = [part.strip(" [](){}«‹").lower() for part in re.split(r"[|»›>·•/]", text)]
        words = {part for part in parts if part}
        return bool(words) and words <= self._layout.frame_lines

    def _line_break(self, node: LexborNode, kind: BlockKind, _depth: int) -> None:
        """A space; in plain markup, two of them in a row part paragraphs."""
        if self._is_plain and _follows_break(node):
            self._flush(kind)
        else:
            self._inline.append(" ")

    def _close_section(self) -> None:
        if self._heading or self._blocks:
            self._body.sections.append(Section(self._heading, tuple(self._blocks)))
        self._heading, self._blocks = None, []

    def _section(self, node: LexborNode, kind: BlockKind, _depth: int) -> None:
        self._flush(kind)
        heading = inline_text(node)
        if not heading:
            return
        self._close_section()
        if heading.rstrip(":") in self._layout.end_headings:  # it heads teasers of others
            self._is_over = not self._layout.shaped
            return
        self._attachments = heading.rstrip(":") in self._site.attachment_headings
        self._heading = None if self._attachments else heading
        self.read_links(node)

    def _subheading(self, node: LexborNode, kind: BlockKind, _depth: int) -> None:
        self._flush(kind)
        text = inline_text(node)
        if text.rstrip(":") in self._layout.end_headings and text:
            self._is_over = not self._layout.shaped
        if not text or text.rstrip(":") in self._layout.end_headings:
            return
        self._attachments = text.rstrip(":") in self._site.attachment_headings
        if not self._attachments:
            self._blocks.append(Block("subheading", text))
        self.read_links(node)

    def _list_item(self, node: LexborNode, kind: BlockKind, depth: int) -> None:
        self._flush(kind)
        self._children(node, "list_item", depth + 1)
        self._flush("list_item")

    def _row(self, node: LexborNode, kind: BlockKind, depth: int) -> None:
        self._flush(kind)
        holds_quotation = node.css_first("blockquote") is not None
        if holds_quotation or (self._is_plain and self._is_frame_of_columns(node)):
            self._children(node, kind, depth + 1)
            return
        cells = [inline_text(cell) for cell in node.iter() if cell.tag in {"td", "th"}]
        text = " | ".join(cell for cell in cells if cell)
        if text and not self._attachments:
            self._blocks.append(Block("table_row", text))
        self.read_links(node)

    def _is_frame_of_columns(self, row: LexborNode) -> bool:
        """Whether a row places parts of the page beside each other, as was the custom."""
        inside = row.css("*")
        if any(node.mem_id in self._taken for node in inside):
            return True
        has_blocks = any(node.tag in {"p", "div", "h2", "h3", "ul", "table"} for node in inside)
        return has_blocks and len(inline_text(row)) > _MAX_ROW_CHARS

    def _blockquote(self, node: LexborNode, kind: BlockKind, depth: int) -> None:
        self._quotation_or_block(node, plain_quotation(node), kind, depth)

    def _figure(self, node: LexborNode, kind: BlockKind, depth: int) -> None:
        self._quotation_or_block(node, quotation_in_figure(node), kind, depth)

    def _quotation_or_block(
        self, node: LexborNode, quotation: Quotation | None, kind: BlockKind, depth: int
    ) -> None:
        """Write out a quotation, or read on inside the element."""
        self._flush(kind)
        if quotation is None:
            self._children(node, kind, depth + 1)
            self._flush(kind)
            return
        if not self._attachments:
            texts = (quotation.words, quotation.source)
            self._blocks.extend(Block(kind, text) for text in texts)
        for part in quotation.nodes:
            self.read_links(part)
            self._quoted.add(part.mem_id)

    def _anchor(self, node: LexborNode, kind: BlockKind, depth: int) -> None:
        self._link(node)
        self._children(node, kind, depth + 1)

    def _caption(self, node: LexborNode, kind: BlockKind, _depth: int) -> None:
        self._flush(kind)
        credit = node.css_first(self._layout.credit)
        text = node.css_first(self._layout.caption)
        self._orphan_caption(
            fold_or_none(inline_text(text)) if text is not None else None,
            clean_credit(inline_text(credit), self._site) if credit is not None else None,
        )

    def _video(self, node: LexborNode, kind: BlockKind, _depth: int) -> None:
        self._flush(kind)
        address, title = self._layout.video_attributes
        url = self._site.canonical(attribute(node, address) or "", self._url)
        if not attribute(node, address) or url is None:
            return
        captions = (inline_text(part) for part in node.css(self._layout.caption))
        caption = next((text for text in captions if text), None)
        self._body.videos.append(Video(url, fold_or_none(attribute(node, title)), caption))

    def _link(self, node: LexborNode) -> None:
        href = attribute(node, "href")
        url = self._site.link_target(href, self._url) if href and not href.startswith("#") else None
        if url is None or url in self._body.links:
            return
        if href and "#" in href and url == self._page:
            return
        text = inline_text(node) or fold(attribute(node, "title") or "") or urls.file_name(url)
        if self._is_plain and self._is_frame_line(text):
            return
        kind = self._link_kind(node, url)
        self._body.links[url] = Link(url, text or url, kind)

    def _link_kind(self, node: LexborNode, url: str) -> LinkKind:
        if self._attachments or "download" in node.attributes or urls.is_file(url):
            return "download"
        return "internal" if urls.host(url) in self._site.hosts else "external"


def _outermost_bold(node: LexborNode) -> Iterator[LexborNode]:
    for child in node.iter():
        if child.tag in {"strong", "b"}:
            yield child
        elif child.tag in {"span", "em", "i", "u", "a"}:
            yield from _outermost_bold(child)


def _follows_break(node: LexborNode) -> bool:
    before = node.prev
    while before is not None and before.tag == "-text" and not fold(before.text_content or ""):
        before = before.prev
    return before is not None and before.tag == "br"
