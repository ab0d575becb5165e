"""The records of a range of a WARC file, and what is damaged there."""

from __future__ import annotations

import math
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.importing.response import MAX_BYTES
from scraper.importing.warcs import DAMAGED, NOT_BY_RECORD, reason_of
from scraper.lake import places
from scraper.lake.zst import unpacked
from scraper.warc.records import Records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.lake.plan import Task
    from scraper.lake.reading import Done

NO_LENGTH = "it does not say how long it is, so what stands behind it cannot be told from it"
ENDS_WITHIN = "the file ends within this record"


class Found(NamedTuple):
    """A record."""

    offset: int
    """Where it begins."""
    record: Any
    """As warcio has it."""
    block: bytes | None
    """Its content if that is wanted, cut off behind one byte more than a page may have."""


def records_of(
    task: Task, done: Done, wanted: Callable[[Any], object] = lambda _record: False
) -> Iterator[Found]:
    """The records that begin in a range; damaged ones are counted as failures.

    Args:
        task: file and range.
        done: is counted up.
        wanted: says of a record whether to read its content.

    Raises:
        OSError: the source cannot be read.
        Unreadable: it is no regular file, or a library is missing.
    """
    with places.open_place(task.source) as file:
        is_zst = task.source.lower().endswith(".zst")
        stream: Any = unpacked(file) if is_zst else file
        limit = math.inf if is_zst else task.end  # places in it are those of its content
        offset: int | None = task.start
        while offset is not None and offset < limit:
            if offset:
                stream.seek(offset)
            records = Records(stream, with_http=False)
            try:
                yield from _up_to(limit, records, done, wanted)
                offset = None
            except DAMAGED as error:
                offset = _behind(records, error, done)


def _up_to(
    limit: float, records: Records, done: Done, wanted: Callable[[Any], object]
) -> Iterator[Found]:
    """The records that begin before a place; raises one of `DAMAGED` at the first that is."""
    record, failed = None, 0
    for record in records:
        place = records.offset
        if place >= limit:
            return
        done.records += 1
        if record.length is None and records.reader.decompressor is None:
            done.fail(place, "", NO_LENGTH)
            return
        block = record.raw_stream.read(MAX_BYTES + 1) if wanted(record) else None
        records.read_to_end()  # behind it stands the checksum, by which damage is found
        failed = done.failed
        yield Found(place, record, block)
    left = getattr(record.raw_stream, "limit", 0) if record else 0
    if left and done.failed == failed:  # else it has been said of the page
        done.fail(place, "", ENDS_WITHIN)


def _behind(records: Records, error: Exception, done: Done) -> int | None:
    """Count a damaged record; where the next one begins, None if nobody can tell."""
    reason = reason_of(error)
    place = max(records.offset, 0)
    is_within = records.record is not None and records.member_info is None
    url = records.record.rec_headers.get_header("WARC-Target-URI") if is_within else None
    if "non-chunked gzip" in reason:
        done.fail(place, "", NOT_BY_RECORD.format(name=PurePath(done.source).name, verb="extract"))
        return None
    behind = records.skip_member()
    how = "this record is damaged" if behind else "it is damaged from there on"
    done.fail(place, url or "", f"{how} ({reason[:200]})")
    return behind
