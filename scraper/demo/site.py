"""The replica without its server: which content is at which address at a moment."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from scraper import dates
from scraper.demo import attached, listing
from scraper.demo.newsroom import TEASERS, Head, Newsroom
from scraper.demo.page import NAVIGATION_BYTES, navigation
from scraper.demo.render import article_parts
from scraper.records import Article, Block, Related, Section, article_text
from scraper.warc.invented import PAGE_MARK

if TYPE_CHECKING:
    from collections.abc import Mapping

HTML, XML = "text/html; charset=UTF-8", "application/xml"

_PICTURE = re.compile(r"\.(?:webp|jpe?g|png)$")
_ONE_PIXEL = bytes.fromhex(  # a WebP picture of one pixel
    "524946461a000000574542505650384c0d0000002f00000010071011118888fe0700"
)
_SITEMAP_FILE = re.compile(r"/sitemap-newsroom-(\d{1,6})\.xml\.gz")
_DRIFT = (
    (b"dtm-text-image", b"city-block"),
    (b"Einleitungstext", b"Kopfbereich"),
    (b"heading__topline", b"hero__overline"),
    (b"dtm-caption", b"city-legend"),
    (b"<h1 ", b"<h2 "),
    (b"</h1>", b"</h2>"),
)


@dataclass(frozen=True, slots=True)
class Shared:
    """The navigation, which all pages share, and its compressed form."""

    revision: int
    raw: bytes
    deflated: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What a URL answers: bytes in up to three pieces."""

    before: bytes
    shared: Shared | None = None
    after: bytes = b""
    content_type: str = HTML
    modified: datetime | None = None
    article: int | None = None
    """Number of the article that this is the page of."""

    def body(self) -> bytes:
        """The pieces in one."""
        return self.before + (self.shared.raw if self.shared else b"") + self.after

    def gzipped(self) -> bytes:
        """The body in gzip coding; the shared piece is not compressed again."""
        if self.shared is None:
            return gzip.compress(self.before + self.after, compresslevel=1, mtime=0)
        checksum = zlib.crc32(self.after, zlib.crc32(self.shared.raw, zlib.crc32(self.before)))
        size = len(self.before) + len(self.shared.raw) + len(self.after)
        return b"".join(
            (
                b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff",
                _deflate(self.before, zlib.Z_FULL_FLUSH),
                self.shared.deflated,
                _deflate(self.after, zlib.Z_FINISH),
                checksum.to_bytes(4, "little"),
                (size % 2**32).to_bytes(4, "little"),
            )
        )

    def etag(self) -> str:
        """A weak validator that changes with any piece."""
        revision = self.shared.revision if self.shared else 0
        return f'W/"{zlib.crc32(self.after, zlib.crc32(self.before)):08x}-{revision}"'


def _deflate(data: bytes, flush: int) -> bytes:
    # Each piece has its own compressor, so that pieces can be joined in any combination.
    compressor = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush(flush)


@lru_cache(maxsize=8)
def _shared(size_bytes: int, revision: int) -> Shared:
    raw = navigation(size_bytes, revision) + b";" + PAGE_MARK
    return Shared(revision, raw, _deflate(raw, zlib.Z_FULL_FLUSH))


@dataclass(frozen=True, slots=True)
class _State:
    """What has been done to the newsroom; replaced as a whole, so readers need no lock."""

    edited: Mapping[int, Article] = field(default_factory=dict)
    deleted: tuple[int, ...] = ()
    """In ascending order."""
    revision: int = 0
    """How often the templates were touched."""


