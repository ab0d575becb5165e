"""One history of a release out of what two archives saw of it, and when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.decide.timeline import Version

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Sighting:
    """A moment at which a version was seen."""

    at: str
    """ISO 8601 in UTC to the second."""
    fingerprint: str
    revision: int
    """Number of the version: above 0 in the archive itself, below 0 in the other one."""


@dataclass(frozen=True, slots=True)
class Together:
    """The history that both archives have.

    Attributes:
        versions: in the order of time; `id` is the revision that a version is, `like` the one whose
            words it repeats, if that one was seen on both sides of another.
        interrupted: when another version began that one of the archives had missed, between two
            moments at which it saw the same.
    """

    versions: tuple[Version, ...]
    interrupted: tuple[str, ...]


def together(own: Sequence[Sighting], theirs: Sequence[Sighting]) -> Together | None:
    """Bring two histories together; None if the other archive has seen nothing that is new.

    What both saw in the same second counts once. Of different versions in one second, those of the
    archive itself come first, in its order.

    Args:
        own: of this archive, in the order of time.
        theirs: of the other one, likewise.
    """
    known = {(each.at, each.fingerprint) for each in own}
    new = [each for each in theirs if (each.at, each.fingerprint) not in known]
    if not new:
        return None
    versions: list[Version] = []
    interrupted = []
    shown: set[int] = set()
    for group in _groups(sorted((*own, *new), key=lambda sighting: sighting.at)):
        numbers = sorted({each.revision for each in group}, key=lambda number: number < 0)
        number = numbers[0]
        is_repeated = number in shown
        if not shown.isdisjoint(numbers):
            interrupted.append(versions[-1].first_seen)
        versions.append(
            Version(
                group[0].at,
                group[-1].at,
                group[0].fingerprint,
                id=None if is_repeated else number,
                like=number if is_repeated else None,
            )
        )
        shown.update(numbers)
    return Together(tuple(versions), tuple(interrupted))


def _groups(sightings: Sequence[Sighting]) -> list[list[Sighting]]:
    """Sightings of one version in a row; two revisions of the archive itself stay two."""
    groups: list[list[Sighting]] = []
    here: int | None = None  # the revision of the archive itself that the newest group shows
    for each in sightings:
        number = each.revision if each.revision > 0 else None
        is_same = groups and groups[-1][-1].fingerprint == each.fingerprint
        if is_same and (number is None or here in {None, number}):
            groups[-1].append(each)
            here = here or number
        else:
            groups.append([each])
            here = number
    return groups
