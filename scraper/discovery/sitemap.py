"""Sitemaps: XML, compressed XML, indexes of sitemaps, and plain lists of addresses.

What generators get wrong costs nothing that can be read: bare ampersands, entities of HTML, control
characters, bytes of another charset, a byte order mark or empty lines before the declaration.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from html.entities import html5
from typing import TYPE_CHECKING
from xml.parsers import expat

from scraper import urls
from scraper.coding import GZIP_MAGIC, EndsTooEarly, TooMuch, decoded
from scraper.dates import parse_date
from scraper.discovery.step import Listing, Step
from scraper.errors import NoSuchSource, ParseError
from scraper.markup.charset import is_utf8
from scraper.records import Candidate, Request
from scraper.sites.source import Source

if TYPE_CHECKING:
    from scraper.records import Capture
    from scraper.sites import Site

_MAX_UNPACKED_BYTES = 60_000_000  # the protocol allows 50 MB
_MAX_CHILDREN = 100
_MAX_DEPTH = 50
_MAX_ENTRIES = 50_000  # of one file, says the protocol
_USUAL_PLACE = Source("sitemap", "/sitemap.xml", complete=True, dates=False)
_ENTRIES = {"urlset": "url", "sitemapindex": "sitemap"}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8 = frozenset({b"utf-8", b"utf8"})
_FRONT_BYTES = 4_096
_CONTROL = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f]")
# What XML knows, CDATA sections included, and then what it does not.
_AMPERSAND = re.compile(
    rb"(?P<fine>&(?-i:amp|lt|gt|quot|apos);|<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+)"
    rb"|&(?:#(?P<number>x?[0-9a-f]{1,8}|[0-9]{1,8})|(?P<name>[a-z][a-z0-9]{1,31}));|&",
    re.I,
)
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})", re.I)
_ADDRESS_LINE = re.compile(r"https?://\S+", re.I)


def sitemap_steps(
    site: Site, named: Iterable[str] = (), since: date | None = None
) -> tuple[Step, ...]:
    """Steps for the site's sitemaps.

    Args:
        site: whose sitemaps; those of other hosts are passed over.
        named: addresses that robots.txt names; of very many only the first are asked for.
        since: entries last changed before this day are passed over.
    """
    source = next((each for each in site.sources if each.method == "sitemap"), _USUAL_PLACE)
    return source_sitemap_steps(site, source, named, since)


def source_sitemap_steps(
    site: Site, source: Source, named: Iterable[str] = (), since: date | None = None
) -> tuple[Step, ...]:
    """As `sitemap_steps`, for one of the site's sources."""
    steps: dict[str, Step] = {}
    walk = _Walk(site, source, since)
    for original in (source.url.format(), *named):
        url = _sitemap_url(site, original)
        if url and len(steps) < _MAX_CHILDREN:
            steps.setdefault(url, _step(walk, url, depth=0))
    return tuple(steps.values())


@dataclass(frozen=True, slots=True)
class _Walk:
    """What a walk is for."""

    site: Site
    source: Source
    since: date | None


def _step(walk: _Walk, url: str, depth: int) -> Step:
    read = partial(_read, walk, depth)
    return Step(walk.source.label, Request(url), read, optional=True)


def _sitemap_url(site: Site, original: str) -> str | None:
    url = site.canonical(original)
    return url if url and urls.host(url) == urls.host(site.origin) else None


def _read(walk: _Walk, depth: int, capture: Capture) -> Listing:
    site, since = walk.site, walk.since
    wanted = re.compile(walk.source.path) if walk.source.path else None
    found: dict[str, Candidate] = {}
    children: dict[str, tuple[date, Step]] = {}

    def entry(kind: str, location: str, changed: str) -> None:
        # Last changed before `since` means published before it too.
        day = parse_date(changed) if changed and (since or kind != "url") else None
        if since and day and day < since:
            return
        if len(found) >= _MAX_ENTRIES:
            raise ValueError(f"it names more than the {_MAX_ENTRIES:,} pages a sitemap may")
        if kind == "url":
            url = site.listed_url(location)
            if url and (wanted is None or wanted.search(urls.path(url))):
                found.setdefault(url, Candidate(url, location, walk.source.label))
        else:
            url = _sitemap_url(site, location)
            if url and len(children) < _MAX_ENTRIES:
                children.setdefault(url, (day or date.min, _step(walk, url, depth + 1)))

    warnings: tuple[str, ...] = ()
    try:
        _read_entries(_tidy(_unpacked(capture)), entry)
    except ValueError as error:
        if not found and not children:
            kind = NoSuchSource if isinstance(error, _NoSitemap) else ParseError
            raise kind(capture.url, str(error)) from error
        warnings = (f"{capture.url} was read only in part: {error}.",)
    # Whoever looks for news asks the first few only; those without a day stay in their order.
    newest = sorted(children.values(), key=lambda each: each[0], reverse=True)
    steps = tuple(step for _day, step in newest)
    most = _MAX_CHILDREN if depth == 0 else 0
    if len(steps) > most:
        steps = steps[:most]
        warnings += (f"{capture.url} names more sitemaps than can be right; some were left out.",)
    return Listing(tuple(found.values()), steps, warnings)


