"""Which files there are to import: WARC, WACZ, saved pages, in folders of any depth."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.errors import UsageError
from scraper.importing.found import Broken, Found, Reason, Skipped, Unreadable
from scraper.importing.saved import HTML_SUFFIXES, MHTML_SUFFIXES, is_html, look_into
from scraper.importing.warcs import WarcFile, look_through, wacz_members

if TYPE_CHECKING:
    from scraper.sites import Site

_HEAD_BYTES = 1024
_GZIP, _ZIP, _WARC = b"\x1f\x8b", b"PK\x03\x04", b"WARC/"


Look = Callable[[Path, "Site"], Found]
"""Finds the page in a saved file."""


def look_for_pages(paths: Iterable[Path], site: Site, look: Look = look_into) -> Iterator[Found]:
    """What is in files and folders, sorted by name; links to other folders are not followed.

    Args:
        paths: files and folders.
        site: whose articles count.
        look: finds the page in a saved file; an import has it done in a worker process.

    Raises:
        UsageError: a path does not exist.
    """
    paths = list(paths)
    for path in paths:
        if not path.exists():
            raise UsageError(
                f"There is nothing at {path}. Give WARC files (.warc, .warc.gz, .wacz), saved "
                "pages (.html, .mhtml), or folders that hold them."
            )
    seen: set[Path] = set()
    for path in paths:
        for file in _files(path):
            if isinstance(file, Broken):
                yield file
                continue
            real = file.resolve()
            if real not in seen:  # a file may be named twice
                seen.add(real)
                yield from _look_at(file, site, look, is_named=file == path)


def _files(path: Path) -> Iterator[Path | Broken]:
    if not path.is_dir():
        yield path
        return
    errors: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=errors.append):
        folders.sort()
        for name in sorted(names):
            yield Path(folder) / name
    for error in errors:
        yield Broken(str(error.filename), f"it cannot be read ({error.strerror})")


def _look_at(path: Path, site: Site, look: Look, *, is_named: bool) -> Iterator[Found]:
    name, suffix = path.name.lower(), path.suffix.lower()
    try:
        head = _head(path)
    except OSError as error:
        yield Broken(str(path), f"it cannot be read ({error.strerror or error})")
        return
    if name.endswith((".warc", ".warc.gz")) or head.startswith(_WARC):
        yield from look_through(WarcFile(path), site)
    elif suffix == ".wacz" or (is_named and head.startswith(_ZIP)):
        yield from _wacz(path, site)
    elif suffix in HTML_SUFFIXES | MHTML_SUFFIXES or is_html(head):
        yield look(path, site)
    elif is_named and head.startswith(_GZIP):
        yield from look_through(WarcFile(path), site)
    elif is_named:
        yield Broken(str(path), "it is neither a WARC file nor a saved page")
    else:
        yield Skipped(Reason.NOT_HTML)


def _head(path: Path) -> bytes:
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def _wacz(path: Path, site: Site) -> Iterator[Found]:
    try:
        members = wacz_members(path)
    except Unreadable as error:
        yield Broken(str(path), str(error))
        return
    if not members:
        yield Broken(str(path), "there is no WARC file in it")
    for member in members:
        yield from look_through(member, site)
