"""HTML trees: made from a capture, and read without surprises.

The tree is lexbor's, through selectolax: it repairs malformed markup as browsers do.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from scraper.errors import ParseError
from scraper.markup.charset import decode_html, is_utf8
from scraper.markup.cost import FLAT, excess, is_plain, is_shallow
from scraper.markup.wayback import as_captured
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from scraper.records import Capture

SILENT = frozenset(
    "script style template noscript svg head title datalist iframe noembed noframes video audio"
    " canvas".split()
)
"""Elements whose text nobody reads; what stands inside a player is for browsers without it."""

_OTHER_KIND = re.compile(
    r"\s*(?:(?:image|audio|video|font)/[\w.+-]{1,60}|application/(?:pdf|zip|gzip|msword|rtf|json"
    r"|vnd\.[\w.+-]{1,60}))",
    re.I,
)

# Start tags of scripts and style sheets, but not of data, which are scripts to HTML as well.
_UNREAD = re.compile(rb"<s(cript|tyle)(?=[ \t\n\r\f>])(?![^<>]*(?:(?i:json)|/>))[^<>]{0,500}>")
_UNREAD_END = re.compile(rb"</s(cript|tyle)[\s/>]")
# Elements in which a tag is text, or ends elsewhere.
_RAW = re.compile(
    rb"<(?=[tTxXpPiIfFnNmM])"  # found three times as fast with it
    rb"(?:textarea|title>[^<]*+<(?!/title)|xmp|plaintext|i?frame|noembed|noframes|math)",
    re.I,
)
_COMMENT_ENDS = (b"--", b"--!", b"]]")  # and a bracket
_DEEP = " > ".join("*" * (FLAT + 1))
_SPACES = 2_000  # characters of white space that a short text may have between its lines
_LONG = 2_000  # bytes; to leave out shorter texts saves nothing


def parse_html(capture: Capture, *, whole: bool = False) -> LexborHTMLParser:
    """The tree of a captured page; of one that a web archive showed, as it was before.

    Args:
        capture: the page.
        whole: keep long scripts and style sheets; else they may be empty. Only block pages are
            known by theirs.

    Raises:
        ParseError: it is a picture, a PDF or the like, it is empty, or it is so involved that only
            an attacker can have made it.
    """
    if not capture.body or capture.body.isspace():
        raise ParseError(capture.url, "the page is empty")
    body = as_captured(capture.body)
    content_type = capture.header("content-type")
    kind = _OTHER_KIND.match(content_type or "")
    if kind:
        raise ParseError(capture.url, f"it is a file of type {kind[0].lower()}, not a web page")
    slim = body if whole else _without_long_scripts(body)
    if is_plain(slim) and is_utf8(slim, content_type):
        tree = _parsed(slim)
        if is_shallow(slim) or tree.css_first(_DEEP) is None:
            return tree
    if not is_utf8(body, content_type):
        body = decode_html(body, content_type)[0].encode("utf-8", "replace")
    reason = excess(body)
    if reason:
        raise ParseError(capture.url, reason)
    return _parsed(body)


def _parsed(body: bytes) -> LexborHTMLParser:
    try:
        return LexborHTMLParser(body)
    except SelectolaxError as error:  # it repairs anything, and gives up only for want of memory
        raise MemoryError from error


def _without_long_scripts(body: bytes) -> bytes:
    """A page with its long scripts and style sheets empty, as far as there is no doubt about them.

    Most of a page may be one script (375 KB measured, 2026). To parse it takes three times as long
    as the rest, and nobody reads it.
    """
    kept, start, position = [], 0, 0
    while tag := _UNREAD.search(body, position):
        text = tag.end()
        end = position = body.find(b"<", text)
        if end < 0:
            break
        if end - text > _LONG and _is_unread(body, tag, end):
            kept.append(body[start:text])
            start = end
    if not kept:
        return body
    slim = b"".join([*kept, body[start:]])
    return body if _RAW.search(slim) else slim


def _is_unread(body: bytes, tag: re.Match[bytes], end: int) -> bool:
    """Whether it stands behind a tag, ends with its own, and cannot end a comment around it."""
    behind_tag = body[max(0, tag.start() - 80) : tag.start()].rstrip().endswith(b">")
    close = _UNREAD_END.match(body, end)
    if not behind_tag or close is None or close[1] != tag[1]:
        return False
    if body.find(b">", tag.end(), end) < 0:
        return True
    # Rules for what stands inside something else have brackets: `nav > a`.
    parts = body[tag.end() : end].split(b">")
    return tag[1] == b"tyle" and not any(part.endswith(_COMMENT_ENDS) for part in parts)


def attribute(node: LexborNode | None, name: str) -> str | None:
    """An attribute's value, or None when missing or blank."""
    if node is None or not node.is_element_node:
        return None
    value = node.attrs.get(name)  # `attributes` would make a dictionary of all of them
    return value.strip() or None if value else None


