"""Records that discovery and the crawl exchange: a request to make, a listing that was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.records import Candidate, Capture, Request


@dataclass(frozen=True, slots=True)
class Listing:
    """What one answer of a source held."""

    candidates: tuple[Candidate, ...] = ()
    """In the order of the source."""
    steps: tuple[Step, ...] = ()
    """What to ask next; empty at the end."""
    warnings: tuple[str, ...] = ()
    """What the reader of a run's report should know."""


@dataclass(frozen=True, slots=True)
class Step:
    """A request, and how to read its answer.

    `read` raises `ParseError` when the answer is not what the source should give.
    """

    source: str
    request: Request
    read: Callable[[Capture], Listing] = field(compare=False)
    optional: bool = False
    """Whether a 404 is no news: not every site has such a source, nor every source such a page."""
    missing: frozenset[int] = frozenset()
    """Further statuses that mean the same as a 404."""
    reads_missing: bool = False
    """Whether `read` takes a 404, too, and says what to ask for next."""
