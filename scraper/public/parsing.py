"""The parser on its own: a page that somebody has saved, as a record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.extract.extract import extract, extract_guessed
from scraper.records import Capture
from scraper.sites import SITES
from scraper.sites.guess import unknown_site

if TYPE_CHECKING:
    from scraper.records import Article


def parse(
    html: bytes | str, url: str, *, site: str = "auto", captured_at: datetime | None = None
) -> Article:
    """The record of a page of a release: title, text, dates, pictures, quotations.

    Nothing is fetched or stored.

    Args:
        html: the page as it was sent; text is taken for UTF-8.
        url: its address; relative links are resolved against it.
        site: key of a newsroom, path of a file of facts, or `auto`: the newsroom whose host it is,
            else by the platform's fingerprint, else generic reading (`layout` is `generic` then).
        captured_at: when it was captured, with time zone; now if None. Words such as "heute" are
            read by it.

    Raises:
        UsageError: there is no such newsroom.
        ParseError: the page is no release.
    """
    body = html.encode() if isinstance(html, str) else html
    headers = (("content-type", "text/html; charset=utf-8"),) if isinstance(html, str) else ()
    capture = Capture(url, body, captured_at or datetime.now(UTC), headers=headers)
    if site != "auto":
        return extract(capture, SITES.get(site))
    return extract_guessed(capture, SITES.find(url) or unknown_site(url), SITES)
