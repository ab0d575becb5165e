"""The SQLite archive: `schema` says what is in it, `store` writes, `read` and `search` answer."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_MODULES = {
    "connection": ("Archive",),
    "evidence": ("Digests", "Evidence", "Kept"),
    "frontier": ("Frontier", "Pending", "Validators"),
    "runs": ("begin_run", "crawl_lock", "end_run"),
    "store": ("Store",),
}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used: a search needs neither WARC files nor locks."""
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
