"""What happens to the replica after its first crawl: edits, releases taken down, one put back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.records import Block, article_text

if TYPE_CHECKING:
    from scraper.demo.server import ReplicaServer
    from scraper.records import Article

LEAST_ARTICLES = 10
"""So few of a newsroom's releases are no outage when two of them vanish."""

_EDITED, _RENAMED, _GONE, _BACK = 5, 2, 7, 6
_ADDED = "Nachtrag: Der Beginn ist auf 18 Uhr verlegt."
_NEW_DATE = " – neuer Termin"


def edit(server: ReplicaServer) -> None:
    """Add a sentence to a release without a word about it, change another's headline."""
    server.replace(_EDITED, _with_sentence(server.article(_EDITED)))
    renamed = server.article(_RENAMED)
    server.replace(_RENAMED, replace(renamed, title=renamed.title + _NEW_DATE))


def take_down(server: ReplicaServer) -> None:
    """Take two releases off."""
    server.delete(_GONE)
    server.delete(_BACK)


def put_back(server: ReplicaServer) -> None:
    """Put one of them back."""
    server.restore(_BACK)


def _with_sentence(article: Article) -> Article:
    last = article.sections[-1]
    longer = replace(last, blocks=(*last.blocks, Block("paragraph", _ADDED)))
    sections = (*article.sections[:-1], longer)
    return replace(article, sections=sections, text=article_text(article.lead, sections))
