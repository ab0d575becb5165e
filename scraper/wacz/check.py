"""Checking a WACZ package offline: digests of its files and records, time stamps."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from scraper import warc
from scraper.errors import UsageError
from scraper.wacz.package import DIGEST, PACKAGE
from scraper.wacz.timestamps import check as check_stamps
from scraper.warc.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_JSON_BYTES = 50_000_000
_READ_BYTES = 1 << 20
# What the standard library raises: packed in an unknown way, encrypted, damaged.
_DAMAGED = (EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error)


def check_wacz(path: Path, ca: Path | None = None) -> dict[str, Any]:
    """Check a package; no network is used.

    Args:
        path: the file.
        ca: PEM file of the certificates whose time stamps are trusted.

    Returns:
        As `scraper.archive.verify.verify`; and `sha256` of `datapackage.json`, and `timestamps`,
        each with `url time signer`.

    Raises:
        UsageError: the file cannot be opened, or the extra is not installed.
    """
    problems, notes = Problems(), Problems()
    checked = {"files": 0, "warc_records": 0, "timestamps": 0}
    found: dict[str, Any] = {"sha256": None, "timestamps": []}
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive, problems, notes, checked, found, ca)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror or error}).") from error
    except (*_DAMAGED, ValueError, KeyError, TypeError, AttributeError) as error:
        problems.add("damage", f"{path.name} is no WACZ that can be read ({error}).")
    return {
        "checked": checked,
        "problems": problems.sentences(),
        "notes": notes.sentences(),
        "chain": None,
        **found,
    }


def _check(
    archive: zipfile.ZipFile,
    problems: Problems,
    notes: Problems,
    checked: dict[str, int],
    found: dict[str, Any],
    ca: Path | None,
) -> None:
    names = archive.namelist()
    if len(names) != len(set(names)):
        problems.add("double names", "A name is in the package twice.")
    package = _read(archive, PACKAGE)
    found["sha256"] = hashlib.sha256(package).hexdigest()
    stamps: list[Any] = []
    if DIGEST in names:
        digest = json.loads(_read(archive, DIGEST))
        stamps = digest.get("timestamps") or []
        if digest["hash"] != f"sha256:{found['sha256']}":
            problems.add("digests", f"{PACKAGE} is not what {DIGEST} says: it was changed.")
    else:
        notes.add("digests", f"There is no {DIGEST}: nothing says whether {PACKAGE} was changed.")
    _resources(archive, json.loads(package)["resources"], problems, checked)
    for name in names:
        if name.startswith("archive/") and not name.endswith("/"):
            _records(archive, name, problems, checked)
    found["timestamps"], troubles = check_stamps(package, stamps, ca)
    checked["timestamps"] = len(stamps)
    for sentence in troubles:
        problems.add("time stamps", sentence)
    if found["timestamps"] and ca is None:
        notes.add(
            "trust",
            "The time stamps name this package, but who signed them was not checked: give the "
            "authority's certificate with --ca FILE.pem.",
        )


def _resources(
    archive: zipfile.ZipFile,
    resources: list[dict[str, Any]],
    problems: Problems,
    checked: dict[str, int],
) -> None:
    listed = {resource["path"]: resource for resource in resources}
    present = set(archive.namelist())
    for path, resource in listed.items():
        if path not in present:
            problems.add("files are missing", f"{path} is missing.")
            continue
        checked["files"] += 1
        kind, _colon, wanted = resource["hash"].partition(":")
        try:
            hasher = hashlib.new(kind)
            for data in _pieces(archive, path):
                hasher.update(data)
        except _DAMAGED as error:
            problems.add("files have changed", f"{path} cannot be read ({error}).")
            continue
        if hasher.hexdigest() != wanted:
            problems.add("files have changed", f"{path} is not what {PACKAGE} says.")
    for path in sorted(present - set(listed) - {PACKAGE, DIGEST}):
        if not path.endswith("/"):
            problems.add("files are not listed", f"{path} is not listed in {PACKAGE}.")


def _records(
    archive: zipfile.ZipFile, name: str, problems: Problems, checked: dict[str, int]
) -> None:
    if archive.getinfo(name).compress_type != zipfile.ZIP_STORED:
        problems.add("files are packed twice", f"{name} is packed; WACZ asks that it is stored.")
        return
    with TemporaryDirectory(prefix="newsroom-verify-") as directory:
        path = Path(directory) / Path(name).name
        with archive.open(name) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        count, troubles = warc.check(path)
    checked["warc_records"] += count
    for sentence in troubles:
        problems.add(f"troubles in {name}", sentence)


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as file:
        while data := file.read(_READ_BYTES):
            yield data


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    file: IO[bytes]
    with archive.open(name) as file:
        data = file.read(_MOST_JSON_BYTES + 1)
    if len(data) > _MOST_JSON_BYTES:
        raise ValueError(f"{name} has more than {_MOST_JSON_BYTES:,} bytes")
    return data
