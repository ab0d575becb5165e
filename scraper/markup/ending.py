"""Whether a page comes to its end, by itself: without another one to compare it with."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.errors import ParseError
from scraper.markup.charset import decode_html
from scraper.markup.tree import ancestors, parse_html

if TYPE_CHECKING:
    from scraper.records import Capture

BREAKS_OFF = "it breaks off: it has no end tag, and elements or a tag are still open at its end"
"""Why such a page is no version of a release."""
_END_TAG = re.compile(rb"</(?:html|body)\s*>", re.I)
_TAIL_BYTES = 16_384  # a web archive writes its notes behind the end tag
_END_BYTES = 24
_MARK = "newsroom-end-of-page"
_STRUCTURE = frozenset(
    "article aside blockquote dialog div dl figure footer form header main nav noscript ol section"
    " span table template textarea title ul".split()
)
"""Elements whose end tag HTML does not allow to leave out, and that shape a page."""


def has_end_tag(body: bytes) -> bool:
    """Whether a page ends as HTML does, in any encoding."""
    return bool(_END_TAG.search(body[-_TAIL_BYTES:].replace(b"\0", b"")))


def last_characters(body: bytes) -> bytes:
    """What pages of a site that end alike have in common."""
    return body.rstrip()[-_END_BYTES:]


def breaks_off(capture: Capture) -> bool:
    """Whether a page ends in the middle: in a tag or a comment, or with elements still open.

    HTML allows `</body>` and `</html>` to be left out, as `</p>` and `</li>`, but not `</div>`. A
    page that has its end tags, or is no HTML, never breaks off.

    Args:
        capture: the page.
    """
    if has_end_tag(capture.body):
        return False
    html = decode_html(capture.body, capture.header("content-type"))[0]
    if html.lstrip()[:1] in {"{", "["}:
        return False
    # What comes behind the page tells where it has ended.
    marked = f"\ufeff{html.removeprefix(chr(0xFEFF))}<{_MARK}></{_MARK}>".encode("utf-8", "replace")
    headers = (("content-type", "text/html; charset=utf-8"),)
    try:
        tree = parse_html(replace(capture, body=marked, headers=headers), whole=True)
    except ParseError:
        return False  # reading it says so
    mark = tree.css_first(_MARK)
    if mark is None:
        return True
    if mark.next is not None and mark.next.tag == "table":  # it cannot stand within an open one
        return True
    around = (node.tag or "" for node in ancestors(mark))
    return any(tag in _STRUCTURE or "-" in tag for tag in around)
