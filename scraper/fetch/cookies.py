"""The cookies of one run: sent back as they were received, and limited in number."""

from __future__ import annotations

import http.cookiejar

_MAX_COOKIES = 50  # per site; RFC 6265 asks browsers for as many
_MAX_CHARACTERS = 4_096  # of name and value; the same
_MAX_ALL_CHARACTERS = 16_384  # servers refuse larger heads


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
