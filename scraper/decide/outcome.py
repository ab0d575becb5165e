"""What a check of a page means for the archive: a pure function of two readings.

The archive only applies it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from scraper.decide.fingerprint import fingerprint

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.records import Article


class Outcome(StrEnum):
    """What a check found."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MOVED = "moved"
    """Same content, other address."""
    MISSING = "missing"
    """The page was not there for the first time; a mistake of the server is no disappearance."""
    GONE = "gone"
    """The page is missing again, at a later run."""


WITHDRAWN = "withdrawn"
"""The event of a release that is gone because its address shows something else, or is refused."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the archive knows about an article before a check."""

    id: int
    url: str
    fingerprint: str
    gone_at: str | None = None
    missing_since: datetime | None = None
    """Time of the first 404 in a row; None if the last check found the page."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a check's result."""

    outcome: Outcome
    fingerprint: str | None
    """Of the article as parsed; None when there is no page."""
    is_back: bool = False
    """Whether the article had been gone."""
    content_changed: bool = False
    """Whether a new revision is due."""

    @property
    def is_event(self) -> bool:
        """Whether something has happened to the article, so that the page is evidence of it."""
        return self.content_changed or self.is_back or self.outcome is Outcome.MOVED


_FEW = 5
_MOST_THAT_VANISH = 0.2


def is_outage(vanished: int, checked: int) -> bool:
    """Whether so many known articles are missing at once that the site is to blame.

    A city takes down a page now and then; a relaunch or a fault of the server takes down all. At
    least five pages, and more than a fifth of those checked.

    Args:
        vanished: known articles that the server said do not exist.
        checked: known articles that were looked at, those included.
    """
    return vanished >= _FEW and vanished > checked * _MOST_THAT_VANISH


def decide(stored: Stored | None, parsed: Article | None, run_started: datetime) -> Decision:
    """Tell new from changed, unchanged, moved, missing and gone.

    Args:
        stored: what the archive has under this address or content id; None if nothing.
        parsed: the page as parsed; None if the server says that there is none (404, 410).
        run_started: when the present run began; a 404 counts as gone only if an earlier run has
            seen one already.
    """
    if parsed is None:
        missing = stored.missing_since if stored else None
        again = missing is not None and missing < run_started
        return Decision(Outcome.GONE if again else Outcome.MISSING, None)
    found = fingerprint(parsed)
    if stored is None:
        return Decision(Outcome.NEW, found, content_changed=True)
    changed = found != stored.fingerprint
    outcome = Outcome.CHANGED if changed else Outcome.UNCHANGED
    if parsed.url != stored.url:
        outcome = Outcome.MOVED
    return Decision(outcome, found, stored.gone_at is not None, changed)
