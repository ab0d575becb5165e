"""Migration 13: saved searches, what they have found, and what is yet to be told of it.

Commented SQL, run by `schema`. Addresses to tell are not in the archive, which people hand around:
they are in a file beside it, see `scraper.watch.addresses`.
"""

from __future__ import annotations

STATEMENTS = (
    """
    -- Saved searches: what is new about them is told.
    CREATE TABLE watches (
      id         INTEGER PRIMARY KEY,
      name       TEXT NOT NULL UNIQUE,
      query      TEXT,                        -- NULL: whatever the filters let through
      speaker    TEXT,
      tag        TEXT,
      sites      TEXT NOT NULL,               -- JSON array of keys; empty: all
      changes    INTEGER NOT NULL,            -- whether edits, removals, corrections are told, too
      created_at TEXT NOT NULL,
      last_run   TEXT,
      seen_event INTEGER NOT NULL,            -- events.id: the last that was looked at …
      seen_at    TEXT NOT NULL                -- … and the latest events.at of these
    ) STRICT
    """,
    """
    -- Whom a watch tells.
    CREATE TABLE watch_targets (
      id        INTEGER PRIMARY KEY,
      watch_id  INTEGER NOT NULL REFERENCES watches (id) ON DELETE CASCADE,
      shown     TEXT NOT NULL,                -- the address without its secrets, or `env:NAME`
      kept_as   TEXT,                         -- where the file of addresses has it; NULL: env
      last_sent TEXT,
      failures  INTEGER NOT NULL DEFAULT 0,   -- in a row
      error     TEXT                          -- of the last try
    ) STRICT
    """,
    "CREATE INDEX watch_targets_watch ON watch_targets (watch_id)",
    """
    -- Everything a watch has found: its feed, and the reason why nothing is told twice.
    CREATE TABLE watch_found (
      watch_id INTEGER NOT NULL REFERENCES watches (id) ON DELETE CASCADE,
      event_id INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
      PRIMARY KEY (watch_id, event_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX watch_found_event ON watch_found (event_id)",
    """
    -- What a target has not been told yet. Rows go when a message has arrived.
    CREATE TABLE watch_queue (
      target_id INTEGER NOT NULL REFERENCES watch_targets (id) ON DELETE CASCADE,
      event_id  INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
      PRIMARY KEY (target_id, event_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX watch_queue_event ON watch_queue (event_id)",
)
