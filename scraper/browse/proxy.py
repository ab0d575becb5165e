"""Requests that a reverse proxy hands on, and names that a server may be asked by."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from scraper.errors import UsageError

if TYPE_CHECKING:
    from scraper.browse.limits import App, Message, Receive, Send

_ROOT = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Proxy:
    """How a reverse proxy stands before the web view.

    Raises:
        UsageError: one of these cannot be.
    """

    root_path: str = ""
    """What paths begin with for visitors, such as `/archive`; the proxy may cut it off."""
    trusted: str = ""
    """Addresses and networks, with commas, whose `X-Forwarded-` headers are believed; `*` for all;
    "" for none."""

    def __post_init__(self) -> None:
        if not _ROOT.fullmatch(self.root_path):
            raise UsageError(
                f"--root-path {self.root_path!r} is not the beginning of a path. Write it as "
                "/archive, without a slash at the end."
            )
        for item in self._items:
            try:
                if item != "*":
                    ipaddress.ip_network(item, strict=False)
            except ValueError:
                raise UsageError(
                    f"--forwarded-allow-ips: {item!r} is neither an IP address nor a network. "
                    "Write the proxy's, such as 127.0.0.1 or 10.0.0.0/8."
                ) from None

    def __bool__(self) -> bool:
        return bool(self.root_path or self.trusted)

    @property
    def _items(self) -> list[str]:
        return [item.strip() for item in self.trusted.split(",") if item.strip()]

    def before(self, app: App) -> App:
        """The application for its visitors: with their scheme and host, without the root."""
        told: Any = ProxyHeadersMiddleware(app, trusted_hosts=self._items)  # type: ignore[arg-type]
        root = self.root_path

        async def wrapped(scope: Message, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            scope = {**scope, "headers": list(scope["headers"])}
            client = scope.get("client")
            host = _header(scope, b"x-forwarded-host")
            if host and client and client[0] in told.trusted_hosts:
                name = host.split(b",")[0].strip()
                others = [pair for pair in scope["headers"] if pair[0].lower() != b"host"]
                scope["headers"] = [*others, (b"host", name)]
            if root and f"{scope['path']}/".startswith(f"{root}/"):
                scope["path"] = scope["path"].removeprefix(root) or "/"
                scope["raw_path"] = scope["raw_path"].removeprefix(root.encode()) or b"/"
            await told(scope, receive, send)

        return wrapped


def checked(hosts: frozenset[str], app: App) -> App:
    """The application for requests that name the server as they may.

    A page elsewhere can have a name of its own lead to this machine, and would then read the
    archive as if it were its own.

    Args:
        hosts: the names that requests may use; empty for any.
        app: the application.
    """

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        host = _header(scope, b"host")
        name = _name(host) if host else ""
        if name is None:
            await _refuse(send, 400, "The header Host of the request is malformed.")
        elif hosts and name not in hosts:
            await _refuse(send, 421, f"This server answers to {', '.join(sorted(hosts))} only.")
        else:
            await app(scope, receive, send)

    return guarded


def _header(scope: Message, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name.lower() == wanted), b"")


def _name(host: bytes) -> str | None:
    """The name in a header `Host`, without port; None if it is malformed."""
    text = host.decode("latin-1")
    if not _HOST.fullmatch(text):
        return None
    try:
        parts = urlsplit(f"//{text}")
        if parts.port == 0:
            return None
    except ValueError:  # a port beyond 65535, or no IPv6 address
        return None
    return parts.hostname


async def _refuse(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{text}\n".encode()})
