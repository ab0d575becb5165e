"""The tables, as numbered versions of commented SQL; `upgrade` applies them.

Times of the archive itself (`first_seen`, `fetched_at` …) are ISO 8601 in UTC; times the city
states (`published`, `modified`) carry the offset of its own time zone. JSON columns hold what the
records of `scraper.records` hold under the same name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive import (
    chain_schema,
    cities_schema,
    copies_schema,
    evidence_schema,
    fields_schema,
    forget_schema,
    provenance_schema,
    runs_schema,
    search_schema,
    watch_schema,
    words_schema,
)

if TYPE_CHECKING:
    import sqlite3

APPLICATION_ID = 0x4E455753
"""`PRAGMA application_id` of an archive: "NEWS"."""

_V1 = (
    """
    -- One response, as received. Written before anything reads it.
    CREATE TABLE captures (
      id          INTEGER PRIMARY KEY,
      url         TEXT NOT NULL,              -- canonical URL that answered
      fetched_at  TEXT NOT NULL,
      status      INTEGER NOT NULL,           -- HTTP status
      headers     TEXT NOT NULL,              -- JSON array of [name, value]
      body        BLOB NOT NULL,              -- gzip of the content, charset untouched
      sha256      TEXT NOT NULL,              -- of the content before gzip
      size        INTEGER NOT NULL,           -- bytes of the content before gzip
      error       TEXT                        -- why it could not be parsed; NULL if it could
    ) STRICT
    """,
    "CREATE INDEX captures_url ON captures (url)",
    """
    -- One release as last seen; earlier versions are in `revisions`.
    CREATE TABLE articles (
      id            INTEGER PRIMARY KEY,
      url           TEXT NOT NULL UNIQUE,     -- canonical, percent-encoded
      site          TEXT NOT NULL,
      content_id    TEXT,
      page_id       TEXT,
      title         TEXT NOT NULL,
      kicker        TEXT,
      lead          TEXT,
      description   TEXT,
      published     TEXT,                     -- ISO 8601, date-time with offset or date
      published_raw TEXT,
      modified      TEXT,
      sections      TEXT NOT NULL,            -- JSON
      text          TEXT NOT NULL,
      district      TEXT,
      related       TEXT NOT NULL,            -- JSON
      word_count    INTEGER NOT NULL,
      first_seen    TEXT NOT NULL,
      last_seen     TEXT NOT NULL,            -- last time it was listed or fetched
      gone_at       TEXT,                     -- when it was found to have disappeared
      fingerprint   TEXT NOT NULL,
      parser        TEXT NOT NULL,            -- version that made this row
      capture_id    INTEGER REFERENCES captures (id)
    ) STRICT
    """,
    "CREATE INDEX articles_published ON articles (published)",
    "CREATE INDEX articles_content_id ON articles (site, content_id)",
    """
    CREATE TABLE images (
      article_id   INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
      position     INTEGER NOT NULL,
      src          TEXT NOT NULL,
      alt          TEXT,
      caption      TEXT,
      credit       TEXT,
      credit_parts TEXT NOT NULL,             -- JSON
      role         TEXT NOT NULL,             -- lead | body | portrait
      width        INTEGER,
      height       INTEGER,
      PRIMARY KEY (article_id, position)
    ) STRICT
    """,
    """
    CREATE TABLE quotes (
      id           INTEGER PRIMARY KEY,
      article_id   INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
      position     INTEGER NOT NULL,
      text         TEXT NOT NULL,
      speaker      TEXT,
      role         TEXT,
      kind         TEXT NOT NULL,             -- prose | block | indirect: nobody's own words
      start_offset INTEGER,                   -- into articles.text, in characters
      end_offset   INTEGER,
      UNIQUE (article_id, position)
    ) STRICT
    """,
    "CREATE INDEX quotes_speaker ON quotes (speaker)",
    """
    CREATE TABLE tags (
      article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
      position   INTEGER NOT NULL,
      tag        TEXT NOT NULL,
      PRIMARY KEY (article_id, position)
    ) STRICT
    """,
    "CREATE INDEX tags_tag ON tags (tag)",
    """
    CREATE TABLE links (
      article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
      position   INTEGER NOT NULL,
      url        TEXT NOT NULL,
      text       TEXT NOT NULL,
      kind       TEXT NOT NULL,               -- internal | external | download
      PRIMARY KEY (article_id, position)
    ) STRICT
    """,
    """
    CREATE TABLE videos (
      article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
      position   INTEGER NOT NULL,
      url        TEXT NOT NULL,
      title      TEXT,
      caption    TEXT,
      PRIMARY KEY (article_id, position)
    ) STRICT
    """,
    """
    -- Every version of a release, whole. The highest number is what `articles` shows.
    CREATE TABLE revisions (
      id          INTEGER PRIMARY KEY,
      article_id  INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
      number      INTEGER NOT NULL,           -- 1, 2, 3 …
      first_seen  TEXT NOT NULL,
      last_seen   TEXT NOT NULL,              -- last fetch that found this version
      parser      TEXT NOT NULL,              -- version that made `record` of the page
      fingerprint TEXT NOT NULL,
      record      TEXT NOT NULL,              -- JSON of the whole record
      capture_id  INTEGER REFERENCES captures (id),
      UNIQUE (article_id, number)
    ) STRICT
    """,
    """
    -- What happened to a release, in order.
    CREATE TABLE events (
      id         INTEGER PRIMARY KEY,
      article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
      at         TEXT NOT NULL,
      kind       TEXT NOT NULL,               -- new changed moved gone withdrawn back reparsed
      detail     TEXT                         -- moved: the address before; reparsed: fields
    ) STRICT
    """,
    "CREATE INDEX events_article ON events (article_id)",
    """
    -- The crawl's own memory: every address ever listed, and how its checks went.
    CREATE TABLE candidates (
      url           TEXT PRIMARY KEY,
      site          TEXT NOT NULL,
      original      TEXT NOT NULL,            -- as the listing spelled it
      source        TEXT NOT NULL,            -- search | listing | teaser | sitemap
      published     TEXT,                     -- day, according to listing or page
      district      TEXT,                     -- according to the listing
      first_listed  TEXT NOT NULL,
      last_checked  TEXT,                     -- last fetch that got an answer
      missing_since TEXT,                     -- first 404 in a row
      failures      INTEGER NOT NULL DEFAULT 0,  -- failed checks in a row
      error         TEXT,                     -- of the last check
      alias_of      TEXT,                     -- canonical URL of the page it leads to, if another
      article_id    INTEGER REFERENCES articles (id) ON DELETE SET NULL
    ) STRICT
    """,
    "CREATE INDEX candidates_article ON candidates (article_id)",
    """
    -- One row per crawl; a row without `finished_at` is a crawl at work, or one that was killed.
    CREATE TABLE runs (
      id          INTEGER PRIMARY KEY,
      site        TEXT NOT NULL,
      source      TEXT NOT NULL,              -- live, demo, (demo-)import; a mirror's address
      version     TEXT NOT NULL,
      process     INTEGER NOT NULL,
      started_at  TEXT NOT NULL,
      finished_at TEXT,
      exit_code   INTEGER,
      found       INTEGER, new INTEGER, changed INTEGER, unchanged INTEGER,
      moved       INTEGER, gone INTEGER, failed INTEGER,
      requests    INTEGER, retries INTEGER,
      seconds     REAL,
      warnings    TEXT,                       -- JSON
      failures    TEXT                        -- JSON array of [url, reason]
    ) STRICT
    """,
    """
    CREATE VIRTUAL TABLE articles_fts USING fts5 (
      title, kicker, text,
      content='articles', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
      INSERT INTO articles_fts (rowid, title, kicker, text)
      VALUES (new.id, new.title, new.kicker, new.text);
    END
    """,
    """
    CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
      INSERT INTO articles_fts (articles_fts, rowid, title, kicker, text)
      VALUES ('delete', old.id, old.title, old.kicker, old.text);
    END
    """,
    """
    CREATE TRIGGER articles_fts_update AFTER UPDATE OF title, kicker, text ON articles BEGIN
      INSERT INTO articles_fts (articles_fts, rowid, title, kicker, text)
      VALUES ('delete', old.id, old.title, old.kicker, old.text);
      INSERT INTO articles_fts (rowid, title, kicker, text)
      VALUES (new.id, new.title, new.kicker, new.text);
    END
    """,
)


# For looking around in large archives: what pages count, without reading the texts.
_V4 = (
    "CREATE INDEX articles_listed ON articles (published, kicker, district)",
    "CREATE INDEX articles_gone ON articles (gone_at) WHERE gone_at IS NOT NULL",
    "CREATE INDEX events_kind ON events (kind, at)",
    "CREATE INDEX quotes_said ON quotes (speaker, article_id) WHERE speaker IS NOT NULL",
)

_V5 = (
    """
    -- Contents that took more time or memory to read than a page may take.
    CREATE TABLE over_budget (
      sha256      TEXT PRIMARY KEY,           -- of the content, content coding removed
      url         TEXT NOT NULL,              -- where it was met last
      tries       INTEGER NOT NULL,           -- never more than three
      reason      TEXT NOT NULL,
      last_tried  TEXT NOT NULL
    ) STRICT
    """,
)

_V6 = (
    """
    -- Hosts that have asked to be left alone (Retry-After): nothing is asked of them until then.
    CREATE TABLE host_pauses (
      host  TEXT PRIMARY KEY,                 -- with its port, if that is not the scheme's
      until TEXT NOT NULL
    ) STRICT
    """,
)

# Sentences of indirect speech stand among the quotations, and are counted apart from them.
_V7 = (
    "DROP INDEX IF EXISTS quotes_said",
    "CREATE INDEX quotes_said ON quotes (speaker, article_id, kind) WHERE speaker IS NOT NULL",
    "CREATE INDEX quotes_kind ON quotes (article_id, kind)",
    *search_schema.COUNTED_APART,
)

_V8 = (
    """
    -- The newsrooms of this archive, each with the file of facts that was used last.
    CREATE TABLE sites (
      key            TEXT PRIMARY KEY,
      name           TEXT NOT NULL,
      file           TEXT NOT NULL,           -- TOML; empty if it was not kept
      complete       INTEGER,                 -- whether a source names all; NULL: not known
      followed_since TEXT NOT NULL,
      dropped_at     TEXT                     -- not followed any more since then
    ) STRICT
    """,
    """
    INSERT INTO sites (key, name, file, followed_since)
    SELECT site, site, '', min(started_at) FROM runs GROUP BY site
    """,
    # Where a release is to be had if not at its own address; and JSON of what the listing said.
    "ALTER TABLE candidates ADD COLUMN fetch_url TEXT",
    "ALTER TABLE candidates ADD COLUMN listed TEXT",
)

VERSIONS = {
    "0001_first": (f"PRAGMA application_id = {APPLICATION_ID}", *_V1),
    "0002_search": search_schema.STATEMENTS,
    "0003_evidence": evidence_schema.STATEMENTS,
    "0004_browse": _V4,
    "0005_over_budget": _V5,
    "0006_host_pauses": _V6,
    "0007_indirect_speech": _V7,
    "0008_sites": _V8,
    "0009_fields": fields_schema.STATEMENTS,
    "0010_many": runs_schema.STATEMENTS,
    "0011_sites_index": cities_schema.STATEMENTS,
    "0012_copies": copies_schema.STATEMENTS,
    "0013_watches": watch_schema.STATEMENTS,
    "0013_words": words_schema.STATEMENTS,
    "0014_chain": chain_schema.STATEMENTS,
    "0015_provenance": provenance_schema.STATEMENTS,
    "0016_tombstones": forget_schema.STATEMENTS,
    "0018_sketches": copies_schema.SKETCHES,
    "0019_lookups": (*runs_schema.OPEN, *chain_schema.BY_LINK),
}
"""Name of each version, in order, and the statements that make it out of the one before."""

SCHEMA_VERSION = len(VERSIONS)
"""`PRAGMA user_version` after all of them."""


def has_tables(db: sqlite3.Connection) -> bool:
    """Whether a database has any table at all."""
    sql = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table')"
    return bool(db.execute(sql).fetchone()[0])
