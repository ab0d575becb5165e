"""Fetching captures from a web archive as they were made, and keeping them until they come in.

They wait in WARC files of their own (`DATA/backfill/`), each on the disk before the next is asked
for, so that a run that was ended from outside has nothing to fetch twice.
"""

from __future__ import annotations

import io
from contextlib import closing
from typing import TYPE_CHECKING

from scraper.dates import parse_header_date
from scraper.errors import FetchError, RedirectRefused, ResponseTooLarge
from scraper.importing.found import Unreadable
from scraper.importing.origin import source_of
from scraper.importing.response import MAX_BYTES, read_response
from scraper.importing.warcs import DAMAGED, only_a_part
from scraper.importing.web_archives import Kind, WebArchive
from scraper.markup.wayback import original_address
from scraper.records import Exchange
from scraper.warc import files, recover
from scraper.warc.records import Records

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.fetch.client import Client
    from scraper.fetch.exchange import Response
    from scraper.importing.cdx import Listed

_NEVER = frozenset({404, 410, 451})  # not there, or not shown: asking again would not help
_AS_IT_IS = {"Accept-Encoding": "identity"}  # as it was captured, and not packed for the way


class Originals:
    """Fetches captures.

    Args:
        archive: where they are.
        client: asks it.
        read: `response_in`, done in a worker process.
    """

    def __init__(
        self,
        archive: WebArchive,
        client: Client,
        read: Callable[[bytes, Listed, str], Exchange],
    ) -> None:
        self._archive = archive
        self._client = client
        self._read = read

    def fetch(self, capture: Listed) -> Exchange:
        """One capture as it was made, with where it was taken from.

        Raises:
            FetchError: it could not be had now.
            Unreadable: what is there is not it, and will not be.
            RobotsForbid: robots.txt of the web archive forbids it.
        """
        source = self._archive.source(capture)
        if self._archive.kind is Kind.COMMON_CRAWL:
            return self._part(capture, source)
        response = self._asked(source, _AS_IT_IS, status=200)
        shown = parse_header_date(response.capture.header("memento-datetime"))
        shown = shown or original_address(response.capture.url)[1]
        if shown is not None and shown != capture.at:
            raise Unreadable(
                f"the web archive shows the capture of {shown.isoformat(' ', 'seconds')} in its "
                "place"
            )
        exchange = response.exchange
        return Exchange(capture.url, capture.at, b"", exchange.head, exchange.body, source)

    def _asked(self, address: str, headers: dict[str, str], *, status: int) -> Response:
        try:
            response = self._client.get(address, headers)
        except (RedirectRefused, ResponseTooLarge) as error:
            raise Unreadable(error.reason) from error
        if response.capture.status == status:
            return response
        refused = FetchError.answered(address, response.capture.status)
        raise Unreadable(refused.reason) if response.capture.status in _NEVER else refused

    def _part(self, capture: Listed, source: str) -> Exchange:
        address, _, part = source.partition("#")
        response = self._asked(address, {**_AS_IT_IS, "Range": part}, status=206)
        if len(response.exchange.body) != capture.length:
            raise FetchError(
                source,
                f"the server sends {len(response.exchange.body):,} bytes of the "
                f"{capture.length:,} that were asked for",
            )
        return self._read(response.exchange.body, capture, source)


def response_in(record: bytes, capture: Listed, source: str) -> Exchange:
    """The response in a WARC record that stands alone.

    Raises:
        Unreadable: it is damaged, holds something else, or is cut off.
    """
    try:
        found = next(Records(io.BytesIO(record), with_http=False))
        block = found.raw_stream.read(MAX_BYTES + 1)
    except (*DAMAGED, StopIteration) as error:
        raise Unreadable("the record is damaged") from error
    if found.rec_type != "response":
        raise Unreadable("the record holds no response")
    if found.rec_headers.get_header("WARC-Target-URI") != capture.url:
        raise Unreadable("the record is that of another address")
    cut = only_a_part(found)
    if cut:
        raise Unreadable(cut)
    if len(block) > MAX_BYTES:
        raise Unreadable(f"it has more than {MAX_BYTES:,} bytes")
    if len(block) < (found.length or 0):
        raise Unreadable("the record is cut off")
    response = read_response(block)
    return Exchange(capture.url, capture.at, b"", response.head, response.wire, source)


def waiting(directory: Path, site: str) -> tuple[list[Path], set[str]]:
    """The files with captures that have been fetched and not come in, and where these were taken.

    What a run that was ended from outside has left is finished first.

    Args:
        directory: of such files; there may be none.
        site: key of the newsroom that they are of.

    Raises:
        ArchiveError: a file cannot be repaired.
    """
    recover(directory, site)
    paths = [path for path in files(directory) if path.name.startswith(f"{site}-import-")]
    sources: set[str] = set()
    for path in paths:
        with path.open("rb") as file, closing(Records(file)) as records:
            for record in records:
                source = source_of(record.rec_headers)
                if source:
                    sources.add(source)
    return paths, sources
