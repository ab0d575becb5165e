"""Whom watches tell: addresses with secrets in them, kept apart from the archive, shown masked.

Archives are handed around, so no address is in them. They are in the file `watch-addresses.json`
beside the archive, which only its owner can read. So a copy of the archive elsewhere tells nobody.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote

from scraper.disk.atomic import write_private
from scraper.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE_NAME = "watch-addresses.json"
ENVIRONMENT = "env:"
"""How an address begins that stands in a variable of the environment."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,30})://", re.I)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,10}[a-z]{2,20}|localhost", re.I)
_APART = re.compile(r"[/?&=@:#,;]+")
_SHORTEST_SECRET = 3
_MASK = "…"


class NoAddress(Exception):  # not an error of the command: the target is told of it later
    """An address cannot be had now; the message says why, without naming it."""


def checked(address: str) -> str:
    """An address as the user gave it, if it can be one.

    Raises:
        UsageError: it is neither `scheme://…` nor `env:NAME`.
    """
    address = address.strip()
    if address.lower().startswith(ENVIRONMENT):
        name = address[len(ENVIRONMENT) :]
        if _VARIABLE.fullmatch(name):
            return ENVIRONMENT + name
    elif _SCHEME.match(address):
        return address
    raise UsageError(
        "--to is no address. Write one of apprise's, such as mailto://user:password@example.org "
        "or ntfy://topic, or env:NAME for one that stands in the environment."
    )


def masked(address: str) -> str:
    """An address as it may be shown: its scheme, and its host if that is the name of a machine.

    Many services have a secret in the place of the host.
    """
    if address.startswith(ENVIRONMENT):
        return address
    scheme, _, rest = address.partition("://")
    place = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    host = place.partition(":")[0]
    if place.startswith("["):
        host = place.partition("]")[0] + "]"
    shown = f"{host}/{_MASK}" if _is_machine(host) else _MASK
    return f"{scheme.lower()}://{shown}"


def _is_machine(host: str) -> bool:
    with suppress(ValueError):
        ipaddress.ip_address(host.strip("[]"))
        return True
    return _HOST.fullmatch(host) is not None


def without_secrets(text: str, address: str) -> str:
    """A text, such as an error, with whatever it has of an address replaced."""
    rest = address.partition("://")[2]
    host = masked(address).partition("://")[2].partition("/")[0]
    parts = {rest, *_APART.split(rest)}
    parts |= {unquote(part) for part in parts}
    for part in sorted(parts - {host}, key=len, reverse=True):
        if len(part) >= _SHORTEST_SECRET and not part.isdigit():
            text = text.replace(part, _MASK)
    return text


def keep(directory: Path, addresses: Iterable[str]) -> list[str | None]:
    """Write addresses into the file; returns for each the name it has there, None for `env:`.

    Raises:
        ArchiveError: the file cannot be read or written.
    """
    names = [None if one.startswith(ENVIRONMENT) else secrets.token_hex(8) for one in addresses]
    kept = dict(kept_in(directory))
    kept |= {name: one for name, one in zip(names, addresses, strict=True) if name}
    if any(names):
        _write(directory, kept)
    return names


def forget(directory: Path, names: Iterable[str | None]) -> None:
    """Take addresses out of the file.

    Raises:
        ArchiveError: the file cannot be read or written.
    """
    kept, gone = kept_in(directory), set(names)
    left = {name: one for name, one in kept.items() if name not in gone}
    if len(left) < len(kept):
        _write(directory, left)


def kept_in(directory: Path) -> dict[str, str]:
    """The addresses in the file, by their names there; none if there is no file.

    Raises:
        ArchiveError: the file cannot be read.
    """
    path = directory / FILE_NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
        raise ArchiveError(
            f"The addresses of watches in {path} cannot be read ({reason}). Restore the file from "
            "a backup, or delete it and add the watches again with `newsroom watch add`."
        ) from error
    return {str(name): str(one) for name, one in found.items()} if isinstance(found, dict) else {}


def _write(directory: Path, kept: Mapping[str, str]) -> None:
    path = directory / FILE_NAME
    try:
        write_private(path, json.dumps(kept, indent=2).encode())
    except OSError as error:
        raise ArchiveError(
            f"The addresses of watches cannot be written to {path} ({error.strerror}). Make room, "
            "or change the permissions of the directory."
        ) from error


def address_of(shown: str, kept_as: str | None, kept: Mapping[str, str]) -> str:
    """The address of a target.

    Args:
        shown: the address masked, or `env:NAME`.
        kept_as: its name among those kept; None for `env:`.
        kept: what `kept_in` gives.

    Raises:
        NoAddress: it is not there now.
    """
    if kept_as is None:
        name = shown.removeprefix(ENVIRONMENT)
        address = os.environ.get(name, "").strip()
        if not address:
            raise NoAddress(f"the environment has no variable {name}")
        return address
    if kept_as not in kept:
        raise NoAddress(
            f"{FILE_NAME} does not have it: the archive was copied from elsewhere; drop this watch "
            "and add it again"
        )
    return kept[kept_as]
