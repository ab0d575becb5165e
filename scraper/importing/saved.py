"""Saved pages: HTML and MHTML files, from browsers, wget, or downloads from the Wayback Machine."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from typing import TYPE_CHECKING
from urllib.parse import unquote

from scraper.dates import as_utc, parse_header_date
from scraper.errors import ParseError
from scraper.importing.found import Broken, Entry, Found, Page, Reason, Skipped, Unreadable
from scraper.importing.response import MAX_BYTES
from scraper.markup.tree import attribute, parse_html
from scraper.markup.wayback import captured_at, original_address, parse_stamp
from scraper.parse.identity import stated_in
from scraper.records import Capture

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.sites import Site

HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
MHTML_SUFFIXES = frozenset({".mhtml", ".mht"})
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d{4}\)(\S+)\s*-->", re.I)
_SINGLE_FILE = re.compile(
    rb"<!--\s*Page saved with SingleFile\s+url:\s*(\S+)\s+saved date:\s*([^\n(]+)", re.I
)
_HEAD_BYTES = 4096
_MOST_HEADER_CHARS = 8_000  # as many as an address may have
_MOST_PARTS = 5_000  # a page brings one for each picture and style sheet
_BOUNDARY = b"\n--"


def is_html(head: bytes) -> bool:
    """Whether the first bytes of a file look like a page."""
    return bool(
        re.match(rb"\s*+(?:\xef\xbb\xbf\s*+)?<(?:!doctype html|html|!--|\?xml|head)", head, re.I)
    )


@dataclass(frozen=True, slots=True)
class _Saved:
    """What a file holds, and what it says about itself."""

    body: bytes
    content_type: str
    addresses: tuple[str, ...]
    """In the order of their worth."""
    at: datetime | None


def look_into(path: Path, site: Site) -> Found:
    """The page in a file, its address and its time.

    The address is the one that the page states as canonical, or that the browser noted, or the
    page's base, or that of the folders it lies in; the first that is an article's counts.
    """
    try:
        saved = _read(path, site)
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0)
    except Unreadable as error:
        return Broken(str(path), str(error))
    except OSError as error:
        return Broken(str(path), f"it cannot be read ({error.strerror or error})")
    stamp = saved.at or captured_at(saved.body)
    any_address = False
    for address in (*saved.addresses, *_from_folders(path, site)):
        target, archived = original_address(address)
        any_address = any_address or target.startswith(("http://", "https://"))
        url = site.article_url(target)
        if url:
            at = archived or stamp or _stamp_in(path)
            moment = at or modified
            return Entry(
                url, moment, str(path), _Loader(path, url, moment, site), is_dated=at is not None
            )
    return Skipped(Reason.NOT_ARTICLE if any_address else Reason.NO_ADDRESS)


@dataclass(frozen=True, slots=True)
class _Loader:
    path: Path
    url: str
    at: datetime
    site: Site

    def __call__(self) -> Page:
        try:
            saved = _read(self.path, self.site)
        except OSError as error:
            raise Unreadable(f"it cannot be read ({error.strerror or error})") from error
        headers = (("content-type", saved.content_type),)
        return Page(Capture(self.url, saved.body, self.at, 200, headers))


def _read(path: Path, site: Site) -> _Saved:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Unreadable(f"it has more than {MAX_BYTES:,} bytes")
    if path.suffix.lower() in MHTML_SUFFIXES:
        return _mhtml(data, site)
    return _html(data, site)


def _html(data: bytes, site: Site) -> _Saved:
    stated = list(_addresses_in(data, site))
    noted = _SAVED_FROM.search(data, 0, _HEAD_BYTES)
    single = _SINGLE_FILE.search(data, 0, _HEAD_BYTES)
    comments = [m[1].decode("utf-8", "replace") for m in (noted, single) if m]
    addresses = (*stated[:1], *comments, *stated[1:])
    return _Saved(data, "text/html", addresses, _browser_time(single[2]) if single else None)


def _addresses_in(data: bytes, site: Site) -> Iterator[str]:
    """The address that a page says is its own, and its base; an empty one for what it does not."""
    try:
        tree = parse_html(Capture("", data, datetime.now(UTC)))
    except ParseError:
        return
    stated = stated_in(tree, site)
    yield stated or attribute(tree.css_first("link[rel=canonical]"), "href") or ""
    yield attribute(tree.css_first("base[href]"), "href") or ""


def _browser_time(text: bytes) -> datetime | None:
    """`Mon Oct 05 2026 10:00:00 GMT+0200`."""
    try:
        return as_utc(
            datetime.strptime(text.decode("ascii", "replace").strip(), "%a %b %d %Y %H:%M:%S GMT%z")
        )
    except ValueError:
        return None


class _ShortHeaders(email.policy.EmailPolicy):
    """Refuses long headers: the library takes them apart in time that grows with the square."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        if sum(map(len, sourcelines)) > _MOST_HEADER_CHARS:
            raise Unreadable(f"a header in it has more than {_MOST_HEADER_CHARS:,} characters")
        return super().header_source_parse(sourcelines)


