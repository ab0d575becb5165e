"""Migration 2: what searching needs, and views for people, made anew by migration 7.

Commented SQL, run by `schema`.

Python writes the stems (see `search.german`); triggers, which every SQLite tool runs, keep the
full-text indexes equal to them and note every article or quotation whose stems are due.
So another tool may change the archive: its rows are stemmed at the next opening for writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES = (
    "DROP TRIGGER articles_fts_insert",
    "DROP TRIGGER articles_fts_delete",
    "DROP TRIGGER articles_fts_update",
    "DROP TABLE articles_fts",
    """
    -- Facts about the archive itself: `stems` says which recipe and stemmer made the stems.
    CREATE TABLE settings (
      name  TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT
    """,
    """
    -- The words of each article as stems: no case, no accents, `ä` = `ae` = `a`, `ß` = `ss`.
    CREATE TABLE article_stems (
      id        INTEGER PRIMARY KEY,          -- articles.id
      title     TEXT NOT NULL,
      kicker    TEXT NOT NULL,
      lead      TEXT NOT NULL,
      body      TEXT NOT NULL,                -- the text without the lead
      title_key TEXT NOT NULL                 -- the title as folded words, not stemmed
    ) STRICT
    """,
    "CREATE INDEX article_stems_title_key ON article_stems (title_key)",
    """
    -- What is looked up in queries: `articles_fts MATCH 'schul'`, and `schul*` for longer words.
    CREATE VIRTUAL TABLE articles_fts USING fts5 (
      title, kicker, lead, body,
      content='article_stems', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    )
    """,
    # A word in the headline says more about a release than one in its text.
    "INSERT INTO articles_fts (articles_fts, rank) VALUES ('rank', 'bm25(10.0, 4.0, 3.0, 1.0)')",
    """
    -- Every stem long enough to be a compound, once.
    CREATE TABLE compounds (
      id   INTEGER PRIMARY KEY,
      stem TEXT NOT NULL UNIQUE
    ) STRICT
    """,
    """
    -- Finds the compounds that have a word in them: `stem LIKE '%schul%'`.
    CREATE VIRTUAL TABLE compounds_fts USING fts5 (
      stem, content='compounds', content_rowid='id', tokenize='trigram', detail=none, columnsize=0
    )
    """,
    """
    -- The same for quotations.
    CREATE TABLE quote_stems (
      id          INTEGER PRIMARY KEY,        -- quotes.id
      article_id  INTEGER NOT NULL,
      words       TEXT NOT NULL,              -- what was said
      who         TEXT NOT NULL,              -- speaker and role
      speaker_key TEXT NOT NULL               -- speaker without case and accents
    ) STRICT
    """,
    "CREATE INDEX quote_stems_article ON quote_stems (article_id)",
    """
    CREATE VIRTUAL TABLE quotes_fts USING fts5 (
      words, who,
      content='quote_stems', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    )
    """,
    """
    -- Rows whose stems are due. Empty, unless another tool wrote into the archive.
    CREATE TABLE unstemmed (
      kind TEXT NOT NULL,                     -- article | quote | attachment
      id   INTEGER NOT NULL,
      PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX articles_district ON articles (district)",
)

_NOTING = (
    """
    CREATE TRIGGER articles_added AFTER INSERT ON articles BEGIN
      INSERT OR IGNORE INTO unstemmed VALUES ('article', new.id);
    END
    """,
    """
    CREATE TRIGGER articles_edited AFTER UPDATE OF id, title, kicker, lead, text ON articles BEGIN
      DELETE FROM article_stems WHERE id = old.id AND old.id <> new.id;
      INSERT OR IGNORE INTO unstemmed VALUES ('article', new.id);
    END
    """,
    """
    CREATE TRIGGER articles_removed AFTER DELETE ON articles BEGIN
      DELETE FROM article_stems WHERE id = old.id;
      DELETE FROM unstemmed WHERE kind = 'article' AND id = old.id;
    END
    """,
    """
    CREATE TRIGGER quotes_added AFTER INSERT ON quotes BEGIN
      INSERT OR IGNORE INTO unstemmed VALUES ('quote', new.id);
    END
    """,
    """
    CREATE TRIGGER quotes_edited AFTER UPDATE OF id, article_id, text, speaker, role ON quotes BEGIN
      DELETE FROM quote_stems WHERE id = old.id AND old.id <> new.id;
      INSERT OR IGNORE INTO unstemmed VALUES ('quote', new.id);
    END
    """,
    """
    CREATE TRIGGER quotes_removed AFTER DELETE ON quotes BEGIN
      DELETE FROM quote_stems WHERE id = old.id;
      DELETE FROM unstemmed WHERE kind = 'quote' AND id = old.id;
    END
    """,
)
_NOTING_FILES = (
    """
    CREATE TRIGGER attachments_added AFTER INSERT ON attachments BEGIN
      INSERT OR IGNORE INTO unstemmed VALUES ('attachment', new.id);
    END
    """,
    """
    CREATE TRIGGER attachments_edited AFTER UPDATE OF id, article_id, text, is_twin ON attachments
    BEGIN
      DELETE FROM attachment_stems WHERE id = old.id AND old.id <> new.id;
      INSERT OR IGNORE INTO unstemmed VALUES ('attachment', new.id);
    END
    """,
    """
    CREATE TRIGGER attachments_removed AFTER DELETE ON attachments BEGIN
      DELETE FROM attachment_stems WHERE id = old.id;
      DELETE FROM unstemmed WHERE kind = 'attachment' AND id = old.id;
    END
    """,
)
NOTING = (*_NOTING, *_NOTING_FILES)
"""Triggers that note whose stems are due."""

_INDEXED = {
    "article_stems": ("articles_fts", ("title", "kicker", "lead", "body")),
    "compounds": ("compounds_fts", ("stem",)),
    "quote_stems": ("quotes_fts", ("words", "who")),
}
_INDEXED_FILES = {"attachment_stems": ("attachments_fts", ("words",))}
INDEXES = {source: index for source, (index, _columns) in (_INDEXED | _INDEXED_FILES).items()}
"""Full-text index of each table of stems."""


def _following(source: str, index: str, columns: tuple[str, ...]) -> dict[str, str]:
    names = ", ".join(columns)
    old, new = (", ".join(f"{row}.{name}" for name in columns) for row in ("old", "new"))
    out = f"INSERT INTO {index} ({index}, rowid, {names}) VALUES ('delete', old.id, {old});"
    into = f"INSERT INTO {index} (rowid, {names}) VALUES (new.id, {new});"
    events = {"insert": into, "delete": out, "update": f"{out} {into}"}
    return {
        f"{index}_{event}": f"CREATE TRIGGER {index}_{event} AFTER {event.upper()} ON {source} "
        f"BEGIN {action} END"
        for event, action in events.items()
    }


def _following_all(indexed: Mapping[str, tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    return {
        name: sql
        for source, (index, columns) in indexed.items()
        for name, sql in _following(source, index, columns).items()
    }


FOLLOWING = _following_all(_INDEXED) | _following_all(_INDEXED_FILES)
"""Triggers that keep each full-text index equal to its table of stems, by name."""

VIEWS = (
    """
    -- Who speaks: one row per name.
    CREATE VIEW people AS
    SELECT q.speaker AS name,
           (SELECT group_concat(role, '; ') FROM
             (SELECT DISTINCT r.role FROM quotes r
              WHERE r.speaker = q.speaker AND r.role IS NOT NULL ORDER BY r.id)) AS roles,
           count(*) AS quotations,
           min(substr(a.published, 1, 10)) AS first_date,
           max(substr(a.published, 1, 10)) AS last_date
    FROM quotes q JOIN articles a ON a.id = q.article_id
    WHERE q.speaker IS NOT NULL
    GROUP BY q.speaker
    """,
    """
    CREATE VIEW articles_view AS
    SELECT a.id,
           substr(a.published, 1, 10) AS date,
           nullif(substr(a.published, 12, 5), '') AS time,
           a.kicker, a.title, a.lead, a.text, a.district,
           (SELECT group_concat(tag, '; ') FROM
             (SELECT tag FROM tags t WHERE t.article_id = a.id ORDER BY t.position)) AS tags,
           (SELECT count(*) FROM images i WHERE i.article_id = a.id) AS pictures,
           (SELECT count(*) FROM quotes q WHERE q.article_id = a.id) AS quotes,
           a.url,
           CASE WHEN a.gone_at IS NULL THEN 'yes' ELSE 'no' END AS online
    FROM articles a
    """,
    """
    CREATE VIEW images_view AS
    SELECT i.article_id, i.position, substr(a.published, 1, 10) AS date, a.title, i.role,
           i.caption, i.credit, i.alt, i.src, i.width, i.height, a.url
    FROM images i JOIN articles a ON a.id = i.article_id
    """,
    """
    -- Months of publication; articles without a date are left out.
    CREATE VIEW monthly AS
    SELECT substr(a.published, 1, 7) AS month,
           count(*) AS articles,
           sum(a.word_count) AS words,
           sum((SELECT count(*) FROM quotes q WHERE q.article_id = a.id)) AS quotes,
           sum((SELECT count(*) FROM images i WHERE i.article_id = a.id)) AS images
    FROM articles a
    WHERE a.published IS NOT NULL
    GROUP BY month
    """,
)

COUNTED_APART = (
    "DROP VIEW IF EXISTS people",
    """
    -- Who speaks: one row per name.
    CREATE VIEW people AS
    SELECT q.speaker AS name,
           (SELECT group_concat(role, '; ') FROM
             (SELECT DISTINCT r.role FROM quotes r
              WHERE r.speaker = q.speaker AND r.role IS NOT NULL ORDER BY r.id)) AS roles,
           sum(q.kind <> 'indirect') AS quotations,        -- word for word
           sum(q.kind = 'indirect') AS indirect,           -- sentences of indirect speech
           min(substr(a.published, 1, 10)) AS first_date,
           max(substr(a.published, 1, 10)) AS last_date
    FROM quotes q JOIN articles a ON a.id = q.article_id
    WHERE q.speaker IS NOT NULL
    GROUP BY q.speaker
    """,
    "DROP VIEW IF EXISTS articles_view",
    """
    -- `quotes` are those word for word.
    CREATE VIEW articles_view AS
    SELECT a.id,
           substr(a.published, 1, 10) AS date,
           nullif(substr(a.published, 12, 5), '') AS time,
           a.kicker, a.title, a.lead, a.text, a.district,
           (SELECT group_concat(tag, '; ') FROM
             (SELECT tag FROM tags t WHERE t.article_id = a.id ORDER BY t.position)) AS tags,
           (SELECT count(*) FROM images i WHERE i.article_id = a.id) AS pictures,
           (SELECT count(*) FROM quotes q
            WHERE q.article_id = a.id AND q.kind <> 'indirect') AS quotes,
           a.url,
           CASE WHEN a.gone_at IS NULL THEN 'yes' ELSE 'no' END AS online
    FROM articles a
    """,
    "DROP VIEW IF EXISTS monthly",
    """
    -- Months of publication; articles without a date are left out. `quotes` are word for word.
    CREATE VIEW monthly AS
    SELECT substr(a.published, 1, 7) AS month,
           count(*) AS articles,
           sum(a.word_count) AS words,
           sum((SELECT count(*) FROM quotes q
                WHERE q.article_id = a.id AND q.kind <> 'indirect')) AS quotes,
           sum((SELECT count(*) FROM images i WHERE i.article_id = a.id)) AS images
    FROM articles a
    WHERE a.published IS NOT NULL
    GROUP BY month
    """,
)
"""Views since version 7: what is said word for word is counted apart from indirect speech."""

FILES = (
    """
    -- The words of each attached file as stems; none of one that says what its release says.
    CREATE TABLE attachment_stems (
      id         INTEGER PRIMARY KEY,         -- attachments.id
      words      TEXT NOT NULL,
      article_id INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE VIRTUAL TABLE attachments_fts USING fts5 (
      words,
      content='attachment_stems', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    )
    """,
    *_NOTING_FILES,
    *_following_all(_INDEXED_FILES).values(),
)
"""Since version 9: what searching in attached files needs."""

STATEMENTS = (*TABLES, *_NOTING, *_following_all(_INDEXED).values(), *VIEWS)
