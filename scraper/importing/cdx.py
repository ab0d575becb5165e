"""Asking a CDX index which captures a web archive has, in the dialects of three servers.

- Wayback CDX Server: a table in JSON, paged by `showResumeKey` and `resumeKey`.
- pywb: one JSON object a line, all at once.
- Common Crawl: the same, but one index for each crawl, named by `collinfo.json`, paged by `page`.

What a query answers depends on the query alone, so one that broke off is asked again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from scraper import urls
from scraper.errors import FetchError
from scraper.importing.found import Unreadable
from scraper.importing.web_archives import Kind, WebArchive
from scraper.markup.wayback import parse_stamp

if TYPE_CHECKING:
    from scraper.fetch.client import Client

_LINES_A_PAGE = 5_000
_MOST_PAGES = 10_000  # a server that never comes to an end is not asked for ever
_FIELDS = "timestamp,original,mimetype,statuscode,digest,length"
_PAGES_ONLY = r"mimetype:(text/html|application/xhtml.xml|warc/revisit|unk)"
_SHA1 = re.compile(r"(?:sha1:)?([A-Z2-7]{32})", re.I | re.ASCII)
_WEEK = re.compile(r"CC-MAIN-(\d{4})-(\d\d)$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """A capture, as an index names it."""

    url: str
    """As it was captured."""
    at: datetime
    """When, with time zone."""
    digest: str | None
    """Of the payload, `sha1:…` in base 32, as WARC records have it."""
    status: str
    """HTTP status; `-` where a revisit does not say."""
    media_type: str
    file: str = ""
    """Path of the WARC file that holds it, where the index says so."""
    offset: int = 0
    length: int = 0
    """Bytes of the record in that file."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of an index."""

    captures: tuple[Listed, ...]
    resume_key: str | None = None
    """With which to ask for the next page; None if there is none, or the server has no such."""


def read_answer(body: bytes) -> Answer:
    """Read a page of an index: a JSON table, or a JSON object a line.

    Raises:
        Unreadable: it is something else, or breaks off.
    """
    text = body.decode("utf-8", "replace").strip()
    if not text:
        return Answer(())
    try:
        if text.startswith("["):
            return _table(json.loads(text))
        if text.startswith("{"):
            return Answer(tuple(_listed(json.loads(line)) for line in text.splitlines()))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable("the answer of the index is damaged, or breaks off") from error
    raise Unreadable("what answers is not a CDX index: neither a table nor lines in JSON")


def _table(rows: list[list[str]]) -> Answer:
    if not rows:
        return Answer(())
    names, *rest = rows
    if "timestamp" not in names:
        raise ValueError
    key = None
    if len(rest) > 1 and not rest[-2]:
        key = rest[-1][0]
        rest = rest[:-2]
    return Answer(tuple(_listed(dict(zip(names, row, strict=True))) for row in rest), key)


def _listed(fields: dict[str, Any]) -> Listed:
    at = parse_stamp(str(fields["timestamp"]))
    if at is None:
        raise ValueError
    digest = _SHA1.fullmatch(str(fields.get("digest", "")))
    return Listed(
        str(fields.get("original") or fields["url"]),
        at,
        f"sha1:{digest[1].upper()}" if digest else None,
        str(fields.get("statuscode") or fields.get("status") or "-"),
        str(fields.get("mimetype") or fields.get("mime") or "unk").lower(),
        str(fields.get("filename", "")),
        int(fields["offset"]) if fields.get("filename") else 0,
        int(fields["length"]) if fields.get("filename") else 0,
    )


