"""Sockets: which machines may be connected to, and for how long.

This stands below HTTP and TLS, where a name becomes an address and every byte passes by, so that
nothing above can go round it: neither a redirect, nor headers that trickle in for ever.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from scraper.fetch.addresses import is_public, resolve
from scraper.fetch.head import HeadFilter

Resolver = Callable[[str, int], list[str]]


class PrivateAddress(Exception):
    """The name leads to an address that is not on the public internet."""


class CertificateRefused(httpcore.ConnectError):
    """The certificate that a server shows is not believed.

    Attributes:
        code: OpenSSL's number of the reason (X509_V_ERR_…).
    """

    def __init__(self, error: ssl.SSLCertVerificationError) -> None:
        super().__init__(f"certificate verify failed: {error.verify_message.rstrip('.')}")
        self.code = error.verify_code


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
        self._unresolved: set[str] = set()

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
        self._check_public(host, addresses := self._addresses(host, port))
        return self.connect(host, port, addresses, timeout, local_address, socket_options)

    def connect(
        self, host: str, port: int, addresses: list[str] | None = None, *options: Any
    ) -> httpcore.NetworkStream:
        """Connect as `connect_tcp` does, but to a private address, too.

        Args:
            host: name of the host.
            port: its port.
            addresses: where to; those of the host if None.
            options: further arguments of `connect_tcp`, in order.
        """
        failure: Exception = httpcore.ConnectError(f"the name {host} has no address")
        for address in self._addresses(host, port) if addresses is None else addresses:
            try:
                stream = self._sockets.connect_tcp(address, port, *options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self)
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            return self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            reason = f"the name {host} cannot be resolved ({error})"
            raise httpcore.ConnectError(reason) from error

    def _check_public(self, host: str, addresses: Iterable[str]) -> None:
        private = [address for address in addresses if not is_public(address)]
        if self._public_only and private:
            raise PrivateAddress(f"{host} leads to the private address {', '.join(private)}")

    def check_target(self, host: str, port: int) -> None:
        """Refuse a host that a proxy is to connect to, if its name leads to a private address.

        The proxy looks the name up itself, where we may not be able to: one that cannot be
        resolved here is left to it.

        Raises:
            PrivateAddress: one of the addresses is not public, and must be.
        """
        if not self._public_only or host in self._unresolved:
            return
        try:
            addresses = self._addresses(host, port)
        except httpcore.ConnectError:
            self._unresolved.add(host)  # not asked again: that takes seconds where no DNS answers
            return
        self._check_public(host, addresses)

    def to_proxy(self) -> httpcore.NetworkBackend:
        """The same network for connections to a proxy, which may well be at a private address."""
        return _ToProxy(self)


class _ToProxy(httpcore.NetworkBackend):
    """Connects to a proxy of the user's own choice."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        options = timeout, local_address, socket_options
        try:
            return self._network.connect(host, port, None, *options)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            raise httpcore.ProxyError(f"it does not answer: {error}") from error


class _Stream(httpcore.NetworkStream):
    """A connection that keeps to the network's deadline, and mends the heads of answers."""

    def __init__(self, inner: httpcore.NetworkStream, network: Network) -> None:
        self._inner = inner
        self._network = network
        self._head = HeadFilter()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            left = self._network.seconds_left()
            data = self._inner.read(max_bytes, left if timeout is None else min(left, timeout))
            ready = self._head.feed(data)
            if ready or not data:
                return ready

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._head = HeadFilter()  # what comes next begins a new answer
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            secured = self._inner.start_tls(ssl_context, server_hostname, timeout)
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise CertificateRefused(error.__cause__) from error
            raise
        return _Stream(secured, self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
