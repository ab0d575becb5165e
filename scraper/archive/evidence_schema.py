"""Migration 3: raw pages in WARC files, checks that know when they are due, runs that are logged.

Commented SQL, run by `schema` with foreign keys off, as SQLite asks where a table is made anew.
"""

from __future__ import annotations

STATEMENTS = (
    """
    -- One response, as received. On disk before anything reads it.
    CREATE TABLE captures_3 (
      id          INTEGER PRIMARY KEY,
      url         TEXT NOT NULL,              -- canonical URL that answered
      fetched_at  TEXT NOT NULL,
      status      INTEGER NOT NULL,           -- HTTP status
      headers     TEXT NOT NULL,              -- JSON array of [name, value]
      sha256      TEXT NOT NULL,              -- of the content, content coding removed
      size        INTEGER NOT NULL,           -- bytes of the content
      error       TEXT,                       -- why it could not be parsed; NULL if it could
      digest      TEXT,                       -- WARC-Payload-Digest: of the body as received
      warc_file   TEXT,                       -- name in the directory `warc`
      warc_offset INTEGER,                    -- of the record's first byte
      warc_length INTEGER,                    -- of the record, in bytes
      refers_to   INTEGER REFERENCES captures (id),  -- a revisit: who holds the same body
      body        BLOB                        -- gzip of the content, where there is no WARC record
    ) STRICT
    """,
    """
    INSERT INTO captures_3 (id, url, fetched_at, status, headers, sha256, size, error, body)
    SELECT id, url, fetched_at, status, headers, sha256, size, error, body FROM captures
    """,
    "DROP TABLE captures",
    "ALTER TABLE captures_3 RENAME TO captures",
    "CREATE INDEX captures_url ON captures (url)",
    "CREATE INDEX captures_digest ON captures (digest)",
    "CREATE INDEX captures_file ON captures (warc_file, warc_offset)",
    "CREATE INDEX captures_refers_to ON captures (refers_to) WHERE refers_to IS NOT NULL",
    # What happened, and the response that shows it.
    "ALTER TABLE events ADD COLUMN capture_id INTEGER REFERENCES captures (id)",
    # SQLite looks these up whenever a capture is dropped.
    "CREATE INDEX events_capture ON events (capture_id) WHERE capture_id IS NOT NULL",
    "CREATE INDEX articles_capture ON articles (capture_id)",
    "CREATE INDEX revisions_capture ON revisions (capture_id)",
    """
    -- Pictures of releases, kept with `--images`: the largest rendition, once each.
    CREATE TABLE pictures (
      src        TEXT PRIMARY KEY,            -- images.src
      site       TEXT NOT NULL,
      capture_id INTEGER REFERENCES captures (id),  -- NULL: it could not be had
      tried_at   TEXT NOT NULL,
      failures   INTEGER NOT NULL DEFAULT 0,  -- in a row
      error      TEXT
    ) STRICT
    """,
    "CREATE INDEX pictures_capture ON pictures (capture_id)",
    "CREATE INDEX images_src ON images (src)",
    # When an address is due; what the server gave to ask with whether the page has changed.
    "ALTER TABLE candidates ADD COLUMN next_check TEXT",
    "ALTER TABLE candidates ADD COLUMN last_changed TEXT",
    "ALTER TABLE candidates ADD COLUMN listed_in INTEGER",  # runs.id: the last that listed it
    "ALTER TABLE candidates ADD COLUMN tried_in INTEGER",  # runs.id: the last that fetched it
    "ALTER TABLE candidates ADD COLUMN etag TEXT",
    "ALTER TABLE candidates ADD COLUMN last_modified TEXT",
    # Checks in a row that the server answered with 304, and we believed.
    "ALTER TABLE candidates ADD COLUMN not_modified INTEGER NOT NULL DEFAULT 0",
    # Everything is due once; from then on each check says when the next one is.
    "UPDATE candidates SET next_check = first_listed",
    "CREATE INDEX candidates_due ON candidates (site, next_check)",
    "CREATE INDEX candidates_listed ON candidates (site, listed_in)",
    # The lease: which machine, and when the run was last seen at work.
    "ALTER TABLE runs ADD COLUMN host TEXT",
    "ALTER TABLE runs ADD COLUMN seen_at TEXT",
    # `complete`: every listing was walked to its end; `newest`: as far as what was known.
    "ALTER TABLE runs ADD COLUMN listing TEXT",
    "ALTER TABLE runs ADD COLUMN listing_since TEXT",
    "ALTER TABLE runs ADD COLUMN missing INTEGER",
    "ALTER TABLE runs ADD COLUMN not_modified INTEGER",
    "ALTER TABLE runs ADD COLUMN unparsable INTEGER",
    "ALTER TABLE runs ADD COLUMN pictures INTEGER",
    "ALTER TABLE runs ADD COLUMN findings TEXT",  # JSON: what looks unhealthy
)
