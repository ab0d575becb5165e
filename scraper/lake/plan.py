"""What there is to do: WARC files, cut into ranges of bytes that are not done yet."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.errors import UsageError
from scraper.importing.found import Unreadable
from scraper.lake import places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

RANGE_BYTES = 64 << 20
"""Where there are fewer files than workers, files are cut into ranges of about so many bytes."""
_ENDS = (".warc", ".warc.gz", ".warc.zst")
_LISTS = (".paths", ".paths.gz", ".txt", ".txt.gz")
_MAX_LIST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """The records of a WARC file that begin in a range of its bytes."""

    source: str
    """Path or address of the file."""
    identity: str
    """What tells the file from another one that had its name."""
    start: int
    """The first byte, where a record begins."""
    end: int
    """The first byte that is not of the range. The last record may reach beyond it."""


def warc_files(sources: Iterable[str]) -> Iterator[str]:
    """The WARC files that are meant: given one by one, in folders, or named in a list of paths.

    A list (`.paths`, `.paths.gz`, `.txt`) has one path or address per line, as Common Crawl
    publishes them. Lines that are no address are relative to that folder of the list's own
    address that their first part names, else to the folder of the list.

    Raises:
        UsageError: there is nothing at one of them.
    """
    for source in sources:
        try:
            if source.lower().endswith(_LISTS):
                yield from _listed(source)
                continue
            for file in places.files_in(source):
                if file == source or file.lower().endswith(_ENDS):
                    yield file
        except (OSError, Unreadable) as error:
            raise UsageError(
                f"{source} cannot be read: {getattr(error, 'strerror', None) or error}. Give WARC "
                "files (.warc, .warc.gz), folders that hold them, or a list of paths, here or as "
                "https:// or s3:// addresses."
            ) from error


def _listed(source: str) -> Iterator[str]:
    content = places.read(source)
    if source.lower().endswith(".gz"):
        try:
            unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
            content = unpacker.decompress(content, _MAX_LIST_BYTES)
        except (zlib.error, gzip.BadGzipFile) as error:
            raise OSError(f"it is no gzip file ({error})") from error
    for line in content.decode("utf-8", "replace").splitlines():
        name = line.strip()
        if name and not name.startswith("#"):
            yield resolved(name, source)


def resolved(name: str, source: str) -> str:
    """The place that a line of a list of paths means."""
    if places.is_remote(name) or name.startswith("/"):
        return name
    folder = source.rpartition("/")[0]
    first = name.partition("/")[0]
    scheme = f"{urlsplit(source).scheme}://{urlsplit(source).netloc}" if "://" in source else ""
    parts = folder.removeprefix(scheme).split("/")
    if first in parts:
        folder = scheme + "/".join(parts[: parts.index(first)])
    return f"{folder}/{name}" if folder else name


def gaps(source: str, done: Sequence[tuple[int, int]], identity: tuple[int, str]) -> list[Task]:
    """What of a file is not done yet.

    Args:
        source: path or address of the file.
        done: ranges that are done already, first byte and first byte behind.
        identity: see `places.identity`.
    """
    size, changed = identity
    tasks = []
    position = 0
    for start, end in [*sorted(done), (size, size)]:
        if position < start:
            tasks.append(Task(source, f"{size}-{changed}", position, start))
        position = max(position, end)
    return tasks


def pieces_of(task: Task, workers: int, files: int) -> int:
    """How many pieces to cut a task into, so that all workers have something to do.

    Args:
        task: of a file that is not compressed as a whole.
        workers: how many tasks run at once.
        files: how many files there are.
    """
    if files >= 2 * workers or task.source.lower().endswith(".zst"):
        return 1
    return min(-(-(task.end - task.start) // RANGE_BYTES), 2 * workers)


def cut(task: Task, offsets: Sequence[int], pieces: int) -> list[Task]:
    """The task in pieces.

    Args:
        task: what to cut.
        offsets: where its records begin.
        pieces: most of them.
    """
    starts = [task.start, *offsets[1:]]
    step = -(-len(starts) // pieces)
    bounds = [*starts[::step], task.end]
    return [replace(task, start=start, end=end) for start, end in pairwise(bounds)]
