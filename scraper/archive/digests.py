"""A digest of every row that cannot be derived from anything else, in the table `row_digests`.

Our own connections for writing have temporary triggers that renew the digest with the row, in the
same transaction. Other programs do not have them: what they change no longer fits its digest, and
`verify` names row and column. What a release's record holds needs no digest: `verify` compares it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from scraper.archive.schema import VERSIONS
from scraper.archive.search_schema import INDEXES
from scraper.records import Article

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

SCHEMA = "sqlite_master"
"""`row_digests.table_name` of the tables and views themselves."""
SINCE = "digests_since"
"""`settings.name`: when all rows were given digests, at the making or an upgrade of the archive."""
_OF_VERSION = "digests_of_schema"

_ROW_BYTES = 16
_COLUMN_BYTES = 2
_SHORT = 80  # characters of a value that is remembered
_NOTHING = b"\0" * _COLUMN_BYTES
# Derived as a whole: from the record, from articles and quotations; or they are the digests.
_WITHOUT = frozenset(
    "images tags links videos article_stems quote_stems copy_hashes unstemmed row_digests".split()
)
_DERIVED = {
    "articles": frozenset(field.name for field in dataclasses.fields(Article))
    - {"url", "corrects"},
    "quotes": frozenset("text speaker role kind start_offset end_offset".split()),
}
_TABLES = "SELECT name, type FROM pragma_table_list WHERE schema = 'main' ORDER BY name"
_SCHEMA_SQL = (
    "SELECT name, type, tbl_name, sql FROM sqlite_master "
    "WHERE sql IS NOT NULL AND type <> 'trigger'"
)
_MIGRATIONS = "_sqlite_migrations"  # sqlite-utils has made it
_WRITE = "INSERT OR REPLACE INTO main.row_digests VALUES (?, ?, ?)"


@dataclasses.dataclass(frozen=True)
class Digested:
    """A table whose rows have digests.

    Attributes:
        name: of the table.
        key: columns of its primary key.
        columns: those under the digest, in the order of the table; more may be added at the end.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]

    def key_sql(self, row: str, sign: str = "+") -> str:
        """The key of a row as SQL.

        Args:
            row: `old`, `new` or the table's name.
            sign: takes the affinity from a column, so that the index of `row_digests` is used.
        """
        if len(self.key) == 1:
            return f'{sign}{row}."{self.key[0]}"'
        return f"json_array({', '.join(f'{row}.{name}' for name in self.key)})"

    def digest_sql(self, row: str) -> str:
        """Its digest as SQL, by the function that `follow` adds."""
        return f"row_digest({', '.join(f'{row}.{name}' for name in map(_quoted, self.columns))})"


def tables(connection: sqlite3.Connection) -> Iterator[Digested]:
    """The tables of ours whose rows have digests: all but those that are derived from others."""
    for name, kind in connection.execute(_TABLES).fetchall():
        if kind != "table" or name in _WITHOUT or name not in _ours():
            continue
        info = connection.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
        derived = _DERIVED.get(name, frozenset())
        key = [column[1] for column in sorted(info, key=lambda column: column[5]) if column[5]]
        columns = tuple(column[1] for column in info if column[1] not in derived)
        yield Digested(name, tuple(key) or ("rowid",), columns)


@cache
def _ours() -> frozenset[str]:
    """Names of the tables, views and indexes that this program makes."""
    found = {_MIGRATIONS}
    for statements in VERSIONS.values():
        for words in map(str.split, statements):
            kinds = [kind for kind in ("TABLE", "VIEW", "INDEX") if kind in words]
            if "CREATE" in words and kinds:
                found.add(words[words.index(kinds[0]) + 1])
    shadows = ("data", "idx", "content", "docsize", "config")
    return frozenset(found | {f"{index}_{end}" for index in INDEXES.values() for end in shadows})


def articles_derived(connection: sqlite3.Connection) -> list[str]:
    """The columns of `articles` that a release's record fills, and which have no digest."""
    info = connection.execute("PRAGMA table_info(articles)").fetchall()
    return [column[1] for column in info if column[1] in _DERIVED["articles"]]


def digest(*values: Any) -> bytes:
    """The digest of a row: 16 bytes of SHA-256 for all of it, then two for each column.

    A column without a value counts for nothing, so that one that is added later changes none.
    """
    whole, parts = [], [b""]
    for number, value in enumerate(values):
        if value is None:
            parts.append(_NOTHING)
            continue
        is_long = isinstance(value, (str, bytes)) and len(value) > _SHORT
        found = _hashed(value) if is_long else _hashed_before(value)
        whole.append(b"%d:%b" % (number, found))
        parts.append(found[:_COLUMN_BYTES])
    parts[0] = hashlib.sha256(b"".join(whole)).digest()[:_ROW_BYTES]
    return b"".join(parts)


def _hashed(value: Any) -> bytes:
    return hashlib.sha256(_plain(value)).digest()


# Keys of newsrooms, kinds, days and numbers come again and again.
_hashed_before = lru_cache(maxsize=4_096, typed=True)(_hashed)


