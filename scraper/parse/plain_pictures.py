"""Pictures in markup without names: an image, and the lines beside it that end in a credit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.markup.tree import SILENT, attribute, inline_text, short_text
from scraper.parse.components import Line, lines
from scraper.parse.images import clean_credit
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Container

    from selectolax.lexbor import LexborNode

    from scraper.sites import Layout, Site

_PICTURE_NAME = re.compile(r"bild|image|foto|photo|pic|caption|figure|abb", re.I)
_MAX_LINES = 4
_MAX_CHARS = 500
_MAX_CAPTION_CHARS = 300
_LEAST_PIXELS = 50
_MAX_CLIMB = 8


@dataclass(frozen=True, slots=True)
class View:
    """One image with what is said about it."""

    caption: str | None
    credit: str | None
    taken: frozenset[int]
    """`mem_id` of the nodes that belong to it."""


def is_ornament(img: LexborNode) -> bool:
    """Whether an image is an icon or a spacer: it says that it is only some pixels large."""
    sizes = [attribute(img, name) or "" for name in ("width", "height")]
    return any(size.isdigit() and int(size) < _LEAST_PIXELS for size in sizes)


def read_view(
    img: LexborNode, root: LexborNode, crowded: Container[int], site: Site, layout: Layout
) -> View:
    """Caption and credit of an image.

    They stand in the largest element around it that holds nothing else, or else in the one or two
    lines that follow, of which the last is a credit.

    Args:
        img: the image.
        root: the release.
        crowded: `mem_id` of elements with more than one image.
        site: its credit labels.
        layout: its selector of credits.
    """
    element = img
    found: list[Line] = []
    for parent in _around(img, root, crowded):
        if short_text(parent, 2 * _MAX_CHARS) is None:
            break
        shown = lines(parent, site, layout, _credits(parent, site))
        if shown and not _is_about_picture(parent, shown, site):
            break
        element, found = parent, shown
    taken = {element.mem_id}
    if not found:
        found, following = _lines_after(element, site)
        taken |= following
    caption, credit = _split(found, site)
    return View(caption, credit, frozenset(taken))


def _around(img: LexborNode, root: LexborNode, crowded: Container[int]) -> list[LexborNode]:
    """The elements around an image that hold no other one and no heading."""
    found: list[LexborNode] = []
    node = img.parent
    while node is not None and node.mem_id != root.mem_id and len(found) < _MAX_CLIMB:
        if node.mem_id in crowded or node.css_first("h1, h2, h3, h4") is not None:
            break
        found.append(node)
        node = node.parent
    return found


def _is_about_picture(node: LexborNode, shown: list[Line], site: Site) -> bool:
    if len(shown) > _MAX_LINES or sum(len(line.text) for line in shown) > _MAX_CHARS:
        return False
    named = node.tag == "figure" or _PICTURE_NAME.search(node.attributes.get("class") or "")
    return bool(named) or _credit_at(shown[-1].text, site) is not None


def _credits(node: LexborNode, site: Site) -> frozenset[int]:
    """Elements within a line that begin with the label of a credit."""
    return frozenset(
        part.mem_id
        for part in node.css("span, small, em, i, cite, b, strong, font")
        if site.credit_pattern.match(inline_text(part))
    )


def _credit_at(text: str, site: Site) -> int | None:
    """Where in a line a credit begins; inside a line only a label that says so at length counts."""
    if site.credit_pattern.match(text):
        return 0
    for match in site.credit_pattern.finditer(text):
        if "(" in match[0]:
            return match.start()
    return None


def _lines_after(element: LexborNode, site: Site) -> tuple[list[Line], set[int]]:
    """The caption and the credit that follow an image; nothing unless a credit is there."""
    found: list[Line] = []
    taken: set[int] = set()
    node = element.next
    while node is not None and len(found) < 2:
        tag = node.tag or ""
        is_text = tag == "-text"
        text = fold(node.text_content or "") if is_text else inline_text(node)
        if tag in {"h1", "h2", "h3", "h4", "ul", "ol", "table", "img"} or tag in SILENT:
            break
        if not is_text and not tag.startswith("-") and node.css_first("img") is not None:
            break
        if text:
            if len(text) > _MAX_CAPTION_CHARS:
                break
            found.append(Line(text))
            taken.add(node.mem_id)
            if _credit_at(text, site) is not None:
                return found, taken
        node = node.next
    return [], set()


def _split(found: list[Line], site: Site) -> tuple[str | None, str | None]:
    captions: dict[str, None] = {}
    credit = None
    for line in found:
        at = _credit_at(line.text, site)
        if at is None:
            captions[line.text] = None
            continue
        credit = credit or clean_credit(line.text[at:], site)
        if at:
            captions[line.text[:at].strip()] = None
    return " ".join(captions) or None, credit
