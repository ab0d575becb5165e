"""Indexes of the table of runs, which grows with each crawl of each of many newsrooms."""

STATEMENTS = (
    "CREATE INDEX runs_site ON runs (site, id)",
    "CREATE INDEX runs_source ON runs (source)",
)
