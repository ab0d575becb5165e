"""Migration 9: the fields that stood in records only, as columns; attached files, as tables.

Commented SQL, run by `schema`. What is new is filled from the newest record of each release; a
damaged record leaves its columns empty.
"""

from __future__ import annotations

from scraper.archive import search_schema

_NEWEST = """
SELECT r.article_id, r.record FROM revisions r
WHERE json_valid(r.record) AND r.number =
  (SELECT max(number) FROM revisions n WHERE n.article_id = r.article_id)
"""

_TAKEN = ("subtitle", "issuer", "contact", "language", "layout")

STATEMENTS = (
    "ALTER TABLE articles ADD COLUMN subtitle TEXT",
    "ALTER TABLE articles ADD COLUMN issuer TEXT",  # who publishes it, if not always the same
    "ALTER TABLE articles ADD COLUMN contact TEXT",
    "ALTER TABLE articles ADD COLUMN published_precision TEXT",  # minute | day
    "ALTER TABLE articles ADD COLUMN language TEXT",  # BCP 47
    "ALTER TABLE articles ADD COLUMN layout TEXT",  # by which the page was read
    "ALTER TABLE articles ADD COLUMN corrects TEXT",  # articles.url of the release it corrects
    # For programs that know no offsets: 2026-03-01T11:05:00Z, of what has a time of day.
    """
    ALTER TABLE articles ADD COLUMN published_utc TEXT GENERATED ALWAYS AS (
      CASE WHEN published GLOB '[0-9][0-9][0-9][0-9]-*T*'
           THEN strftime('%Y-%m-%dT%H:%M:%SZ', published) END
    ) VIRTUAL
    """,
    # The day in the city's own calendar.
    """
    ALTER TABLE articles ADD COLUMN published_date TEXT GENERATED ALWAYS AS (
      substr(published, 1, 10)
    ) VIRTUAL
    """,
    "CREATE INDEX articles_corrects ON articles (corrects) WHERE corrects IS NOT NULL",
    """
    -- Files that a release has for download; what is in a file, once it was fetched.
    CREATE TABLE attachments (
      id         INTEGER PRIMARY KEY,
      article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
      position   INTEGER NOT NULL,
      url        TEXT NOT NULL,
      title      TEXT,                        -- what the page calls it
      media_type TEXT,                        -- told by the address until the file was fetched
      size       INTEGER,                     -- bytes
      sha256     TEXT,                        -- of the file
      text       TEXT,                        -- its pages, joined by blank lines
      pages      INTEGER,
      page_starts TEXT,                       -- JSON: where in the text each page begins
      reason     TEXT,                        -- why there is no text, or no file
      is_twin    INTEGER NOT NULL DEFAULT 0,  -- 1: it says what the release says
      capture_id INTEGER REFERENCES captures (id),  -- the file itself
      UNIQUE (article_id, position)
    ) STRICT
    """,
    "CREATE INDEX attachments_url ON attachments (url)",
    "CREATE INDEX attachments_capture ON attachments (capture_id) WHERE capture_id IS NOT NULL",
    """
    -- How fetching each attached file went, once for all releases that have it.
    CREATE TABLE files (
      url           TEXT PRIMARY KEY,         -- attachments.url
      site          TEXT NOT NULL,
      tried_at      TEXT NOT NULL,
      next_check    TEXT NOT NULL,
      failures      INTEGER NOT NULL DEFAULT 0,  -- in a row
      error         TEXT,
      etag          TEXT,                     -- what the server gave to ask with
      last_modified TEXT
    ) STRICT
    """,
    """
    -- What was found at the address of an attached file, one row for each content in a row.
    CREATE TABLE file_versions (
      id         INTEGER PRIMARY KEY,
      url        TEXT NOT NULL,
      capture_id INTEGER NOT NULL REFERENCES captures (id),
      first_seen TEXT NOT NULL,
      last_seen  TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX file_versions_url ON file_versions (url, id)",
    "CREATE INDEX file_versions_capture ON file_versions (capture_id)",
    *search_schema.FILES,
    "ALTER TABLE runs ADD COLUMN attachments INTEGER",
    f"""
    UPDATE articles SET ({", ".join(_TAKEN)}, published_precision) = (
      SELECT {", ".join(f"CAST(json_extract(n.record, '$.{name}') AS TEXT)" for name in _TAKEN)},
        CASE WHEN published IS NULL THEN NULL
             WHEN length(published) > 10 THEN 'minute' ELSE 'day' END
      FROM ({_NEWEST}) n WHERE n.article_id = articles.id
    )
    """,
    f"""
    INSERT INTO attachments (article_id, position, url, title, media_type)
    SELECT n.article_id, f.key, json_extract(f.value, '$.url'),
      CAST(json_extract(f.value, '$.title') AS TEXT),
      CAST(json_extract(f.value, '$.media_type') AS TEXT)
    FROM ({_NEWEST}) n, json_each(n.record, '$.attachments') f
    WHERE f.type = 'object' AND typeof(f.key) = 'integer'
      AND typeof(json_extract(f.value, '$.url')) = 'text'
      AND n.article_id IN (SELECT id FROM articles)
    """,
)
