"""Reading a table of facts strictly: each key is known, each value of the type that it must have.

A mistake becomes a `FactError` that knows the key; `scraper.sites.file` adds file and line.
"""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

T = TypeVar("T")


class FactError(Exception):
    """A mistake in a table of facts.

    Args:
        keys: names of the tables and of the key, from the outside in; a number for a list's entry.
        reason: what is wrong and what is allowed, as a sentence.
    """

    def __init__(self, keys: tuple[str | int, ...], reason: str) -> None:
        super().__init__(reason)
        self.keys = keys
        self.reason = reason

    def below(self, key: str | int) -> FactError:
        """The same mistake, seen from the table around."""
        return FactError((key, *self.keys), self.reason)


def read_table(
    table: Any, readers: Mapping[str, Callable[[Any], Any]], *, what: str
) -> dict[str, Any]:
    """The values of a table by the names of its keys.

    Args:
        table: as `tomllib` gives it.
        readers: for each key that is allowed, what checks and converts its value.
        what: the kind of table, for messages.

    Raises:
        FactError: it is no table, a key is unknown, or a value is wrong.
    """
    if not isinstance(table, dict):
        raise FactError((), f"a table is needed for {what}, not {_kind(table)}")
    values = {}
    for key, value in table.items():
        if key not in readers:
            near = difflib.get_close_matches(key, readers, 1)
            hint = f" Is {near[0]!r} meant?" if near else ""
            raise FactError(
                (key,), f"{what} has no such key.{hint} Allowed are: {', '.join(sorted(readers))}"
            )
        values[key] = _below(key, readers[key], value)
    return values


def _below(key: str | int, reader: Callable[[Any], T], value: Any) -> T:
    try:
        return reader(value)
    except FactError as error:
        raise error.below(key) from None


def text(value: Any) -> str:
    """A string that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise FactError((), f"text is needed, not {_kind(value)}")
    return value


def truth(value: Any) -> bool:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise FactError((), f"true or false is needed, not {_kind(value)}")
    return value


def number(least: float, most: float) -> Callable[[Any], float]:
    """A reader of numbers within limits."""

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FactError((), f"a number is needed, not {_kind(value)}")
        if not least <= value <= most:
            raise FactError((), f"a number from {least:g} to {most:g} is needed, not {value:g}")
        return value

    return read


def whole(least: int, most: int) -> Callable[[Any], int]:
    """A reader of whole numbers within limits."""
    within = number(least, most)

    def read(value: Any) -> int:
        if not isinstance(within(value), int):
            raise FactError((), f"a whole number is needed, not {value}")
        return int(value)

    return read


def day(value: Any) -> date:
    """A date, written without quotation marks: `2026-10-05`."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise FactError((), f"a date such as 2026-10-05 is needed, not {_kind(value)}")
    return value


def one_of(allowed: Iterable[str]) -> Callable[[Any], str]:
    """A reader of words out of a list."""
    words = tuple(allowed)

    def read(value: Any) -> str:
        if value not in words:
            raise FactError((), f"{value!r} is none of: {', '.join(words)}")
        return str(value)

    return read


def listed(reader: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    """A reader of lists; a single value is a list of one."""

    def read(value: Any) -> tuple[T, ...]:
        if not isinstance(value, list):
            return (reader(value),)
        return tuple(_below(position, reader, each) for position, each in enumerate(value, 1))

    return read


def words(value: Any) -> frozenset[str]:
    """A list of words whose order does not matter."""
    return frozenset(listed(text)(value))


def pair(value: Any) -> tuple[str, str]:
    """A list of two words."""
    found = listed(text)(value)
    if len(found) != 2:
        raise FactError((), f"two words are needed, not {len(found)}")
    return found[0], found[1]


def pairs(value: Any) -> tuple[tuple[str, str], ...]:
    """A table of words: its keys and values in order."""
    if not isinstance(value, dict):
        raise FactError((), f"a table of words is needed, not {_kind(value)}")
    return tuple((key, _below(key, text, each)) for key, each in value.items())


def css(value: Any) -> str:
    """A CSS selector that the HTML parser understands."""
    # Heavy, and whoever only asks for a site's name has no selector to check.
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    selector = text(value)
    try:
        LexborHTMLParser("<p>").css(selector)
    except (SelectolaxError, UnicodeEncodeError):
        raise FactError((), f"{selector!r} is not a CSS selector that can be used") from None
    return selector


def pattern(value: Any) -> str:
    """A regular expression that is valid, and does not repeat what repeats already."""
    source = text(value)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what a later Python will read in another way
            re.compile(source)
    except (re.error, Warning, OverflowError, RecursionError) as error:
        raise FactError((), f"{source!r} is not a valid pattern: {error}") from None
    if _NESTED.search(source):
        raise FactError(
            (), f"{source!r} repeats something that repeats; such a pattern can take for ever"
        )
    return source


# A group that ends in a repetition and is repeated itself, such as `(a+)*`.
_NESTED = re.compile(r"[+*}]\)(?:[*+]|\{\d*,)")


def path(value: Any) -> str:
    """A path into JSON, as jmespath reads it."""
    import jmespath

    expression = text(value)
    try:
        jmespath.compile(expression)
    except jmespath.exceptions.JMESPathError as error:
        reason = str(error).splitlines()[0]
        raise FactError((), f"{expression!r} is not a jmespath: {reason}") from None
    return expression


def _kind(value: Any) -> str:
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a table",
        date: "a date",
        datetime: "a time",
    }
    if isinstance(value, str):
        return f"the text {value!r}" if value.strip() else "empty text"
    return names.get(type(value), type(value).__name__)
