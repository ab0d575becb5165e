"""Where a site lists its releases: facts about each source, without the code that reads it.

Addresses are absolute, or paths below the site's own origin. They may hold placeholders: `{page}`,
`{skip}`, `{year}`, `{month}` (as 03; `{month_number}` is 3, `{month_name}` maerz), `{day}`, `{id}`.
`scraper.discovery` has one module for each method.
"""

from __future__ import annotations

import json
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from scraper.platforms import facts
from scraper.platforms.facts import FactError
from scraper.platforms.layout import CLOCKS, Clock, Selector
from scraper.platforms.table import read_selector, selectors

if TYPE_CHECKING:
    from collections.abc import Callable

Method = Literal[
    "feed", "sitemap", "listing", "json", "json_in_attribute", "elasticsearch", "chain"
]
METHODS: tuple[Method, ...] = get_args(Method)
PLACEHOLDERS = ("page", "skip", "year", "month", "month_number", "month_name", "day", "id", "word")


@dataclass(frozen=True)
class Source:
    """One list of releases."""

    method: Method
    """`feed`: RSS or Atom. `sitemap`: XML or text. `listing`: HTML pages with entries. `json`: an
    interface. `json_in_attribute`: JSON in an attribute of an HTML page. `elasticsearch`: a search
    interface that answers as Elasticsearch does. `chain`: each release links the one before."""
    url: str
    """Address of the source, or of its first page, with placeholders."""
    name: str = ""
    """What reports call it; the method if empty."""
    complete: bool = False
    """Whether it names every release there is, not only the newest."""
    newest_first: bool = True
    """Whether newer releases come first, so that a walk may end at the first known one."""
    dates: bool = True
    """Whether it says when each release was published."""
    clock: Clock = "stated"
    """What a time of day in it is worth."""
    delay_seconds: float | None = None
    """Least pause between requests to it; the site's if None."""
    most_requests: int | None = None
    """So many requests to it in a run at most."""

    first_page: int = 1
    """Value of `{page}` of the first page."""
    step: int = 1
    """By how much `{skip}` grows from page to page."""
    since: int | None = None
    """First year of `{year}`."""
    last: str = ""
    """Address of the page at which a source with pages ends; empty: at an empty page."""
    next: tuple[Selector, ...] = ()
    """Link to the next page, or to the release before; with `json` a path to its address."""
    pager: str = ""
    """Element around links to further pages that are called by their numbers; they are followed
    one by one where no `next` leads on."""
    entry: str = ""
    """Elements of an HTML page that stand for one release each."""
    link: tuple[Selector, ...] = ()
    """Inside an entry, or in an item of JSON: the address; the first link if there is none."""
    title: tuple[Selector, ...] = ()
    date: tuple[Selector, ...] = ()
    body: tuple[Selector, ...] = ()
    """The full text, where a source holds it."""
    path: str | None = None
    """Pattern of the addresses that count; those of articles if None."""

    items: str | None = None
    """Path to the list in JSON."""
    total: str | None = None
    """Path to the number of all releases in JSON."""
    item_url: str | None = None
    """Address of the interface for one release, with `{id}`; the page is fetched if None."""
    item_id: str | None = None
    """Path to the id of an item."""
    attribute: str | None = None
    """With `json_in_attribute`: its name; `entry` says on which element."""
    payload: str | None = None
    """JSON to POST, as text with placeholders; None for a GET."""
    parameters: tuple[tuple[str, str], ...] = ()
    """Search words and the like, asked one after the other: values of `{word}`."""
    window: int = 10_000
    """With `elasticsearch`: `from + size` above this is answered with an error."""

    @property
    def label(self) -> str:
        """What reports call it."""
        return self.name or {"elasticsearch": "search"}.get(self.method, self.method)


_NUMBERS = frozenset({"page", "skip", "year", "month_number"})
_DIGITS = re.compile(r"0?\d{0,2}d?")


def _address(value: Any) -> str:
    url = facts.text(value)
    if not url.startswith(("https://", "http://", "/")):
        raise FactError((), f"{url!r} is neither an http(s) address nor a path that begins with /")
    try:
        found = [each[1:] for each in string.Formatter().parse(url) if each[1] is not None]
    except ValueError as error:
        raise FactError((), f"{url!r} has a brace without its other one: {error}") from None
    for name, digits, conversion in found:
        if name not in PLACEHOLDERS:
            allowed = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise FactError((), f"{{{name}}} is no placeholder. Allowed are: {allowed}")
        is_number = name in _NUMBERS and _DIGITS.fullmatch(digits or "")
        if conversion or (digits and not is_number):
            shown = f"{name}{'!' + conversion if conversion else ''}:{digits}".rstrip(":")
            raise FactError((), f"{{{shown}}} asks for a form that is not known; write {{{name}}}")
    return url


def names_in(url: str) -> frozenset[str]:
    """Names of the placeholders of an address."""
    return frozenset(each[1] for each in string.Formatter().parse(url) if each[1])


def _payload(value: Any) -> str:
    if not isinstance(value, dict):
        raise FactError((), "a table is needed for what is to be posted")
    try:
        return json.dumps(value, ensure_ascii=False)
    except TypeError:
        raise FactError((), "JSON knows no dates; write them as text") from None


