"""What a page's JSON-LD says about the release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.markup import json_ld
from scraper.markup.tree import attribute

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_TYPES = ("Article", "PressRelease", "BlogPosting", "NewsPosting", "Report")


def read_json_ld(tree: LexborHTMLParser) -> dict[str, Any]:
    """What JSON-LD says of the article (or NewsArticle, …); empty if it says nothing.

    Where several blocks speak of it, the first that states a property counts. Objects that say they
    are about another address than the first one, or than the page, are other articles.
    """
    found: dict[str, Any] = {}
    page = attribute(tree.css_first("link[rel=canonical]"), "href")
    for item in json_ld.read_objects(tree):
        if json_ld.has_type(item, _TYPES):
            about = _about(item)
            if not found or about in {"", page, _about(found)}:
                found = {**item, **found}
    return found


def _about(item: dict[str, Any]) -> str:
    """The address an object says that it is about; empty if it does not say."""
    for key in ("url", "mainEntityOfPage", "@id"):
        value = item.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and value:
            return value.partition("#")[0]
    return ""
