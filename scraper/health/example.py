"""Keeping a page that shows how the site has changed, as a file for people to look at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from scraper import urls
from scraper.disk.atomic import write_whole

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.records import Capture

DIRECTORY_NAME = "drift"
KEPT = 10
"""So many examples stay; the oldest go."""
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_SLUG_LENGTH = 80


def keep_example(directory: Path, capture: Capture, now: datetime) -> Path | None:
    """Write a page as received to `<directory>/drift/<UTC time>-<slug>.html`.

    A drift that lasts is seen at every run: a page that lies there already is not written again.

    Args:
        directory: where the archive lies.
        capture: the page.
        now: the present, with time zone.

    Returns:
        Where it lies; None if it could not be written: it is in the archive all the same.
    """
    folder = directory / DIRECTORY_NAME
    slug = _UNSAFE.sub("-", urls.file_name(capture.url).removesuffix(".html"))
    slug = slug.strip("-")[:_SLUG_LENGTH] or "page"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for other in sorted(folder.glob(f"*Z-{slug}.html")):
            if other.read_bytes() == capture.body:
                return other
        path = folder / f"{now:%Y%m%dT%H%M%S}Z-{slug}.html"
        write_whole(path, capture.body)
        for old in sorted(folder.glob("*Z-*.html"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return path
