"""Markup around an article: subject headings and the slider of other releases."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import date
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32

from scraper.demo.calendar import printed_day
from scraper.demo.figures import licence
from scraper.demo.page import address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.records import Related

_CREDITS = (
    ("Stadt Dortmund", "Käthe Überhorst"),
    ("Stadt Dortmund", "Ole Feldhöfer"),
    ("Adobe Stock", "Pixelwiese"),
    ("Sportwelt Dortmund",),
    ("Stadt Dortmund",),
)


@lru_cache(maxsize=512)
def tag_id(tag: str) -> str:
    """The site's UUID of a subject heading."""
    return str(uuid5(NAMESPACE_URL, tag))


@lru_cache(maxsize=512)
def _badge(tag: str) -> str:
    filters = [{"value": tag, "id": tag_id(tag)}]
    data = json.dumps(filters, ensure_ascii=False, separators=(",", ":")).encode()
    target = f"/newsroom/nachrichten/?customContentTags={quote(b64encode(data), safe='')}"
    return (
        '<dtm-anchor text-button text-button-variant="tertiary"\n>\n'
        f'<a href="{target}">\n{escape(tag)}\n</a>\n</dtm-anchor>\n'
    )


def badges(tags: Iterable[str]) -> str:
    """The list of subject headings; nothing without any."""
    body = "".join(map(_badge, tags))
    if not body:
        return ""
    return (
        f'<dtm-category-badge-list>\n<h4 slot="headline">Schlagwörter</h4>\n{body}'
        "</dtm-category-badge-list>\n"
    )


@lru_cache(maxsize=512)
def teaser(related: Related) -> str:
    """One card: link, headline, date with the district in it, a picture with its own credit."""
    key = crc32(related.url.encode())
    day = printed_day(date.fromisoformat(related.published)) if related.published else ""
    district = f"<div>\n{escape(related.district)}\n</div>\n" if related.district else ""
    shown = f'<div slot="date">\n{day}\n{district}</div>\n' if day or district else ""
    title = escape(related.title)
    alt = "" if key % 3 == 0 else f"Vorschaubild zu: {title}"
    return (
        '<dtm-teaser\nteaser-size="small"\nteaser-color="news"\n>\n'
        f'<a\nslot="link"\nhref="{escape(address(related.url))}"\n'
        f'aria-label="Zur Detailseite von &#34;{title}&#34;"\n></a>\n'
        f"<span slot='headline'>\n{title}\n</span>\n{shown}"
        '<figure slot="media">\n<picture>\n'
        f'<img src="/dortmund/bilder-fuer-news/vorschau/{key:08x}_w460h192.webp"\nalt="{alt}"\n'
        'width="460" height="192" loading="lazy"\n>\n</picture>\n'
        f'<figcaption slot="figcaption" >\n<dtm-caption>\n{licence(_CREDITS[key % len(_CREDITS)])}'
        "</dtm-caption>\n</figcaption>\n</figure>\n</dtm-teaser>\n"
    )


def slider(related: Iterable[Related]) -> str:
    """The slider "Weitere Nachrichten"; nothing without a teaser."""
    cards = "".join(map(teaser, related))
    if not cards:
        return ""
    return (
        '<dtm-teaserslider\nid="more-news"\nprev-arrow-label="Vorherige Nachrichten"\n'
        'next-arrow-label="weitere Nachrichten">\n'
        "<h2 slot='mainheadline'>Weitere Nachrichten</h2>\n"
        '<dtm-anchor arrow bold slot="detailsLink">\n<a href="/newsroom/nachrichten/">\n'
        f'Mehr Nachrichten\n</a>\n</dtm-anchor>\n<div slot="slides">\n{cards}</div>\n'
        "</dtm-teaserslider>\n"
    )
