"""A real HTTP proxy on loopback: it forwards and tunnels to one server, whatever is asked for."""

from __future__ import annotations

import base64
import http.client
import socket
import threading
from http.server import BaseHTTPRequestHandler

from tests.support.serving import Served


class LoopbackProxy(Served):
    """Takes all requests and tunnels to a server on loopback; `asks` logs what it was asked for.

    Args:
        port: of that server.
        password: what user `u` has to give; everybody may come in if None.
        refuses: the status that it answers instead of opening a tunnel.
    """

    def __init__(self, port: int, *, password: str | None = None, refuses: int | None = None):
        self.asks: list[str] = []
        outer = self
        wanted = None
        if password is not None:
            wanted = "Basic " + base64.b64encode(f"u:{password}".encode()).decode()

        class Handler(BaseHTTPRequestHandler):
            def _is_refused(self) -> bool:
                outer.asks.append(f"{self.command} {self.path}")
                if wanted and self.headers.get("Proxy-Authorization") != wanted:
                    self.send_error(407)
                    return True
                if refuses:
                    self.send_error(refuses)
                return bool(refuses)

            def do_CONNECT(self) -> None:
                if self._is_refused():
                    return
                with socket.create_connection(("127.0.0.1", port)) as server:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=_pump, args=(server, self.connection))
                    back.start()
                    _pump(self.connection, server)
                    back.join()
                self.close_connection = True

            def do_GET(self) -> None:
                if self._is_refused():
                    return
                path = "/" + self.path.split("/", 3)[3]
                server = http.client.HTTPConnection("127.0.0.1", port)
                headers = {"Host": self.headers["Host"], "Via": "1.1 loopback"}
                server.request("GET", path, headers=headers)
                answer = server.getresponse()
                body = answer.read()
                server.close()
                self.send_response(answer.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                pass

        super().__init__(Handler)


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Carry bytes until one side has no more."""
    try:
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
