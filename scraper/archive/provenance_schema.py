"""Migration: where captures came from that this program has not made itself."""

from __future__ import annotations

STATEMENTS = (
    """
    -- Captures that were taken from web archives; those that are not here came from the site, or
    -- from files that do not say.
    CREATE TABLE provenance (
      capture_id INTEGER PRIMARY KEY REFERENCES captures (id) ON DELETE CASCADE,
      archive    TEXT NOT NULL,               -- host of the web archive: web.archive.org
      url        TEXT NOT NULL                -- address there; #bytes=A-B of a WARC file
    ) STRICT
    """,
)
