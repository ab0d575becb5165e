"""Is this a press release at all? Sizes that no office has ever published mean that it is not.

The limits are far above anything a newsroom shows, so that only an attack or a broken template gets
there; such a page is kept and reported, but not stored as an article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import ParseError

if TYPE_CHECKING:
    from scraper.records import Article

_MOST_CHARACTERS = {"title": 2_000, "kicker": 2_000, "description": 100_000, "text": 2_000_000}
_MOST_ENTRIES = {"images": 1_000, "videos": 1_000, "tags": 1_000, "related": 1_000, "links": 10_000}
_MOST_CHARACTERS_IN_ENTRIES = 5_000_000


def check_images(url: str, count: int) -> None:
    """Refuse a page with too many pictures before each of them is looked at.

    Raises:
        ParseError: there are more than a release can have.
    """
    _check(url, "images", count, _MOST_ENTRIES["images"])


def check_sizes(article: Article, url: str) -> None:
    """Refuse a record that is larger than a release can be.

    Args:
        article: the record.
        url: where the page was fetched.

    Raises:
        ParseError: it is.
    """
    for name, most in _MOST_CHARACTERS.items():
        _check(url, f"characters of {name}", len(getattr(article, name) or ""), most)
    for name, most in _MOST_ENTRIES.items():
        _check(url, name, len(getattr(article, name)), most)
    size = sum(
        len(image.src + (image.alt or "") + (image.caption or "")) for image in article.images
    )
    size += sum(len(link.url + link.text) for link in article.links) + sum(map(len, article.tags))
    _check(url, "characters in pictures, links and tags", size, _MOST_CHARACTERS_IN_ENTRIES)


def _check(url: str, what: str, count: int, most: int) -> None:
    if count > most:
        raise ParseError(url, f"it has {count:,} {what}, and no release has more than {most:,}")
