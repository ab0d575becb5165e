"""What browsers and tools note in the pages they save: the address, and when it was.

Sources: the comment of the "mark of the web" (Internet Explorer and others), SingleFile's, and the
footer of HTTrack (its option `%F`), whose time is that of the mirroring, in GMT.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from scraper.dates import parse_header_date

_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d{4}\)(\S+)\s*-->", re.I)
_SINGLE_FILE = re.compile(
    rb"<!--\s*Page saved with SingleFile\s+url:\s*(\S+)\s+saved date:\s*([^\n(]+)", re.I
)
_MIRRORED = re.compile(rb"<!--\s*Mirrored\b(.{1,4000}?)-->", re.I | re.S)
_MIRRORED_FROM = re.compile(
    r"\bfrom\s+(?:host\s+)?(?:(https?)://)?([\w-]+(?:\.[\w-]+)+(?::\d{1,5})?)(/[^\s\]]*)?", re.I
)
_MIRRORED_FILE = re.compile(r"\[file\s+(/[^\s\]]*)", re.I)
_MAIL_DATE = re.compile(
    r"\b\d{1,2}[ -][A-Z][a-z]{2}[ -]\d{4}\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+(?:GMT|UTC|[+-]\d{4}))?\b"
)
_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?")
_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Noted:
    """What stands in a page about its saving."""

    addresses: tuple[str, ...] = ()
    at: datetime | None = None
    """With time zone."""


def noted_in(page: bytes) -> Noted:
    """The notes in the comments of a saved page."""
    saved = _SAVED_FROM.search(page, 0, _HEAD_BYTES)
    single = _SINGLE_FILE.search(page, 0, _HEAD_BYTES)
    mirrored = _mirrored(page)
    addresses = [found[1].decode("utf-8", "replace") for found in (saved, single) if found]
    at = _browser_time(single[2]) if single else None
    return Noted((*addresses, *mirrored.addresses), at or mirrored.at)


def _mirrored(page: bytes) -> Noted:
    """HTTrack's footer, which it also writes at the head; of several times, the earliest."""
    ends = page[:_HEAD_BYTES] + page[max(len(page) - _HEAD_BYTES, _HEAD_BYTES) :]
    addresses, times = [], []
    for comment in _MIRRORED.finditer(ends):
        text = comment[1].decode("utf-8", "replace")
        found = _MIRRORED_FROM.search(text)
        if found is None:
            continue
        path = found[3] or (file[1] if (file := _MIRRORED_FILE.search(text)) else "/")
        addresses.append(f"{(found[1] or 'https').lower()}://{found[2]}{path}")
        moment = _written_out(text)
        if moment:
            times.append(moment)
    return Noted(tuple(dict.fromkeys(addresses)), min(times, default=None))


def _written_out(text: str) -> datetime | None:
    mail, iso = _MAIL_DATE.search(text), _ISO_DATE.search(text)
    if mail:
        return mail_time(mail[0])
    try:
        moment = datetime.fromisoformat(iso[0]) if iso else None
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None


def _browser_time(text: bytes) -> datetime | None:
    """`Mon Oct 05 2026 10:00:00 GMT+0200`."""
    try:
        return datetime.strptime(
            text.decode("ascii", "replace").strip(), "%a %b %d %Y %H:%M:%S GMT%z"
        )
    except ValueError:
        return None


def mail_time(text: str | None) -> datetime | None:
    """The date in the head of a message, `Wed, 18 May 2022 14:34:56 +0200`; None if it is none."""
    return parse_header_date(text)
