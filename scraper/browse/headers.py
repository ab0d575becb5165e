"""Headers of every answer: what a browser may load, run and tell others. Strict, for all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Message = MutableMapping[str, Any]
    Send = Callable[[Message], Awaitable[None]]
    Receive = Callable[[], Awaitable[Message]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Scripts and styles from files of ours only: nothing that stands in a page is run."""

SANDBOX_POLICY = "sandbox; default-src 'none'"
"""For what other people made: it can neither run nor load anything."""

_ALWAYS = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}


def with_headers(app: App) -> App:
    """The application with these headers on each answer, unless the answer has its own."""

    async def wrapped(scope: Message, receive: Receive, send: Send) -> None:
        async def send_more(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(name.lower(), value) for name, value in message.get("headers", [])]
                names = {name.decode("latin-1") for name, _value in headers}
                headers += [
                    (name.encode(), value.encode())
                    for name, value in _ALWAYS.items()
                    if name not in names
                ]
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, send_more if scope["type"] == "http" else send)

    return wrapped


def only_for(hosts: frozenset[str], app: App) -> App:
    """The application for requests that use one of some names for the server.

    A page elsewhere can have a name of its own lead to this machine, and would then read the
    archive as if it were its own.
    """

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _host(scope) in hosts:
            await app(scope, receive, send)
            return
        body = f"This server answers to {', '.join(sorted(hosts))} only.\n".encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await send({"type": "http.response.start", "status": 421, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return guarded


def _host(scope: Message) -> str:
    """The name in the header `Host`, without port."""
    for name, value in scope["headers"]:
        if name.lower() == b"host":
            return urlsplit(f"//{value.decode('latin-1')}").hostname or ""
    return ""
