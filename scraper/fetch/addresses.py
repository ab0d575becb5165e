"""IP addresses: which are on the public internet, and which a name leads to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# In 2000::/3 and yet nobody's: Teredo, documentation. Not every Python knows them.
_NOT_PUBLIC = tuple(
    map(ipaddress.ip_network, ("2001::/32", "2001:db8::/32", "3fff::/20", "192.88.99.0/24"))
)
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})  # RFC 5214, 6.1
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_ANY_PORT = 443


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host name, in the order of the operating system's preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class ServerAddresses:
    """Which server a host's name leads to, looked up once; threads may share it.

    Several newsrooms at one hosting service have the same address, and are asked as one.

    Args:
        resolver: addresses of a host name.
    """

    def __init__(self, resolver: Callable[[str, int], list[str]] = resolve) -> None:
        self._resolver = resolver
        self._found: dict[str, str | None] = {}

    def of(self, netloc: str) -> str | None:
        """The server of a host; None if its name cannot be resolved here.

        Args:
            netloc: name, with its port if that is not the scheme's.

        Returns:
            The smallest of its addresses, so that the order of an answer does not matter, with the
            port if the host has one.
        """
        if netloc not in self._found:
            self._found[netloc] = self._look_up(netloc)
        return self._found[netloc]

    def _look_up(self, netloc: str) -> str | None:
        try:
            parts = urlsplit(f"//{netloc}")
            host, port = parts.hostname or "", parts.port
            smallest = min(self._resolver(host, port or _ANY_PORT), default=None)
        except (OSError, ValueError):  # UnicodeError is one
            return None
        return f"{smallest}:{port}" if smallest and port else smallest


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from everywhere: not private, loopback or reserved.

    An IPv4 address within an IPv6 one counts as itself (mapped, NAT64, 6to4, ISATAP). What lies
    outside of the global unicast range is not public, such as site-local, IPv4-compatible and
    IPv4-translated addresses and the local prefix of NAT64.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(_is_global(part) for part in _parts(ip))


def _is_global(ip: _Address) -> bool:
    is_special = any(ip in network for network in _NOT_PUBLIC if network.version == ip.version)
    return ip.is_global and not ip.is_multicast and not is_special


def _parts(ip: _Address) -> Iterator[_Address]:
    """The addresses that packets may end up at, which all have to be public."""
    if isinstance(ip, ipaddress.IPv4Address):
        yield ip
        return
    if ip in _NAT64:
        yield ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        return
    outer = ip.ipv4_mapped or ip.sixtofour
    if outer is None:
        yield ip if ip in _GLOBAL_UNICAST else ipaddress.IPv6Address("::")
    else:
        yield outer
    if int(ip) >> 32 & 0xFFFF_FFFF in _ISATAP and ip.ipv4_mapped is None:
        yield ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)


def is_loopback(url: str) -> bool:
    """Whether an address is one of this machine."""
    name = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
