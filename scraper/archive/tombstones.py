"""What was erased must not come in again: keyed hashes of its addresses and content ids.

The key stands in the archive's settings. The hashes alone tell nobody which addresses they are of.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.connection import Archive

_KEY = "tombstone_key"


def add_hashes(
    archive: Archive, tombstone_id: int, site: str, addresses: Iterable[str], ids: Iterable[str]
) -> None:
    """Keep addresses and content ids of a newsroom out from now on; inside a transaction."""
    with archive.transaction() as db:
        sql = "INSERT OR IGNORE INTO settings VALUES (?, ?)"
        db.execute(sql, [_KEY, secrets.token_hex(32)])
        key = _key(archive)
        names = [*map(_address, addresses), *(_content(site, name) for name in ids)]
        db.conn.executemany(
            "INSERT INTO tombstone_hashes VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(_hash(key, name), tombstone_id) for name in names],
        )


def add_address(archive: Archive, tombstone_id: int, url: str) -> None:
    """Keep one more address of an erased release out, a canonical one."""
    add_hashes(archive, tombstone_id, "", [url], ())


def erased(archive: Archive, addresses: Iterable[str]) -> frozenset[str]:
    """Those of some canonical addresses whose release was erased."""
    if not _any(archive):
        return frozenset()
    key = _key(archive)
    return frozenset(url for url in addresses if _tombstone(archive, _hash(key, _address(url))))


def tombstone_of(
    archive: Archive, *addresses: str, site: str = "", content_id: str | None = None
) -> int | None:
    """The tombstone of a release; None if it was not erased.

    Args:
        archive: where.
        addresses: canonical ones that the release has.
        site: key of its newsroom.
        content_id: of the release.
    """
    if not _any(archive):
        return None
    key = _key(archive)
    names = [_address(url) for url in addresses]
    if content_id:
        names.append(_content(site, content_id))
    return next(filter(None, (_tombstone(archive, _hash(key, name)) for name in names)), None)


def without_erased(archive: Archive, record: dict[str, Any]) -> dict[str, Any]:
    """A record without the teasers of releases that were erased."""
    gone = erased(archive, [teaser["url"] for teaser in record["related"]])
    if not gone:
        return record
    return record | {"related": [each for each in record["related"] if each["url"] not in gone]}


def _any(archive: Archive) -> bool:
    return bool(archive.rows("SELECT 1 FROM tombstone_hashes LIMIT 1"))


def _tombstone(archive: Archive, found: str) -> int | None:
    rows = archive.rows("SELECT tombstone_id FROM tombstone_hashes WHERE hash = ?", (found,))
    return int(rows[0]["tombstone_id"]) if rows else None


def _key(archive: Archive) -> bytes:
    (row,) = archive.rows("SELECT value FROM settings WHERE name = ?", (_KEY,))
    return bytes.fromhex(row["value"])


def _address(url: str) -> str:
    return f"address {url}"


def _content(site: str, content_id: str) -> str:
    return f"content {site} {content_id}"


def _hash(key: bytes, name: str) -> str:
    return hmac.new(key, name.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()
