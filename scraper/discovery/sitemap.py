"""Sitemaps: plain, compressed, and indexes of sitemaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING
from xml.parsers import expat

from scraper import urls
from scraper.coding import GZIP_MAGIC, EndsTooEarly, TooMuch, decoded
from scraper.dates import parse_date
from scraper.discovery.step import Listing, Step
from scraper.errors import NoSuchSource, ParseError
from scraper.records import Candidate, Request

if TYPE_CHECKING:
    from datetime import date

    from scraper.records import Capture
    from scraper.sites import Site

_MAX_UNPACKED_BYTES = 60_000_000  # the protocol allows 50 MB
_MAX_CHILDREN = 100
_MAX_DEPTH = 50
_MAX_ENTRIES = 50_000  # of one file, says the protocol
_ENTRIES = {"urlset": "url", "sitemapindex": "sitemap"}
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,32};)")


def sitemap_steps(
    site: Site, named: Iterable[str] = (), since: date | None = None
) -> tuple[Step, ...]:
    """Steps for the site's sitemaps.

    Args:
        site: whose sitemaps; those of other hosts are passed over.
        named: addresses that robots.txt names; of very many only the first are asked for.
        since: entries last changed before this day are passed over.
    """
    steps: dict[str, Step] = {}
    for original in (site.sitemap_path, *named):
        url = _sitemap_url(site, original)
        if url and len(steps) < _MAX_CHILDREN:
            steps.setdefault(url, _step(site, url, since, depth=0))
    return tuple(steps.values())


def _step(site: Site, url: str, since: date | None, depth: int) -> Step:
    return Step("sitemap", Request(url), partial(_read, site, since, depth), optional=True)


def _sitemap_url(site: Site, original: str) -> str | None:
    url = site.canonical(original)
    return url if url and urls.host(url) == urls.host(site.origin) else None


def _read(site: Site, since: date | None, depth: int, capture: Capture) -> Listing:
    found: dict[str, Candidate] = {}
    children: dict[str, Step] = {}

    def entry(kind: str, location: str, changed: str) -> None:
        # Last changed before `since` means published before it too.
        day = parse_date(changed) if since and changed else None
        if since and day and day < since:
            return
        if len(found) >= _MAX_ENTRIES:
            raise ValueError(f"it names more than the {_MAX_ENTRIES:,} pages a sitemap may")
        if kind == "url":
            url = site.listed_url(location)
            if url:
                found.setdefault(url, Candidate(url, location, "sitemap"))
        else:
            url = _sitemap_url(site, location)
            if url and len(children) <= _MAX_CHILDREN:
                children.setdefault(url, _step(site, url, since, depth + 1))

    warnings: tuple[str, ...] = ()
    try:
        _SitemapParser(entry).read(_unpacked(capture))
    except ValueError as error:
        if not found and not children:
            kind = NoSuchSource if isinstance(error, _NoSitemap) else ParseError
            raise kind(capture.url, str(error)) from error
        warnings = (f"{capture.url} was read only in part: {error}.",)
    steps = tuple(children.values())
    most = _MAX_CHILDREN if depth == 0 else 0
    if len(steps) > most:
        steps = steps[:most]
        warnings += (f"{capture.url} names more sitemaps than can be right; some were left out.",)
    return Listing(tuple(found.values()), steps, warnings)


class _NoSitemap(ValueError):
    """The answer is something else altogether."""


class _SitemapParser:
    """Reads the XML of a sitemap in one pass, without building a tree.

    Elements are told apart by depth and prefix, so that a `video:loc` or `image:loc` is not taken
    for the address of a page, and undeclared prefixes do no harm.
    """

    def __init__(self, entry: Callable[[str, str, str], None]) -> None:
        self._entry = entry
        self._prefix = ""
        self._kind = ""
        self._path: list[str] = []
        self._texts: dict[str, list[str]] = {}

    def read(self, markup: bytes) -> None:
        """Hand every entry to the callback: its kind, address and date of the last change.

        Raises:
            ValueError: the markup is not a sitemap, or damaged; the message says which.
        """
        if b"\0" not in markup[:4] and b"<![CDATA[" not in markup:
            # The commonest mistake of generators; there are no zeros but in UTF-16.
            markup = _BARE_AMPERSAND.sub(b"&amp;", markup)
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = _no_entities
        try:
            # In one go: given in pieces, expat would scan a long token again and again.
            parser.Parse(markup.lstrip(), True)  # noqa: FBT003 - it takes no keyword
        except (expat.ExpatError, LookupError) as error:  # LookupError: an unknown encoding
            if not self._kind:
                raise _NoSitemap("there is no sitemap") from error
            raise ValueError(f"its XML is damaged ({error})") from error

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if not self._path:
            self._prefix = name[: name.rfind(":") + 1]
            self._kind = _ENTRIES.get(name.removeprefix(self._prefix), "")
            if not self._kind:
                raise _NoSitemap("there is no sitemap")
        if len(self._path) >= _MAX_DEPTH:
            raise ValueError("its elements are nested deeper than those of a sitemap")
        self._path.append(name.removeprefix(self._prefix))
        if len(self._path) == 2:
            self._texts = {"loc": [], "lastmod": []}

    def _text(self, data: str) -> None:
        if len(self._path) == 3 and self._path[2] in self._texts:
            self._texts[self._path[2]].append(data)

    def _end(self, _name: str) -> None:
        if len(self._path) == 2 and self._path[1] == self._kind:
            location, changed = ("".join(self._texts[key]).strip() for key in ("loc", "lastmod"))
            if location:
                self._entry(self._kind, location, changed)
        self._path.pop()


def _no_entities(*_declaration: object) -> None:
    raise ValueError("it declares XML entities, which no sitemap needs")


def _unpacked(capture: Capture) -> bytes:
    """The content of a sitemap file: several archives may follow one another.

    Raises:
        ValueError: it is damaged or too large.
    """
    if not capture.body.startswith(GZIP_MAGIC):
        return capture.body
    try:
        return decoded(capture.body, "gzip", _MAX_UNPACKED_BYTES)
    except TooMuch as error:
        raise ValueError("it unpacks to more than a sitemap may be") from error
    except EndsTooEarly as error:
        raise ValueError("its compressed data end too early") from error
