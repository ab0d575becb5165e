"""Files and folders by path, `https://` or `s3://`: opened, listed, written whole.

Whatever is not a path of this machine is reached with fsspec, which takes further schemes, too
(extra `cluster`).
"""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from scraper.disk.atomic import write_whole
from scraper.errors import UsageError
from scraper.importing.files import open_regular, size_of
from scraper.importing.found import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SCHEME = "://"
_BLOCK_BYTES = 8 << 20
_AT_ONCE = 1_000
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")


def is_remote(place: str) -> bool:
    """Whether a place is an address, and no path of this machine."""
    return _SCHEME in place


def join(folder: str, *names: str) -> str:
    """The place of something in a folder."""
    if is_remote(folder):
        return "/".join([folder.rstrip("/"), *names])
    return str(Path(folder, *names))


def absolute(place: str) -> str:
    """A place that means the same to every process of this machine."""
    return place if is_remote(place) else str(Path(place).absolute())


def open_place(place: str) -> BinaryIO:
    """Open a file for reading and seeking.

    Raises:
        Unreadable: it is a path of this machine and no regular file.
        OSError: it cannot be read.
        UsageError: fsspec, or what it needs for this scheme, is not installed.
    """
    if not is_remote(place):
        return open_regular(Path(place))
    system, path = _system(place)
    file: BinaryIO = system.open(path, "rb", block_size=_BLOCK_BYTES, cache_type="readahead")
    return file


def identity(place: str) -> tuple[int, str]:
    """Size in bytes of a file, and what tells it from another one that had its name.

    Raises:
        Unreadable, OSError, UsageError: see `open_place`.
    """
    if not is_remote(place):
        with open_regular(Path(place)) as file:
            return size_of(file), str(os.fstat(file.fileno()).st_mtime_ns)
    system, path = _system(place)
    info = system.info(path)
    changed = info.get("ETag") or info.get("etag") or info.get("LastModified") or info.get("mtime")
    if info.get("size") is None:
        with open_place(place) as file:
            return len(file.read()), str(changed)
    return int(info["size"]), str(changed)


def files_in(place: str) -> Iterator[str]:
    """All files below a folder, sorted; a file stands for itself.

    Raises:
        OSError: there is nothing.
    """
    if is_remote(place):
        system, path = _system(place)
        if place.startswith(("http://", "https://")) or not system.isdir(path):
            system.info(path)
            yield place
            return
        scheme = place.partition(_SCHEME)[0]
        yield from (f"{scheme}{_SCHEME}{each.lstrip('/')}" for each in sorted(system.find(path)))
        return
    there = Path(place)
    there.stat()
    if not there.is_dir():
        yield place
        return
    for folder, folders, names in os.walk(there):
        folders.sort()
        yield from (os.path.join(folder, name) for name in sorted(names))  # noqa: PTH118


def is_empty(folder: str) -> bool:
    """Whether there is nothing in a folder, or no folder."""
    if is_remote(folder):
        system, path = _system(folder)
        return not system.exists(path) or not system.ls(path)
    return not Path(folder).exists() or not any(Path(folder).iterdir())


def write(place: str, content: bytes) -> None:
    """Write a file; it is there whole or not at all.

    Raises:
        OSError: it cannot be written there.
    """
    if is_remote(place):
        system, path = _system(place)
        system.pipe_file(path, content)
        return
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    write_whole(Path(place), content)


def read(place: str) -> bytes:
    """The content of a small file.

    Raises:
        Unreadable, OSError, UsageError: see `open_place`.
    """
    if is_remote(place):
        system, path = _system(place)
        return bytes(system.cat_file(path))
    with open_regular(Path(place)) as file:
        return file.read()


def read_all(files: Sequence[str]) -> Iterator[bytes]:
    """The contents of small files of one folder, without those that cannot be read."""
    for start in range(0, len(files), _AT_ONCE):
        some = files[start : start + _AT_ONCE]
        if is_remote(some[0]):  # all together: each takes a way there and back
            system = _system(some[0])[0]
            paths = [_system(name)[1] for name in some]
            yield from map(bytes, system.cat(paths, on_error="omit").values())
            continue
        for name in some:
            with suppress(Unreadable, OSError):
                yield read(name)


def remove(place: str) -> None:
    """Remove a file.

    Raises:
        OSError: it cannot be removed.
    """
    if is_remote(place):
        system, path = _system(place)
        system.rm_file(path)
    else:
        Path(place).unlink(missing_ok=True)


def _system(place: str) -> tuple[Any, str]:
    """The file system of fsspec's for an address, and the path in it."""
    try:
        fsspec = import_module("fsspec")
        system, path = fsspec.core.url_to_fs(place, **_options(place))
    except ImportError as error:
        raise UsageError(
            f"{place} cannot be reached: a library is missing ({error}). Install the extra: "
            '`python -m pip install "newsroom-archive[cluster]"`.'
        ) from error
    except ValueError as error:  # an unknown scheme
        raise UsageError(f"{place} is no address that can be read: {error}.") from error
    system.invalidate_cache()
    return system, path


def _options(place: str) -> dict[str, Any]:
    if not place.startswith("s3://"):
        return {}
    # Who has no key may still read what is public, such as Common Crawl.
    has_key = any(os.environ.get(name) for name in _KEYS)
    has_file = Path("~/.aws/credentials").expanduser().exists()
    return {} if has_key or has_file else {"anon": True}
