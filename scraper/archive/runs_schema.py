"""Indexes of the table of runs, which grows with each crawl of each of many newsrooms."""

STATEMENTS = (
    "CREATE INDEX runs_site ON runs (site, id)",
    "CREATE INDEX runs_source ON runs (source)",
)

OPEN = (
    # The few without an end are looked for at the beginning of each crawl.
    "CREATE INDEX runs_open ON runs (id) WHERE finished_at IS NULL",
)
"""Since version 19."""
