"""Loaded once by the process that workers are forked from: it has read pages before they start.

That compiles patterns and fills caches, which each worker would have to do anew.
"""

from datetime import UTC, datetime

from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.extract.extract import extract
from scraper.records import Capture
from scraper.sites import get_site

_HTML = (("content-type", "text/html"),)

for _article in Newsroom(3):
    _page = render_article(_article, navigation=b"[]")
    _capture = Capture(_article.url, _page, datetime(2026, 10, 4, 12, tzinfo=UTC), 200, _HTML)
    extract(_capture, get_site("dortmund"))
