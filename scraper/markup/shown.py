"""A page as its visitors see it: what is hidden, struck out or a mere fallback is taken out.

The facts are those of HTML and of CSS written at the element; style sheets are not read. A class is
believed only if it is a common name for text that screen readers alone read out.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from scraper.markup.tree import Around, ancestors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    Attributes = dict[str, str | None]

# Each of them is compared with each element, so there are as few as will do.
_CANDIDATES = (
    "[hidden], [popover], [style], [aria-hidden], dialog, del, s, strike, q, video, audio, object,"
    " iframe, canvas, noscript, img, [class*='hid' i], [class*='sr' i], [class*='screen' i],"
    " [class*='invisible' i], [class*='assistive' i], [class*='through' i], [role=deletion i]"
)
_UNSEEN_NAME = re.compile(
    # The prefix of a library (`u-`, `govuk-`), the name, the part of a component (`__text`).
    r"(?!(?:no|not|non|un|undo)[-_])(?:[a-z0-9]{1,10}[-_]){0,2}(?:visually[-_]?hid(?:den|e)"
    r"|(?:hide|hidden)[-_]?visually|sr[-_]?(?:only|text)|screen[-_]?reader(?:s|[-_]?(?:text|only))?"
    r"|show[-_]for[-_]sr|element[-_]invisible|a11y[-_]hidden|helper[-_]hidden[-_]accessible"
    r"|assistive[-_]text)(?:[-_]focusable|__[a-z]{1,20})?"
)
_TELLING = frozenset("hidden popover style class aria-hidden role".split())
"""Attributes that may say that an element is not shown, or struck out."""
_STRUCK_NAMES = frozenset("line-through text-decoration-line-through strikethrough".split())
_STRUCK = frozenset({"del", "s", "strike"})
_FALLBACK = frozenset({"video", "audio", "object", "iframe", "canvas"})
"""Elements whose content browsers show only if they cannot show the element."""
_PARTS = frozenset({"source", "track", "param"})
_COMMENT = re.compile(r"/\*(?:[^*]++|\*(?!/))*+(?:\*/)?")
_FAR_OFF = re.compile(r"-\d{3,}(?:\.\d*)?(?:px|em|rem|vw|vh)?")
_CLIPPED = re.compile(r"rect\([01]px|rect\(0|inset\((?:50|100)%")
_ICON_FONT = re.compile(r"(?:^|\s)material-(?:icons|symbols)", re.I)
_EMOJI_NAME = re.compile(r"emoji|smiley|emoticon", re.I)
_MAX_EMOJI_CHARS = 30
_MAX_INSIDE = 200
_MAX_CLIMB = 30
_MAX_WRAPPERS = 3
_WRAPPERS = frozenset("span a b strong i em picture font".split())
"""Elements that may stand in a line, around a picture that does."""
_MARKS = {"de": "„“‚‘", "en": "“”‘’", "fr": "«»‹›", "it": "«»‹›", "es": "«»“”", "nl": "“”‘’"}
_ANY_MARK = frozenset("„“”‚‘’«»‹›\"'")


def as_shown(tree: LexborHTMLParser, machine_read: str) -> None:
    """Change a tree to what a visitor sees; what stands in pictures' place becomes text.

    Args:
        tree: the page.
        machine_read: selector of elements that stay though they may be hidden, for what they say
            is read from their attributes, or they show something else than the release.
    """
    body = tree.body
    if body is None:
        return
    kept = body.css(machine_read)
    cleaner = _Cleaner(kept)
    nodes = body.css(_CANDIDATES)
    styled = ((node, node.attrs.get("style")) for node in nodes)
    cleaner.note_visible([n for n, css in styled if _style(css).get("visibility") == "visible"])
    # From the end, for what lies inside an element comes behind it and must go first.
    for node in reversed(nodes):
        cleaner.clean(node)


def _around(nodes: Iterable[LexborNode]) -> set[int]:
    """`mem_id` of the elements themselves and of all around them, each looked at once."""
    found: set[int] = set()
    for node in nodes:
        found.add(node.mem_id)
        for parent in ancestors(node):
            if parent.mem_id in found:
                break
            found.add(parent.mem_id)
    return found


class _Cleaner:
    """Cleans one element after the other.

    Args:
        kept: elements that stay as they are, with all inside them.
    """

    def __init__(self, kept: list[LexborNode]) -> None:
        own = {node.mem_id for node in kept}
        self._is_kept = Around(lambda node: node.mem_id in own)
        self._around_kept = _around(kept)
        self._whole = set(own)
        self._around_visible: set[int] = set()

    def note_visible(self, nodes: list[LexborNode]) -> None:
        """State which elements are visible though what is around them may not be."""
        self._around_visible = _around(nodes)
        self._whole |= {node.mem_id for node in nodes}

    def clean(self, node: LexborNode) -> None:
        """Take an element out, or change it, if it is not shown as it stands."""
        if self._is_kept(node):
            return
        tag, values = node.tag or "", node.attributes
        if tag in _STRUCK:
            self._remove(node, self._around_kept)
            return
        style = _style(values.get("style"))
        tells = tag == "dialog" or not _TELLING.isdisjoint(values)
        if tells and (_is_hidden(node, values, style) or _is_struck(values, style)):
            self._remove(node, self._around_kept)
        elif style.get("visibility") in {"hidden", "collapse"}:
            self._remove(node, self._around_kept | self._around_visible)
        elif tag in _FALLBACK and (tag != "object" or "data" in values):
            for child in list(node.iter(include_text=True)):
                if child.tag not in _PARTS:
                    child.decompose()
        elif tag == "noscript" and not any(each.tag == "img" for each in _inside(node)):
            node.decompose()
        elif tag == "q":
            _add_marks(node)
        elif tag == "img" and ("alt" in values or "class" in values):
            _write_out_emoji(node, values)

    def _remove(self, node: LexborNode, spared: set[int]) -> None:
        """Remove an element; of one around something spared, everything else."""
        if node.mem_id not in spared:
            node.decompose()
            return
        waiting = [node]
        while waiting:
            parent = waiting.pop()
            self._whole.add(parent.mem_id)  # what is left of it need not be looked at again
            for child in list(parent.iter(include_text=True)):
                if child.mem_id not in spared:
                    child.decompose()
                elif child.mem_id not in self._whole:
                    waiting.append(child)


def _style(value: str | None) -> dict[str, str]:
    """The declarations of a `style` attribute, names and values in lower case; the last counts."""
    if not value:
        return {}
    found: dict[str, str] = {}
    urgent: dict[str, str] = {}
    for declaration in _COMMENT.sub("", value.lower()).split(";"):
        name, _colon, words = declaration.partition(":")
        plain, mark, _rest = words.partition("!")
        (urgent if mark else found)[name.strip()] = plain.strip()
    return found | urgent


def _is_hidden(node: LexborNode, values: Attributes, style: dict[str, str]) -> bool:
    if "hidden" in values and (values["hidden"] or "").strip().lower() != "until-found":
        return True  # "until-found" is what a reader may fold out, as `details`
    if "popover" in values or (node.tag == "dialog" and "open" not in values):
        return True
    if style.get("display") == "none" or style.get("content-visibility") == "hidden":
        return True
    if _is_out_of_sight(style):
        return True
    names = (values.get("class") or "").lower().split()
    if any(map(_UNSEEN_NAME.fullmatch, names)) and node.tag != "h1":
        return True  # of a headline, the words may be in the picture above
    return (values.get("aria-hidden") or "").strip().lower() == "true" and _is_ornament(node)


def _is_out_of_sight(style: dict[str, str]) -> bool:
    """Whether an element is put where nobody looks, as style sheets do for screen readers."""
    if _CLIPPED.match(style.get("clip-path", "").replace(" ", "")):
        return True
    if style.get("position") not in {"absolute", "fixed"}:
        return False
    if all(style.get(side) in {"0", "0px", "1px"} for side in ("width", "height")):
        return style.get("overflow") in {"hidden", "clip"}
    far = any(_FAR_OFF.fullmatch(style.get(side, "")) for side in ("left", "top"))
    return far or _CLIPPED.match(style.get("clip", "").replace(" ", "")) is not None


def _is_struck(values: Attributes, style: dict[str, str]) -> bool:
    classes = (values.get("class") or "").lower().split()
    if not _STRUCK_NAMES.isdisjoint(classes) or values.get("role") == "deletion":
        return True
    names = ("text-decoration", "text-decoration-line")
    return any("line-through" in style.get(name, "") for name in names)


def _is_ornament(node: LexborNode) -> bool:
    """Whether an element hidden from screen readers alone says nothing to anybody."""
    values = node.attributes
    if values.get("role") == "tooltip" or _ICON_FONT.search(values.get("class") or ""):
        return True
    inside = list(_inside(node))
    if node.tag == "img" or len(inside) == _MAX_INSIDE or any(n.tag == "img" for n in inside):
        return False
    return not any(char.isalnum() for n in inside for char in n.text_content or "")


def _inside(node: LexborNode) -> Iterator[LexborNode]:
    """The first elements and texts inside an element; of very many, not all."""
    return islice(node.traverse(include_text=True), _MAX_INSIDE)


def _add_marks(node: LexborNode) -> None:
    """Write out the quotation marks that browsers put around `q`, unless they stand there."""
    first, last = _edge(node, at_end=False), _edge(node, at_end=True)
    before, after = _beside(node, before=True)[-1:], _beside(node, before=False)[:1]
    if not first or (first in _ANY_MARK and last in _ANY_MARK):
        return
    if before in _ANY_MARK and after in _ANY_MARK:
        return
    around = [node, *islice(ancestors(node), _MAX_CLIMB)]
    language = next((lang for each in around if (lang := each.attributes.get("lang"))), "de")
    marks = _MARKS.get(language[:2].lower(), _MARKS["de"])
    is_inner = sum(each.tag == "q" for each in around) % 2 == 0
    at = 2 if is_inner else 0
    node.insert_before(marks[at])
    node.insert_after(marks[at + 1])


def _edge(node: LexborNode, *, at_end: bool) -> str:
    """The first or last character inside an element that is no white space."""
    for _ in range(_MAX_INSIDE):
        child = node.last_child if at_end else node.first_child
        while child is not None and child.tag == "-text" and not (child.text_content or "").strip():
            child = child.prev if at_end else child.next
        if child is None:
            return ""
        if child.tag == "-text":
            text = (child.text_content or "").strip()
            return text[-1] if at_end else text[0]
        node = child
    return ""


def _beside(node: LexborNode, *, before: bool) -> str:
    other = node.prev if before else node.next
    return (other.text_content or "") if other is not None and other.tag == "-text" else ""


def _write_out_emoji(img: LexborNode, values: Attributes) -> None:
    """An emoji shown as a picture belongs to the sentence it stands in."""
    alt = (values.get("alt") or "").strip()
    if len(alt) > _MAX_EMOJI_CHARS:
        return
    named = _EMOJI_NAME.search(f"{values.get('class') or ''} {values.get('src') or ''}")
    if named or (_is_emoji(alt) and _is_in_a_line(img)):
        img.replace_with(alt)


def _is_in_a_line(img: LexborNode) -> bool:
    """Whether a picture stands beside words, and not in a block of its own."""
    for node in (img, *islice(ancestors(img), _MAX_WRAPPERS)):
        if (_beside(node, before=True) + _beside(node, before=False)).strip():
            return True
        if node is not img and node.tag not in _WRAPPERS:
            break
    return False


def _is_emoji(text: str) -> bool:
    """Whether a text is nothing but emoji, such as "🎉" or "👩‍🚒"."""
    symbols = sum(char > "\u203b" and unicodedata.category(char) in {"So", "Cn"} for char in text)
    others = (unicodedata.category(char) in {"So", "Cn", "Sk", "Mn", "Cf"} for char in text)
    return symbols > 0 and all(others)
