"""What the shape of a page tells about a newsroom that nobody has described. Pure.

A listing repeats an element for each release; their addresses have a form in common; further pages
differ in a number. All this is a guess, to be checked by reading releases.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from scraper import urls
from scraper.dates import MONTHS, parse_date
from scraper.markup.replay import base_url
from scraper.markup.tree import ancestors, attribute, inline_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_LINKS = 3_000
"""Of one page; more are not looked at."""
_FEW = 3  # an element that comes less often is no list
_FRAME = frozenset({"nav", "header", "footer"})
_PLAIN_CLASS = re.compile(r"[A-Za-z_][\w-]*")
_STATES = re.compile(
    r"first|last|odd|even|active|row-?\d|col|\d{3,}|^[mp][trblxy]?-\d|^[dw]-", re.I
)
_YEAR = r"\d{4}"
_MONTHS = frozenset({*MONTHS, "maerz", "m%c3%a4rz"})
_NEWS_FOLDER = re.compile(r"press|news|aktuell|meldung|mitteilung", re.I)
_FEED_WORDS = re.compile(r"rss|atom|feed", re.I)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")


@dataclass(frozen=True, slots=True)
class Entries:
    """The elements of a page that seem to stand for one release each."""

    css: str
    """Selector of them."""
    urls: tuple[str, ...]
    """Where each leads."""
    dated: int
    """How many of them show a day."""


@dataclass(frozen=True, slots=True)
class Form:
    """What addresses of releases have in common."""

    path: str
    """Pattern of the path."""
    query: tuple[str, ...] = ()
    """Parameters that tell releases apart."""

    def matches(self, url: str) -> bool:
        """Whether an address has this form."""
        names = {name for name, value in parse_qsl(urlsplit(url).query) if value} | {"*"}
        return bool(re.search(self.path, urls.path(url))) and set(self.query) <= names


def find_entries(tree: LexborHTMLParser, url: str) -> Entries | None:
    """The most likely list of releases on a page; None if nothing on it is repeated.

    Args:
        tree: the page.
        url: where it was fetched.
    """
    groups: dict[str, list[tuple[LexborNode, str]]] = {}
    base = base_url(tree, url)
    for node, target in _links(tree, url, base):
        for selector, container in _containers(node):
            groups.setdefault(selector, []).append((container, target))
    scored = ((_score(found), selector, found) for selector, found in groups.items())
    best = max(scored, key=lambda each: each[0], default=None)
    if best is None or best[0] <= 0:
        return None
    _points, selector, found = best
    first = _first_targets(found)
    dated = sum(parse_date(inline_text(node)[:2_000]) is not None for node, _url in first)
    return Entries(selector, tuple(target for _node, target in first), dated)


def _links(tree: LexborHTMLParser, url: str, base: str) -> Iterator[tuple[LexborNode, str]]:
    """Links to other pages of the same site, outside of its frame."""
    nodes = tree.css("a[href], [data-url], [data-href]")[:MOST_LINKS]
    for node in nodes:
        href = next(
            filter(None, (attribute(node, n) for n in ("href", "data-url", "data-href"))), ""
        )
        target = page_link(href, base)
        if target is None or target == url or urls.is_file(target):
            continue
        around = {each.tag for each in ancestors(node)}
        if urls.host(target) == urls.host(url) and not around & _FRAME:
            yield node, target


def page_link(href: str, base: str) -> str | None:
    """The canonical address of a link; None if it leads to no page."""
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
        return None
    return urls.canonical(href, base)


def _containers(node: LexborNode) -> Iterator[tuple[str, LexborNode]]:
    """Elements around a link that may be an entry of a list, with a selector of their kind."""
    around = [node, *ancestors(node)]
    for depth, each in enumerate(around[:8]):
        if each.tag in {"body", "main", "html"}:
            return
        names = plain_classes(each)
        selector = ".".join([each.tag or "", *names])
        if not names:
            if each.tag not in {"li", "article", "tr", "section"}:
                continue
            outside = next(
                (
                    f"{a.tag}.{'.'.join(plain_classes(a))}"
                    for a in around[depth + 1 :]
                    if plain_classes(a)
                ),
                "",
            )
            selector = f"{outside} {selector}".strip()
        yield selector, each


def plain_classes(node: LexborNode) -> list[str]:
    """Classes of an element that tell what it is, not in which state or place."""
    names = (attribute(node, "class") or "").split()
    return [name for name in names if _PLAIN_CLASS.fullmatch(name) and not _STATES.search(name)][:3]


def _first_targets(found: list[tuple[LexborNode, str]]) -> list[tuple[LexborNode, str]]:
    """Each element once, with the first of its links."""
    first: dict[int, tuple[LexborNode, str]] = {}
    for node, target in found:
        first.setdefault(node.mem_id, (node, target))
    seen: dict[str, tuple[LexborNode, str]] = {}
    for node, target in first.values():
        seen.setdefault(target, (node, target))
    return list(seen.values())


def _score(found: list[tuple[LexborNode, str]]) -> float:
    """How much elements look like a list of releases: many, with days and whole headlines."""
    first = _first_targets(found)
    elements = len({node.mem_id for node, _target in found})
    if len(first) < _FEW or len(first) < 0.6 * elements:
        return 0.0
    texts = [inline_text(node) for node, _target in first[:60]]
    length = sum(map(len, texts)) / len(texts)
    dated = sum(parse_date(text[:2_000]) is not None for text in texts) / len(texts)
    headed = sum(
        node.css_first("h1, h2, h3, h4, h5") is not None for node, _target in first[:60]
    ) / len(texts)
    if length < 25 and not dated:
        return 0.0
    form = form_of([target for _node, target in first])
    alike = 1.0 if form is not None else 0.3
    # An element that holds many links is the list, not an entry of it.
    crowded = len({target for _node, target in found}) / len(first)
    size = math.sqrt(min(len(first), 30))
    return size * (1 + 3 * dated + headed) * min(length / 40, 1.5) * alike / crowded


def form_of(addresses: Iterable[str]) -> Form | None:
    """What addresses of releases have in common; None if that is nothing to go by.

    The few that differ from all others are left out of account.
    """
    found = list(dict.fromkeys(addresses))
    by_query = _by_query(found)
    if by_query:
        return by_query
    paths = [urls.path(url) for url in found]
    depths = Counter(path.rstrip("/").count("/") for path in paths)
    depth, count = depths.most_common(1)[0] if depths else (0, 0)
    if count >= 0.7 * len(paths) and count >= 2:
        kept = [
            path.strip("/").split("/") for path in paths if path.rstrip("/").count("/") == depth
        ]
        columns = list(zip(*kept, strict=True))
        pattern: list[str] = []
        for column in columns[:-1]:
            pattern.append(_segment(column, below_year=pattern[-1:] == [_YEAR]))
        last = _last_segment(columns[-1])
        end = "/?$" if any(path.endswith("/") for path in paths) else "$"
        return Form("^/" + "".join(f"{each}/" for each in pattern) + last + end)
    folder = _common_folder(paths)
    return Form(f"^{_escaped(folder)}.+") if folder != "/" else None


def likely_form(addresses: Iterable[str]) -> Form | None:
    """What addresses of releases may have in common among those of all pages of a site.

    Of the pages that differ in a parameter, and of the folders whose names speak of news, the ones
    with the most addresses.
    """
    groups: dict[str, list[str]] = {}
    for url in dict.fromkeys(addresses):
        path = urls.path(url)
        folder = path if urlsplit(url).query else path.rstrip("/").rsplit("/", 1)[0] + "/"
        if urlsplit(url).query or _NEWS_FOLDER.search(folder):
            groups.setdefault(folder, []).append(url)
    largest = max(groups.values(), key=len, default=[])
    return form_of(largest) if len(largest) >= _FEW else None


def _by_query(found: list[str]) -> Form | None:
    """Addresses that differ in a parameter alone."""
    paths = Counter(urls.path(url) for url in found)
    path, count = paths.most_common(1)[0] if paths else ("", 0)
    if count < 2 or count < 0.7 * len(found):
        return None
    values: dict[str, set[str]] = {}
    for url in found:
        if urls.path(url) == path:
            for name, value in parse_qsl(urlsplit(url).query):
                values.setdefault(name, set()).add(value)
    telling = tuple(name for name, each in values.items() if len(each) >= 0.9 * count)
    # A number of the whole page is enough; a check sum follows from it.
    named = [name for name in telling if name.lower() not in {"chash", "hash"}]
    return Form(f"^{_escaped(path)}$", (named[0],)) if named else None


def _escaped(text: str) -> str:
    """As part of a pattern, without needless backslashes."""
    return re.escape(text).replace(r"\-", "-")


def _segment(values: tuple[str, ...], *, below_year: bool) -> str:
    """A pattern for the names of folders at one depth."""
    if below_year and all(value.lower() in _MONTHS for value in values):
        return "[^/]+"
    if below_year and all(re.fullmatch(r"\d\d?", value) for value in values):
        return r"\d+"
    if len(set(values)) == 1:
        return _YEAR if re.fullmatch(r"(19|20)\d\d", values[0]) else _escaped(values[0])
    if all(re.fullmatch(r"\d{4}", value) for value in values):
        return _YEAR
    if all(value.isdigit() for value in values):
        return r"\d+"
    common = Counter(values).most_common(1)[0]
    return "[^/]+" if common[1] < len(values) else _escaped(common[0])


def _last_segment(values: tuple[str, ...]) -> str:
    suffixes = {match[0] if (match := re.search(r"\.\w{2,5}$", value)) else "" for value in values}
    suffix = next(iter(suffixes)) if len(suffixes) == 1 else ""
    stems = [value[: len(value) - len(suffix)] for value in values]
    if all(stem.isdigit() for stem in stems):
        body = r"\d+"
    elif all(re.search(r"-\d+$", stem) for stem in stems):
        body = r"[^/]*-\d+"
    elif all(re.match(r"\d+-", stem) for stem in stems):
        body = r"\d+-[^/]+"
    else:
        body = "[^/]+"
    return body + _escaped(suffix)


def _common_folder(paths: list[str]) -> str:
    folders = [path.rsplit("/", 1)[0].split("/") for path in paths]
    common: list[str] = []
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return "/".join(common).rstrip("/") + "/"


def literal(text: str) -> str:
    """Part of an address as a file of facts writes it, where braces are placeholders."""
    return text.replace("{", "{{").replace("}", "}}")


def find_links(tree: LexborHTMLParser, url: str, words: re.Pattern[str]) -> tuple[str, ...]:
    """Addresses of pages of the same site whose link or path has certain words.

    Args:
        tree: a page.
        url: where it was fetched.
        words: what to look for.

    Returns:
        Those of press releases first, and of these the shorter paths.
    """
    base = base_url(tree, url)
    found: dict[str, int] = {}
    for node in tree.css("a[href]")[:MOST_LINKS]:
        target = page_link(attribute(node, "href") or "", base)
        if target is None or target == url or urls.host(target) != urls.host(url):
            continue
        text = f"{inline_text(node)[:100]} {urls.path(target)[:500]}"
        if words.search(text) and not urls.is_file(target):
            is_press = re.search("press|meldung", text, re.I) is not None
            found.setdefault(target, 10 * (not is_press) + urls.path(target).count("/"))
    return tuple(sorted(found, key=lambda each: found[each]))


# --- feeds -----------------------------------------------------------------------------------


def find_feeds(tree: LexborHTMLParser, url: str) -> tuple[str, ...]:
    """Addresses of feeds that a page names, those of its head first."""
    base = base_url(tree, url)
    found = [
        attribute(node, "href")
        for node in tree.css("link[rel~=alternate][href]")
        if (attribute(node, "type") or "").lower() in _FEED_TYPES
    ]
    for node in tree.css("a[href]")[:MOST_LINKS]:
        href = attribute(node, "href") or ""
        if _FEED_WORDS.search(urlsplit(href).path.rsplit("/", 1)[-1] + urlsplit(href).query):
            found.append(href)
    targets = (page_link(href or "", base) for href in found)
    return tuple(
        dict.fromkeys(each for each in targets if each and urls.host(each) == urls.host(url))
    )
