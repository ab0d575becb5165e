"""When two people of the same name in two cities are one person. Pure.

The same name in two cities is two people, unless an office says otherwise:

1. An office in one city's releases names the other city: its mayor is a guest there.
2. Both have an office above cities of the same kind, such as a ministry of the state.

Within one city, the same name is one person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.archive.search.german import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_ROLE = 300
_CASES = frozenset({"", "s", "er", "ers"})
"""What a city's name may end in: `Kölns`, `Kölner`."""
_NO_NAME = frozenset(
    "stadt freie freistaat land kanton kreis gemeinde markt und der die das".split()
)
_ABOVE_CITIES = (
    "bundes", "landes", "minister", "staatssekretar", "regierungsprasident", "bezirksregierung",
    "europa", "landtag", "stadtetag", "landschaftsverband", "handelskammer", "handwerkskammer",
)  # fmt: skip
"""Beginnings or ends of words of offices that no city has one of its own of; as `name_key`."""
_OF_CITIES = ("hauptstadt", "bundesstadt")
"""In words that only look so: `Landeshauptstadt`."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody of a name in the releases of one city."""

    site: str
    """Key of the city."""
    city: str
    """Its name."""
    roles: tuple[str, ...]
    """Offices, as printed there."""


def persons(speakers: Sequence[Speaker]) -> list[list[Speaker]]:
    """Speakers of one name, those that are one person together; in the order given."""
    groups: list[list[Speaker]] = []
    for speaker in speakers:
        same = [group for group in groups if any(_is_same(speaker, one) for one in group)]
        joined = [*(one for group in same for one in group), speaker]
        kept = [group for group in groups if group not in same]
        at = groups.index(same[0]) if same else len(kept)
        kept.insert(at, joined)
        groups = kept
    return groups


def _is_same(one: Speaker, other: Speaker) -> bool:
    if one.site == other.site or _names(one.roles, other.city) or _names(other.roles, one.city):
        return True
    return bool(_above_cities(one.roles) & _above_cities(other.roles))


def _names(roles: Iterable[str], city: str) -> bool:
    """Whether an office names a city: `Oberbürgermeister von Köln`, `Kölner Kämmerin`."""
    name = _bare(city)
    return bool(name) and any(
        word.startswith(name) and word.removeprefix(name) in _CASES
        for role in roles
        for word in _words(role)
    )


@lru_cache(maxsize=1_000)
def _bare(city: str) -> str:
    """The name without what the city is: of `Freie Hansestadt Bremen` the last word."""
    for word in _words(city):
        if word not in _NO_NAME and not word.endswith("stadt"):
            return word
    return ""


def _above_cities(roles: Iterable[str]) -> set[str]:
    """The kinds of offices above cities among some offices."""
    return {mark for role in roles for mark in _marks(role)}


@lru_cache(maxsize=20_000)
def _marks(role: str) -> frozenset[str]:
    return frozenset(
        mark
        for word in _words(role)
        for mark in _ABOVE_CITIES
        if mark in word and not any(part in word for part in _OF_CITIES)
    )


@lru_cache(maxsize=20_000)  # the same offices again and again
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(name_key(text[:_LONGEST_ROLE])))
