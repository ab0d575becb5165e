"""A release, or what was changed in one, as HTML for feed readers. Pure; all text is escaped."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.records import Article, Block, Image, Quote

_CONTEXT_CHARS = 60

_FIELDS = {
    "title": "Überschrift",
    "kicker": "Dachzeile",
    "subtitle": "Unterzeile",
    "issuer": "Herausgeber",
    "contact": "Kontakt",
    "lead": "Vorspann",
    "description": "Kurzfassung",
    "published": "Datum",
    "published_raw": "Datum, wie gedruckt",
    "modified": "Änderungsdatum",
    "text": "Text",
    "sections": "Gliederung",
    "images": "Bilder",
    "quotes": "Zitate",
    "videos": "Videos",
    "links": "Links",
    "tags": "Schlagwörter",
    "district": "Stadtbezirk",
    "url": "Adresse",
}


def article_html(article: Article, gone: str | None = None) -> str:
    """The content of a release: pictures with their credits, text, quotations, attached files.

    Args:
        article: the release.
        gone: since when it is no longer online, for people; None if it is.
    """
    return "\n".join(_parts(article, gone))


def changes_html(changes: Iterable[dict[str, Any]]) -> str:
    """What differs between two versions: field by field, deleted before inserted.

    Args:
        changes: as `scraper.archive.history` gives them.
    """
    parts = []
    for change in changes:
        name = _FIELDS.get(change["field"], change["field"])
        parts.append(f"<h3>{escape(name)}</h3>")
        parts.append(f"<p>{''.join(_piece(piece) for piece in change['words'])}</p>")
    return "\n".join(parts)


def _piece(piece: dict[str, str]) -> str:
    kind, text = piece["kind"], piece["text"]
    if kind == "equal" and len(text) > 2 * _CONTEXT_CHARS:
        text = f"{text[:_CONTEXT_CHARS]} … {text[-_CONTEXT_CHARS:]}"
    markup = escape(text).replace("\n", "<br>")
    return {"delete": f"<del>{markup}</del>", "insert": f"<ins>{markup}</ins>"}.get(kind, markup)


def _parts(article: Article, gone: str | None) -> Iterator[str]:
    if gone:
        yield f"<p><em>Nicht mehr online seit {escape(gone)}.</em></p>"
    images = [image for image in article.images if image.src.startswith(("https://", "http://"))]
    yield from (_figure(image) for image in images if image.role == "lead")
    if article.subtitle:
        yield f"<p><em>{escape(article.subtitle)}</em></p>"
    if article.lead:
        yield f"<p><strong>{escape(article.lead)}</strong></p>"
    for section in article.sections:
        if section.heading:
            yield f"<h2>{escape(section.heading)}</h2>"
        for kind, blocks in groupby(section.blocks, key=lambda block: block.kind):
            yield _blocks(kind, blocks)
    yield from (_quotation(quote) for quote in article.quotes if quote.kind == "block")
    yield from (_figure(image) for image in images if image.role != "lead")
    files = [link for link in article.links if link.kind == "download"]
    if files:
        items = (f'<li><a href="{escape(it.url)}">{escape(it.text)}</a></li>' for it in files)
        yield f"<ul>{''.join(items)}</ul>"


def _blocks(kind: str, blocks: Iterable[Block]) -> str:
    texts = [block.text for block in blocks]
    if kind == "list_item":
        return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"
    if kind == "table_row":
        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in text.split(" | ")) for text in texts)
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    tag = "h3" if kind == "subheading" else "p"
    return "\n".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)


def _quotation(quote: Quote) -> str:
    who = ", ".join(filter(None, (quote.speaker, quote.role)))
    signed = f"<p>{escape(who)}</p>" if who else ""
    return f"<blockquote><p>„{escape(quote.text)}“</p>{signed}</blockquote>"


def _figure(image: Image) -> str:
    credit = f"Bild: {image.credit}" if image.credit else None
    words = " · ".join(filter(None, (image.caption, credit)))
    caption = f"<figcaption>{escape(words)}</figcaption>" if words else ""
    return (
        f'<figure><img src="{escape(image.src)}" alt="{escape(image.alt or "")}">{caption}</figure>'
    )
