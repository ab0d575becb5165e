"""Names and passwords before every page, picture, feed and file: HTTP Basic (RFC 7617)."""

from __future__ import annotations

import asyncio
import binascii
import hashlib
import hmac
import logging
import secrets
import unicodedata
from base64 import b64decode
from typing import TYPE_CHECKING

from scraper.browse.language import preferred
from scraper.errors import UsageError
from scraper.text import one_line

if TYPE_CHECKING:
    from scraper.browse.limits import App, Message, Receive, Send
    from scraper.browse.passwords import PasswordFile, Passwords

AT_ONCE = 2
"""Passwords that are compared at the same time; each takes a processor."""
WAITING = 20
"""Passwords that may wait for that; who comes later is asked to come back."""

_CHALLENGE = b'Basic realm="Newsroom archive", charset="UTF-8"'
_RETRY_SECONDS = b"5"
_log = logging.getLogger("newsroom.browse")


class Busy(Exception):  # an answer of HTTP, not an error of the command
    """Too many passwords are being compared already."""


class Keeper:
    """Compares passwords, each pair that was right only once.

    Browsers send name and password with every request, and comparing takes a quarter of a second.
    So what was right is remembered, as a keyed digest in memory, until the file changes.

    Args:
        file: the names and passwords.
    """

    def __init__(self, file: PasswordFile) -> None:
        self._file = file
        self._key = secrets.token_bytes(32)
        self._of: Passwords | None = None
        self._right: dict[str, bytes] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._said = ""

    def say_once(self, trouble: str) -> None:
        """Write into the log why nobody gets in, unless it was the last that was said."""
        if trouble != self._said:
            _log.error("%s", trouble)
        self._said = trouble

    async def lets_in(self, name: str, password: str) -> bool:
        """Whether a visitor may see the archive.

        Raises:
            UsageError: the file can no longer be read, or others can read it.
            Busy: too many passwords are being compared.
        """
        passwords = self._file.now()
        self._said = ""
        if passwords is not self._of:
            self._of, self._right = passwords, {}
        digest = hmac.digest(self._key, f"{name}\0{password}".encode(), hashlib.sha256)
        if hmac.compare_digest(self._right.get(name, b""), digest):
            return True
        if self._waiting >= AT_ONCE + WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._turns:
                is_right = await asyncio.to_thread(passwords.fit, name, password)
        finally:
            self._waiting -= 1
        if is_right and passwords is self._of:
            self._right[name] = digest
        return is_right


def guarded(app: App, file: PasswordFile) -> App:
    """The application for those whose name and password stand in a file.

    Args:
        app: the application; it does not see the passwords.
        file: names and passwords.
    """
    keeper = Keeper(file)

    async def wrapped(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        given = [value for name, value in scope["headers"] if name.lower() == b"authorization"]
        pair = _credentials(given[0]) if len(given) == 1 else None
        try:
            if pair is not None and await keeper.lets_in(*pair):
                others = [one for one in scope["headers"] if one[0].lower() != b"authorization"]
                await app({**scope, "headers": others}, receive, _private(send))
                return
        except Busy:
            await _answer(scope, send, 503, "sign_in_busy", (b"retry-after", _RETRY_SECONDS))
            return
        except UsageError as error:
            keeper.say_once(str(error))
            await _answer(scope, send, 503, "sign_in_broken", (b"retry-after", _RETRY_SECONDS))
            return
        if given:  # the line that programs such as fail2ban look for
            client = (scope.get("client") or ("?",))[0]
            _log.warning("Wrong name or password from %s", one_line(str(client)))
        await _answer(scope, send, 401, "sign_in_needed", (b"www-authenticate", _CHALLENGE))

    return wrapped


def _private(send: Send) -> Send:
    """What sends answers that no cache on the way may keep for others."""

    async def send_more(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            said = [value for name, value in headers if name.lower() == b"cache-control"]
            others = [one for one in headers if one[0].lower() != b"cache-control"]
            value = b", ".join([b"private", *said])
            message = {**message, "headers": [*others, (b"cache-control", value)]}
        await send(message)

    return send_more


def _credentials(header: bytes) -> tuple[str, str] | None:
    """Name and password of a header `Authorization`; None if it has none."""
    scheme, _, encoded = header.strip().partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        text = b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    name, colon, password = text.partition(":")
    return (unicodedata.normalize("NFC", name), password) if colon else None


async def _answer(
    scope: Message, send: Send, status: int, key: str, header: tuple[bytes, bytes]
) -> None:
    wished = dict(scope["headers"]).get(b"accept-language", b"")
    text = preferred(wished.decode("latin-1")).t(key)
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        header,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{text}\n".encode()})
