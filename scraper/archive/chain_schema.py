"""Migration "0014_chain": digests of rows, and a chain of digests over runs and their captures.

Commented SQL, run by `schema`.
"""

from __future__ import annotations

STATEMENTS = (
    """
    -- What each row held when this program wrote it, for all that cannot be derived from pages.
    CREATE TABLE row_digests (
      table_name TEXT NOT NULL,               -- sqlite_master: the tables themselves
      row_key    ANY NOT NULL,                -- primary key; JSON if it has several columns
      digest     BLOB NOT NULL,               -- 16 bytes for the row, then 2 for each column
      PRIMARY KEY (table_name, row_key)
    ) STRICT, WITHOUT ROWID
    """,
    """
    -- The finished files of `warc/`, as they were at the end of the run that noted them.
    CREATE TABLE warc_files (
      name   TEXT PRIMARY KEY,
      size   INTEGER NOT NULL,                -- bytes
      sha256 TEXT NOT NULL,
      link   INTEGER NOT NULL                 -- chain.number
    ) STRICT
    """,
    """
    -- One link for each run that came to its end: what it made, and the link before.
    CREATE TABLE chain (
      number   INTEGER PRIMARY KEY,           -- 1, 2, 3 …
      run_id   INTEGER NOT NULL,              -- runs.id
      previous TEXT NOT NULL,                 -- digest of the link before; empty in the first
      run      TEXT NOT NULL,                 -- SHA-256 of the run's row
      captures TEXT NOT NULL,                 -- SHA-256 of the captures in the files of this link
      files    TEXT NOT NULL,                 -- SHA-256 of the rows of `warc_files` of this link
      digest   TEXT NOT NULL                  -- SHA-256 of all that
    ) STRICT
    """,
)

BY_LINK = (
    # Each crawl adds a link, and `verify` looks up the files of all of them.
    "CREATE INDEX warc_files_link ON warc_files (link)",
)
"""Since version 19."""
