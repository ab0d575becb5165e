"""Loaded once by the server that forks crawls: word lists and patterns are compiled before that."""

from scraper.archive.search import german
from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.extract.extract import extract
from scraper.sites import get_site
from tests.conftest import capture_of
from tests.support import replica

for _article in Newsroom(3):
    german.stemmed(_article.text)
    extract(
        capture_of(render_article(_article, navigation=b"[]"), _article.url), get_site("dortmund")
    )

crawl = replica.crawl
