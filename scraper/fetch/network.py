"""Sockets: which machines may be connected to, and for how long.

This stands below HTTP and TLS, where a name becomes an address and every byte passes by, so that
nothing above can go round it: neither a redirect, nor headers that trickle in for ever.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl

Resolver = Callable[[str, int], list[str]]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class PrivateAddress(Exception):
    """The name leads to an address that is not on the public internet."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host name, in the order of the operating system's preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from everywhere: not private, loopback or reserved."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        ip = inner or ip
    return ip.is_global and not ip.is_multicast


class Network(httpcore.NetworkBackend):
    """Opens connections. The address that is checked is the one connected to.

    Args:
        public_only: refuse names that lead to a private address.
        resolver: addresses of a host name.
        clock: monotonic, in seconds.
        sockets: opens a connection to an address.
    """

    def __init__(
        self,
        *,
        public_only: bool,
        resolver: Resolver = resolve,
        clock: Callable[[], float] = time.monotonic,
        sockets: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._public_only = public_only
        self._resolver = resolver
        self._clock = clock
        self._sockets = sockets or httpcore.SyncBackend()
        self._deadline = float("inf")
        self._allowed_seconds = float("inf")

    def allow(self, seconds: float) -> None:
        """Begin an exchange: reading ends with an error after this time."""
        self._allowed_seconds = seconds
        self._deadline = self._clock() + seconds

    def seconds_left(self) -> float:
        """What is left of the time that was allowed.

        Raises:
            httpcore.ReadTimeout: nothing is.
        """
        left = self._deadline - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout(f"the answer took longer than {self._allowed_seconds:.0f} s")
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers.

        Raises:
            PrivateAddress: one of the addresses is not public, and must be.
            httpcore.ConnectError: no such name, or nobody answers there.
        """
        failure: Exception = httpcore.ConnectError(f"the name {host} has no address")
        for address in self._addresses(host, port):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self)
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            reason = f"the name {host} cannot be resolved ({error})"
            raise httpcore.ConnectError(reason) from error
        private = [address for address in addresses if not is_public(address)]
        if self._public_only and private:
            raise PrivateAddress(f"{host} leads to the private address {', '.join(private)}")
        return addresses


class _Stream(httpcore.NetworkStream):
    """A connection that keeps to the network's deadline."""

    def __init__(self, inner: httpcore.NetworkStream, network: Network) -> None:
        self._inner = inner
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._network.seconds_left()
        return self._inner.read(max_bytes, left if timeout is None else min(left, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class Transport(httpx.HTTPTransport):
    """httpx's transport over a network of ours, which it has no argument for."""

    def __init__(self, network: Network) -> None:
        # All that httpx's own `__init__` does is to make this pool.
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=1,
            keepalive_expiry=5.0,
            network_backend=network,
        )
