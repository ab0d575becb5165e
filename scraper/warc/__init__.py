"""Raw pages on disk as WARC 1.1 files, the format of web archives (ISO 28500:2017).

A run that has something to keep writes one file, `<site>-<UTC time>-<number>.warc.gz`, and goes on
to the next when it is full. While it is being written its name ends in `.open`; every record is a
gzip member of its own and is on the disk before anything refers to it. So a crash can tear the last
record at most: `recover` cuts it off and loses nothing before it.

Responses stand there as received, but for one thing: the transfer coding (chunks) is removed, and
its header line renamed to `X-Archive-Orig-Transfer-Encoding`, so that all readers agree on where
the content begins and what its digest is.
"""

from scraper.hiding import hidden

with hidden("fsspec"):  # files of other places are not opened by warcio here
    import warcio.utils  # noqa: F401

from scraper.warc.files import (
    DIRECTORY_NAME,
    OPEN_SUFFIX,
    Place,
    RecordHead,
    Recovered,
    check,
    end_of_request,
    files,
    find,
    place_at,
    read_payload,
    record_id,
    recover,
    responses_from,
)
from scraper.warc.writer import INFO, SOURCE, SOURCE_RANGE, Original, WarcWriter, payload_digest

__all__ = [
    "DIRECTORY_NAME",
    "INFO",
    "OPEN_SUFFIX",
    "SOURCE",
    "SOURCE_RANGE",
    "Original",
    "Place",
    "RecordHead",
    "Recovered",
    "WarcWriter",
    "check",
    "end_of_request",
    "files",
    "find",
    "payload_digest",
    "place_at",
    "read_payload",
    "record_id",
    "recover",
    "responses_from",
]
