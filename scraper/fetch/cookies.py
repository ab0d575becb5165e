"""The cookies of one run: sent back as they were received, and limited in number."""

from __future__ import annotations

import http.cookiejar
import re
from collections.abc import Iterable, Iterator

_MAX_COOKIES = 50  # per site; RFC 6265 asks browsers for as many
_MAX_CHARACTERS = 4_096  # of name and value; the same
_MAX_ALL_CHARACTERS = 16_384  # servers refuse larger heads
_MAX_AGE = re.compile(r"-?[0-9]+")
_MAX_AGE_DIGITS = 10
_MAX_DATE_CHARACTERS = 100


def readable_cookies(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The headers of a response, attributes of cookies that mean nothing left out.

    RFC 6265, 5.2, passes over an attribute that it cannot read and keeps the cookie; Python's jar
    drops the cookie, or takes a quoted path for a path.
    """
    for name, value in pairs:
        is_cookie = name.lower() == "set-cookie"
        yield name, _without_odd_attributes(value) if is_cookie else value


def _without_odd_attributes(cookie: str) -> str:
    first, *rest = cookie.split(";")
    attributes = {}
    for attribute in rest:
        name, _equals, value = attribute.partition("=")
        read = _attribute(name.strip().lower(), value.strip())
        if read is not None:
            attributes[name.strip().lower()] = read  # the last one counts
    return "; ".join([first, *attributes.values()])


def _attribute(name: str, value: str) -> str | None:
    """An attribute in a form that Python's jar reads as browsers do, or None."""
    match name:
        case "secure":
            return "Secure"
        case "path" if value.startswith("/"):
            return f"Path={value}"
        case "domain" if value:
            return f"Domain={value}"
        case "max-age" if _MAX_AGE.fullmatch(value):
            seconds = "0" if value.startswith("-") else value.lstrip("0")[: _MAX_AGE_DIGITS + 1]
            return f"Max-Age={seconds or 0}"
        case "expires" if 0 < len(value) <= _MAX_DATE_CHARACTERS:
            return f"Expires={value}"
    return None


class Jar(http.cookiejar.CookieJar):
    """A jar in which the oldest cookies make room for new ones.

    Args:
        secure_protocols: schemes over which a `Secure` cookie is sent.
    """

    def __init__(self, secure_protocols: tuple[str, ...]) -> None:
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=secure_protocols)
        super().__init__(policy)
        self._order: dict[tuple[str, str, str], int] = {}

    def set_cookie(self, cookie: http.cookiejar.Cookie) -> None:
        """Keep a cookie, and drop the oldest ones if they are too many."""
        size = len(cookie.name) + len(cookie.value or "")
        if size > _MAX_CHARACTERS:
            return
        super().set_cookie(cookie)
        key = (cookie.domain, cookie.path, cookie.name)
        self._order.pop(key, None)
        self._order[key] = size
        while len(self._order) > _MAX_COOKIES or sum(self._order.values()) > _MAX_ALL_CHARACTERS:
            oldest = next(iter(self._order))
            del self._order[oldest]
            try:
                self.clear(*oldest)
            except KeyError:  # it has run out by itself
                continue
