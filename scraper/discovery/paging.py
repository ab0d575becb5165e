"""How further pages of a listing are had: a number in their address, or a link. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper import urls
from scraper.discovery.shape import MOST_LINKS, page_link, plain_classes
from scraper.markup.replay import base_url
from scraper.markup.tree import ancestors, attribute, inline_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_NEXT_CLASS = re.compile("next|weiter|vor|older", re.I)
_NEXT = re.compile(r"(?:weiter|nächste|naechste|next|vor|ältere|older)\b.*|[›»>]+|→", re.I)


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
    second: str = ""
    """Address of the second page."""


def find_paging(tree: LexborHTMLParser, url: str) -> Paging | None:
    """How the next pages of a listing are had; None if nothing leads there.

    Args:
        tree: its first page.
        url: where that was fetched.
    """
    base = base_url(tree, url)
    numbered = _numbered(tree, url, base)
    following = _next_link(tree, base)
    if numbered and (not following or "chash" not in numbered.second.lower()):
        return numbered
    return following


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
        named = _named(node)
        if target and named:
            return Paging(next=f"{named}@href", second=target)
    return None


def _named(node: LexborNode) -> str:
    """A selector of a link by its class, or the class of what is around it."""
    for each in (node, *list(ancestors(node))[:2]):
        names = [
            name for name in plain_classes(each) if re.search("next|weiter|vor|older", name, re.I)
        ]
        if names:
            own = f"{each.tag}.{names[0]}"
            return own if each.tag == "a" else f"{own} a"
    return ""


def _numbered(tree: LexborHTMLParser, url: str, base: str) -> Paging | None:
    """The link that is called 2, if its address differs from the first page's by a number."""
    for node in tree.css("a[href]")[:MOST_LINKS]:
        words = inline_text(node) or ""
        if not re.fullmatch(r"(?:Seite |Page )?2", words.strip(), re.I):
            continue
        target = page_link(attribute(node, "href") or "", base)
        found = _pattern(target, url) if target else None
        if found:
            return found
    return None


def _pattern(second: str, url: str) -> Paging | None:
    """The pattern behind the address of a second page."""
    if urls.host(second) != urls.host(url) or second == url:
        return None
    parts, own = urlsplit(second), urlsplit(url)
    was = dict(parse_qsl(own.query, keep_blank_values=True))
    for pair in parts.query.split("&"):
        name, _equals, value = pair.partition("=")
        if value.isdigit() and was.get(unquote(name)) != value:
            query = parts.query.replace(pair, f"{name}={{}}", 1)
            return _with_number(f"{parts.path}?{_literal(query)}", int(value), second)
    if own.path.rstrip("/") != parts.path.rstrip("/"):
        match = re.search(r"(?<=[/=_-])(\d{1,4})(?=[/.]|$)(?!.*\d)", parts.path)
        if match:
            path = parts.path[: match.start()] + "{}" + parts.path[match.end() :]
            return _with_number(_literal(path), int(match[1]), second)
    return None


def _literal(text: str) -> str:
    """Braces of an address doubled, all but the empty pair."""
    return text.replace("{}", "\0").replace("{", "{{").replace("}", "}}").replace("\0", "{}")


def _with_number(pattern: str, number: int, second: str) -> Paging | None:
    if number in {1, 2}:
        return Paging(pattern.replace("{}", "{page}"), number - 1, second=second)
    if number >= 4:
        return Paging(pattern.replace("{}", "{skip}"), step=number, second=second)
    return None
