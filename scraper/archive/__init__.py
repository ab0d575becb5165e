"""The SQLite archive: `schema` says what is in it, `store` writes, `read` and `search` answer."""

from scraper.archive.connection import Archive
from scraper.archive.evidence import Digests, Evidence, Kept
from scraper.archive.frontier import Frontier, Pending, Validators
from scraper.archive.runs import begin_run, crawl_lock, end_run
from scraper.archive.store import Store

__all__ = [
    "Archive",
    "Digests",
    "Evidence",
    "Frontier",
    "Kept",
    "Pending",
    "Store",
    "Validators",
    "begin_run",
    "crawl_lock",
    "end_run",
]