def _read_entries(markup: bytes, entry: Callable[[str, str, str], None]) -> None:
    """Hand every entry to a callback: its kind, address and date of the last change.

    Raises:
        ValueError: it is no sitemap, or a damaged one; the message says which.
    """
    if markup[:1] in {b"<", b""}:
        _SitemapParser(entry).read(markup)
        return
    lines = (line.strip() for line in markup.decode("utf-8", "replace").splitlines())
    found = False
    for line in (line for line in lines if line and not line.startswith("#")):
        if not _ADDRESS_LINE.fullmatch(line):
            if not found:
                break
        else:
            found = True
            if "\ufffd" not in line:
                entry("url", line, "")
    if not found:
        raise _NoSitemap("there is no sitemap")


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
        # Named, expat believes us and not a declaration of what the bytes were before: what is
        # UTF-8 is nothing else by chance. It ends with one that nobody knows.
        declared = _DECLARED.match(markup)
        named = is_utf8(markup) and (declared is None or _is_charset(declared[1]))
        parser = expat.ParserCreate("utf-8" if named else None)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = _no_entities
        try:
            # In one go: given in pieces, expat would scan a long token again and again.
            parser.Parse(markup, True)  # noqa: FBT003 - it takes no keyword
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
            if location and "\ufffd" not in location:
                self._entry(self._kind, location, changed)
        self._path.pop()


def _is_charset(name: bytes) -> bool:
    try:
        codecs.lookup(name.decode("ascii"))
    except LookupError:
        return False
    return True


def _no_entities(*_declaration: object) -> None:
    raise ValueError("it declares XML entities, which no sitemap needs")


def _tidy(markup: bytes) -> bytes:
    """A sitemap without the common mistakes of generators, in UTF-8 if it was in UTF-16."""
    if markup[:2] in _UTF16_MARKS or (b"\0" in markup[:4] and len(markup) > 1):
        text = _from_utf16(markup)
    else:
        text = markup.lstrip(b"\r\n\t " + _BYTE_ORDER_MARK)
    if _CONTROL.search(text):
        text = _CONTROL.sub(b"", text)
    text = text[max(text.find(b"<?xml", 0, _FRONT_BYTES), 0) :]  # a comment of the server's, say
    declared = _DECLARED.match(text)
    if (declared is None or declared[1].lower() in _UTF8) and not is_utf8(text):
        text = text.decode("utf-8", "replace").encode()
    return _AMPERSAND.sub(_reference, text) if b"&" in text else text


def _from_utf16(markup: bytes) -> bytes:
    """UTF-8, and nothing that declares another charset."""
    is_little = markup[:2] == _UTF16_MARKS[0] or (markup[:2] != _UTF16_MARKS[1] and not markup[1])
    text = markup.decode("utf-16-le" if is_little else "utf-16-be", "replace")
    plain = text.lstrip("\ufeff\r\n\t ").encode("utf-8", "replace")
    declared = _DECLARED.match(plain)
    return plain[: declared.start(1)] + b"utf-8" + plain[declared.end(1) :] if declared else plain


def _reference(match: re.Match[bytes]) -> bytes:
    """A reference as XML knows it: HTML's names as numbers, a bare ampersand written out."""
    if match["fine"]:
        return match["fine"]
    if match["number"]:
        digits = match["number"].lower()
        number = (
            int(digits[1:], 16) if digits[:1] == b"x" else int(digits) if digits.isdigit() else 0
        )
        allowed = number in {9, 10, 13} or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE
        return match[0] if allowed or 0x10000 <= number < 0x110000 else b""
    if match["name"]:
        characters = html5.get(f"{match['name'].decode()};")
        if characters:
            return "".join(f"&#{ord(char)};" for char in characters).encode()
    return b"&amp;" + match[0][1:]


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
