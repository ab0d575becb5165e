"""Migration 11: which city a release is from, to narrow down by and to count.

Commented SQL, run by `schema`.
"""

from __future__ import annotations

SITE_NAME = "coalesce((SELECT s.name FROM sites s WHERE s.key = {site}), {site})"
"""SQL: the name of a city by its key; the key itself where the archive has no name of it."""

STATEMENTS = (
    # One city's releases, newest first; counts per city and month without reading the texts.
    "CREATE INDEX articles_site ON articles (site, published)",
    "DROP VIEW IF EXISTS people",
    """
    -- Who speaks: one row per name and city. The same name in two cities is two people here.
    CREATE VIEW people AS
    SELECT q.speaker AS name,
           (SELECT group_concat(role, '; ') FROM
             (SELECT DISTINCT r.role FROM quotes r JOIN articles b ON b.id = r.article_id
              WHERE r.speaker = q.speaker AND r.role IS NOT NULL AND b.site = a.site
              ORDER BY r.id)) AS roles,
           sum(q.kind <> 'indirect') AS quotations,        -- word for word
           sum(q.kind = 'indirect') AS indirect,           -- sentences of indirect speech
           min(substr(a.published, 1, 10)) AS first_date,
           max(substr(a.published, 1, 10)) AS last_date,
           a.site
    FROM quotes q JOIN articles a ON a.id = q.article_id
    WHERE q.speaker IS NOT NULL
    GROUP BY q.speaker, a.site
    """,
)
