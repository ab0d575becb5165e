"""Lists in JSON that a page links or holds: WordPress, JSON Feed, attributes, interfaces. Pure.

What a list of objects means is guessed from the names and values of their properties.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from scraper import urls
from scraper.dates import parse_date
from scraper.discovery.shape import literal, page_link, plain_classes
from scraper.markup.replay import base_url
from scraper.markup.tree import attribute
from scraper.text import fold

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

Kind = Literal["wordpress", "json feed", "attribute", "address"]

_FEED_TYPES = ("application/feed+json", "application/json")
_FEW = 3
_MOST_NODES = 20_000
_MOST_CHARS = 5_000_000
_MOST_MARKUP = 2_000  # characters of a property that may hold a link
_LEAST_CHARS = 100  # of an attribute that may hold a list
_MOST_ADDRESSES = 3
_MAX_DEPTH = 4
_POSTS = "/wp/v2/posts"
_API = re.compile(r"""["'](/[\w./-]{0,200}(?:\bapi\b|json)[\w./?&=-]{0,200})["']""")
_INTERFACE = re.compile(r"(?:^|[/._-])(?:api|json)(?:$|[/._?-])", re.I)
_LINK_KEYS = re.compile(r"(?:^|\.)(?:url|uri|link|href|permalink|path|slug_url)$", re.I)
_TITLE_KEYS = re.compile(r"(?:^|\.)(?:title|titel|headline|ueberschrift|name|rendered)$", re.I)
_DATE_KEYS = re.compile(r"publ|date|datum|released?|created|time", re.I)
_LATER = re.compile(r"modif|updat|chang|expire|end|ende|bis", re.I)
_TOTAL_KEYS = re.compile(r"^(?:total|count|found|anzahl|num)", re.I)
_ANCHOR = re.compile(r"""<a\s[^>]*?href=["']?([^"'\s>]+)""", re.I)


@dataclass(frozen=True, slots=True)
class Interface:
    """A list in JSON."""

    kind: Kind
    url: str
    """Where it is asked for; with `attribute` the page itself."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """Further keys of the source, as far as the page tells them."""


def find_interfaces(tree: LexborHTMLParser, url: str) -> tuple[Interface, ...]:
    """Lists in JSON that a page links or holds, the surest first.

    Args:
        tree: the page.
        url: where it was fetched.
    """
    base = base_url(tree, url)
    found = [*_wordpress(tree, base), *_json_feeds(tree, base), *_in_attributes(tree, url)]
    return (*found, *_addresses(tree, base, url))


def _wordpress(tree: LexborHTMLParser, base: str) -> Iterator[Interface]:
    """The posts of WordPress; on the page of a category or the like, those of it."""
    root = attribute(tree.css_first("link[rel='https://api.w.org/']"), "href")
    api = page_link(root or "", base)
    if api is None:
        return
    start = f"{urlsplit(api).path.rstrip('/')}{_POSTS}?"
    if urlsplit(api).query:  # without speaking addresses
        start = f"{urlsplit(api).path}?{literal(urlsplit(api).query.rstrip('/'))}{_POSTS}&"
    own = attribute(tree.css_first("link[rel=alternate][type='application/json']"), "href") or ""
    term = re.search(r"/wp/v2/(categories|tags)/(\d{1,9})", own)
    narrowed = f"{term[1]}={term[2]}&" if term else ""
    facts = {
        "items": "[]",
        "link": ["json:link"],
        "title": ["json:title.rendered"],
        "date": ["json:date"],
    }
    yield Interface("wordpress", f"{start}{narrowed}per_page=50&page={{page}}", facts)


def _json_feeds(tree: LexborHTMLParser, base: str) -> Iterator[Interface]:
    facts = {
        "items": "items",
        "link": ["json:url"],
        "title": ["json:title"],
        "date": ["json:date_published"],
        "next": ["json:next_url"],
    }
    for node in tree.css("link[rel~=alternate][type='application/feed+json']"):
        target = page_link(attribute(node, "href") or "", base)
        if target:
            yield Interface("json feed", target, facts)


def _in_attributes(tree: LexborHTMLParser, url: str) -> Iterator[Interface]:
    """Attributes that hold a list of objects with a link each."""
    for node in tree.css("body *")[:_MOST_NODES]:
        for name, value in node.attributes.items():
            if value is None or not _LEAST_CHARS <= len(value) <= _MOST_CHARS:
                continue
            facts = described(value, url) if value.lstrip()[:1] in {"[", "{"} else None
            if facts:
                entry = f"{_selector(node, name)}"
                yield Interface("attribute", url, {"entry": entry, "attribute": name, **facts})


def _selector(node: LexborNode, name: str) -> str:
    """An element with an attribute, by its id or its class if it has one."""
    identity = attribute(node, "id") or ""
    if re.fullmatch(r"[A-Za-z][\w-]*", identity):
        return f"#{identity}[{name}]"
    return ".".join([node.tag or "", *plain_classes(node)[:1]]) + f"[{name}]"


def _addresses(tree: LexborHTMLParser, base: str, url: str) -> Iterator[Interface]:
    """Interfaces that attributes or scripts name; what they answer is to be seen."""
    found: dict[str, None] = {}
    for node in tree.css("body *, link[type='application/json']")[:_MOST_NODES]:
        values = node.attributes
        for name, value in values.items():
            if value and (name.startswith("data-") or node.tag == "link") and len(value) < 500:
                found.update(_named(value, name, base, url))
    for node in tree.css("script:not([src])")[:200]:
        for match in list(_API.finditer(node.text()[:200_000]))[:20]:
            found.update(_named(match[1], "data-", base, url))
    likely = [each for each in found if "/wp-json" not in each and "oembed" not in each]
    for each in likely[:_MOST_ADDRESSES]:
        yield Interface("address", each)


def _named(value: str, name: str, base: str, url: str) -> dict[str, None]:
    if name in {"type", "rel"} or value.lstrip()[:1] in {"{", "["} or " " in value.strip():
        return {}
    if "/" not in value and not value.endswith(".json"):
        return {}
    target = page_link(value, base)
    if target is None or urls.host(target) != urls.host(url) or target == url:
        return {}
    return {target: None} if _INTERFACE.search(target.partition("//")[2].partition("/")[2]) else {}


# --- what JSON means -------------------------------------------------------------------------


def described(text: str, url: str) -> dict[str, object] | None:
    """Keys of a source for a list in JSON; None if it is no list of pages.

    Args:
        text: the JSON.
        url: what its addresses are relative to.

    Returns:
        `items`, `link` and, where they are found, `title`, `date`, `total`, `next`.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    best: dict[str, object] | None = None
    most = 0
    for path, items in _lists(data, (), 0):
        facts = _facts(items, url)
        if facts and len(items) * len(facts) > most:
            best, most = {"items": path or "[]", **facts}, len(items) * len(facts)
    if best is not None and isinstance(data, dict):
        best |= _about(data)
    return best


def _lists(data: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(data, list) and sum(isinstance(each, dict) for each in data) >= _FEW:
        yield ".".join(map(_key, path)), [each for each in data if isinstance(each, dict)]
    elif isinstance(data, dict) and depth < _MAX_DEPTH:
        for name, value in list(data.items())[:100]:
            yield from _lists(value, (*path, name), depth + 1)


def _key(name: str) -> str:
    """A property as jmespath writes it."""
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else json.dumps(name)


def _facts(items: list[Any], url: str) -> dict[str, object] | None:
    """What the objects of a list say, by the names of their properties."""
    columns = _columns(items[:200])
    link = _link(columns, len(items[:200]), url)
    if link is None:
        return None
    facts: dict[str, object] = {"link": [link]}
    titles = [name for name in columns if _TITLE_KEYS.search(name)]
    if titles:
        facts["title"] = [f"json:{_path(titles[0])}"]
    day = _date(columns)
    if day:
        facts["date"] = [f"json:{_path(day)}"]
    return facts


def _columns(items: list[Any]) -> dict[str, list[str]]:
    """Texts by the names of properties, also of those inside others."""
    columns: dict[str, list[str]] = {}
    for item in items:
        for name, value in item.items():
            inner = value.items() if isinstance(value, dict) else [("", value)]
            for below, each in inner:
                if isinstance(each, str) and each.strip():
                    columns.setdefault(f"{name}.{below}" if below else name, []).append(each)
    return columns


def _path(name: str) -> str:
    return ".".join(map(_key, name.split(".", 1)))


def _link(columns: dict[str, list[str]], count: int, url: str) -> object | None:
    """The property with the address of a page, or with HTML that links it."""
    found: list[tuple[int, int, object]] = []
    for name, values in columns.items():
        plain = _own_pages(values, url)
        marked = _own_pages((_anchor(each) for each in values), url)
        if plain >= max(_FEW, 0.8 * count):
            found.append((1 + 2 * bool(_LINK_KEYS.search(name)), plain, f"json:{_path(name)}"))
        elif marked >= max(_FEW, 0.8 * count):
            place = {"json": _path(name), "pattern": """href=["']?([^"'\\s>]+)"""}
            found.append((0, marked, place))
    return max(found, key=lambda each: each[:2])[2] if found else None


def _anchor(markup: str) -> str:
    match = _ANCHOR.search(markup[:_MOST_MARKUP])
    return match[1] if match else ""


def _own_pages(links: Iterable[str], url: str) -> int:
    """How many pages of the same site links lead to."""
    targets = {page_link(each, url) for each in links if _is_address(each)}
    own = (each for each in targets if each and urls.host(each) == urls.host(url))
    return sum(not urls.is_file(each) for each in own)


def _is_address(text: str) -> bool:
    is_one = text.startswith(("/", "http://", "https://", "./", "?")) or text.endswith(".html")
    return is_one and len(text) < 2_000 and not re.search(r"\s", text.strip())


def _date(columns: dict[str, list[str]]) -> str | None:
    """The property with the day of publication."""
    dated = [
        name
        for name, values in columns.items()
        if sum(len(v) < 60 and parse_date(fold(v)) is not None for v in values) >= 0.8 * len(values)
    ]
    named = [name for name in dated if _DATE_KEYS.search(name)]
    first = [name for name in named if not _LATER.search(name)]
    published = [name for name in first if re.search("publ|release", name, re.I)]
    return next(iter([*published, *first, *named, *dated]), None)


def _about(data: dict[str, Any]) -> dict[str, object]:
    """How many there are, and where the next page is."""
    facts: dict[str, object] = {}
    for name, value in data.items():
        if _TOTAL_KEYS.search(name) and isinstance(value, int) and not isinstance(value, bool):
            facts.setdefault("total", _key(name))
        is_next = re.fullmatch(r"next(?:_?(?:url|page|link))?", name, re.I) is not None
        if is_next and isinstance(value, str) and _is_address(value):
            facts["next"] = [f"json:{_key(name)}"]
    return facts
