"""What the replica can be told to do wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Faults:
    """Switches; the default is a healthy site. `every` counts requests that carry the cookie."""

    cookie_dance: bool = True
    """Every first request is redirected to itself with a cookie. The one habit that is normal."""
    redirect_loop: bool = False
    """The cookie is never accepted: redirects without end."""
    unavailable_first: bool = False
    """Each URL answers 503 at its first try, then normally."""
    too_many_every: int = 0
    """Every so many requests answer 429 with `Retry-After`; 0 for never."""
    retry_after_seconds: int = 1
    """What `Retry-After` asks for."""
    retry_after_as_date: bool = False
    """Whether `Retry-After` is an HTTP date instead of seconds."""
    fail_every: int = 0
    """Every so many requests answer 500."""
    truncate_every: int = 0
    """Every so many answers end in the middle of the body."""
    drop_every: int = 0
    """Every so many connections close without an answer."""
    slow_seconds: float = 0.0
    """How long each answer takes."""
    forbid_robots: bool = False
    """robots.txt forbids everything."""
    robots_status: int = 200
    """HTTP status of robots.txt."""
    search_status: int = 200
    """HTTP status of the search interface."""
    unsorted_search: bool = False
    """Search hits come in no order instead of newest first."""
    sitemap_missing: bool = False
    """There is no sitemap."""
    redirect_to_host: str | None = None
    """Article pages redirect to the same path at this host (`host` or `host:port`)."""
    endless_bytes: int = 0
    """Article pages go on for so many bytes after their end."""
    gzip_bomb: bool = False
    """The endless bytes come gzip-coded, a thousandth of their size on the wire."""
    drifted: bool = False
    """Article pages have another layout: the names of elements and classes have changed."""
