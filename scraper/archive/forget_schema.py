"""Migration "0016_tombstones": what was erased, and what keeps it from coming back.

Commented SQL, run by `schema`.
"""

from __future__ import annotations

STATEMENTS = (
    """
    -- Releases that were erased: nothing of what they said.
    CREATE TABLE tombstones (
      id      INTEGER PRIMARY KEY,
      address TEXT NOT NULL,                  -- of the release
      site    TEXT NOT NULL,
      day     TEXT NOT NULL,                  -- of the erasure, in UTC
      reason  TEXT,
      who     TEXT,                           -- who asked for it, or did it
      state   TEXT NOT NULL,                  -- planned | erased | done
      plan    TEXT                            -- JSON, as long as it is planned
    ) STRICT
    """,
    """
    -- Keyed hashes of addresses and content ids that do not come in again.
    CREATE TABLE tombstone_hashes (
      hash         TEXT PRIMARY KEY,
      tombstone_id INTEGER NOT NULL REFERENCES tombstones (id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX tombstone_hashes_of ON tombstone_hashes (tombstone_id)",
    """
    -- WARC files that are complete beside the old ones, and are about to take their places.
    CREATE TABLE tombstone_files (
      name   TEXT PRIMARY KEY,
      sha256 TEXT NOT NULL                    -- of the new file
    ) STRICT
    """,
    """
    -- Digests that links of the chain of runs had before an erasure.
    CREATE TABLE tombstone_links (
      digest       TEXT PRIMARY KEY,
      tombstone_id INTEGER NOT NULL REFERENCES tombstones (id)
    ) STRICT
    """,
    "CREATE INDEX tombstone_links_of ON tombstone_links (tombstone_id)",
)
