"""The few things a selector cannot say, as named functions of an element's text and attributes."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlsplit

from scraper.text import fold


def text_or_tags_in_query(text: str, attributes: Mapping[str, str | None]) -> list[str]:
    """The text of a link; without one, the tags that its address names.

    `?customContentTags=` holds base64 of `[{"value": "Familie", "id": "…"}]`.
    """
    if text:
        return [text]
    try:
        query = parse_qs(urlsplit((attributes.get("href") or "").strip()).query)
        values = query.get("customContentTags", [])
        padded = (values[0] + "=" * (-len(values[0]) % 4)).replace(" ", "+") if values else ""
        items = json.loads(base64.b64decode(padded)) if padded else []
    except (ValueError, binascii.Error, RecursionError):
        return []
    found = [item.get("value") for item in items if isinstance(item, dict)]
    return [fold(value) for value in found if isinstance(value, str) and fold(value)]


HOOKS: dict[str, Callable[[str, Mapping[str, str | None]], list[str]]] = {
    "text-or-tags-in-query": text_or_tags_in_query,
}
"""What `hook` in a layout may name."""
