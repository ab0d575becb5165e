"""Which proxy a request goes through, by the settings that other programs use, too.

`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` count in small letters and in capitals;
where none is set, so do the system's settings on Windows and macOS.
"""

from __future__ import annotations

import ipaddress
import re
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from scraper.errors import UsageError

_SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy server."""

    url: str
    """Scheme, host and port, without credentials, such as `http://proxy.example.org:3128`."""
    auth: tuple[str, str] | None = None
    """User and password."""
    is_socks: bool = False


def proxy_for(
    scheme: str, host: str, port: int, settings: Mapping[str, str] | None = None
) -> Proxy | None:
    """The proxy for requests to a host, or None if it is asked directly.

    This machine itself (`localhost`, `127.0.0.1`, `::1`) is always asked directly.

    Args:
        scheme: `http` or `https`.
        host: name or address.
        port: its port.
        settings: proxies by scheme, and exceptions under `no`; those of the machine if None.

    Raises:
        UsageError: what is set cannot be the address of a proxy.
    """
    found = urllib.request.getproxies() if settings is None else settings
    name, value = next(
        ((name, found[name]) for name in (scheme, "all") if found.get(name)), ("", "")
    )
    if not value or _is_this_machine(host) or _is_excepted(host, port, found):
        return None
    return _parsed(value, name)


def _parsed(value: str, name: str) -> Proxy:
    wrong = UsageError(
        f"The proxy that {name.upper()}_PROXY names is not one that can be used. Write scheme, "
        "host and port, such as http://proxy.example.org:3128, or unset it; schemes are "
        f"{', '.join(sorted(_SCHEMES))}."
    )
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise wrong from error
    if parts.scheme not in _SCHEMES or not _HOST.fullmatch(host):
        raise wrong
    shown = f"[{host}]" if ":" in host else host
    standard = {"http": 80, "https": 443}.get(parts.scheme, 1080)
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    is_socks = parts.scheme.startswith("socks")
    return Proxy(f"{parts.scheme}://{shown}:{port or standard}", auth, is_socks)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == _LOCAL or host.endswith(f".{_LOCAL}")


def _is_excepted(host: str, port: int, settings: Mapping[str, str]) -> bool:
    """Whether `NO_PROXY` names a host, one of its domains, or the network of its address."""
    if "no" not in settings:
        return bool(urllib.request.proxy_bypass(f"{host}:{port}"))
    words = [word.removeprefix("*.") for word in settings["no"].replace(",", " ").split()]
    exceptions = {"no": "*" if "*" in words else ",".join(words)}
    if urllib.request.proxy_bypass_environment(f"{host}:{port}", exceptions):  # type: ignore[attr-defined]
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return any(_holds(word, address) for word in words)


def _holds(network: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    try:
        return address in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
