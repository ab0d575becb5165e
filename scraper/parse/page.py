"""One page as the candidates of a layout see it: elements, metas, JSON-LD, JSON, the listing."""

from __future__ import annotations

import json
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, Any

import jmespath

from scraper.markup.replay import BASE, base_of
from scraper.markup.tree import BLOCKS, SILENT, attribute, inline_text
from scraper.parse.stated import read_json_ld
from scraper.platforms.hooks import HOOKS
from scraper.platforms.layout import MOST_MATCHED, NOTHING
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from scraper.platforms import Selector

_META_NAMES = ("property", "name", "itemprop", "id")
_MOST_VALUES = 10_000  # of one candidate: more than `plausible` lets pass
_MOST_JSON = 2_000_000  # characters of one script


class Page:
    """What candidates may look at.

    Args:
        tree: the page, or the running text of a JSON answer.
        url: where it was fetched.
        data: the JSON answer, if it is one.
        listed: what the listing said about the release: `title`, `date`, `summary`, `category`.
    """

    def __init__(
        self,
        tree: LexborHTMLParser,
        url: str,
        *,
        data: Any = None,
        listed: Mapping[str, str] | None = None,
    ) -> None:
        self.tree = tree
        self.url = url
        self.data = data
        self.listed = listed or {}
        self._elements: dict[str, list[LexborNode]] = {}

    def css(self, selector: str) -> list[LexborNode]:
        """The elements of the page, in its order; not before it is as visitors see it.

        They are looked up once: several fields may have the same candidates.
        """
        if selector == NOTHING:
            return []
        found = self._elements.get(selector)
        if found is None:
            found = self._elements[selector] = self.tree.css(selector)
        return found

    def base(self, url: str) -> str:
        """What addresses on the page are relative to, its own being `url`."""
        nodes = self.css(BASE)
        return base_of(nodes[0], url) if nodes else url

    def first_element(self, selectors: Sequence[str]) -> LexborNode | None:
        """The element that comes first on the page, of those that any selector finds."""
        found = [nodes for selector in selectors if (nodes := self.css(selector))]
        if len(found) > 1:
            return self.tree.css_first(", ".join(selectors))
        return found[0][0] if found else None

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """Contents of the `meta` elements by name, property, itemprop or id, in lower case."""
        found: dict[str, list[str]] = {}
        for node in self.tree.css("meta"):
            values = node.attributes
            content = values.get("content")
            if not content or not content.strip():
                continue
            for name in {(values.get(key) or "").lower() for key in _META_NAMES} - {""}:
                found.setdefault(name, []).append(content)
        return found

    @cached_property
    def json_ld(self) -> dict[str, Any]:
        """What JSON-LD says of the release; empty if it says nothing."""
        return read_json_ld(self.tree)

    def read_ahead(self) -> None:
        """Read metas and JSON-LD now, before the tree is changed to what visitors see."""
        self.metas, self.json_ld  # noqa: B018 - they are kept

    def values(self, selector: Selector, root: Any = None) -> Iterator[str]:
        """What one candidate finds: folded texts, none of them empty.

        Args:
            selector: the candidate.
            root: element, or JSON object, to look in; the whole page if None.
        """
        count = 0
        for raw in self._raw(selector, root):
            for value in _cleaned(raw, selector):
                yield value
                count += 1
                if count >= _MOST_VALUES:
                    return

    def all(self, selectors: tuple[Selector, ...], root: Any = None) -> tuple[str, ...]:
        """Everything that the first candidate finds that finds anything, each value once."""
        for selector in selectors:
            found = tuple(dict.fromkeys(self.values(selector, root)))
            if found:
                return found
        return ()

    def first(self, selectors: tuple[Selector, ...], root: Any = None) -> str | None:
        """The first value of the first candidate that finds anything."""
        for selector in selectors:
            for value in self.values(selector, root):
                return value
        return None

    def values_of(self, selectors: tuple[Selector, ...], root: Any = None) -> Iterator[str]:
        """What each candidate finds, in their order."""
        for selector in selectors:
            yield from self.values(selector, root)

    def raw_values(self, selectors: tuple[Selector, ...]) -> list[str]:
        """As `all`, but as they stand there: for values that are HTML."""
        for selector in selectors:
            found = [value for value in self._raw(selector, None) if value.strip()]
            if found:
                return found
        return []

    def _raw(self, selector: Selector, root: Any) -> Iterator[str]:
        if selector.css:
            nodes = root.css(selector.css) if root is not None else self.css(selector.css)
            yield from self._in_elements(selector, nodes)
        elif selector.meta:
            for value in self.metas.get(selector.meta.lower(), ()):
                yield from _in_json(value, selector.json) if selector.json else [value]
        elif selector.json_ld:
            yield from map(unescape, _texts(search(selector.json_ld, self.json_ld)))
        elif selector.json:
            data = root if isinstance(root, dict) else self.data
            yield from _texts(search(selector.json, data))
        elif selector.feed:
            yield self.listed.get(selector.feed, "")
        elif selector.address:
            yield self.url

    def _in_elements(self, selector: Selector, nodes: list[LexborNode]) -> Iterator[str]:
        for node in nodes:
            if selector.attribute:
                value = attribute(node, selector.attribute)
                if value and selector.json:
                    yield from _in_json(value, selector.json)
                elif value:
                    yield self._followed(value) if selector.follow else value
            elif selector.hook:
                yield from HOOKS[selector.hook](inline_text(node), node.attributes)
            elif selector.lines:
                yield from _lines(node)
            elif selector.own or selector.without:
                yield text_without(node, selector.without, own=selector.own)
            else:
                yield inline_text(node)

    def _followed(self, value: str) -> str:
        """The text of the element that `#id` names; nothing if there is none."""
        name = value.partition("#")[2]
        if not name or not name.replace("-", "").replace("_", "").isalnum():
            return ""
        node = self.tree.css_first(f'[id="{name}"]')
        return inline_text(node) if node is not None else ""