class Index:
    """The index of one web archive.

    Args:
        archive: which.
        client: asks its index.
        read: `read_answer`, done in a worker process.
    """

    def __init__(
        self, archive: WebArchive, client: Client, read: Callable[[bytes], Answer]
    ) -> None:
        self._archive = archive
        self._client = client
        self._read = read

    def endpoints(self, since: date | None, until: date | None) -> list[str]:
        """Addresses of the indexes to ask: one, or one for each crawl in that time.

        Raises:
            FetchError: they cannot be had.
            Unreadable: what stands there is not a list of crawls.
            SiteUnreachable: the archive does not answer, or its robots.txt forbids it.
        """
        if self._archive.kind is not Kind.COMMON_CRAWL:
            return [self._archive.index]
        return crawls(self._body(self._archive.index) or b"[]", since, until)

    def captures(
        self, endpoint: str, prefix: str, since: date | None, until: date | None
    ) -> Iterator[Listed]:
        """What an index has of the addresses that begin alike, page by page.

        Args:
            endpoint: one of `endpoints`.
            prefix: host and path.
            since: first day of capture.
            until: last day.

        Raises:
            FetchError: see `endpoints`.
            Unreadable: see `read_answer`.
        """
        query = [("url", prefix), ("matchType", "prefix"), ("output", "json")]
        query += [("from", f"{since:%Y%m%d}000000")] if since else []
        query += [("to", f"{until:%Y%m%d}235959")] if until else []
        match self._archive.kind:
            case Kind.PYWB:
                yield from self._page(endpoint, query).captures
            case Kind.WAYBACK:
                yield from self._resumed(endpoint, query)
            case Kind.COMMON_CRAWL:
                query += [("filter", "=status:200")]
                for page in range(self._pages(endpoint, query)):
                    yield from self._page(endpoint, [*query, ("page", str(page))]).captures

    def _resumed(self, endpoint: str, query: list[tuple[str, str]]) -> Iterator[Listed]:
        query += [("fl", _FIELDS), ("filter", _PAGES_ONLY), ("filter", "statuscode:(200|-)")]
        query += [("limit", str(_LINES_A_PAGE)), ("showResumeKey", "true")]
        key: str | None = None
        for _ in range(_MOST_PAGES):
            page = self._page(endpoint, [*query, ("resumeKey", key)] if key else query)
            yield from page.captures
            if page.resume_key is None:
                return
            if page.resume_key == key:
                raise Unreadable("the index answers with the same page again and again")
            key = page.resume_key

    def _pages(self, endpoint: str, query: list[tuple[str, str]]) -> int:
        body = self._body(f"{endpoint}?{urlencode([*query, ('showNumPages', 'true')])}")
        if body is None:
            return 0
        try:
            return min(int(json.loads(body)["pages"]), _MOST_PAGES)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Unreadable("the index does not say how many pages it has") from error

    def _page(self, endpoint: str, query: list[tuple[str, str]]) -> Answer:
        body = self._body(f"{endpoint}?{urlencode(query)}")
        return Answer(()) if body is None else self._read(body)

    def _body(self, url: str) -> bytes | None:
        """The body of an answer; None if the index knows of no capture."""
        capture = self._client.get(url).capture
        if capture.status == 404 and capture.body.lstrip().startswith(b"{"):
            return None  # {"message": "No Captures found for: …"}
        if capture.status != 200:
            raise FetchError.answered(url, capture.status)
        return capture.body


def crawls(body: bytes, since: date | None, until: date | None) -> list[str]:
    """Addresses of the indexes of the crawls that a `collinfo.json` names, the oldest first.

    Args:
        body: of that file.
        since: crawls that ended before are left out, as far as the list tells.
        until: those that began later.

    Raises:
        Unreadable: it is no such list.
    """
    try:
        found = [
            (*_span(each), str(each["cdx-api"])) for each in json.loads(body) if each["cdx-api"]
        ]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unreadable("what stands there is not a list of crawls (collinfo.json)") from error
    return [
        address
        for first, last, address in sorted(found)
        if (since is None or last >= since)
        and (until is None or first <= until)
        and urls.is_absolute(address)
    ]


def _span(crawl: dict[str, Any]) -> tuple[date, date]:
    """First and last day of a crawl: stated, or a month around the week in its name."""
    try:
        return (
            date.fromisoformat(str(crawl["from"])[:10]),
            date.fromisoformat(str(crawl["to"])[:10]),
        )
    except (KeyError, ValueError):
        week = _WEEK.search(str(crawl.get("id", "")))
    if week is None:
        return date.min, date.max
    year = int(week[1])
    return date(year, 1, 1), date(year, 12, 31)
