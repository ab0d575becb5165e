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
    from scraper.archive.database import Database

_KEY = "tombstone_key"
"""Setting with the key; those of other archives, whose tombstones came in, have a name behind."""


def add_hashes(
    archive: Archive, tombstone_id: int, site: str, addresses: Iterable[str], ids: Iterable[str]
) -> None:
    """Keep addresses and content ids of a newsroom out from now on; inside a transaction."""
    with archive.transaction() as db:
        sql = "INSERT OR IGNORE INTO settings VALUES (?, ?)"
        db.execute(sql, [_KEY, secrets.token_hex(32)])
        key = _key(archive)
        names = [*map(_address, addresses), *(_content(site, name) for name in ids)]
        _keep_out(db, tombstone_id, (_hash(key, name) for name in names))


def add_address(archive: Archive, tombstone_id: int, url: str) -> None:
    """Keep one more address of an erased release out, a canonical one."""
    add_hashes(archive, tombstone_id, "", [url], ())


def erased(archive: Archive, addresses: Iterable[str]) -> frozenset[str]:
    """Those of some canonical addresses whose release was erased."""
    if not _any(archive):
        return frozenset()
    keys = _keys(archive)
    return frozenset(url for url in addresses if _tombstone(archive, keys, _address(url)))


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
    keys = _keys(archive)
    names = [_address(url) for url in addresses]
    if content_id:
        names.append(_content(site, content_id))
    return next(filter(None, (_tombstone(archive, keys, name) for name in names)), None)


def without_erased(archive: Archive, record: dict[str, Any]) -> dict[str, Any]:
    """A record without the teasers of releases that were erased."""
    gone = erased(archive, [teaser["url"] for teaser in record["related"]])
    if not gone:
        return record
    return record | {"related": [each for each in record["related"] if each["url"] not in gone]}


def take_tombstones(archive: Archive, other: Archive) -> list[dict[str, Any]]:
    """Have what was erased in another archive stay out here, too; inside a transaction.

    A release that is here stays, and its tombstone is left there.

    Args:
        archive: where.
        other: its tombstones are read.

    Returns:
        `address day reason` of those of releases that are here.
    """
    here = []
    for row in other.rows("SELECT * FROM tombstones ORDER BY id"):
        if archive.rows(_HERE, {"url": row["address"]}):
            here.append({name: row[name] for name in ("address", "day", "reason")})
        elif tombstone_of(archive, row["address"]) is None:
            _take(archive, other, row)
    return here


_HERE = """
SELECT 1 FROM articles WHERE url = :url
UNION ALL SELECT 1 FROM candidates WHERE url = :url AND article_id IS NOT NULL
"""


def _take(archive: Archive, other: Archive, row: dict[str, Any]) -> None:
    sql = "SELECT hash FROM tombstone_hashes WHERE tombstone_id = ?"
    hashes = other.rows(sql, (row["id"],))
    columns = ("address", "site", "day", "reason", "who", "state")
    with archive.transaction() as db:
        for key in _keys(other):
            db.execute("INSERT OR IGNORE INTO settings VALUES (?, ?)", [_foreign(key), key.hex()])
        cursor = db.execute(
            f"INSERT INTO tombstones ({', '.join(columns)}) VALUES (?, ?, ?, ?, ?, ?)",
            [row[name] for name in columns],
        )
        number = int(cursor.lastrowid or 0)
        _keep_out(db, number, (each["hash"] for each in hashes))


def told(archive: Archive) -> list[dict[str, Any]]:
    """All tombstones with their `hashes`, and the `keys` of these, for a journal."""
    rows = archive.rows(
        "SELECT id, address, site, day, reason, who FROM tombstones WHERE state = 'done' "
        "ORDER BY id"
    )
    keys = [key.hex() for key in _keys(archive)] if rows else []
    sql = "SELECT hash FROM tombstone_hashes WHERE tombstone_id = ? ORDER BY hash"
    for row in rows:
        row["hashes"] = [each["hash"] for each in archive.rows(sql, (row["id"],))]
        row["keys"] = keys
    return rows


def put_back(archive: Archive, row: dict[str, Any]) -> None:
    """Have what a journal tells was erased stay out of an archive that is made again.

    Args:
        archive: the new one.
        row: one of `told`.
    """
    columns = ("id", "address", "site", "day", "reason", "who")
    with archive.transaction() as db:
        for number, key in enumerate(row["keys"]):
            name = _KEY if number == 0 else _foreign(bytes.fromhex(key))
            db.execute("INSERT OR IGNORE INTO settings VALUES (?, ?)", [name, str(key)])
        db.execute(
            f"INSERT INTO tombstones ({', '.join(columns)}, state) "
            "VALUES (?, ?, ?, ?, ?, ?, 'done')",
            [row.get(name) for name in columns],
        )
        _keep_out(db, row["id"], map(str, row["hashes"]))


def _keep_out(db: Database, tombstone_id: int, hashes: Iterable[str]) -> None:
    db.conn.executemany(
        "INSERT INTO tombstone_hashes VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(found, tombstone_id) for found in hashes],
    )


def _foreign(key: bytes) -> str:
    return f"{_KEY}:{hashlib.sha256(key).hexdigest()[:16]}"


def _any(archive: Archive) -> bool:
    return bool(archive.rows("SELECT 1 FROM tombstone_hashes LIMIT 1"))


def _tombstone(archive: Archive, keys: list[bytes], name: str) -> int | None:
    sql = "SELECT tombstone_id FROM tombstone_hashes WHERE hash = ?"
    for key in keys:
        rows = archive.rows(sql, (_hash(key, name),))
        if rows:
            return int(rows[0]["tombstone_id"])
    return None


def _key(archive: Archive) -> bytes:
    (row,) = archive.rows("SELECT value FROM settings WHERE name = ?", (_KEY,))
    return bytes.fromhex(row["value"])


def _keys(archive: Archive) -> list[bytes]:
    """The archive's own key, and those of archives whose tombstones came in."""
    sql = "SELECT value FROM settings WHERE name = ? OR name LIKE ? ORDER BY name"
    return [bytes.fromhex(row["value"]) for row in archive.rows(sql, (_KEY, f"{_KEY}:%"))]


def _address(url: str) -> str:
    return f"address {url}"


def _content(site: str, content_id: str) -> str:
    return f"content {site} {content_id}"


def _hash(key: bytes, name: str) -> str:
    return hmac.new(key, name.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()
