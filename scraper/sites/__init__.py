"""The cities, one small file of facts each."""

from __future__ import annotations

from scraper.errors import UsageError
from scraper.sites.base import Layout, Site
from scraper.sites.dortmund import DORTMUND

__all__ = ["SITES", "Layout", "Site", "get_site"]

SITES: dict[str, Site] = {site.key: site for site in (DORTMUND,)}


def get_site(key: str) -> Site:
    """The site of that key.

    Raises:
        UsageError: no such site; the message names those there are.
    """
    try:
        return SITES[key]
    except KeyError:
        known = ", ".join(sorted(SITES))
        message = f"There is no site called {key!r}. The sites this version knows: {known}."
        raise UsageError(message) from None
