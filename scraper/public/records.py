"""What an archive gives: releases and quotations with what the archive knows of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.records import Article, Quote

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle(Article):
    """A release as last seen: all fields of its record, and what the archive knows of it."""

    id: int
    """Its number in this archive, which `Archive.article` takes."""
    site_name: str | None
    """Name of the city; `site` is its key."""
    word_count: int
    """Words of `text`."""
    first_seen: datetime
    """When the archive first fetched it, in UTC."""
    last_seen: datetime
    """When it was last listed or fetched, in UTC."""
    gone_at: datetime | None
    """When it was found to have disappeared, in UTC; None if it is online."""

    @property
    def online(self) -> bool:
        """Whether it was there when it was last looked for."""
        return self.gone_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredQuote(Quote):
    """A quotation, or a sentence of indirect speech, with the release it is from."""

    id: int
    article_id: int
    article_url: str
    article_title: str
    article_published: str | None
    """When the city says it published the release: ISO date-time with offset, or a date."""
    site: str
    site_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A release that a search has found."""

    id: int
    url: str
    title: str
    published: str | None
    district: str | None
    site: str
    site_name: str | None
    online: bool
    snippet: str
    """A part of its text around the words that were looked for; plain text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that happened to a release."""

    at: datetime
    """When it was noticed, in UTC."""
    kind: str
    """`changed`, `moved`, `gone`, `withdrawn`, `back`, `corrected`."""
    article_id: int
    url: str
    title: str
    published: str | None
    site: str
    site_name: str | None
    online: bool
    fields: tuple[str, ...]
    """Which fields an edit has changed."""
    detail: str | None
    """`moved`: the address before; `corrected`: the release that corrects it."""
