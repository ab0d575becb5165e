"""Which release another one corrects: told by the beginning of its title. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NEAR = timedelta(days=14)
"""A correction is published at most so long after what it corrects."""


@dataclass(frozen=True, slots=True)
class Titled:
    """What is known of a release that may correct another one, or be corrected."""

    id: int
    title: str
    published: str | None
    """ISO 8601, as in the record."""


def without_prefix(title: str, prefixes: Iterable[str]) -> str | None:
    """What follows one of the prefixes of a title, in any case of letters; None if none fits."""
    for prefix in prefixes:
        if title[: len(prefix)].casefold() == prefix.casefold() and prefix.strip():
            return title[len(prefix) :].strip() or None
    return None


def corrected(correction: Titled, like: Iterable[Titled]) -> Titled | None:
    """The release that another one corrects; None if none fits, or more than one does.

    Args:
        correction: a release whose title begins with a prefix of corrections.
        like: releases of the same site with the title that follows the prefix.
    """
    day = _day(correction)
    if day is None:
        return None
    found = [
        other
        for other in like
        if other.id != correction.id
        and (published := _day(other)) is not None
        and timedelta(0) <= day - published <= NEAR
        and _in_order(other, correction)
    ]
    return found[0] if len(found) == 1 else None


def _day(release: Titled) -> date | None:
    try:
        return date.fromisoformat((release.published or "")[:10])
    except ValueError:
        return None


def _in_order(first: Titled, second: Titled) -> bool:
    """Whether two releases of one site appeared in that order, as far as their times tell."""
    one, other = first.published or "", second.published or ""
    return one[:10] != other[:10] or min(len(one), len(other)) <= 10 or one <= other
