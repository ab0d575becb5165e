"""Contents that could not be read within the budget: each is tried three times in its life.

A content is known by its SHA-256, whichever address it has and whether a crawl, an import or a
`reparse --write` meets it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from scraper.dates import utc_iso

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scraper.archive.connection import Archive
    from scraper.records import Capture

MAX_TRIES = 3
REFUSAL = f"it was given up after {MAX_TRIES} tries that took too much time or memory"
"""What is said of a content that is not read any more."""


class OverBudgetContents:
    """Reads and writes the table `over_budget`.

    Args:
        archive: open for writing.
        now: the present, with time zone.
    """

    def __init__(self, archive: Archive, now: Callable[[], datetime]) -> None:
        self._archive = archive
        self._now = now
        rows = archive.rows("SELECT sha256, tries FROM over_budget")
        self._tries: dict[str, int] = {row["sha256"]: row["tries"] for row in rows}

    def refused(self) -> frozenset[str]:
        """SHA-256 of the contents that are not to be read any more."""
        return frozenset(digest for digest, tries in self._tries.items() if tries >= MAX_TRIES)

    def tried(self) -> frozenset[str]:
        """SHA-256 of the contents that have exceeded the budget at all."""
        return frozenset(self._tries)

    def refusal(self, capture: Capture) -> str | None:
        """Why a content is not to be read any more; None if it may be tried."""
        if not self._tries or self._tries.get(sha256(capture.body), 0) < MAX_TRIES:
            return None
        return REFUSAL

    def exceeded(self, capture: Capture, reason: str) -> None:
        """Note that reading a content has exceeded the budget once more."""
        self.note(sha256(capture.body), capture.url, reason)

    def note(self, digest: str, url: str, reason: str) -> None:
        """Note that reading the content of a SHA-256 has exceeded the budget once more."""
        self._tries[digest] = self._tries.get(digest, 0) + 1
        values = {"sha256": digest, "url": url, "reason": reason, "now": utc_iso(self._now())}
        with self._archive.transaction() as db:
            db.execute(
                "INSERT INTO over_budget (sha256, url, tries, reason, last_tried) "
                "VALUES (:sha256, :url, 1, :reason, :now) ON CONFLICT (sha256) DO UPDATE SET "
                "tries = tries + 1, reason = excluded.reason, last_tried = excluded.last_tried",
                values,
            )


def sha256(body: bytes) -> str:
    """The digest by which a content is known, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()
