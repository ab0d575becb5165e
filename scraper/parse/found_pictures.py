"""The pictures of a release: by a layout's selectors, or by what elements around an image say.

Whatever the markup, a picture has a caption (what is said about it) and a credit (who made it).
They may be elements of their own, one line with a label before the credit ("… Foto: Jo Doe"), the
caption with the credit once more at its end, or attributes of a link to the large view.
"""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from scraper.markup.tree import ancestors, attribute, inline_text
from scraper.parse.captions import (
    CREDIT_NAME,
    Said,
    said_by_lines,
    said_in_markup,
    split_credit,
    tidy_credit,
    without_credit,
)
from scraper.parse.components import image_alt
from scraper.parse.images import Picture, rendition, renditions
from scraper.parse.page import search, text_without
from scraper.platforms.layout import css_of
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

    from scraper.parse.images import Rendition
    from scraper.parse.page import Page
    from scraper.platforms import Layout, Selector
    from scraper.sites import Site

_MAX_CLIMB = 10
_MAX_SIBLINGS = 4
_MAX_SAID = 1_500  # characters beside a picture
_LEAST_PIXELS = 60
_STAND_IN = re.compile(
    r"/(?:dummy|blank|pixel|spacer|transparent|placeholder|1x1|empty)\b[^/]*$", re.I
)
_IN_ATTRIBUTE = re.compile(
    r"(?:^|(?<=[\s'\"{}<>,]))[^\s'\"{}<>,]{1,500}\.(?:jpe?g|png|webp)(?:\?[^\s'\"{}<>,]{0,300})?",
    re.I,
)
_MOST_ATTRIBUTE = 2_000
_CAPTION_NAME = re.compile(r"caption|unterschrift|bildtext|legend|description", re.I)
_PICTURE_NAME = re.compile(
    r"(?:^|[-_\s])(?:(?:(?!bild|image|foto|photo|picture)[^\W_])*+"
    r"(?:bild|image|foto|photo|picture)[^\W_]*+|(?:media|gallery|slide)[^\W_]*+"
    r"|figure|caption|visual|asset)(?:$|[-_\s])",
    re.I,
)
_FOREIGN = frozenset({"nav", "aside", "footer", "script", "style", "template", "svg", "head"})
_SKIPPED_ROLES = frozenset({"navigation", "complementary", "banner", "contentinfo"})
_FRAME = frozenset({"main", "body", "article", "section", "html", "-document"})


