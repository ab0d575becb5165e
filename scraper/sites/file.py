"""A site's file of facts: TOML in, a `Site` out, every mistake told with file, line and key."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from typing import TYPE_CHECKING, Any

from scraper.errors import UsageError
from scraper.platforms import facts, platform, platform_names
from scraper.platforms.facts import FactError
from scraper.platforms.table import read_layout, read_selector, selectors
from scraper.sites import values as known
from scraper.sites.site import VERIFIED, ArticleAddress, Site, Verified
from scraper.sites.source import read_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.platforms.layout import Layout

_MOST_BYTES = 1_000_000
_MOST_TOLD = 1_600  # characters about one mistake


def read_site(text: str, name: str, *, key: str | None = None) -> Site:
    """The site that a file states.

    Args:
        text: the file, TOML.
        name: what to call the file in messages.
        key: the site's key where the file states none, such as its name without suffix.

    Raises:
        UsageError: a mistake; the message names file, line and key, and what is allowed.
    """
    if len(text) > _MOST_BYTES:
        raise UsageError(
            f"{name} is larger than any file of facts about a site. Is it another file?"
        )
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is not valid TOML: {error}. Nothing was read from it.") from None
    except RecursionError:
        raise UsageError(f"{name} is nested deeper than any file of facts about a site.") from None
    try:
        return _site(table, key, text)
    except FactError as error:
        raise UsageError(_told(error, name, text)) from None


def _site(table: dict[str, Any], key: str | None, text: str) -> Site:
    values = facts.read_table(table, _KEYS, what="a site")
    if key is not None:
        values.setdefault("key", key)
    for needed in ("key", "name", "url"):
        if needed not in values:
            raise FactError((needed,), f"a site needs {needed!r}")
    if not values.get("sources"):
        raise FactError(
            ("sources",),
            "a site needs at least one source, such as [[sources]] with method = 'feed' and url",
        )
    values["origin"] = values.pop("url")
    layout, layouts = values.pop("layout", None), values.pop("layouts", None)
    values["layouts"] = _layouts(values.get("platform"), layout, layouts)
    values["platform"] = values.get("platform") or values["layouts"][0].name
    return Site(**values, file=text)


def _layouts(name: str | None, layout: Any, layouts: Any) -> tuple[Layout, ...]:
    """Those of the file, each on top of its platform's."""
    if layouts is not None and (layout is not None or name is not None):
        raise FactError(
            ("layouts",), "a site with several layouts names the platform in each, and no [layout]"
        )
    if layouts is None:
        if layout is not None and not isinstance(layout, dict):
            raise FactError(("layout",), "a table [layout] is needed")
        own = {**(layout or {}), **({"platform": name} if name else {})}
        try:
            return (_layout(own),)
        except FactError as error:
            raise (error if error.keys[:1] == ("platform",) else error.below("layout")) from None
    if not isinstance(layouts, list) or not layouts:
        raise FactError(("layouts",), "a list of tables [[layouts]] is needed")
    found = []
    for position, each in enumerate(layouts, 1):
        try:
            found.append(_layout(each))
        except FactError as error:
            raise error.below(position).below("layouts") from None
    return tuple(found)


def _layout(table: Any) -> Layout:
    if not isinstance(table, dict):
        raise FactError((), "a table is needed for a layout")
    own = {key: value for key, value in table.items() if key != "platform"}
    name = table.get("platform")
    if name is None:
        layout = read_layout({"name": "own", **own} if own else {}, platform("generic"))
        named = {"content", "body", "body_json"} & own.keys()
        return dataclasses.replace(layout, found=False) if named else layout
    if name not in platform_names():
        raise FactError(
            ("platform",), f"{name!r} is no platform. There are: {', '.join(platform_names())}"
        )
    return read_layout(own, platform(name))


