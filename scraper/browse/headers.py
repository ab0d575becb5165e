"""Headers of every answer: what a browser may load, run and tell others. Strict, for all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.browse.limits import App, Message, Receive, Send

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
