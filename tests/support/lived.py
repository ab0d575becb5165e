"""An archive in which something has happened: pictures, an edit, a disappearance, a return."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from unittest import mock

from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from tests.support.replica import crawl

DAY = timedelta(days=1)


def lived(directory: Path, articles: int = 4) -> Path:
    """Fill a directory with the crawls of a replica over some days; returns it."""
    cache = {"XDG_CACHE_HOME": str(directory.with_name(directory.name + "-cache"))}
    with (
        mock.patch.dict(os.environ, cache),
        ReplicaServer(Newsroom(articles), navigation_bytes=200) as server,
    ):
        crawl(directory, server.base_url, images=True)
        server.edit(1, text="Der Termin ist verlegt: Er beginnt um 18 Uhr.")
        server.delete(2)
        server.delete(3)
        for day in (1, 2):  # the first time a page is only missing
            crawl(directory, server.base_url, after=day * DAY, full=True)
        server.restore(3)
        crawl(directory, server.base_url, after=3 * DAY, full=True, images=True)
    return directory
