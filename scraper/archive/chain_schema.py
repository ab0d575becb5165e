"""Migration "0014_chain": digests of rows, which `verify` compares with what stands there.

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
)
