"""Serving the web view: a socket, uvicorn, an end by Ctrl-C."""

from __future__ import annotations

import errno
import ipaddress
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import uvicorn

IDLE_SECONDS = 5
"""How long a connection may wait for another request."""
_GRACE_SECONDS = 2
_MISSING = (
    "The web view needs Datasette, which is not installed ({name} is missing). Install it with "
    '`python -m pip install "newsroom-archive[browse]"`.'
)


@contextmanager
def listening(
    directory: Path,
    host: str = "127.0.0.1",
    port: int = 8001,
    *,
    sql: bool = False,
    root_path: str = "",
    trusted: str = "",
    auth: Path | None = None,
) -> Iterator[tuple[uvicorn.Server, socket.socket, str]]:
    """A server for the archive in a directory, ready to be run, its socket and its address.

    Args:
        directory: holds the archive.
        host: address to listen on.
        port: 0 takes a free one.
        sql: whether visitors may run SQL of their own.
        root_path: what paths begin with behind a reverse proxy, see `Proxy`.
        trusted: whose `X-Forwarded-` headers are believed, see `Proxy`.
        auth: file of names and passwords, see `passwords`; None asks for none.

    Raises:
        UsageError: the extra `browse` is not installed, the address cannot be listened on, or the
            file of passwords is not as it must be.
        ArchiveError: there is no archive, or it cannot be read.
    """
    try:
        import uvicorn

        from scraper.browse.application import make_application
        from scraper.browse.connections import PatientProtocol
        from scraper.browse.passwords import PasswordFile
        from scraper.browse.proxy import Proxy
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("scraper"):
            raise
        raise UsageError(_MISSING.format(name=error.name)) from error
    hosts = frozenset({"127.0.0.1", "localhost", "::1", host.lower()})
    proxy = Proxy(root_path.rstrip("/"), trusted)
    only = hosts if is_loopback(host) and not proxy else frozenset()
    passwords = PasswordFile(auth) if auth is not None else None
    app, close = make_application(directory, sql=sql, hosts=only, proxy=proxy, passwords=passwords)
    try:
        with _socket(host, port) as listener:
            config = uvicorn.Config(
                app,
                http=PatientProtocol,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws="none",
                lifespan="off",
                timeout_keep_alive=IDLE_SECONDS,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
            yield uvicorn.Server(config), listener, address_of(host, listener.getsockname()[1])
    finally:
        close()


def serve(
    directory: Path, host: str, port: int, ready: Callable[[str], None], **options: Any
) -> None:
    """Serve until Ctrl-C or a SIGTERM.

    Args:
        directory: holds the archive.
        host: address to listen on.
        port: 0 takes a free one.
        ready: is told the address.
        options: as `listening`.

    Raises:
        NewsroomError: as `listening`.
    """
    with listening(directory, host, port, **options) as (server, listener, address):
        ready(address)
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            return


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address to listen on."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _socket(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(
            f"{host!r} is no address of this machine to listen on ({error.strerror}). Leave --host "
            "away for this machine only."
        ) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        listener.close()
        reason = (
            "another program listens there"
            if error.errno == errno.EADDRINUSE
            else error.strerror or str(error)
        )
        raise UsageError(
            f"The web view cannot listen on {host}, port {port}: {reason}. Choose another --port, "
            "or 0 for a free one."
        ) from error
    return listener


def address_of(host: str, port: int) -> str:
    """The web view's address, as a browser of this machine takes it."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"
