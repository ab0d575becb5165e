"""The CSV that Datasette makes of tables and statements, without formulas for spreadsheets.

Datasette writes cells as they are. What leaves us as CSV follows `export.delimited`, as files do.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

from scraper.export.delimited import harmless, harmless_inside, without_controls

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Message = MutableMapping[str, Any]
    Send = Callable[[Message], Awaitable[None]]
    Receive = Callable[[], Awaitable[Message]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

_CELL = re.compile(r'(?<![^,\r\n])(?:"((?:[^"]|"")*+)"|([^",\r\n]++))(?=[,\r\n]|\Z)')


def with_harmless_csv(app: App, database: str) -> App:
    """The application, with each cell of a table's CSV made harmless.

    Args:
        app: the application.
        database: name of the database in addresses; our own CSV stands elsewhere.
    """

    async def wrapped(scope: Message, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        is_csv = path.startswith((f"/{database}.", f"/{database}/")) and path.endswith(".csv")
        await app(scope, receive, _Rewriter(send) if is_csv else send)

    return wrapped


class _Rewriter:
    """Sends an answer on; of one that is CSV, whole lines at a time."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._waiting: list[str] = []
        self._is_within_quotes = False
        self._is_html = False  # an error page

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = {name.lower(): value for name, value in message.get("headers", ())}
            self._is_html = headers.get(b"content-type", b"").startswith(b"text/html")
        elif message["type"] == "http.response.body" and not self._is_html:
            is_last = not message.get("more_body", False)
            message = {**message, "body": self._taken(message.get("body", b""), is_last=is_last)}
        await self._send(message)

    def _taken(self, body: bytes, *, is_last: bool) -> bytes:
        """What can be sent now: lines that have come to their end."""
        text = self._decoder.decode(body, is_last)
        self._waiting.append(text)
        self._is_within_quotes ^= text.count('"') % 2 == 1
        if not is_last and (self._is_within_quotes or not text.endswith("\n")):
            return b""
        lines = "".join(self._waiting)
        self._waiting.clear()
        return without_controls(_CELL.sub(_harmless_cell, lines).encode())


def _harmless_cell(match: re.Match[str]) -> str:
    text = match[2] if match[1] is None else match[1].replace('""', '"')
    safe = harmless(harmless_inside(text))
    return match[0] if safe == text else '"' + safe.replace('"', '""') + '"'