_VERIFIED = {"how": facts.one_of(VERIFIED), "source": facts.text, "day": facts.day}
_ARTICLE = {
    "sections": facts.listed(known.root_path),
    "suffix": facts.text,
    "path": facts.pattern,
    "query": facts.listed(facts.text),
    "fragment": facts.pattern,
    "template": known.template,
    "marker": facts.css,
}


def _verified(value: Any) -> Verified:
    found = facts.read_table(value, _VERIFIED, what="verified")
    if "how" not in found:
        raise FactError(("how",), f"it must be said how: {', '.join(VERIFIED)}")
    return Verified(**found)


def _article(value: Any) -> ArticleAddress:
    found = facts.read_table(value, _ARTICLE, what="article")
    if not found:
        raise FactError((), f"one of these is needed: {', '.join(_ARTICLE)}")
    return ArticleAddress(**found)


_KEYS: dict[str, Callable[[Any], Any]] = {
    "key": known.key,
    "name": facts.text,
    "url": known.origin,
    "aliases": known.hosts,
    "other_hosts": known.hosts,
    "zone": known.zone,
    "language": known.language,
    "article": _article,
    "identity": selectors,
    "sources": facts.listed(read_source),
    "platform": facts.one_of(platform_names()),
    "layout": lambda value: value,
    "layouts": lambda value: value,
    "verified": _verified,
    "notes": facts.text,
    "delay_seconds": facts.number(0, 3600),
    "cookies": known.cookies,
    "not_found": facts.listed(facts.text),
    "title_suffixes": facts.listed(facts.text),
    "soft_prefixes": facts.listed(facts.text),
    "correction_prefixes": facts.listed(facts.text),
    "districts": facts.words,
    "district_parent": facts.text,
    "attachments": facts.truth,
    "attachment_headings": facts.words,
    "credit_labels": facts.listed(facts.text),
    "rendition": known.rendition,
    "generic_images": facts.listed(facts.text),
    "redirector": facts.pair,
    "retired_pages": facts.listed(facts.pair),
}


def _told(error: FactError, name: str, text: str) -> str:
    """One paragraph: which file, which line, which key, what is wrong, what is allowed."""
    keys = ".".join(str(key) for key in error.keys) or "the file"
    line = _line_of(text, error.keys)
    place = f"{name}, line {line}" if line else name
    reason = error.reason.rstrip(".")
    if len(reason) > _MOST_TOLD:  # about a very long value; what is allowed stands at the end
        reason = f"{reason[: _MOST_TOLD // 4]} … {reason[-_MOST_TOLD // 2 :]}"
    return f"{place}: {keys}: {reason}. Nothing was read from this file."


def _line_of(text: str, keys: tuple[str | int, ...]) -> int | None:
    """The line on which the innermost key stands that can be found; None if none can."""
    names = [key for key in keys if isinstance(key, str)]
    positions = [key for key in keys if isinstance(key, int)]
    table = re.compile(r"\s*\[+\s*([\w.\s-]+?)\s*\]+")
    best: tuple[int, int] | None = None
    inside: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header = table.fullmatch(line.partition("#")[0].rstrip())
        if header:
            inside = [part.strip() for part in header[1].split(".")]
            seen[header[1]] = seen.get(header[1], 0) + 1
            here = inside
        else:
            key = re.match(r"\s*([\w-]+)\s*(?:\.|=)", line)
            if key is None:
                continue
            here = [*inside, key[1]]
        if (
            line.lstrip().startswith("[[")
            and positions
            and seen.get(".".join(here)) != positions[0]
        ):
            inside = ["another entry"]
            continue
        depth = len(here) if here == names[: len(here)] else 0
        if depth and (best is None or depth > best[0]):
            best = depth, number
    return best[1] if best else None


def with_facts(site: Site, **changes: Any) -> Site:
    """The site with some facts changed, for tests and for `sites add`."""
    return dataclasses.replace(site, **changes)


__all__ = ["read_selector", "read_site", "with_facts"]
