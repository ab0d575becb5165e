"""The files that releases have for download: which are kept, and whether their rows are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.archive.connection import Archive
    from scraper.warc.problems import Problems

_WRONG = """
SELECT t.article_id, t.url FROM attachments t LEFT JOIN captures c ON c.id = t.capture_id
WHERE t.sha256 IS NOT c.sha256 OR t.size IS NOT c.size
  OR (t.sha256 IS NULL AND coalesce(t.text, t.pages, t.page_starts) IS NOT NULL)
  OR (t.text IS NULL) IS NOT (t.page_starts IS NULL)
ORDER BY t.article_id, t.position
"""


def check_attachments(archive: Archive, problems: Problems) -> None:
    """Compare what is known of each file with the capture that holds it."""
    for row in archive.each(_WRONG):
        problems.add(
            "attachments differ from the files behind them",
            f"Attachment {row['url']} of article {row['article_id']} differs from the file behind "
            "it: it was changed by hand.",
        )
