"""Where in an article's history a page belongs that was captured at some time in the past. Pure.

A history is a row of versions in the order of time, each seen from one moment to another. A page
either confirms a version, stretches it, comes between two, or shows that a version which seemed to
last was interrupted. The result does not depend on the order in which pages come.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper.decide.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article."""

    first_seen: str
    """ISO 8601 in UTC to the second, as the archive stores its own times."""
    last_seen: str
    fingerprint: str
    id: int | None = None
    """Its revision; None if there is none yet."""
    like: int | None = None
    """The revision whose words it repeats, for one that appears when another is parted."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A history with one more page in it."""

    outcome: Outcome
    """`new` for the first page of all, `changed` for one more version, else `unchanged`."""
    versions: tuple[Version, ...]
    at: int
    """Index of the version that the page shows."""


def place(
    versions: Sequence[Version], moment: str, fingerprint: str, seen: Sequence[str] = ()
) -> Placement:
    """Put a page into a history.

    Of two pages captured in the same second, the one with the smaller fingerprint counts as the
    earlier one.

    Args:
        versions: in the order of time, none of which overlap.
        moment: when the page was captured.
        fingerprint: of its content.
        seen: times at which pages of the article are kept, in order; where a version has to be
            parted, they tell until when and from when on it was really seen.
    """
    key = (moment, fingerprint)
    index = bisect_left([(v.last_seen, v.fingerprint) for v in versions], key)
    before = versions[index - 1] if index else None
    after = versions[index] if index < len(versions) else None
    if after is not None and (after.first_seen, after.fingerprint) <= key:
        if after.fingerprint == fingerprint:
            return Placement(Outcome.UNCHANGED, tuple(versions), index)
        return _parted(versions, index, key, seen)
    if before is not None and before.fingerprint == fingerprint:
        longer = replace(before, last_seen=moment)
        return Placement(
            Outcome.UNCHANGED, (*versions[: index - 1], longer, *versions[index:]), index - 1
        )
    if after is not None and after.fingerprint == fingerprint:
        longer = replace(after, first_seen=moment)
        return Placement(
            Outcome.UNCHANGED, (*versions[:index], longer, *versions[index + 1 :]), index
        )
    own = Version(moment, moment, fingerprint)
    outcome = Outcome.CHANGED if versions else Outcome.NEW
    return Placement(outcome, (*versions[:index], own, *versions[index:]), index)


def _parted(
    versions: Sequence[Version], index: int, key: tuple[str, str], seen: Sequence[str]
) -> Placement:
    """A version turns out to have been two, with another one between them."""
    whole = versions[index]
    moment, fingerprint = key
    inside = [s for s in seen if whole.first_seen <= s <= whole.last_seen]
    earlier = [s for s in inside if (s, whole.fingerprint) < key]
    later = [s for s in inside if (s, whole.fingerprint) > key]
    first = replace(whole, last_seen=max(earlier, default=whole.first_seen))
    second = replace(
        whole,
        first_seen=min(later, default=whole.last_seen),
        id=None,
        like=whole.id if whole.id is not None else whole.like,
    )
    own = Version(moment, moment, fingerprint)
    return Placement(
        Outcome.CHANGED, (*versions[:index], first, own, second, *versions[index + 1 :]), index + 1
    )