def _plain(value: Any) -> bytes:
    if isinstance(value, bytes):
        return b"b" + value
    if isinstance(value, str):
        return b"s" + value.encode("utf-8", "surrogateescape")
    return f"{type(value).__name__[0]}{value!r}".encode()


def differing(columns: tuple[str, ...], stored: Any, found: bytes) -> list[str]:
    """The columns in which a row is not as its digest says; empty if it is."""
    if not isinstance(stored, bytes):
        return list(columns)
    if stored[:_ROW_BYTES] == found[:_ROW_BYTES] and not any(found[len(stored) :]):
        # The whole is as it was; were its parts not, somebody has changed the digest.
        same = stored == found[: len(stored)] and len(stored) >= _ROW_BYTES
        return [] if same else ["digest"]
    named = []
    for number, name in enumerate(columns):
        at = _ROW_BYTES + _COLUMN_BYTES * number
        part = slice(at, at + _COLUMN_BYTES)
        if (stored[part] or _NOTHING) != found[part]:
            named.append(name)
    return named or ["digest"]


def follow(connection: sqlite3.Connection) -> None:
    """Have this connection renew the digests of the rows that it writes."""
    connection.create_function("row_digest", -1, digest, deterministic=True)
    for table in tables(connection):
        name, key, made = table.name, table.key_sql, table.digest_sql
        # An upsert: INSERT OR REPLACE would give way to what the outer statement says of conflicts.
        write = (
            f"INSERT INTO row_digests VALUES ('{name}', {key('new')}, {made('new')}) "
            "ON CONFLICT (table_name, row_key) DO UPDATE SET digest = excluded.digest"
        )
        erase = f"DELETE FROM row_digests WHERE table_name = '{name}' AND row_key = {key('old')}"
        watched = ", ".join(map(_quoted, table.columns))
        moved = " OR ".join(f'old."{column}" IS NOT new."{column}"' for column in table.key)
        for event, when, action in (
            ("INSERT", "", write),
            (f"UPDATE OF {watched}", "", write),
            ("DELETE", "", erase),
            (f"UPDATE OF {', '.join(map(_quoted, table.key))}", f"WHEN {moved}", erase),
        ):
            number = f"{event.split(' ')[0].lower()}_{'key' if when else 'row'}"
            connection.execute(
                f'CREATE TEMP TRIGGER IF NOT EXISTS "digest_{name}_{number}" '
                f'AFTER {event} ON main."{name}" {when} BEGIN {action}; END'
            )


def is_digested(connection: sqlite3.Connection, version: int) -> bool:
    """Whether all rows have digests, and were given them at that version of the tables.

    What another program did to the setting that says so is left for `verify` to find: it is no
    upgrade, which would give every row its digest anew, and hide what else was done.
    """
    sql = "SELECT value FROM settings WHERE name = ?"
    row = connection.execute(sql, (_OF_VERSION,)).fetchone()
    if row and row[0] == str(version):
        return True
    kept = _digest_of_setting(connection, _OF_VERSION)
    return kept is not None and not (row and kept == digest(_OF_VERSION, row[0]))


def had_setting(connection: sqlite3.Connection, name: str) -> bool:
    """Whether this program has made a setting, which may have been taken out since."""
    return _digest_of_setting(connection, name) is not None


def _digest_of_setting(connection: sqlite3.Connection, name: str) -> bytes | None:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'row_digests'").fetchone():
        return None
    sql = "SELECT digest FROM row_digests WHERE table_name = 'settings' AND row_key = ?"
    row = connection.execute(sql, (name,)).fetchone()
    return row[0] if row else None


def digest_all(connection: sqlite3.Connection, version: int) -> None:
    """Give every row its digest as it is now; call it inside a transaction, after an upgrade."""
    connection.execute("DELETE FROM row_digests")
    connection.execute(
        "INSERT OR REPLACE INTO settings VALUES (?, strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now'))",
        (SINCE,),
    )
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (_OF_VERSION, str(version)))
    for table in tables(connection):
        connection.execute(
            f"INSERT OR REPLACE INTO row_digests SELECT '{table.name}', "
            f'{table.key_sql("t")}, {table.digest_sql("t")} FROM "{table.name}" t'
        )
    digest_schema(connection)


def digest_schema(connection: sqlite3.Connection) -> None:
    """Note what the tables, views and indexes are; call it after making any."""
    connection.execute("DELETE FROM row_digests WHERE table_name = ?", (SCHEMA,))
    rows = schema_rows(connection).values()
    connection.executemany(_WRITE, [(SCHEMA, row[0], digest(*row)) for row in rows])


def schema_rows(connection: sqlite3.Connection) -> dict[str, tuple[Any, ...]]:
    """Name, kind, table and SQL of our tables, views and indexes, by name."""
    return {row[0]: row for row in connection.execute(_SCHEMA_SQL) if row[0] in _ours()}


def decoded_key(key: Any) -> str:
    """A key as people read it."""
    if isinstance(key, str) and key.startswith("["):
        try:
            return ", ".join(str(part) for part in json.loads(key))
        except ValueError:
            return key
    return str(key)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
