"""Times in an archive that lie after now: a clock was wrong, and such times are not believed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from scraper.dates import utc_iso

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.archive.connection import Archive

_TOLERANCE = timedelta(minutes=5)


def clock_trouble(archive: Archive, now: datetime) -> str | None:
    """A sentence if runs or releases of the archive lie after now; None if none does.

    Args:
        archive: where.
        now: the present, with time zone.
    """
    newest = archive.rows(
        "SELECT max(at) AS at FROM (SELECT max(started_at) AS at FROM runs "
        "UNION ALL SELECT max(seen_at) FROM runs UNION ALL SELECT max(finished_at) FROM runs "
        "UNION ALL SELECT max(at) FROM events)"
    )[0]["at"]
    if newest is None or newest <= utc_iso(now + _TOLERANCE):
        return None
    return (
        f"The archive holds times up to {newest}, but by the clock of this machine it is "
        f"{utc_iso(now)}. The clock is or was wrong; times after now are not believed. Compare the "
        "clock with the true time (`timedatectl` on Linux)."
    )
