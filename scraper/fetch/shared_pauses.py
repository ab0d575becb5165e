"""What hosts have asked for with Retry-After, known to all crawls of a user and all archives."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from scraper.dates import parse_instant, utc_iso

_THIS_MACHINE = "localhost"


class SharedPauses:
    """Files in a directory, one for each host or server: until when it is to be left alone.

    Where the directory cannot be read or written, each archive knows only its own. Servers on this
    machine, such as a mirror of the user's or the replica, are not noted.

    Args:
        directory: the same for all crawls of a user; made if need be.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def until(self, host: str) -> datetime | None:
        """When a host may be asked again; None if nobody was told.

        Args:
            host: name, with its port if that is not the scheme's, or address of a server.
        """
        try:
            return parse_instant(self._file(host).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def keep(self, host: str, until: datetime) -> None:
        """Note when a host may be asked again."""
        if _is_this_machine(host):
            return
        with suppress(OSError):
            self._directory.mkdir(parents=True, exist_ok=True)
            self._file(host).write_text(utc_iso(until), encoding="ascii")

    def _file(self, host: str) -> Path:
        return self._directory / f"{quote(host, safe='')}.pause"


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, or with a port
        name = urlsplit(f"//{host}").hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == _THIS_MACHINE or name.endswith(f".{_THIS_MACHINE}")
