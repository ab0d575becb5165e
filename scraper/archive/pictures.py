"""Which pictures are kept, and which are still wanted: the table `pictures`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.store import Store
from scraper.dates import utc_iso

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.archive.connection import Archive
    from scraper.archive.evidence import Kept
    from scraper.records import Capture

_MOST_FAILURES = 3

_WANTED = """
SELECT i.src FROM images i JOIN articles a ON a.id = i.article_id
LEFT JOIN pictures p ON p.src = i.src
WHERE a.site = ? AND p.capture_id IS NULL AND coalesce(p.failures, 0) < ?
GROUP BY i.src ORDER BY max(a.published) DESC, min(i.article_id), min(i.position)
"""

_KEEP = """
INSERT INTO pictures (src, site, capture_id, tried_at) VALUES (?, ?, ?, ?)
ON CONFLICT (src) DO UPDATE SET
  capture_id = excluded.capture_id, tried_at = excluded.tried_at, failures = 0, error = NULL
"""

_FAILED = """
INSERT INTO pictures (src, site, tried_at, failures, error) VALUES (?, ?, ?, 1, ?)
ON CONFLICT (src) DO UPDATE SET
  failures = failures + 1, tried_at = excluded.tried_at, error = excluded.error
"""


def wanted_pictures(archive: Archive, site: str) -> list[str]:
    """Addresses of pictures that are not kept, of the newest articles first.

    One that has failed three times is given up.
    """
    return [row["src"] for row in archive.rows(_WANTED, (site, _MOST_FAILURES))]


def keep_picture(
    archive: Archive, site: str, src: str, capture: Capture, kept: Kept, now: datetime
) -> None:
    """Note where a picture is kept.

    Args:
        archive: where.
        site: key of the site.
        src: as `images.src` has it.
        capture: the response.
        kept: where it stands on disk.
        now: the present.
    """
    with archive.transaction() as db:
        capture_id = Store(archive).add_capture(capture, kept)
        db.execute(_KEEP, [src, site, capture_id, utc_iso(now)])


def failed_picture(archive: Archive, site: str, src: str, error: str, now: datetime) -> None:
    """Note that a picture could not be had."""
    with archive.transaction() as db:
        db.execute(_FAILED, [src, site, utc_iso(now), error])
