"""A small page in the present layout, of which a test states only what matters to it."""

from __future__ import annotations

from scraper.extract.extract import extract
from scraper.records import Article
from scraper.sites import get_site
from tests.conftest import capture_of

URL = "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/neuer-park.html"
LEAD = "Die Stadt legt einen Park an."
_TIME = "<time><strong>Mo 7. Juli 2025</strong> <strong>12:52 Uhr</strong></time>"


def introduction(time: str = _TIME, title: str = "Neuer Park") -> str:
    """Kicker, headline and date."""
    return (
        '<section class="dtm-default-layout__introduction"><div id="Einleitungstext">'
        f'<p class="heading__topline">Grün</p><h1>{title}</h1><div slot="teaser">{time}</div>'
        "</div></section>"
    )


def page(content: str, *, head: str = "", time: str = _TIME, before: str = "") -> str:
    """The markup of a release.

    Args:
        content: what stands below the lead.
        head: goes into `head`.
        time: the element with date and time of day.
        before: stands in front of `main`.
    """
    return (
        '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">'
        f"<title>Neuer Park | dortmund.de</title>{head}</head><body>{before}<main>"
        f'{introduction(time)}<dtm-text-image id="Text"><p slot="teaser">{LEAD}</p>'
        f'<div slot="content">{content}</div></dtm-text-image></main></body></html>'
    )


def read(markup: str | bytes, url: str = URL) -> Article:
    """The record of a page."""
    return extract(capture_of(markup, url), get_site("dortmund"))


def body_of(article: Article) -> str:
    """The text below the lead."""
    return article.text.removeprefix(LEAD).strip()
