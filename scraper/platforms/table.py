"""From a table of facts, as TOML holds it, to a layout."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from scraper.platforms import facts
from scraper.platforms.facts import FactError
from scraper.platforms.hooks import HOOKS
from scraper.platforms.layout import CLOCKS, Layout, Pictures, Selector

if TYPE_CHECKING:
    from collections.abc import Callable

_PREFIXES = {"meta": "meta", "json-ld": "json_ld", "json": "json", "feed": "feed"}
_ATTRIBUTE = re.compile(r"(?P<css>.*?)\s*@(?P<name>[\w:.-]+)", re.S)
FEED_FIELDS = ("title", "date", "summary", "category", "content", "link")
_PLACES = ("css", "meta", "json_ld", "json", "feed", "address")


def read_selector(value: Any) -> Selector:
    """A candidate in its short or long form.

    The short form is text: `h1.title`, `time@datetime`, `meta:og:title`, `json-ld:headline`,
    `json:release.title`, `feed:title` or `address`. The long form is a table with the fields of
    `Selector` as keys.

    Raises:
        FactError: it is neither.
    """
    if isinstance(value, str):
        return _short(facts.text(value))
    found = facts.read_table(value, _SELECTOR, what="a candidate")
    places = [name for name in _PLACES if found.get(name)]
    if not places or (len(places) > 1 and not (set(places) <= {"css", "json"})):
        if set(places) == {"meta", "json"}:
            return Selector(**found)
        raise FactError((), f"a candidate needs one of {', '.join(_PLACES)}")
    return Selector(**found)


def _short(value: str) -> Selector:
    if value == "address":
        return Selector(address=True)
    name, colon, rest = value.partition(":")
    if colon and name in _PREFIXES and rest:
        if name in {"json", "json-ld"}:
            facts.path(rest)
        if name == "feed":
            facts.one_of(FEED_FIELDS)(rest)
        return Selector(**{_PREFIXES[name]: rest})  # type: ignore[arg-type]
    match = _ATTRIBUTE.fullmatch(value)
    if match:
        return Selector(css=facts.css(match["css"]), attribute=match["name"].lower())
    return Selector(css=facts.css(value))


_SELECTOR: dict[str, Callable[[Any], Any]] = {
    "css": facts.css,
    "meta": facts.text,
    "json_ld": facts.path,
    "json": facts.path,
    "feed": facts.one_of(FEED_FIELDS),
    "address": facts.truth,
    "attribute": lambda value: facts.text(value).lower(),
    "without": facts.css,
    "own": facts.truth,
    "lines": facts.truth,
    "follow": facts.truth,
    "hook": facts.one_of(HOOKS),
    "pattern": facts.pattern,
    "strip": facts.listed(facts.text),
    "split": facts.pattern,
    "clock": facts.one_of(CLOCKS),
}

selectors = facts.listed(read_selector)

_PICTURES: dict[str, Callable[[Any], Any]] = {
    "each": facts.css,
    "src": selectors,
    "alt": selectors,
    "caption": selectors,
    "credit": selectors,
    "items": facts.path,
    "noscript": facts.truth,
}


def _pictures(value: Any) -> Pictures:
    return Pictures(**facts.read_table(value, _PICTURES, what="pictures"))


_BY_TYPE: dict[str, Callable[[Any], Any]] = {
    "tuple[Selector, ...]": selectors,
    "tuple[str, ...]": facts.listed(facts.css),
    "tuple[str, str]": facts.pair,
    "frozenset[str]": facts.words,
    "str": facts.css,
    "str | None": facts.text,
    "bool": facts.truth,
    "date | None": facts.day,
    "Clock": facts.one_of(CLOCKS),
    "Pictures": _pictures,
}
_OTHERWISE: dict[str, Callable[[Any], Any]] = {
    "name": facts.text,
    "about": facts.text,
    "placeholder_times": facts.listed(facts.text),
    "drop_lines": facts.listed(facts.pattern),
}
LAYOUT_KEYS: dict[str, Callable[[Any], Any]] = {
    field.name: _OTHERWISE.get(field.name) or _BY_TYPE[str(field.type)]
    for field in dataclasses.fields(Layout)
}


def read_layout(table: Any, base: Layout | None = None) -> Layout:
    """The layout that a table states, on top of another one if there is one.

    Args:
        table: fields of `Layout` as keys; `pictures` and the like are replaced key by key.
        base: the platform's layout.

    Raises:
        FactError: a mistake, with the key.
    """
    values = facts.read_table(table, LAYOUT_KEYS, what="a layout")
    if base is None:
        if "name" not in values:
            raise FactError(("name",), "a layout needs a name")
        return Layout(**values)
    if "pictures" in values:
        given = {key.replace("-", "_") for key in table["pictures"]}
        own = {key: getattr(values["pictures"], key) for key in given}
        values["pictures"] = dataclasses.replace(base.pictures, **own)
    return dataclasses.replace(base, **values)
