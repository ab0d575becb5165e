"""Who may see the web view: a file of names and hashed passwords, as `htpasswd -B` writes it.

Each line is `name:hash`, the hash by bcrypt (`$2b$`, `$2y$` or `$2a$`); empty lines and those that
begin with `#` are passed over.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.disk.atomic import write_private
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LONGEST = 72
"""Bytes of a password that bcrypt looks at."""

_HASH = re.compile(r"\$2[aby]\$(?P<cost>\d\d)\$[./A-Za-z0-9]{53}")
_COSTS = range(4, 17)  # the highest takes some five seconds
_LARGEST = 1_000_000  # bytes of a file
_AGAIN = "Make the line anew with `newsroom browse --auth FILE --add-user NAME`, or take it out."
_MISSING = (
    "Passwords need the library bcrypt, which is not installed. Install it with "
    '`python -m pip install "newsroom-archive[browse]"`.'
)


@dataclass(frozen=True, slots=True)
class Passwords:
    """Names and the hashes of their passwords; at least one."""

    hashes: Mapping[str, bytes]

    def fit(self, name: str, password: str) -> bool:
        """Whether a password is that of a name; takes as long for names that are not there.

        It takes about a quarter of a second of processor time.
        """
        import bcrypt

        known = self.hashes.get(name)
        is_right = bcrypt.checkpw(_bytes(password), known or next(iter(self.hashes.values())))
        return is_right and known is not None


class PasswordFile:
    """The names and passwords of a file, read again when it has changed.

    Raises:
        UsageError: as `read_passwords`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] | None = None
        self._passwords = self.now()

    def now(self) -> Passwords:
        """What the file says now; the same object as long as it is the same file.

        Raises:
            UsageError: as `read_passwords`.
        """
        seen = self._state()
        if seen is None or seen != self._seen:
            self._passwords = read_passwords(self._path)
            self._seen = seen
        return self._passwords

    def _state(self) -> tuple[int, ...] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def read_passwords(path: Path) -> Passwords:
    """The names and hashed passwords of a file.

    Raises:
        UsageError: it cannot be read, others can read it, or a line is not as it must be; or bcrypt
            is not installed.
    """
    try:
        import bcrypt  # noqa: F401 - found out now, not at the first visitor
    except ModuleNotFoundError as error:
        raise UsageError(_MISSING) from error
    hashes: dict[str, bytes] = {}
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, written = line.strip().partition(":")
        where = f"--auth: line {number} of {path}"
        if not name or not written:
            raise UsageError(f"{where} is not `name:hash`. {_AGAIN}")
        name = unicodedata.normalize("NFC", name)
        if name in hashes:
            raise UsageError(f"{where} has a name that an earlier line has, too. Take one out.")
        found = _HASH.fullmatch(written)
        if found is None:
            raise UsageError(
                f"{where} has no hash of bcrypt, such as `htpasswd -B` makes; other kinds are too "
                f"weak. {_AGAIN}"
            )
        if int(found["cost"]) not in _COSTS:
            raise UsageError(
                f"{where}: the cost of the hash is {int(found['cost'])}, and must be from "
                f"{_COSTS[0]} to {_COSTS[-1]}. {_AGAIN}"
            )
        hashes[name] = written.encode()
    if not hashes:
        raise UsageError(
            f"--auth: {path} has no name and password, so nobody could get in. Add one with "
            "`newsroom browse --auth FILE --add-user NAME`."
        )
    return Passwords(hashes)


def _text(path: Path) -> str:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UsageError(f"--auth: {path} is not a file. Name one with lines `name:hash`.")
        _check_permissions(path, found.st_mode)
        if found.st_size > _LARGEST:
            raise UsageError(f"--auth: {path} is too long to be a file of passwords.")
        return path.read_bytes().decode()
    except FileNotFoundError as error:
        raise UsageError(
            f"--auth: there is no file {path}. Make it with `newsroom browse --auth FILE "
            "--add-user NAME`."
        ) from error
    except OSError as error:
        raise UsageError(f"--auth: {path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--auth: {path} is no text in UTF-8. Make it anew.") from error


def _check_permissions(path: Path, mode: int) -> None:
    if os.name == "posix" and mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise UsageError(
            f"--auth: {path} may be read or changed by others on this machine (its permissions are "
            f"{stat.S_IMODE(mode):04o}). Run `chmod 600` on it; if others may have read it, change "
            "the passwords, too."
        )


def check_new(name: str, password: str) -> None:
    """Whether a name and a password can be in the file.

    Raises:
        UsageError: they cannot.
    """
    if not name or name.startswith("#") or name != name.strip() or not _is_plain(name, ":"):
        raise UsageError(
            f"--add-user {name!r} cannot be a name: it must not be empty, begin with `#`, begin or "
            "end with a space, or hold a colon or control characters."
        )
    if not password or not _is_plain(password):
        raise UsageError("The password is empty or holds control characters. Choose another one.")
    if len(unicodedata.normalize("NFC", password).encode()) > LONGEST:
        raise UsageError(
            f"The password is longer than the {LONGEST} bytes that count. Choose a shorter one."
        )


def _is_plain(text: str, forbidden: str = "") -> bool:
    return not any(unicodedata.category(char) in {"Cc", "Cs"} or char in forbidden for char in text)


def add_user(path: Path, name: str, password: str) -> bool:
    """Write a name with its hashed password into a file; returns whether it was there before.

    A new file is for its owner alone; the other lines stay as they are.

    Raises:
        UsageError: the name or the password cannot be, or the file is not as it must be or cannot
            be written.
    """
    check_new(name, password)
    lines = []
    if path.exists():
        lines = _text(path).splitlines()
        if any(line.strip() and not line.startswith("#") for line in lines):
            read_passwords(path)
    try:
        import bcrypt
    except ModuleNotFoundError as error:
        raise UsageError(_MISSING) from error
    name = unicodedata.normalize("NFC", name)
    line = f"{name}:{bcrypt.hashpw(_bytes(password), bcrypt.gensalt()).decode()}"
    places = [n for n, old in enumerate(lines) if old.strip().partition(":")[0] == name]
    if places:
        lines[places[0]] = line
    else:
        lines.append(line)
    try:
        write_private(path.resolve(), ("\n".join(lines) + "\n").encode())
    except OSError as error:
        raise UsageError(f"--auth: {path} cannot be written ({error.strerror}).") from error
    return bool(places)


def _bytes(password: str) -> bytes:
    """What bcrypt gets: the same letters are the same bytes, from whichever keyboard."""
    return unicodedata.normalize("NFC", password).encode(errors="replace")[:LONGEST]
