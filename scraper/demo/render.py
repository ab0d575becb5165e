"""Renders a record to a page of dortmund.de: the inverse of the parser.

`parse(render_article(record)) == record` holds for records in normal form (see
`tests/strategies.py`). What the page shows and the record does not hold (pictures of teasers,
navigation, privacy texts) is decoration that a parser must leave out.
"""

from __future__ import annotations

import json
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from scraper import dates
from scraper.demo.body import attachments, component_markup, components
from scraper.demo.calendar import printed_day
from scraper.demo.figures import (
    Shape,
    body_picture,
    lead_figure,
    quotation_block,
    rendition,
    video_block,
)
from scraper.demo.page import address, attribute, page_parts
from scraper.demo.page import navigation as default_navigation
from scraper.demo.teasers import badges, slider

if TYPE_CHECKING:
    from scraper.records import Article, Image


def render_article(
    article: Article, *, navigation: bytes | None = None, shape: Shape = "component"
) -> bytes:
    """The whole page of an article, in UTF-8.

    Args:
        article: a record in normal form.
        navigation: JSON for the navigation script; None for one as large as the real one.
        shape: markup of pictures in the text and of quotation blocks.
    """
    before, after = article_parts(article, shape=shape)
    return before + (default_navigation() if navigation is None else navigation) + after


def article_parts(article: Article, *, shape: Shape = "component") -> tuple[bytes, bytes]:
    """The page of an article in two parts, between which the navigation belongs."""
    lead = next((image for image in article.images if image.role == "lead"), None)
    main = (
        _article_data(article, lead)
        + _introduction(article, lead)
        + _text(article, shape)
        + badges(article.tags)
        + slider(article.related)
    )
    return page_parts(_head(article, lead), main, _tools(article))


def _head(article: Article, lead: Image | None) -> str:
    title = f"{article.title} | dortmund.de"
    canonical = escape(address(article.url, relative=False))
    out = [
        f"<title>{escape(title)}</title>",
        f'<link rel="canonical" href="{canonical}">',
        f'<link rel="alternate" href="{canonical}" hreflang="de-DE">',
        '<meta name="twitter:site" content="@stadtdortmund">',
        '<meta property="og:type" content="website">',
        '<meta property="og:locale" content="de_DE">',
    ]
    if article.description is not None:
        out.append(f'<meta name="description" content="{escape(article.description)}">')
    if lead:
        wide = escape(rendition(lead.src, (1200, 675)))
        out.append(f'<meta property="og:image" content="{escape(lead.src)}">')
        out.append('<meta name="twitter:card" content="summary_large_image">')
        out.append(f'<meta name="twitter:image" content="{wide}">')
        if lead.alt is not None:
            out.append(f'<meta property="og:image:alt" content="{escape(lead.alt)}">')
            out.append(f'<meta property="twitter:image:alt" content="{escape(lead.alt)}">')
    if article.page_id is not None:
        out.append(f'<meta name="pageId" content="{escape(article.page_id)}">')
    return "\n".join(out)


def _article_data(article: Article, lead: Image | None) -> str:
    """The JSON-LD of the article, which knows the date alone."""
    day = dates.day_of(article.published)
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "mainEntityOfPage": {"@type": "WebPage", "@id": "/newsroom/nachrichten/"},
        "headline": article.title,
        "description": article.description,
        "image": rendition(lead.src, (460, 192)) if lead else None,
        "publisher": {"@type": "Organization", "name": "dortmund.de"},
        "datePublished": day.isoformat() if day else None,
    }
    known = {key: value for key, value in data.items() if value is not None}
    # Inside a script, "<" is the one character that could end it.
    text = json.dumps(known, ensure_ascii=False, indent=0).replace("<", "\\u003c")
    return f'<script type="application/ld+json">\n{text}\n</script>\n'


def _introduction(article: Article, lead: Image | None) -> str:
    kicker = ""
    if article.kicker is not None:
        kicker = f'<p class="heading__topline" >{escape(article.kicker)}</p>\n'
    # Without caption and credit it is shown to other sites only, as on the real page.
    shown = lead is not None and (lead.caption is not None or lead.credit_parts)
    figure = lead_figure(lead) if lead is not None and shown else ""
    return (
        '<section class="dtm-default-layout__introduction">\n'
        f'<div class="container heading" id="Einleitungstext">\n{kicker}'
        f"<h1 >{escape(article.title)}</h1>\n{_time(article.published)}</div>\n{figure}"
        "</dtm-text-image>\n</section>\n"
    )


def _time(published: str | None) -> str:
    day = dates.day_of(published)
    if published is None or day is None:
        return ""
    clock = datetime.fromisoformat(published).strftime("%H:%M") if "T" in published else None
    time_of_day = f"<div><strong>{clock} Uhr</strong></div>\n" if clock else ""
    return (
        f'<div slot="teaser">\n<time{attribute("datetime", clock)}>\n'
        f"<div><strong>{printed_day(day)}</strong></div>\n{time_of_day}</time>\n</div>\n"
    )


def _text(article: Article, shape: Shape) -> str:
    """Lead, components, and between them pictures, quotation blocks and videos."""
    parts, attached = components(article)
    media = _media(article, shape)
    out = []
    shown = 0
    for number, part in enumerate(parts):
        identifier = "Text" if number == 0 else f"{article.page_id or 0}{number:028x}"
        lead = ""
        if number == 0 and article.lead is not None:
            lead = f'<p slot="teaser" >{escape(article.lead)}</p>\n'
        out.append(
            f'<dtm-text-image\nid="{escape(identifier)}"\nimage-alignment="full"\n>\n'
            f"{lead}{component_markup(part)}</dtm-text-image>\n"
        )
        due = -(-len(media) * (number + 1) // len(parts))  # rounded up: media stand early
        out += media[shown:due]
        shown = due
    return "".join(out) + attachments(attached)


def _media(article: Article, shape: Shape) -> list[str]:
    """Pictures and quotation blocks in the order of the record, then the videos."""
    quotes = iter([quote for quote in article.quotes if quote.kind == "block"])
    out = []
    for number, image in enumerate(article.images):
        identifier = f"b{number:031x}"
        if image.role == "body":
            out.append(body_picture(image, identifier, shape))
        elif image.role == "portrait":
            out.append(quotation_block(next(quotes), image, identifier, shape))
    out += [video_block(video, f"c{number:031x}") for number, video in enumerate(article.videos)]
    return out


def _tools(article: Article) -> str:
    """Bookmark and share button; the first names the content id and the search interface."""
    title = escape(article.title)
    bookmark = ""
    if article.content_id is not None:
        bookmark = (
            f'<dtm-bookmark-button\nbookmark-id="{escape(article.content_id)}-de-DE"\n'
            f'bookmark-title="{title}"\n'
            'search-api-url="https://www.dortmund.de/api/search/proxy/search"\n'
            'search-indices=\'NEW_SITE\'\nlanguage="de"\ncountry="DE"\n'
            'include-deprecated-news="true"\n>\n</dtm-bookmark-button>\n'
        )
    return (
        f'{bookmark}<dtm-share-button\nshare-url="{escape(address(article.url, relative=False))}"\n'
        f'share-title="Mehr über &#39;{title}&#39; auf dortmund.de"\nbutton-title="Teilen"\n'
        'copy-title="Link kopieren"\n>\n</dtm-share-button>\n'
    )
