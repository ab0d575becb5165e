"""What all parts of one run share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scraper.archive import Archive, Evidence, Frontier
    from scraper.crawl.options import CrawlOptions
    from scraper.crawl.report import RunReport
    from scraper.extract.worker import Reader
    from scraper.fetch import Client
    from scraper.sites import Site


@dataclass(frozen=True, slots=True)
class Run:
    """One run over one site: passed to whoever does a part of it."""

    site: Site
    client: Client
    """Fetches."""
    archive: Archive
    """Stores."""
    frontier: Frontier
    """What was listed, and what is due."""
    evidence: Evidence
    """Keeps the raw pages."""
    reader: Reader
    """Reads them."""
    options: CrawlOptions
    """What is asked for."""
    report: RunReport
    """Is counted up."""
    started: datetime
    """When the run began, with time zone."""
    now: Callable[[], datetime]
    """The present, with time zone."""
