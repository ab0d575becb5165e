"""Saved pages: HTML and MHTML files, from browsers, wget, or downloads from the Wayback Machine."""

from __future__ import annotations

import contextlib
import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from typing import TYPE_CHECKING
from urllib.parse import unquote

from scraper import urls
from scraper.errors import ParseError
from scraper.importing.files import open_regular
from scraper.importing.found import Broken, Entry, Found, Page, Reason, Skipped, Unreadable
from scraper.importing.notes import mail_time, noted_in
from scraper.importing.response import MAX_BYTES
from scraper.markup.tree import attribute, parse_html
from scraper.markup.wayback import captured_at, original_address, parse_stamp
from scraper.parse.identity import stated_in
from scraper.records import Capture
from scraper.warc import invented

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

    from scraper.sites import Site

HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
MHTML_SUFFIXES = frozenset({".mhtml", ".mht"})
_HEADER_CHARACTERS = 8_000  # no address is longer
_CHARSET = re.compile(r"[\w.:+-]{1,40}")


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
        modified = _modified(path)
    except Unreadable as error:
        return Broken(str(path), str(error))
    except OSError as error:
        return Broken(str(path), f"it cannot be read ({error.strerror or error})")
    stamp = captured_at(saved.body) or saved.at  # what was saved may be what an archive showed
    any_address = False
    for address in (*saved.addresses, *_from_folders(path, site)):
        target, archived = original_address(address)
        any_address = any_address or urls.is_absolute(target)
        url = site.article_url(target)
        if url:
            at = archived or stamp or _stamp_in(path)
            moment = at or modified
            return Entry(
                url,
                moment,
                str(path),
                _Loader(path, url, moment, site),
                is_dated=at is not None,
                is_invented=invented.in_page(saved.body),
            )
    return Skipped(Reason.NOT_ARTICLE if any_address else Reason.NO_ADDRESS)


def _modified(path: Path) -> datetime:
    """When a file was written."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0)
    except (OverflowError, ValueError):  # some file systems hold times beyond the year 9999
        return datetime.max.replace(tzinfo=UTC)


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
    with open_regular(path) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Unreadable(f"it has more than {MAX_BYTES:,} bytes")
    if path.suffix.lower() in MHTML_SUFFIXES:
        return _mhtml(data, site)
    return _html(data, site)


def _html(data: bytes, site: Site) -> _Saved:
    stated, noted = list(_addresses_in(data, site)), noted_in(data)
    addresses = (*stated[:1], *noted.addresses, *stated[1:])
    return _Saved(data, "text/html", addresses, noted.at)


def _addresses_in(data: bytes, site: Site) -> Iterator[str]:
    """The address that a page says is its own, and its base; an empty one for what it does not."""
    try:
        tree = parse_html(Capture("", data, datetime.now(UTC)))
    except ParseError:
        return
    stated = stated_in(tree, site)
    yield stated or attribute(tree.css_first("link[rel=canonical]"), "href") or ""
    yield attribute(tree.css_first("base[href]"), "href") or ""


_MOST_PARTS = 5_000  # a page brings one for each picture and style sheet
_BOUNDARY = b"\n--"


class _ShortTypes(email.policy.Compat32):
    """Refuses a long Content-Type: it is taken apart in time that grows with its square."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        is_type = sourcelines[0][:20].lower().startswith("content-type")
        if is_type and sum(map(len, sourcelines)) > _HEADER_CHARACTERS:
            raise Unreadable(f"a header in it has more than {_HEADER_CHARACTERS:,} characters")
        return super().header_source_parse(sourcelines)


def _mhtml(data: bytes, site: Site) -> _Saved:
    if data.count(_BOUNDARY) > _MOST_PARTS:
        raise Unreadable(f"it has more than {_MOST_PARTS:,} parts")
    try:
        # The newer policies take headers apart, and fall over odd ones.
        message = email.message_from_bytes(data, policy=_ShortTypes())
        page = next((p for p in message.walk() if p.get_content_type() == "text/html"), None)
    except RecursionError as error:
        raise Unreadable("its parts are nested deeper than those of a page") from error
    if page is None:
        raise Unreadable("there is no page in it")
    body = page.get_payload(decode=True)
    if not isinstance(body, bytes):
        raise Unreadable("the page in it cannot be decoded")
    charset = page.get_content_charset() or ""
    kind = f"text/html; charset={charset}" if _CHARSET.fullmatch(charset) else "text/html"
    stated = list(_addresses_in(body, site))
    noted = (_header(message, "Snapshot-Content-Location"), _header(page, "Content-Location"))
    addresses = (*stated[:1], *filter(None, noted), *stated[1:])
    return _Saved(body, kind, addresses, mail_time(_header(message, "Date")))


def _header(part: Message, name: str) -> str:
    """A header on one line; empty if it is not there."""
    text = str(part[name] or "")[:_HEADER_CHARACTERS]
    with contextlib.suppress(ValueError, LookupError, MessageError):  # words that only look encoded
        text = str(make_header(decode_header(text)))
    return re.sub(r"[\r\n]+[ \t]*", "", text).strip()


def _from_folders(path: Path, site: Site) -> Iterator[str]:
    """The address in a path: `…/www.musterheim.de/presse/…`, `…/web/20220518123456/https:/…`."""
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
