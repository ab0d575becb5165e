"""Which files there are to import: WARC, WACZ, saved pages, in folders of any depth."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from scraper.errors import UsageError
from scraper.extract.batches import in_order
from scraper.extract.workers import BudgetExceeded
from scraper.importing.files import Part, open_regular
from scraper.importing.found import Broken, Found, Reason, Skipped, Unreadable
from scraper.importing.kinds import HEAD_BYTES, Kind, foreign_format, kind_of, looks_like_ours
from scraper.importing.packages import Scratch, warc_files
from scraper.importing.saved import look_into
from scraper.importing.warcs import look_through

if TYPE_CHECKING:
    from scraper.extract.workers import Workers
    from scraper.sites import Site


Look = Callable[[Path, "Site"], Found]
"""Finds the page in a saved file."""


@dataclass(frozen=True, slots=True)
class WarcFile:
    """A WARC file to be looked through, here or in a worker."""

    file: Part
    site: Site

    def __call__(self) -> list[Found]:
        """What it holds."""
        return list(look_through(self.file, self.site))


LookAll = Callable[[Iterator[Found | WarcFile]], Iterator[Found]]
"""Puts what is in WARC files in their place."""


def one_by_one(pieces: Iterator[Found | WarcFile]) -> Iterator[Found]:
    """Look through WARC files here."""
    for piece in pieces:
        if isinstance(piece, WarcFile):
            yield from look_through(piece.file, piece.site)
        else:
            yield piece


def by_workers(
    executor: Workers, stop: Callable[[], bool], pieces: Iterator[Found | WarcFile]
) -> Iterator[Found]:
    """Have WARC files looked through side by side; what is found comes in the same order.

    Raises:
        Interrupted: the run is to end.
    """
    order: deque[Found | WarcFile] = deque()

    def files() -> Iterator[WarcFile]:
        for piece in pieces:
            order.append(piece)
            if isinstance(piece, WarcFile):
                yield piece

    for future in in_order(executor, files(), stop):
        while not isinstance(piece := order.popleft(), WarcFile):
            yield piece
        try:
            yield from future.result()
        except BudgetExceeded as error:
            yield Broken(str(piece.file), str(error))
    yield from cast("deque[Found]", order)


def look_for_pages(
    paths: Iterable[Path],
    site: Site,
    scratch: Scratch,
    look: Look = look_into,
    look_all: LookAll = one_by_one,
) -> Iterator[Found]:
    """What is in files and folders, sorted by name; links to other folders are not followed.

    Args:
        paths: of files and folders.
        site: whose pages are looked for.
        scratch: for what has to be unpacked; must last until the pages have been read.
        look: finds the page in a saved file; an import has it done in a worker process.
        look_all: looks through WARC files; on a cluster, workers do.

    Raises:
        UsageError: a path does not exist.
    """
    paths = list(paths)
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 - that of pathlib raises for names too long
            raise UsageError(
                f"There is nothing at {path}. Give WARC files (.warc, .warc.gz, .wacz), saved "
                "pages (.html, .mhtml), or folders that hold them."
            )
    yield from look_all(_pieces(paths, site, scratch, look))


def _pieces(
    paths: Iterable[Path], site: Site, scratch: Scratch, look: Look
) -> Iterator[Found | WarcFile]:
    seen: set[str] = set()
    for path in paths:
        for file in _files(path):
            if isinstance(file, Broken):
                yield file
                continue
            real = os.path.realpath(file)
            if real not in seen:  # a file may be named twice
                seen.add(real)
                yield from _look_at(file, site, scratch, look, is_named=file == path)


def _files(path: Path) -> Iterator[Path | Broken]:
    """A file, or all in a folder: first its own, then those of its folders."""
    if not path.is_dir():
        yield path
        return
    folders = [str(path)]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as found:
                items = sorted(found, key=lambda item: item.name)
        except OSError as error:
            yield Broken(folder, f"it cannot be read ({error.strerror or error})")
            continue
        below = [item.path for item in items if item.is_dir(follow_symlinks=False)]
        folders += reversed(below)
        for item in items:
            if not (item.is_dir(follow_symlinks=False) or os.path.isdir(item.path)):  # noqa: PTH112
                yield Path(item.path)


def _look_at(
    path: Path, site: Site, scratch: Scratch, look: Look, *, is_named: bool
) -> Iterator[Found | WarcFile]:
    try:
        with open_regular(path) as file:
            head = file.read(HEAD_BYTES)
    except (Unreadable, OSError) as error:
        if is_named or looks_like_ours(path.name):
            yield Broken(str(path), str(error))
        else:
            yield Skipped(Reason.NOT_A_FILE)
        return
    match kind_of(path.name, head):
        case Kind.WARC:
            yield WarcFile(Part(path), site)
        case Kind.PACKAGE:
            is_meant = is_named or ".wacz" in path.name.lower()
            yield from _package(path, site, scratch, is_meant=is_meant)
        case Kind.PAGE:
            yield look(path, site)
        case Kind.FOREIGN:
            yield Broken(str(path), foreign_format(path.name, head) or "")
        case Kind.GZIP if is_named:
            yield WarcFile(Part(path), site)
        case _ if is_named:
            yield Broken(str(path), "it is neither a WARC file nor a saved page")
        case _:
            yield Skipped(Reason.NOT_HTML)


def _package(
    path: Path, site: Site, scratch: Scratch, *, is_meant: bool
) -> Iterator[Found | WarcFile]:
    """The pages in a package.

    Args:
        path: of the package.
        site: whose pages are looked for.
        scratch: see `look_for_pages`.
        is_meant: whether one in which no WARC file is found is worth a word.
    """
    is_empty = True
    for found in warc_files(Part(path), scratch):
        if isinstance(found, Part):
            yield WarcFile(found, site)
        elif is_meant or found.where != str(path):
            yield found
        else:
            continue
        is_empty = False
    if is_empty:
        nothing = Broken(str(path), "there is no WARC file in it")
        yield nothing if is_meant else Skipped(Reason.NOT_HTML)
