"""Which address a release has, and which it had before: what a page says of that proves little."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.archive import Store
from scraper.crawl.answers import GONE_STATUS
from scraper.decide.fingerprint import fingerprint
from scraper.errors import FetchError, ParseError, RobotsForbid

if TYPE_CHECKING:
    from scraper.archive import Kept, Pending
    from scraper.crawl.context import Run
    from scraper.records import Article, Capture


@dataclass(frozen=True, slots=True)
class Before:
    """Where an article stood before it moved."""

    url: str
    kept: Kept | None = None
    """What stands there now."""


class Addresses:
    """Tells addresses apart, with a look at the site where the archive cannot tell.

    Args:
        run: the present run.
        take_vanished: takes an address from those that this run has found missing; what stands
            there, and whether it was one of them.
    """

    def __init__(self, run: Run, take_vanished: Callable[[str], tuple[bool, Kept | None]]) -> None:
        self._run = run
        self._store = Store(run.archive)
        self._take_vanished = take_vanished
        self._alive: set[str] = set()  # found to be still in use, beside the queue

    def believed(self, pending: Pending, capture: Capture, article: Article) -> Article:
        """The article under the address its page claims if that shows it too; else its own.

        A canonical link can name any address, also that of another release.
        """
        own = self._run.site.article_url(capture.url) or capture.url
        if article.url in {own, pending.url} or self._shows(article.url, fingerprint(article)):
            return article
        return dataclasses.replace(article, url=own)

    def _shows(self, url: str, content: str) -> bool:
        """Whether there is a release of this fingerprint at an address."""
        stored = self._store.find(url)
        if stored is not None and stored.fingerprint == content:
            return True
        try:
            capture = self._run.client.get(url).capture
            return (
                capture.status == 200 and fingerprint(self._run.reader.article(capture)) == content
            )
        except (FetchError, ParseError, RobotsForbid):
            return False

    def _names(self, capture: Capture, url: str) -> bool:
        """Whether a page says of itself that it stands at another address now."""
        try:
            return self._run.reader.article(capture).url == url
        except ParseError:
            return False

    def before(self, asked: str, answered: str, article: Article) -> Before | None:
        """The address under which the archive knows an article that seems to be new.

        The same content id alone proves nothing: the page must have led here from its old
        address, no longer be there, or itself name the new address as its canonical one.
        """
        frontier = self._run.frontier
        before = frontier.moved_from(asked, article)
        if before:
            return Before(before)
        other = frontier.same_content(article)
        if other is None:
            return None
        has_vanished, kept = self._take_vanished(other)
        if has_vanished:
            return Before(other, kept)
        if other in self._alive or frontier.was_tried(other):
            return None
        try:
            answer = self._run.client.get(other)
        except (FetchError, RobotsForbid):
            return None
        capture = answer.capture
        moved = capture.url == answered or capture.status in GONE_STATUS
        if moved or self._names(capture, article.url):
            kept = self._run.evidence.keep(capture, answer.exchange, answer.redirects)
            return Before(other, kept)
        self._alive.add(other)
        return None
