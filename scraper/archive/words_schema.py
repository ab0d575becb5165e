"""Migration 13: the archive's own vocabulary, for suggesting what a misspelt word may mean."""

from __future__ import annotations

STATEMENTS = (
    """
    -- Every word of the articles, once; none is taken out when an article changes.
    CREATE TABLE words (
      word      TEXT PRIMARY KEY,             -- without case, accents, umlauts
      backwards TEXT NOT NULL,                -- the same from its end: what ends like this
      shown     TEXT NOT NULL                 -- as it was first met
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX words_backwards ON words (backwards)",
    # Everything is indexed again, which fills the table.
    "UPDATE settings SET value = '' WHERE name = 'stems'",
)
