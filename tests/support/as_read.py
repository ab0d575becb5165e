"""What the parser adds to what a page of the replica shows."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from scraper.parse.attachments import attachments

if TYPE_CHECKING:
    from scraper.records import Article


def as_read(article: Article) -> Article:
    """An article of the replica with the fields that say how it was read."""
    published = article.published
    precision = ("minute" if "T" in published else "day") if published else None
    return dataclasses.replace(
        article,
        published_precision=precision,
        attachments=attachments(article.links),
        language="de",
        layout="dtm-2023",
    )
