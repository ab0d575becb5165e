"""How the replica says that its releases are invented, so that nobody takes them for a city's.

Each of its answers has a header, each of its pages a line of script; a crawl writes the header into
every WARC record, too. Crawls and imports look for them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADER = "X-Newsroom-Replica"
"""Header of every answer of the replica, and field of every WARC record that holds one."""
VALUE = "1"
PAGE_MARK = b'window.newsroomReplica="invented"'
"""Stands in a script of every page that the replica serves."""

_IN_HEAD = re.compile(rb"^x-newsroom-replica[ \t]*:", re.I | re.M)


def in_headers(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether headers are those of an answer of the replica."""
    return any(name.lower() == HEADER.lower() for name, _value in headers)


def in_head(head: bytes) -> bool:
    """Whether the head of an answer, as it went over the wire, is the replica's."""
    return bool(_IN_HEAD.search(head))


def in_page(page: bytes) -> bool:
    """Whether a page is one of the replica's, however it was saved."""
    return PAGE_MARK in page