def _mhtml(data: bytes, site: Site) -> _Saved:
    if data.count(_BOUNDARY) > _MOST_PARTS:
        raise Unreadable(f"it has more than {_MOST_PARTS:,} parts")
    try:
        message = email.message_from_bytes(data, policy=_ShortHeaders())
    except RecursionError as error:
        raise Unreadable("its parts are nested deeper than those of a page") from error
    page = next((p for p in message.walk() if p.get_content_type() == "text/html"), None)
    if not isinstance(page, EmailMessage):
        raise Unreadable("there is no page in it")
    body = page.get_payload(decode=True)
    if not isinstance(body, bytes):
        raise Unreadable("the page in it cannot be decoded")
    charset = page.get_content_charset()
    kind = f"text/html; charset={charset}" if charset else "text/html"
    stated = list(_addresses_in(body, site))
    noted = [message["Snapshot-Content-Location"], page["Content-Location"]]
    addresses = (*stated[:1], *(str(address) for address in noted if address), *stated[1:])
    return _Saved(body, kind, addresses, parse_header_date(_date_of(message)))


def _date_of(message: Message) -> str | None:
    """The header as it stands: `message["Date"]` reads it, and fails at impossible dates."""
    stated = (str(value) for name, value in message.raw_items() if name.lower() == "date")
    return next(stated, None)


def _from_folders(path: Path, site: Site) -> Iterator[str]:
    """The address in a path: `…/www.dortmund.de/newsroom/…`, `…/web/20220518123456/https:/…`."""
    parts = path.absolute().parts
    archived, moment = original_address("/".join(parts))
    if moment:
        yield f"https://web.archive.org/web/{moment:%Y%m%d%H%M%S}/{_page_name(archived)}"
    for index in range(len(parts) - 1, -1, -1):
        host = parts[index].partition("+")[0].partition(":")[0].lower()
        if host in site.hosts:
            rest = [part for part in parts[index + 1 :] if parse_stamp(part) is None]
            yield _page_name(f"https://{host}/{'/'.join(rest)}")


def _page_name(address: str) -> str:
    """The address as it was before a download gave its query a place in a file's name."""
    address = address.replace("%3F", "?").replace("%3f", "?")
    if ".jsp@" in address:
        address = address.replace(".jsp@", ".jsp?", 1)
    if "?" in address:
        address = address.removesuffix(".html").removesuffix(".htm")
        page, _mark, query = address.partition("?")
        address = f"{page}?{unquote(query)}"
    return address


def _stamp_in(path: Path) -> datetime | None:
    """A time of 14 digits that is the name of a folder on the way to the file."""
    found = (parse_stamp(part) for part in reversed(path.absolute().parts))
    return next((moment for moment in found if moment), None)
