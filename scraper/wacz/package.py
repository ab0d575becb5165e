"""Writing a WACZ package of releases: their records, an index, a list of pages, a report."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from scraper import __version__
from scraper.archive.chain import head
from scraper.archive.history import history
from scraper.dates import utc_iso
from scraper.export.citation import citations
from scraper.export.files import binary_output
from scraper.wacz.captures import captures_of, records_of, with_holders
from scraper.wacz.report import report
from scraper.wacz.timestamps import missing_extra, stamp
from scraper.warc.writer import INFO, packed_info

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scraper.archive import Archive

VERSION = "1.1.1"
RECORDS = "archive/evidence.warc.gz"
INDEX, BLOCKS = "indexes/index.cdx.gz", "indexes/index.idx"
PAGES = "pages/pages.jsonl"
REPORT = "report/report.html"  # readers look for files one folder down, and not above
DIGEST, PACKAGE = "datapackage-digest.json", "datapackage.json"


@dataclass
class Packed:
    """What a package holds."""

    releases: int = 0
    captures: int = 0
    sha256: str = ""
    """Of `datapackage.json`, which holds the digests of all files: what is time-stamped."""
    stamps: list[str] = field(default_factory=list)
    """Addresses of the authorities that have signed it."""


def write_evidence(
    archive: Archive,
    article_ids: list[int],
    output: str,
    now: datetime,
    authorities: list[str],
    post: Callable[[str, bytes, str], bytes],
) -> Packed:
    """Write a package; the file appears when it is complete.

    Args:
        archive: where the releases are.
        article_ids: which ones.
        output: path, or `-` for standard output.
        now: the present, with time zone.
        authorities: addresses that are asked for a time stamp; no other is.
        post: sends bytes of a media type to an address, and returns the answer.

    Raises:
        UsageError: the extra is not installed, or the file cannot be written.
        ArchiveError: a record is missing or damaged, or the disk is full.
        FetchError: an authority has given no time stamp.
    """
    created = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    releases = [_release(archive, article_id) for article_id in dict.fromkeys(article_ids)]
    with TemporaryDirectory(prefix="newsroom-evidence-") as directory:
        folder = Path(directory)
        captures = _write_records(archive, releases, folder / Path(RECORDS).name)
        _write_index(folder)
        (folder / Path(PAGES).name).write_text(_pages(releases), encoding="utf-8")
        page = report(releases, utc_iso(now), head(archive))
        (folder / Path(REPORT).name).write_text(page, encoding="utf-8", errors="backslashreplace")
        paths = (RECORDS, INDEX, BLOCKS, PAGES, REPORT)
        files = {path: folder / Path(path).name for path in paths}
        package = _package(files, releases, created)
        stamps = [stamp(package, url, post) for url in authorities]
        digest = {"path": PACKAGE, "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
        texts = {PACKAGE: package, DIGEST: _json({**digest, "timestamps": stamps})}
        with binary_output(output) as file:
            _zip(file, files, texts, now)
    sha256 = digest["hash"].removeprefix("sha256:")
    return Packed(len(releases), captures, sha256, [entry["url"] for entry in stamps])


def _release(archive: Archive, article_id: int) -> dict[str, Any]:
    cited = citations(archive, article_id)
    return {
        "citation": cited,
        "history": history(archive, article_id),
        "captures": captures_of(archive, article_id),
        "quotes": cited["quotes"],
    }


def _write_records(archive: Archive, releases: list[dict[str, Any]], path: Path) -> int:
    rows = with_holders(archive, [row for release in releases for row in release["captures"]])
    with path.open("wb") as file:
        file.write(packed_info(path.name, INFO))
        for row in rows:
            for record in records_of(archive, row):
                file.write(record)
    return len(rows)


def _write_index(folder: Path) -> None:
    """CDXJ in blocks, and the list of blocks, as readers of WACZ look addresses up."""
    try:
        from cdxj_indexer.main import CDXJIndexer
    except ImportError as error:
        raise missing_extra(error) from error
    records, name = str(folder / Path(RECORDS).name), Path(INDEX).name
    with (
        (folder / name).open("wb") as blocks,
        (folder / Path(BLOCKS).name).open("w", encoding="utf-8") as file,
    ):
        CDXJIndexer(
            file,
            [records],
            sort=True,
            compress=blocks,
            data_out_name=name,
            records="response,revisit,resource",
        ).process_all()


def _pages(releases: list[dict[str, Any]]) -> str:
    lines: list[dict[str, Any]] = [
        {"format": "json-pages-1.0", "id": "pages", "title": "Releases"},
    ]
    for release in releases:
        shown = {
            version["evidence"]["capture_id"]
            for version in release["history"]["versions"]
            if version["evidence"]
        }
        lines += [
            {
                "id": str(row["id"]),
                "url": row["url"],
                "ts": row["fetched_at"].replace("+00:00", "Z"),
                "title": release["citation"]["title"],
            }
            for row in release["captures"]
            if row["id"] in shown
        ]
    return "".join(json.dumps(line) + "\n" for line in lines)


def _package(files: dict[str, Path], releases: list[dict[str, Any]], created: str) -> bytes:
    resources = []
    for path, file in files.items():
        with file.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        size = file.stat().st_size
        resources.append(
            {"name": file.name.lower(), "path": path, "hash": f"sha256:{sha256}", "bytes": size}
        )
    first = releases[0]["citation"]
    package = {
        "profile": "data-package",
        "title": first["title"],
        "description": "\n".join(release["citation"]["text"] for release in releases),
        "created": created,
        "wacz_version": VERSION,
        "software": f"newsroom-archive {__version__}",
        "mainPageUrl": first["url"],
        "mainPageDate": first["captured_on"],
        "resources": resources,
    }
    return _json({name: value for name, value in package.items() if value is not None})


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode()


def _zip(target: BinaryIO, files: dict[str, Path], texts: dict[str, bytes], now: datetime) -> None:
    """Write the package; what is compressed already is stored, as readers of WACZ ask for."""
    moment = now.timetuple()[:6]
    with zipfile.ZipFile(target, "w") as package:
        for path, source in files.items():
            info = zipfile.ZipInfo(path, moment)
            packed = path.endswith(".gz")
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            with source.open("rb") as opened, package.open(info, "w", force_zip64=True) as member:
                while data := opened.read(1 << 20):
                    member.write(data)
        for path, content in texts.items():
            package.writestr(zipfile.ZipInfo(path, moment), content)
