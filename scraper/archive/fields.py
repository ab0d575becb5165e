"""Records as stored, with what the archive has learnt since they were read: files, corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scraper.archive.connection import Archive

_FILE_FIELDS = ("url", "title", "media_type", "size", "sha256", "text", "pages", "reason")
_FILES = f"SELECT {', '.join(_FILE_FIELDS)} FROM attachments WHERE article_id = ? ORDER BY position"
_FACTS = "SELECT url, corrects FROM articles WHERE id = ?"


def completed(archive: Archive, article_id: int, record: dict[str, Any]) -> dict[str, Any]:
    """The record of a release as last seen, with what does not stand on its page.

    Args:
        archive: where.
        article_id: the release.
        record: its newest record, as JSON.

    Returns:
        The record with the present address, `corrects`, and `attachments` as far as they are kept.
    """
    facts = archive.rows(_FACTS, (article_id,))
    return record | facts[0] | {"attachments": archive.rows(_FILES, (article_id,))}
