"""Text and pictures in markup whose parts a layout names: containers, what to leave out, an end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.markup.tree import ancestors, inline_text
from scraper.parse import components
from scraper.parse.body import BodyReader
from scraper.parse.content import Content
from scraper.parse.found_pictures import PictureFinder
from scraper.parse.quotations import plain_quotation
from scraper.platforms.layout import NOTHING, css_of
from scraper.records import Section
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborNode

    from scraper.parse.body import Body
    from scraper.parse.images import Picture
    from scraper.parse.page import Page
    from scraper.parse.place import Parts
    from scraper.records import Quote
    from scraper.sites import Site

_LEAST_SUMMARY, _MOST_SUMMARY = 50, 1_200


def read_described(page: Page, parts: Parts, site: Site, url: str) -> Content:
    """What the release's own elements hold.

    Args:
        page: the page.
        parts: where its parts stand.
        site: whose page.
        url: its address.
    """
    return _Described(page, parts, site, url).read()


@dataclass
class _Taken:
    """Elements that are no running text, and those with which the release is over."""

    ids: set[int] = field(default_factory=set)
    stops: frozenset[int] = frozenset()

    def add(self, nodes: Iterable[LexborNode]) -> None:
        self.ids |= {node.mem_id for node in nodes}


class _Described:
    def __init__(self, page: Page, parts: Parts, site: Site, url: str) -> None:
        self._page = page
        self._root = parts.root
        self._pictured = parts.pictures
        self._layout = parts.layout
        self._site = site
        self._url = url
        self._base = page.base(url)
        self._taken = _Taken(set(parts.foreign))
        self._taken.stops = frozenset(
            node.mem_id for css in self._layout.stop_at for node in page.css(css)
        )
        for css in self._layout.remove:
            self._taken.add(page.css(css))
        self._title = parts.title
        self._lead = page.first(self._layout.lead)
        if self._layout.found:
            self._lead = self._nearby_lead(parts.pictures or parts.root)
        self._quotes: dict[tuple[str, str | None], Quote] = {}

    def read(self) -> Content:
        finder = PictureFinder(
            self._page, self._layout, self._site, self._base, frozenset(self._taken.ids)
        )
        pictures = finder.read(self._pictured or self._root, self._taken.stops)
        self._taken.ids |= finder.taken
        self._take_quote_blocks()
        self._take_introduction()
        body = self._body(pictures)
        sections = self._sections(body)
        return Content(
            lead=self._lead,
            sections=sections,
            images=tuple(picture.record() for picture in pictures),
            quotes=tuple(self._quotes.values()),
            videos=tuple(body.videos),
            links=tuple(body.links.values()),
        )

    def _nearby_lead(self, around: LexborNode) -> str | None:
        """The lead among what stands around the text, but not in a teaser of another article."""
        for css in css_of(self._layout.lead):
            for node in around.css(css):
                taken = (each.mem_id in self._taken.ids for each in (node, *ancestors(node)))
                text = inline_text(node)
                if text and not any(taken):
                    return text
        return self._summary()

    def _summary(self) -> str | None:
        """The paragraph outside the text that the page gives as its summary, too."""
        stated = [
            fold(value)[:_LEAST_SUMMARY]
            for name in ("description", "og:description")
            for value in self._page.metas.get(name, ())
        ]
        openings = {text for text in stated if len(text) == _LEAST_SUMMARY}
        for node in self._page.css("p") if openings else ():
            text = inline_text(node)
            if text[:_LEAST_SUMMARY] in openings and len(text) <= _MOST_SUMMARY:
                around = {each.mem_id for each in ancestors(node)}
                is_inside = self._root.mem_id in around
                return None if is_inside or around & self._taken.ids else text
        return None

    def _take_quote_blocks(self) -> None:
        if self._layout.quote_blocks == NOTHING:
            return
        for node in self._root.css(self._layout.quote_blocks):
            if node.mem_id in self._taken.ids:
                continue
            if node.tag == "blockquote" and plain_quotation(node):
                continue  # part of the text
            block = components.quote_block(node, self._site, self._layout, has_picture=False)
            if block:
                self._taken.add([node])
                quote = block.quote
                self._quotes.setdefault((quote.text, quote.speaker), quote)

    def _take_introduction(self) -> None:
        """Headline, date and the like are no running text, where they stand among it."""
        layout, page = self._layout, self._page
        self._taken.add(page.css(layout.introduction))
        if self._title is not None:
            self._taken.add([self._title])
        fields = (layout.title, layout.kicker, layout.subtitle, layout.published, layout.issuer)
        for selectors in (*fields, layout.lead):
            for selector in selectors:
                if not selector.css or selector.attribute:
                    continue
                node = next(filter(inline_text, page.css(selector.css)), None)
                if node is not None:
                    self._taken.add([node])
                    break
        for selector in layout.contact:
            self._taken.add(page.css(selector.css) if selector.css else ())

    def _body(self, pictures: list[Picture]) -> Body:
        reader = BodyReader(
            self._site,
            self._layout,
            self._base,
            frozenset(self._taken.ids),
            _Credits(pictures),
            page=self._url,
            stops=self._taken.stops,
        )
        for selector in self._layout.lead:
            for node in self._page.css(selector.css) if selector.css else ():
                reader.read_links(node)
        return reader.read(*self._containers())

    def _containers(self) -> list[LexborNode]:
        """The elements with running text, none inside another one."""
        if not self._layout.body:
            return [self._root]
        found: list[LexborNode] = []
        ids: set[int] = set()
        for node in self._page.css(", ".join(self._layout.body)):
            if node.mem_id in ids or any(outer.mem_id in ids for outer in ancestors(node)):
                continue
            ids.add(node.mem_id)
            found.append(node)
        return found

    def _sections(self, body: Body) -> tuple[Section, ...]:
        """The text; a lead that only repeats its beginning is none."""
        first = next((block.text for section in body.sections for block in section.blocks), "")
        if self._lead and first.startswith(self._lead.rstrip(".… ")):
            self._lead = None
        return tuple(body.sections)


class _Credits:
    """Gives a line such as `Fotos: Jo Doe` to the pictures it speaks of."""

    def __init__(self, pictures: list[Picture]) -> None:
        self._pictures = pictures

    def __call__(self, caption: str | None, credit: str | None) -> bool:
        without = [picture for picture in self._pictures if picture.credit is None]
        for picture in without or self._pictures[-1:]:
            picture.add(None, caption if picture is self._pictures[-1] else None, credit)
        return bool(self._pictures)
