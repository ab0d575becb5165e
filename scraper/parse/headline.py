"""The headline of a page that nobody has described: what several places on it agree upon.

The visible heading, JSON-LD, OpenGraph and the page's title rarely say quite the same: one adds the
site's name, one the kicker, one is written for search engines. Whichever text most of them share is
meant; alone, the heading is believed only where another place speaks of the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.markup import json_ld
from scraper.markup.tree import ancestors, inline_text
from scraper.parse.boilerplate import is_foreign
from scraper.parse.page import text_without
from scraper.text import fold, search_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from scraper.parse.page import Page

_SEPARATOR = re.compile(r"\s+[|•·»›–—-]\s+|\s*[|•»]\s*|:\s+")
_ENDING = re.compile(r"\s+[|•·»›–—-]\s+|\s*[|•]\s*")
_INNER = "span, small, strong, em, div, p, a"
_KICKER = re.compile(
    r"kicker|topline|overline|dachzeile|roof|spitzmarke|eyebrow|super|prefix", re.I
)
_MOST_HEADINGS = 40
_MOST_INNER = 50
_MOST_NAMES = 5
_LEAST_SHARED = 12
_WORD = re.compile(r"\w{2,}")
_WEIGHTS = {"heading": 1.5, "stated": 1.3, "og": 1.1, "title": 1.0}


@dataclass(frozen=True)
class Headline:
    """What a page calls its article."""

    text: str
    kicker: str | None
    node: LexborNode | None
    """The heading that shows it; None if none does."""


def find_headline(page: Page) -> Headline | None:
    """The headline and the heading that shows it; None if the page names none."""
    stated = fold(json_ld.text_of(page.json_ld, "headline"))
    social = [
        fold(value) for name in ("og:title", "twitter:title") for value in page.metas.get(name, ())
    ]
    title = page.tree.css_first("head > title")
    document = fold(title.text()) if title is not None else ""
    names = _site_names(page)
    said: list[tuple[str, str]] = [("stated", stated)]
    said += [("og", _without_site(text, names)) for text in social[:1]]
    said += [("title", _without_site(document, names))]
    said = [(kind, text) for kind, text in said if text]
    headings = list(_headings(page, [text for _kind, text in said]))
    said = [(kind, _in_heading(text, headings)) for kind, text in said]
    votes: dict[str, float] = {}
    texts: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    for kind, text in [*(("heading", text) for _node, text in headings), *said]:
        key = search_key(text)
        if (kind, key) in seen or not key:
            continue
        seen.add((kind, key))
        votes[key] = votes.get(key, 0) + _WEIGHTS[kind]
        texts.setdefault(key, text)
    if not votes:
        return None
    best = max(votes, key=lambda key: votes[key])
    chosen = texts[best]
    node = next((node for node, text in headings if search_key(text) == best), None)
    if node is None:
        node = next((node for node, _text in headings), None)
    return Headline(chosen, _kicker(node, chosen), node)


def _in_heading(text: str, headings: list[tuple[LexborNode, str]]) -> str:
    """What a heading shows of a text that only adds something before or after it."""
    for _node, shown in headings:
        if len(shown) < _LEAST_SHARED or len(shown) >= len(text):
            continue
        before, found, after = text.partition(shown)
        starts = not before or before.rstrip().endswith((":", "|", "-", "–", "+", "•"))
        ends = not after or after.lstrip()[:1] in {"|", "-", "–", "—", "•", "·", ":", "»"}
        if found and starts and ends:
            return shown
    return text


def _site_names(page: Page) -> set[str]:
    """Names of the site, as keys: what stands at the end of a title and is none of it."""
    names = {search_key(fold(value)) for value in page.metas.get("og:site_name", ())[:_MOST_NAMES]}
    publisher = page.json_ld.get("publisher")
    if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
        names.add(search_key(fold(publisher["name"])))
    host = page.url.partition("://")[2].partition("/")[0]
    names |= {host, host.removeprefix("www."), host.removeprefix("www.").rpartition(".")[0]}
    return {name for name in names if name}


def _without_site(text: str, names: set[str]) -> str:
    """A title without the name of the site, and the section before it, at its end."""
    parts = _ENDING.split(text)
    if len(parts) < 2:
        return text
    for count in range(1, min(4, len(parts))):
        tail = search_key(parts[-count])
        if any(
            tail == name or (len(name) > 3 and (name in tail or tail in name)) for name in names
        ):
            end = text.rfind(parts[-count])
            head = text[:end]
            return _ENDING.split(head + " ")[0] and head.rstrip(" |•·»›–—-")
    last = parts[-1]
    if len(parts[0]) > 15 and len(last) <= 30 and len(last.split()) <= 3:
        return text[: text.rfind(last)].rstrip(" |•·»›–—-")
    return text


def _headings(page: Page, said: list[str]) -> Iterator[tuple[LexborNode, str]]:
    """Headings that may be the headline, each with the part of its text that is it."""
    spoken = [set(_WORD.findall(text.lower())) for text in said]
    keys = {search_key(text) for text in said}
    for node in page.tree.css("h1, [itemprop=headline], h2, h3")[:_MOST_HEADINGS]:
        full = inline_text(node)
        if not full or len(full) > 400:
            continue
        forms = _forms(node, full)
        is_main = node.tag == "h1" or (node.attributes.get("itemprop") == "headline")
        exact = next((form for form in forms if search_key(form) in keys), None)
        if exact is None and len(full) >= _LEAST_SHARED:
            exact = next((full for text in said if _in_heading(text, [(node, full)]) == full), None)
        if exact is None and not is_main:
            continue
        if any(map(is_foreign, ancestors(node))) and exact is None:
            continue
        form = exact or forms[0]
        words = set(_WORD.findall(form.lower()))
        shares = [len(words & other) / max(1, min(len(words), len(other))) for other in spoken]
        if exact or not spoken or max(shares, default=0) >= 0.5:
            yield node, form


def _forms(node: LexborNode, full: str) -> list[str]:
    """What of a heading may be the headline: without its kicker, or all of it."""
    forms = []
    inner = [each for each in node.css(_INNER)[:_MOST_INNER] if each.mem_id != node.mem_id]
    for each in inner:
        if _KICKER.search(each.attributes.get("class") or ""):
            rest = text_without(node, None)
            rest = fold(rest.replace(inline_text(each), "", 1)).lstrip(" :|–-")
            if rest:
                forms.append(rest)
    forms.append(full)
    own = text_without(node, None, own=True)
    if own and own != full:
        forms.append(own)
    forms += [text for each in inner if (text := inline_text(each)) and text != full]
    for match in _SEPARATOR.finditer(full):
        forms.append(full[match.end() :])
    return forms


def _kicker(node: LexborNode | None, chosen: str) -> str | None:
    """What stands before the headline in the same heading, or in an element named for it."""
    if node is None:
        return None
    full = inline_text(node)
    if full != chosen and full.endswith(chosen):
        return full[: -len(chosen)].strip(" :|–-") or None
    parent = node.parent
    for around in (node.prev, parent.prev if parent is not None else None):
        other = around
        for _step in range(3):
            if other is None:
                break
            if _KICKER.search((other.attributes or {}).get("class") or "") and other.tag != "-text":
                return inline_text(other) or None
            other = other.prev
    return None
