"""Facts of a city for datasets, also of a city that this version does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.archive.followed import registry_of

if TYPE_CHECKING:
    from scraper.archive import Archive

GERMAN_ZONE = "Europe/Berlin"
"""Of a city that nothing is known of."""


@dataclass(frozen=True, slots=True)
class City:
    """Whose releases they are."""

    name: str
    zone: str
    """IANA time zone."""
    origin: str | None = None
    newsroom: str | None = None
    """Address of the newsroom."""


def city(archive: Archive, key: str) -> City:
    """The city of a site's key; an unknown key is its own name.

    Args:
        archive: which keeps the file of a site that this version does not know.
        key: of the site.
    """
    site = registry_of(archive).known(key)
    if site is None:
        return City(key, GERMAN_ZONE)
    return City(site.name, site.zone, site.origin, site.origin + site.newsroom_path)
