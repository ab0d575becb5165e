"""What a page says about the release: title, dates, numbers, tags."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from scraper import dates
from scraper.markup import json_ld
from scraper.markup.tree import attribute, inline_text, short_text
from scraper.text import fold, fold_or_none

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from scraper.sites import Layout, Site


_MOST_DISTRICT_CHARS = 200


@dataclass(frozen=True, slots=True)
class Published:
    """When a release was published."""

    iso: str | None
    """ISO 8601, see `Article.published`."""
    raw: str | None
    """As printed."""


def read_title(node: LexborNode | None, tree: LexborHTMLParser, site: Site) -> str | None:
    """The headline; without one, the page's title less the name of the site."""
    title = inline_text(node) if node is not None else ""
    return title or document_title(tree, site)


def document_title(tree: LexborHTMLParser, site: Site) -> str | None:
    """`<title>` without what the site adds to it."""
    node = tree.css_first("head > title")
    title = fold(node.text()) if node is not None else ""
    for suffix in site.title_suffixes:
        title = title.removesuffix(suffix)
    return title or None


def read_json_ld(tree: LexborHTMLParser) -> dict[str, Any]:
    """What JSON-LD says of the article (or NewsArticle, …); empty if it says nothing.

    Where several blocks speak of it, the first that states a property counts. Objects that say they
    are about another address than the first one, or than the page, are other articles.
    """
    found: dict[str, Any] = {}
    page = attribute(tree.css_first("link[rel=canonical]"), "href")
    for item in json_ld.read_objects(tree):
        if json_ld.has_type(item, "Article"):
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


def read_published(raw: str, hint: str, stated: dict[str, Any], site: Site) -> Published:
    """Date from the visible text, time of day beside it; JSON-LD fills in what is missing.

    Args:
        raw: the text.
        hint: what the markup says beside it; empty if nothing.
        stated: the page's object of type Article.
        site: its time zone.
    """
    day = dates.parse_date(raw) or dates.parse_date(hint)
    clock = dates.parse_time(raw)
    if clock is None and not dates.ends_day(raw):
        clock = dates.parse_time(hint)
    announced = json_ld.text_of(stated, "datePublished")
    if day is None:
        day = dates.parse_date(announced)
        instant = dates.parse_instant(announced)
        if clock is None and instant:
            return Published(dates.to_zone(instant, site.zone), raw or None)
    if day and clock is None and (dates.ends_day(raw) or dates.ends_day(hint)):
        day, clock = _next_day(day), time(0)
    iso = dates.local_iso(day, clock, site.zone) if day else None
    return Published(iso, raw or None)


def _next_day(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def read_modified(stated: dict[str, Any], site: Site) -> str | None:
    """When the city says it last changed the release."""
    announced = json_ld.text_of(stated, "dateModified")
    instant = dates.parse_instant(announced)
    if instant:
        return dates.to_zone(instant, site.zone)
    day = dates.parse_date(announced)
    return day.isoformat() if day else None


def read_description(tree: LexborHTMLParser, stated: dict[str, Any]) -> str | None:
    """The summary for search engines."""
    meta = attribute(tree.css_first("meta[name=description]"), "content")
    return fold_or_none(meta) or fold_or_none(json_ld.text_of(stated, "description"))


def read_content_id(tree: LexborHTMLParser, layout: Layout) -> str | None:
    """The content management system's id, without the language at its end."""
    selector, name = layout.content_id
    value = attribute(tree.css_first(selector), name)
    return value[:36] if value and len(value) > 36 and value[36] == "-" else value


def read_page_id(tree: LexborHTMLParser, layout: Layout) -> str | None:
    """The page's number."""
    selector, name = layout.page_id
    return attribute(tree.css_first(selector), name)


def read_tags(tree: LexborHTMLParser, layout: Layout) -> tuple[str, ...]:
    """The tags in order, each once; where a link has no text, from its address."""
    tags: dict[str, None] = {}
    for node in tree.css(layout.tags):
        text = inline_text(node)
        for tag in [text] if text else _tags_in_address(attribute(node, "href") or ""):
            tags[tag] = None
    return tuple(tags)


def _tags_in_address(href: str) -> list[str]:
    """`?customContentTags=` holds base64 of `[{"value": "Familie", "id": "…"}]`."""
    try:
        values = parse_qs(urlsplit(href).query).get("customContentTags", [])
        padded = (values[0] + "=" * (-len(values[0]) % 4)).replace(" ", "+") if values else ""
        items = json.loads(base64.b64decode(padded)) if padded else []
    except (ValueError, binascii.Error, RecursionError):
        return []
    found = [item.get("value") for item in items if isinstance(item, dict)]
    return [fold(value) for value in found if isinstance(value, str) and fold(value)]


def read_district(
    tree: LexborHTMLParser, tags: tuple[str, ...], site: Site, layout: Layout
) -> str | None:
    """The city district: a tag that names one, or a line beside the date."""
    for tag in tags:
        if tag in site.districts:
            return tag
    introduction = tree.css_first(layout.introduction)
    for node in introduction.css("div, span") if introduction is not None else []:
        text = short_text(node, _MOST_DISTRICT_CHARS)
        if text in site.districts:
            return text
    return None
