"""Migrations 12 and 18: releases of several cities that are near-copies of each other.

Commented SQL, run by `schema`; `copy_index` fills the tables.
"""

from __future__ import annotations

STATEMENTS = (
    """
    -- Sketches of the texts: the smallest hashes of each one's shingles.
    CREATE TABLE copy_hashes (
      hash       INTEGER NOT NULL,
      article_id INTEGER NOT NULL,
      PRIMARY KEY (hash, article_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX copy_hashes_article ON copy_hashes (article_id)",
    """
    -- Near-copies in other cities; each pair stands here both ways.
    CREATE TABLE copies (
      article_id INTEGER NOT NULL,
      other_id   INTEGER NOT NULL,
      similarity REAL NOT NULL,               -- share of the shorter text, from 0 to 1
      PRIMARY KEY (article_id, other_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX copies_other ON copies (other_id)",
    # Not by foreign keys, which other programs leave switched off: this is made from the texts.
    """
    CREATE TRIGGER copies_delete AFTER DELETE ON articles BEGIN
      DELETE FROM copy_hashes WHERE article_id = old.id;
      DELETE FROM copies WHERE article_id = old.id;
      DELETE FROM copies WHERE other_id = old.id;
    END
    """,
)

SKETCHES = (
    # `verify` compares them with the texts that they are made from.
    "DELETE FROM row_digests WHERE table_name = 'copy_hashes'",
)
