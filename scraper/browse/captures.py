"""Pages, pictures and files as they came, from the archive; nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper import urls
from scraper.archive.read import read_capture_by_id, read_picture
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive import Archive
    from scraper.records import Capture

_UNSAFE = re.compile(r"[^A-Za-z0-9_]+")

SAFE_TYPES = frozenset({"image/webp", "image/jpeg", "image/png", "image/gif", "image/avif"})
"""Media types that hold pixels and nothing else: SVG can hold scripts."""


def page(archive: Archive, capture_id: int) -> Capture | None:
    """A page as it was received; None if no page has that number.

    Raises:
        ArchiveError: it is missing or damaged.
    """
    try:
        return read_capture_by_id(archive, capture_id)
    except UsageError:
        return None


def picture(archive: Archive, article_id: int, position: int) -> Capture | None:
    """A picture of a release; None if the archive does not hold it.

    Raises:
        ArchiveError: it is missing or damaged.
    """
    rows = archive.rows(
        "SELECT src FROM images WHERE article_id = ? AND position = ?", (article_id, position)
    )
    return read_picture(archive, rows[0]["src"]) if rows else None


def attachment(archive: Archive, article_id: int, position: int) -> tuple[Capture, str] | None:
    """An attached file of a release, and a name to save it by; None if it is not kept.

    Raises:
        ArchiveError: it is missing or damaged.
    """
    rows = archive.rows(
        "SELECT url, capture_id FROM attachments WHERE article_id = ? AND position = ? "
        "AND capture_id IS NOT NULL",
        (article_id, position),
    )
    if not rows:
        return None
    return read_capture_by_id(archive, rows[0]["capture_id"]), safe_name(rows[0]["url"])


def safe_name(url: str) -> str:
    """The name of a file in letters that no header and no file system minds."""
    stem, dot, suffix = urls.file_name(url).rpartition(".")
    plain = _UNSAFE.sub("-", stem if dot else suffix).strip("-.")[:80] or "file"
    end = _UNSAFE.sub("", suffix)[:8].lower() if dot else ""
    return f"{plain}.{end}" if end else plain


def held(archive: Archive, addresses: Iterable[str]) -> set[str]:
    """Those of some pictures' addresses whose picture is in the archive."""
    wanted = tuple(addresses)
    marks = ", ".join("?" * len(wanted))
    rows = archive.rows(
        f"SELECT src FROM pictures WHERE capture_id IS NOT NULL AND src IN ({marks})", wanted
    )
    return {row["src"] for row in rows}


def media_type(capture: Capture) -> str | None:
    """The type to serve a picture with; None if it is not safe to show."""
    stated = (capture.header("content-type") or "").partition(";")[0].strip().lower()
    return stated if stated in SAFE_TYPES else None