_KEYS: dict[str, Callable[[Any], Any]] = {
    "method": facts.one_of(METHODS),
    "url": _address,
    "name": facts.text,
    "complete": facts.truth,
    "newest_first": facts.truth,
    "dates": facts.truth,
    "clock": facts.one_of(CLOCKS),
    "delay_seconds": facts.number(0, 3600),
    "most_requests": facts.whole(1, 100_000),
    "first_page": facts.whole(0, 1_000_000),
    "step": facts.whole(1, 100_000),
    "since": facts.whole(1990, 2100),
    "last": facts.text,
    "next": selectors,
    "pager": facts.css,
    "entry": facts.css,
    "link": selectors,
    "title": selectors,
    "date": selectors,
    "body": selectors,
    "path": facts.pattern,
    "items": facts.path,
    "total": facts.path,
    "item_url": _address,
    "item_id": facts.path,
    "attribute": lambda value: facts.text(value).lower(),
    "payload": _payload,
    "parameters": facts.pairs,
    "window": facts.whole(1, 10_000_000),
}
_NEEDED: dict[str, tuple[str, ...]] = {
    "listing": ("entry",),
    "json": ("items",),
    "json_in_attribute": ("entry", "attribute", "items"),
    "chain": ("next",),
}
_OF_ALL = (
    "method url name complete newest_first dates clock delay_seconds most_requests path".split()
)
_FIELDS = "link title date body".split()
_WALKED = "first_page step since last next parameters".split()
_ITEMS = "items item_url item_id".split()
_USES: dict[str, frozenset[str]] = {
    "feed": frozenset({*_OF_ALL, "parameters"}),
    "sitemap": frozenset(_OF_ALL),
    "listing": frozenset({*_OF_ALL, *_FIELDS, *_WALKED, "entry", "pager"} - {"body"}),
    "json": frozenset({*_OF_ALL, *_FIELDS, *_WALKED, *_ITEMS, "total", "payload"}),
    "json_in_attribute": frozenset({*_OF_ALL, *_FIELDS, *_ITEMS, "entry", "attribute"}),
    "elasticsearch": frozenset({*_OF_ALL, "window"}),
    "chain": frozenset({*_OF_ALL, "next"}),
}
_DATED = frozenset({"year", "month", "month_number", "month_name", "day"})
_PLACES: dict[str, frozenset[str]] = {
    "feed": frozenset({"word"}),
    "listing": frozenset({"page", "skip", "word"}) | _DATED,
    "json": frozenset({"page", "skip", "word"}) | _DATED,
}


def read_source(table: Any) -> Source:
    """A source as a table states it.

    Raises:
        FactError: a mistake, with the key.
    """
    values = facts.read_table(table, _KEYS, what="a source")
    for key in ("method", "url"):
        if key not in values:
            allowed = f"; allowed are: {', '.join(METHODS)}" if key == "method" else ""
            raise FactError((key,), f"a source needs {key!r}{allowed}")
    method = values["method"]
    for key in _NEEDED.get(method, ()):
        if key not in values:
            raise FactError((key,), f"a source with the method {method!r} needs {key!r}")
    for key in values:
        if key not in _USES[method]:
            uses = ", ".join(sorted(_USES[method]))
            raise FactError(
                (key,), f"a source with the method {method!r} has no use for it, only for: {uses}"
            )
    _check_json(method, values)
    _check_placeholders(method, values)
    return Source(**values)


def _check_json(method: str, values: dict[str, Any]) -> None:
    for key in ("link", "title", "date", "body", "next"):
        for position, each in enumerate(values.get(key, ()), 1):
            if method in {"json", "json_in_attribute"} and not each.json:
                raise FactError((key, position), "in JSON a field is a path, such as json:title")
    if "item_url" in values and "item_id" not in values:
        raise FactError(("item_url",), "it needs 'item_id', the path to the id of an item, too")


def _check_placeholders(method: str, values: dict[str, Any]) -> None:
    """Whether each address holds what its method can fill in, and what other keys speak of."""
    names = names_in(values["url"])
    allowed = _PLACES.get(method, frozenset())
    for name in sorted(names - allowed):
        fits = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS if each in allowed) or "none"
        raise FactError(
            ("url",), f"nothing fills in {{{name}}} here; with the method {method!r}: {fits}"
        )
    if "word" in names and not values.get("parameters"):
        raise FactError(("url",), "{word} needs a table 'parameters' with the words to ask for")
    in_item = names_in(values.get("item_url", "/{id}"))
    if in_item != {"id"}:
        raise FactError(("item_url",), "it needs {id} in the place of the item's id, and no other")
    if "payload" in values:
        return
    for key, name in (("first_page", "page"), ("step", "skip"), ("since", "year")):
        if key in values and name not in names:
            raise FactError((key,), f"it is of use only where the address has {{{name}}}")


__all__ = [
    "METHODS",
    "PLACEHOLDERS",
    "Method",
    "Source",
    "names_in",
    "read_selector",
    "read_source",
]
