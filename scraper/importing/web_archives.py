"""The web archives that pages can be taken from: where their index is, and their captures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from scraper import urls
from scraper.errors import UsageError
from scraper.fetch.addresses import is_loopback
from scraper.sites import Site

if TYPE_CHECKING:
    from scraper.importing.cdx import Listed

_SAFE = "/:@!$&'()*+,;=-._~?%"
_LEAST_DELAY_SECONDS = 1.0


class Kind(Enum):
    """How a web archive is asked."""

    WAYBACK = auto()
    """Wayback CDX Server; `id_` gives the original."""
    PYWB = auto()
    """A collection of pywb; `id_`, too."""
    COMMON_CRAWL = auto()
    """An index for each crawl; ranges of WARC files."""


@dataclass(frozen=True, slots=True)
class WebArchive:
    """One web archive."""

    kind: Kind
    name: str
    """For people."""
    index: str
    """Address of the index; of `collinfo.json` for Common Crawl."""
    files: str
    """What stands before a time and an address, or before the path of a WARC file."""
    delay_seconds: float
    """Least time between two requests."""
    is_private: bool = False
    """Whether it was named by its address, and may stand in a private network."""

    @property
    def host(self) -> str:
        """What `provenance.archive` and `runs.source` call it."""
        return urls.host(self.files)

    def source(self, capture: Listed) -> str:
        """Where a capture is to be had: an address, with `#bytes=A-B` for a part of a file."""
        if self.kind is Kind.COMMON_CRAWL:
            last = capture.offset + capture.length - 1
            return f"{self.files}{quote(capture.file)}#bytes={capture.offset}-{last}"
        address = quote(capture.url.partition("#")[0], safe=_SAFE)
        return f"{self.files}{capture.at:%Y%m%d%H%M%S}id_/{address}"

    def as_site(self, address: str) -> Site:
        """What the client needs to know of one of its servers.

        Args:
            address: of the index, or of the files.
        """
        return Site("web-archive", self.name, urls.origin(address))


# Limits: 24 queries a minute are what client libraries of the Wayback Machine keep to since 2026
# (release notes of EDGI's `wayback` 0.5.1); cdx-toolkit asks Common Crawl's index once a second.
WAYBACK = WebArchive(
    Kind.WAYBACK,
    "the Wayback Machine",
    "https://web.archive.org/cdx/search/cdx",
    "https://web.archive.org/web/",
    2.5,
)
COMMON_CRAWL = WebArchive(
    Kind.COMMON_CRAWL,
    "Common Crawl",
    "https://index.commoncrawl.org/collinfo.json",
    "https://data.commoncrawl.org/",
    2.0,
)
_NAMED = {"wayback": WAYBACK, "commoncrawl": COMMON_CRAWL}
_WAYBACK_PATH = "/cdx/search/cdx"
_CRAWLS = "/collinfo.json"


def archive_named(text: str) -> WebArchive:
    """The web archive that `--from` names.

    Args:
        text: `wayback`, `commoncrawl`, or the address of another one: a collection of pywb, a
            Wayback CDX server (`…/cdx/search/cdx`), or the list of crawls of a mirror of Common
            Crawl (`…/collinfo.json`).

    Raises:
        UsageError: it is none of these.
    """
    if text.lower() in _NAMED:
        return _NAMED[text.lower()]
    address = urls.canonical(text)
    if address is None or urlsplit(address).query:
        raise UsageError(
            f"--from {text!r} is not a web archive. Write wayback, commoncrawl, or the address of "
            "another one: a collection of pywb (https://archive.example/collection), a Wayback CDX "
            "server (…/cdx/search/cdx) or a mirror of Common Crawl (…/collinfo.json)."
        )
    address = address.rstrip("/")
    name = f"the web archive at {urls.host(address)}"
    delay = 0.0 if is_loopback(address) else _LEAST_DELAY_SECONDS
    if address.endswith(_CRAWLS):
        base = address.removesuffix("collinfo.json")
        return WebArchive(Kind.COMMON_CRAWL, name, address, base, delay, is_private=True)
    if address.endswith(_WAYBACK_PATH):
        base = address.removesuffix(_WAYBACK_PATH) + "/web/"
        return WebArchive(Kind.WAYBACK, name, address, base, delay, is_private=True)
    base = address.removesuffix("/cdx")
    return WebArchive(Kind.PYWB, name, f"{base}/cdx", f"{base}/", delay, is_private=True)
