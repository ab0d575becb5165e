"""What a release holds, whichever way its markup was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.records import Image, Link, Quote, Section, Video


@dataclass(frozen=True, slots=True)
class Content:
    """Lead, text, pictures, quotation blocks, videos, links; fields as in `Article`."""

    lead: str | None
    sections: tuple[Section, ...]
    images: tuple[Image, ...]
    quotes: tuple[Quote, ...]
    videos: tuple[Video, ...]
    links: tuple[Link, ...]
