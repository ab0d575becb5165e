"""A real HTTP server on loopback whose answers are scripted by a function."""

from __future__ import annotations

import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from tests.support.serving import Served

if TYPE_CHECKING:
    from trustme import LeafCert


@dataclass
class Ask:
    """A request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    port: int = 0
    """The client's: the same for all requests of one connection."""
    at: float = field(default_factory=time.monotonic)
    """When it came, in seconds."""


@dataclass
class Answer:
    """What to send back; `chunks` are sent as they are, without a length unless one is given.

    `raw` replaces everything, status line and headers too; `reset` breaks the connection off.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    chunks: Iterable[bytes] | None = None
    raw: Iterable[bytes] | None = None
    reset: bool = False


Script = Callable[[Ask], Answer]


class Loopback(Served):
    """Serves `script` on this machine until it is closed; `asks` logs every request."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.asks: list[Ask] = []
        self.script: Script = lambda _ask: Answer(404)
        self.robots: Answer | None = Answer(404)
        """The answer to robots.txt; `script` gives it if None."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else every answer waits 40 ms for an ACK

            def _serve(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                port = self.client_address[1]
                ask = Ask(self.command, self.path, headers, self.rfile.read(length), port)
                outer.asks.append(ask)
                answer = outer.robots if ask.path == "/robots.txt" else None
                answer = answer or outer.script(ask)
                if answer.reset:
                    linger = struct.pack("ii", 1, 0)  # closing then sends RST
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.close_connection = True
                elif answer.raw is not None:
                    self.close_connection = True
                    self._write(answer.raw)
                else:
                    self._send(answer)

            def _send(self, answer: Answer) -> None:
                names = {name.lower() for name in answer.headers}
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.chunks is None and "content-length" not in names:
                    self.send_header("Content-Length", str(len(answer.body)))
                if answer.chunks is not None or "content-length" in names:
                    self.send_header("Connection", "close")
                    self.close_connection = True
                self.end_headers()
                self._write([answer.body] if answer.chunks is None else answer.chunks)

            def _write(self, chunks: Iterable[bytes]) -> None:
                try:
                    for chunk in chunks:
                        self.wfile.write(chunk)
                except OSError:  # the client has had enough
                    self.close_connection = True

            do_GET = do_POST = _serve  # noqa: N815 - the names the standard library calls

            def log_message(self, *_args: object) -> None:
                pass

        super().__init__(Handler, host)
        self.url = f"http://{self.address}"

    def show(self, certificate: LeafCert) -> None:
        """Speak TLS from now on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def paths(self) -> list[str]:
        """Paths asked for, without robots.txt."""
        return [ask.path for ask in self.asks if ask.path != "/robots.txt"]
