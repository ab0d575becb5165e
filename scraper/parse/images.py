"""Pictures: many renditions, views and captions on the page, one record in the archive."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.markup.srcset import parse_srcset
from scraper.records import Image
from scraper.text import fold, fold_or_none

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from scraper.records import ImageRole
    from scraper.sites import Site

_ADDRESSES = ("src", "data-src", "data-lazy-src", "data-original")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
# A slash between two names, but not the ones of an address.
_CREDIT_SLASH = re.compile(r"\s*(?<![:/])/(?!/)\s*")


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size of a picture."""

    url: str
    stem: str
    """The address without what tells the size: the same for all renditions."""
    width: int | None
    height: int | None
    density: float = 1.0
    """Pixels for one of the page, where that is all one knows of the size."""

    @property
    def size(self) -> tuple[float, float]:
        """What the largest has most of; where the height is not known, a picture is a square."""
        return (self.width or 0) * (self.height or self.width or 0), self.density


@dataclass
class Picture:
    """What is known about one picture while the page is read."""

    stem: str
    renditions: list[Rendition] = field(default_factory=list)
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None
    role: ImageRole = "body"

    def add(self, alt: str | None, caption: str | None, credit: str | None) -> None:
        """Fill in what another view of the picture says; the first word stands."""
        self.alt = self.alt or alt
        self.caption = self.caption or caption
        self.credit = self.credit or credit

    def record(self) -> Image:
        """The picture in its largest rendition."""
        largest = max(self.renditions, key=lambda rendition: rendition.size)
        return Image(
            src=largest.url,
            alt=self.alt,
            caption=self.caption,
            credit=self.credit,
            credit_parts=credit_parts(self.credit),
            role=self.role,
            width=largest.width,
            height=largest.height,
        )


def rendition(
    site: Site,
    url: str,
    base: str,
    width: int | None = None,
    height: int | None = None,
    density: float = 1.0,
) -> Rendition | None:
    """A rendition from its address; None if there is no picture behind it.

    Args:
        site: its rule for telling sizes.
        url: address as written.
        base: address of the page.
        width: pixels that count if the address is silent.
        height: the same.
        density: pixels for one of the page.
    """
    if not url or url.startswith("#"):  # that would be the page itself
        return None
    found = site.canonical(url, base)
    if found is None:
        return None
    match = site.rendition_pattern.search(found)
    if match:
        stem = found[: match.start()] + found[match.end() :]
        return Rendition(found, stem, int(match["width"]), int(match["height"]))
    return Rendition(found, found, width, height, density)


def renditions(site: Site, img: LexborNode, base: str) -> list[Rendition]:
    """All renditions an `img` and the `source`s beside it name; lazy ones too."""
    found: dict[str, Rendition] = {}
    for node in _sources(img):
        stated = {name: value.strip() for name, value in node.attributes.items() if value}
        width, height = _pixels(stated, "width"), _pixels(stated, "height")
        named = [
            rendition(site, stated[name], base, width, height)
            for name in _ADDRESSES
            if name in stated and node.tag == "img"
        ]
        for name in _SETS:
            for one in parse_srcset(stated[name]) if name in stated else ():
                size = (one.width, None) if one.width else _times(one.density, width, height)
                named.append(rendition(site, one.url, base, *size, one.density))
        for each in named:
            if each and each.size > (found[each.url].size if each.url in found else (0, 0)):
                found[each.url] = each  # of what is said of one address, the most
    return list(found.values())


def _times(density: float, *pixels: int | None) -> tuple[int | None, int | None]:
    """Width and height on the page as those of a picture of that density."""
    width, height = (round(size * density) if size else size for size in pixels)
    return width, height


def _sources(img: LexborNode) -> list[LexborNode]:
    """The `img`, the `source`s beside it, and what `noscript` behind it shows to those without."""
    nodes = [img]
    around = img
    if img.parent is not None and img.parent.tag == "picture":
        around = img.parent
        nodes += [child for child in around.iter() if child.tag == "source"]
    after = around.next
    while after is not None and after.tag == "-text" and not (after.text_content or "").strip():
        after = after.next
    if after is not None and after.tag == "noscript":
        others = after.css("img")
        nodes += others if len(others) == 1 else []
    return nodes


def _pixels(stated: dict[str, str], name: str) -> int | None:
    value = stated.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 6 else None


def clean_credit(text: str, site: Site) -> str | None:
    """A credit without its label, white space around slashes made even."""
    text = fold(text)
    label = site.credit_pattern.match(text)
    if label:
        text = text[label.end() :]
    return fold_or_none(_CREDIT_SLASH.sub(" / ", text).strip(" /"))


def credit_parts(credit: str | None) -> tuple[str, ...]:
    """A credit split at its slashes."""
    return tuple(part for part in _CREDIT_SLASH.split(credit) if part) if credit else ()
