"""Taking teasers and names out of pages, each by the facts of the site that it is of."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from scraper.markup.redact import redact_page

if TYPE_CHECKING:
    from collections.abc import Collection

    from scraper.archive.forget import RedactPage
    from scraper.sites import Registry


def redacting(registry: Registry) -> RedactPage:
    """What takes teasers and names out of a page; see `scraper.markup.redact.redact_page`.

    Args:
        registry: finds the site by the page's address.
    """
    return partial(_redacted, registry)


def _redacted(
    registry: Registry,
    body: bytes,
    content_type: str,
    url: str,
    addresses: Collection[str],
    titles: Collection[str],
    names: Collection[str],
) -> bytes | None:
    return redact_page(body, content_type, url, registry.find(url), addresses, titles, names)
