"""HTTP over our own network: connections, proxies, certificates.

httpx's own transport has no argument for a network, and its client reads addresses of redirects
and loses the jar's policy. So httpx lends requests, responses and headers, and the connections
are httpcore's, by its public names.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpcore

from scraper.errors import UsageError
from scraper.fetch.http import httpx
from scraper.fetch.network import Network
from scraper.fetch.proxy import Proxy, proxy_for

FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpx.StreamError,
)
"""What `Transport` raises when there is no answer, or none to its end."""
_STANDARD_PORT = {"http": 80, "https": 443}
_KEPT_SECONDS = 5.0
_FILE, _DIRECTORY = "SSL_CERT_FILE", "SSL_CERT_DIR"


class Transport:
    """Sends requests and receives answers, one at a time.

    Args:
        network: opens connections.

    Raises:
        UsageError: see `tls_context`.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._tls = tls_context(os.environ.get(_FILE), os.environ.get(_DIRECTORY))
        self._pools: dict[Proxy | None, httpcore.ConnectionPool] = {}

    def proxy(self, url: httpx.URL) -> Proxy | None:
        """The proxy that an address is asked for through.

        Raises:
            UsageError: what is set for it cannot be used.
        """
        port = url.port or _STANDARD_PORT.get(url.scheme, 0)
        return proxy_for(url.scheme, url.host, port)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is still to be read.

        Raises:
            PrivateAddress: the host is not on the public internet.
            UsageError: the proxy that is set cannot be used.
        """
        url, proxy = request.url, self.proxy(request.url)
        if proxy:
            self._network.check_target(url.host, url.port or _STANDARD_PORT.get(url.scheme, 0))
        if not isinstance(request.stream, Iterable):
            raise TypeError("a request's body is read at once")
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        answer = self._pool(proxy).handle_request(
            httpcore.Request(
                request.method,
                target,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
            request=request,
        )

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, proxy: Proxy | None) -> httpcore.ConnectionPool:
        if proxy not in self._pools:
            self._pools[proxy] = self._new_pool(proxy)
        return self._pools[proxy]

    def _new_pool(self, proxy: Proxy | None) -> httpcore.ConnectionPool:
        options: dict[str, Any] = {
            "ssl_context": self._tls,
            "max_connections": 1,
            "keepalive_expiry": _KEPT_SECONDS,
        }
        if proxy is None:
            return httpcore.ConnectionPool(network_backend=self._network, **options)
        if not proxy.is_socks:
            tls = self._tls if proxy.url.startswith("https:") else None
            return httpcore.HTTPProxy(
                proxy.url,
                proxy_auth=proxy.auth,
                proxy_ssl_context=tls,
                network_backend=self._network.to_proxy(),
                **options,
            )
        try:
            return httpcore.SOCKSProxy(
                proxy.url,
                proxy_auth=proxy.auth,
                network_backend=self._network.to_proxy(),
                **options,
            )
        except RuntimeError as error:
            raise UsageError(
                f"The proxy {proxy.url} speaks SOCKS. Install the package that does so, too: "
                "python -m pip install socksio. Or set HTTPS_PROXY to a proxy that speaks HTTP."
            ) from error


class _Body(httpx.SyncByteStream):
    """The bytes of an answer as they arrive."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def tls_context(file: str | None, directory: str | None) -> ssl.SSLContext:
    """Whose certificates are believed: those of the environment, else those that browsers believe.

    Args:
        file: certificates of authorities, one after the other (PEM); `SSL_CERT_FILE`.
        directory: one or more directories of such files, named by `openssl rehash`; `SSL_CERT_DIR`.

    Raises:
        UsageError: the file or the directory cannot be read.
    """
    if not file and not directory:
        return _usual_context()
    where = _FILE if file else _DIRECTORY
    try:
        if directory and not any(Path(part).is_dir() for part in directory.split(os.pathsep)):
            where = _DIRECTORY
            raise FileNotFoundError("no such directory")
        return ssl.create_default_context(cafile=file or None, capath=directory or None)
    except OSError as error:  # ssl.SSLError is one
        reason = error.strerror or error
        raise UsageError(
            f"{where} names {file if where == _FILE else directory}, whose certificates cannot be "
            f"read ({reason}). Set it to those of the authorities to believe, or unset it."
        ) from error


@cache
def _usual_context() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
