"""Packages: WACZ files and other zip files, and the WARC files in them, however deep.

The list of contents is read once. A member that is only stored, as WACZ asks for, is read where it
lies; one that is packed is unpacked once, to a directory for as long as the import takes.
"""

from __future__ import annotations

import shutil
import struct
import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from scraper.importing.files import Part
from scraper.importing.found import Broken, Unreadable
from scraper.importing.kinds import Kind, foreign_format, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 4
_COPY_BYTES = 1 << 16
_ENCRYPTED = 1
_LOCAL_HEADER = struct.Struct("<4s22xHH")
# What the standard library raises: of a newer version, packed in an unknown way, damaged.
_DAMAGED = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)


class Scratch:
    """Room for what has to be unpacked: made when it is first needed, gone at the end.

    Args:
        beside: directory to make it in; that for temporary files if None.
    """

    def __init__(self, beside: Path | None = None) -> None:
        self._beside = beside
        self._directory: TemporaryDirectory[str] | None = None
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._directory is not None:
            self._directory.cleanup()

    def file(self, size: int) -> Path:
        """The path of a new file that will have so many bytes.

        Raises:
            Unreadable: there is no room for it.
        """
        try:
            if self._directory is None:
                self._directory = TemporaryDirectory(prefix="newsroom-import-", dir=self._beside)
            free = shutil.disk_usage(self._directory.name).free
        except OSError as error:
            raise Unreadable(f"it cannot be unpacked ({error.strerror or error})") from error
        if size > free:
            raise Unreadable(
                f"it unpacks to {size:,} bytes, and {self._directory.name} has room for {free:,}; "
                "set TMPDIR to a directory with more, or unpack it yourself"
            )
        self._count += 1
        return Path(self._directory.name) / f"{self._count}"


def warc_files(package: Part, scratch: Scratch, depth: int = 1) -> Iterator[Part | Broken]:
    """The WARC files in a package, and in packages in it, by name; with what cannot be read.

    Nothing comes if there are none.
    """
    try:
        with package.open() as file, zipfile.ZipFile(file) as archive:
            members = sorted(archive.infolist(), key=lambda member: member.filename)
            for member in members:
                yield from _member(package, archive, member, scratch, depth)
    except Unreadable as error:
        yield Broken(str(package), str(error))
    except _DAMAGED as error:
        yield Broken(str(package), f"it is no WACZ that can be read ({error})")


def _member(
    package: Part, archive: zipfile.ZipFile, member: zipfile.ZipInfo, scratch: Scratch, depth: int
) -> Iterator[Part | Broken]:
    kind = kind_of(member.filename)
    if member.is_dir() or kind not in {Kind.WARC, Kind.PACKAGE, Kind.FOREIGN}:
        return
    where = f"{package}/{member.filename}"
    reason = foreign_format(member.filename)
    if member.flag_bits & _ENCRYPTED:
        reason = "it is encrypted; unpack it with its password and import what comes out"
    elif kind is Kind.PACKAGE and depth >= _DEEPEST:
        reason = f"it is a package in a package, {_DEEPEST} deep; unpack it yourself"
    if reason:
        yield Broken(where, reason)
        return
    try:
        if member.compress_type == zipfile.ZIP_STORED:
            part = _stored(package, member, where)
        else:
            part = Part(scratch.file(member.file_size), where)
            damage = _unpack(archive, member, part.path)
            if damage:
                yield Broken(where, damage)
    except Unreadable as error:
        yield Broken(where, str(error))
        return
    if kind is Kind.PACKAGE:
        yield from warc_files(part, scratch, depth + 1)
    else:
        yield part


def _stored(package: Part, member: zipfile.ZipInfo, where: str) -> Part:
    """Where a member lies that is not packed."""
    with package.open() as file:
        file.seek(member.header_offset)
        header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\3\4"):
        raise Unreadable("it does not lie where the package says")
    _signature, name, extra = _LOCAL_HEADER.unpack(header)
    start = package.start + member.header_offset + _LOCAL_HEADER.size + name + extra
    return Part(package.path, where, start, member.file_size)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> str | None:
    """Unpack a member; returns what was wrong with it. What came out before that is kept."""
    with target.open("wb") as copy:
        try:
            with archive.open(member) as source:
                shutil.copyfileobj(source, copy, _COPY_BYTES)
        except _DAMAGED as error:
            return f"it cannot be unpacked, or not to its end ({error})"
    return None
