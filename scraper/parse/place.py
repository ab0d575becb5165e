"""Where the parts of a release stand on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from scraper.sites import Layout


@dataclass(frozen=True, slots=True)
class Parts:
    """The elements to read, in the terms of one layout."""

    layout: Layout
    root: LexborNode
    """The element that holds the release, and perhaps more."""
    title: LexborNode | None
    """The headline; None if the page has lost it."""
    introduction: LexborNode | None
    """Inside `root`: kicker, headline, date. Not part of the body."""
    date_line: str
    """Text that holds date and time of day; empty if there is none."""
    date_hint: str = ""
    """What markup says beside it."""
    foreign: frozenset[int] = frozenset()
    """`mem_id` of elements inside `root` that are not the release's."""

    date_nearby: str = ""
    """A line with a date, for want of anything that states one."""
    headline: str | None = None
    """The headline, where it is not simply the text of `title`."""
    kicker: str | None = None
    """What stands above the headline, where no selector says where."""
    pictures: LexborNode | None = None
    """The element that holds the pictures, if it is larger than `root`."""

    @property
    def is_described(self) -> bool:
        """Whether the layout names its parts; else they are found by their shape."""
        return not self.layout.shaped
