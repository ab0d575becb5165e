"""The pages that list articles: newsroom, complete list, sitemap; and robots.txt."""

from __future__ import annotations

import gzip
from html import escape
from typing import TYPE_CHECKING

from scraper.demo.page import BASE, page_parts
from scraper.demo.teasers import teaser

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.records import Related

SITEMAP_SIZE = 2000
"""Number of articles in one file of the sitemap."""

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_PAGES = ("/", "/newsroom/", "/newsroom/nachrichten/", "/themen/bildung/fabido/", "/services/")


def _head(title: str, path: str) -> str:
    return (
        f"<title>{escape(title)} | dortmund.de</title>\n"
        f'<link rel="canonical" href="{BASE}{path}">\n<meta name="pageId" content="410">'
    )


def newsroom_page(newest: Iterable[Related]) -> tuple[bytes, bytes]:
    """`/newsroom/` with its cards, in two parts around the navigation."""
    cards = "".join(map(teaser, newest))
    main = (
        '<section class="dtm-default-layout__introduction">\n'
        '<div class="container heading" id="Einleitungstext">\n<h1 >Newsroom</h1>\n</div>\n'
        '</section>\n<dtm-teaser-list id="news">\n<h2 slot="mainheadline">Dortmund aktuell</h2>\n'
        f'<div slot="teasers">\n{cards}</div>\n</dtm-teaser-list>\n'
        '<dtm-anchor arrow bold>\n<a href="/newsroom/nachrichten/">\nAlle Nachrichten\n</a>\n'
        "</dtm-anchor>\n"
    )
    return page_parts(_head("Newsroom", "/newsroom/"), main)


def list_page() -> tuple[bytes, bytes]:
    """`/newsroom/nachrichten/`: a web component without a card, in two parts."""
    main = (
        '<section class="dtm-default-layout__introduction">\n'
        '<div class="container heading" id="Einleitungstext">\n<h1 >Nachrichten</h1>\n</div>\n'
        "</section>\n<dtm-search-list\n"
        f'search-api-url="{BASE}/api/search/proxy/search"\n'
        'search-indices=\'NEW_SITE\'\nlanguage="de"\ncountry="DE"\nresult-length="15"\n'
        'include-deprecated-news="true"\n>\n</dtm-search-list>\n'
    )
    return page_parts(_head("Nachrichten", "/newsroom/nachrichten/"), main)


def robots(*, forbid: bool = False) -> bytes:
    """robots.txt: something harmless is forbidden, or everything."""
    rule = "/" if forbid else "/suche/"
    return f"User-agent: *\nDisallow: {rule}\n\nSitemap: {BASE}/sitemap.xml\n".encode()


def sitemap_index(articles: int) -> bytes:
    """The index: one plain file with pages, then gzip files with articles."""
    files = -(-articles // SITEMAP_SIZE)
    names = ["sitemap-seiten.xml", *(f"sitemap-newsroom-{n}.xml.gz" for n in range(files))]
    body = "".join(f"<sitemap><loc>{BASE}/{name}</loc></sitemap>\n" for name in names)
    return f"{_XML}<sitemapindex {_NAMESPACE}>\n{body}</sitemapindex>\n".encode()


def sitemap_pages() -> bytes:
    """The file with pages that are no articles."""
    return _sitemap((BASE + path, None) for path in _PAGES)


def sitemap_articles(articles: Iterable[tuple[str, str]]) -> bytes:
    """A gzip file with articles, each its URL and the day of its last change."""
    return gzip.compress(_sitemap(articles), compresslevel=1, mtime=0)


def _sitemap(entries: Iterable[tuple[str, str | None]]) -> bytes:
    body = "".join(
        f"<url><loc>{escape(url)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>\n"
        for url, day in entries
    )
    return f"{_XML}<urlset {_NAMESPACE}>\n{body}</urlset>\n".encode()
