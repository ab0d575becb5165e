"""What looking through a file finds: pages to read later, and what is left out, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from scraper.errors import NewsroomError

if TYPE_CHECKING:
    from scraper.records import Capture, Exchange


class Reason(StrEnum):
    """Why something is no page to import, though nothing is wrong with it."""

    NOT_ARTICLE = "not an article of the site"
    NOT_OK = "not answered with HTTP 200"
    NOT_HTML = "not HTML"
    NOT_A_FILE = "no regular file"
    NO_ADDRESS = "a page that does not say its address"
    REVISIT = "a revisit, which holds no page"
    NO_ORIGINAL = "a revisit of a page that is not in these files"


class Unreadable(NewsroomError):
    """A page, or the rest of a file, that cannot be read; the message is the reason."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was captured."""

    capture: Capture
    exchange: Exchange | None = None
    """The response as received; None if the source holds the page alone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page to import, not read yet."""

    url: str
    """Canonical URL of the article."""
    at: datetime
    """When it was captured, with time zone."""
    where: str
    """File and place in it, for people."""
    load: Callable[[], Page]
    """Reads it; raises `Unreadable`."""
    digest: str | None = None
    """WARC-Payload-Digest, by which other records refer to it."""
    is_dated: bool = True
    """False if `at` is no more than the time at which the file was written."""
    record_id: str | None = None
    """WARC-Record-ID, by which other records refer to it, too."""
    is_invented: bool = False
    """Whether it says that it is a page of the replica."""
    place: tuple[str, int] | None = None
    """File and first byte of its record, if that stands in a WARC file."""
    original: tuple[str, int] | None = None
    """The same of the record that holds its body, if that is another one."""


@dataclass(frozen=True, slots=True)
class Revisit:
    """A record that says: the page was the same as another one."""

    url: str
    at: datetime
    where: str
    digest: str | None
    refers_to: str | None
    """Canonical URL of the other one; None if the record does not say."""
    refers_at: datetime | None
    record_id: str | None = None
    refers_to_id: str | None = None
    """WARC-Record-ID of the other one; None if the record does not say."""
    place: tuple[str, int] | None = None
    """File and first byte of its record."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is no page to import."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that should be a page, or hold pages, and cannot be read."""

    where: str
    reason: str


Found = Entry | Revisit | Skipped | Broken
