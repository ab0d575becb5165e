"""Whether a time of capture can be true: after the web began, and not after now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.importing.found import Broken, Entry, Revisit

if TYPE_CHECKING:
    from scraper.importing.found import Found

BEGINNING_OF_THE_WEB = datetime(1991, 1, 1, tzinfo=UTC)
"""Nothing was captured before; the first web site opened on 6 August 1991."""


def credible(found: Found, now: datetime) -> Found:
    """What was found, or why its time cannot be believed.

    A capture of the future would be the present text of its release for ever.
    """
    if not isinstance(found, Entry | Revisit) or BEGINNING_OF_THE_WEB <= found.at <= now:
        return found
    when = "that is still to come" if found.at > now else "when there was no web yet"
    stated = found.at.isoformat(" ", "seconds")
    source = "it says" if not isinstance(found, Entry) or found.is_dated else "its file is dated"
    return Broken(
        found.where, f"its time is not credible: {source} {stated}, {when}, so it is left out"
    )
