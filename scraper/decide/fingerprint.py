"""One short value for an article's own content, to tell a change from noise.

Blind to teasers, template, field order and to what servers sign addresses with; a changed comma
changes it. The value begins with the version of the recipe: 2 for a release that has a subtitle or
an issuer, 1 for all others, so that none looks changed because fields were added to the record.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from scraper.records import to_json
from scraper.urls import unsigned

if TYPE_CHECKING:
    from scraper.records import Article

VERSION = "1"
VERSION_WITH_MORE = "2"

# What the city says. Prose quotations are our reading of `sections`, not content of their own;
# sizes and largest renditions of a picture are template.
_FIELDS = (
    "title",
    "kicker",
    "lead",
    "description",
    "published",
    "modified",
    "sections",
    "videos",
    "links",
    "tags",
    "district",
)
_MORE = ("subtitle", "issuer")


def fingerprint(article: Article) -> str:
    """`<version>:<40 hex digits>` of an article's own content."""
    record = to_json(article)
    content: dict[str, Any] = {name: record[name] for name in _FIELDS}
    version = VERSION
    if any(record[name] for name in _MORE):
        content |= {name: record[name] for name in _MORE}
        version = VERSION_WITH_MORE
    for name in ("links", "videos"):
        content[name] = [{**item, "url": unsigned(item["url"])} for item in record[name]]
    content["images"] = [
        {name: image[name] for name in ("alt", "caption", "credit")} for image in record["images"]
    ]
    content["quotes"] = [
        {name: quote[name] for name in ("text", "speaker", "role")}
        for quote in record["quotes"]
        if quote["kind"] == "block"
    ]
    plain = json.dumps(_without_empty(content), sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{version}:{digest[:40]}"


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        cleaned = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if item not in (None, "", [], {})}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value