def _cleaned(raw: str, selector: Selector) -> Iterator[str]:
    parts = selector.splitter.split(raw[:MOST_MATCHED]) if selector.splitter else [raw]
    for part in parts:
        text = fold(part)
        if selector.regex:
            match = selector.regex.search(text[:MOST_MATCHED])
            if match is None:
                continue
            text = fold((match[1] if match.re.groups else match[0]) or "")
        text = stripped(text, selector.strip)
        if text:
            yield text


def stripped(text: str, affixes: tuple[str, ...]) -> str:
    """A text without prefixes and suffixes that do not belong to it."""
    for affix in affixes:
        text = text.removeprefix(affix).removesuffix(affix)
    return text.strip() if affixes else text


def text_without(node: LexborNode, without: str | None, *, own: bool = False) -> str:
    """Folded text of an element less that of some elements inside it.

    Args:
        node: the element.
        without: selector of what does not count.
        own: whether only the text that stands in the element itself counts.
    """
    foreign = {inner.mem_id for inner in node.css(without)} if without else set()
    return fold("".join(_pieces(node, foreign, 0, own=own)))


def _pieces(node: LexborNode, foreign: set[int], depth: int, *, own: bool) -> Iterator[str]:
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            yield child.text_content or ""
        elif tag == "br" or (own and not tag.startswith("-")):
            yield " "
        elif tag.startswith("-") or tag in SILENT or child.mem_id in foreign or depth > 100:
            continue
        elif tag in BLOCKS:
            yield " "
            yield from _pieces(child, foreign, depth + 1, own=own)
            yield " "
        else:
            yield from _pieces(child, foreign, depth + 1, own=own)


def _lines(node: LexborNode) -> Iterator[str]:
    for child in node.traverse(include_text=True):
        if child.tag == "-text":
            yield child.text_content or ""


def _in_json(value: str, path: str) -> Iterator[str]:
    if len(value) > _MOST_JSON:
        return
    try:
        data = json.loads(value)
    except (ValueError, RecursionError):
        return
    yield from _texts(search(path, data))


def search(path: str, data: Any) -> Any:
    """What a path finds in JSON; None if it finds nothing or cannot be followed."""
    if path.isidentifier():  # by far the most
        return data.get(path) if isinstance(data, dict) else None
    try:
        return jmespath.search(path, data)
    except (jmespath.exceptions.JMESPathError, TypeError, ValueError, RecursionError):
        return None


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, bool) or found is None:
        return
    elif isinstance(found, int | float):
        yield str(found)
    elif isinstance(found, dict):
        yield from _texts(found.get("@value"))  # a typed value of JSON-LD
    elif isinstance(found, list):
        for each in found:
            if not isinstance(each, list):
                yield from _texts(each)
