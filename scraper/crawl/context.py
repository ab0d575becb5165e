"""What all parts of one crawl share, made once and passed on as one argument."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scraper.archive import Archive, Evidence, Frontier
    from scraper.crawl.options import CrawlOptions
    from scraper.crawl.report import RunReport
    from scraper.crawl.stoppable import StoppableClient
    from scraper.extract.reading import PageReader
    from scraper.sites import Site


@dataclass(frozen=True, slots=True)
class Run:
    """One run over one site, for everything that does a part of it."""

    site: Site
    client: StoppableClient
    """Fetches."""
    archive: Archive
    """Stores."""
    frontier: Frontier
    """What was listed, and what is due."""
    evidence: Evidence
    """Keeps the raw pages."""
    reader: PageReader
    """Reads them, in a worker process."""
    options: CrawlOptions
    """What is asked for."""
    report: RunReport
    """Is counted up."""
    started: datetime
    """When the run began, with time zone."""
    now: Callable[[], datetime]
    """The present, with time zone."""
    stop: Callable[[], bool]
    """Says whether the run is to end."""
