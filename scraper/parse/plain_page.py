"""A release in markup without reliable names, found by its shape.

The one sure thing is a line with known words and a date near the headline. From there, the release
is whatever running text follows, in the smallest element that holds all of it; what stands before
that line, calls itself navigation or margin, consists of links, or comes after a heading that ends
the release, is the page's frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from scraper.markup.tree import SILENT, Around, ancestors, inline_text, short_text
from scraper.parse.header_line import TOPS, header_line
from scraper.parse.place import Parts
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Container

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from scraper.sites import Layout

_FRAME_TAGS = SILENT | {"nav", "aside", "footer", "form", "header", "button", "select"}
_FRAME_NAME = re.compile(
    r"(?:^|[-_\s])(?:nav|navi|navigation|[^\W_]{0,40}menu[^\W_]{0,40}|breadcrumbs?|brotkrumen?"
    r"|krumen|pfad|sidebar|marginal[^\W_]*|randspalte|footer|fuss[^\W_]*|header|kopf[^\W_]*"
    r"|such[^\W_]*|search|share|social|teilen|druck[^\W_]*|no-?print|toolbar|cookies?|banner|related|weitere[-_]?(?:nachrichten|meldungen|artikel))(?:$|[-_\s])",
    re.I,
)
_FRAME_ROLES = frozenset("navigation complementary contentinfo banner search".split())
_BOXES = frozenset("div section ul ol dl table tbody tr td span center font".split())
"""Elements that hold others: only their names tell of the page's frame."""
_LEAD_NAME = re.compile(r"lead|teaser|intro|vorspann|einleitung|kurztext|abstract", re.I)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_RUNNING_CHARS = 60
"""Text of an element, less its links, from which on it counts as running text."""
_PARAGRAPH_CHARS = 40
"""The same for a paragraph, which is a sign of running text by itself."""
_LIST_LINKS = 3
_BESIDE = frozenset({"nav", "aside", "footer"})
_MOST_TITLE_CHARS = 2_000  # no headline is longer
_DEPTH = 150


def find_parts(tree: LexborHTMLParser, layout: Layout) -> Parts | None:
    """The parts of a release; None if the page has no such line.

    Args:
        tree: the page.
        layout: one with `header_words`.
    """
    body = tree.body
    header = header_line(body, layout.header_words) if body is not None else None
    if body is None or header is None:
        return None
    line = header.node
    place = {node.mem_id: i for i, node in enumerate(body.traverse(include_text=True))}
    node = tree.css_first("head > title")
    title = _headline(body, line, layout, place, fold(node.text()) if node is not None else "")
    root = _region(line, layout)
    foreign = _before(root, line, title) | _after(root, line, title, layout, place)
    if title is not None:
        foreign.add(title.mem_id)
    return Parts(
        layout=layout,
        root=root,
        title=title,
        introduction=None,
        date_line=header.date,
        foreign=frozenset(foreign | header.hidden),
    )


def lead_node(root: LexborNode, taken: Container[int]) -> LexborNode | None:
    """The opening paragraph, if it is set apart: by its class, or by being all bold."""
    is_taken = Around(lambda around: around.mem_id in taken)
    filled = _around_any(root.css("p, div, img, h1, h2"))
    for node in root.css("p, div"):
        if node.mem_id in filled or is_taken(node):
            continue
        text = inline_text(node)
        if len(text) < 20:
            continue
        bold = node.css_first("strong, b")
        if _LEAD_NAME.search(_name(node)) or (bold is not None and inline_text(bold) == text):
            return node
        return None
    return None


def _around_any(nodes: Iterable[LexborNode]) -> set[int]:
    """`mem_id` of all elements around some nodes, each looked at once."""
    found: set[int] = set()
    for node in nodes:
        for around in ancestors(node):
            if around.mem_id in found:
                break
            found.add(around.mem_id)
    return found


def opens_with_picture(root: LexborNode, taken: Container[int]) -> bool:
    """Whether a picture stands before the first running text.

    Args:
        root: the release.
        taken: `mem_id` of pictures with their captions, of headline and date, of the frame.
    """
    is_taken = Around(lambda around: around.mem_id in taken)
    for node in root.traverse(include_text=True):
        if node.tag == "img":
            return True
        is_running = node.tag == "-text" and len(fold(node.text_content or "")) >= _RUNNING_CHARS
        if is_running and not is_taken(node):
            return False
    return False


def _name(node: LexborNode) -> str:
    values = node.attributes
    return f"{values.get('class') or ''} {values.get('id') or ''}"


def is_frame(node: LexborNode) -> bool:
    """Whether an element says that it is navigation, margin or the like."""
    tag = node.tag or ""
    if tag in _FRAME_TAGS or node.attributes.get("role") in _FRAME_ROLES:
        return True
    return tag in _BOXES and bool(_FRAME_NAME.search(_name(node)))


def _headline(
    body: LexborNode, line: LexborNode, layout: Layout, place: dict[int, int], document_title: str
) -> LexborNode | None:
    """The heading that the page's title names; else the nearest h1; else the nearest h2."""
    here = place[line.mem_id]
    page_title = document_title[:_MOST_TITLE_CHARS].casefold()
    is_beside = Around(lambda around: around.tag in _BESIDE)
    best: tuple[bool, bool, int] | None = None
    found = None
    for node in body.css("h1, h2"):
        text = short_text(node, _MOST_TITLE_CHARS)
        if not text or text in layout.portal_headings or text in layout.end_headings:
            continue
        if is_beside(node):
            continue
        named = len(text) > 4 and text.casefold() in page_title
        rank = (not named, node.tag != "h1", abs(place[node.mem_id] - here))
        if best is None or rank < best:
            best, found = rank, node
    return found


