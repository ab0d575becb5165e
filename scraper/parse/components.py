"""Pictures and quotation blocks, recognised by shape and not by one guessed tag name.

A **picture** is an element around one image whose other text is caption and credit; where a page
shows a small and a full view, the credit stands twice. A **quotation block** is a portrait with a
name and an office, and then words that are neither caption nor credit. Both may be any custom
element, a `figure`, a `blockquote`, with any slot names, so what counts is the order of the lines
that the element shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.markup.tree import BLOCKS, SILENT, attribute, inline_text, is_large, slot
from scraper.parse.images import clean_credit
from scraper.records import Quote
from scraper.text import fold

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from scraper.sites import Layout, Site

_QUOTE_HINT = re.compile(r"quot|zitat|citation|testimonial|statement", re.I)
_NAME_HINT = re.compile(r"name|author|autor|speaker|person", re.I)
_ROLE_HINT = re.compile(r"role|function|funktion|position|job|title|amt", re.I)
_PARTICLES = frozenset(
    "von vom van der den de del di da do dos du la le el al zu zum zur und".split()
)
_NO_NAME = frozenset(
    "der die das den dem des ein eine einen einem einer dieser diese dieses diesem jeder jede wir"
    " ich er sie es ihr mein meine unser unsere in im am an auf bei mit nach zum zur vor für von"
    " und aber doch wenn weil als bild foto so hier jetzt heute morgen".split()
)
_TITLES = re.compile(
    r"^(?:(?:(?:Prof|Dr|Dipl|Ing|Mag|rer|nat|phil|jur|med|pol|habil|M\.A|B\.A|h\. ?c)\."
    r"(?:-?\w+\.)*|PD|MBA|Professorin|Professor|Doktor)\s+)+"
)
_NAME_WORD = re.compile(r"^[^\W\d_][\w'’.-]*$")
_MARKS = (("„", "“"), ("„", "”"), ("“", "”"), ("»", "«"), ("«", "»"), ('"', '"'), ("„", '"'))
_MAX_LINES = 12
_MOST_NODES = 2_000  # no quotation has as many


@dataclass(frozen=True, slots=True)
class Line:
    """One line that an element shows."""

    text: str
    is_credit: bool = False
    hint: str = ""
    """Slot and class of the element the line stands in."""


@dataclass(frozen=True, slots=True)
class QuoteBlock:
    """A quotation set apart."""

    quote: Quote
    credit: str | None


def lines(
    node: LexborNode, site: Site, layout: Layout, credits_: frozenset[int] = frozenset()
) -> list[Line]:
    """The lines an element shows, in order; credits are marked, equal lines kept.

    Args:
        node: the element.
        site: its credit labels.
        layout: its selector of credits.
        credits_: `mem_id` of further elements that are credits.
    """
    credit_ids = credits_ | {part.mem_id for part in node.css(layout.credit)}
    reader = _LineReader(site.credit_pattern, credit_ids, layout.inline_elements)
    reader.visit(node, "", 0)
    reader.flush("")
    return reader.lines


class _LineReader:
    """Collects lines. Not nested functions: they would keep each page in a reference cycle."""

    def __init__(
        self, credit_pattern: re.Pattern[str], credit_ids: frozenset[int], inline: frozenset[str]
    ) -> None:
        self.lines: list[Line] = []
        self._buffer: list[str] = []
        self._is_blank = True  # what is in the buffer
        self._credit_pattern = credit_pattern
        self._credit_ids = credit_ids
        self._inline = inline

    def flush(self, hint: str) -> None:
        text = fold("".join(self._buffer))
        self._buffer.clear()
        self._is_blank = True
        if text:
            self.lines.append(Line(text, bool(self._credit_pattern.match(text)), hint))

    def visit(self, parent: LexborNode, hint: str, depth: int) -> None:
        for child in parent.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text":
                text = child.text_content or ""
                self._buffer.append(text)
                self._is_blank = self._is_blank and not fold(text)
            elif tag.startswith("-") or tag in SILENT or depth > 50:
                continue
            elif tag == "br":
                self.flush(hint)
            elif child.mem_id in self._credit_ids:
                self.flush(hint)
                self.lines.append(Line(inline_text(child), is_credit=True))
            else:
                self._element(child, tag, hint, depth)

    def _element(self, node: LexborNode, tag: str, hint: str, depth: int) -> None:
        own = " ".join(filter(None, (slot(node), node.attributes.get("class"))))
        starts_line = _starts_line(node, tag, self._inline)
        opens = self._is_blank and tag in {"strong", "b"}
        if starts_line:
            self.flush(hint)
        self.visit(node, own or hint, depth + 1)
        # `<strong>Name</strong> Office`: a bold beginning is a line of its own.
        if starts_line or (opens and not self._is_label()):
            self.flush(own or hint)

    def _is_label(self) -> bool:
        return bool(self._credit_pattern.fullmatch(fold("".join(self._buffer)) + " "))


def _starts_line(node: LexborNode, tag: str, inline: frozenset[str]) -> bool:
    if tag in BLOCKS or tag in {"small", "cite"} or slot(node):
        return True
    return "-" in tag and tag not in inline


def has_quote_hint(node: LexborNode) -> bool:
    """Whether an element, or one inside it, calls itself a quotation."""
    if node.tag in {"blockquote", "q"} or _QUOTE_HINT.search(_names(node)):
        return True
    return any(
        child.tag == "blockquote" or _QUOTE_HINT.search(_names(child)) for child in node.css("*")
    )


def _names(node: LexborNode) -> str:
    values = node.attributes
    return " ".join((node.tag or "", values.get("slot") or "", values.get("class") or ""))


def quote_block(
    node: LexborNode, site: Site, layout: Layout, *, has_picture: bool
) -> QuoteBlock | None:
    """The quotation that an element sets apart, or None if it does not have that shape.

    Args:
        node: an element around at most one picture, without headings.
        site: its credit labels.
        layout: its selectors.
        has_picture: whether there is a portrait.
    """
    if is_large(node, _MOST_NODES):
        return None
    hint = has_quote_hint(node)
    if not hint and not has_picture:
        return None
    found = lines(node, site, layout)
    credit = next((clean_credit(line.text, site) for line in found if line.is_credit), None)
    shown = list({line.text: line for line in found if not line.is_credit}.values())
    if len(shown) > _MAX_LINES:
        return None
    name, role, rest, separate = _name_and_role(node, shown)
    words = strip_marks(" ".join(line.text for line in rest))
    if name is None or len(words.split()) < 3:
        return None
    if not hint and not (
        separate
        and shown[0] not in rest
        and name.split()[-1] not in words  # nobody speaks of himself by name
    ):
        return None
    return QuoteBlock(Quote(words, name, role, "block"), credit)


def _name_and_role(
    node: LexborNode, shown: list[Line]
) -> tuple[str | None, str | None, list[Line], bool]:
    """Name, office, remaining lines, and whether name and office are lines of their own."""
    name, role = _from_attributes(node)
    if name:
        return name, role, shown, True
    order = sorted(range(len(shown)), key=lambda i: not _NAME_HINT.search(shown[i].hint))
    for index in order:
        line = shown[index]
        whole = person_name(line.text)
        if whole:
            following = shown[index + 1] if index + 1 < len(shown) else None
            if following and _is_office(following):
                return whole, following.text, [*shown[:index], *shown[index + 2 :]], True
            return whole, None, [*shown[:index], *shown[index + 1 :]], False
        before, comma, after = line.text.partition(",")
        if comma and person_name(before) and _is_office(Line(fold(after))):
            return person_name(before), fold(after), [*shown[:index], *shown[index + 1 :]], False
    return None, None, shown, False


def _from_attributes(node: LexborNode) -> tuple[str | None, str | None]:
    name = role = None
    for key, value in node.attributes.items():
        if not value or key in {"class", "id", "slot", "style"}:
            continue
        if _ROLE_HINT.search(key) and key not in {"title"}:
            role = role or fold(value)
        elif _NAME_HINT.search(key):
            name = name or person_name(fold(value))
    return name, role if name else None


def person_name(text: str) -> str | None:
    """A person's name without titles, or None if a line is not one.

    A name has two to six words, each with a capital letter or a particle (`von`, `el`).
    """
    text = _TITLES.sub("", text)
    words = text.split()
    if not 2 <= len(words) <= 6 or len(text) > 60 or words[0].lower() in _NO_NAME:
        return None
    if words[-1].endswith(".") or words[-1] in _PARTICLES:
        return None
    for word in words:
        if word in _PARTICLES:
            continue
        if not _NAME_WORD.match(word) or word[0] == word[0].lower():
            return None
    return text


def _is_office(line: Line) -> bool:
    text = line.text
    if _ROLE_HINT.search(line.hint):
        return True
    short = 2 < len(text) <= 140 and text[-1] not in '.!?:…“"”«»'
    return short and text[0] not in '„“"»«' and text.split()[0].lower() not in _NO_NAME


def strip_marks(text: str) -> str:
    """Words without the quotation marks around all of them."""
    for opening, closing in _MARKS:
        if text.startswith(opening) and text.endswith(closing) and len(text) > 2:
            inner = text[len(opening) : -len(closing)]
            if opening not in inner and closing not in inner:
                return fold(inner)
    return text


def caption_and_credit(
    node: LexborNode, site: Site, layout: Layout
) -> tuple[str | None, str | None]:
    """What an element around a picture says about it."""
    found = lines(node, site, layout)
    credit = next((clean_credit(line.text, site) for line in found if line.is_credit), None)
    slots = (inline_text(part) for part in node.css(layout.caption))
    caption = next((text for text in slots if text and not site.credit_pattern.match(text)), None)
    if caption is None:
        caption = " ".join({line.text: None for line in found if not line.is_credit}) or None
    return caption, credit


def is_picture_element(node: LexborNode, layout: Layout) -> bool:
    """Whether an element that holds one image is about nothing but that image.

    A `figure` always is; a web component is unless it also holds a text slot.
    """
    tag = node.tag or ""
    if tag in {"figure", "picture"}:
        return True
    return (
        "-" in tag
        and tag not in layout.inline_elements
        and node.css_first("[slot=content]") is None
    )


def image_nodes(root: LexborNode, layout: Layout, foreign: frozenset[int]) -> list[LexborNode]:
    """Images of the release itself, without those of teasers.

    Args:
        root: the release's element.
        layout: names of elements that are not the release's.
        foreign: `mem_id` of further such elements.
    """
    return [img for img in root.css("img") if not _is_foreign(img, layout, foreign)]


def _is_foreign(img: LexborNode, layout: Layout, foreign: frozenset[int]) -> bool:
    node: LexborNode | None = img
    while node is not None:
        tag = node.tag or ""
        if tag in layout.foreign_elements or tag in SILENT or tag == "nav":
            return True
        if node.mem_id in foreign:
            return True
        node = node.parent
    return False


def image_alt(img: LexborNode) -> str | None:
    """The text alternative, folded."""
    value = attribute(img, "alt")
    return (fold(value) or None) if value else None