class PictureFinder:
    """Finds the pictures of one page.

    Args:
        page: the page.
        layout: its selectors.
        site: its labels of credits, its rule for sizes.
        base: what relative addresses are relative to.
        foreign: `mem_id` of elements that are not the release's.
    """

    def __init__(
        self, page: Page, layout: Layout, site: Site, base: str, foreign: frozenset[int]
    ) -> None:
        self.taken: set[int] = set()
        """`mem_id` of elements that belong to pictures."""
        self._page = page
        self._layout = layout
        self._rules = layout.pictures
        self._site = site
        self._base = base
        self._foreign = foreign
        self._pictures: dict[str, Picture] = {}
        self._said_by_lines: dict[int, Said] = {}

    def read(self, root: LexborNode, stops: frozenset[int] = frozenset()) -> list[Picture]:
        """The pictures below an element, in their order, each once."""
        if self._rules.items:
            self._read_json()
        elif self._rules.each:
            self._read_each(root, _behind(root, stops) if stops else set())
        else:
            for img in self._images(root, stops):
                if img.mem_id not in self.taken:
                    self._read_image(img, root)
        self._mark_lead()
        return list(self._pictures.values())

    def _images(self, root: LexborNode, stops: frozenset[int]) -> Iterator[LexborNode]:
        over = False
        for node in root.css("img") if not stops else root.traverse():
            over = over or node.mem_id in stops
            if node.tag == "img" and not over and not self._is_foreign(node, root):
                yield node

    def _is_foreign(self, node: LexborNode, root: LexborNode) -> bool:
        for around in (node, *ancestors(node)):
            if around.mem_id in self._foreign:
                return True
            if around.mem_id == root.mem_id:
                return False
            tag = around.tag or ""
            if tag in _FOREIGN or (tag == "noscript" and not self._rules.noscript):
                return True
            if around.attributes.get("role") in _SKIPPED_ROLES:
                return True
        return False

    def _read_json(self) -> None:
        items = search(self._rules.items or "", self._page.data)
        for item in items if isinstance(items, list) else []:
            if not isinstance(item, dict):
                continue
            sizes = self._sizes(self._rules.src, item)
            self._add(sizes, self._said(item), self._page.first(self._rules.alt, item))

    def _read_each(self, root: LexborNode, behind: set[int]) -> None:
        for node in root.css(self._rules.each):
            if node.mem_id in behind or self._is_foreign(node, root):
                continue
            if any(outer.mem_id in self.taken for outer in ancestors(node)):
                continue
            sizes = self._sizes(self._rules.src, node) or self._sizes_of_images(node)
            alts = map(image_alt, node.css("img"))
            alt = self._page.first(self._rules.alt, node) or next(filter(None, alts), None)
            self.taken.add(node.mem_id)
            self._add(sizes, self._said_of(node), alt)

    def _said_of(self, node: LexborNode) -> Said:
        """Caption and credit of an element: its own text, text that follows, then attributes."""
        said = self._said(node) or self._said_after(node)
        if not self._rules.caption and not self._rules.credit:
            return said or self._said_in(node)
        hidden = self._said(node, attributes=True)
        caption, credit = said.caption or hidden.caption, said.credit or hidden.credit
        if caption is None:
            named = self._named_caption(node)  # a theme of the platform may have names of its own
            return self._tidy(named, credit) if named else Said(caption, credit)
        return Said(caption, credit)

    def _named_caption(self, node: LexborNode) -> str | None:
        """The text of an element that is called a caption."""
        for each in node.css("[class]"):
            names = attribute(each, "class") or ""
            if _CAPTION_NAME.search(names) and not CREDIT_NAME.search(names):
                return inline_text(each) or None
        return None

    def _sizes(self, selectors: tuple[Selector, ...], root: object) -> list[Rendition]:
        found = []
        for selector in selectors:
            for value in islice(self._page.values(selector, root), 20):
                one = rendition(self._site, value, self._base)
                if one:
                    found.append(one)
        return found

    def _sizes_of_images(self, node: LexborNode) -> list[Rendition]:
        return [size for img in node.css("img") for size in self._renditions(img)]

    def _renditions(self, img: LexborNode) -> list[Rendition]:
        sizes = [
            size
            for size in renditions(self._site, img, self._base)
            if not _STAND_IN.search(size.url)
        ]
        if sizes or not self._layout.found:
            return sizes
        found = (
            _IN_ATTRIBUTE.search((value or "")[:_MOST_ATTRIBUTE])
            for value in img.attributes.values()
        )
        lazy = [rendition(self._site, match[0], self._base) for match in found if match]
        return [size for size in lazy if size and not _STAND_IN.search(size.url)]

    def _said(self, root: object, *, attributes: bool = False) -> Said:
        rules = [
            tuple(
                each
                for each in rule
                if bool(each.css and each.attribute and not each.follow) == attributes
            )
            for rule in (self._rules.caption, self._rules.credit)
        ]
        caption, credit = (self._page.first(rule, root) for rule in rules)
        if caption and attributes and "<" in caption:
            return said_in_markup(caption, self._site)
        return self._tidy(caption, credit)

    def _tidy(self, caption: str | None, credit: str | None) -> Said:
        credit = tidy_credit(credit, self._site) if credit else None
        if caption and credit:
            caption = without_credit(caption, credit)
        elif caption:
            caption, credit = split_credit(caption, self._site)
        return Said(caption, credit)

    def _said_after(self, node: LexborNode) -> Said:
        """Caption and credit in the elements that follow, up to the next picture."""
        wanted = [*css_of(self._rules.caption), *css_of(self._rules.credit)]
        parent = node.parent
        if not wanted or parent is None:
            return Said()
        behind = islice(_following(node), _MAX_SIBLINGS)
        others = list(takewhile(lambda other: other.css_first("img") is None, behind))
        if not others:
            return Said()
        mine = {found.mem_id for found in parent.css(", ".join(wanted))}
        caption = credit = None
        captions = {n.mem_id for css in css_of(self._rules.caption) for n in parent.css(css)}
        for other in others:
            for part in (other, *other.css("*")):
                if part.mem_id not in mine or not inline_text(part):
                    continue
                if part.mem_id in captions:
                    caption = caption or inline_text(part)
                else:
                    credit = credit or inline_text(part)
                self.taken.add(other.mem_id)
        return self._tidy(caption, credit)

    def _read_image(self, img: LexborNode, root: LexborNode) -> None:
        if _is_ornament(img):
            return
        sizes = self._renditions(img)
        element = self._component(img, root)
        said = self._said_beside(img, element)
        self.taken.add(img.mem_id if element is None else element.mem_id)
        self._add(sizes, said, image_alt(img))

    def _said_in(self, node: LexborNode) -> Said:
        """What an element says by its lines; read once, though many pictures may stand in it."""
        if node.mem_id not in self._said_by_lines:
            self._said_by_lines[node.mem_id] = said_by_lines(node, self._site)
        return self._said_by_lines[node.mem_id]

    def _said_beside(self, img: LexborNode, element: LexborNode | None) -> Said:
        """What the element around an image says, or the one that follows it, or an attribute."""
        said = self._said_in(element) if element is not None else Said()
        if said:
            return said
        for other in islice(_following(element if element is not None else img), 2):
            if (
                _CAPTION_NAME.search(other.attributes.get("class") or "")
                or other.tag == "figcaption"
            ):
                self.taken.add(other.mem_id)
                said = self._said_in(other)
                if said:
                    return said
        for node in islice((img, *ancestors(img)), 3):
            value = attribute(node, "data-caption")
            if value:
                return said_in_markup(value, self._site)
        return said

    def _component(self, img: LexborNode, root: LexborNode) -> LexborNode | None:
        """The largest element around an image that is about nothing else."""
        best = None
        inside = islice(ancestors(img), _MAX_CLIMB)
        around = list(takewhile(lambda node: node.mem_id != root.mem_id, inside))
        for node in around:
            if node.tag == "figure":
                return node
        for node in around:
            tag = node.tag or ""
            if tag in _FRAME:
                break
            if tag in {"a", "picture"}:
                best = node
                continue
            if (
                len(_shown_images(node)) > 1
                or node.css_first("h1, h2, h3, ul, ol, table") is not None
            ):
                break
            said = text_without(node, None)
            if len(said) > _MAX_SAID:
                break
            if said and not _names_picture(node) and split_credit(said, self._site)[1] is None:
                break
            best = node
        return best

    def _add(self, sizes: list[Rendition], said: Said, alt: str | None) -> None:
        if not sizes or any(self._site.is_generic_image(size.url) for size in sizes):
            return
        stems = (size.stem for size in sizes)
        known = next((self._pictures[stem] for stem in stems if stem in self._pictures), None)
        picture = known or Picture(sizes[0].stem)
        self._pictures.setdefault(picture.stem, picture)
        picture.renditions.extend(sizes)
        picture.add(fold(alt) if alt else None, said.caption, said.credit)

    def _mark_lead(self) -> None:
        stated = self._page.metas.get("og:image", [])[:1]
        large = rendition(self._site, stated[0], self._base) if stated else None
        if large and large.stem in self._pictures:
            self._pictures[large.stem].role = "lead"


def _behind(root: LexborNode, stops: frozenset[int]) -> set[int]:
    """`mem_id` of the elements behind the one with which the release is over."""
    found: set[int] = set()
    is_over = False
    for node in root.traverse():
        is_over = is_over or node.mem_id in stops
        if is_over:
            found.add(node.mem_id)
    return found


def _names_picture(node: LexborNode) -> bool:
    values = node.attributes
    return bool(_PICTURE_NAME.search(f"{values.get('class') or ''} {values.get('itemprop') or ''}"))


def _shown_images(node: LexborNode) -> list[LexborNode]:
    """Images in an element, without those that repeat a lazy one for whoever runs no scripts."""
    found = node.css("img")
    if len(found) < 2 or node.css_first("noscript") is None:
        return found
    return [img for img in found if all(each.tag != "noscript" for each in ancestors(img))]


def _is_ornament(img: LexborNode) -> bool:
    sizes = [attribute(img, name) or "" for name in ("width", "height")]
    return any(size.isdigit() and int(size) < _LEAST_PIXELS for size in sizes)


def _following(node: LexborNode) -> Iterable[LexborNode]:
    other = node.next
    while other is not None:
        if not (other.tag or "-").startswith("-"):
            yield other
        other = other.next
