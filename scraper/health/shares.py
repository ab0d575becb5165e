"""Whether something that most pages had is missing from the latest ones. Pure.

A share is drift when all of this holds:

- the field stood in at least 60 % of the pages before,
- its share among the latest pages is below half of that,
- at least eight of the latest pages lack it,
- chance explains it badly: if the latest pages were drawn at random from all, so few with the field
  would turn up less than once in 100,000 times (one-sided exact test of Fisher).

Three releases without a picture therefore alarm nobody. With some twenty fields watched, fewer than
1 in 1,000 runs over an unchanged newsroom alarms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import comb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

USUAL_SHARE = 0.6
"""A field below this share is a matter of taste; its absence means nothing."""
FALL = 0.5
"""Below this part of its former share a field has drifted."""
LEAST_LACKING = 8
"""Fewer pages than that without a field are a theme of the week."""
CHANCE = 1e-5
"""Above this probability a fall counts as chance."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one page was found to have, and when it came to be so."""

    url: str
    at: datetime
    """When the page became what was read: its publication, or the check that found it changed."""
    has: Mapping[str, bool]
    """The fields the page could have; a field that does not apply is left out."""
    length: int | None = None
    """Characters of the text; None if the page could not be read at all."""
    capture_id: int | None = None
    """The page itself; None if it is not kept."""
    revision_id: int | None = None
    """The record of it; None if the page could not be read."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A field that has become rare."""

    field: str
    before: float
    """Its share among the pages before, 0 to 1."""
    now: float
    """Its share among the latest pages, 0 to 1."""
    pages_before: int
    pages_now: int
    since: datetime
    """From when on pages mostly lack it."""
    probability: float
    """That chance alone makes so few of the latest pages have it."""
    example: Observation
    """The latest page without it."""


def chance_of(part: int, whole: int, part_before: int, whole_before: int) -> float:
    """Probability of so few among the latest pages, if they are drawn at random from all.

    Args:
        part: latest pages that have the field.
        whole: latest pages.
        part_before: earlier pages that have it.
        whole_before: earlier pages.
    """
    having = part + part_before
    lacking = whole + whole_before - having
    ways = sum(
        comb(having, count) * comb(lacking, whole - count)
        for count in range(max(0, whole - lacking), part + 1)
    )
    return ways / comb(having + lacking, whole)


def has_fallen(part: int, whole: int, part_before: int, whole_before: int) -> bool:
    """Whether a share has drifted, by the rule of this module; the counts as in `chance_of`."""
    if not whole or not whole_before:
        return False
    before = part_before / whole_before
    few = whole - part < LEAST_LACKING or before < USUAL_SHARE
    if few or part / whole >= FALL * before:
        return False
    return chance_of(part, whole, part_before, whole_before) < CHANCE


def find_falls(latest: Sequence[Observation], earlier: Sequence[Observation]) -> list[Fall]:
    """The fields of which the latest pages have far less than those before.

    Text that became short counts as a field: it has to have half the length that three quarters of
    the earlier pages reach.

    Args:
        latest: the pages to judge.
        earlier: the history to judge them by.
    """
    latest, earlier = _with_length(latest, earlier)
    fields = dict.fromkeys(name for reading in earlier for name in reading.has)
    return [fall for name in fields if (fall := _fall(name, latest, earlier))]


def _fall(name: str, latest: Sequence[Observation], earlier: Sequence[Observation]) -> Fall | None:
    now = [reading for reading in latest if name in reading.has]
    before = [reading for reading in earlier if name in reading.has]
    part, part_before = (sum(reading.has[name] for reading in some) for some in (now, before))
    if not has_fallen(part, len(now), part_before, len(before)):
        return None
    return Fall(
        name,
        part_before / len(before),
        part / len(now),
        len(before),
        len(now),
        _since(name, [*before, *now]),
        chance_of(part, len(now), part_before, len(before)),
        max((r for r in now if not r.has[name]), key=lambda reading: reading.at),
    )


def _since(name: str, readings: Sequence[Observation]) -> datetime:
    """The moment behind which lacking outweighs having most."""
    ordered = sorted(readings, key=lambda reading: reading.at, reverse=True)
    since, balance, best = ordered[0].at, 0, 0
    for reading in ordered:
        balance += -1 if reading.has[name] else 1
        if balance > best:
            since, best = reading.at, balance
    return since


def _with_length(
    latest: Sequence[Observation], earlier: Sequence[Observation]
) -> tuple[list[Observation], list[Observation]]:
    lengths = sorted(reading.length for reading in earlier if reading.length is not None)
    if not lengths:
        return list(latest), list(earlier)
    usual = lengths[len(lengths) // 4] // 2
    name = f"text of {usual} characters or more"

    def marked(reading: Observation) -> Observation:
        if reading.length is None:
            return reading
        return replace(reading, has={**reading.has, name: reading.length >= usual})

    return list(map(marked, latest)), list(map(marked, earlier))
