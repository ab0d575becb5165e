"""The sources of a site: for each method, what to ask for first and how to read the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.discovery.chain import chain_steps
from scraper.discovery.elasticsearch import search_steps
from scraper.discovery.feed import feed_steps
from scraper.discovery.json_listing import attribute_steps, json_steps
from scraper.discovery.listing import listing_steps
from scraper.discovery.sitemap import source_sitemap_steps
from scraper.discovery.walk import Walk, is_paged, period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from scraper.discovery.step import Step
    from scraper.sites import Site, Source

_STEPS: dict[str, Callable[[Walk], tuple[Step, ...]]] = {
    "feed": feed_steps,
    "listing": listing_steps,
    "json": json_steps,
    "json_in_attribute": attribute_steps,
    "chain": chain_steps,
    "elasticsearch": lambda walk: search_steps(walk.site, walk.since, walk.source),
}


def source_steps(
    site: Site,
    source: Source,
    today: date,
    since: date | None = None,
    named_sitemaps: Iterable[str] = (),
) -> tuple[Step, ...]:
    """The first steps of a walk through a source.

    Args:
        site: whose source.
        source: one of the site's.
        today: the present day in the city; lists by year or month begin there.
        since: what was published before this day may be left out.
        named_sitemaps: addresses of sitemaps that robots.txt names.
    """
    if source.method == "sitemap":
        return source_sitemap_steps(site, source, named_sitemaps, since)
    return _STEPS[source.method](Walk(site, source, today, since))


def is_walk(source: Source) -> bool:
    """Whether a source can be followed page by page, or back in time, until nothing is new."""
    if not source.newest_first:
        return False
    is_followed = is_paged(source) or period(source) is not None
    return source.method in {"elasticsearch", "chain"} or is_followed


def shows_newest(source: Source) -> bool:
    """Whether the first answer of a source names the newest releases."""
    return source.newest_first and source.method != "sitemap"
