"""What every page of the site shares: head, navigation script, wrapper, footer, privacy texts."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from html import escape
from importlib import resources
from urllib.parse import unquote

from scraper import urls

BASE = "https://www.dortmund.de"
"""Origin of every canonical URL."""
NAVIGATION_BYTES = 375_000
"""Size of the navigation script on the real site."""

_MARKS = ("<!--{head}-->", "<!--{navigation}-->", "<!--{main}-->", "<!--{tools}-->")
_TOPICS = ("Bürgerdienste", "Schulen & Kitas", "Straßenbau", "Museen", "Bäder", "Märkte", "Grün")


@cache
def _chrome() -> tuple[str, ...]:
    """The template, cut at its marks: a page without content, in the elements of the site."""
    rest = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    pieces = []
    for mark in _MARKS:
        piece, rest = rest.split(mark)
        pieces.append(piece)
    return (*pieces, rest)


@lru_cache(maxsize=8)
def navigation(size_bytes: int = NAVIGATION_BYTES, revision: int = 0) -> bytes:
    """The value of the inline script that makes up most of a page: a JSON array.

    Args:
        size_bytes: about how long it shall be; never shorter than one entry.
        revision: another number makes another navigation.
    """
    entries: list[str] = []
    size = number = 0
    while size < size_bytes or not entries:
        topic = _TOPICS[number % len(_TOPICS)]
        children = [
            _entry(f"{topic} {number}.{child}", number * 20 + child, []) for child in range(12)
        ]
        entry = json.dumps(
            _entry(f"{topic} {number} (Stand {revision})", number * 20 + 19, children),
            ensure_ascii=False,
            separators=(",", ":"),
        )
        entries.append(entry)
        size += len(entry.encode()) + 1
        number += 1
    return ("[" + ",".join(entries) + "]").encode()


def _entry(name: str, number: int, children: list[dict[str, object]]) -> dict[str, object]:
    address = f"/themen/bereich-{number}/"
    return {"name": name, "url": address, "children": children, "external": False, "id": number}


def page_parts(head: str, main: str, tools: str = "") -> tuple[bytes, bytes]:
    """A page in two parts, between which the navigation belongs.

    Args:
        head: markup for the `head` element.
        main: markup for the `main` element.
        tools: markup for the bookmark and share buttons.
    """
    start, to_navigation, to_main, to_tools, end = _chrome()
    return (start + head + to_navigation).encode(), (
        to_main + main + to_tools + tools + end
    ).encode()


def attribute(name: str, value: object | None) -> str:
    """` name="value"`, or nothing for None."""
    return "" if value is None else f' {name}="{escape(str(value))}"'


def address(url: str, *, relative: bool = True) -> str:
    """A URL as the site's editors spell it: site-relative, non-ASCII characters left as they are.

    Args:
        url: canonical URL.
        relative: whether pages of the site lose their origin.
    """
    spelled = url
    if "%" in url:
        raw = unquote(url)
        if raw.isprintable() and " " not in raw and urls.canonical(raw, BASE) == url:
            spelled = raw
    path = spelled.removeprefix(BASE)
    # A path that starts with two slashes would name another host.
    return path if relative and path[:1] == "/" != path[1:2] else spelled