def script_text(node: LexborNode) -> str:
    """The text of a script, without that of scripts in it, as a drawing (SVG) may hold."""
    return node.text(deep=False)


def slot(node: LexborNode) -> str | None:
    """The named slot of a web component that an element fills."""
    return node.attrs.get("slot") if node.is_element_node else None


def inline_text(node: LexborNode, skip: Container[str] = ()) -> str:
    """Folded text of an element: a line break is a space, invisible elements are silent.

    Args:
        node: the element.
        skip: names of further elements to pass over.
    """
    only = node.first_child
    if only is not None and only.tag == "-text" and only.next is None:
        return fold(only.text_content or "")
    return fold("".join(_pieces(node, skip, 0)))


def _pieces(node: LexborNode, skip: Container[str], depth: int) -> Iterator[str]:
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            yield child.text_content or ""
        elif tag == "br":
            yield " "
        elif tag.startswith("-") or tag in SILENT or tag in skip:
            continue
        elif depth > 100:
            yield child.text(separator=" ")
        elif tag in BLOCKS:
            yield " "
            yield from _pieces(child, skip, depth + 1)
            yield " "
        else:
            yield from _pieces(child, skip, depth + 1)


BLOCKS = frozenset(
    "address article aside blockquote dd details div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th"
    " thead tr ul".split()
)
"""Elements that begin on a new line."""


def short_text(node: LexborNode, most: int) -> str | None:
    """What `inline_text` gives, if that is short; None if it is not, however large the element is.

    Args:
        node: the element; one with more than four nodes for each character is not short, either.
        most: characters.
    """
    if is_large(node, 4 * most):
        return None
    pieces, size = [], 0
    for piece in _pieces(node, (), 0):
        size += len(piece)
        if size > most + _SPACES:
            return None
        pieces.append(piece)
    text = fold("".join(pieces))
    return text if len(text) <= most else None


def is_large(node: LexborNode, most: int) -> bool:
    """Whether an element holds more nodes than that; costs no more than to count them."""
    return next(islice(node.traverse(include_text=True), most + 1, None), None) is not None


class Around:
    """Whether an element, or one around it, has a property; each element is looked at once.

    Args:
        has: tells it of one element.
    """

    def __init__(self, has: Callable[[LexborNode], bool]) -> None:
        self._has = has
        self._known: dict[int, bool] = {}

    def __call__(self, node: LexborNode) -> bool:
        """Whether this element, or one around it, has the property."""
        passed: list[int] = []
        here: LexborNode | None = node
        found = False
        while here is not None and here.tag != "-document":
            known = self._known.get(here.mem_id)
            if known is None:
                passed.append(here.mem_id)
                known = self._has(here)
                if not known:
                    here = here.parent
                    continue
            found = known
            break
        self._known.update(dict.fromkeys(passed, found))
        return found


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around a node, innermost first."""
    parent = node.parent
    while parent is not None and parent.tag != "-document":
        yield parent
        parent = parent.parent
