"""Pictures: many renditions, views and captions on the page, one record in the archive."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.markup.tree import attribute
from scraper.records import Image
from scraper.text import fold, fold_or_none

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from scraper.records import ImageRole
    from scraper.sites import Site

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
        largest = max(self.renditions, key=lambda r: (r.width or 0) * (r.height or 0))
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


def rendition(site: Site, url: str, base: str, node: LexborNode | None = None) -> Rendition | None:
    """A rendition from its address; None if there is no picture behind it.

    Args:
        site: its rule for telling sizes.
        url: address as written.
        base: address of the page.
        node: the `img`, whose `width` and `height` count if the address is silent.
    """
    found = site.canonical(url, base)
    if found is None:
        return None
    match = site.rendition_pattern.search(found)
    if match:
        stem = found[: match.start()] + found[match.end() :]
        return Rendition(found, stem, int(match["width"]), int(match["height"]))
    return Rendition(found, found, _pixels(node, "width"), _pixels(node, "height"))


def renditions(site: Site, img: LexborNode, base: str) -> list[Rendition]:
    """All renditions an `img` and the `source`s beside it name; lazy ones too."""
    found: dict[str, Rendition] = {}
    for node in _sources(img):
        own = node if node.tag == "img" else None
        for name in ("src", "data-src"):
            value = attribute(node, name)
            one = rendition(site, value, base, own) if value else None
            if one:
                found.setdefault(one.url, one)
        for name in ("srcset", "data-srcset"):
            for entry in (attribute(node, name) or "").split(","):
                address = entry.strip().split(" ")[0]
                one = rendition(site, address, base) if address else None
                if one:
                    found.setdefault(one.url, one)
    return list(found.values())


def _sources(img: LexborNode) -> list[LexborNode]:
    parent = img.parent
    if parent is not None and parent.tag == "picture":
        return [img, *(child for child in parent.iter() if child.tag == "source")]
    return [img]


def _pixels(node: LexborNode | None, name: str) -> int | None:
    value = attribute(node, name) or ""
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
