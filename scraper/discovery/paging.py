"""How further pages of a listing are had: a number in their address, or a link. Pure."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper import urls
from scraper.discovery.shape import MOST_LINKS, literal, page_link, plain_classes
from scraper.markup.replay import base_url
from scraper.markup.tree import ancestors, attribute, inline_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_NEXT_CLASS = re.compile("next|weiter|vor|older", re.I)
_TURN_CLASS = re.compile("prev|next|older|newer|vor|zurueck|back|weiter|nach", re.I)
_NEXT = re.compile(r"(?:weiter|nächste|naechste|next|vor|ältere|older)\b.*|[›»>]+|→", re.I)
_CHECK_SUM = re.compile(r"[?&](?:c?hash|token|sig|signature|checksum)=", re.I)
_OF_PAGES = frozenset("2 seite page zu zur gehe go to".split())
_LONGEST_NUMBER = 40  # characters of a link such as "Seite 2"
_BEFORE = re.compile(
    r"(?:\W*(?:zur|die|der)\W+)?(?:ältere|aeltere|vorherige|vorige|frühere|vorhergehende|older|"
    r"previous|prev|zurück|nächste|naechste|next|weiter)\b.{0,60}|[‹«<›»>←→]+",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A link of a release to the one before or after it."""

    selector: str
    """Candidate for it, such as `a[rel=prev]@href`."""
    url: str


@dataclass(frozen=True, slots=True)
class Paging:
    """How further pages of a listing are had."""

    url: str = ""
    """Address with `{page}` or `{skip}`; empty if a link leads on."""
    first: int = 1
    """Number of the first page."""
    step: int = 1
    """How many entries `{skip}` skips on each page."""
    next: str = ""
    """Candidate for the link to the next page, such as `a[rel=next]@href`."""
    pager: str = ""
    """Selector of what holds links to further pages that are called by their numbers."""
    second: str = ""
    """Address of the second page."""


def find_paging(tree: LexborHTMLParser, url: str) -> Paging | None:
    """How the next pages of a listing are had; None if nothing leads there.

    Args:
        tree: its first page.
        url: where that was fetched.
    """
    base = base_url(tree, url)
    following = _next_link(tree, base)
    second = _second_link(tree, url, base)
    if second is None:
        return following
    node, target = second
    # Where a page's address has a check sum, no other page's can be made out of it.
    numbered = None if _CHECK_SUM.search(target) else _pattern(target, url)
    if numbered:
        return numbered
    pager = _pager_of(node)
    if following:
        return dataclasses.replace(following, pager=pager)
    return Paging(pager=pager, second=target) if pager else None


def _next_link(tree: LexborHTMLParser, base: str) -> Paging | None:
    for selector in ("a[rel~=next]", "link[rel~=next]"):
        href = attribute(tree.css_first(selector), "href")
        target = urls.canonical(href, base) if href else None
        if target:
            return Paging(next=f"{selector}@href", second=target)
    for node in tree.css("a[href]")[:MOST_LINKS]:
        words = inline_text(node) or attribute(node, "title") or attribute(node, "aria-label") or ""
        href = attribute(node, "href") or ""
        if len(words) > 40 or not _NEXT.fullmatch(words.strip()) or href.startswith("#"):
            continue
        target = urls.canonical(href, base)
        named = _class_of(node, _NEXT_CLASS)
        if target and named:
            return Paging(next=f"{named}@href", second=target)
    return None


def _class_of(node: LexborNode, words: re.Pattern[str]) -> str:
    """A selector of a link by a class with certain words, its own or that of what is around it."""
    for each in (node, *list(ancestors(node))[:2]):
        names = [name for name in plain_classes(each) if words.search(name)]
        if names:
            own = f"{each.tag}.{names[0]}"
            return own if each.tag == "a" else f"{own} a"
    return ""


def _second_link(tree: LexborHTMLParser, url: str, base: str) -> tuple[LexborNode, str] | None:
    """The link that is called 2, and where it leads."""
    for node in tree.css("a[href]")[:MOST_LINKS]:
        words = inline_text(node) or attribute(node, "aria-label") or ""
        named = set(re.findall(r"\w+", words[:_LONGEST_NUMBER].lower()))
        if "2" not in named or not named <= _OF_PAGES or len(words) > _LONGEST_NUMBER:
            continue
        target = page_link(attribute(node, "href") or "", base)
        if target and target != url and urls.host(target) == urls.host(url):
            return node, target
    return None


def _pager_of(node: LexborNode) -> str:
    """A selector of what is around links that are called by numbers; empty if it has no name."""
    named = ""
    for each in list(ancestors(node))[:5]:
        if each.tag in {"body", "html", "main"}:
            break
        names = plain_classes(each)
        if names and each.tag != "li":
            named = f"{each.tag}.{names[0]}"
        elif each.tag == "nav":
            named = named or "nav"
        if named and len(each.css("a[href]")) > 1:
            return named
    return named


def _pattern(second: str, url: str) -> Paging | None:
    """The pattern behind the address of a second page."""
    if urls.host(second) != urls.host(url) or second == url:
        return None
    parts, own = urlsplit(second), urlsplit(url)
    was = dict(parse_qsl(own.query, keep_blank_values=True))
    for pair in parts.query.split("&"):
        name, _equals, value = pair.partition("=")
        if value.isdigit() and was.get(unquote(name)) != value:
            before, _pair, after = parts.query.partition(pair)
            query = f"{literal(before)}{literal(name)}={{}}{literal(after)}"
            return _with_number(f"{literal(parts.path)}?{query}", int(value), second)
    if own.path.rstrip("/") != parts.path.rstrip("/"):
        match = re.search(r"(?<=[/=_-])(\d{1,4})(?=[/.]|$)(?!.*\d)", parts.path)
        if match:
            path, end = literal(parts.path[: match.start()]), literal(parts.path[match.end() :])
            return _with_number(f"{path}{{}}{end}", int(match[1]), second)
    return None


def _with_number(pattern: str, number: int, second: str) -> Paging | None:
    if number in {1, 2}:
        return Paging(pattern.replace("{}", "{page}", 1), number - 1, second=second)
    if number >= 4:
        return Paging(pattern.replace("{}", "{skip}"), step=number, second=second)
    return None


# --- from release to release -----------------------------------------------------------------


def find_turns(tree: LexborHTMLParser, url: str) -> tuple[Turn, ...]:
    """Links of a page that may lead to the release before it, or to the one after it.

    Args:
        tree: the page.
        url: where it was fetched.
    """
    base = base_url(tree, url)
    found: dict[str, Turn] = {}
    for selector in ("a[rel~=prev]", "link[rel~=prev]", "a[rel~=next]", "link[rel~=next]"):
        target = page_link(attribute(tree.css_first(selector), "href") or "", base)
        if target and target != url:
            found.setdefault(selector, Turn(f"{selector}@href", target))
    for node in tree.css("a[href]")[:MOST_LINKS]:
        words = inline_text(node) or attribute(node, "title") or attribute(node, "aria-label") or ""
        named = _class_of(node, _TURN_CLASS) if _BEFORE.match(words[:200]) else ""
        target = page_link(attribute(node, "href") or "", base) if named else None
        if target and target != url and urls.host(target) == urls.host(url):
            found.setdefault(named, Turn(f"{named}@href", target))
    return tuple(found.values())
