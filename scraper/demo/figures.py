"""Markup of pictures, quotation blocks and videos.

Nobody has seen how the site marks up a picture inside the text or a quotation block, so there are
three shapes of each. All show a picture twice (a small view with the alternative text, a full view
with the caption, both with the credit) and a quotation as portrait, name, role, credit, words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Literal
from zlib import crc32

from scraper.demo.page import address, attribute

if TYPE_CHECKING:
    from scraper.records import Image, Quote, Video

Shape = Literal["component", "figure", "plain"]
"""`component`: custom elements with slots. `figure`: HTML's own figure and blockquote.
`plain`: other custom elements, divisions and paragraphs."""

_RENDITION = re.compile(r"_w\d+h\d+(?=\.\w+$)")
_STOCK = {
    "Adobe Stock": "https://stock.adobe.com",
    "iStock": "https://www.istockphoto.com/de",
    "Pixabay": "https://pixabay.com",
}
_PRIVACY = """<p slot="privacySettingsContent">
Dieser Film kommt von einem anderen Anbieter. Was dabei übertragen wird, steht
<dtm-anchor arrow>
<a href="/allgemeines/daten/" target="_self" >auf einer eigenen Seite</a>
</dtm-anchor>
.
</p>
"""


def rendition(src: str, size: tuple[int, int]) -> str:
    """Address of the same picture in another size; unchanged if it comes in one size only."""
    return _RENDITION.sub("_w{}h{}".format(*size), src)


@lru_cache(maxsize=512)
def licence(parts: tuple[str, ...]) -> str:
    """The credit with its label, in one of the site's forms: plain, marked up, linked."""
    if not parts:
        return ""
    plain = crc32(" / ".join(parts).encode()) % 2 == 0 and parts[0] == "Stadt Dortmund"
    spelled = [_credit_part(part, first=i == 0) for i, part in enumerate(parts)]
    body = escape(" / ".join(parts)) if plain else "\n/\n".join(spelled)
    return f'<div slot="licence">\n<strong>Bild:</strong>\n{body}\n</div>\n'


def _credit_part(part: str, *, first: bool) -> str:
    text = escape(part)
    if part in _STOCK:
        link = f'<a href="{_STOCK[part]}">\n{text}\n</a>'
        return f"<dtm-anchor external>\n{link}\n</dtm-anchor>"
    return text if first and part == "Stadt Dortmund" else f"<span>{text}</span>"


def _caption(text: str, parts: tuple[str, ...]) -> str:
    """`dtm-caption`; `text` is markup. Empty if there is nothing to say."""
    body = (f'<div slot="text" >\n{text}\n</div>\n' if text else "") + licence(parts)
    return f"<dtm-caption>\n{body}</dtm-caption>\n" if body else ""


def _figcaption(text: str, parts: tuple[str, ...]) -> str:
    caption = _caption(text, parts)
    return f'<figcaption slot="figcaption" >\n{caption}</figcaption>\n' if caption else ""


def _img(image: Image, *, small: bool = False, alt: str | None = None) -> str:
    """The img element; a small view shows the small rendition, if there is one."""
    src, width, height = image.src, image.width, image.height
    if small and _RENDITION.search(src):
        src, width, height = rendition(src, (460, 192)), 460, 192
    size = attribute("width", width) + attribute("height", height)
    return (
        f'<img src="{escape(address(src))}"\nalt="{escape(alt or "")}"\n{size} loading="lazy"\n>\n'
    )


def lead_figure(image: Image) -> str:
    """The picture of the introduction, as small as teasers show it."""
    caption = _figcaption(escape(image.caption or ""), image.credit_parts)
    picture = f"<picture>\n{_img(image, small=True, alt=image.alt)}</picture>\n"
    return f'<figure slot="media">\n{picture}{caption}</figure>\n'


def body_picture(image: Image, identifier: str, shape: Shape) -> str:
    """A picture inside the text: two views next to each other."""
    text, parts = escape(image.caption or ""), image.credit_parts
    small = f"<picture>\n{_img(image, small=True, alt=image.alt)}</picture>\n"
    full = f"<picture>\n{_img(image)}</picture>\n"
    if shape == "component":
        return (
            f'<dtm-text-image\nid="{identifier}"\nimage-alignment="full"\n>\n'
            f'<figure slot="media">\n{small}{_figcaption("", parts)}</figure>\n'
            f'<dtm-lightbox slot="lightbox">\n<figure slot="media">\n{full}'
            f"{_figcaption(text, parts)}</figure>\n</dtm-lightbox>\n</dtm-text-image>\n"
        )
    if shape == "figure":
        return (
            f'<figure class="image">\n{small}{_figcaption("", parts)}</figure>\n'
            f'<figure class="image image--full">\n{full}{_figcaption(text, parts)}</figure>\n'
        )
    return (
        f'<dtm-picture id="{identifier}">\n{_img(image, small=True, alt=image.alt)}'
        f"{_caption('', parts)}</dtm-picture>\n"
        f'<dtm-picture size="full">\n{_img(image)}{_caption(text, parts)}</dtm-picture>\n'
    )


def quotation_block(quote: Quote, portrait: Image, identifier: str, shape: Shape) -> str:
    """A quotation set apart: portrait, name, role, credit, words without quotation marks."""
    img = _img(portrait, alt=portrait.alt)
    name, role = escape(quote.speaker or ""), escape(quote.role or "")
    words, parts = escape(quote.text), portrait.credit_parts
    if shape == "component":
        who = f"<p>{name}</p>\n<p>{role}</p>"
        return (
            f'<dtm-quote\nid="{identifier}"\n>\n<figure slot="media">\n<picture>\n{img}</picture>\n'
            f'{_figcaption(who, parts)}</figure>\n<div slot="quote" >\n<p>{words}</p>\n</div>\n'
            "</dtm-quote>\n"
        )
    if shape == "figure":
        return (
            f'<figure class="quote">\n{img}<figcaption>\n<strong>{name}</strong><br>{role}\n'
            f"{licence(parts)}</figcaption>\n<blockquote><p>{words}</p></blockquote>\n</figure>\n"
        )
    return (
        f'<dtm-statement id="{identifier}">\n<div class="portrait">\n{img}</div>\n'
        f'<p class="name">{name}</p>\n<p class="role">{role}</p>\n{_caption("", parts)}'
        f"<p>{words}</p>\n</dtm-statement>\n"
    )


def video_block(video: Video, identifier: str) -> str:
    """An embedded video with its privacy text, which is not content."""
    caption = _caption(escape(video.caption or ""), ())
    if caption:
        caption = f'<div slot="figcaption">\n{caption}</div>\n'
    return (
        f'<dtm-text-image\nid="{identifier}"\nimage-alignment="full"\n>\n<div slot="video" >\n'
        f"<dtm-video\n{attribute('video-url', video.url)}{attribute('video-title', video.title)}\n"
        'privacy-settings-headline="Film eines anderen Anbieters zeigen?"\n'
        'privacy-settings-label="Einstellungen für Filme öffnen"\n'
        'privacy-settings-service="youtube"\n>\n'
        f"{_PRIVACY}{caption}</dtm-video>\n</div>\n</dtm-text-image>\n"
    )