def _region(line: LexborNode, layout: Layout) -> LexborNode:
    """The highest element in which running text follows the line."""
    root = line.parent if line.parent is not None and line.tag not in TOPS else line
    if _is_running(line, layout):  # the line is bare text in the release's own element
        root = line
    node = line
    while node.tag not in TOPS and node.parent is not None:
        if node.tag == "header" or any(
            _is_running(other, layout) for other in _kept_after(node, layout)
        ):
            root = node.parent
        node = node.parent
    return root


def _is_running(node: LexborNode, layout: Layout) -> bool:
    if is_frame(node) or inline_text(node) in layout.end_headings:
        return False
    whole = len(inline_text(node, _FRAME_TAGS))
    links = _link_chars(node)
    least = _PARAGRAPH_CHARS if node.tag == "p" else _RUNNING_CHARS
    return whole - links >= least and links < whole / 2


def _link_chars(node: LexborNode) -> int:
    return sum(len(inline_text(anchor)) for anchor in node.css("a"))


def _siblings(node: LexborNode, *, before: bool) -> Iterator[LexborNode]:
    other = node.prev if before else node.next
    while other is not None:
        if not (other.tag or "-").startswith("-"):
            yield other
        other = other.prev if before else other.next


def _kept_after(node: LexborNode, layout: Layout) -> Iterator[LexborNode]:
    """What follows an element, up to where the release is over."""
    for other in _siblings(node, before=False):
        if _ends(other, layout):
            return
        yield other


def _ends(node: LexborNode, layout: Layout) -> bool:
    text = inline_text(node) if node.tag in _HEADINGS or node.tag in {"p", "strong", "b"} else ""
    if text.rstrip(":") in layout.end_headings and text:
        return True
    return node.tag in {"aside", "footer"} or (node.tag == "div" and is_frame(node))


def _path(root: LexborNode, node: LexborNode) -> list[LexborNode]:
    """From a node up to the child of root that holds it; empty if it stands elsewhere."""
    path: list[LexborNode] = []
    for around in [node, *ancestors(node)]:
        if around.mem_id == root.mem_id:
            return path
        path.append(around)
    return []


def _before(root: LexborNode, line: LexborNode, title: LexborNode | None) -> set[int]:
    """What stands before line and headline, except beside them in an element of their own."""
    foreign: set[int] = set()
    paths = [_path(root, node) for node in (line, title) if node is not None]
    kept = {node.mem_id for path in paths for node in path}
    shared = _shared_parent(paths)
    for node in (node for path in paths for node in path):
        parent = node.parent
        own = parent is not None and (
            parent.tag == "article"
            or (parent.mem_id == shared and not any(map(is_frame, _children(parent))))
        )
        for other in _siblings(node, before=True):
            if other.mem_id in kept:
                break  # between headline and line: the release's own
            if not own:
                foreign.add(other.mem_id)
    return foreign


def _shared_parent(paths: list[list[LexborNode]]) -> int | None:
    """The innermost element around both, if it is not the region as a whole."""
    if len(paths) < 2:
        return None
    others = {node.parent.mem_id for node in paths[1] if node.parent is not None}
    for node in paths[0]:
        if node.parent is not None and node.parent.mem_id in others:
            return node.parent.mem_id if node.parent.tag not in {"body", "main"} else None
    return None


def _children(node: LexborNode) -> Iterator[LexborNode]:
    return (child for child in node.iter() if not (child.tag or "-").startswith("-"))


def _after(
    root: LexborNode,
    line: LexborNode,
    title: LexborNode | None,
    layout: Layout,
    place: dict[int, int],
) -> set[int]:
    """Frame inside the region: by name, by being a list of links, or behind the release's end."""
    keep = {node.mem_id for part in (line, title) if part is not None for node in _path(root, part)}
    start = max(place[part.mem_id] for part in (line, title) if part is not None)
    sieve = _Sieve(layout, keep, lambda node: place.get(node.mem_id, 0) > start)
    sieve.visit(_children(root), 0)
    return sieve.foreign


class _Sieve:
    """Parts the release from its frame. No nested function: that would be a reference cycle.

    Args:
        layout: words of the frame.
        keep: `mem_id` of what holds header line and headline.
        is_ahead: whether an element stands behind those.
    """

    def __init__(
        self, layout: Layout, keep: set[int], is_ahead: Callable[[LexborNode], bool]
    ) -> None:
        self.foreign: set[int] = set()
        self._layout = layout
        self._keep = keep
        self._is_ahead = is_ahead
        self._is_over = False

    def visit(self, children: Iterable[LexborNode], depth: int) -> None:
        is_announced = False
        for node in children:
            kept = node.mem_id in self._keep
            if self._is_over or (
                not kept and (is_frame(node) or _is_menu(node, is_announced=is_announced))
            ):
                self.foreign.add(node.mem_id)
            elif self._is_ahead(node) and not kept and _ends(node, self._layout):
                self._is_over = True
                self.foreign.add(node.mem_id)
            elif depth < _DEPTH:
                self.visit(_children(node), depth + 1)
            is_announced = node.tag in _HEADINGS or (
                node.tag == "p" and inline_text(node).endswith(":")
            )


def _is_menu(node: LexborNode, *, is_announced: bool) -> bool:
    """Whether an element is a list of links that neither heading nor sentence announces."""
    if node.tag not in {"ul", "ol", "div", "table"} or is_announced:
        return False
    if len(node.css("a[href]")) < _LIST_LINKS or node.css_first("img, p") is not None:
        return False
    return _link_chars(node) >= 0.8 * len(inline_text(node))
