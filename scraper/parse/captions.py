"""What is said beside a picture: a caption and a credit, told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from scraper.markup.tree import BLOCKS, SILENT, inline_text
from scraper.text import fold

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from scraper.sites import Site

_LABEL = re.compile(
    r"(?:(?<=[\s.|(\[–—/,;])|^)"
    r"(?:(?:Archiv|Symbol|Titel|Luft|Beispiel)?(?:Fotos?|Bild(?:er|quelle|nachweis|rechte)?)"
    r"|Fotograf(?:in|ie)?|Grafik|Quelle|Credits?|Copyright|Illustration|Visualisierung|Montage"
    r"|Screenshot|Rechte|Urheber)"
    r"\s?(?:\([^()]{0,60}\)\s?)?(?::|©)\s*|©\s*|\(c\)\s*",
    re.I,
)
CREDIT_NAME = re.compile(
    r"copy(?:right)?|credit|licen[sc]e|lizenz|quelle|source|rechte|urheber|fotograf|photographer"
    r"|author|agency|byline",
    re.I,
)
"""Found in the class of an element that says who made a picture."""
_CONTROL = re.compile(
    r"zoom|vergr|lightbox|fullscreen|icon|button|expand|toggle|sr-only|visually-?hidden|aural", re.I
)
_SMALL = frozenset({"small", "cite"})  # beside a caption, they hold the credit
_MAX_CREDIT = 160
_MOST_MARKUP = 5_000
_NAMING = ("class", "itemprop", "id")
_MOST_NAMES = 400  # characters of each


@dataclass(frozen=True, slots=True)
class Said:
    """Caption and credit; False if there is neither."""

    caption: str | None = None
    credit: str | None = None

    def __bool__(self) -> bool:
        return bool(self.caption or self.credit)


def said_by_lines(node: LexborNode, site: Site) -> Said:
    """Caption and credit of an element that is about one picture.

    An element whose class speaks of rights, or a line with a label such as `Foto:`, is the credit;
    the rest is the caption.
    """
    captions: dict[str, None] = {}
    credit = None
    shown = _lines(node)
    is_alone = len(shown) == 1
    for text, names in shown:
        if CREDIT_NAME.search(names) or (names in _SMALL and not is_alone):
            credit = credit or tidy_credit(text, site)
            continue
        caption, found = split_credit(text, site)
        credit = credit or found
        if caption:
            captions[caption] = None
    caption = " ".join(captions) or None
    if caption and credit:
        caption = without_credit(caption, credit)
    return Said(caption, credit)


def said_in_markup(html: str, site: Site) -> Said:
    """The same for markup that stands in an attribute, for a large view of the picture."""
    body = LexborHTMLParser(html[:_MOST_MARKUP]).body
    return said_by_lines(body, site) if body is not None else Said()


def split_credit(text: str, site: Site) -> tuple[str | None, str | None]:
    """A line as caption and credit: `Am Hof. Foto: Jo Doe`, `Am Hof (Foto: Jo Doe)`, `© Jo Doe`."""
    last = None
    for match in _LABEL.finditer(text):
        if len(text) - match.end() <= _MAX_CREDIT:
            last = match
            break
    if last is None:
        if site.credit_pattern.match(text) and len(text) <= _MAX_CREDIT:
            return None, tidy_credit(text, site)
        return fold(text) or None, None
    caption = text[: last.start()].rstrip(" (|[–—/-,;")
    if caption.endswith("..") and not caption.endswith("..."):
        caption = caption[:-1]  # the template's own full stop after that of the caption
    credit = tidy_credit(text[last.end() :], site)
    return fold(caption) or None, credit


def tidy_credit(text: str, site: Site) -> str | None:
    """A credit without labels, signs and brackets around it."""
    text = fold(text).strip(" |()[]")
    for _again in range(2):
        match = _LABEL.match(text)
        if match:
            text = text[match.end() :].strip(" |()[]")
    match = site.credit_pattern.match(text)
    return (text[match.end() :] if match else text).strip(" /") or None


def without_credit(caption: str, credit: str) -> str | None:
    """A caption less the credit that is repeated at its end: `Am Hof. / Jo Doe`."""
    if caption.endswith(credit):
        caption = caption[: -len(credit)]
        labels = list(_LABEL.finditer(caption))
        if labels and not caption[labels[-1].end() :].strip():
            caption = caption[: labels[-1].start()]
        caption = caption.rstrip(" /|–—-,;(©")
    return caption or None


def _lines(node: LexborNode) -> list[tuple[str, str]]:
    """Texts that an element shows, each with the names of the elements around it."""
    reader = _Lines()
    reader.visit(node, "", 0)
    reader.flush("")
    return reader.found


class _Lines:
    """Collects lines. Not nested functions: they would keep each page in a reference cycle."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self._buffer: list[str] = []

    def flush(self, names: str) -> None:
        text = fold("".join(self._buffer))
        self._buffer.clear()
        if text and len(text) > 1:
            self.found.append((text, names))

    def visit(self, parent: LexborNode, names: str, depth: int) -> None:
        for child in parent.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text":
                self._buffer.append(child.text_content or "")
            elif tag.startswith("-") or tag in SILENT or tag in {"button", "summary"} or depth > 40:
                continue
            else:
                self._element(child, tag, names, depth)

    def _element(self, node: LexborNode, tag: str, names: str, depth: int) -> None:
        values = node.attributes
        own = " ".join((values.get(name) or "")[:_MOST_NAMES] for name in _NAMING)
        is_credit = bool(CREDIT_NAME.search(own)) or tag in _SMALL
        own = tag if tag in _SMALL and not CREDIT_NAME.search(own) else own
        if _CONTROL.search(own) and not is_credit and len(inline_text(node)) < 60:
            return
        parts = tag in BLOCKS or tag == "br" or is_credit
        if parts:
            self.flush(names)
        self.visit(node, own if is_credit else names, depth + 1)
        if parts:
            self.flush(own if is_credit else names)