class ReplicaSite:
    """A newsroom that can be edited while it is read; safe for threads.

    Args:
        newsroom: the articles.
        navigation_bytes: size of the navigation script on every page.
    """

    def __init__(self, newsroom: Newsroom, *, navigation_bytes: int = NAVIGATION_BYTES) -> None:
        self.newsroom = newsroom
        self._navigation_bytes = navigation_bytes
        self._state = _State()
        self._lock = Lock()

    def edit(self, n: int, *, text: str) -> Article:
        """Put folded text in place of the first block of article n; the record it has now."""
        article = self.article(n)
        first = article.sections[0] if article.sections else Section(None)
        blocks = (Block("paragraph", text), *first.blocks[1:])
        sections = (replace(first, blocks=blocks), *article.sections[1:])
        text = article_text(article.lead, sections)
        return self.replace(n, replace(article, sections=sections, text=text))

    def replace(self, n: int, article: Article) -> Article:
        """Show that record instead of article n.

        Raises:
            ValueError: it has another URL.
            IndexError: there is no article n.
        """
        if article.url != self.newsroom.head(n).url:
            raise ValueError("an edited article keeps its URL")
        with self._lock:
            edited = {**self._state.edited, n: article}
            self._state = replace(self._state, edited=edited)
        return self.article(n)

    def delete(self, n: int) -> None:
        """Take article n off: its page answers 404, no list names it any more."""
        self.newsroom.head(n)
        with self._lock:
            deleted = tuple(sorted({*self._state.deleted, n}))
            self._state = replace(self._state, deleted=deleted)

    def restore(self, n: int) -> None:
        """Undo what was done to article n."""
        with self._lock:
            edited = {key: value for key, value in self._state.edited.items() if key != n}
            deleted = tuple(other for other in self._state.deleted if other != n)
            self._state = replace(self._state, edited=edited, deleted=deleted)

    def touch_templates(self) -> None:
        """Change what is not content on every page: the navigation and the sliders."""
        with self._lock:
            self._state = replace(self._state, revision=self._state.revision + 1)

    def article(self, n: int) -> Article:
        """The record that the page of article n shows now, even if it was taken off.

        Raises:
            IndexError: there is no article n.
        """
        state = self._state
        article = state.edited.get(n) or self.newsroom.article(n)
        if article.related and (state.deleted or state.revision):
            start = state.revision % 5
            others = [other for other in self._newest(TEASERS + 1 + start) if other != n]
            related = tuple(map(self.newsroom.teaser, others[start : start + TEASERS]))
            return replace(article, related=related)
        return article

    def __len__(self) -> int:
        """Number of articles that are online."""
        return len(self.newsroom) - len(self._state.deleted)

    def head(self, position: int) -> Head:
        """The head of the article at a position among those online."""
        for gone in self._state.deleted:
            if gone > position:
                break
            position += 1
        return self.newsroom.head(position)

    def _newest(self, number: int) -> list[int]:
        return [self.head(position).number for position in range(min(number, len(self)))]

    def content(self, path: str, *, drifted: bool = False) -> Content | None:
        """What stands at a path; None for nothing.

        Args:
            path: percent-encoded or raw, with or without a query.
            drifted: article pages in another layout.
        """
        n = self.newsroom.index_of(path)
        if n is not None:
            return None if n in self._state.deleted else self._page(n, drifted=drifted)
        path = path.split("?")[0]
        if path == "/newsroom/":
            return self._html(listing.newsroom_page(self._teasers()))
        if path == "/newsroom/nachrichten/":
            return self._html(listing.list_page())
        if _PICTURE.search(path):
            return Content(_ONE_PIXEL, content_type="image/webp")
        file = attached.PATH.fullmatch(path)
        if file:
            return self._attached(int(file["number"]), path)
        return self._sitemap(path)

    def _attached(self, n: int, path: str) -> Content | None:
        if n >= len(self.newsroom) or n in self._state.deleted:
            return None
        body = attached.attached_file(self.article(n), path)
        return Content(body, content_type="application/pdf") if body else None

    def _sitemap(self, path: str) -> Content | None:
        if path == "/sitemap.xml":
            return Content(listing.sitemap_index(len(self)), content_type=XML)
        if path == "/sitemap-seiten.xml":
            return Content(listing.sitemap_pages(), content_type=XML)
        match = _SITEMAP_FILE.fullmatch(path)
        size = listing.SITEMAP_SIZE
        if match is None or int(match[1]) * size >= len(self):
            return None
        start = int(match[1]) * size
        heads = map(self.head, range(start, min(start + size, len(self))))
        file = listing.sitemap_articles((head.url, head.published.isoformat()) for head in heads)
        return Content(file, content_type="application/gzip")

    def _teasers(self) -> list[Related]:
        return list(map(self.newsroom.teaser, self._newest(TEASERS)))

    def _html(self, parts: tuple[bytes, bytes]) -> Content:
        shared = _shared(self._navigation_bytes, self._state.revision)
        return Content(parts[0], shared, parts[1])

    def _page(self, n: int, *, drifted: bool) -> Content:
        article = self.article(n)
        before, after = article_parts(article)
        if drifted:
            for old, new in _DRIFT:
                after = after.replace(old, new)
        day = dates.day_of(article.published) or self.newsroom.newest
        # A later state has a later time, without a look at the clock.
        changes = self._state.revision + 60 * (n in self._state.edited)
        modified = datetime.combine(day, time(18), UTC) + timedelta(minutes=changes)
        return replace(self._html((before, after)), modified=modified, article=n)
