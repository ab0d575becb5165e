"""Atom 1.0 (RFC 4287): entries as XML, one after another."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from scraper import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.export.files import Sink

NAMESPACE = "http://www.w3.org/2005/Atom"
LANGUAGE = "de"

# What XML 1.0 cannot hold, and the control characters it can.
_UNFIT = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Author:
    """Who speaks in a feed."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. Times are ISO 8601 with offset."""

    id: str
    """An IRI that never changes."""
    title: str
    url: str
    updated: str
    published: str | None
    author: Author
    html: str
    categories: tuple[tuple[str, str | None], ...] = ()
    """Term, and label if it is another."""
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What stands above the entries."""

    id: str
    title: str
    subtitle: str
    updated: str
    author: Author
    url: str | None
    """The page it is a feed of."""
    self_url: str | None = None
    """Where the feed itself will be."""


class _Xml:
    """Writes elements; what XML cannot hold is dropped."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        self._generator = XMLGenerator(self._text, "utf-8", short_empty_elements=True)

    def start(self, name: str, **attributes: str) -> None:
        fit = {key: _fit(value) for key, value in attributes.items()}
        self._generator.startElement(name, AttributesImpl(fit))

    def end(self, name: str) -> None:
        self._generator.endElement(name)
        self._text.write("\n")

    def element(self, name: str, text: str | None = None, **attributes: str) -> None:
        """An element with text, or an empty one."""
        self.start(name, **attributes)
        if text is not None:
            self._generator.characters(_fit(text))
        self.end(name)

    def author(self, author: Author) -> None:
        self.start("author")
        self.element("name", author.name)
        if author.url:
            self.element("uri", author.url)
        self.end("author")

    def write_to(self, file: Sink) -> None:
        """Pass on what was written so far."""
        file.write(self._text.getvalue().encode())
        self._text.seek(0)
        self._text.truncate()

    def declaration(self) -> None:
        self._generator.startDocument()


def write_atom(file: Sink, feed: Feed, entries: Iterable[Entry]) -> int:
    """A feed as XML in UTF-8; returns the number of entries."""
    xml = _Xml()
    xml.declaration()
    xml.start("feed", **{"xmlns": NAMESPACE, "xml:lang": LANGUAGE})
    xml.element("id", feed.id)
    xml.element("title", feed.title)
    xml.element("subtitle", feed.subtitle)
    xml.element("updated", feed.updated)
    xml.author(feed.author)
    if feed.url:
        xml.element("link", rel="alternate", type="text/html", href=feed.url)
    if feed.self_url:
        xml.element("link", rel="self", type="application/atom+xml", href=feed.self_url)
    xml.element("generator", "newsroom-archive", version=__version__)
    count = 0
    for entry in entries:
        _write_entry(xml, entry)
        xml.write_to(file)
        count += 1
    xml.end("feed")
    xml.write_to(file)
    return count


def _write_entry(xml: _Xml, entry: Entry) -> None:
    xml.start("entry")
    xml.element("id", entry.id)
    xml.element("title", entry.title)
    xml.element("updated", entry.updated)
    if entry.published:
        xml.element("published", entry.published)
    xml.author(entry.author)
    xml.element("link", rel="alternate", type="text/html", href=entry.url)
    for term, label in entry.categories:
        if label is None:
            xml.element("category", term=term)
        else:
            xml.element("category", term=term, label=label)
    if entry.summary:
        xml.element("summary", entry.summary)
    xml.element("content", entry.html, type="html")
    xml.end("entry")


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)
